package io.datanode.plan.stitch;

import io.datanode.plan.SqlPlaces;
import io.datanode.schema.NodeColumn;
import io.datanode.schema.NodeTable;
import io.datanode.schema.ResolvedNode;
import io.datanode.schema.VirtualColumn;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.logical.LogicalJoin;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;

/**
 * Columns of the same rows: a full join of the parts on time index and identity. A key with NULL is
 * no other's, so such a row has the columns of its part alone.
 */
final class SideBySide extends StitchedRows {
  SideBySide(RelNode scan, NodeTable table, RexBuilder rex, SqlPlaces places) {
    super(scan, table, rex, places);
  }

  @Override
  RelNode rows(List<RexNode> conditions) {
    // Both sides of a pair have its key, so a condition on it may be asked of each.
    List<RexNode> onKey = conditions.stream().filter(this::onKey).toList();
    List<RexNode> above = conditions.stream().filter(condition -> !onKey(condition)).toList();
    RelNode all = null;
    Map<String, RexNode> columns = new LinkedHashMap<>();
    for (ResolvedNode part : node.parts()) {
      RelNode rows = part(part, onKey);
      all = all == null ? rows : joined(all, columns, rows, part);
      merge(columns, all, rows, part);
    }
    List<RexNode> shown = new ArrayList<>();
    for (int i = 0; i < row.getFieldCount(); i++) {
      String name = row.getFieldNames().get(i);
      RexNode column = columns.get(name);
      shown.add(
          as(
              types().get(i),
              column == null
                  ? VirtualColumn.startTime(rex, node, columns.get(key().get(0)))
                  : column));
    }
    RelNode merged = LogicalProject.create(all, List.of(), shown, row.getFieldNames(), Set.of());
    return asDeclared(filter(merged, above));
  }

  private RelNode part(ResolvedNode part, List<RexNode> onKey) {
    RelNode scan = scan(part);
    List<RexNode> conditions = new ArrayList<>();
    for (RexNode condition : onKey) {
      conditions.add(
          condition.accept(
              new RexShuttle() {
                @Override
                public RexNode visitInputRef(RexInputRef ref) {
                  return column(scan, part, row.getFieldNames().get(ref.getIndex()));
                }
              }));
    }
    return filter(scan, conditions);
  }

  private RelNode joined(
      RelNode left, Map<String, RexNode> columns, RelNode right, ResolvedNode part) {
    int shift = left.getRowType().getFieldCount();
    List<RexNode> terms = new ArrayList<>();
    for (String name : key()) {
      terms.add(
          rex.makeCall(
              SqlStdOperatorTable.EQUALS,
              columns.get(name),
              RexUtil.shift(column(right, part, name), shift)));
    }
    return LogicalJoin.create(
        left, right, List.of(), RexUtil.composeConjunction(rex, terms), Set.of(), JoinRelType.FULL);
  }

  /** Adds the columns of the part that was joined last. */
  private void merge(Map<String, RexNode> columns, RelNode all, RelNode rows, ResolvedNode part) {
    int shift = all.getRowType().getFieldCount() - rows.getRowType().getFieldCount();
    // Behind a full join every column may be NULL.
    columns.replaceAll((name, column) -> column.accept(typesOf(all)));
    for (NodeColumn column : node.columns()) {
      if (part.column(column.name()).isEmpty()) {
        continue;
      }
      RexNode own = RexUtil.shift(column(rows, part, column.name()), shift).accept(typesOf(all));
      RexNode known = columns.get(column.name());
      columns.put(
          column.name(),
          known == null
              ? own
              : key().contains(column.name()) ? first(known, own) : greatest(known, own));
    }
  }

  private RexShuttle typesOf(RelNode rel) {
    return new RexShuttle() {
      @Override
      public RexNode visitInputRef(RexInputRef ref) {
        return rex.makeInputRef(rel, ref.getIndex());
      }
    };
  }

  private RexNode first(RexNode a, RexNode b) {
    return rex.makeCall(
        SqlStdOperatorTable.CASE, rex.makeCall(SqlStdOperatorTable.IS_NOT_NULL, a), a, b);
  }

  /** The later of two times of which either may be NULL. */
  private RexNode greatest(RexNode a, RexNode b) {
    return rex.makeCall(
        SqlStdOperatorTable.CASE,
        rex.makeCall(
            SqlStdOperatorTable.OR,
            rex.makeCall(SqlStdOperatorTable.IS_NULL, b),
            rex.makeCall(SqlStdOperatorTable.GREATER_THAN_OR_EQUAL, a, b)),
        a,
        b);
  }
}
