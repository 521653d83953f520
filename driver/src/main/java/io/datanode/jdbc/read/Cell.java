package io.datanode.jdbc.read;

import io.datanode.jdbc.SqlState;
import io.datanode.jdbc.batch.ColumnVector;
import io.datanode.jdbc.session.ResultColumn;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.sql.Array;
import java.sql.Date;
import java.sql.SQLException;
import java.sql.Time;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.Period;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Calendar;
import java.util.UUID;

/**
 * Reads the values of one column of the batch in hand as any Java type they can be converted to.
 *
 * <p>The methods that take a row must not be called for a row that is NULL. A conversion that makes
 * no sense is SQLSTATE 22018, a number that does not fit 22003. Not thread-safe.
 */
public abstract class Cell {
  private final ResultColumn column;
  ColumnVector vector;

  Cell(ResultColumn column) {
    this.column = column;
  }

  /** A reader of this column; instants are shown in {@code zone}. */
  public static Cell of(ResultColumn column, ZoneId zone) {
    switch (column.type().kind()) {
      case BOOLEAN:
        return new BooleanCell(column);
      case TINYINT:
      case SMALLINT:
      case INTEGER:
      case BIGINT:
        return new WholeNumberCell(column);
      case REAL:
      case DOUBLE:
        return new FloatingCell(column);
      case DECIMAL:
        return new DecimalCell(column);
      case VARBINARY:
        return new BinaryCell(column);
      case DATE:
        return new DateCell(column, zone);
      case TIME:
        return new TimeCell(column);
      case TIMESTAMP:
        return new WallClockCell(column, zone);
      case INSTANT:
        return new InstantCell(column, zone);
      case UUID:
        return new UuidCell(column);
      case YEAR_MONTH:
      case DAY_TIME:
        return new IntervalCell(column);
      case ARRAY:
        return new ArrayCell(column, zone);
      default:
        return new TextCell(column, zone);
    }
  }

  /** The column this reads. */
  public final ResultColumn column() {
    return column;
  }

  /** Takes the column of the next batch. */
  public void load(ColumnVector next) {
    vector = next;
  }

  public final boolean isNull(int row) {
    return vector.isNull(row);
  }

  /** Whole numbers of the batch by row, or null if this column holds none. */
  public long[] longs() {
    return null;
  }

  /** Floating point numbers of the batch by row, or null if this column holds none. */
  public double[] doubles() {
    return null;
  }

  /** Texts of the batch by row, or null if this column holds none. */
  public String[] texts() {
    return null;
  }

  /** The value in the class {@code JdbcType.javaClass} names. */
  public abstract Object object(int row) throws SQLException;

  /** The value as text. */
  public abstract String text(int row) throws SQLException;

  public boolean booleanValue(int row) throws SQLException {
    throw cannotRead("boolean");
  }

  /** A number without its fraction. */
  public long longValue(int row) throws SQLException {
    throw cannotRead("whole number");
  }

  public double doubleValue(int row) throws SQLException {
    throw cannotRead("number");
  }

  public BigDecimal decimal(int row) throws SQLException {
    throw cannotRead("number");
  }

  public byte[] bytes(int row) throws SQLException {
    throw cannotRead("byte[]");
  }

  /**
   * The date.
   *
   * @param calendar holds the zone in which midnight is meant; null means the JVM's
   */
  public Date date(int row, Calendar calendar) throws SQLException {
    return SqlTimes.date(localDate(row, calendar), calendar);
  }

  /**
   * The time of day.
   *
   * @param calendar holds the zone in which the time is meant; null means the JVM's
   */
  public Time time(int row, Calendar calendar) throws SQLException {
    return SqlTimes.time(localTime(row, calendar), calendar);
  }

  /**
   * The timestamp.
   *
   * @param calendar holds the zone in which a wall clock is meant; null means the JVM's. An instant
   *     does not depend on it.
   */
  public Timestamp timestamp(int row, Calendar calendar) throws SQLException {
    return SqlTimes.timestamp(localDateTime(row), calendar);
  }

  public Array array(int row) throws SQLException {
    throw cannotRead("array");
  }

  public LocalDate localDate(int row) throws SQLException {
    throw cannotRead("date");
  }

  public LocalTime localTime(int row) throws SQLException {
    throw cannotRead("time");
  }

  public LocalDateTime localDateTime(int row) throws SQLException {
    throw cannotRead("timestamp");
  }

  /** The point in time; a wall clock is read in the session's zone. */
  public OffsetDateTime offsetDateTime(int row) throws SQLException {
    throw cannotRead("timestamp with time zone");
  }

