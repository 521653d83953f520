package io.datanode.plan;

import io.datanode.storage.sql.KeyCondition;
import java.math.BigDecimal;
import java.util.List;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;

/**
 * The condition that a column holds one of the keys of another piece of the query, as an operator
 * that conditions are pushed by like any other.
 */
final class KeysPredicate {
  private KeysPredicate() {}

  static RexNode of(
      RexBuilder rex, int column, RelDataType type, int keySet, Plan.Reduction.Use use) {
    return rex.makeCall(
        KeyCondition.OPERATOR,
        List.of(
            new RexInputRef(column, type),
            rex.makeExactLiteral(BigDecimal.valueOf(keySet)),
            rex.makeExactLiteral(BigDecimal.valueOf(use.ordinal()))));
  }

  static boolean is(RexNode node) {
    return node instanceof RexCall && ((RexCall) node).getOperator() == KeyCondition.OPERATOR;
  }
}
