package io.datanode.storage.sql;

import java.math.BigDecimal;
import java.util.List;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;

/**
 * An expression as another one plus a constant: {@code t - INTERVAL '5' DAY} is {@code t} and minus
 * five days.
 *
 * @param by milliseconds for times, else a number; zero if nothing constant is added
 */
public record Shifted(RexNode base, BigDecimal by) {
  /**
   * Takes an expression apart; intervals of months, which have no fixed length, stay in the base.
   */
  public static Shifted of(RexNode expression) {
    boolean sum = expression.isA(SqlKind.PLUS) || expression.isA(SqlKind.MINUS);
    if (!sum || ((RexCall) expression).getOperands().size() != 2) {
      return new Shifted(expression, BigDecimal.ZERO);
    }
    List<RexNode> operands = ((RexCall) expression).getOperands();
    RexNode first = operands.get(0);
    RexNode second = operands.get(1);
    if (isConstant(second)) {
      Shifted inner = of(first);
      BigDecimal by = constant(second);
      return new Shifted(
          inner.base, expression.isA(SqlKind.PLUS) ? inner.by.add(by) : inner.by.subtract(by));
    }
    if (expression.isA(SqlKind.PLUS) && isConstant(first)) {
      Shifted inner = of(second);
      return new Shifted(inner.base, inner.by.add(constant(first)));
    }
    return new Shifted(expression, BigDecimal.ZERO);
  }

  private static boolean isConstant(RexNode node) {
    return node instanceof RexLiteral
        && !((RexLiteral) node).isNull()
        && (SqlTypeName.DAY_INTERVAL_TYPES.contains(node.getType().getSqlTypeName())
            || SqlTypeUtil.isNumeric(node.getType()));
  }

  private static BigDecimal constant(RexNode node) {
    return ((RexLiteral) node).getValueAs(BigDecimal.class);
  }
}
