package io.datanode.read;

import io.datanode.DataNodeException;
import io.datanode.jdbc.SqlState;
import io.datanode.jdbc.batch.ColumnType;
import io.datanode.storage.InfiniteTime;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;
import java.time.temporal.Temporal;
import java.time.temporal.TemporalUnit;
import java.util.Optional;

/**
 * Ends of stretches of time as values of a time column. A time between two values that the column
 * can hold becomes the one of them that leaves the same rows; so a date column or one of
 * microseconds is compared exactly with any instant.
 */
final class TimeBounds {
  private final ColumnType type;
  private final TemporalUnit unit;

  /**
   * For a column.
   *
   * @param type DATE, TIMESTAMP or INSTANT
   */
  TimeBounds(ColumnType type) {
    this.type = type;
    this.unit =
        type.kind() == ColumnType.Kind.DATE
            ? ChronoUnit.DAYS
            : type.nanoseconds() ? ChronoUnit.NANOS : ChronoUnit.MICROS;
  }

  static boolean takes(ColumnType type) {
    return type.kind() == ColumnType.Kind.DATE
        || type.kind() == ColumnType.Kind.TIMESTAMP
        || type.kind() == ColumnType.Kind.INSTANT;
  }

  /** The type in which {@link #floor} and the others take an end. */
  ColumnType exact() {
    return type.kind() == ColumnType.Kind.INSTANT
        ? ColumnType.INSTANT_NANOS
        : ColumnType.TIMESTAMP_NANOS;
  }

  /** The value of a start for {@code >=} if it is included, else for {@code >}. */
  Temporal start(Temporal exact, boolean included) {
    return included ? ceiling(exact) : floor(exact);
  }

  /** The value of an end for {@code <=} if it is included, else for {@code <}. */
  Temporal end(Temporal exact, boolean included) {
    return included ? floor(exact) : ceiling(exact);
  }

  /**
   * The value of a start for {@code >=}.
   *
   * @throws DataNodeException 22008 if an infinite time is not included: none is next to it
   */
  Temporal first(Temporal exact, boolean included) {
    return included ? ceiling(exact) : finite(floor(exact), ">=").plus(1, unit);
  }

  /**
   * The value of an end for {@code <=}.
   *
   * @throws DataNodeException 22008 if an infinite time is not included: none is next to it
   */
  Temporal last(Temporal exact, boolean included) {
    return included ? floor(exact) : finite(ceiling(exact), "<=").minus(1, unit);
  }

  private static Temporal finite(Temporal end, String operand) {
    if (InfiniteTime.of(end).isPresent()) {
      throw new DataNodeException(
          SqlState.DATETIME_OVERFLOW,
          "A window that ends at an infinite time includes it; expected the operand '"
              + operand
              + "'");
    }
    return end;
  }

  private Temporal floor(Temporal exact) {
    Optional<InfiniteTime> infinite = InfiniteTime.of(exact);
    if (infinite.isPresent()) {
      return infinite.get().as(type);
    }
    if (exact instanceof Instant) {
      return ((Instant) exact).truncatedTo(unit);
    }
    LocalDateTime local = (LocalDateTime) exact;
    return unit == ChronoUnit.DAYS ? local.toLocalDate() : local.truncatedTo(unit);
  }

  private Temporal ceiling(Temporal exact) {
    Temporal floor = floor(exact);
    if (InfiniteTime.of(floor).isPresent()) {
      return floor;
    }
    Temporal same = floor instanceof LocalDate ? ((LocalDate) floor).atStartOfDay() : floor;
    return same.equals(exact) ? floor : floor.plus(1, unit);
  }
}
