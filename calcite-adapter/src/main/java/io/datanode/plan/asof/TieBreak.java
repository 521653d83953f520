package io.datanode.plan.asof;

import io.datanode.node.NodeView;
import io.datanode.schema.NodeTable;
import io.datanode.schema.ResolvedNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.core.Snapshot;
import org.apache.calcite.rel.core.Sort;
import org.apache.calcite.rel.core.TableScan;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.validate.SqlValidatorUtil;
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

  /**
   * The same rows, with what decides between them behind their columns if a query hides it: the
   * knowledge time, and the declared columns where they decide.
   *
   * @param fixed columns whose values are equal in such rows
   */
  static RelNode shown(RelNode rel, ImmutableBitSet fixed) {
    NodeTable table = table(rel);
    if (table == null || table.view() == NodeView.LATEST || table.node().stitched()) {
      return rel;
    }
    ResolvedNode node = table.node();
    List<String> known = node.knowledgeTime() == null ? List.of() : List.of(node.knowledgeTime());
    if (node.tieBreak() != null) {
      List<String> declared = new ArrayList<>(known);
      declared.addAll(node.tieBreak());
      RelNode shown = showing(rel, declared);
      if (columns(shown, fixed) != null) {
        return shown;
      }
    }
    return showing(rel, known);
  }

  private static @Nullable NodeTable table(RelNode rel) {
    if (isThrough(rel) || rel instanceof Project) {
      return table(rel.getInput(0));
    }
    return rel instanceof TableScan && rel.getTable() != null
        ? rel.getTable().unwrap(NodeTable.class)
        : null;
  }

  private static boolean isThrough(RelNode rel) {
    return rel instanceof Filter || rel instanceof Sort || rel instanceof Snapshot;
  }

  private static RelNode showing(RelNode rel, List<String> names) {
    List<String> missing = names.stream().filter(name -> place(rel, name) < 0).toList();
    if (missing.isEmpty()) {
      return rel;
    }
    if (isThrough(rel)) {
      RelNode input = showing(rel.getInput(0), missing);
      return input == rel.getInput(0) ? rel : rel.copy(rel.getTraitSet(), List.of(input));
    }
    if (!(rel instanceof Project)) {
      return rel;
    }
    Project project = (Project) rel;
    RelNode input = showing(project.getInput(), missing);
    List<RexNode> columns = new ArrayList<>(project.getProjects());
    List<String> labels = new ArrayList<>(project.getRowType().getFieldNames());
    for (String name : missing) {
      int place = place(input, name);
      if (place >= 0) {
        columns.add(rel.getCluster().getRexBuilder().makeInputRef(input, place));
        labels.add(
            SqlValidatorUtil.uniquify(name, new HashSet<>(labels), SqlValidatorUtil.F_SUGGESTER));
      }
    }
    return LogicalProject.create(
        input, project.getHints(), columns, labels, project.getVariablesSet());
  }

  private static int place(RelNode rel, String name) {
    for (int column = 0; column < rel.getRowType().getFieldCount(); column++) {
      RightRows.Origin origin = RightRows.origin(rel, column);
      if (origin != null && origin.name().equals(name)) {
        return column;
      }
    }
    return -1;
  }

  private static boolean isFixed(
      ResolvedNode node, Map<String, Integer> places, ImmutableBitSet fixed) {
    List<String> key = new ArrayList<>(node.identity());
    key.add(String.valueOf(node.timeIndex()));
    return key.stream().allMatch(name -> places.containsKey(name) && fixed.get(places.get(name)));
  }
}
