package io.datanode.plan;

import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexDynamicParam;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlAggFunction;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlDynamicParam;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.apache.calcite.sql2rel.SqlRexContext;
import org.apache.calcite.sql2rel.SqlRexConvertlet;
import org.apache.calcite.sql2rel.SqlRexConvertletTable;
import org.apache.calcite.sql2rel.StandardConvertletTable;
import org.jspecify.annotations.Nullable;

/**
 * Calcite's conversions of calls, except those of aggregate functions: AVG and its kin would become
 * quotients of sums, though storages know them.
 */
final class NodeConvertlets implements SqlRexConvertletTable {
  static final NodeConvertlets INSTANCE = new NodeConvertlets();

  private NodeConvertlets() {}

  @Override
  public @Nullable SqlRexConvertlet get(SqlCall call) {
    SqlOperator operator = call.getOperator();
    if (operator instanceof SqlAggFunction && operator.getKind() != SqlKind.SUM) {
      return (context, aggregate) ->
          StandardConvertletTable.INSTANCE.convertAggregateFunction(
              context, (SqlAggFunction) operator, aggregate);
    }
    if (operator.getKind() == SqlKind.CAST && call.operand(0) instanceof SqlDynamicParam) {
      return NodeConvertlets::castParameter;
    }
    return StandardConvertletTable.INSTANCE.get(call);
  }

  /** A parameter of the type it is cast to, where Calcite has it cast from NOT NULL too. */
  private static RexNode castParameter(SqlRexContext context, SqlCall call) {
    RexNode cast = StandardConvertletTable.INSTANCE.get(call).convertCall(context, call);
    RexNode operand = cast.isA(SqlKind.CAST) ? ((RexCall) cast).getOperands().get(0) : cast;
    return cast != operand
            && operand instanceof RexDynamicParam
            && SqlTypeUtil.equalSansNullability(cast.getType(), operand.getType())
        ? context
            .getRexBuilder()
            .makeDynamicParam(cast.getType(), ((RexDynamicParam) operand).getIndex())
        : cast;
  }
}
