package io.datanode.engine;

import io.datanode.DataNodeException;
import io.datanode.jdbc.SqlState;
import io.datanode.jdbc.batch.ColumnType;
import io.datanode.jdbc.session.ResultColumn;
import io.datanode.plan.DecimalPlace;
import io.datanode.plan.Instants;
import io.datanode.plan.TimeText;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.Period;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Turns the values a user sets into values of the types a statement expects, exactly or not at all.
 *
 * <p>Text without a zone, dates and wall-clock times become instants in the session's zone: at a
 * time the clock shows twice, the later one; at one it skips, as much later as was skipped. An
 * instant is cut to the microsecond (the nanosecond for types that hold it), never rounded up.
 */
public final class ParameterValues {
  /** The microseconds of a 64-bit timestamp end in the year 294247. */
  private static final Instant EARLIEST = Instant.parse("-290000-01-01T00:00:00Z");

  private static final Instant LATEST = Instant.parse("+294000-01-01T00:00:00Z");

  /** Digits before the point, or zeros behind it, of the largest and smallest numbers taken. */
  private static final int MOST_PLACES = 1_000;

  private final ZoneId zone;

  /**
   * For one statement.
   *
   * @param zone the session's zone
   */
  public ParameterValues(ZoneId zone) {
    this.zone = zone;
  }

  /**
   * The value as the type holds it: Boolean, Long, Double, BigDecimal, String, byte[], LocalDate,
   * LocalTime, LocalDateTime, Instant, UUID, List; Long months or microseconds for intervals.
   *
   * @param position of the parameter, from 1, for messages
   * @throws DataNodeException 22018, 22007, 22003 or 22008 if the type has no such value
   */
  @Nullable Object convert(int position, @Nullable Object value, ColumnType type) {
    return convert("Parameter " + position, value, type);
  }

  /**
   * The same for a value with another name.
   *
   * @param name what the value is called in messages, for example {@code The value}
   */
  public @Nullable Object convert(String name, @Nullable Object value, ColumnType type) {
    return value == null ? null : new Conversion(name, value, type).run(value, type);
  }

  /**
   * Decimals that are not among those of their types, by the index of their parameter.
   *
   * @throws DataNodeException 22018 if a value for a decimal is no number
   */
  Map<Integer, DecimalPlace> unequal(List<ResultColumn> parameters, List<@Nullable Object> values) {
    Map<Integer, DecimalPlace> places = new HashMap<>();
    for (int i = 0; i < Math.min(parameters.size(), values.size()); i++) {
      ColumnType type = parameters.get(i).type();
      Object value = values.get(i);
      if (type.kind() == ColumnType.Kind.DECIMAL && value != null) {
        DecimalPlace place = DecimalPlace.of(number(i + 1, value, type), type);
        if (place != null) {
          places.put(i, place);
        }
      }
    }
    return places;
  }

  /** A decimal cut to its type, see {@link DecimalPlace#floor}. */
  @Nullable BigDecimal floor(int position, @Nullable Object value, ColumnType type) {
    return value == null ? null : DecimalPlace.floor(number(position, value, type), type);
  }

  private BigDecimal number(int position, Object value, ColumnType type) {
    return new Conversion("Parameter " + position, value, type).number(value, "a number");
  }

  /** The values of a statement's own clock: any time type, cut to it without complaint. */
  Object ofClock(Instant now, ColumnType type) {
    ZonedDateTime shown = now.atZone(zone);
    switch (type.kind()) {
      case DATE:
        return shown.toLocalDate();
      case TIME:
        return shown.toLocalTime();
      case TIMESTAMP:
        return shown.toLocalDateTime();
      default:
        return now;
    }
  }

  private final class Conversion {
    private final String name;
    private final Object given;
    private final ColumnType wanted;

    Conversion(String name, Object given, ColumnType wanted) {
      this.name = name;
      this.given = given;
      this.wanted = wanted;
    }

