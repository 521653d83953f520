package io.datanode.plan;

import io.datanode.schema.TimeFunctions;
import java.math.BigDecimal;
import java.util.List;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlBasicCall;
import org.apache.calcite.sql.SqlBinaryOperator;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.type.OperandTypes;
import org.apache.calcite.sql.type.ReturnTypes;
import org.apache.calcite.sql.type.SqlReturnTypeInference;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.validate.SqlValidator;
import org.apache.calcite.sql.validate.SqlValidatorScope;
import org.apache.calcite.sql2rel.SqlRexContext;
import org.jspecify.annotations.Nullable;

/**
 * {@code date + n}, {@code n + date}, {@code date - n} and {@code date - date} in days, as
 * PostgreSQL and DuckDB have them; Calcite knows dates and intervals only.
 */
final class DateArithmetic {
  private static final SqlOperator PLUS_DAYS =
      new InDays("+", SqlKind.PLUS, ReturnTypes.ARG0_NULLABLE);
  private static final SqlOperator DAYS_PLUS =
      new InDays("+", SqlKind.PLUS, ReturnTypes.ARG1_NULLABLE);
  private static final SqlOperator MINUS_DAYS =
      new InDays("-", SqlKind.MINUS, ReturnTypes.ARG0_NULLABLE);
  private static final SqlOperator DAYS_BETWEEN =
      new InDays("-", SqlKind.MINUS, ReturnTypes.BIGINT_NULLABLE);

  private DateArithmetic() {}

  /** A sum or a difference chosen by the types of its operands. */
  private static final class InDays extends SqlBinaryOperator {
    InDays(String name, SqlKind kind, SqlReturnTypeInference returns) {
      super(name, kind, 40, true, returns, null, OperandTypes.VARIADIC);
    }

    /** Does not look for the operator by its name, which Calcite does of all but functions. */
    @Override
    public RelDataType deriveType(SqlValidator validator, SqlValidatorScope scope, SqlCall call) {
      return validateOperands(validator, scope, call);
    }
  }

  /** True if it is a sum or a difference that may turn out to be one of days. */
  static boolean isCandidate(SqlNode node) {
    if (!(node instanceof SqlBasicCall) || ((SqlCall) node).operandCount() != 2) {
      return false;
    }
    SqlOperator operator = ((SqlCall) node).getOperator();
    return operator == SqlStdOperatorTable.PLUS || operator == SqlStdOperatorTable.MINUS;
  }

  /** Makes a sum or a difference one of days if its operands are dates and whole numbers. */
  static void resolve(SqlBasicCall call, RelDataType left, RelDataType right) {
    SqlOperator days = days(call.getKind(), left.getSqlTypeName(), right.getSqlTypeName());
    if (days != null) {
      call.setOperator(days);
    }
  }

  private static @Nullable SqlOperator days(SqlKind kind, SqlTypeName left, SqlTypeName right) {
    if (left == SqlTypeName.DATE && SqlTypeName.INT_TYPES.contains(right)) {
      return kind == SqlKind.PLUS ? PLUS_DAYS : MINUS_DAYS;
    }
    if (kind == SqlKind.PLUS && SqlTypeName.INT_TYPES.contains(left)) {
      return right == SqlTypeName.DATE ? DAYS_PLUS : null;
    }
    return kind == SqlKind.MINUS && left == SqlTypeName.DATE && right == SqlTypeName.DATE
        ? DAYS_BETWEEN
        : null;
  }

  /** True if {@link #convert} converts calls of the operator. */
  static boolean has(SqlOperator operator) {
    // Calcite's operators are equal if their names are.
    return operator == PLUS_DAYS
        || operator == DAYS_PLUS
        || operator == MINUS_DAYS
        || operator == DAYS_BETWEEN;
  }

  /** As TIMESTAMPADD or TIMESTAMPDIFF, which storages and the ranges of time know. */
  static RexNode convert(SqlRexContext context, SqlCall call) {
    RexBuilder rex = context.getRexBuilder();
    RexNode left = context.convertExpression(call.operand(0));
    RexNode right = context.convertExpression(call.operand(1));
    RexNode day = rex.makeLiteral("DAY");
    if (call.getOperator() == DAYS_BETWEEN) {
      return rex.makeCall(TimeFunctions.TIMESTAMP_DIFF, List.of(day, right, left));
    }
    boolean dateFirst = call.getOperator() != DAYS_PLUS;
    RexNode date = dateFirst ? left : right;
    RexNode days = dateFirst ? right : left;
    RexNode shift = call.getOperator() == MINUS_DAYS ? negative(rex, days) : days;
    return rex.makeCall(TimeFunctions.TIMESTAMP_ADD, List.of(day, shift, date));
  }

  private static RexNode negative(RexBuilder rex, RexNode number) {
    if (number instanceof RexLiteral && !((RexLiteral) number).isNull()) {
      BigDecimal value = ((RexLiteral) number).getValueAs(BigDecimal.class);
      return rex.makeExactLiteral(value.negate());
    }
    // The least TINYINT has no TINYINT as its negative.
    RelDataTypeFactory types = rex.getTypeFactory();
    RelDataType bigint =
        types.createTypeWithNullability(
            types.createSqlType(SqlTypeName.BIGINT), number.getType().isNullable());
    return rex.makeCall(SqlStdOperatorTable.UNARY_MINUS, rex.makeCast(bigint, number));
  }
}
