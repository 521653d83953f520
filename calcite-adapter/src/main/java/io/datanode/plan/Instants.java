package io.datanode.plan;

import io.datanode.DataNodeException;
import io.datanode.jdbc.SqlState;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Locale;
import org.apache.calcite.util.TimestampString;

/**
 * Reads times written as text: ISO 8601 with {@code T} or a blank, with {@code Z}, an offset, a
 * zone name in brackets, or nothing, which means the session zone.
 *
 * <p>A wall clock that does not exist, when summer time begins, is the instant that the clock would
 * show had it not been put forward; one that exists twice, when it ends, is the later instant, in
 * standard time. PostgreSQL and DuckDB decide both the same way.
 */
public final class Instants {
  private Instants() {}

  /**
   * The instant that text stands for.
   *
   * @param zone of text without offset
   * @throws DataNodeException 22007 if it is no date or timestamp
   */
  public static Instant parse(String text, ZoneId zone) {
    return parsed(text).instant(zone);
  }

  /** The wall clock text shows; with an offset, the wall clock of that instant in the zone. */
  static LocalDateTime parseWallClock(String text, ZoneId zone) {
    TimeText.Parsed parsed = parsed(text);
    return parsed.zone().isPresent()
        ? LocalDateTime.ofInstant(parsed.instant(zone), zone)
        : parsed.local();
  }

  /** The date text shows, the time of day left out. */
  static LocalDate parseDate(String text) {
    return parsed(text).local().toLocalDate();
  }

  private static TimeText.Parsed parsed(String text) {
    return TimeText.timestamp(text)
        .orElseThrow(() -> new DataNodeException(SqlState.INVALID_DATETIME, unreadable(text)));
  }

  /** What is said of text that is no time. */
  static String unreadable(String text) {
    return "'"
        + text
        + "' is no date or timestamp; expected for example '2024-01-31', '2024-01-31"
        + " 09:30:00.000001' or '2024-01-31T09:30:00Z'";
  }

  /** The instant at which a wall clock of a zone shows this. */
  public static Instant at(LocalDateTime local, ZoneId zone) {
    return ZonedDateTime.ofLocal(local, zone, null).withLaterOffsetAtOverlap().toInstant();
  }

  static LocalDateTime wallClock(Instant instant, ZoneId zone) {
    return LocalDateTime.ofInstant(instant, zone);
  }

  static Instant utc(TimestampString text) {
    return local(text).toInstant(ZoneOffset.UTC);
  }

  /** The wall clock a constant of Calcite shows. */
  public static LocalDateTime local(TimestampString text) {
    return LocalDateTime.parse(text.toString().replace(' ', 'T'));
  }

  /** Whether a constant can hold it: Calcite's have years of four digits. */
  static boolean canBeConstant(LocalDateTime local) {
    return local.getYear() >= 1 && local.getYear() <= 9999;
  }

  /** A wall clock as a constant of Calcite, for which its year must have four digits. */
  public static TimestampString string(LocalDateTime local) {
    TimestampString seconds =
        new TimestampString(
            String.format(
                Locale.ROOT,
                "%04d-%02d-%02d %02d:%02d:%02d",
                local.getYear(),
                local.getMonthValue(),
                local.getDayOfMonth(),
                local.getHour(),
                local.getMinute(),
                local.getSecond()));
    return local.getNano() == 0 ? seconds : seconds.withNanos(local.getNano());
  }
}
