package io.datanode.plan;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoField;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Dates and times written as text.
 *
 * <p>A timestamp is a date, then optionally {@code T} or blanks and a time, then optionally a zone:
 * {@code Z}, an offset, or a blank and the name of a zone. Years have four digits.
 */
public final class TimeText {
  private static final Pattern TIMESTAMP =
      Pattern.compile(
          "(\\d{4}-\\d{1,2}-\\d{1,2})"
              + "(?:(?:[Tt]|\\s+)(\\d{1,2}:\\d{2}(?::\\d{2}(?:[.,]\\d{1,9})?)?))?"
              + "\\s*(?:(Z|z|[+-]\\d{1,2}(?::?\\d{2}){0,2})|\\[?([A-Za-z][A-Za-z0-9_+/-]*)\\]?)?");

  private static final DateTimeFormatter DATE =
      new DateTimeFormatterBuilder()
          .appendPattern("uuuu-M-d")
          .toFormatter(Locale.ROOT)
          .withResolverStyle(java.time.format.ResolverStyle.STRICT);

  private static final DateTimeFormatter TIME =
      new DateTimeFormatterBuilder()
          .appendPattern("H:mm")
          .optionalStart()
          .appendPattern(":ss")
          .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
          .optionalEnd()
          .toFormatter(Locale.ROOT)
          .withResolverStyle(java.time.format.ResolverStyle.STRICT);

  private static final DateTimeFormatter SHOWN =
      new DateTimeFormatterBuilder()
          .appendPattern("uuuu-MM-dd HH:mm:ss")
          .appendFraction(ChronoField.NANO_OF_SECOND, 6, 9, true)
          .toFormatter(Locale.ROOT);

  private TimeText() {}

  /**
   * A timestamp as it was written.
   *
   * @param local what the clock shows
   * @param zone the zone written with it, if any
   */
  public record Parsed(LocalDateTime local, Optional<ZoneId> zone) {
    /** The point in time meant, in the given zone unless one was written. */
    public Instant instant(ZoneId sessionZone) {
      return Instants.at(local, zone.orElse(sessionZone));
    }
  }

  /** Reads a date or a timestamp; empty if it is neither. */
  public static Optional<Parsed> timestamp(String text) {
    Matcher matcher = TIMESTAMP.matcher(text.trim());
    if (!matcher.matches()) {
      return Optional.empty();
    }
    try {
      LocalDate date = LocalDate.parse(matcher.group(1), DATE);
      String clock = matcher.group(2);
      LocalDateTime local =
          clock == null
              ? date.atStartOfDay()
              : LocalDateTime.of(date, LocalTime.parse(clock.replace(',', '.'), TIME));
      Optional<ZoneId> zone = Optional.empty();
      if (matcher.group(3) != null) {
        zone = Optional.of(ZoneId.of(matcher.group(3).toUpperCase(Locale.ROOT)));
      } else if (matcher.group(4) != null) {
        zone = Optional.of(ZoneId.of(matcher.group(4)));
      }
      return Optional.of(new Parsed(local, zone));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  /** Reads a time of day, such as {@code 09:30} or {@code 16:00:00.000001}. */
  public static Optional<LocalTime> time(String text) {
    try {
      return Optional.of(LocalTime.parse(text.trim(), TIME));
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  /** The text a result set shows for a wall-clock time: six digits of the second, or nine. */
  public static String show(LocalDateTime local) {
    return SHOWN.format(local);
  }
}
