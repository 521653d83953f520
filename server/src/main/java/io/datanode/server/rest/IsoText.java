package io.datanode.server.rest;

import io.datanode.jdbc.batch.ColumnType;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.Period;
import java.time.temporal.ChronoUnit;

/**
 * Dates, times of day and periods as ISO 8601 text: seconds have no fraction or six digits. The
 * infinite dates are {@code infinity} and {@code -infinity}.
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

  private static StringBuilder appendTime(StringBuilder text, LocalTime time) {
    appendDigits(text, time.getHour(), 2).append(':');
    appendDigits(text, time.getMinute(), 2).append(':');
    appendDigits(text, time.getSecond(), 2);
    int nanos = time.getNano();
    if (nanos == 0) {
      return text;
    }
    text.append('.');
    return appendDigits(text, nanos / 1_000, 6);
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
