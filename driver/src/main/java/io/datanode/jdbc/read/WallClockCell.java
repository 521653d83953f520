package io.datanode.jdbc.read;

import io.datanode.jdbc.batch.ColumnType;
import io.datanode.jdbc.batch.LongVector;
import io.datanode.jdbc.session.ResultColumn;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;

/** TIMESTAMP without zone. As a point in time it is read in the session's zone, as SQL casts it. */
final class WallClockCell extends Cell {
  private final ZoneId zone;
  private final long unitsPerSecond;
  private final int nanosPerUnit;

  WallClockCell(ResultColumn column, ZoneId zone) {
    super(column);
    this.zone = zone;
    boolean nanoseconds = column.type().nanoseconds();
    unitsPerSecond = nanoseconds ? 1_000_000_000 : 1_000_000;
    nanosPerUnit = nanoseconds ? 1 : 1000;
  }

  @Override
  public Object object(int row) throws SQLException {
    return timestamp(row, null);
  }

  @Override
  public String text(int row) {
    LocalDateTime time = localDateTime(row);
    if (time.equals(LocalDateTime.MAX)) {
      return "infinity";
    }
    if (time.equals(LocalDateTime.MIN)) {
      return "-infinity";
    }
    StringBuilder text = new StringBuilder(29);
    TimeText.appendDate(text, time.toLocalDate()).append(' ');
    TimeText.appendTime(text, time.toLocalTime().toNanoOfDay());
    return TimeText.appendEra(text, time.toLocalDate()).toString();
  }

  @Override
  public LocalDateTime localDateTime(int row) {
    long value = ((LongVector) vector).get(row);
    if (value == ColumnType.INFINITY) {
      return LocalDateTime.MAX;
    }
    if (value == ColumnType.MINUS_INFINITY) {
      return LocalDateTime.MIN;
    }
    return LocalDateTime.ofEpochSecond(
        Math.floorDiv(value, unitsPerSecond),
        (int) Math.floorMod(value, unitsPerSecond) * nanosPerUnit,
        ZoneOffset.UTC);
  }

  @Override
  public LocalDate localDate(int row) {
    return localDateTime(row).toLocalDate();
  }

  @Override
  public LocalTime localTime(int row) {
    return localDateTime(row).toLocalTime();
  }

  @Override
  public ZonedDateTime zonedDateTime(int row) throws SQLException {
    LocalDateTime time = localDateTime(row);
    if (time.equals(LocalDateTime.MAX) || time.equals(LocalDateTime.MIN)) {
      throw cannotRead(text(row), "ZonedDateTime, which has no infinity; expected LocalDateTime");
    }
    return time.atZone(zone);
  }

  @Override
  public OffsetDateTime offsetDateTime(int row) throws SQLException {
    LocalDateTime time = localDateTime(row);
    if (time.equals(LocalDateTime.MAX)) {
      return OffsetDateTime.MAX;
    }
    return time.equals(LocalDateTime.MIN)
        ? OffsetDateTime.MIN
        : zonedDateTime(row).toOffsetDateTime();
  }

  @Override
  public Instant instant(int row) throws SQLException {
    LocalDateTime time = localDateTime(row);
    if (time.equals(LocalDateTime.MAX)) {
      return Instant.MAX;
    }
    return time.equals(LocalDateTime.MIN) ? Instant.MIN : zonedDateTime(row).toInstant();
  }
}
