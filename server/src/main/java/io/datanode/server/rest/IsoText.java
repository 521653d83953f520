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
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;

/**
 * Dates and times as ISO 8601 text: seconds have no fraction, six digits or nine, as every reader
 * of ISO 8601 takes them. The infinite ones are {@code infinity} and {@code -infinity}.
 */
final class IsoText {
  private static final DateTimeFormatter SECONDS = DateTimeFormatter.ofPattern("HH:mm:ss");
  private static final DateTimeFormatter MICROS = DateTimeFormatter.ofPattern("HH:mm:ss.SSSSSS");
  private static final DateTimeFormatter NANOS = DateTimeFormatter.ofPattern("HH:mm:ss.SSSSSSSSS");

  private IsoText() {}

  /** For example {@code 2024-01-02}, of days since 1970. */
  static String date(long days) {
    return infinite(days) ? infinity(days) : LocalDate.ofEpochDay(days).toString();
  }

  /** For example {@code 09:30:00.250000}, of microseconds since midnight. */
  static String time(long micros) {
    return time(LocalTime.ofNanoOfDay(micros * 1_000));
  }

  /** For example {@code P1Y6M}. */
  static String months(long months) {
    return Period.ofMonths(Math.toIntExact(months)).normalized().toString();
  }

  /** For example {@code PT26H3M4.5S}; days are 24 hours. */
  static String microseconds(long micros) {
    return Duration.of(micros, ChronoUnit.MICROS).toString();
  }

  private static String time(LocalTime time) {
    int nanos = time.getNano();
    return (nanos == 0 ? SECONDS : nanos % 1_000 == 0 ? MICROS : NANOS).format(time);
  }

  /** For example {@code 2024-01-02T09:30:00}, of a value as a column of the type holds it. */
  static String timestamp(long value, ColumnType type) {
    return infinite(value) ? infinity(value) : text(instant(value, type), ZoneOffset.UTC);
  }

  /** For example {@code 2024-01-02T09:30:00Z}, or with {@code +01:00} in another zone. */
  static String instant(long value, ColumnType type, ZoneId zone) {
    if (infinite(value)) {
      return infinity(value);
    }
    Instant instant = instant(value, type);
    ZoneOffset offset = zone.getRules().getOffset(instant);
    return text(instant, offset) + offset.getId();
  }

  private static Instant instant(long value, ColumnType type) {
    return type.nanoseconds()
        ? Instant.EPOCH.plusNanos(value)
        : Instant.EPOCH.plus(value, ChronoUnit.MICROS);
  }

  private static String text(Instant instant, ZoneOffset offset) {
    LocalDateTime local = LocalDateTime.ofInstant(instant, offset);
    return local.toLocalDate() + "T" + time(local.toLocalTime());
  }

  private static boolean infinite(long value) {
    return value == ColumnType.INFINITY || value == ColumnType.MINUS_INFINITY;
  }

  private static String infinity(long value) {
    return value == ColumnType.INFINITY ? "infinity" : "-infinity";
  }
}
