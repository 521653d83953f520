package io.datanode.jdbc.read;

import io.datanode.jdbc.batch.LongVector;
import io.datanode.jdbc.session.ResultColumn;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;

/** TIME. As a timestamp it is on 1970-01-01, as JDBC lays down. */
final class TimeCell extends Cell {
  private static final long DAY = 86_400_000_000L;

  TimeCell(ResultColumn column) {
    super(column);
  }

  private long micros(int row) {
    return ((LongVector) vector).get(row);
  }

  @Override
  public Object object(int row) throws SQLException {
    return time(row, null);
  }

  @Override
  public String text(int row) {
    return TimeText.appendTime(new StringBuilder(15), micros(row) * 1000).toString();
  }

  @Override
  public LocalTime localTime(int row) {
    // 24:00:00, which PostgreSQL and DuckDB know and Java does not, becomes the last nanosecond.
    return micros(row) >= DAY ? LocalTime.MAX : LocalTime.ofNanoOfDay(micros(row) * 1000);
  }

  @Override
  public LocalDateTime localDateTime(int row) {
    return LocalDate.EPOCH.atTime(localTime(row));
  }
}
