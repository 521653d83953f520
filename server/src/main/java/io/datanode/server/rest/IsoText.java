package io.datanode.server.rest;

import io.datanode.jdbc.batch.ColumnType;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.Period;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;

/**
 * Dates and times as ISO 8601 text: seconds have no fraction, six digits or nine, as every reader
 * of ISO 8601 takes them. The infinite ones are {@code infinity} and {@code -infinity}.
 */
final class IsoText {
  private IsoText() {}

  /** For example {@code 2024-01-02}, of days since 1970. */
  static String date(long days) {
    return infinite(days) ? infinity(days) : LocalDate.ofEpochDay(days).toString();
  }

  /** For example {@code 09:30:00.250000}, of microseconds since midnight. */
  static String time(long micros) {
    return appendTime(new StringBuilder(15), LocalTime.ofNanoOfDay(micros * 1_000)).toString();
  }

  /** For example {@code P1Y6M}. */
  static String months(long months) {
    return Period.ofMonths(Math.toIntExact(months)).normalized().toString();
  }

  /** For example {@code PT26H3M4.5S}; days are 24 hours. */
  static String microseconds(long micros) {
    return Duration.of(micros, ChronoUnit.MICROS).toString();
  }

  /** For example {@code 2024-01-02T09:30:00}, of a value as a column of the type holds it. */
  static String timestamp(long value, ColumnType type) {
    return infinite(value)
        ? infinity(value)
        : text(instant(value, type), ZoneOffset.UTC).toString();
  }

  /** For example {@code 2024-01-02T09:30:00Z}, or with {@code +01:00} in another zone. */
  static String instant(long value, ColumnType type, ZoneId zone) {
    if (infinite(value)) {
      return infinity(value);
    }
    Instant instant = instant(value, type);
    ZoneOffset offset = zone.getRules().getOffset(instant);
    return text(instant, offset).append(offset.getId()).toString();
  }

  private static Instant instant(long value, ColumnType type) {
    return type.nanoseconds()
        ? Instant.EPOCH.plusNanos(value)
        : Instant.EPOCH.plus(value, ChronoUnit.MICROS);
  }

  // Not by a DateTimeFormatter: it takes longer than the rest of writing a row.
  private static StringBuilder text(Instant instant, ZoneOffset offset) {
    LocalDateTime local = LocalDateTime.ofInstant(instant, offset);
    StringBuilder text = new StringBuilder(35).append(local.toLocalDate()).append('T');
    return appendTime(text, local.toLocalTime());
  }

  private static StringBuilder appendTime(StringBuilder text, LocalTime time) {
    appendDigits(text, time.getHour(), 2).append(':');
    appendDigits(text, time.getMinute(), 2).append(':');
    appendDigits(text, time.getSecond(), 2);
    int nanos = time.getNano();
    if (nanos == 0) {
      return text;
    }
    text.append('.');
    return nanos % 1_000 == 0 ? appendDigits(text, nanos / 1_000, 6) : appendDigits(text, nanos, 9);
  }

  private static StringBuilder appendDigits(StringBuilder text, int number, int digits) {
    int first = text.length();
    text.append(number);
    while (text.length() < first + digits) {
      text.insert(first, '0');
    }
    return text;
  }

  private static boolean infinite(long value) {
    return value == ColumnType.INFINITY || value == ColumnType.MINUS_INFINITY;
  }

  private static String infinity(long value) {
    return value == ColumnType.INFINITY ? "infinity" : "-infinity";
  }
}
