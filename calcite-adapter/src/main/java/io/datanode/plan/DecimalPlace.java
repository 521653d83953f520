package io.datanode.plan;

import io.datanode.jdbc.batch.ColumnType;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.function.Supplier;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.type.SqlTypeName;
import org.jspecify.annotations.Nullable;

/** Where a decimal that a type does not hold lies among those that it does. */
public enum DecimalPlace {
  /** Less than all of them. */
  BELOW,
  /** Between two of them, or between the greatest and the next that would have more digits. */
  BETWEEN,
  /** Greater than all of them. */
  ABOVE;

  /**
   * The place of a value; null if the type holds it.
   *
   * @param type a DECIMAL
   */
  public static @Nullable DecimalPlace of(BigDecimal value, ColumnType type) {
    if (wholeDigits(value) > type.precision() - type.scale()) {
      return value.signum() < 0 ? BELOW : ABOVE;
    }
    if (value.signum() == 0 || value.stripTrailingZeros().scale() <= type.scale()) {
      return null;
    }
    return floor(value, type).precision() > type.precision() ? BELOW : BETWEEN;
  }

  /** The greatest decimal with the digits of the type after the point that is not greater. */
  public static BigDecimal floor(BigDecimal value, ColumnType type) {
    // A number like 1e-1000000000 is not to be written out.
    boolean tiny = wholeDigits(value) < -type.scale();
    return tiny
        ? BigDecimal.valueOf(value.signum() < 0 ? -1 : 0, type.scale())
        : value.setScale(type.scale(), RoundingMode.FLOOR);
  }

  /**
   * What a comparison of a value of the type with the decimal at this place says.
   *
   * @param comparison =, &lt;&gt;, IS [NOT] DISTINCT FROM or one of order, the value on the left
   * @param floor the {@link #floor} of the decimal, asked for only where it matters
   */
  RexNode compared(RexBuilder builder, RexNode value, SqlKind comparison, Supplier<RexNode> floor) {
    switch (comparison) {
      case IS_DISTINCT_FROM:
      case IS_NOT_DISTINCT_FROM:
        return builder.makeLiteral(comparison == SqlKind.IS_DISTINCT_FROM);
      case EQUALS:
      case NOT_EQUALS:
        return unlessNull(builder, value, comparison == SqlKind.NOT_EQUALS);
      default:
        break;
    }
    boolean less = comparison == SqlKind.LESS_THAN || comparison == SqlKind.LESS_THAN_OR_EQUAL;
    if (this != BETWEEN) {
      return unlessNull(builder, value, less == (this == ABOVE));
    }
    return builder.makeCall(
        less ? SqlStdOperatorTable.LESS_THAN_OR_EQUAL : SqlStdOperatorTable.GREATER_THAN,
        value,
        floor.get());
  }

  /** True or false for values, NULL for NULL. */
  private static RexNode unlessNull(RexBuilder builder, RexNode value, boolean answer) {
    RelDataType type = builder.getTypeFactory().createSqlType(SqlTypeName.BOOLEAN);
    return builder.makeCall(
        SqlStdOperatorTable.CASE,
        builder.makeCall(SqlStdOperatorTable.IS_NULL, value),
        builder.makeNullLiteral(type),
        builder.makeLiteral(answer));
  }

  private static long wholeDigits(BigDecimal value) {
    return value.signum() == 0 ? 0 : (long) value.precision() - value.scale();
  }
}
