package io.datanode.jdbc.read;

import io.datanode.jdbc.batch.ColumnType;
import io.datanode.jdbc.batch.LongVector;
import io.datanode.jdbc.session.ResultColumn;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;

/** DATE. As a timestamp it is midnight; as a point in time, midnight in the session's zone. */
final class DateCell extends Cell {
  private final ZoneId zone;

  DateCell(ResultColumn column, ZoneId zone) {
    super(column);
    this.zone = zone;
  }

  @Override
  public Object object(int row) throws SQLException {
    return date(row, null);
  }

  @Override
  public String text(int row) {
    LocalDate date = localDate(row);
    if (date.equals(LocalDate.MAX)) {
      return "infinity";
    }
    if (date.equals(LocalDate.MIN)) {
      return "-infinity";
    }
    return TimeText.appendEra(TimeText.appendDate(new StringBuilder(13), date), date).toString();
  }

  @Override
  public LocalDate localDate(int row) {
    long value = ((LongVector) vector).get(row);
    if (value == ColumnType.INFINITY) {
      return LocalDate.MAX;
    }
    return value == ColumnType.MINUS_INFINITY ? LocalDate.MIN : LocalDate.ofEpochDay(value);
  }

  @Override
  public LocalDateTime localDateTime(int row) {
    LocalDate date = localDate(row);
    return date.equals(LocalDate.MAX) ? LocalDateTime.MAX : date.atStartOfDay();
  }

  @Override
  public ZonedDateTime zonedDateTime(int row) throws SQLException {
    LocalDate date = localDate(row);
    if (date.equals(LocalDate.MAX) || date.equals(LocalDate.MIN)) {
      throw cannotRead(text(row), "ZonedDateTime, which has no infinity; expected LocalDate");
    }
    return date.atStartOfDay(zone);
  }

  @Override
  public OffsetDateTime offsetDateTime(int row) throws SQLException {
    LocalDate date = localDate(row);
    if (date.equals(LocalDate.MAX)) {
      return OffsetDateTime.MAX;
    }
    return date.equals(LocalDate.MIN) ? OffsetDateTime.MIN : zonedDateTime(row).toOffsetDateTime();
  }

  @Override
  public Instant instant(int row) throws SQLException {
    LocalDate date = localDate(row);
    if (date.equals(LocalDate.MAX)) {
      return Instant.MAX;
    }
    return date.equals(LocalDate.MIN) ? Instant.MIN : zonedDateTime(row).toInstant();
  }
}
