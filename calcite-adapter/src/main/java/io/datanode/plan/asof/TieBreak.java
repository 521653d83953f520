package io.datanode.plan.asof;

import io.datanode.node.NodeView;
import io.datanode.schema.NodeTable;
import io.datanode.schema.ResolvedNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.util.ImmutableBitSet;
import org.jspecify.annotations.Nullable;

/** What the catalog declares to decide between right rows that are equally near. */
final class TieBreak {
  private TieBreak() {}

  /**
   * The knowledge time and the declared columns, the one that decides first before the others.
   *
   * @param fixed columns whose values are equal in such rows
   * @return null if nothing is declared, if the columns are not among those of the right side, or
   *     if rows may be of several identities, between which nothing declared decides
   */
  static @Nullable List<Integer> columns(RelNode rel, ImmutableBitSet fixed) {
    NodeTable table = null;
    Map<String, Integer> places = new HashMap<>();
    for (int column = 0; column < rel.getRowType().getFieldCount(); column++) {
      RightRows.Origin origin = RightRows.origin(rel, column);
      if (origin != null) {
        table = origin.table();
        places.putIfAbsent(origin.name(), column);
        if (fixed.get(column)) {
          places.put(origin.name(), column);
        }
      }
    }
    if (table == null || table.view() == NodeView.LATEST || table.node().stitched()) {
      return null;
    }
    ResolvedNode node = table.node();
    List<String> tieBreak = node.tieBreak();
    if (tieBreak == null || node.timeIndex() == null || !isFixed(node, places, fixed)) {
      return null;
    }
    List<String> order = new ArrayList<>();
    if (node.knowledgeTime() != null) {
      order.add(node.knowledgeTime());
    }
    order.addAll(tieBreak);
    return places.keySet().containsAll(order)
        ? order.stream().map(places::get).filter(column -> !fixed.get(column)).toList()
        : null;
  }

  private static boolean isFixed(
      ResolvedNode node, Map<String, Integer> places, ImmutableBitSet fixed) {
    List<String> key = new ArrayList<>(node.identity());
    key.add(String.valueOf(node.timeIndex()));
    return key.stream().allMatch(name -> places.containsKey(name) && fixed.get(places.get(name)));
  }
}
