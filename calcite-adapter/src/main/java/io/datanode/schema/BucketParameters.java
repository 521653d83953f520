package io.datanode.schema;

import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.SqlCallBinding;
import org.apache.calcite.sql.SqlDynamicParam;
import org.apache.calcite.sql.type.SqlOperandTypeInference;

/**
 * Parameters of TIME_BUCKET. Their types cannot be told: a width of minutes is counted in UTC and
 * one of days on the clocks of the session, and behind the time may be an origin or a zone.
 */
final class BucketParameters implements SqlOperandTypeInference {
  private static final String ADVICE = "The type of this parameter cannot be told; write ";

  @Override
  public void inferOperandTypes(SqlCallBinding call, RelDataType returned, RelDataType[] operands) {
    if (isParameter(call, 0)) {
      throw InvalidExpression.at(
          call.operand(0),
          ADVICE
              + "CAST(? AS INTERVAL MINUTE), or AS INTERVAL DAY or MONTH, and bind a length in ISO"
              + " 8601 such as PT5M, P1D or P1M");
    }
    if (call.getOperandCount() > 2 && isParameter(call, 2)) {
      throw InvalidExpression.at(
          call.operand(2),
          ADVICE
              + "CAST(? AS TIMESTAMP) for an origin; a zone is a constant such as 'Europe/Zurich'");
    }
  }

  private static boolean isParameter(SqlCallBinding call, int operand) {
    return call.operand(operand) instanceof SqlDynamicParam;
  }
}
