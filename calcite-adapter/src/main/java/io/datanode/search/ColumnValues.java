package io.datanode.search;

import io.datanode.jdbc.SqlState;
import io.datanode.jdbc.batch.ColumnType;
import io.datanode.jdbc.batch.ColumnType.Kind;
import io.datanode.schema.NodeColumn;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;

/**
 * Makes the values of a request fit for the column they are compared with, exactly or not at all.
 *
 * <p>Numbers, times and UUIDs may be given as text. A Boolean may be given as 0 or 1. A number is
 * no text, and true is no number. {@link ColumnTimes} says what holds for times.
 */
final class ColumnValues {
  private static final Set<Kind> INCOMPARABLE =
      EnumSet.of(Kind.ARRAY, Kind.VARBINARY, Kind.YEAR_MONTH, Kind.DAY_TIME);

  /** More digits before the point than any type has. */
  private static final int HUGE = 400;

  private final ComparedValue given;
  private final Object value;

  private ColumnValues(ComparedValue given) {
    this.given = given;
    this.value = given.value();
  }

  /**
   * Where a value lies among those of a column.
   *
   * @param pointer the place of the value in the request
   * @throws InvalidSearchException 22018, 22007 or 22003 if it is not comparable with the column's
   */
  static Fit fit(Object value, NodeColumn column, String pointer) {
    return new ColumnValues(new ComparedValue(column, pointer, value)).fit();
  }

  /**
   * Refuses columns whose values are never compared, whatever with.
   *
   * @throws InvalidSearchException 42804
   */
  static void checkComparable(NodeColumn column, String pointer) {
    if (INCOMPARABLE.contains(column.type().kind())) {
      throw incomparable(column, pointer);
    }
  }

  private static InvalidSearchException incomparable(NodeColumn column, String pointer) {
    return new InvalidSearchException(
        SqlState.DATATYPE_MISMATCH,
        pointer,
        "Column '"
            + column.name()
            + "' is "
            + column.type()
            + ", which cannot be compared; only is_null can be asked of it");
  }

  private Fit fit() {
    ColumnType type = given.column().type();
    switch (type.kind()) {
      case BOOLEAN:
        return Fit.exact(toBoolean());
      case TINYINT:
        return whole(Byte.MIN_VALUE, Byte.MAX_VALUE);
      case SMALLINT:
        return whole(Short.MIN_VALUE, Short.MAX_VALUE);
      case INTEGER:
        return whole(Integer.MIN_VALUE, Integer.MAX_VALUE);
      case BIGINT:
        return whole(Long.MIN_VALUE, Long.MAX_VALUE);
      case REAL:
        return floating(Float.MAX_VALUE);
      case DOUBLE:
        return floating(Double.MAX_VALUE);
      case DECIMAL:
        return decimal(type);
      case VARCHAR:
      case JSON:
      case OTHER:
        return Fit.exact(text());
      case DATE:
      case TIME:
      case TIMESTAMP:
      case INSTANT:
        return new ColumnTimes(given).fit();
      case UUID:
        return Fit.exact(uuid());
      default:
        throw incomparable(given.column(), given.pointer());
    }
  }

  private Boolean toBoolean() {
    if (value instanceof Boolean flag) {
      return flag;
    }
    if (value instanceof String text) {
      switch (text.strip().toLowerCase(Locale.ROOT)) {
        case "true":
          return true;
        case "false":
          return false;
        default:
      }
    } else if (value instanceof Number) {
      BigDecimal number = number();
      if (number.signum() == 0 || number.compareTo(BigDecimal.ONE) == 0) {
        return number.signum() != 0;
      }
    }
    throw given.refused(SqlState.INVALID_CAST, "true or false");
  }

  private Fit whole(long least, long most) {
    BigDecimal number = number();
    if (number.compareTo(BigDecimal.valueOf(most)) > 0) {
      return new Fit(most, null);
    }
    if (number.compareTo(BigDecimal.valueOf(least)) < 0) {
      return new Fit(null, least);
    }
    BigInteger floor = number.setScale(0, RoundingMode.FLOOR).toBigInteger();
    BigInteger ceiling = number.setScale(0, RoundingMode.CEILING).toBigInteger();
    return floor.equals(ceiling)
        ? Fit.exact(floor.longValue())
        : new Fit(floor.longValue(), ceiling.longValue());
  }

