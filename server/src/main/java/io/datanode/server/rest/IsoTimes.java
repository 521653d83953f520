package io.datanode.server.rest;

import io.datanode.jdbc.batch.ColumnType;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneRules;

/**
 * Points in time of one column as ISO 8601 text: {@code 2024-01-02T09:30:00} with no fraction, six
 * digits or nine, and for instants {@code Z} or an offset such as {@code +01:00}. The infinite ones
 * are {@code infinity} and {@code -infinity}.
 *
 * <p>Not by a DateTimeFormatter, which takes longer than the rest of writing a row: the date is
 * kept from row to row, as most rows are of the same day as the one before. Not thread-safe.
 */
final class IsoTimes {
  private static final int SECONDS_PER_DAY = 86_400;

  private final long unitsPerSecond;
  private final boolean instants;
  private final ZoneRules rules;
  private final char[] text = new char[64];
  private int dateLength;
  private long day = Long.MIN_VALUE;
  private ZoneOffset offset = ZoneOffset.UTC;
  private String offsetText = "Z";
  private int length;

  private IsoTimes(ColumnType type, ZoneId zone, boolean instants) {
    this.unitsPerSecond = type.nanoseconds() ? 1_000_000_000 : 1_000_000;
    this.instants = instants;
    this.rules = zone.getRules();
  }

  /** Writes values of a column without time zone. */
  static IsoTimes timestamps(ColumnType type) {
    return new IsoTimes(type, ZoneOffset.UTC, false);
  }

  /**
   * Writes values of a column of instants.
   *
   * @param zone in which they are shown
   */
  static IsoTimes instants(ColumnType type, ZoneId zone) {
    return new IsoTimes(type, zone, true);
  }

  /** The text of a value as the column holds it. */
  String text(long value) {
    return new String(text, 0, write(value));
  }

  /** Where {@link #write} writes. */
  char[] chars() {
    return text;
  }

  /**
   * Writes the text of a value, in ASCII, to the beginning of {@link #chars}.
   *
   * @return how many characters it has
   */
  int write(long value) {
    if (value == ColumnType.INFINITY || value == ColumnType.MINUS_INFINITY) {
      day = Long.MIN_VALUE;
      return put(value == ColumnType.INFINITY ? "infinity" : "-infinity", 0);
    }
    long seconds = Math.floorDiv(value, unitsPerSecond);
    if (instants) {
      observe(rules.getOffset(Instant.ofEpochSecond(seconds)));
    }
    long local = seconds + offset.getTotalSeconds();
    date(Math.floorDiv(local, SECONDS_PER_DAY));
    int secondOfDay = (int) Math.floorMod(local, SECONDS_PER_DAY);
    digits(secondOfDay / 3600, 2);
    text[length++] = ':';
    digits(secondOfDay / 60 % 60, 2);
    text[length++] = ':';
    digits(secondOfDay % 60, 2);
    fraction((int) Math.floorMod(value, unitsPerSecond));
    if (instants) {
      length = put(offsetText, length);
    }
    return length;
  }

  private void observe(ZoneOffset now) {
    if (!now.equals(offset)) {
      offset = now;
      offsetText = now.getId();
    }
  }

  private void date(long now) {
    if (now != day) {
      day = now;
      dateLength = put(LocalDate.ofEpochDay(now).toString(), 0);
      text[dateLength++] = 'T';
    }
    length = dateLength;
  }

  private void fraction(int units) {
    if (units == 0) {
      return;
    }
    text[length++] = '.';
    if (unitsPerSecond == 1_000_000) {
      digits(units, 6);
    } else if (units % 1_000 == 0) {
      digits(units / 1_000, 6);
    } else {
      digits(units, 9);
    }
  }

  private void digits(int number, int count) {
    int rest = number;
    for (int i = length + count - 1; i >= length; i--) {
      text[i] = (char) ('0' + rest % 10);
      rest /= 10;
    }
    length += count;
  }

  /** Writes to a place, and gives the place behind. */
  private int put(String value, int place) {
    value.getChars(0, value.length(), text, place);
    return place + value.length();
  }
}
