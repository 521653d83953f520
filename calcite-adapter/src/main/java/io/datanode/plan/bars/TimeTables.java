package io.datanode.plan.bars;

import java.time.ZoneId;
import java.util.List;
import java.util.function.Function;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlNode;

/** Calls of table functions over time as relational expressions. */
public final class TimeTables {
  private TimeTables() {}

  /** True for a call that {@link #expand} takes. */
  public static boolean isTimeTable(SqlCall call) {
    return call.getOperator() instanceof TimeTable;
  }

  /**
   * What a validated call stands for.
   *
   * @param type of its rows, as the validator says
   * @param sessionZone whose clocks count where the call names no zone
   * @param table makes a relational expression of a table argument
   * @param expression makes one of an expression without columns
   */
  public static RelNode expand(
      SqlCall call,
      RelDataType type,
      ZoneId sessionZone,
      Function<SqlNode, RelNode> table,
      Function<SqlNode, RexNode> expression) {
    TimeTable function = (TimeTable) call.getOperator();
    RelNode input = table.apply(TimeTable.table(call));
    int time = TimeTable.field(input.getRowType(), TimeTable.time(call)).getIndex();
    TimeTableArguments arguments = function.arguments();
    RelNode rows;
    if (function.kind() == TimeTable.Kind.RESAMPLE) {
      rows = Resampling.of(input, time, arguments, sessionZone);
    } else {
      List<Integer> keys =
          TimeTable.partition(call.operand(0)).stream()
              .map(key -> TimeTable.field(input.getRowType(), key).getIndex())
              .toList();
      rows =
          new Grid(
                  input,
                  time,
                  keys.isEmpty() ? Series.identity(input) : keys,
                  arguments,
                  sessionZone,
                  operand -> expression.apply(call.operand(operand)))
              .rows();
    }
    return RelOptUtil.createCastRel(rows, type, true);
  }
}
