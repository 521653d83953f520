package io.datanode.storage.duckdb;

import io.datanode.DataNodeException;
import io.datanode.jdbc.SqlState;
import io.datanode.jdbc.batch.ColumnType;
import io.datanode.storage.InfiniteTime;
import io.datanode.storage.StorageQuery.Parameter;
import java.math.BigDecimal;
import java.sql.Date;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoField;
import java.time.temporal.Temporal;
import java.util.List;
import java.util.Optional;
import org.duckdb.DuckDBDate;
import org.duckdb.DuckDBPreparedStatement;
import org.duckdb.DuckDBTimestamp;
import org.duckdb.DuckDBTimestampTZ;
import org.duckdb.user.DuckDBUserArray;
import org.jspecify.annotations.Nullable;

/** Binds values to a statement of DuckDB, exactly and free of the zone of the JVM. */
final class Parameters {
  private Parameters() {}

  /** Binds all parameters, in order. */
  static void bind(DuckDBPreparedStatement statement, List<Parameter> parameters)
      throws SQLException {
    for (int i = 0; i < parameters.size(); i++) {
      Parameter parameter = parameters.get(i);
      statement.setObject(i + 1, driverValue(parameter.type(), parameter.value()));
    }
  }

  private static @Nullable Object driverValue(ColumnType type, @Nullable Object value) {
    if (value == null) {
      return null;
    }
    if (value instanceof Long number) {
      return integer(type, number);
    }
    if (value instanceof Double number) {
      return type.kind() == ColumnType.Kind.REAL && (float) (double) number == number
          ? (Object) (float) (double) number
          : number;
    }
    if (value instanceof BigDecimal number) {
      return decimal(number);
    }
    if (value instanceof Temporal time) {
      return time(type, time);
    }
    if (value instanceof List<?> list) {
      ColumnType element = type.kind() == ColumnType.Kind.ARRAY ? type.element() : type;
      Object[] values = list.stream().map(item -> driverValue(element, item)).toArray();
      return new DuckDBUserArray(NativeTypes.nativeType(element), values);
    }
    return value;
  }

  private static Object time(ColumnType type, Temporal value) {
    Optional<InfiniteTime> infinite = InfiniteTime.of(value);
    if (infinite.isPresent()) {
      return infinite(type, value, infinite.get());
    }
    if (value instanceof Instant instant) {
      return instant(type, instant);
    }
    if (value instanceof LocalDateTime dateTime) {
      return timestamp(type, dateTime);
    }
    if (value instanceof LocalDate date) {
      return new ExactDate(date.toEpochDay());
    }
    return value;
  }

  private static Object infinite(ColumnType type, Temporal value, InfiniteTime infinite) {
    if (type.nanoseconds()) {
      return infinite.toString();
    }
    int sign = infinite == InfiniteTime.FUTURE ? 1 : -1;
    if (value instanceof LocalDate) {
      return new ExactDate(sign * (long) Integer.MAX_VALUE);
    }
    return value instanceof Instant
        ? new DuckDBTimestampTZ(sign * ColumnType.INFINITY)
        : new DuckDBTimestamp(sign * ColumnType.INFINITY);
  }

  private static Object integer(ColumnType type, long value) {
    // A value of the column's own type lets DuckDB compare without casting the column.
    switch (type.kind()) {
      case TINYINT:
        return (byte) value == value ? (Object) (byte) value : (Object) value;
      case SMALLINT:
        return (short) value == value ? (Object) (short) value : (Object) value;
      case INTEGER:
        return (int) value == value ? (Object) (int) value : (Object) value;
      case YEAR_MONTH:
        return value + " months";
      case DAY_TIME:
        return value + " microseconds";
      default:
        return value;
    }
  }

  private static BigDecimal decimal(BigDecimal value) {
    BigDecimal plain = value.scale() < 0 ? value.setScale(0) : value;
    // The driver would bind a longer number as NULL.
    if (Math.max(plain.precision(), plain.scale()) > 38) {
      throw new DataNodeException(
          SqlState.NUMERIC_OUT_OF_RANGE,
          "Parameter " + shortened(plain) + " has more than 38 digits");
    }
    return plain;
  }

  private static String shortened(BigDecimal value) {
    String text = value.toString();
    return text.length() <= 50 ? text : text.substring(0, 50) + "…";
  }

  private static Object instant(ColumnType type, Instant value) {
    if (type.nanoseconds() && value.getNano() % 1000 != 0) {
      return value.toString();
    }
    return new DuckDBTimestampTZ(micros(value.getEpochSecond(), value.getNano(), value));
  }

  private static Object timestamp(ColumnType type, LocalDateTime value) {
    if (type.nanoseconds() && value.getNano() % 1000 != 0) {
      return value.toString();
    }
    long second = value.toEpochSecond(ZoneOffset.UTC);
    return new DuckDBTimestamp(micros(second, value.get(ChronoField.NANO_OF_SECOND), value));
  }

  private static long micros(long second, int nano, Object value) {
    try {
      return Math.addExact(Math.multiplyExact(second, 1_000_000L), nano / 1000);
    } catch (ArithmeticException e) {
      throw new DataNodeException(
          SqlState.DATETIME_OVERFLOW,
          "Parameter " + value + " is outside the range of timestamps, years -290308 to 294247",
          e);
    }
  }

  /** A day that does not pass through {@link Date}, which has no days the JVM's zone skipped. */
  private static final class ExactDate extends DuckDBDate {
    private final long day;

    ExactDate(long day) {
      super(new Date(0));
      this.day = day;
    }

    @Override
    public long getDaysSinceEpoch() {
      return day;
    }
  }
}
