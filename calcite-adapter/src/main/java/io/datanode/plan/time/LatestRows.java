package io.datanode.plan.time;

import io.datanode.node.NodeView;
import io.datanode.plan.filter.RelTree;
import io.datanode.schema.NodeColumn;
import io.datanode.schema.NodeTable;
import io.datanode.schema.ResolvedNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
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
 * Replaces {@code "node$latest"} by the newest row of each identity, or, where the catalog declares
 * what is published as a whole, by all rows of its newest time. Rows without time are left out; of
 * rows with the same identity and time the declared tie-break decides, and without one it is not
 * defined which is taken.
 */
public final class LatestRows {
  private LatestRows() {}

  /** The query over whole nodes, sub-queries included. */
  public static RelNode apply(RelNode rel) {
    NodeTable table =
        rel instanceof TableScan && rel.getTable() != null
            ? rel.getTable().unwrap(NodeTable.class)
            : null;
    return table == null || table.view() != NodeView.LATEST
        ? RelTree.map(rel, LatestRows::apply)
        : latest(rel, table);
  }

  private static RelNode latest(RelNode scan, NodeTable table) {
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
    return of(rows, node);
  }

  /**
   * The newest of some rows of a node.
   *
   * @param stored of each row the version that counts, with the node's columns in their order
   * @param node has a time index
   */
  public static RelNode of(RelNode stored, ResolvedNode node) {
    RexBuilder rex = stored.getCluster().getRexBuilder();
    int time = place(node, String.valueOf(node.timeIndex()));
    RelNode rows =
        stored.getRowType().getFieldList().get(time).getType().isNullable()
            ? LogicalFilter.create(
                stored,
                rex.makeCall(SqlStdOperatorTable.IS_NOT_NULL, rex.makeInputRef(stored, time)))
            : stored;
    if (node.snapshotBy() != null) {
      return NewestRow.snapshots(rows, places(node, node.snapshotBy()), time);
    }
    List<Integer> keys = places(node, node.identity());
    List<Integer> order = new ArrayList<>();
    order.add(time);
    if (node.knowledgeTime() == null && node.tieBreak() != null) {
      order.addAll(places(node, node.tieBreak()));
    }
    return keys.isEmpty()
        ? first(rows, order)
        : NewestRow.of(rows, keys, order, losing(rows, order));
  }

  /** Those of the columns after the time that may hold NULL. */
  private static Set<Integer> losing(RelNode rows, List<Integer> order) {
    return order.stream()
        .skip(1)
        .filter(column -> rows.getRowType().getFieldList().get(column).getType().isNullable())
        .collect(Collectors.toSet());
  }

  private static RelNode first(RelNode rows, List<Integer> order) {
    RexBuilder rex = rows.getCluster().getRexBuilder();
    Set<Integer> losing = losing(rows, order);
    return LogicalSort.create(
        rows,
        RelCollations.of(
            order.stream()
                .map(
                    column ->
                        new RelFieldCollation(
                            column,
                            Direction.DESCENDING,
                            losing.contains(column) ? NullDirection.LAST : NullDirection.FIRST))
                .toList()),
        null,
        rex.makeExactLiteral(BigDecimal.ONE));
  }

  private static List<Integer> places(ResolvedNode node, List<String> names) {
    return names.stream().map(name -> place(node, name)).toList();
  }

  private static int place(ResolvedNode node, String name) {
    return node.columns().stream().map(NodeColumn::name).toList().indexOf(name);
  }
}
