package io.datanode.search;

import io.datanode.jdbc.SqlState;
import io.datanode.jdbc.batch.ColumnType;
import io.datanode.plan.TimeText;
import io.datanode.storage.InfiniteTime;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * Makes a time of a request fit for the column it is compared with, exactly or not at all.
 *
 * <p>A time without offset is in UTC, whatever the zone of the session; a date is its midnight in
 * UTC. {@code infinity} and {@code -infinity} are times of every column but one of times of day.
 */
final class ColumnTimes {
  private static final Instant EARLIEST = Instant.parse("-290000-01-01T00:00:00Z");
  private static final Instant LATEST = Instant.parse("+294000-01-01T00:00:00Z");

  private final ComparedValue given;
  private final Object value;

  ColumnTimes(ComparedValue given) {
    this.given = given;
    this.value = given.value();
  }

  /**
   * Where the time lies among those of the column.
   *
   * @throws InvalidSearchException 22007 if the value is no time, 22008 if it is too far away
   */
  Fit fit() {
    ColumnType type = given.column().type();
    if (type.kind() == ColumnType.Kind.TIME) {
      return time();
    }
    Optional<InfiniteTime> infinite = InfiniteTime.of(value);
    if (infinite.isPresent()) {
      return Fit.exact(infinite.get().as(type));
    }
    switch (type.kind()) {
      case DATE:
        return date();
      case TIMESTAMP:
        return timestamp();
      default:
        return instant();
    }
  }

  private Fit time() {
    Optional<LocalTime> read =
        value instanceof LocalTime clock
            ? Optional.of(clock)
            : value instanceof String text ? TimeText.time(text) : Optional.empty();
    LocalTime time =
        read.orElseThrow(
            () -> given.refused(SqlState.INVALID_DATETIME, "a time of day such as 09:30:00"));
    LocalTime floor = time.truncatedTo(ChronoUnit.MICROS);
    if (floor.equals(time)) {
      return Fit.exact(floor);
    }
    LocalTime ceiling = floor.plus(1, ChronoUnit.MICROS);
    return new Fit(floor, ceiling.equals(LocalTime.MIDNIGHT) ? null : ceiling);
  }

  private Fit date() {
    if (value instanceof LocalDate date) {
      return Fit.exact(date);
    }
    LocalDateTime time = pointInTime("a date such as 2026-01-31");
    LocalDate day = time.toLocalDate();
    return time.toLocalTime().equals(LocalTime.MIDNIGHT)
        ? Fit.exact(day)
        : new Fit(day, day.plusDays(1));
  }

  private Fit timestamp() {
    ColumnType type = given.column().type();
    LocalDateTime time = pointInTime("a timestamp such as 2026-01-31T09:30:00");
    LocalDateTime floor = time.truncatedTo(unit(type));
    return floor.equals(time) ? Fit.exact(floor) : new Fit(floor, floor.plus(1, unit(type)));
  }

  private Fit instant() {
    ColumnType type = given.column().type();
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
    if (value instanceof String text) {
      time =
          TimeText.timestamp(text)
              .map(parsed -> utc(parsed.instant(ZoneOffset.UTC)))
              .orElseThrow(() -> given.refused(SqlState.INVALID_DATETIME, expected));
    } else if (value instanceof Instant instant) {
      checkRange(instant);
      time = utc(instant);
    } else if (value instanceof OffsetDateTime offset) {
      time = utc(offset.toInstant());
    } else if (value instanceof ZonedDateTime zoned) {
      time = utc(zoned.toInstant());
    } else if (value instanceof LocalDateTime local) {
      time = local;
    } else if (value instanceof LocalDate day) {
      time = day.atStartOfDay();
    }
    if (time == null) {
      throw given.refused(SqlState.INVALID_DATETIME, expected);
    }
    checkRange(time.toInstant(ZoneOffset.UTC));
    return time;
  }

  private static LocalDateTime utc(Instant instant) {
    return LocalDateTime.ofInstant(instant, ZoneOffset.UTC);
  }

  private void checkRange(Instant instant) {
    if (instant.isBefore(EARLIEST) || instant.isAfter(LATEST)) {
      throw given.refused(
          SqlState.DATETIME_OVERFLOW, "a time between the years -290000 and 294000");
    }
  }
}
