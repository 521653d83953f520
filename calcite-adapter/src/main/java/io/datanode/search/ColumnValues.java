package io.datanode.search;

import io.datanode.jdbc.SqlState;
import io.datanode.jdbc.batch.ColumnType;
import io.datanode.jdbc.batch.ColumnType.Kind;
import io.datanode.plan.TimeText;
import io.datanode.schema.NodeColumn;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Makes the values of a request fit for the column they are compared with, exactly or not at all.
 *
 * <p>Numbers, times and UUIDs may be given as text. A time without offset is in UTC, whatever the
 * zone of the session; a date is its midnight in UTC. A Boolean may be given as 0 or 1. A number is
 * no text, and true is no number.
 */
final class ColumnValues {
  private static final Set<Kind> INCOMPARABLE =
      EnumSet.of(Kind.ARRAY, Kind.VARBINARY, Kind.YEAR_MONTH, Kind.DAY_TIME);

  /** More digits before the point than any type has. */
  private static final int HUGE = 400;

  private static final Instant EARLIEST = Instant.parse("-290000-01-01T00:00:00Z");
  private static final Instant LATEST = Instant.parse("+294000-01-01T00:00:00Z");

  private final NodeColumn column;
  private final String pointer;
  private final Object given;

  private ColumnValues(NodeColumn column, String pointer, Object given) {
    this.column = column;
    this.pointer = pointer;
    this.given = given;
  }

