package io.datanode.plan.placement;

import io.datanode.plan.Plan.ParameterSource;
import io.datanode.plan.Plan.Predicate;
import io.datanode.plan.Plan.Pushed;
import io.datanode.plan.filter.FilterPush;
import io.datanode.plan.filter.KeysPredicate;
import io.datanode.plan.time.RangeFinder;
import io.datanode.plan.time.TimeRange;
import io.datanode.schema.NodeColumn;
import io.datanode.schema.NodeTable;
import io.datanode.schema.ResolvedNode;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.core.AsofJoin;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.core.Sort;
import org.apache.calcite.rel.core.TableScan;
import org.apache.calcite.rel.core.Uncollect;
import org.apache.calcite.rel.core.Union;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexDynamicParam;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexSubQuery;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.schema.Table;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.jspecify.annotations.Nullable;

/** Every condition of a query that is one on a single node, and how much of it a storage checks. */
final class NodeConditions {
  private final RangeFinder finder;
  private final List<ParameterSource> sources;
  private final ZoneId zone;
  private final List<Condition> conditions = new ArrayList<>();
  private final Map<TableScan, ResolvedNode> scans = new LinkedHashMap<>();

  private NodeConditions(RangeFinder finder, List<ParameterSource> sources, ZoneId zone) {
    this.finder = finder;
    this.sources = sources;
    this.zone = zone;
  }

  /**
   * Those of a query, sub-queries included.
   *
   * @param root the query as it is placed: scans of {@link ShippedTable} where rows are shipped
   * @param sources what its parameters stand for
   * @param zone of the session
   */
  static NodeConditions of(RelNode root, List<ParameterSource> sources, ZoneId zone) {
    NodeConditions all =
        new NodeConditions(
            new RangeFinder(root.getCluster().getRexBuilder(), sources), sources, zone);
    all.visit(root);
    return all;
  }

  /**
   * A condition on one node.
   *
   * @param scan where the node is read
   * @param term the condition
   * @param columns the columns of the node that its plain references are, by reference
   * @param reaches true if it limits what is read at the scan
   * @param predicate the same for EXPLAIN
   */
  record Condition(
      TableScan scan,
      RexNode term,
      Map<Integer, NodeColumn> columns,
      boolean reaches,
      Predicate predicate) {}

  /** All of them, those of outer operators first. */
  List<Condition> conditions() {
    return conditions;
  }

  /** For EXPLAIN, each once. */
  List<Predicate> predicates() {
    return conditions.stream().map(Condition::predicate).distinct().toList();
  }

  /** Every place where a node is read. */
  Map<TableScan, ResolvedNode> scans() {
    return scans;
  }

  /**
   * Where a column comes from.
   *
   * @param text the name of the column, or what is computed
   * @param column null if it is computed
   * @param shipped true if the rows are moved on the way
   * @param blocked true if a condition on it may not be checked before what is on the way
   */
  private record Origin(
      TableScan scan, String text, @Nullable NodeColumn column, boolean shipped, boolean blocked) {}

  private void visit(RelNode rel) {
    if (rel instanceof Filter) {
      terms(((Filter) rel).getCondition(), rel.getInput(0), JoinRelType.INNER, 0);
    } else if (rel instanceof Join && !(rel instanceof AsofJoin)) {
      Join join = (Join) rel;
      terms(withLists(join), join, join.getJoinType(), join.getLeft().getRowType().getFieldCount());
    } else if (rel instanceof TableScan) {
      Table table = rel.getTable().unwrap(Table.class);
      if (table instanceof ShippedTable) {
        visit(((ShippedTable) table).rel());
      } else if (table instanceof NodeTable) {
        scans.put((TableScan) rel, ((NodeTable) table).node());
      }
    }
    rel.accept(
        new RexShuttle() {
          @Override
          public RexNode visitSubQuery(RexSubQuery query) {
            visit(query.rel);
            return super.visitSubQuery(query);
          }
        });
    rel.getInputs().forEach(this::visit);
  }

