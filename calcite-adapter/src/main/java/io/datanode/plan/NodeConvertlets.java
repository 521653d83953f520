package io.datanode.plan;

import org.apache.calcite.sql.SqlAggFunction;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlOperator;
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
    return StandardConvertletTable.INSTANCE.get(call);
  }
}
