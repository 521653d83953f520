package io.datanode.server.avatica;

import io.datanode.jdbc.SqlState;
import io.datanode.jdbc.batch.ColumnType;
import io.datanode.jdbc.session.ResultColumn;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import org.apache.calcite.avatica.ColumnMetaData.Rep;
import org.apache.calcite.avatica.remote.TypedValue;
import org.apache.calcite.avatica.util.ByteString;
import org.jspecify.annotations.Nullable;

/** Parameter values as Avatica sends them, made into those a statement takes. */
final class AvaticaParameters {
  private AvaticaParameters() {}

  /**
   * The values of a statement's parameters.
   *
   * @param parameters what the statement takes
   * @param zone of timestamps: a client turns what it is given into the wall clock of its zone
   * @throws SQLException 22023 if one is missing
   */
  static List<@Nullable Object> values(
      List<TypedValue> values, List<ResultColumn> parameters, ZoneId zone) throws SQLException {
    if (values.size() != parameters.size()) {
      throw SqlState.INVALID_PARAMETER.exception(
          "The statement takes "
              + parameters.size()
              + " parameters and "
              + values.size()
              + " were given");
    }
    List<@Nullable Object> result = new ArrayList<>(values.size());
    for (int i = 0; i < values.size(); i++) {
      TypedValue value = values.get(i);
      if (value == null) {
        throw SqlState.INVALID_PARAMETER.exception("Parameter " + (i + 1) + " is not set");
      }
      result.add(value(value.type, value.value, parameters.get(i).type(), zone));
    }
    return result;
  }

  private static @Nullable Object value(
      @Nullable Rep rep, @Nullable Object value, ColumnType type, ZoneId zone) {
    if (value == null || rep == null) {
      return null;
    }
    switch (rep) {
      case BYTE_STRING:
        return value instanceof ByteString bytes
            ? bytes.getBytes()
            : Base64.getDecoder().decode((String) value);
      case JAVA_SQL_DATE:
        return LocalDate.ofEpochDay(((Number) value).longValue());
      case JAVA_SQL_TIME:
        return LocalTime.ofNanoOfDay(
            Math.floorMod(((Number) value).longValue(), 86_400_000L) * 1_000_000);
      case JAVA_SQL_TIMESTAMP:
      case JAVA_UTIL_DATE:
        LocalDateTime time =
            LocalDateTime.ofInstant(
                Instant.ofEpochMilli(((Number) value).longValue()), ZoneOffset.UTC);
        return type.kind() == ColumnType.Kind.INSTANT ? time.atZone(zone).toInstant() : time;
      case STRING:
        return type.kind() == ColumnType.Kind.UUID ? uuid((String) value) : value;
      case CHARACTER:
      case PRIMITIVE_CHAR:
        return value.toString();
      case ARRAY:
        return elements((List<?>) value, type, zone);
      default:
        return plain(value);
    }
  }

  private static List<@Nullable Object> elements(List<?> values, ColumnType type, ZoneId zone) {
    List<@Nullable Object> elements = new ArrayList<>(values.size());
    ColumnType element = type.element() == null ? type : type.element();
    for (Object value : values) {
      elements.add(
          value instanceof TypedValue typed
              ? value(typed.type, typed.value, element, zone)
              : value == null ? null : plain(value));
    }
    return elements;
  }

  private static Object plain(Object value) {
    if (value instanceof Float || value instanceof Double) {
      return ((Number) value).doubleValue();
    }
    if (value instanceof BigInteger integer) {
      return new BigDecimal(integer);
    }
    if (value instanceof Number number && !(value instanceof BigDecimal)) {
      return number.longValue();
    }
    return value;
  }

  // Text that is no UUID is refused by the engine, which says what it is compared with.
  private static Object uuid(String text) {
    try {
      return UUID.fromString(text);
    } catch (IllegalArgumentException e) {
      return text;
    }
  }
}
