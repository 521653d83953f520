package io.datanode.storage.postgresql;

import io.datanode.jdbc.SqlState;
import io.datanode.jdbc.batch.ColumnType;
import io.datanode.jdbc.batch.ColumnVector;
import io.datanode.jdbc.batch.DecimalVector;
import io.datanode.jdbc.batch.LongVector;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;

/**
 * NUMERIC in the binary format: four 16-bit numbers (count of groups, weight of the first, sign,
 * digits shown after the point), then groups of four decimal digits.
 */
final class NumericReader implements ValueReader {
  private static final int HEADER = 8;
  private static final int GROUP = 10_000;
  private static final int NEGATIVE = 0x4000;
  private static final int NAN = 0xC000;
  private static final int INFINITY = 0xD000;
  private static final int MINUS_INFINITY = 0xF000;
  private static final long[] POWERS = new long[19];

  static {
    long power = 1;
    for (int i = 0; i < POWERS.length; i++) {
      POWERS[i] = power;
      power *= 10;
    }
  }

  private final ColumnType type;
  private final int scale;
  private final boolean wide;

  /** A reader into decimals, or into whole numbers. */
  NumericReader(ColumnType type) {
    this.type = type;
    this.scale = type.scale();
    this.wide = type.kind() == ColumnType.Kind.DECIMAL && type.precision() > 18;
  }

  @Override
  public void read(byte[] bytes, int offset, int length, ColumnVector target, int row) {
    int sign = unsigned(bytes, offset + 4);
    if (sign != 0 && sign != NEGATIVE) {
      throw notFinite(sign);
    }
    if (!wide && readShort(bytes, offset, sign, (LongVector) target, row)) {
      return;
    }
    BigDecimal value = fitting(value(bytes, offset));
    if (wide) {
      ((DecimalVector) target).set(row, value);
    } else {
      ((LongVector) target).set(row, value.unscaledValue().longValueExact());
    }
  }

  /** The usual case: all digits fit into 64 bits. Gives false if they may not. */
  private boolean readShort(byte[] bytes, int offset, int sign, LongVector target, int row) {
    int groups = unsigned(bytes, offset);
    int weight = signed(bytes, offset + 2);
    // The power of ten of the last group, once the point is moved to where the type has it.
    int exponent = 4 * (weight - groups + 1) + scale;
    if (groups > 5 || exponent < -3 || exponent > 14) {
      return groups == 0 && store(target, row, 0);
    }
    long value = 0;
    for (int i = 0; i < groups; i++) {
      int group = unsigned(bytes, offset + HEADER + 2 * i);
      if (i == 4 || (i == groups - 1 && exponent < 0)) {
        long shift = exponent < 0 ? POWERS[-exponent] : 1;
        if (group % shift != 0 || value > Long.MAX_VALUE / GROUP - 1) {
          return false;
        }
        value = value * (GROUP / shift) + group / shift;
      } else {
        value = value * GROUP + group;
      }
    }
    if (exponent > 0) {
      if (value > Long.MAX_VALUE / POWERS[exponent]) {
        return false;
      }
      value *= POWERS[exponent];
    }
    return fits(value) && store(target, row, sign == NEGATIVE ? -value : value);
  }

  private static boolean store(LongVector target, int row, long value) {
    target.set(row, value);
    return true;
  }

  private boolean fits(long magnitude) {
    switch (type.kind()) {
      case TINYINT:
        return magnitude <= Byte.MAX_VALUE;
      case SMALLINT:
        return magnitude <= Short.MAX_VALUE;
      case INTEGER:
        return magnitude <= Integer.MAX_VALUE;
      case DECIMAL:
        return magnitude < POWERS[type.precision()];
      default:
        return true;
    }
  }

  /** The value with the scale of the type. */
  private BigDecimal fitting(BigDecimal value) {
    if (value.scale() > scale
        && scale == NativeType.FREE_SCALE
        && value.stripTrailingZeros().scale() > scale) {
      throw new UnreadableValue(
          SqlState.NUMERIC_OUT_OF_RANGE,
          "holds "
              + value.toPlainString()
              + ", which has more than "
              + scale
              + " digits after the point; declare it in the catalog with dtype: float64, or with"
              + " its digits, such as dtype: numeric(38, 30)");
    }
    // What is computed is rounded as a cast rounds.
    BigDecimal scaled = value.setScale(scale, RoundingMode.HALF_UP);
    if (!inRange(scaled)) {
      throw new UnreadableValue(
          SqlState.NUMERIC_OUT_OF_RANGE,
          "holds "
              + value.toPlainString()
              + ", which is out of range for "
              + type
              + "; declare it in the catalog with dtype: float64, or CAST it");
    }
    return scaled;
  }

  private boolean inRange(BigDecimal value) {
    switch (type.kind()) {
      case DECIMAL:
        return value.precision() <= type.precision();
      case TINYINT:
        return value.compareTo(BigDecimal.valueOf(value.byteValue())) == 0;
      case SMALLINT:
        return value.compareTo(BigDecimal.valueOf(value.shortValue())) == 0;
      case INTEGER:
        return value.compareTo(BigDecimal.valueOf(value.intValue())) == 0;
      default:
        return value.compareTo(BigDecimal.valueOf(value.longValue())) == 0;
    }
  }

  private UnreadableValue notFinite(int sign) {
    String name = sign == NAN ? "NaN" : sign == INFINITY ? "Infinity" : "-Infinity";
    return new UnreadableValue(
        SqlState.NUMERIC_OUT_OF_RANGE,
        "holds "
            + name
            + ", which "
            + type
            + " does not have; declare it in the catalog with dtype: float64");
  }

  /** A finite value with all its digits. */
  private static BigDecimal value(byte[] bytes, int offset) {
    int groups = unsigned(bytes, offset);
    int weight = signed(bytes, offset + 2);
    BigInteger digits = BigInteger.ZERO;
    long chunk = 0;
    int inChunk = 0;
    for (int i = 0; i < groups; i++) {
      chunk = chunk * GROUP + unsigned(bytes, offset + HEADER + 2 * i);
      inChunk++;
      if (inChunk == 4 || i == groups - 1) {
        digits =
            digits.multiply(BigInteger.valueOf(POWERS[4 * inChunk])).add(BigInteger.valueOf(chunk));
        chunk = 0;
        inChunk = 0;
      }
    }
    int scale = 4 * (groups - 1 - weight);
    BigDecimal value = new BigDecimal(digits, groups == 0 ? 0 : scale);
    return unsigned(bytes, offset + 4) == NEGATIVE ? value.negate() : value;
  }

  /** The nearest floating point number; NaN and the infinities are themselves. */
  static double toDouble(byte[] bytes, int offset) {
    switch (unsigned(bytes, offset + 4)) {
      case NAN:
        return Double.NaN;
      case INFINITY:
        return Double.POSITIVE_INFINITY;
      case MINUS_INFINITY:
        return Double.NEGATIVE_INFINITY;
      default:
        return value(bytes, offset).doubleValue();
    }
  }

  private static int signed(byte[] bytes, int offset) {
    return bytes[offset] << 8 | bytes[offset + 1] & 0xff;
  }

  private static int unsigned(byte[] bytes, int offset) {
    return (bytes[offset] & 0xff) << 8 | bytes[offset + 1] & 0xff;
  }
}
