package io.datanode.plan.time;

import io.datanode.node.NodeView;
import io.datanode.plan.filter.RelTree;
import io.datanode.schema.NodeColumn;
import io.datanode.schema.NodeTable;
import io.datanode.schema.ResolvedNode;
import java.math.BigDecimal;
import java.util.List;
import org.apache.calcite.prepare.RelOptTableImpl;
import org.apache.calcite.rel.RelCollations;
import org.apache.calcite.rel.RelFieldCollation;
import org.apache.calcite.rel.RelFieldCollation.Direction;
import org.apache.calcite.rel.RelFieldCollation.NullDirection;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.TableScan;
import org.apache.calcite.rel.logical.LogicalFilter;
import org.apache.calcite.rel.logical.LogicalSort;
import org.apache.calcite.rel.logical.LogicalTableScan;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;

/**
 * Replaces {@code "node$latest"} by the newest row of each identity. Rows without time are left
 * out; of rows with the same identity and time, which one is taken is not defined.
 */
public final class LatestRows {
  private final RexBuilder rex;

  /** For one statement. */
  public LatestRows(RexBuilder rex) {
    this.rex = rex;
  }

  /** The query over whole nodes, sub-queries included. */
  public RelNode apply(RelNode rel) {
    NodeTable table =
        rel instanceof TableScan && rel.getTable() != null
            ? rel.getTable().unwrap(NodeTable.class)
            : null;
    return table == null || table.view() != NodeView.LATEST
        ? RelTree.map(rel, this::apply)
        : latest(rel, table);
  }

  private RelNode latest(RelNode scan, NodeTable table) {
    ResolvedNode node = table.node();
    NodeTable newest = table.as(NodeView.NEWEST);
    RelNode rows =
        LogicalTableScan.create(
            scan.getCluster(),
            RelOptTableImpl.create(
                scan.getTable().getRelOptSchema(),
                scan.getRowType(),
                List.of(node.node().name().namespace(), node.node().name().identifier()),
                newest,
                (org.apache.calcite.linq4j.tree.Expression) null),
            List.of());
    int time = place(node, String.valueOf(node.timeIndex()));
    if (scan.getRowType().getFieldList().get(time).getType().isNullable()) {
      rows =
          LogicalFilter.create(
              rows, rex.makeCall(SqlStdOperatorTable.IS_NOT_NULL, rex.makeInputRef(rows, time)));
    }
    List<Integer> keys = node.identity().stream().map(name -> place(node, name)).toList();
    return keys.isEmpty() ? first(rows, time) : NewestRow.of(rows, keys, List.of(time), false);
  }

  private RelNode first(RelNode rows, int time) {
    return LogicalSort.create(
        rows,
        RelCollations.of(new RelFieldCollation(time, Direction.DESCENDING, NullDirection.FIRST)),
        null,
        rex.makeExactLiteral(BigDecimal.ONE));
  }

  private static int place(ResolvedNode node, String name) {
    return node.columns().stream().map(NodeColumn::name).toList().indexOf(name);
  }
}
