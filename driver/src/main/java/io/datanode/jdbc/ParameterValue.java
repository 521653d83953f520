package io.datanode.jdbc;

import io.datanode.jdbc.batch.ColumnType;
import io.datanode.jdbc.batch.ColumnType.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.lang.reflect.Array;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.sql.Blob;
import java.sql.Clob;
import java.sql.Date;
import java.sql.JDBCType;
import java.sql.SQLException;
import java.sql.SQLXML;
import java.sql.Time;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Calendar;
import java.util.List;
import java.util.Locale;
import java.util.UUID;

/**
 * Turns what {@code setObject} and its sisters are given into the classes that {@code
 * StatementCall.parameters()} names.
 */
final class ParameterValue {
  private ParameterValue() {}

  /**
   * The value, by its own class.
   *
   * @param type type of the parameter: a Timestamp is an instant, unless the parameter is a wall
   *     clock, and then it is the one it shows in the zone of the JVM
   */
  static Object of(Object x, ColumnType type) throws SQLException {
    if (x == null
        || x instanceof String
        || x instanceof Boolean
        || x instanceof Long
        || x instanceof Double
        || x instanceof BigDecimal
        || x instanceof LocalDate
        || x instanceof LocalTime
        || x instanceof LocalDateTime
        || x instanceof Instant
        || x instanceof UUID) {
      return x;
    } else if (x instanceof Integer || x instanceof Short || x instanceof Byte) {
      return ((Number) x).longValue();
    } else if (x instanceof Float) {
      return ((Float) x).doubleValue();
    } else if (x instanceof BigInteger) {
      return new BigDecimal((BigInteger) x);
    } else if (x instanceof Number) {
      return number(x.toString());
    } else if (x instanceof Character || x instanceof URL) {
      return x.toString();
    } else if (x instanceof byte[]) {
      return ((byte[]) x).clone();
    }
    return timeOrLarge(x, type);
  }

  private static Object timeOrLarge(Object x, ColumnType type) throws SQLException {
    if (x instanceof Timestamp) {
      return timestamp((Timestamp) x, null, type);
    } else if (x instanceof Date) {
      return date((Date) x, null);
    } else if (x instanceof Time) {
      return time((Time) x, null);
    } else if (x instanceof java.util.Date) {
      return timestamp(new Timestamp(((java.util.Date) x).getTime()), null, type);
    } else if (x instanceof Calendar) {
      Calendar calendar = (Calendar) x;
      return timestamp(new Timestamp(calendar.getTimeInMillis()), calendar, type);
    } else if (x instanceof OffsetDateTime) {
      return ((OffsetDateTime) x).toInstant();
    } else if (x instanceof ZonedDateTime) {
      return ((ZonedDateTime) x).toInstant();
    } else if (x instanceof java.sql.Array) {
      return list(((java.sql.Array) x).getArray(), type);
    } else if (x instanceof Iterable || x.getClass().isArray()) {
      return list(x, type);
    } else if (x instanceof Clob) {
      return text(((Clob) x).getCharacterStream(), -1);
    } else if (x instanceof Blob) {
      return bytes(((Blob) x).getBinaryStream(), -1);
    } else if (x instanceof SQLXML) {
      return ((SQLXML) x).getString();
    } else if (x instanceof InputStream) {
      return bytes((InputStream) x, -1);
    } else if (x instanceof Reader) {
      return text((Reader) x, -1);
    }
    throw SqlState.INVALID_PARAMETER.exception(
        "A parameter cannot be a "
            + x.getClass().getName()
            + "; expected a number, text, boolean, byte[], UUID, date or time, or an array of"
            + " these");
  }

  /** The value, converted to a type of {@link Types}. */
  static Object of(Object x, int targetType, int scale, ColumnType type) throws SQLException {
    Object value = of(x, type);
    if (value == null) {
      return null;
    }
    switch (targetType) {
      case Types.BIT:
      case Types.BOOLEAN:
        return bool(value);
      case Types.TINYINT:
      case Types.SMALLINT:
      case Types.INTEGER:
      case Types.BIGINT:
        return whole(value, targetType);
      case Types.REAL:
      case Types.FLOAT:
      case Types.DOUBLE:
        return value instanceof String ? real((String) value) : decimalOrDouble(value);
      case Types.NUMERIC:
      case Types.DECIMAL:
        BigDecimal decimal = value instanceof BigDecimal ? (BigDecimal) value : decimal(value);
        return scale < 0 ? decimal : decimal.setScale(scale, RoundingMode.HALF_UP);
      case Types.CHAR:
      case Types.VARCHAR:
      case Types.LONGVARCHAR:
      case Types.NCHAR:
      case Types.NVARCHAR:
      case Types.LONGNVARCHAR:
      case Types.CLOB:
      case Types.NCLOB:
        return value instanceof byte[] || value instanceof List ? value : value.toString();
      case Types.DATE:
        return localDate(x, value);
      case Types.TIME:
        return x instanceof java.util.Date
            ? time(new Time(((java.util.Date) x).getTime()), null)
            : value instanceof LocalDateTime ? ((LocalDateTime) value).toLocalTime() : value;
      case Types.TIMESTAMP:
      case Types.TIMESTAMP_WITH_TIMEZONE:
        return value instanceof LocalDate ? ((LocalDate) value).atStartOfDay() : value;
      default:
        return value;
    }
  }

