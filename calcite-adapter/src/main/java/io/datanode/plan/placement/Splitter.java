package io.datanode.plan.placement;

import com.google.common.collect.ImmutableSet;
import io.datanode.plan.Plan.NotPushed;
import io.datanode.plan.filter.FilterPush;
import io.datanode.plan.filter.RelTree;
import io.datanode.schema.NodeTable;
import io.datanode.storage.Storage;
import io.datanode.storage.sql.NotPushedException;
import io.datanode.storage.sql.RowEstimate;
import io.datanode.storage.sql.StatementWriter;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelCollation;
import org.apache.calcite.rel.RelCollations;
import org.apache.calcite.rel.RelFieldCollation;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.core.AsofJoin;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.core.Sort;
import org.apache.calcite.rel.core.TableScan;
import org.apache.calcite.rel.logical.LogicalFilter;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rel.logical.LogicalSort;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlKind;
import org.jspecify.annotations.Nullable;

/**
 * Divides a query into pieces that one storage each can run whole, as large as possible, and what
 * is left for the embedded engine, which reads their rows.
 */
final class Splitter {
  private final RexBuilder rex;
  private final RowEstimate estimate;
  private final StoredTables stored;
  private final boolean wholeNodes;
  private final Set<NotPushed> notPushed = new LinkedHashSet<>();
  private final List<ShippedTable> pieces = new ArrayList<>();

  /**
   * A splitter for one query.
   *
   * @param wholeNodes true to leave everything but reading the nodes to the embedded engine
   */
  Splitter(RexBuilder rex, RowEstimate estimate, StoredTables stored, boolean wholeNodes) {
    this.rex = rex;
    this.estimate = estimate;
    this.stored = stored;
    this.wholeNodes = wholeNodes;
  }

  /** What the storages were asked and could not do. */
  List<NotPushed> notPushed() {
    return List.copyOf(notPushed);
  }

  /** The query with scans of {@link ShippedTable} in place of its pieces. */
  RelNode split(RelNode root) {
    return split(root, true);
  }

  /** A piece that the embedded engine itself computes once, before others that need its keys. */
  ShippedTable keep(RelNode rel) {
    return piece(null, rel);
  }

  private ShippedTable piece(@Nullable Storage storage, RelNode rel) {
    ShippedTable piece = new ShippedTable("datanode$shipped$" + pieces.size(), storage, rel);
    pieces.add(piece);
    return piece;
  }

  /**
   * Splits below a node.
   *
   * @param ordered true if the order of its rows is the order of the answer
   */
  private RelNode split(RelNode rel, boolean ordered) {
    if (wholeNodes) {
      return wholeNodes(rel);
    }
    Scans scans = Scans.of(rel);
    if (scans.foreign().isEmpty()) {
      return rel;
    }
    Storage storage = scans.only();
    if (storage == null || !scans.closed()) {
      return splitInputs(rel, ordered);
    }
    Sort sort = ordered ? sortBelow(rel) : null;
    if (sort != null && sort != rel) {
      // Rows lose their order when they are moved, so what is above the sort stays above.
      return splitInputs(rel, true);
    }
    if (isCrossJoin(rel)) {
      return splitInputs(rel, ordered);
    }
    NotPushedException refusal = refusal(rel, storage);
    if (refusal == null) {
      RelNode moved = piece(storage, rel).scan();
      return sort == null ? moved : LogicalSort.create(moved, sort.getCollation(), null, null);
    }
    notPushed.add(new NotPushed(refusal.expression(), refusal.getMessage()));
    if (rel instanceof Filter) {
      return splitFilter((Filter) rel, storage, ordered);
    }
    if (rel instanceof Sort && ((Sort) rel).getInput() instanceof Project) {
      RelNode swapped = projectAboveSort((Sort) rel, (Project) ((Sort) rel).getInput());
      if (swapped != null) {
        return split(swapped, ordered);
      }
    }
    return splitInputs(rel, ordered);
  }

  private RelNode wholeNodes(RelNode rel) {
    if (rel instanceof TableScan && rel.getTable().unwrap(NodeTable.class) != null) {
      Storage storage = rel.getTable().unwrap(NodeTable.class).node().storage();
      return piece(storage.embedded() ? null : storage, rel).scan();
    }
    return splitInputs(rel, false);
  }