  /**
   * The condition of a join. An equality with a column of a table that the user's arrays make is a
   * condition on one node: that its column is in the array.
   */
  private static RexNode withLists(Join join) {
    RexBuilder rex = join.getCluster().getRexBuilder();
    int left = join.getLeft().getRowType().getFieldCount();
    List<RexNode> terms = new ArrayList<>();
    for (RexNode term : RelOptUtil.conjunctions(join.getCondition())) {
      List<RexNode> sides = term.isA(SqlKind.EQUALS) ? ((RexCall) term).getOperands() : List.of();
      RexDynamicParam list =
          sides.size() == 2
                  && sides.get(0) instanceof RexInputRef
                  && sides.get(1) instanceof RexInputRef
                  && ((RexInputRef) sides.get(0)).getIndex() < left
              ? array(join.getRight(), ((RexInputRef) sides.get(1)).getIndex() - left)
              : null;
      terms.add(
          list == null ? term : rex.makeCall(SqlStdOperatorTable.SOME_EQ, sides.get(0), list));
    }
    return RexUtil.composeConjunction(rex, terms);
  }

  /** The array whose elements a column holds, or null if it holds something else. */
  private static @Nullable RexDynamicParam array(RelNode rel, int column) {
    if (column >= 0 && rel instanceof Uncollect && rel.getInput(0) instanceof Project) {
      List<RexNode> arrays = ((Project) rel.getInput(0)).getProjects();
      return column < arrays.size() && arrays.get(column) instanceof RexDynamicParam
          ? (RexDynamicParam) arrays.get(column)
          : null;
    }
    if (column >= 0 && rel instanceof Project) {
      RexNode expression = ((Project) rel).getProjects().get(column);
      return expression instanceof RexInputRef
          ? array(rel.getInput(0), ((RexInputRef) expression).getIndex())
          : null;
    }
    return null;
  }

  private void terms(RexNode condition, RelNode rows, JoinRelType type, int left) {
    List<RexNode> terms = RelOptUtil.conjunctions(condition);
    Set<RexNode> ranges = new HashSet<>();
    for (RexNode term : terms) {
      finder
          .find(term, terms)
          .ifPresent(range -> ranges.addAll(RelOptUtil.conjunctions(finder.condition(range))));
    }
    for (RexNode term : terms) {
      if (!ranges.contains(term) && !KeysPredicate.is(term) && !RexUtil.containsCorrelation(term)) {
        term(term, terms, rows, type, left);
      }
    }
  }

  private void term(RexNode term, List<RexNode> all, RelNode rows, JoinRelType type, int left) {
    Map<TableScan, Map<Integer, Origin>> found = new LinkedHashMap<>();
    List<Integer> references = RelOptUtil.InputFinder.bits(term).asList();
    for (int reference : references) {
      for (Origin origin : origins(rows, reference)) {
        found.computeIfAbsent(origin.scan, scan -> new HashMap<>()).putIfAbsent(reference, origin);
      }
    }
    found.forEach(
        (scan, origins) -> {
          ResolvedNode node = scan.getTable().unwrapOrThrow(NodeTable.class).node();
          if (origins.size() == references.size()) {
            boolean right = left > 0 && references.stream().allMatch(each -> each >= left);
            condition(
                term,
                finder.find(term, all).orElse(null),
                scan,
                node,
                origins,
                limits(type, right));
          }
        });
  }

  /** True if the condition of a join leaves out rows of that side. */
  private static boolean limits(JoinRelType type, boolean right) {
    switch (type) {
      case INNER:
      case SEMI:
        return true;
      case LEFT:
      case ANTI:
        return right;
      case RIGHT:
        return !right;
      default:
        return false;
    }
  }

  private void condition(
      RexNode term,
      @Nullable TimeRange range,
      TableScan scan,
      ResolvedNode node,
      Map<Integer, Origin> origins,
      boolean limits) {
    boolean shipped = origins.values().stream().anyMatch(Origin::shipped);
    boolean blocked = origins.values().stream().anyMatch(Origin::blocked);
    String text = new ExpressionText(index -> origins.get(index).text, sources, zone).of(term);
    Pushed pushed = Pushed.PUSHED;
    String why = "";
    if (shipped) {
      pushed = Pushed.LOCAL;
      why =
          "it is checked in the embedded engine, on rows shipped from '"
              + node.storage().name()
              + "'";
    } else if (range != null) {
      pushed = Pushed.SUPERSET;
      why = range.why();
    }
    Map<Integer, NodeColumn> columns = new HashMap<>();
    origins.forEach(
        (reference, origin) -> {
          if (origin.column != null) {
            columns.put(reference, origin.column);
          }
        });
    conditions.add(
        new Condition(
            scan,
            term,
            columns,
            limits && !blocked && pushed != Pushed.LOCAL && !ofSession(term),
            new Predicate(node.node().name().toString(), text, pushed, why)));
  }

