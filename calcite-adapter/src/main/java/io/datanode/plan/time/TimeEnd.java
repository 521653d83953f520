package io.datanode.plan.time;

import io.datanode.DataNodeException;
import io.datanode.jdbc.SqlState;
import io.datanode.jdbc.batch.ColumnType;
import io.datanode.plan.Plan.ParameterSource;
import io.datanode.storage.InfiniteTime;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One end of the range of a time column that a comparison allows: how it follows from the value the
 * column's function is compared with.
 *
 * @param value what is done to the given value before it is compared
 * @param number the number taken of the column's function, or null if times are compared
 * @param after true if the end is where the function exceeds the value, false if it is where the
 *     function reaches it
 * @param steps the functions of the column, in order
 * @param lower true for the first time of the range, false for the first one behind it
 * @param type of the column
 */
record TimeEnd(
    List<TimeStep> value,
    @Nullable TimeNumber number,
    boolean after,
    List<TimeStep> steps,
    boolean lower,
    ColumnType type)
    implements ParameterSource.RangeEnd.End {
  // DuckDB's infinities. They stand for the ends of time where no value of the type is far enough.
  private static final Instant FIRST = micros(Long.MIN_VALUE + 1);
  private static final Instant LAST = micros(Long.MAX_VALUE);
  private static final int LAST_DAY = Integer.MAX_VALUE;

  private static Instant micros(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }

  TimeEnd {
    value = List.copyOf(value);
    steps = List.copyOf(steps);
  }

  TimeEnd opposite() {
    return new TimeEnd(value, number, after, steps, !lower, type);
  }

  /** True if the end does not depend on rules of zones or on the length of months. */
  boolean exact() {
    return value.stream().allMatch(TimeStep.Monotone.class::isInstance)
        && steps.stream().allMatch(TimeStep.Monotone.class::isInstance);
  }

  /**
   * The end, in UTC for instants; null if there is none.
   *
   * @param given a time, or a number if {@link #number} is not null
   */
  @Nullable LocalDateTime of(Object given) {
    try {
      TimeCut cut;
      if (number != null) {
        cut = lower ? number.lower(decimal(given), after) : number.upper(decimal(given), after);
      } else {
        LocalDateTime time = time(given);
        for (TimeStep step : value) {
          time = step.apply(time);
        }
        cut = new TimeCut(time, after);
      }
      for (int i = steps.size() - 1; i >= 0 && cut != null; i--) {
        cut = lower ? steps.get(i).lower(cut) : steps.get(i).upper(cut);
      }
      return cut == null ? null : cut.next(unit());
    } catch (DateTimeException | ArithmeticException e) {
      // Beyond what this clock can count, so no column has such times.
      return null;
    }
  }

  private ChronoUnit unit() {
    return type.kind() == ColumnType.Kind.DATE
        ? ChronoUnit.DAYS
        : type.nanoseconds() ? ChronoUnit.NANOS : ChronoUnit.MICROS;
  }

  /**
   * The end as a value of the column's type; the end of time in place of one that is too far.
   *
   * @param given a value of a parameter, or null, which gives null
   * @throws DataNodeException 22008 if it is an infinite time
   */
  @Override
  public @Nullable Object bound(@Nullable Object given) {
    if (given == null) {
      return null;
    }
    if (InfiniteTime.of(given).isPresent()) {
      throw new DataNodeException(
          SqlState.DATETIME_OVERFLOW,
          "An infinite time cannot be compared with a function of a column; compare it with the"
              + " column itself");
    }
    LocalDateTime end = of(given);
    Instant instant = end == null ? lower ? FIRST : LAST : end.toInstant(ZoneOffset.UTC);
    if (type.kind() == ColumnType.Kind.DATE) {
      long day = end == null ? lower ? -LAST_DAY : LAST_DAY : end.toLocalDate().toEpochDay();
      return LocalDate.ofEpochDay(Math.max(-LAST_DAY, Math.min(LAST_DAY, day)));
    }
    Instant near = instant.isBefore(FIRST) ? FIRST : instant.isAfter(LAST) ? LAST : instant;
    return type.kind() == ColumnType.Kind.INSTANT
        ? near
        : LocalDateTime.ofInstant(near, ZoneOffset.UTC);
  }

  private static LocalDateTime time(Object given) {
    if (given instanceof Instant) {
      return LocalDateTime.ofInstant((Instant) given, ZoneOffset.UTC);
    }
    return given instanceof LocalDate ? ((LocalDate) given).atStartOfDay() : (LocalDateTime) given;
  }

  private static BigDecimal decimal(Object given) {
    if (given instanceof BigDecimal) {
      return (BigDecimal) given;
    }
    if (given instanceof BigInteger) {
      return new BigDecimal((BigInteger) given);
    }
    return given instanceof Double
        ? new BigDecimal((Double) given)
        : BigDecimal.valueOf(((Number) given).longValue());
  }
}
