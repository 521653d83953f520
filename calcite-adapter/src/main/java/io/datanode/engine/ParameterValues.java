package io.datanode.engine;

import io.datanode.DataNodeException;
import io.datanode.jdbc.batch.ColumnType;
import io.datanode.jdbc.session.ResultColumn;
import io.datanode.plan.ArgumentText;
import io.datanode.plan.DecimalPlace;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Turns the values a user sets into values of the types a statement expects, exactly or not at all.
 *
 * <p>Text without a zone, dates and wall-clock times become instants in the session's zone: at a
 * time the clock shows twice, the later one; at one it skips, as much later as was skipped. An
 * instant is cut to the microsecond (the nanosecond for types that hold it), never rounded up.
 */
public final class ParameterValues {
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
   * @throws InvalidParameterException 22018, 22007, 22003 or 22008 if the type has no such value
   */
  @Nullable Object convert(int position, @Nullable Object value, ColumnType type) {
    try {
      return convert("Parameter " + position, value, type);
    } catch (DataNodeException e) {
      throw new InvalidParameterException(position, e);
    }
  }

  /**
   * The same for a value with another name.
   *
   * @param name what the value is called in messages, for example {@code The value}
   */
  public @Nullable Object convert(String name, @Nullable Object value, ColumnType type) {
    return value == null
        ? null
        : new ValueConversion(new GivenValue(name, value, type), zone).converted();
  }

  /**
   * Decimals that are not among those of their types, by the index of their parameter.
   *
   * @throws InvalidParameterException 22018 if a value for a decimal is no number
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

  /**
   * Values that a plan depends on, as text of SQL.
   *
   * @param wanted their parameters, by index
   * @throws InvalidParameterException 22018 for bytes and lists
   */
  static Map<Integer, ArgumentText> arguments(Set<Integer> wanted, List<@Nullable Object> values) {
    Map<Integer, ArgumentText> texts = new HashMap<>();
    for (int index : wanted) {
      texts.put(index, new ArgumentText(argument(index + 1, values.get(index))));
    }
    return texts;
  }

  private static @Nullable String argument(int position, @Nullable Object value) {
    if (value instanceof byte[] || value instanceof List) {
      throw new InvalidParameterException(
          position,
          new GivenValue("Parameter " + position, value, ColumnType.VARCHAR)
              .refused("text, a number, a time or a length of time"));
    }
    if (value instanceof OffsetDateTime) {
      return ((OffsetDateTime) value).toInstant().toString();
    }
    if (value instanceof ZonedDateTime) {
      return ((ZonedDateTime) value).toInstant().toString();
    }
    return value instanceof BigDecimal
        ? ((BigDecimal) value).toPlainString()
        : value == null ? null : value.toString();
  }

  private BigDecimal number(int position, Object value, ColumnType type) {
    try {
      return new NumberConversion(new GivenValue("Parameter " + position, value, type))
          .number(value, "a number");
    } catch (DataNodeException e) {
      throw new InvalidParameterException(position, e);
    }
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
