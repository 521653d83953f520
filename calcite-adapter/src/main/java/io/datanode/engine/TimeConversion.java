package io.datanode.engine;

import io.datanode.DataNodeException;
import io.datanode.jdbc.SqlState;
import io.datanode.jdbc.batch.ColumnType;
import io.datanode.plan.Instants;
import io.datanode.plan.TimeText;
import io.datanode.storage.InfiniteTime;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.Period;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.time.temporal.Temporal;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A value as a date, time, instant or interval. Wall-clock times are of the session's zone; an
 * instant is cut to the microsecond, or to the nanosecond for a type that holds it.
 */
final class TimeConversion {
  /** The microseconds of a 64-bit timestamp end in the year 294247. */
  private static final Instant EARLIEST = Instant.parse("-290000-01-01T00:00:00Z");

  private static final Instant LATEST = Instant.parse("+294000-01-01T00:00:00Z");

  private final GivenValue given;
  private final ZoneId zone;
  private final NumberConversion numbers;

  TimeConversion(GivenValue given, ZoneId zone, NumberConversion numbers) {
    this.given = given;
    this.zone = zone;
    this.numbers = numbers;
  }

  /**
   * A date, wall-clock time or instant, which may be infinite.
   *
   * @param type DATE, TIMESTAMP or INSTANT
   */
  Temporal toPoint(Object value, ColumnType type) {
    Optional<InfiniteTime> infinite = InfiniteTime.of(value);
    if (infinite.isPresent()) {
      return infinite.get().as(type);
    }
    switch (type.kind()) {
      case DATE:
        return toDate(value);
      case TIMESTAMP:
        return toLocal(value, type);
      default:
        return toInstant(value, type);
    }
  }

  private LocalDate toDate(Object value) {
    if (value instanceof LocalDate) {
      return (LocalDate) value;
    }
    LocalDateTime local = null;
    if (value instanceof String) {
      Optional<TimeText.Parsed> parsed = TimeText.timestamp((String) value);
      if (parsed.isEmpty()) {
        throw given.refusedTime("a date such as 2024-01-31");
      }
      local = local(parsed.get());
    } else {
      local = wallClock(value);
    }
    if (local == null) {
      throw given.refused("a date such as 2024-01-31");
    }
    if (!local.toLocalTime().equals(LocalTime.MIDNIGHT)) {
      throw given.refused("a date without time of day");
    }
    return local.toLocalDate();
  }

  LocalTime toTime(Object value) {
    if (value instanceof LocalTime) {
      return ((LocalTime) value).truncatedTo(ChronoUnit.MICROS);
    }
    if (value instanceof String) {
      return TimeText.time((String) value)
          .orElseThrow(() -> given.refusedTime("a time of day such as 09:30:00"))
          .truncatedTo(ChronoUnit.MICROS);
    }
    throw given.refused("a time of day such as 09:30:00");
  }

  private LocalDateTime toLocal(Object value, ColumnType type) {
    LocalDateTime local;
    if (value instanceof String) {
      local =
          local(
              TimeText.timestamp((String) value)
                  .orElseThrow(() -> given.refusedTime("a timestamp such as 2024-01-31 09:30:00")));
    } else {
      local = wallClock(value);
    }
    if (local == null) {
      throw given.refused("a timestamp such as 2024-01-31 09:30:00");
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
                      given.refusedTime(
                          "a timestamp such as 2024-01-31T09:30:00Z, or 2024-01-31 09:30:00 in"
                              + " the session's zone"))
              .instant(zone);
    } else {
      LocalDateTime local = wallClock(value);
      if (local == null) {
        throw given.refused("a timestamp such as 2024-01-31T09:30:00Z");
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
          given.where() + "; timestamps lie between the years -290000 and 294000");
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

  Long toMonths(Object value) {
    if (value instanceof Period && ((Period) value).getDays() == 0) {
      return ((Period) value).toTotalMonths();
    }
    if (value instanceof String) {
      try {
        Period period = Period.parse(((String) value).trim());
        if (period.getDays() == 0) {
          return period.toTotalMonths();
        }
      } catch (DateTimeParseException e) {
        throw given.refusedTime("an interval of years and months such as P1Y2M");
      }
    }
    if (value instanceof Number) {
      return numbers.whole(value, Integer.MIN_VALUE, Integer.MAX_VALUE);
    }
    throw given.refused("an interval of years and months such as P1Y2M");
  }

  Long toMicroseconds(Object value) {
    Duration duration;
    if (value instanceof Duration) {
      duration = (Duration) value;
    } else if (value instanceof String) {
      try {
        duration = Duration.parse(((String) value).trim());
      } catch (DateTimeParseException e) {
        throw given.refusedTime("an interval of days to seconds such as P1DT2H");
      }
    } else if (value instanceof Number) {
      return numbers.whole(value, Long.MIN_VALUE, Long.MAX_VALUE);
    } else {
      throw given.refused("an interval of days to seconds such as P1DT2H");
    }
    try {
      return Math.addExact(
          Math.multiplyExact(duration.getSeconds(), 1_000_000L), duration.getNano() / 1_000);
    } catch (ArithmeticException e) {
      throw given.outOfRange("; an interval has at most 2^63 microseconds");
    }
  }
}
