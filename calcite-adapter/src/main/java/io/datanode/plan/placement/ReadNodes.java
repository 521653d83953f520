package io.datanode.plan.placement;

import io.datanode.plan.Plan.ReadNode;
import io.datanode.schema.NodeTable;
import io.datanode.schema.ResolvedNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.RelVisitor;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.TableScan;
import org.jspecify.annotations.Nullable;

/** Finds the nodes of a piece, and which of their columns a user could yet filter by. */
final class ReadNodes {
  private ReadNodes() {}

  /** The nodes an expression reads, sub-queries left out. */
  static List<ReadNode> of(RelNode rel) {
    Map<String, Set<String>> unfiltered = new LinkedHashMap<>();
    new RelVisitor() {
      @Override
      public void visit(RelNode node, int ordinal, @Nullable RelNode parent) {
        NodeTable table =
            node instanceof TableScan ? node.getTable().unwrap(NodeTable.class) : null;
        if (table != null) {
          ResolvedNode resolved = table.node();
          unfiltered
              .computeIfAbsent(resolved.node().name().toString(), name -> new LinkedHashSet<>())
              .addAll(unfiltered(resolved, parent));
        }
        super.visit(node, ordinal, parent);
      }
    }.go(rel);
    List<ReadNode> nodes = new ArrayList<>();
    unfiltered.forEach((name, columns) -> nodes.add(new ReadNode(name, List.copyOf(columns))));
    return nodes;
  }

  private static Set<String> unfiltered(ResolvedNode node, @Nullable RelNode above) {
    Set<String> columns = new LinkedHashSet<>();
    if (node.timeIndex() != null) {
      columns.add(node.timeIndex());
    }
    columns.addAll(node.identity());
    if (above instanceof Filter) {
      for (int column : RelOptUtil.InputFinder.bits(((Filter) above).getCondition())) {
        columns.remove(node.columns().get(column).name());
      }
    }
    return columns;
  }
}
