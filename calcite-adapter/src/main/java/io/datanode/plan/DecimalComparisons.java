package io.datanode.plan;

import io.datanode.jdbc.batch.ColumnType;
import io.datanode.schema.ColumnTypes;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Set;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.jspecify.annotations.Nullable;

/**
 * Compares exact numbers of types that no DECIMAL of 38 digits holds both, without rounding either.
 *
 * <p>With a constant the comparison becomes one in the type of the other side: {@code amount <
 * 0.00014} asks of a DECIMAL(18, 4) whether {@code amount <= 0.0001}, and nothing equals it. Two
 * values are compared by what stands before the decimal point, then by what stands after it.
 */
final class DecimalComparisons extends ExpressionRules {
  private static final int MOST_DIGITS = 38;
  static final Set<SqlKind> KINDS =
      Set.of(
          SqlKind.EQUALS,
          SqlKind.NOT_EQUALS,
          SqlKind.LESS_THAN,
          SqlKind.LESS_THAN_OR_EQUAL,
          SqlKind.GREATER_THAN,
          SqlKind.GREATER_THAN_OR_EQUAL,
          SqlKind.IS_DISTINCT_FROM,
          SqlKind.IS_NOT_DISTINCT_FROM);

  private final RexBuilder builder;

  DecimalComparisons(RexBuilder builder) {
    this.builder = builder;
  }

  /** False for two exact numbers whose digits no DECIMAL holds; true for all other types. */
  static boolean haveCommonType(RelDataType left, RelDataType right) {
    boolean decimals =
        SqlTypeUtil.isExactNumeric(left)
            && SqlTypeUtil.isExactNumeric(right)
            && (SqlTypeUtil.isDecimal(left) || SqlTypeUtil.isDecimal(right));
    if (!decimals) {
      return true;
    }
    int whole =
        Math.max(left.getPrecision() - left.getScale(), right.getPrecision() - right.getScale());
    return whole + Math.max(left.getScale(), right.getScale()) <= MOST_DIGITS;
  }

  @Override
  public RexNode visitCall(RexCall call) {
    RexNode visited = super.visitCall(call);
    if (visited.isA(Set.of(SqlKind.AND, SqlKind.OR))) {
      // A comparison by parts is one of them itself, and Calcite expects none within its like.
      return RexUtil.flatten(builder, visited);
    }
    if (!KINDS.contains(visited.getKind()) || ((RexCall) visited).getOperands().size() != 2) {
      return visited;
    }
    RexNode left = ((RexCall) visited).getOperands().get(0);
    RexNode right = ((RexCall) visited).getOperands().get(1);
    SqlOperator operator = ((RexCall) visited).getOperator();
    BigDecimal listed = roundedConstant(right);
    if (listed != null) {
      return withConstant(left, operator, listed);
    }
    if (haveCommonType(left.getType(), right.getType())) {
      return visited;
    }
    SqlOperator turned = operator.reverse();
    BigDecimal constant = constant(right);
    if (constant != null) {
      return withConstant(left, operator, constant);
    }
    constant = constant(left);
    return constant != null && turned != null
        ? withConstant(right, turned, constant)
        : byParts(left, operator, right);
  }

  /**
   * The constant that a cast would round to fewer digits, or null. In a comparison only Calcite's
   * conversion of IN makes one: a statement's own cast of a constant is {@link NodeConvertlets a
   * rounded constant}.
   */
  static @Nullable BigDecimal roundedConstant(RexNode node) {
    if (node.getKind() != SqlKind.CAST || node.getType().getSqlTypeName() != SqlTypeName.DECIMAL) {
      return null;
    }
    RexNode operand = ((RexCall) node).getOperands().get(0);
    return SqlTypeUtil.isExactNumeric(operand.getType()) ? constant(operand) : null;
  }

  private static @Nullable BigDecimal constant(RexNode node) {
    if (node.getKind() == SqlKind.MINUS_PREFIX) {
      BigDecimal negated = constant(((RexCall) node).getOperands().get(0));
      return negated == null ? null : negated.negate();
    }
    return node instanceof RexLiteral ? ((RexLiteral) node).getValueAs(BigDecimal.class) : null;
  }

  private RexNode withConstant(RexNode value, SqlOperator comparison, BigDecimal constant) {
    RexNode decimal = decimal(value);
    ColumnType type = ColumnTypes.fromRel(decimal.getType());
    DecimalPlace place = DecimalPlace.of(constant, type);
    if (place == null) {
      return builder.makeCall(
          comparison,
          decimal,
          builder.makeExactLiteral(
              constant.setScale(type.scale(), RoundingMode.UNNECESSARY), decimal.getType()));
    }
    return place.compared(
        builder,
        decimal,
        comparison.getKind(),
        () -> builder.makeExactLiteral(DecimalPlace.floor(constant, type), decimal.getType()));
  }

  private RexNode byParts(RexNode left, SqlOperator comparison, RexNode right) {
    RexNode first = decimal(left);
    RexNode second = decimal(right);
    RexNode whole = call(comparison, whole(first), whole(second));
    RexNode rest = call(comparison, fraction(first), fraction(second));
    switch (comparison.getKind()) {
      case EQUALS:
      case IS_NOT_DISTINCT_FROM:
        return call(SqlStdOperatorTable.AND, whole, rest);
      case NOT_EQUALS:
      case IS_DISTINCT_FROM:
        return call(SqlStdOperatorTable.OR, whole, rest);
      default:
        boolean less =
            comparison.getKind() == SqlKind.LESS_THAN
                || comparison.getKind() == SqlKind.LESS_THAN_OR_EQUAL;
        return call(
            SqlStdOperatorTable.OR,
            call(
                less ? SqlStdOperatorTable.LESS_THAN : SqlStdOperatorTable.GREATER_THAN,
                whole(first),
                whole(second)),
            call(
                SqlStdOperatorTable.AND,
                call(SqlStdOperatorTable.EQUALS, whole(first), whole(second)),
                rest));
    }
  }

  /** Digits before the point. Cut, not rounded down: that could need one digit more. */
  private RexNode whole(RexNode decimal) {
    return builder.makeAbstractCast(
        type(MOST_DIGITS, 0, decimal),
        call(SqlStdOperatorTable.TRUNCATE, decimal, builder.makeExactLiteral(BigDecimal.ZERO)),
        false);
  }

  /** Digits after the point, with the sign. */
  private RexNode fraction(RexNode decimal) {
    int scale = decimal.getType().getScale();
    if (scale == 0) {
      return builder.makeAbstractCast(
          type(1, 0, decimal),
          builder.makeCall(SqlStdOperatorTable.MINUS, List.of(decimal, decimal)),
          false);
    }
    RexNode cut = builder.makeAbstractCast(decimal.getType(), whole(decimal), false);
    return builder.makeAbstractCast(
        type(scale, scale, decimal),
        builder.makeCall(decimal.getType(), SqlStdOperatorTable.MINUS, List.of(decimal, cut)),
        false);
  }

  private RexNode decimal(RexNode number) {
    return SqlTypeUtil.isDecimal(number.getType())
        ? number
        : builder.makeAbstractCast(type(number.getType().getPrecision(), 0, number), number, false);
  }

  private RelDataType type(int precision, int scale, RexNode like) {
    return builder
        .getTypeFactory()
        .createTypeWithNullability(
            builder.getTypeFactory().createSqlType(SqlTypeName.DECIMAL, precision, scale),
            like.getType().isNullable());
  }

  private RexNode call(SqlOperator operator, RexNode... operands) {
    return builder.makeCall(operator, operands);
  }
}
