package io.datanode.storage;

import io.datanode.jdbc.batch.ColumnType;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.time.temporal.Temporal;
import java.util.Locale;
import java.util.Optional;

/**
 * One of the two times that dates and timestamps have beside those of the calendar. As the value of
 * a parameter it is the last, or first, value of its Java class; columns hold it as {@link
 * ColumnType#INFINITY} and {@link ColumnType#MINUS_INFINITY}.
 *
 * @see "PostgreSQL 17, section 8.5.1.4, Special Values: infinity is later, -infinity earlier than
 *     all other time stamps. DuckDB, Timestamp Types, Special Values, has the same"
 */
public enum InfiniteTime {
  /** Later than all others. */
  FUTURE("infinity", Instant.MAX, LocalDateTime.MAX, LocalDate.MAX),
  /** Earlier than all others. */
  PAST("-infinity", Instant.MIN, LocalDateTime.MIN, LocalDate.MIN);

  // Not Instant.MAX and MIN: an OffsetDateTime ends with the offset furthest from UTC.
  private static final Instant LAST_OFFSET = OffsetDateTime.MAX.toInstant();
  private static final Instant FIRST_OFFSET = OffsetDateTime.MIN.toInstant();

  private final String text;
  private final Instant instant;
  private final LocalDateTime wallClock;
  private final LocalDate date;

  InfiniteTime(String text, Instant instant, LocalDateTime wallClock, LocalDate date) {
    this.text = text;
    this.instant = instant;
    this.wallClock = wallClock;
    this.date = date;
  }

  /**
   * The infinite time that a value stands for, if it does: its text in any case, with or without a
   * plus sign, or the last or first value of a class of {@code java.time}, as in the driver of
   * PostgreSQL.
   */
  public static Optional<InfiniteTime> of(Object value) {
    if (value instanceof String given) {
      String word = given.strip().toLowerCase(Locale.ROOT);
      return word.equals(FUTURE.text) || word.equals("+" + FUTURE.text)
          ? Optional.of(FUTURE)
          : word.equals(PAST.text) ? Optional.of(PAST) : Optional.empty();
    }
    if (value instanceof OffsetDateTime offset) {
      return of(offset.toInstant());
    }
    if (value instanceof ZonedDateTime zoned) {
      return of(zoned.toInstant());
    }
    if (value instanceof Instant point) {
      return !point.isBefore(LAST_OFFSET)
          ? Optional.of(FUTURE)
          : point.isAfter(FIRST_OFFSET) ? Optional.empty() : Optional.of(PAST);
    }
    for (InfiniteTime each : values()) {
      if (value.equals(each.wallClock) || value.equals(each.date)) {
        return Optional.of(each);
      }
    }
    return Optional.empty();
  }

  /**
   * The value of a parameter.
   *
   * @param type DATE, TIMESTAMP or INSTANT
   */
  public Temporal as(ColumnType type) {
    switch (type.kind()) {
      case DATE:
        return date;
      case TIMESTAMP:
        return wallClock;
      case INSTANT:
        return instant;
      default:
        throw new IllegalArgumentException(type + " has no infinite times");
    }
  }

  /** As storages and results write it: {@code infinity} or {@code -infinity}. */
  @Override
  public String toString() {
    return text;
  }
}
