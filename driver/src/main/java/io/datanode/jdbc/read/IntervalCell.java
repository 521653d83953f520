package io.datanode.jdbc.read;

import io.datanode.jdbc.batch.ColumnType.Kind;
import io.datanode.jdbc.batch.LongVector;
import io.datanode.jdbc.session.ResultColumn;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Period;
import java.time.temporal.ChronoUnit;

/**
 * Intervals, as text in the way of SQL literals: {@code 1-02} for a year and two months, {@code -1
 * 02:03:04.5} for minus a day, two hours, three minutes and four and a half seconds.
 */
final class IntervalCell extends Cell {
  private final boolean months;

  IntervalCell(ResultColumn column) {
    super(column);
    months = column.type().kind() == Kind.YEAR_MONTH;
  }

  private long value(int row) {
    return ((LongVector) vector).get(row);
  }

  @Override
  public Object object(int row) {
    return text(row);
  }

  @Override
  public String text(int row) {
    long value = value(row);
    StringBuilder text = new StringBuilder(24);
    if (value < 0) {
      text.append('-');
    }
    if (months) {
      long absolute = Math.abs(value);
      text.append(absolute / 12).append('-');
      return TimeText.twoDigits(text, absolute % 12).toString();
    }
    long days = Math.abs(value / 86_400_000_000L);
    long micros = Math.abs(value % 86_400_000_000L);
    text.append(days).append(' ');
    return TimeText.appendTime(text, micros * 1000).toString();
  }

  @Override
  public Period period(int row) throws SQLException {
    if (!months) {
      throw cannotRead("interval of months");
    }
    return Period.ofMonths(Math.toIntExact(value(row))).normalized();
  }

  @Override
  public Duration duration(int row) throws SQLException {
    if (months) {
      throw cannotRead("interval of seconds");
    }
    return Duration.of(value(row), ChronoUnit.MICROS);
  }
}
