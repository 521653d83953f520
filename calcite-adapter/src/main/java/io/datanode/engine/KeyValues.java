package io.datanode.engine;

import io.datanode.jdbc.batch.BinaryVector;
import io.datanode.jdbc.batch.ColumnType;
import io.datanode.jdbc.batch.ColumnVector;
import io.datanode.jdbc.batch.DecimalVector;
import io.datanode.jdbc.batch.DoubleVector;
import io.datanode.jdbc.batch.LongVector;
import io.datanode.jdbc.batch.TextVector;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What has been found of a {@link io.datanode.plan.Plan.KeySet}. Immutable.
 *
 * @param found how much is known
 * @param values all keys, or the least and the greatest, or nothing
 */
record KeyValues(Found found, List<Object> values) {
  /** No key: nothing matches. */
  static final KeyValues NONE = new KeyValues(Found.NONE, List.of());

  /** Keys that cannot be bound everywhere: nothing may be left out. */
  static final KeyValues UNKNOWN = new KeyValues(Found.UNKNOWN, List.of());

  /** The years of which every storage has all instants. */
  private static final LocalDate FIRST_DAY = LocalDate.of(-4000, 1, 1);

  private static final LocalDate LAST_DAY = LocalDate.of(9999, 12, 31);
  private static final long MICROS = 1_000_000L;
  private static final long NANOS = 1_000_000_000L;

  /** How much is known of the keys. */
  enum Found {
    NONE,
    KEYS,
    BOUNDS,
    UNKNOWN
  }

  KeyValues {
    values = List.copyOf(values);
  }

  /** All keys there are. */
  static KeyValues keys(List<@Nullable Object> values) {
    if (values.isEmpty()) {
      return NONE;
    }
    return values.contains(null) ? UNKNOWN : new KeyValues(Found.KEYS, nonNull(values));
  }

  /** The least and the greatest key. */
  static KeyValues bounds(@Nullable Object least, @Nullable Object greatest) {
    return least == null || greatest == null
        ? UNKNOWN
        : new KeyValues(Found.BOUNDS, List.of(least, greatest));
  }

  private static List<Object> nonNull(List<@Nullable Object> values) {
    List<Object> all = new ArrayList<>(values.size());
    for (Object value : values) {
      if (value != null) {
        all.add(value);
      }
    }
    return all;
  }

  /** The same, reduced to the least and the greatest if all keys are known. */
  KeyValues asBounds() {
    if (found != Found.KEYS) {
      return this;
    }
    return bounds(Collections.min(values, ORDER), Collections.max(values, ORDER));
  }

  @SuppressWarnings("unchecked")
  private static final Comparator<Object> ORDER =
      (a, b) -> {
        if (a instanceof String && b instanceof String) {
          return RowOrder.codePoints((String) a, (String) b);
        }
        if (a instanceof UUID && b instanceof UUID) {
          return a.toString().compareTo(b.toString());
        }
        if (a instanceof byte[] && b instanceof byte[]) {
          return java.util.Arrays.compareUnsigned((byte[]) a, (byte[]) b);
        }
        return ((Comparable<Object>) a).compareTo(b);
      };

  /**
   * The value at a row as a parameter takes it; null if it is NULL or some storage has no such
   * value: infinite or very distant times, text with a zero character.
   */
  static @Nullable Object value(ColumnVector vector, ColumnType type, int row) {
    if (vector.isNull(row)) {
      return null;
    }
    if (vector instanceof DoubleVector doubles) {
      return doubles.get(row);
    }
    if (vector instanceof DecimalVector decimals) {
      return decimals.get(row);
    }
    if (vector instanceof BinaryVector bytes) {
      return bytes.get(row);
    }
    if (vector instanceof TextVector texts) {
      String text = texts.get(row);
      if (type.kind() == ColumnType.Kind.UUID) {
        return UUID.fromString(text);
      }
      return text.indexOf('\0') < 0 ? text : null;
    }
    return vector instanceof LongVector longs ? number(longs.get(row), type) : null;
  }

  private static @Nullable Object number(long value, ColumnType type) {
    switch (type.kind()) {
      case BOOLEAN:
        return value != 0;
      case DECIMAL:
        return BigDecimal.valueOf(value, type.scale());
      case DATE:
        return value < FIRST_DAY.toEpochDay() || value > LAST_DAY.toEpochDay()
            ? null
            : LocalDate.ofEpochDay(value);
      case TIME:
        return LocalTime.ofNanoOfDay(value * 1000);
      case TIMESTAMP:
        Instant wallClock = instant(value, type);
        return wallClock == null ? null : LocalDateTime.ofInstant(wallClock, ZoneOffset.UTC);
      case INSTANT:
        return instant(value, type);
      default:
        return value;
    }
  }

  private static @Nullable Instant instant(long value, ColumnType type) {
    long units = type.nanoseconds() ? NANOS : MICROS;
    long second = Math.floorDiv(value, units);
    long day = Math.floorDiv(second, 86_400L);
    if (value == ColumnType.INFINITY
        || value == ColumnType.MINUS_INFINITY
        || day < FIRST_DAY.toEpochDay()
        || day > LAST_DAY.toEpochDay()) {
      return null;
    }
    return Instant.ofEpochSecond(second, Math.floorMod(value, units) * (NANOS / units));
  }
}
