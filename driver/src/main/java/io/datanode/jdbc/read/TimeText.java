package io.datanode.jdbc.read;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalQueries;

/** Dates and times as text in the way of PostgreSQL, and read from such or ISO 8601 text. */
final class TimeText {
  private static final DateTimeFormatter FORMAT =
      new DateTimeFormatterBuilder()
          .parseCaseInsensitive()
          .append(DateTimeFormatter.ISO_LOCAL_DATE)
          .optionalStart()
          .appendPattern("['T'][' ']")
          .append(DateTimeFormatter.ISO_LOCAL_TIME)
          .optionalStart()
          .appendPattern("[XXX][X]")
          .optionalEnd()
          .optionalEnd()
          .toFormatter();

  private final LocalDateTime time;
  private final ZoneOffset offset;

  private TimeText(LocalDateTime time, ZoneOffset offset) {
    this.time = time;
    this.offset = offset;
  }

  /**
   * Reads a date, or a date and time, with or without offset.
   *
   * @throws java.time.DateTimeException if it is none
   */
  static TimeText parse(String text) {
    TemporalAccessor parsed = FORMAT.parse(text);
    LocalDate date = LocalDate.from(parsed);
    LocalDateTime time =
        parsed.isSupported(ChronoField.NANO_OF_DAY)
            ? LocalDateTime.from(parsed)
            : date.atStartOfDay();
    return new TimeText(time, parsed.query(TemporalQueries.offset()));
  }

  boolean hasOffset() {
    return offset != null;
  }

  LocalDateTime localDateTime() {
    return time;
  }

  Instant instant(ZoneId zone) {
    return offset == null
        ? time.atZone(zone).withLaterOffsetAtOverlap().toInstant()
        : time.toInstant(offset);
  }

  /** Appends {@code 2024-01-02}; years before 1 get {@link #appendEra} at the end. */
  static StringBuilder appendDate(StringBuilder text, LocalDate date) {
    int year = date.getYear() > 0 ? date.getYear() : 1 - date.getYear();
    if (year < 1000) {
      text.append(year < 10 ? "000" : year < 100 ? "00" : "0");
    }
    text.append(year).append('-');
    twoDigits(text, date.getMonthValue()).append('-');
    return twoDigits(text, date.getDayOfMonth());
  }

  static StringBuilder appendEra(StringBuilder text, LocalDate date) {
    return date.getYear() > 0 ? text : text.append(" BC");
  }

  /** Appends {@code 09:30:00.123456}, without zeros at the end of the fraction. */
  static StringBuilder appendTime(StringBuilder text, long nanoOfDay) {
    long seconds = nanoOfDay / 1_000_000_000L;
    twoDigits(text, seconds / 3600).append(':');
    twoDigits(text, seconds / 60 % 60).append(':');
    twoDigits(text, seconds % 60);
    int nanos = (int) (nanoOfDay % 1_000_000_000L);
    if (nanos != 0) {
      int start = text.length();
      text.append(1_000_000_000L + nanos);
      text.setCharAt(start, '.');
      int end = text.length();
      while (text.charAt(end - 1) == '0') {
        end--;
      }
      text.setLength(end);
    }
    return text;
  }

  /** Appends {@code +00}, {@code +05:30} or, for local mean times, {@code -04:56:02}. */
  static StringBuilder appendOffset(StringBuilder text, ZoneOffset offset) {
    int total = Math.abs(offset.getTotalSeconds());
    text.append(offset.getTotalSeconds() < 0 ? '-' : '+');
    twoDigits(text, total / 3600);
    if (total % 3600 != 0) {
      twoDigits(text.append(':'), total / 60 % 60);
    }
    if (total % 60 != 0) {
      twoDigits(text.append(':'), total % 60);
    }
    return text;
  }

  static StringBuilder twoDigits(StringBuilder text, long value) {
    return value < 10 ? text.append('0').append(value) : text.append(value);
  }
}
