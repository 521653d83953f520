package io.datanode.server.rest;

import io.datanode.jdbc.batch.ColumnType;
import java.nio.charset.StandardCharsets;
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
  /** Bytes that are enough for any text. */
  static final int LONGEST = 64;

  private static final int SECONDS_PER_DAY = 86_400;
  private static final byte[] INFINITY = ascii("infinity");
  private static final byte[] MINUS_INFINITY = ascii("-infinity");

  private final long unitsPerSecond;
  private final boolean instants;
  private final ZoneRules rules;
  private byte[] date = {};
  private long day = Long.MIN_VALUE;
  private ZoneOffset offset;
  private byte[] offsetText;

  private IsoTimes(ColumnType type, ZoneId zone, boolean instants) {
    this.unitsPerSecond = type.nanoseconds() ? 1_000_000_000 : 1_000_000;
    this.instants = instants;
    this.rules = zone.getRules();
    this.offset = rules.getOffset(Instant.EPOCH);
    this.offsetText = ascii(offset.getId());
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
    byte[] text = new byte[LONGEST];
    return new String(text, 0, write(value, text, 0), StandardCharsets.US_ASCII);
  }

  /**
   * Writes the text of a value, in ASCII.
   *
   * @param value as the column holds it
   * @param place where it begins; {@link #LONGEST} bytes from there may be overwritten
   * @return the place behind it
   */
  int write(long value, byte[] text, int place) {
    if (value == ColumnType.INFINITY) {
      return put(INFINITY, text, place);
    }
    if (value == ColumnType.MINUS_INFINITY) {
      return put(MINUS_INFINITY, text, place);
    }
    long seconds = Math.floorDiv(value, unitsPerSecond);
    if (!rules.isFixedOffset()) {
      observe(rules.getOffset(Instant.ofEpochSecond(seconds)));
    }
    long local = seconds + offset.getTotalSeconds();
    long now = Math.floorDiv(local, SECONDS_PER_DAY);
    if (now != day) {
      day = now;
      date = ascii(LocalDate.ofEpochDay(now).toString() + 'T');
    }
    int end = put(date, text, place);
    int second = (int) (local - now * SECONDS_PER_DAY);
    Digits.pair(second / 3600, text, end);
    text[end + 2] = ':';
    Digits.pair(second / 60 % 60, text, end + 3);
    text[end + 5] = ':';
    Digits.pair(second % 60, text, end + 6);
    end = fraction((int) (value - seconds * unitsPerSecond), text, end + 8);
    return instants ? put(offsetText, text, end) : end;
  }

  private void observe(ZoneOffset now) {
    if (!now.equals(offset)) {
      offset = now;
      offsetText = ascii(now.getId());
    }
  }

  private int fraction(int units, byte[] text, int place) {
    if (units == 0) {
      return place;
    }
    text[place] = '.';
    if (unitsPerSecond == 1_000_000) {
      return Digits.fill(units, 6, text, place + 1);
    }
    return units % 1_000 == 0
        ? Digits.fill(units / 1_000, 6, text, place + 1)
        : Digits.fill(units, 9, text, place + 1);
  }

  private static int put(byte[] ascii, byte[] text, int place) {
    System.arraycopy(ascii, 0, text, place, ascii.length);
    return place + ascii.length;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
