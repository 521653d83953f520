package io.datanode.storage.sql;

import java.util.List;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;

/** Writes sums, products, quotients and remainders of numbers, times and intervals. */
final class Arithmetic {
  private final StorageDialect dialect;
  private final ExpressionWriter expressions;

  Arithmetic(StorageDialect dialect, ExpressionWriter expressions) {
    this.dialect = dialect;
    this.expressions = expressions;
  }

  /** A sum, a difference or a product. */
  String sum(RexCall call) {
    if (call.getOperator() == SqlStdOperatorTable.MINUS_DATE) {
      return minusDate(call);
    }
    RexNode left = call.getOperands().get(0);
    RexNode right = call.getOperands().get(1);
    String text =
        dialect.arithmetic(
            call.isA(SqlKind.PLUS) ? "+" : call.isA(SqlKind.MINUS) ? "-" : "*",
            expressions.text(left),
            expressions.text(right),
            left.getType(),
            right.getType(),
            call.getType());
    // A date plus an interval is a timestamp in most storages.
    return call.getType().getSqlTypeName() == SqlTypeName.DATE
        ? "CAST(" + text + " AS DATE)"
        : text;
  }

  String quotient(RexCall call) {
    RexNode dividend = call.getOperands().get(0);
    RexNode divisor = call.getOperands().get(1);
    String first = expressions.text(dividend);
    String second = expressions.text(divisor);
    if (SqlTypeUtil.isIntType(call.getType())) {
      return dialect.integerDivision(first, second);
    }
    if (SqlTypeUtil.isInterval(call.getType())) {
      return "(" + first + " / " + second + ")";
    }
    if (SqlTypeUtil.isDecimal(dividend.getType()) && SqlTypeUtil.isExactNumeric(divisor.getType())
        || SqlTypeUtil.isDecimal(divisor.getType())
            && SqlTypeUtil.isExactNumeric(dividend.getType())) {
      second = nonZero(divisor, second);
    }
    return dialect.quotient(first, second, dividend.getType(), divisor.getType());
  }

  String remainder(RexCall call) {
    RexNode dividend = call.getOperands().get(0);
    RexNode divisor = call.getOperands().get(1);
    return dialect.remainder(
        expressions.text(dividend),
        expressions.text(divisor),
        dividend.getType(),
        divisor.getType());
  }

  private String nonZero(RexNode divisor, String text) {
    if (dialect.failsOnDivisionByZero()) {
      return text;
    }
    if (divisor instanceof RexLiteral
        && !((RexLiteral) divisor).isNull()
        && Literals.decimal((RexLiteral) divisor).signum() != 0) {
      return text;
    }
    return "CASE WHEN "
        + text
        + " = 0 THEN "
        + dialect.failure("division by zero", divisor.getType())
        + " ELSE "
        + text
        + " END";
  }

  private String minusDate(RexCall call) {
    List<RexNode> operands = call.getOperands();
    if (SqlTypeUtil.isInterval(operands.get(1).getType())) {
      String text =
          "(" + expressions.text(operands.get(0)) + " - " + expressions.text(operands.get(1)) + ")";
      return call.getType().getSqlTypeName() == SqlTypeName.DATE
          ? "CAST(" + text + " AS DATE)"
          : text;
    }
    return dialect.timestampDiff(
        SqlTypeName.YEAR_INTERVAL_TYPES.contains(call.getType().getSqlTypeName())
            ? "INTERVAL_MONTHS"
            : "INTERVAL_TIME",
        expressions.text(operands.get(1)),
        expressions.text(operands.get(0)),
        operands.get(1).getType(),
        operands.get(0).getType());
  }
}
