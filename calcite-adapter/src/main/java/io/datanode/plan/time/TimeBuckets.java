package io.datanode.plan.time;

import java.math.BigInteger;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.YearMonth;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * Consecutive spans of time of one length, counted from an origin.
 *
 * @param months their length in months, or 0 if {@code width} is their length
 */
record TimeBuckets(int months, Duration width, LocalDateTime origin) {
  private static final LocalDateTime MONDAY = LocalDate.of(2000, 1, 3).atStartOfDay();
  private static final LocalDateTime JANUARY = LocalDate.of(2000, 1, 1).atStartOfDay();
  private static final BigInteger BILLION = BigInteger.valueOf(1_000_000_000L);

  static final TimeBuckets DAYS = ofWidth(Duration.ofDays(1));

  /** Buckets of months, counted from January 2000, as TIME_BUCKET counts them. */
  static TimeBuckets ofMonths(int months) {
    return new TimeBuckets(months, Duration.ZERO, JANUARY);
  }

  /** Buckets counted from Monday, 3 January 2000, as TIME_BUCKET counts them. */
  static TimeBuckets ofWidth(Duration width) {
    return new TimeBuckets(0, width, MONDAY);
  }

  /** The spans that FLOOR cuts to; empty for a unit whose start storages disagree on. */
  static Optional<TimeBuckets> ofUnit(String unit) {
    switch (unit) {
      case "YEAR":
        return Optional.of(ofMonths(12));
      case "QUARTER":
        return Optional.of(ofMonths(3));
      case "MONTH":
        return Optional.of(ofMonths(1));
      case "WEEK":
        return Optional.of(ofWidth(Duration.ofDays(7)));
      case "DAY":
        return Optional.of(DAYS);
      case "HOUR":
        return Optional.of(ofWidth(Duration.ofHours(1)));
      case "MINUTE":
        return Optional.of(ofWidth(Duration.ofMinutes(1)));
      case "SECOND":
        return Optional.of(ofWidth(Duration.ofSeconds(1)));
      case "MILLISECOND":
        return Optional.of(ofWidth(Duration.ofMillis(1)));
      default:
        return Optional.empty();
    }
  }

  /** The start of the bucket a time is in. */
  LocalDateTime start(LocalDateTime time) {
    if (months > 0) {
      YearMonth first = YearMonth.from(origin);
      long distance = ChronoUnit.MONTHS.between(first, YearMonth.from(time));
      return first.plusMonths(Math.floorDiv(distance, months) * months).atDay(1).atStartOfDay();
    }
    BigInteger rest = nanos(Duration.between(origin, time)).mod(nanos(width));
    BigInteger[] parts = rest.divideAndRemainder(BILLION);
    return time.minus(Duration.ofSeconds(parts[0].longValueExact(), parts[1].longValueExact()));
  }

  /** The start of the bucket behind one that starts then. */
  LocalDateTime next(LocalDateTime start) {
    return months > 0 ? start.plusMonths(months) : start.plus(width);
  }

  private static BigInteger nanos(Duration duration) {
    return BigInteger.valueOf(duration.getSeconds())
        .multiply(BILLION)
        .add(BigInteger.valueOf(duration.getNano()));
  }
}
