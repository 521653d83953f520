package io.datanode.plan.time;

import com.google.common.collect.ImmutableList;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.logical.LogicalFilter;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexFieldCollation;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexWindowBounds;
import org.apache.calcite.sql.SqlAggFunction;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.type.SqlTypeName;

/**
 * The newest row of each key: {@code QUALIFY ROW_NUMBER() OVER (PARTITION BY keys ORDER BY order
 * DESC) = 1}, which every storage has a quick way to find. Conditions on the keys may be checked
 * before it, others not: they would choose among the rows of a key.
 */
public final class NewestRow {
  private static final String NUMBER = "datanode$row";

  private NewestRow() {}

  /**
   * One row of each key.
   *
   * @param rows to choose from
   * @param keys columns that rows are told apart by; NULL is a key like any other
   * @param order columns of which the greatest values win, the first of them first; NULL loses
   *     against any value in the first column, and wins, as the greatest, in the others
   * @return the same columns
   */
  public static RelNode of(RelNode rows, List<Integer> keys, List<Integer> order) {
    boolean nullable = rows.getRowType().getFieldList().get(order.get(0)).getType().isNullable();
    return of(rows, keys, order, nullable ? Set.of(order.get(0)) : Set.of());
  }

  /**
   * The same.
   *
   * @param losing columns of the order in which NULL loses against any value; in others it wins.
   *     Where a column holds no NULL, storages find the row sooner if it is not among them
   */
  static RelNode of(RelNode rows, List<Integer> keys, List<Integer> order, Set<Integer> losing) {
    return first(rows, SqlStdOperatorTable.ROW_NUMBER, keys, order, losing);
  }

  /**
   * All rows at the newest time of each group.
   *
   * @param keys columns of a group; without any, all rows are one
   * @param time a column that holds no NULL
   */
  static RelNode snapshots(RelNode rows, List<Integer> keys, int time) {
    return first(rows, SqlStdOperatorTable.RANK, keys, List.of(time), Set.of());
  }

  private static RelNode first(
      RelNode rows,
      SqlAggFunction function,
      List<Integer> keys,
      List<Integer> order,
      Set<Integer> losing) {
    RexBuilder rex = rows.getCluster().getRexBuilder();
    List<RexNode> all = columns(rows);
    RelDataType number = rex.getTypeFactory().createSqlType(SqlTypeName.BIGINT);
    List<RexNode> numbered = new ArrayList<>(all);
    numbered.add(
        rex.makeOver(
            number,
            function,
            List.of(),
            keys.stream().map(all::get).toList(),
            collations(all, order, losing),
            RexWindowBounds.UNBOUNDED_PRECEDING,
            RexWindowBounds.CURRENT_ROW,
            true,
            true,
            false,
            false));
    List<String> names = new ArrayList<>(rows.getRowType().getFieldNames());
    names.add(NUMBER);
    RelNode project = LogicalProject.create(rows, List.of(), numbered, names, Set.of());
    RelNode first =
        LogicalFilter.create(
            project,
            rex.makeCall(
                SqlStdOperatorTable.EQUALS,
                rex.makeInputRef(project, all.size()),
                rex.makeExactLiteral(BigDecimal.ONE, number)));
    return LogicalProject.create(
        first, List.of(), columns(first).subList(0, all.size()), rows.getRowType(), Set.of());
  }

  /** True if rows are so chosen somewhere in the expression, its sub-queries aside. */
  static boolean in(RelNode rel) {
    List<String> names = rel.getRowType().getFieldNames();
    return (rel instanceof Project && NUMBER.equals(names.get(names.size() - 1)))
        || rel.getInputs().stream().anyMatch(NewestRow::in);
  }

  private static List<RexNode> columns(RelNode rows) {
    RexBuilder rex = rows.getCluster().getRexBuilder();
    return IntStream.range(0, rows.getRowType().getFieldCount())
        .<RexNode>mapToObj(column -> rex.makeInputRef(rows, column))
        .toList();
  }

  private static ImmutableList<RexFieldCollation> collations(
      List<RexNode> all, List<Integer> order, Set<Integer> losing) {
    ImmutableList.Builder<RexFieldCollation> collations = ImmutableList.builder();
    for (int column : order) {
      RexNode value = all.get(column);
      // Where there is no NULL, its place is the one that an index read backwards has.
      collations.add(
          new RexFieldCollation(
              value,
              losing.contains(column)
                  ? Set.of(SqlKind.DESCENDING, SqlKind.NULLS_LAST)
                  : Set.of(SqlKind.DESCENDING, SqlKind.NULLS_FIRST)));
    }
    return collations.build();
  }
}
