package io.datanode.plan.bars;

import io.datanode.schema.NodeTable;
import io.datanode.schema.ResolvedNode;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.core.Snapshot;
import org.apache.calcite.rel.core.Sort;
import org.apache.calcite.rel.core.TableScan;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;

/** Which columns tell the series of a table apart. */
final class Series {
  private Series() {}

  /** The columns that show, unchanged, a column of a node's identity; empty if there is none. */
  static List<Integer> identity(RelNode rows) {
    List<Integer> columns = new ArrayList<>();
    for (int i = 0; i < rows.getRowType().getFieldCount(); i++) {
      if (isIdentity(rows, i)) {
        columns.add(i);
      }
    }
    return columns;
  }

  private static boolean isIdentity(RelNode rel, int column) {
    if (rel instanceof TableScan) {
      NodeTable table = rel.getTable().unwrap(NodeTable.class);
      String name = rel.getRowType().getFieldNames().get(column);
      return table != null && isIdentity(table.node(), name);
    } else if (rel instanceof Filter || rel instanceof Sort || rel instanceof Snapshot) {
      return isIdentity(rel.getInput(0), column);
    } else if (rel instanceof Project) {
      RexNode expression = ((Project) rel).getProjects().get(column);
      return expression instanceof RexInputRef
          && isIdentity(rel.getInput(0), ((RexInputRef) expression).getIndex());
    } else if (rel instanceof Aggregate) {
      Aggregate aggregate = (Aggregate) rel;
      return column < aggregate.getGroupCount()
          && isIdentity(rel.getInput(0), aggregate.getGroupSet().nth(column));
    } else if (rel instanceof Join) {
      int left = ((Join) rel).getLeft().getRowType().getFieldCount();
      return column < left && isIdentity(((Join) rel).getLeft(), column);
    }
    return false;
  }

  private static boolean isIdentity(ResolvedNode node, String column) {
    return node.identity().stream().anyMatch(column::equalsIgnoreCase);
  }
}
