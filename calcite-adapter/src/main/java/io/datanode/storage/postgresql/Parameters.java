package io.datanode.storage.postgresql;

import io.datanode.DataNodeException;
import io.datanode.jdbc.SqlState;
import io.datanode.jdbc.batch.ColumnType;
import io.datanode.storage.InfiniteTime;
import io.datanode.storage.StorageQuery.Parameter;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.Temporal;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postgresql.core.Oid;
import org.postgresql.core.ParameterList;

/**
 * Binds values, exactly and free of the zone of the JVM.
 *
 * <p>What the server can tell the type of only from the statement is bound without one, so that
 * {@code CAST(? AS …)} decides.
 */
final class Parameters {
  private static final int FIRST_YEAR = -290_308;
  private static final int LAST_DATE_YEAR = 5_877_000;
  private static final int MAX_DIGITS = 38;

  private Parameters() {}

  /** Binds all parameters, in order. */
  static void bind(ParameterList target, List<Parameter> parameters) throws SQLException {
    for (int i = 0; i < parameters.size(); i++) {
      bind(target, i + 1, parameters.get(i).type(), parameters.get(i).value());
    }
  }

  /** The type a value is bound as, as PostgreSQL numbers types; 0 leaves it to the statement. */
  static int oid(Parameter parameter) {
    return parameter.value() instanceof byte[] ? Oid.BYTEA : oid(parameter.type());
  }

  private static void bind(ParameterList target, int index, ColumnType type, @Nullable Object value)
      throws SQLException {
    if (value == null) {
      target.setNull(index, oid(type));
    } else if (value instanceof Long number && oid(type) == Oid.INT8) {
      target.setBinaryParameter(
          index, ByteBuffer.allocate(Long.BYTES).putLong(number).array(), Oid.INT8);
    } else if (value instanceof Double number && oid(type) == Oid.FLOAT8) {
      target.setBinaryParameter(
          index, ByteBuffer.allocate(Double.BYTES).putDouble(number).array(), Oid.FLOAT8);
    } else if (value instanceof byte[] bytes) {
      target.setBinaryParameter(index, bytes, Oid.BYTEA);
    } else {
      target.setStringParameter(index, text(type, value), oid(type));
    }
  }

  /** The type to bind as; 0 leaves it to the statement. */
  private static int oid(ColumnType type) {
    switch (type.kind()) {
      case BOOLEAN:
        return Oid.BOOL;
      case BIGINT:
        return Oid.INT8;
      case DOUBLE:
        return Oid.FLOAT8;
      case VARCHAR:
        return Oid.TEXT;
      default:
        return Oid.UNSPECIFIED;
    }
  }

  /** A value as PostgreSQL reads it. */
  private static String text(ColumnType type, Object value) {
    if (value instanceof Long number && type.kind() == ColumnType.Kind.YEAR_MONTH) {
      return number + " months";
    }
    if (value instanceof Long number && type.kind() == ColumnType.Kind.DAY_TIME) {
      return BigDecimal.valueOf(number, 6).toPlainString() + " seconds";
    }
    if (value instanceof BigDecimal number) {
      return decimal(number);
    }
    if (value instanceof Temporal time) {
      return InfiniteTime.of(time).map(InfiniteTime::toString).orElseGet(() -> finite(time));
    }
    if (value instanceof byte[] bytes) {
      return "\\x" + HexFormat.of().formatHex(bytes);
    }
    if (value instanceof List<?> list) {
      return array(type.kind() == ColumnType.Kind.ARRAY ? type.element() : type, list);
    }
    String text = value.toString();
    if (text.indexOf('\0') >= 0) {
      throw new DataNodeException(
          SqlState.DATA_EXCEPTION, "A text parameter holds U+0000, which PostgreSQL cannot store");
    }
    return text;
  }

  private static String finite(Temporal time) {
    if (time instanceof Instant instant) {
      return timestamp(LocalDateTime.ofInstant(instant, ZoneOffset.UTC)).replace("|", "+00");
    }
    if (time instanceof LocalDateTime dateTime) {
      return timestamp(dateTime).replace("|", "");
    }
    return time instanceof LocalDate date ? date(date).replace("|", "") : time.toString();
  }

  private static String decimal(BigDecimal value) {
    BigDecimal plain = value.scale() < 0 ? value.setScale(0) : value;
    if (Math.max(plain.precision(), plain.scale()) > MAX_DIGITS) {
      String text = plain.toString();
      throw new DataNodeException(
          SqlState.NUMERIC_OUT_OF_RANGE,
          "Parameter "
              + (text.length() <= 50 ? text : text.substring(0, 50) + "…")
              + " has more than 38 digits");
    }
    return plain.toPlainString();
  }

  /** With a bar where a zone may stand: years before 1 end in BC. */
  private static String timestamp(LocalDateTime value) {
    // The end of time of a 64-bit timestamp, which PostgreSQL does not reach backwards.
    if (value.getYear() <= FIRST_YEAR) {
      return "-infinity";
    }
    String time = DateTimeFormatter.ISO_LOCAL_TIME.format(value.toLocalTime());
    // PostgreSQL would round what is finer than a microsecond; here it is cut.
    int fraction = time.indexOf('.');
    if (fraction >= 0 && time.length() > fraction + 7) {
      time = time.substring(0, fraction + 7);
    }
    return date(value.toLocalDate()).replace("|", " " + time + "|");
  }

  private static String date(LocalDate value) {
    int year = value.getYear();
    if (Math.abs(year) > LAST_DATE_YEAR) {
      return year > 0 ? "infinity" : "-infinity";
    }
    return String.format(
        java.util.Locale.ROOT,
        "%04d-%02d-%02d|%s",
        year > 0 ? year : 1 - year,
        value.getMonthValue(),
        value.getDayOfMonth(),
        year > 0 ? "" : " BC");
  }

  /** A list in PostgreSQL's own notation, {@code {"a","b",NULL}}. */
  private static String array(ColumnType element, List<?> values) {
    StringBuilder text = new StringBuilder(values.size() * 12 + 2).append('{');
    for (Object value : values) {
      if (text.length() > 1) {
        text.append(',');
      }
      if (value == null) {
        text.append("NULL");
      } else if (value instanceof Long || value instanceof Double) {
        text.append(value);
      } else if (value instanceof List<?> list) {
        text.append(array(element.element(), list));
      } else {
        quote(text, text(element, value));
      }
    }
    return text.append('}').toString();
  }

  private static void quote(StringBuilder target, String text) {
    target.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        target.append('\\');
      }
      target.append(c);
    }
    target.append('"');
  }
}
