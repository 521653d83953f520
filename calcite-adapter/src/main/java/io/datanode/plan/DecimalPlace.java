package io.datanode.plan;

import io.datanode.jdbc.batch.ColumnType;
import java.math.BigDecimal;
import java.math.RoundingMode;
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

  private static long wholeDigits(BigDecimal value) {
    return value.signum() == 0 ? 0 : (long) value.precision() - value.scale();
  }
}