  public ZonedDateTime zonedDateTime(int row) throws SQLException {
    throw cannotRead("timestamp with time zone");
  }

  /** The point in time; a wall clock is read in the session's zone. */
  public Instant instant(int row) throws SQLException {
    throw cannotRead("timestamp with time zone");
  }

  public UUID uuid(int row) throws SQLException {
    throw cannotRead("UUID");
  }

  public Period period(int row) throws SQLException {
    throw cannotRead("interval of months");
  }

  public Duration duration(int row) throws SQLException {
    throw cannotRead("interval of seconds");
  }

  LocalDate localDate(int row, Calendar calendar) throws SQLException {
    return localDate(row);
  }

  LocalTime localTime(int row, Calendar calendar) throws SQLException {
    return localTime(row);
  }

  /** A whole number between two bounds. */
  public final long longValue(int row, long least, long greatest, String type) throws SQLException {
    long value = longValue(row);
    if (value < least || value > greatest) {
      throw outOfRange(value, type);
    }
    return value;
  }

  /** The value as a float; a finite number too large for one is SQLSTATE 22003. */
  public final float floatValue(int row) throws SQLException {
    double value = doubleValue(row);
    if (Float.isInfinite((float) value) && !Double.isInfinite(value)) {
      throw outOfRange(value, "float");
    }
    return (float) value;
  }

  /** The value in the class asked for, as {@code getObject(int, Class)} gives it. */
  public final <T> T as(int row, Class<T> type) throws SQLException {
    Object value = convert(row, type);
    if (!type.isInstance(value)) {
      throw cannotRead(type.getTypeName());
    }
    return type.cast(value);
  }

  private Object convert(int row, Class<?> type) throws SQLException {
    if (type == String.class) {
      return text(row);
    } else if (type == Long.class) {
      return longValue(row);
    } else if (type == Integer.class) {
      return (int) longValue(row, Integer.MIN_VALUE, Integer.MAX_VALUE, "int");
    } else if (type == Short.class) {
      return (short) longValue(row, Short.MIN_VALUE, Short.MAX_VALUE, "short");
    } else if (type == Byte.class) {
      return (byte) longValue(row, Byte.MIN_VALUE, Byte.MAX_VALUE, "byte");
    } else if (type == Double.class) {
      return doubleValue(row);
    } else if (type == Float.class) {
      return floatValue(row);
    } else if (type == BigDecimal.class) {
      return decimal(row);
    } else if (type == BigInteger.class) {
      return decimal(row).setScale(0, RoundingMode.DOWN).unscaledValue();
    } else if (type == Boolean.class) {
      return booleanValue(row);
    } else if (type == byte[].class) {
      return bytes(row);
    } else if (type == UUID.class) {
      return uuid(row);
    } else if (type == Array.class) {
      return array(row);
    } else if (type == Period.class) {
      return period(row);
    } else if (type == Duration.class) {
      return duration(row);
    }
    return time(row, type);
  }

  private Object time(int row, Class<?> type) throws SQLException {
    if (type == Instant.class) {
      return instant(row);
    } else if (type == OffsetDateTime.class) {
      return offsetDateTime(row);
    } else if (type == ZonedDateTime.class) {
      return zonedDateTime(row);
    } else if (type == LocalDateTime.class) {
      return localDateTime(row);
    } else if (type == LocalDate.class) {
      return localDate(row);
    } else if (type == LocalTime.class) {
      return localTime(row);
    } else if (type == Timestamp.class) {
      return timestamp(row, null);
    } else if (type == Date.class) {
      return date(row, null);
    } else if (type == Time.class) {
      return time(row, (Calendar) null);
    } else if (type == Calendar.class) {
      Calendar calendar = Calendar.getInstance();
      calendar.setTimeInMillis(timestamp(row, null).getTime());
      return calendar;
    }
    return object(row);
  }

  final SQLException cannotRead(String type) {
    return SqlState.INVALID_CAST.exception(
        "Column '" + column.label() + "' of type " + column.type() + " cannot be read as " + type);
  }

  final SQLException cannotRead(String text, String type) {
    return SqlState.INVALID_CAST.exception(
        "Column '" + column.label() + "' holds '" + text + "', which cannot be read as " + type);
  }

  final SQLException outOfRange(Object value, String type) {
    return SqlState.NUMERIC_OUT_OF_RANGE.exception(
        "Column '" + column.label() + "' holds " + value + ", which does not fit into " + type);
  }
}
