package io.datanode.jdbc.read;

import io.datanode.jdbc.batch.ColumnType;
import io.datanode.jdbc.batch.ColumnVector;
import io.datanode.jdbc.batch.LongVector;
import io.datanode.jdbc.session.ResultColumn;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.zone.ZoneRules;
import java.util.Calendar;

/**
 * Points in time. A Timestamp is exactly the instant whatever the zone of the JVM; everything local
 * is the wall clock of the session's zone, or of a Calendar where one is given.
 */
final class InstantCell extends Cell {
  private final ZoneId zone;
  private final ZoneRules rules;
  private final long unitsPerSecond;
  private final int nanosPerUnit;
  private long[] values;

  InstantCell(ResultColumn column, ZoneId zone) {
    super(column);
    this.zone = zone;
    this.rules = zone.getRules();
    boolean nanoseconds = column.type().nanoseconds();
    unitsPerSecond = nanoseconds ? 1_000_000_000 : 1_000_000;
    nanosPerUnit = nanoseconds ? 1 : 1000;
  }

  @Override
  public void load(ColumnVector next) {
    super.load(next);
    values = ((LongVector) next).values();
  }

  private static boolean infinite(long value) {
    return value == ColumnType.INFINITY || value == ColumnType.MINUS_INFINITY;
  }

  private long second(long value) {
    return Math.floorDiv(value, unitsPerSecond);
  }

  private int nano(long value) {
    return (int) Math.floorMod(value, unitsPerSecond) * nanosPerUnit;
  }

  @Override
  public Object object(int row) {
    return timestamp(row, null);
  }

  @Override
  public Timestamp timestamp(int row, Calendar calendar) {
    long value = values[row];
    if (infinite(value)) {
      return new Timestamp(value > 0 ? SqlTimes.INFINITY_MILLIS : SqlTimes.MINUS_INFINITY_MILLIS);
    }
    return SqlTimes.timestamp(second(value), nano(value));
  }

  @Override
  public String text(int row) {
    long value = values[row];
    if (infinite(value)) {
      return value > 0 ? "infinity" : "-infinity";
    }
    ZoneOffset offset = offset(value);
    LocalDateTime time = LocalDateTime.ofEpochSecond(second(value), nano(value), offset);
    StringBuilder text = new StringBuilder(35);
    TimeText.appendDate(text, time.toLocalDate()).append(' ');
    TimeText.appendTime(text, time.toLocalTime().toNanoOfDay());
    TimeText.appendOffset(text, offset);
    return TimeText.appendEra(text, time.toLocalDate()).toString();
  }

  private ZoneOffset offset(long value) {
    return rules.isFixedOffset()
        ? rules.getOffset(Instant.EPOCH)
        : rules.getOffset(Instant.ofEpochSecond(second(value)));
  }

  @Override
  public Instant instant(int row) {
    long value = values[row];
    if (infinite(value)) {
      return value > 0 ? Instant.MAX : Instant.MIN;
    }
    return Instant.ofEpochSecond(second(value), nano(value));
  }

  @Override
  public OffsetDateTime offsetDateTime(int row) {
    long value = values[row];
    if (infinite(value)) {
      return value > 0 ? OffsetDateTime.MAX : OffsetDateTime.MIN;
    }
    return OffsetDateTime.ofInstant(instant(row), zone);
  }

  @Override
  public ZonedDateTime zonedDateTime(int row) throws SQLException {
    if (infinite(values[row])) {
      throw cannotRead(text(row), "ZonedDateTime, which has no infinity; expected OffsetDateTime");
    }
    return ZonedDateTime.ofInstant(instant(row), zone);
  }

  @Override
  public LocalDateTime localDateTime(int row) {
    return localDateTime(row, zone);
  }

  private LocalDateTime localDateTime(int row, ZoneId local) {
    long value = values[row];
    if (infinite(value)) {
      return value > 0 ? LocalDateTime.MAX : LocalDateTime.MIN;
    }
    return LocalDateTime.ofInstant(instant(row), local);
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
  LocalDate localDate(int row, Calendar calendar) {
    return local(row, calendar).toLocalDate();
  }

  @Override
  LocalTime localTime(int row, Calendar calendar) {
    return local(row, calendar).toLocalTime();
  }

  private LocalDateTime local(int row, Calendar calendar) {
    return localDateTime(row, calendar == null ? zone : SqlTimes.zone(calendar));
  }
}