  /**
   * A number, which is rounded as it was when it was written, or what is none.
   *
   * @param most the greatest finite value of the column's type
   */
  private Fit floating(double most) {
    if (value instanceof String text) {
      switch (text.strip().toLowerCase(Locale.ROOT)) {
        case "nan":
          return Fit.exact(Double.NaN);
        case "infinity", "+infinity", "inf", "+inf":
          return Fit.exact(Double.POSITIVE_INFINITY);
        case "-infinity", "-inf":
          return Fit.exact(Double.NEGATIVE_INFINITY);
        default:
      }
    }
    boolean plain = value instanceof Double || value instanceof Float;
    double number = plain ? ((Number) value).doubleValue() : number().doubleValue();
    if (plain && !Double.isFinite(number)) {
      return Fit.exact(number);
    }
    if (number > most) {
      return new Fit(most, Double.POSITIVE_INFINITY);
    }
    if (number < -most) {
      return new Fit(Double.NEGATIVE_INFINITY, -most);
    }
    return Fit.exact(most == Float.MAX_VALUE ? (double) (float) number : number);
  }

  private Fit decimal(ColumnType type) {
    BigDecimal number = number();
    BigDecimal most =
        BigDecimal.TEN
            .pow(type.precision() - type.scale())
            .subtract(BigDecimal.ONE.movePointLeft(type.scale()));
    if (number.compareTo(most) > 0) {
      return new Fit(most, null);
    }
    if (number.compareTo(most.negate()) < 0) {
      return new Fit(null, most.negate());
    }
    BigDecimal floor = number.setScale(type.scale(), RoundingMode.FLOOR);
    BigDecimal ceiling = number.setScale(type.scale(), RoundingMode.CEILING);
    return floor.equals(ceiling) ? Fit.exact(floor) : new Fit(floor, ceiling);
  }

  private BigDecimal number() {
    BigDecimal number;
    if (value instanceof BigDecimal decimal) {
      number = decimal;
    } else if (value instanceof BigInteger integer) {
      number = new BigDecimal(integer);
    } else if (value instanceof Double || value instanceof Float) {
      if (!Double.isFinite(((Number) value).doubleValue())) {
        throw given.refused(SqlState.NUMERIC_OUT_OF_RANGE, "a finite number");
      }
      number = new BigDecimal(value.toString());
    } else if (value instanceof Number whole) {
      number = BigDecimal.valueOf(whole.longValue());
    } else if (value instanceof String text) {
      try {
        number = new BigDecimal(text.strip());
      } catch (NumberFormatException e) {
        throw given.refused(SqlState.INVALID_CAST, "a number");
      }
    } else {
      throw given.refused(SqlState.INVALID_CAST, "a number");
    }
    if ((long) number.precision() - number.scale() > HUGE) {
      throw given.refused(SqlState.NUMERIC_OUT_OF_RANGE, "a number of at most " + HUGE + " digits");
    }
    // A tiny number would be written out with all its zeros when it is cut.
    return number.scale() > 2 * HUGE ? number.setScale(2 * HUGE, RoundingMode.UP) : number;
  }

  private String text() {
    String text;
    if (value instanceof String || value instanceof UUID) {
      text = value.toString();
    } else {
      throw given.refused(SqlState.INVALID_CAST, "a text");
    }
    return withoutZero(text, given.pointer());
  }

  /** The text, if storages can hold it: PostgreSQL has no text with a zero character. */
  static String withoutZero(String text, String pointer) {
    if (text.indexOf('\0') >= 0) {
      throw InvalidSearchException.rule(pointer, "A text cannot contain the character U+0000");
    }
    return text;
  }

  private UUID uuid() {
    if (value instanceof UUID uuid) {
      return uuid;
    }
    if (value instanceof String text && text.strip().length() == 36) {
      try {
        return UUID.fromString(text.strip());
      } catch (IllegalArgumentException e) {
        throw given.refused(SqlState.INVALID_CAST, "a UUID");
      }
    }
    throw given.refused(SqlState.INVALID_CAST, "a UUID");
  }
}
