package io.datanode.engine;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Locale;

/** A value as a number, exactly or not at all. */
final class NumberConversion {
  /** Digits before the point, or zeros behind it, of the largest and smallest numbers taken. */
  private static final int MOST_PLACES = 1_000;

  private final GivenValue given;

  NumberConversion(GivenValue given) {
    this.given = given;
  }

  Long whole(Object value, long least, long greatest) {
    BigDecimal number = number(value, "a whole number");
    BigInteger exact;
    try {
      exact = number.toBigIntegerExact();
    } catch (ArithmeticException e) {
      throw given.refused("a whole number");
    }
    if (exact.compareTo(BigInteger.valueOf(least)) < 0
        || exact.compareTo(BigInteger.valueOf(greatest)) > 0) {
      throw given.outOfRange(
          "; " + given.wanted() + " holds whole numbers from " + least + " to " + greatest);
    }
    return exact.longValue();
  }

  Double toDouble(Object value) {
    if (value instanceof Double) {
      return (Double) value;
    }
    if (value instanceof Float) {
      return ((Float) value).doubleValue();
    }
    if (value instanceof String) {
      switch (((String) value).trim().toLowerCase(Locale.ROOT)) {
        case "nan":
          return Double.NaN;
        case "infinity", "+infinity", "inf", "+inf":
          return Double.POSITIVE_INFINITY;
        case "-infinity", "-inf":
          return Double.NEGATIVE_INFINITY;
        default:
      }
    }
    double result = number(value, "a number").doubleValue();
    if (Double.isInfinite(result)) {
      throw given.outOfRange(", which " + given.wanted() + " cannot hold");
    }
    return result;
  }

  // The scale of the type is not forced on the value: what a cast of the statement itself does to
  // it is done by the storage. Comparisons are planned otherwise if it has more digits.
  BigDecimal toDecimal(Object value) {
    BigDecimal number = number(value, "a number");
    if (number.precision() - number.scale() > 38) {
      throw given.outOfRange("; " + given.wanted() + " has at most 38 digits");
    }
    if (number.scale() < 0) {
      number = number.setScale(0);
    }
    if (number.precision() > 38 || number.scale() > 38) {
      BigDecimal shorter = number.stripTrailingZeros();
      int scale = Math.min(38, 38 - Math.max(0, shorter.precision() - shorter.scale()));
      number =
          shorter.setScale(Math.min(scale, Math.max(0, shorter.scale())), RoundingMode.HALF_EVEN);
    }
    return number;
  }

  /** A number whose zeros, written out, do not fill the memory. */
  BigDecimal measured(BigDecimal number) {
    if (number.signum() != 0
        && Math.abs((long) number.precision() - number.scale()) > MOST_PLACES) {
      throw given.outOfRange(", which no numeric type holds");
    }
    return number.signum() == 0 && Math.abs((long) number.scale()) > MOST_PLACES
        ? BigDecimal.ZERO
        : number;
  }

  BigDecimal number(Object value, String expected) {
    if (value instanceof BigDecimal) {
      return measured((BigDecimal) value);
    }
    if (value instanceof BigInteger) {
      return new BigDecimal((BigInteger) value);
    }
    if (value instanceof Double || value instanceof Float) {
      double number = ((Number) value).doubleValue();
      if (Double.isNaN(number) || Double.isInfinite(number)) {
        throw given.outOfRange("; expected a finite number");
      }
      return new BigDecimal(value.toString());
    }
    if (value instanceof Number) {
      return BigDecimal.valueOf(((Number) value).longValue());
    }
    if (value instanceof Boolean) {
      return (Boolean) value ? BigDecimal.ONE : BigDecimal.ZERO;
    }
    if (value instanceof String) {
      try {
        return measured(new BigDecimal(((String) value).trim()));
      } catch (NumberFormatException e) {
        throw given.refused(expected);
      }
    }
    throw given.refused(expected);
  }
}
