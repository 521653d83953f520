package io.datanode.plan.asof;

import io.datanode.jdbc.SqlState;
import io.datanode.node.NodeView;
import io.datanode.plan.ParsedSqlException;
import io.datanode.plan.SqlPlaces;
import io.datanode.plan.filter.RelTree;
import io.datanode.schema.NodeColumn;
import io.datanode.schema.NodeTable;
import io.datanode.schema.ResolvedNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.calcite.linq4j.tree.Expression;
import org.apache.calcite.plan.RelOptTable;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.prepare.RelOptTableImpl;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.core.Snapshot;
import org.apache.calcite.rel.core.Sort;
import org.apache.calcite.rel.core.TableScan;
import org.apache.calcite.rel.core.Values;
import org.apache.calcite.rel.logical.LogicalTableScan;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.util.ImmutableBitSet;
import org.jspecify.annotations.Nullable;

/** What is known of the right side of an as-of join: which column is what, and what is unique. */
final class RightRows {
  private static final Set<SqlTypeName> UNORDERED =
      Set.of(SqlTypeName.MAP, SqlTypeName.ROW, SqlTypeName.ANY, SqlTypeName.GEOMETRY);

  private final RelNode rel;

  RightRows(RelNode rel) {
    this.rel = rel;
  }

  /** True if an expression is about a knowledge time. */
  boolean isKnowledgeTime(RexNode expression) {
    return RelOptUtil.InputFinder.bits(expression).asList().stream()
        .anyMatch(column -> isKnowledgeTime(rel, column));
  }

  private static boolean isKnowledgeTime(RelNode rel, int column) {
    Origin origin = origin(rel, column);
    return origin != null && origin.name().equalsIgnoreCase(origin.table().node().knowledgeTime());
  }

  /** The column of a node that a column shows as it is. */
  record Origin(NodeTable table, String name) {
    boolean isKey() {
      return name.equals(table.node().timeIndex()) || table.node().identity().contains(name);
    }

    boolean isVirtual() {
      return table.virtualColumns().contains(name);
    }
  }

  static @Nullable Origin origin(RelNode rel, int column) {
    if (rel instanceof Filter || rel instanceof Sort || rel instanceof Snapshot) {
      return origin(rel.getInput(0), column);
    } else if (rel instanceof Project) {
      RexNode expression = ((Project) rel).getProjects().get(column);
      return expression instanceof RexInputRef
          ? origin(rel.getInput(0), ((RexInputRef) expression).getIndex())
          : null;
    }
    NodeTable table = table(rel);
    return table == null ? null : new Origin(table, rel.getRowType().getFieldNames().get(column));
  }

  private static @Nullable NodeTable table(RelNode rel) {
    return rel instanceof TableScan && rel.getTable() != null
        ? rel.getTable().unwrap(NodeTable.class)
        : null;
  }

  /**
   * The same rows with every version of them, for a comparison of their knowledge time: a version
   * that was known at the time of a left row may since have been replaced.
   *
   * @param at where the statement says what matches
   * @param places where it names its nodes
   * @throws io.datanode.DataNodeException if values are filtered before the match, since it cannot
   *     be told whether among the versions of a row or among its newest
   */
  static RelNode allVersions(RelNode rel, @Nullable SqlParserPos at, SqlPlaces places) {
    NodeTable table = table(rel);
    if (table != null && table.view() == NodeView.NEWEST && table.node().knowledgeTime() != null) {
      RelOptTable stored = Objects.requireNonNull(rel.getTable());
      RelOptTable versions =
          RelOptTableImpl.create(
              stored.getRelOptSchema(),
              stored.getRowType(),
              stored.getQualifiedName(),
              table.as(NodeView.VERSIONS),
              (Expression) null);
      places.nameAlike(versions, stored);
      return LogicalTableScan.create(rel.getCluster(), versions, List.of());
    }
    if (!(rel instanceof Project || rel instanceof Filter || rel instanceof Snapshot)) {
      return rel;
    }
    RelNode all = RelTree.mapInputs(rel, input -> allVersions(input, at, places));
    if (all != rel && rel instanceof Filter) {
      checkKeys(rel.getInput(0), ((Filter) rel).getCondition(), at);
    }
    return all;
  }

  /** Refuses a condition on anything but what the versions of a row have in common. */
  static void checkKeys(RelNode rel, RexNode condition, @Nullable SqlParserPos at) {
    for (int column : RelOptUtil.InputFinder.bits(condition)) {
      NodeTable table = source(rel, column);
      Origin origin = origin(rel, column);
      if (table != null
          && table.view() == NodeView.NEWEST
          && table.node().knowledgeTime() != null
          && (origin == null || !origin.isKey())) {
        throw new ParsedSqlException(
            SqlState.INVALID_SQL,
            "The as-of join compares the knowledge time of '"
                + table.node().node().name()
                + "', so it looks at all versions of its rows; whether the condition on "
                + rel.getRowType().getFieldNames().get(column)
                + " is to choose among them cannot be told: put it into WHERE to check the version"
                + " that matched, or read \""
                + table.node().node().name().identifier()
                + "$versions\" to choose among them",
            at);
      }
    }
  }