  private RelNode splitInputs(RelNode rel, boolean ordered) {
    if (rel instanceof TableScan) {
      Storage storage = Scans.of(rel).only();
      NotPushedException refusal =
          storage == null || storage.embedded() ? null : refusal(rel, storage);
      if (refusal != null) {
        throw refusal;
      }
      return rel;
    }
    boolean keepsOrder = rel instanceof Project || rel instanceof Filter;
    return RelTree.mapSubQueries(
        RelTree.mapInputs(
            rel,
            input ->
                rel instanceof Aggregate && input instanceof Project
                    ? splitBelowConstants((Project) input)
                    : split(input, ordered && keepsOrder)),
        query -> split(query, false));
  }

  /** Constants are not moved: fractions of quantiles and separators must stay constants. */
  private RelNode splitBelowConstants(Project project) {
    List<RexNode> moved = new ArrayList<>();
    List<String> names = new ArrayList<>();
    List<Integer> places = new ArrayList<>();
    for (int i = 0; i < project.getProjects().size(); i++) {
      RexNode expression = project.getProjects().get(i);
      places.add(expression instanceof RexLiteral ? -1 : moved.size());
      if (!(expression instanceof RexLiteral)) {
        moved.add(expression);
        names.add(project.getRowType().getFieldNames().get(i));
      }
    }
    if (moved.isEmpty() || moved.size() == places.size()) {
      return split(project, false);
    }
    RelNode below =
        split(
            LogicalProject.create(
                project.getInput(), List.of(), moved, names, project.getVariablesSet()),
            false);
    List<RexNode> all = new ArrayList<>();
    for (int i = 0; i < places.size(); i++) {
      int place = places.get(i);
      all.add(place < 0 ? project.getProjects().get(i) : rex.makeInputRef(below, place));
    }
    return LogicalProject.create(below, List.of(), all, project.getRowType(), Set.of());
  }

  /** The sort that orders the rows of {@code rel}, if only projections are above it. */
  private static @Nullable Sort sortBelow(RelNode rel) {
    RelNode below = rel;
    while (below instanceof Project) {
      below = ((Project) below).getInput();
    }
    return below instanceof Sort && !((Sort) below).getCollation().getFieldCollations().isEmpty()
        ? (Sort) below
        : null;
  }

  /** True for a join that gives more rows than it reads; its sides are moved one by one. */
  private static boolean isCrossJoin(RelNode rel) {
    return rel instanceof Join
        && !(rel instanceof AsofJoin)
        && ((Join) rel).getJoinType().projectsRight()
        && RelOptUtil.conjunctions(((Join) rel).getCondition()).stream()
            .noneMatch(term -> term.isA(SqlKind.EQUALS));
  }

  private @Nullable NotPushedException refusal(RelNode rel, Storage storage) {
    try {
      new StatementWriter(storage.dialect(), stored::of).write(rel);
      return null;
    } catch (NotPushedException e) {
      return e;
    }
  }

  /** Leaves to the embedded engine only those conditions that the storage cannot say. */
  private RelNode splitFilter(Filter filter, Storage storage, boolean ordered) {
    List<RexNode> below = new ArrayList<>();
    List<RexNode> above = new ArrayList<>();
    for (RexNode term : RelOptUtil.conjunctions(filter.getCondition())) {
      boolean pushed =
          FilterPush.movable(term)
              && refusal(
                      LogicalFilter.create(filter.getInput(), FilterPush.all(rex, List.of(term))),
                      storage)
                  == null;
      (pushed ? below : above).add(term);
    }
    if (below.isEmpty() || above.isEmpty()) {
      return splitInputs(filter, ordered);
    }
    RelNode input = LogicalFilter.create(filter.getInput(), FilterPush.all(rex, below));
    return LogicalFilter.create(
        split(input, ordered),
        RelTree.mapSubQueries(FilterPush.all(rex, above), query -> split(query, false)),
        ImmutableSet.copyOf(filter.getVariablesSet()));
  }

  /** A projection over a sort, in place of a sort over a projection that its storage refuses. */
  private static @Nullable RelNode projectAboveSort(Sort sort, Project project) {
    List<RelFieldCollation> fields = new ArrayList<>();
    for (RelFieldCollation field : sort.getCollation().getFieldCollations()) {
      RexNode key = project.getProjects().get(field.getFieldIndex());
      if (!(key instanceof RexInputRef)) {
        return null;
      }
      fields.add(field.withFieldIndex(((RexInputRef) key).getIndex()));
    }
    if (project.containsOver() || project.getInput() instanceof Sort) {
      return null;
    }
    RelCollation collation = RelCollations.of(fields);
    RelNode sorted = LogicalSort.create(project.getInput(), collation, sort.offset, sort.fetch);
    return project.copy(project.getTraitSet(), List.of(sorted));
  }
}
