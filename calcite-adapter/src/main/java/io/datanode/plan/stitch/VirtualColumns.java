package io.datanode.plan.stitch;

import io.datanode.plan.filter.RelTree;
import io.datanode.schema.NodeTable;
import io.datanode.schema.VirtualColumn;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.calcite.prepare.RelOptTableImpl;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.TableScan;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rel.logical.LogicalTableScan;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexNode;

/** Computes the virtual columns of nodes that are not stitched. */
public final class VirtualColumns {
  private final RexBuilder rex;

  /** For one statement. */
  public VirtualColumns(RexBuilder rex) {
    this.rex = rex;
  }

  /** The query in which every column of such a node is one of its storage; with sub-queries. */
  public RelNode apply(RelNode rel) {
    NodeTable table =
        rel instanceof TableScan && rel.getTable() != null
            ? rel.getTable().unwrap(NodeTable.class)
            : null;
    return table == null || table.virtualColumns().isEmpty() || table.node().stitched()
        ? RelTree.map(rel, this::apply)
        : computed(rel, table);
  }

  private RelNode computed(RelNode scan, NodeTable table) {
    NodeTable stored = table.ofNode(table.node());
    RelNode rows =
        LogicalTableScan.create(
            scan.getCluster(),
            RelOptTableImpl.create(
                scan.getTable().getRelOptSchema(),
                stored.getRowType(scan.getCluster().getTypeFactory()),
                scan.getTable().getQualifiedName(),
                stored,
                (org.apache.calcite.linq4j.tree.Expression) null),
            List.of());
    List<RexNode> columns = new ArrayList<>();
    for (int i = 0; i < rows.getRowType().getFieldCount(); i++) {
      columns.add(rex.makeInputRef(rows, i));
    }
    int time = rows.getRowType().getFieldNames().indexOf(String.valueOf(table.node().timeIndex()));
    for (int i = 0; i < table.virtualColumns().size(); i++) {
      columns.add(VirtualColumn.startTime(rex, table.node(), rex.makeInputRef(rows, time)));
    }
    return LogicalProject.create(
        rows, List.of(), columns, scan.getRowType().getFieldNames(), Set.of());
  }
}