  /** The node that a column comes from, or null. */
  private static @Nullable NodeTable source(RelNode rel, int column) {
    if (rel instanceof Project) {
      return RelOptUtil.InputFinder.bits(((Project) rel).getProjects().get(column))
          .asList()
          .stream()
          .map(below -> source(rel.getInput(0), below))
          .filter(Objects::nonNull)
          .findFirst()
          .orElse(null);
    }
    return rel instanceof Filter || rel instanceof Snapshot
        ? source(rel.getInput(0), column)
        : table(rel);
  }

  /**
   * The columns that decide among rows of equal keys and time: the knowledge time, then all others
   * in their order; none if there are no such rows.
   *
   * @param fixed columns whose values are equal in such rows
   */
  List<Integer> ties(ImmutableBitSet fixed) {
    if (isUnique(rel, fixed)) {
      return List.of();
    }
    List<Integer> declared = TieBreak.columns(rel, fixed);
    if (declared != null) {
      return declared;
    }
    List<Integer> ties = new ArrayList<>();
    List<Integer> others = new ArrayList<>();
    for (RelDataTypeField field : rel.getRowType().getFieldList()) {
      int column = field.getIndex();
      Origin origin = origin(rel, column);
      boolean computed = origin != null && origin.isVirtual();
      if (!fixed.get(column) && !computed && isOrdered(field.getType())) {
        (isKnowledgeTime(rel, column) ? ties : others).add(column);
      }
    }
    ties.addAll(others);
    return ties;
  }

  private static boolean isOrdered(RelDataType type) {
    RelDataType element = type.getComponentType();
    return !UNORDERED.contains(type.getSqlTypeName()) && (element == null || isOrdered(element));
  }

  /** True if no two rows have the same values in these columns. */
  private static boolean isUnique(RelNode rel, ImmutableBitSet columns) {
    if (rel instanceof Filter || rel instanceof Sort || rel instanceof Snapshot) {
      return isUnique(rel.getInput(0), columns);
    } else if (rel instanceof Project) {
      ImmutableBitSet.Builder below = ImmutableBitSet.builder();
      for (int column : columns) {
        RexNode expression = ((Project) rel).getProjects().get(column);
        if (expression instanceof RexInputRef) {
          below.set(((RexInputRef) expression).getIndex());
        }
      }
      return isUnique(rel.getInput(0), below.build());
    } else if (rel instanceof Aggregate) {
      Aggregate aggregate = (Aggregate) rel;
      return aggregate.getGroupType() == Aggregate.Group.SIMPLE
          && columns.contains(ImmutableBitSet.range(aggregate.getGroupCount()));
    } else if (rel instanceof Values) {
      return ((Values) rel).getTuples().size() < 2;
    }
    NodeTable table = table(rel);
    return table != null && isKey(table, rel, columns);
  }

  /**
   * True if the columns hold a key: of the newest versions their own, else one that the storage
   * enforces or the catalog declares. A key that is only likely is none here.
   */
  private static boolean isKey(NodeTable table, RelNode rel, ImmutableBitSet columns) {
    ResolvedNode node = table.node();
    if (!node.parts().isEmpty()) {
      return false;
    }
    Set<String> names =
        columns.asList().stream()
            .map(column -> rel.getRowType().getFieldNames().get(column).toLowerCase(Locale.ROOT))
            .collect(Collectors.toSet());
    if (node.knowledgeTime() != null && table.view() == NodeView.NEWEST) {
      List<String> picked = new ArrayList<>(node.identity());
      if (node.timeIndex() != null) {
        picked.add(node.timeIndex());
      }
      return holds(names, picked);
    }
    if (node.knowledgeTime() != null) {
      // What another catalog tells to be a key is that of its newest versions.
      return false;
    }
    boolean declared =
        !node.inferred().containsKey("time_index")
            && !node.inferred().containsKey("identity")
            && (node.tieBreak() == null || node.tieBreak().isEmpty())
            && !node.key().isEmpty();
    List<String> stored = node.table().primaryKey();
    List<String> enforced =
        node.columns().stream()
            .filter(column -> stored.contains(column.storedName()))
            .map(NodeColumn::name)
            .collect(Collectors.toList());
    List<String> asked =
        node.columns().stream()
            .map(NodeColumn::name)
            .filter(name -> names.contains(name.toLowerCase(Locale.ROOT)))
            .toList();
    return node.enforcesUnique(asked, List.of())
        || (!stored.isEmpty() && enforced.size() == stored.size() && holds(names, enforced))
        || (declared && holds(names, node.key()));
  }

  private static boolean holds(Set<String> names, List<String> key) {
    return key.stream().allMatch(name -> names.contains(name.toLowerCase(Locale.ROOT)));
  }
}