  private static Object localDate(Object x, Object value) {
    if (x instanceof java.util.Date) {
      return new Timestamp(((java.util.Date) x).getTime()).toLocalDateTime().toLocalDate();
    }
    if (x instanceof OffsetDateTime) {
      return ((OffsetDateTime) x).toLocalDate();
    }
    if (x instanceof ZonedDateTime) {
      return ((ZonedDateTime) x).toLocalDate();
    }
    return value instanceof LocalDateTime ? ((LocalDateTime) value).toLocalDate() : value;
  }

  private static Object bool(Object value) throws SQLException {
    if (value instanceof Boolean) {
      return value;
    }
    switch (value.toString().trim().toLowerCase(Locale.ROOT)) {
      case "true":
      case "t":
      case "1":
      case "1.0":
        return true;
      case "false":
      case "f":
      case "0":
      case "0.0":
        return false;
      default:
        throw cannotBecome(value, Types.BOOLEAN);
    }
  }

  private static Object whole(Object value, int targetType) throws SQLException {
    if (value instanceof Long) {
      return value;
    }
    if (value instanceof Boolean) {
      return (Boolean) value ? 1L : 0L;
    }
    try {
      return decimal(value).longValueExact();
    } catch (ArithmeticException e) {
      throw cannotBecome(value, targetType);
    }
  }

  private static Object decimalOrDouble(Object value) throws SQLException {
    return value instanceof Double ? value : decimal(value).doubleValue();
  }

  private static Double real(String text) throws SQLException {
    try {
      return Double.valueOf(text.trim());
    } catch (NumberFormatException e) {
      throw cannotBecome(text, Types.DOUBLE);
    }
  }

  private static BigDecimal decimal(Object value) throws SQLException {
    if (value instanceof Boolean) {
      return (Boolean) value ? BigDecimal.ONE : BigDecimal.ZERO;
    }
    return number(value.toString());
  }

  private static BigDecimal number(String text) throws SQLException {
    try {
      return new BigDecimal(text.trim());
    } catch (NumberFormatException e) {
      throw cannotBecome(text, Types.DECIMAL);
    }
  }

  private static SQLException cannotBecome(Object value, int targetType) {
    String name = String.valueOf(targetType);
    for (JDBCType type : JDBCType.values()) {
      if (type.getVendorTypeNumber() == targetType) {
        name = type.getName();
      }
    }
    return SqlState.INVALID_CAST.exception(
        "Parameter value '" + value + "' cannot become a " + name);
  }

  /**
   * A timestamp.
   *
   * @param calendar holds the zone of a wall clock; null means the JVM's
   */
  static Object timestamp(Timestamp x, Calendar calendar, ColumnType type) {
    if (x == null) {
      return null;
    }
    Kind kind = type.kind();
    if (kind == Kind.TIMESTAMP || kind == Kind.DATE || kind == Kind.TIME) {
      return calendar == null
          ? x.toLocalDateTime()
          : LocalDateTime.ofInstant(x.toInstant(), zone(calendar));
    }
    return x.toInstant();
  }

  static Object date(Date x, Calendar calendar) {
    if (x == null) {
      return null;
    }
    return calendar == null
        ? x.toLocalDate()
        : Instant.ofEpochMilli(x.getTime()).atZone(zone(calendar)).toLocalDate();
  }

  static Object time(Time x, Calendar calendar) {
    if (x == null) {
      return null;
    }
    LocalTime seconds =
        calendar == null
            ? x.toLocalTime()
            : Instant.ofEpochMilli(x.getTime()).atZone(zone(calendar)).toLocalTime();
    return seconds.withNano((int) Math.floorMod(x.getTime(), 1000L) * 1_000_000);
  }

  private static ZoneId zone(Calendar calendar) {
    return calendar.getTimeZone().toZoneId();
  }

  private static List<Object> list(Object x, ColumnType type) throws SQLException {
    ColumnType element = type.element() == null ? type : type.element();
    List<Object> values = new ArrayList<>();
    if (x instanceof Iterable) {
      for (Object value : (Iterable<?>) x) {
        values.add(of(value, element));
      }
    } else {
      for (int i = 0; i < Array.getLength(x); i++) {
        values.add(of(Array.get(x, i), element));
      }
    }
    return values;
  }

  /** The text of a reader, up to a length; -1 means all. */
  static String text(Reader reader, long length) throws SQLException {
    if (reader == null) {
      return null;
    }
    StringBuilder text = new StringBuilder();
    char[] buffer = new char[8192];
    try {
      int count = 0;
      while ((length < 0 || text.length() < length) && count >= 0) {
        long left = length < 0 ? buffer.length : length - text.length();
        count = reader.read(buffer, 0, (int) Math.min(buffer.length, left));
        text.append(buffer, 0, Math.max(count, 0));
      }
    } catch (IOException e) {
      throw unreadable(e);
    }
    return text.toString();
  }

  /** The bytes of a stream, up to a length; -1 means all. */
  static byte[] bytes(InputStream stream, long length) throws SQLException {
    if (stream == null) {
      return null;
    }
    try {
      return length < 0
          ? stream.readAllBytes()
          : stream.readNBytes((int) Math.min(length, Integer.MAX_VALUE - 8));
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  /** The text of a stream of ASCII characters, up to a length; -1 means all. */
  static String ascii(InputStream stream, long length) throws SQLException {
    byte[] bytes = bytes(stream, length);
    return bytes == null ? null : new String(bytes, StandardCharsets.US_ASCII);
  }

  private static SQLException unreadable(IOException e) {
    return SqlState.INVALID_PARAMETER.exception(
        "The stream given as a parameter cannot be read: " + e.getMessage(), e);
  }
}
