package io.datanode.engine;

import io.datanode.jdbc.batch.ColumnType;
import io.datanode.plan.TimeText;
import io.datanode.storage.InfiniteTime;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.temporal.Temporal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A value as one of a type, for one parameter. */
final class ValueConversion {
  private final GivenValue given;
  private final ZoneId zone;
  private final NumberConversion numbers;
  private final TimeConversion times;

  ValueConversion(GivenValue given, ZoneId zone) {
    this.given = given;
    this.zone = zone;
    this.numbers = new NumberConversion(given);
    this.times = new TimeConversion(given, zone, numbers);
  }

  Object converted() {
    return run(given.given(), given.wanted());
  }

  private Object run(Object value, ColumnType type) {
    switch (type.kind()) {
      case BOOLEAN:
        return toBoolean(value);
      case TINYINT:
        return numbers.whole(value, Byte.MIN_VALUE, Byte.MAX_VALUE);
      case SMALLINT:
        return numbers.whole(value, Short.MIN_VALUE, Short.MAX_VALUE);
      case INTEGER:
        return numbers.whole(value, Integer.MIN_VALUE, Integer.MAX_VALUE);
      case BIGINT:
        return numbers.whole(value, Long.MIN_VALUE, Long.MAX_VALUE);
      case REAL:
      case DOUBLE:
        return numbers.toDouble(value);
      case DECIMAL:
        return numbers.toDecimal(value);
      case VARCHAR:
      case JSON:
      case OTHER:
        return toText(value);
      case VARBINARY:
        if (value instanceof byte[]) {
          return value;
        }
        throw given.refused("bytes");
      case TIME:
        return times.toTime(value);
      case DATE:
      case TIMESTAMP:
      case INSTANT:
        return times.toPoint(value, type);
      case UUID:
        return toUuid(value);
      case YEAR_MONTH:
        return times.toMonths(value);
      case DAY_TIME:
        return times.toMicroseconds(value);
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
      BigDecimal number = numbers.number(value, "true or false");
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
    throw given.refused("true or false");
  }

  private String toText(Object value) {
    if (value instanceof BigDecimal) {
      return numbers.measured((BigDecimal) value).toPlainString();
    }
    if (value instanceof byte[] || value instanceof List) {
      throw given.refused("text");
    }
    if (value instanceof Temporal && InfiniteTime.of(value).isPresent()) {
      return InfiniteTime.of(value).get().toString();
    }
    if (value instanceof Instant) {
      return TimeText.show(((Instant) value).atZone(zone).toLocalDateTime());
    }
    if (value instanceof LocalDateTime) {
      return TimeText.show((LocalDateTime) value);
    }
    return value.toString();
  }

  private UUID toUuid(Object value) {
    if (value instanceof UUID) {
      return (UUID) value;
    }
    if (value instanceof String && ((String) value).trim().length() == 36) {
      try {
        return UUID.fromString(((String) value).trim());
      } catch (IllegalArgumentException e) {
        throw given.refused("a UUID such as 123e4567-e89b-12d3-a456-426614174000");
      }
    }
    throw given.refused("a UUID such as 123e4567-e89b-12d3-a456-426614174000");
  }

  private List<@Nullable Object> toList(Object value, ColumnType type) {
    if (!(value instanceof List)) {
      throw given.refused("a list");
    }
    List<@Nullable Object> elements = new ArrayList<>();
    for (Object element : (List<?>) value) {
      elements.add(element == null ? null : run(element, type.element()));
    }
    return elements;
  }
}