    Object run(Object value, ColumnType type) {
      switch (type.kind()) {
        case BOOLEAN:
          return toBoolean(value);
        case TINYINT:
          return whole(value, Byte.MIN_VALUE, Byte.MAX_VALUE);
        case SMALLINT:
          return whole(value, Short.MIN_VALUE, Short.MAX_VALUE);
        case INTEGER:
          return whole(value, Integer.MIN_VALUE, Integer.MAX_VALUE);
        case BIGINT:
          return whole(value, Long.MIN_VALUE, Long.MAX_VALUE);
        case REAL:
        case DOUBLE:
          return toDouble(value);
        case DECIMAL:
          return toDecimal(value);
        case VARCHAR:
        case JSON:
        case OTHER:
          return toText(value);
        case VARBINARY:
          if (value instanceof byte[]) {
            return value;
          }
          throw refused("bytes");
        case DATE:
          return toDate(value);
        case TIME:
          return toTime(value);
        case TIMESTAMP:
          return toLocal(value, type);
        case INSTANT:
          return toInstant(value, type);
        case UUID:
          return toUuid(value);
        case YEAR_MONTH:
          return toMonths(value);
        case DAY_TIME:
          return toMicroseconds(value);
        case ARRAY:
          return toList(value, type);
      }
      throw new AssertionError(type);
    }

    private Boolean toBoolean(Object value) {
      if (value instanceof Boolean) {
        return (Boolean) value;
      }
      if (value instanceof Number) {
        BigDecimal number = number(value, "true or false");
        if (number.signum() == 0 || number.compareTo(BigDecimal.ONE) == 0) {
          return number.signum() != 0;
        }
      } else if (value instanceof String) {
        switch (((String) value).trim().toLowerCase(Locale.ROOT)) {
          case "true", "t", "yes", "y", "on", "1":
            return true;
          case "false", "f", "no", "n", "off", "0":
            return false;
          default:
        }
      }
      throw refused("true or false");
    }

    private Long whole(Object value, long least, long greatest) {
      BigDecimal number = number(value, "a whole number");
      BigInteger exact;
      try {
        exact = number.toBigIntegerExact();
      } catch (ArithmeticException e) {
        throw refused("a whole number");
      }
      if (exact.compareTo(BigInteger.valueOf(least)) < 0
          || exact.compareTo(BigInteger.valueOf(greatest)) > 0) {
        throw new DataNodeException(
            SqlState.NUMERIC_OUT_OF_RANGE,
            where() + "; " + wanted + " holds whole numbers from " + least + " to " + greatest);
      }
      return exact.longValue();
    }

    private Double toDouble(Object value) {
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
        throw new DataNodeException(
            SqlState.NUMERIC_OUT_OF_RANGE, where() + ", which " + wanted + " cannot hold");
      }
      return result;
    }

