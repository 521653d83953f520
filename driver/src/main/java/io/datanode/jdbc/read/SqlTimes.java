package io.datanode.jdbc.read;

import java.sql.Date;
import java.sql.Time;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Calendar;

/**
 * Makes the classes of {@code java.sql}, which are points in time that mean a wall clock in some
 * zone: the zone of a Calendar if one is given, else of the JVM.
 */
final class SqlTimes {
  /** What pgjdbc returns for {@code infinity}, in milliseconds. */
  static final long INFINITY_MILLIS = 9_223_372_036_825_200_000L;

  /** What pgjdbc returns for {@code -infinity}, in milliseconds. */
  static final long MINUS_INFINITY_MILLIS = -9_223_372_036_832_400_000L;

  private SqlTimes() {}

  static Date date(LocalDate date, Calendar calendar) {
    if (date.equals(LocalDate.MAX)) {
      return new Date(INFINITY_MILLIS);
    }
    if (date.equals(LocalDate.MIN)) {
      return new Date(MINUS_INFINITY_MILLIS);
    }
    return calendar == null ? Date.valueOf(date) : new Date(millis(date.atStartOfDay(), calendar));
  }

  static Time time(LocalTime time, Calendar calendar) {
    int millis = time.getNano() / 1_000_000;
    long seconds =
        calendar == null
            ? Time.valueOf(time).getTime()
            : millis(LocalDate.EPOCH.atTime(time), calendar);
    return new Time(seconds + millis);
  }

  /** A wall clock in the zone of the calendar or the JVM. */
  static Timestamp timestamp(LocalDateTime time, Calendar calendar) {
    if (time.equals(LocalDateTime.MAX)) {
      return new Timestamp(INFINITY_MILLIS);
    }
    if (time.equals(LocalDateTime.MIN)) {
      return new Timestamp(MINUS_INFINITY_MILLIS);
    }
    if (calendar == null) {
      return Timestamp.valueOf(time);
    }
    Timestamp timestamp = new Timestamp(millis(time, calendar));
    timestamp.setNanos(time.getNano());
    return timestamp;
  }

  /** Exactly this instant. */
  static Timestamp timestamp(Instant instant) {
    return timestamp(instant.getEpochSecond(), instant.getNano());
  }

  static Timestamp timestamp(long seconds, int nanos) {
    Timestamp timestamp = new Timestamp(seconds * 1000);
    timestamp.setNanos(nanos);
    return timestamp;
  }

  static ZoneId zone(Calendar calendar) {
    return calendar.getTimeZone().toZoneId();
  }

  /** Whole seconds of a wall clock. The calendar given stays as it is. */
  private static long millis(LocalDateTime time, Calendar calendar) {
    Calendar copy = (Calendar) calendar.clone();
    copy.clear();
    copy.setLenient(true);
    int year = time.getYear();
    copy.set(Calendar.ERA, year > 0 ? 1 : 0);
    copy.set(
        year > 0 ? year : 1 - year,
        time.getMonthValue() - 1,
        time.getDayOfMonth(),
        time.getHour(),
        time.getMinute(),
        time.getSecond());
    return copy.getTimeInMillis();
  }
}