  /**
   * Where a value lies among those of a column.
   *
   * @param pointer the place of the value in the request
   * @throws InvalidSearchException 22018, 22007 or 22003 if it is not comparable with the column's
   */
  static Fit fit(Object value, NodeColumn column, String pointer) {
    return new ColumnValues(column, pointer, value).fit();
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
    ColumnType type = column.type();
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
        return date();
      case TIME:
        return time();
      case TIMESTAMP:
        return timestamp(type);
      case INSTANT:
        return instant(type);
      case UUID:
        return Fit.exact(uuid());
      default:
        throw incomparable(column, pointer);
    }
  }

  private Boolean toBoolean() {
    if (given instanceof Boolean flag) {
      return flag;
    }
    if (given instanceof String text) {
      switch (text.strip().toLowerCase(Locale.ROOT)) {
        case "true":
          return true;
        case "false":
          return false;
        default:
      }
    } else if (given instanceof Number) {
      BigDecimal number = number();
      if (number.signum() == 0 || number.compareTo(BigDecimal.ONE) == 0) {
        return number.signum() != 0;
      }
    }
    throw refused(SqlState.INVALID_CAST, "true or false");
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
    if (given instanceof String text) {
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
    boolean plain = given instanceof Double || given instanceof Float;
    double value = plain ? ((Number) given).doubleValue() : number().doubleValue();
    if (plain && !Double.isFinite(value)) {
      return Fit.exact(value);
    }
    if (value > most) {
      return new Fit(most, Double.POSITIVE_INFINITY);
    }
    if (value < -most) {
      return new Fit(Double.NEGATIVE_INFINITY, -most);
    }
    return Fit.exact(most == Float.MAX_VALUE ? (double) (float) value : value);
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
    if (given instanceof BigDecimal decimal) {
      number = decimal;
    } else if (given instanceof BigInteger integer) {
      number = new BigDecimal(integer);
    } else if (given instanceof Double || given instanceof Float) {
      double value = ((Number) given).doubleValue();
      if (Double.isNaN(value) || Double.isInfinite(value)) {
        throw refused(SqlState.NUMERIC_OUT_OF_RANGE, "a finite number");
      }
      number = new BigDecimal(given.toString());
    } else if (given instanceof Number whole) {
      number = BigDecimal.valueOf(whole.longValue());
    } else if (given instanceof String text) {
      try {
        number = new BigDecimal(text.strip());
      } catch (NumberFormatException e) {
        throw refused(SqlState.INVALID_CAST, "a number");
      }
    } else {
      throw refused(SqlState.INVALID_CAST, "a number");
    }
    if ((long) number.precision() - number.scale() > HUGE) {
      throw refused(SqlState.NUMERIC_OUT_OF_RANGE, "a number of at most " + HUGE + " digits");
    }
    // A tiny number would be written out with all its zeros when it is cut.
    return number.scale() > 2 * HUGE ? number.setScale(2 * HUGE, RoundingMode.UP) : number;
  }

  private String text() {
    String text;
    if (given instanceof String || given instanceof UUID) {
      text = given.toString();
    } else {
      throw refused(SqlState.INVALID_CAST, "a text");
    }
    return withoutZero(text, pointer);
  }

  /** The text, if storages can hold it: PostgreSQL has no text with a zero character. */
  static String withoutZero(String text, String pointer) {
    if (text.indexOf('\0') >= 0) {
      throw InvalidSearchException.rule(pointer, "A text cannot contain the character U+0000");
    }
    return text;
  }

  private UUID uuid() {
    if (given instanceof UUID uuid) {
      return uuid;
    }
    if (given instanceof String text && text.strip().length() == 36) {
      try {
        return UUID.fromString(text.strip());
      } catch (IllegalArgumentException e) {
        throw refused(SqlState.INVALID_CAST, "a UUID");
      }
    }
    throw refused(SqlState.INVALID_CAST, "a UUID");
  }

  private Fit time() {
    Optional<LocalTime> read =
        given instanceof LocalTime clock
            ? Optional.of(clock)
            : given instanceof String text ? TimeText.time(text) : Optional.empty();
    LocalTime time =
        read.orElseThrow(
            () -> refused(SqlState.INVALID_DATETIME, "a time of day such as 09:30:00"));
    LocalTime floor = time.truncatedTo(ChronoUnit.MICROS);
    if (floor.equals(time)) {
      return Fit.exact(floor);
    }
    LocalTime ceiling = floor.plus(1, ChronoUnit.MICROS);
    return new Fit(floor, ceiling.equals(LocalTime.MIDNIGHT) ? null : ceiling);
  }

  private Fit date() {
    if (given instanceof LocalDate date) {
      return Fit.exact(date);
    }
    LocalDateTime time = pointInTime("a date such as 2026-01-31");
    LocalDate day = time.toLocalDate();
    return time.toLocalTime().equals(LocalTime.MIDNIGHT)
        ? Fit.exact(day)
        : new Fit(day, day.plusDays(1));
  }

  private Fit timestamp(ColumnType type) {
    LocalDateTime time = pointInTime("a timestamp such as 2026-01-31T09:30:00");
    LocalDateTime floor = time.truncatedTo(unit(type));
    return floor.equals(time) ? Fit.exact(floor) : new Fit(floor, floor.plus(1, unit(type)));
  }

  private Fit instant(ColumnType type) {
    Instant time =
        pointInTime("a time such as 2026-01-31T09:30:00Z or a date").toInstant(ZoneOffset.UTC);
    Instant floor = time.truncatedTo(unit(type));
    return floor.equals(time)
        ? Fit.exact(floor)
        : new Fit(floor, floor.plus(Duration.of(1, unit(type))));
  }

  private static ChronoUnit unit(ColumnType type) {
    return type.nanoseconds() ? ChronoUnit.NANOS : ChronoUnit.MICROS;
  }

  /** What a clock in UTC shows at the time given. */
  private LocalDateTime pointInTime(String expected) {
    LocalDateTime time = null;
    if (given instanceof String text) {
      time =
          TimeText.timestamp(text)
              .map(parsed -> utc(parsed.instant(ZoneOffset.UTC)))
              .orElseThrow(() -> refused(SqlState.INVALID_DATETIME, expected));
    } else if (given instanceof Instant instant) {
      checkRange(instant);
      time = utc(instant);
    } else if (given instanceof OffsetDateTime offset) {
      time = utc(offset.toInstant());
    } else if (given instanceof ZonedDateTime zoned) {
      time = utc(zoned.toInstant());
    } else if (given instanceof LocalDateTime local) {
      time = local;
    } else if (given instanceof LocalDate day) {
      time = day.atStartOfDay();
    }
    if (time == null) {
      throw refused(SqlState.INVALID_DATETIME, expected);
    }
    checkRange(time.toInstant(ZoneOffset.UTC));
    return time;
  }

  private static LocalDateTime utc(Instant instant) {
    return LocalDateTime.ofInstant(instant, ZoneOffset.UTC);
  }

  private void checkRange(Instant instant) {
    if (instant.isBefore(EARLIEST) || instant.isAfter(LATEST)) {
      throw refused(SqlState.DATETIME_OVERFLOW, "a time between the years -290000 and 294000");
    }
  }

  private InvalidSearchException refused(SqlState state, String expected) {
    String text = given.toString();
    return new InvalidSearchException(
        state,
        pointer,
        (given instanceof String ? "'" : "")
            + (text.length() > 50 ? text.substring(0, 50) + "…" : text)
            + (given instanceof String ? "'" : "")
            + " cannot be compared with column '"
            + column.name()
            + "', which is "
            + column.dtype()
            + "; expected "
            + expected);
  }
}