  /** True for a condition that the time of the session puts on every node. */
  private boolean ofSession(RexNode term) {
    boolean[] found = new boolean[1];
    term.accept(
        new RexShuttle() {
          @Override
          public RexNode visitDynamicParam(RexDynamicParam parameter) {
            found[0] |= sources.get(parameter.getIndex()) instanceof ParameterSource.KnownBy;
            return parameter;
          }
        });
    return found[0];
  }

  private List<Origin> origins(RelNode rel, int column) {
    if (rel instanceof TableScan) {
      return scanned((TableScan) rel, column);
    } else if (rel instanceof Project) {
      return computed((Project) rel, column);
    } else if (rel instanceof Aggregate) {
      Aggregate aggregate = (Aggregate) rel;
      return column < aggregate.getGroupCount()
          ? origins(aggregate.getInput(), aggregate.getGroupSet().nth(column))
          : List.of();
    } else if (rel instanceof Join) {
      int left = ((Join) rel).getLeft().getRowType().getFieldCount();
      boolean asof = rel instanceof AsofJoin;
      return column < left
          ? origins(rel.getInput(0), column)
          // Which row an as-of join takes is decided before a condition on it.
          : marked(origins(rel.getInput(1), column - left), false, asof);
    } else if (rel instanceof Sort) {
      Sort sort = (Sort) rel;
      return marked(
          origins(sort.getInput(), column), false, sort.fetch != null || sort.offset != null);
    } else if (rel instanceof Union) {
      List<Origin> all = new ArrayList<>();
      rel.getInputs().forEach(input -> all.addAll(origins(input, column)));
      return all;
    }
    return rel instanceof Filter ? origins(rel.getInput(0), column) : List.of();
  }

  private List<Origin> scanned(TableScan scan, int column) {
    Table table = scan.getTable().unwrap(Table.class);
    if (table instanceof ShippedTable) {
      ShippedTable piece = (ShippedTable) table;
      return marked(origins(piece.rel(), column), piece.storage() != null, false);
    }
    if (!(table instanceof NodeTable)) {
      return List.of();
    }
    NodeColumn found = ((NodeTable) table).node().columns().get(column);
    return List.of(new Origin(scan, found.name(), found, false, false));
  }

  private List<Origin> computed(Project project, int column) {
    RexNode expression = project.getProjects().get(column);
    boolean windows = project.containsOver();
    if (expression instanceof RexInputRef) {
      return marked(
          origins(project.getInput(), ((RexInputRef) expression).getIndex()),
          false,
          !FilterPush.passes(project, column));
    }
    List<Integer> references = RelOptUtil.InputFinder.bits(expression).asList();
    if (references.isEmpty() || RexUtil.SubQueryFinder.find(expression) != null || windows) {
      return List.of();
    }
    Map<Integer, Origin> inputs = new HashMap<>();
    for (int reference : references) {
      List<Origin> found = origins(project.getInput(), reference);
      if (found.size() != 1) {
        return List.of();
      }
      inputs.put(reference, found.get(0));
    }
    Origin any = inputs.get(references.get(0));
    if (inputs.values().stream().anyMatch(each -> each.scan != any.scan)) {
      return List.of();
    }
    String text = new ExpressionText(index -> inputs.get(index).text, sources, zone).of(expression);
    return List.of(
        new Origin(
            any.scan,
            text,
            null,
            inputs.values().stream().anyMatch(Origin::shipped),
            inputs.values().stream().anyMatch(Origin::blocked)));
  }

  private static List<Origin> marked(List<Origin> origins, boolean shipped, boolean blocked) {
    if (!shipped && !blocked) {
      return origins;
    }
    return origins.stream()
        .map(
            each ->
                new Origin(
                    each.scan,
                    each.text,
                    each.column,
                    each.shipped || shipped,
                    each.blocked || blocked))
        .toList();
  }
}
