package io.datanode.plan.time;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.temporal.TemporalAdjusters;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A whole number that grows with time. */
enum TimeNumber {
  /** {@code EXTRACT(YEAR FROM t)}. */
  YEAR,
  /** {@code EXTRACT(ISOYEAR FROM t)}. */
  ISOYEAR,
  /** Whole seconds since 1970, {@code EXTRACT(EPOCH FROM t)}. */
  EPOCH,
  /** {@code EPOCH_MS(t)}. */
  EPOCH_MS,
  /** {@code EPOCH_US(t)}. */
  EPOCH_US;

  private static final LocalDateTime START = LocalDate.EPOCH.atStartOfDay();
  private static final int LAST_YEAR = 300_000;

  static Optional<TimeNumber> of(String name) {
    for (TimeNumber number : values()) {
      if (number.name().equals(name)) {
        return Optional.of(number);
      }
    }
    return Optional.empty();
  }

  /** A place that all times are behind whose number is greater, or not less; null if none. */
  @Nullable TimeCut lower(BigDecimal number, boolean after) {
    long least = least(number, after);
    return calendar() && least < 1 ? null : cut(least);
  }

  /** A place that all times are before whose number is not greater, or less; null if none. */
  @Nullable TimeCut upper(BigDecimal number, boolean after) {
    // Storages number the years before the first in different ways.
    return cut(calendar() ? Math.max(1, least(number, after)) : least(number, after));
  }

  private boolean calendar() {
    return this == YEAR || this == ISOYEAR;
  }

  private static long least(BigDecimal number, boolean after) {
    BigDecimal whole = number.setScale(0, after ? RoundingMode.FLOOR : RoundingMode.CEILING);
    return (after ? whole.add(BigDecimal.ONE) : whole).longValueExact();
  }

  /** Just before the first time with this number. */
  private @Nullable TimeCut cut(long number) {
    switch (this) {
      case YEAR:
        return number > LAST_YEAR
            ? null
            : TimeCut.before(LocalDate.of((int) number, 1, 1).atStartOfDay());
      case ISOYEAR:
        return number > LAST_YEAR
            ? null
            : TimeCut.before(
                LocalDate.of((int) number, 1, 4)
                    .with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY))
                    .atStartOfDay());
      case EPOCH:
        return TimeCut.before(START.plusSeconds(number));
      case EPOCH_MS:
        return TimeCut.before(START.plus(Duration.ofMillis(number)));
      case EPOCH_US:
        return TimeCut.before(
            START
                .plusSeconds(Math.floorDiv(number, 1_000_000L))
                .plusNanos(Math.floorMod(number, 1_000_000L) * 1000));
    }
    throw new AssertionError(this);
  }
}