    // The scale of the type is not forced on the value: what a cast of the statement itself does to
    // it is done by the storage. Comparisons are planned otherwise if it has more digits.
    private BigDecimal toDecimal(Object value) {
      BigDecimal number = number(value, "a number");
      if (number.precision() - number.scale() > 38) {
        throw new DataNodeException(
            SqlState.NUMERIC_OUT_OF_RANGE, where() + "; " + wanted + " has at most 38 digits");
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
    private BigDecimal measured(BigDecimal number) {
      if (number.signum() != 0
          && Math.abs((long) number.precision() - number.scale()) > MOST_PLACES) {
        throw new DataNodeException(
            SqlState.NUMERIC_OUT_OF_RANGE, where() + ", which no numeric type holds");
      }
      return number.signum() == 0 && Math.abs((long) number.scale()) > MOST_PLACES
          ? BigDecimal.ZERO
          : number;
    }

    private BigDecimal number(Object value, String expected) {
      if (value instanceof BigDecimal) {
        return measured((BigDecimal) value);
      }
      if (value instanceof BigInteger) {
        return new BigDecimal((BigInteger) value);
      }
      if (value instanceof Double || value instanceof Float) {
        double number = ((Number) value).doubleValue();
        if (Double.isNaN(number) || Double.isInfinite(number)) {
          throw new DataNodeException(
              SqlState.NUMERIC_OUT_OF_RANGE, where() + "; expected a finite number");
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
          throw refused(expected);
        }
      }
      throw refused(expected);
    }

    private String toText(Object value) {
      if (value instanceof BigDecimal) {
        return measured((BigDecimal) value).toPlainString();
      }
      if (value instanceof byte[] || value instanceof List) {
        throw refused("text");
      }
      if (value instanceof Instant) {
        return TimeText.show(((Instant) value).atZone(zone).toLocalDateTime());
      }
      if (value instanceof LocalDateTime) {
        return TimeText.show((LocalDateTime) value);
      }
      return value.toString();
    }

    private LocalDate toDate(Object value) {
      if (value instanceof LocalDate) {
        return (LocalDate) value;
      }
      LocalDateTime local = null;
      if (value instanceof String) {
        Optional<TimeText.Parsed> parsed = TimeText.timestamp((String) value);
        if (parsed.isEmpty()) {
          throw refusedTime("a date such as 2024-01-31");
        }
        local = local(parsed.get());
      } else {
        local = wallClock(value);
      }
      if (local == null) {
        throw refused("a date such as 2024-01-31");
      }
      if (!local.toLocalTime().equals(LocalTime.MIDNIGHT)) {
        throw refused("a date without time of day");
      }
      return local.toLocalDate();
    }

    private LocalTime toTime(Object value) {
      if (value instanceof LocalTime) {
        return ((LocalTime) value).truncatedTo(ChronoUnit.MICROS);
      }
      if (value instanceof String) {
        return TimeText.time((String) value)
            .orElseThrow(() -> refusedTime("a time of day such as 09:30:00"))
            .truncatedTo(ChronoUnit.MICROS);
      }
      throw refused("a time of day such as 09:30:00");
    }

    private LocalDateTime toLocal(Object value, ColumnType type) {
      LocalDateTime local;
      if (value instanceof String) {
        local =
            local(
                TimeText.timestamp((String) value)
                    .orElseThrow(() -> refusedTime("a timestamp such as 2024-01-31 09:30:00")));
      } else {
        local = wallClock(value);
      }
      if (local == null) {
        throw refused("a timestamp such as 2024-01-31 09:30:00");
      }
      checkRange(Instants.at(local, zone));
      return local.truncatedTo(unit(type));
    }

    private Instant toInstant(Object value, ColumnType type) {
      Instant instant;
      if (value instanceof Instant) {
        instant = (Instant) value;
      } else if (value instanceof OffsetDateTime) {
        instant = ((OffsetDateTime) value).toInstant();
      } else if (value instanceof ZonedDateTime) {
        instant = ((ZonedDateTime) value).toInstant();
      } else if (value instanceof String) {
        instant =
            TimeText.timestamp((String) value)
                .orElseThrow(
                    () ->
                        refusedTime(
                            "a timestamp such as 2024-01-31T09:30:00Z, or 2024-01-31 09:30:00 in"
                                + " the session's zone"))
                .instant(zone);
      } else {
        LocalDateTime local = wallClock(value);
        if (local == null) {
          throw refused("a timestamp such as 2024-01-31T09:30:00Z");
        }
        instant = Instants.at(local, zone);
      }
      checkRange(instant);
      return instant.truncatedTo(unit(type));
    }

    private ChronoUnit unit(ColumnType type) {
      return type.nanoseconds() ? ChronoUnit.NANOS : ChronoUnit.MICROS;
    }

    private void checkRange(Instant instant) {
      if (instant.isBefore(EARLIEST) || instant.isAfter(LATEST)) {
        throw new DataNodeException(
            SqlState.DATETIME_OVERFLOW,
            where() + "; timestamps lie between the years -290000 and 294000");
      }
    }

    /** What the session's clock shows; null if the value is no point in time. */
    private @Nullable LocalDateTime wallClock(Object value) {
      if (value instanceof LocalDateTime) {
        return (LocalDateTime) value;
      }
      if (value instanceof LocalDate) {
        return ((LocalDate) value).atStartOfDay();
      }
      if (value instanceof Instant) {
        return ((Instant) value).atZone(zone).toLocalDateTime();
      }
      if (value instanceof OffsetDateTime) {
        return ((OffsetDateTime) value).atZoneSameInstant(zone).toLocalDateTime();
      }
      if (value instanceof ZonedDateTime) {
        return ((ZonedDateTime) value).withZoneSameInstant(zone).toLocalDateTime();
      }
      return null;
    }

    private LocalDateTime local(TimeText.Parsed parsed) {
      return parsed.zone().isEmpty()
          ? parsed.local()
          : parsed.instant(zone).atZone(zone).toLocalDateTime();
    }

    private UUID toUuid(Object value) {
      if (value instanceof UUID) {
        return (UUID) value;
      }
      if (value instanceof String && ((String) value).trim().length() == 36) {
        try {
          return UUID.fromString(((String) value).trim());
        } catch (IllegalArgumentException e) {
          throw refused("a UUID such as 123e4567-e89b-12d3-a456-426614174000");
        }
      }
      throw refused("a UUID such as 123e4567-e89b-12d3-a456-426614174000");
    }

    private Long toMonths(Object value) {
      if (value instanceof Period && ((Period) value).getDays() == 0) {
        return ((Period) value).toTotalMonths();
      }
      if (value instanceof String) {
        try {
          Period period = Period.parse(((String) value).trim());
          if (period.getDays() == 0) {
            return period.toTotalMonths();
          }
        } catch (java.time.format.DateTimeParseException e) {
          throw refusedTime("an interval of years and months such as P1Y2M");
        }
      }
      if (value instanceof Number) {
        return whole(value, Integer.MIN_VALUE, Integer.MAX_VALUE);
      }
      throw refused("an interval of years and months such as P1Y2M");
    }

    private Long toMicroseconds(Object value) {
      Duration duration;
      if (value instanceof Duration) {
        duration = (Duration) value;
      } else if (value instanceof String) {
        try {
          duration = Duration.parse(((String) value).trim());
        } catch (java.time.format.DateTimeParseException e) {
          throw refusedTime("an interval of days to seconds such as P1DT2H");
        }
      } else if (value instanceof Number) {
        return whole(value, Long.MIN_VALUE, Long.MAX_VALUE);
      } else {
        throw refused("an interval of days to seconds such as P1DT2H");
      }
      return Math.addExact(
          Math.multiplyExact(duration.getSeconds(), 1_000_000L), duration.getNano() / 1_000);
    }

    private List<@Nullable Object> toList(Object value, ColumnType type) {
      if (!(value instanceof List)) {
        throw refused("a list");
      }
      List<@Nullable Object> elements = new ArrayList<>();
      for (Object element : (List<?>) value) {
        elements.add(element == null ? null : run(element, type.element()));
      }
      return elements;
    }

    private DataNodeException refused(String expected) {
      return new DataNodeException(SqlState.INVALID_CAST, where() + "; expected " + expected);
    }

    private DataNodeException refusedTime(String expected) {
      return new DataNodeException(SqlState.INVALID_DATETIME, where() + "; expected " + expected);
    }

    private String where() {
      return name + " (" + wanted + ") is " + show(given);
    }
  }

  /** A value for a message: text quoted and cut, bytes and lists by their size. */
  static String show(@Nullable Object value) {
    if (value instanceof String) {
      String text = (String) value;
      return "'" + (text.length() > 80 ? text.substring(0, 80) + "…" : text) + "'";
    }
    if (value instanceof byte[]) {
      return ((byte[]) value).length + " bytes";
    }
    if (value instanceof List) {
      return "a list of " + ((List<?>) value).size();
    }
    return String.valueOf(value);
  }
}
