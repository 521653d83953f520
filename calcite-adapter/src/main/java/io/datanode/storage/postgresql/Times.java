package io.datanode.storage.postgresql;

import static io.datanode.storage.postgresql.PostgreSqlDialect.notPushed;

import java.util.Locale;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.type.SqlTypeName;

/** Dates, times, timestamps and instants as PostgreSQL writes and compares them. */
final class Times {
  private Times() {}

  /** A date or timestamp of the proleptic calendar as PostgreSQL writes it: years BC from 1. */
  static String withEra(int year, String text) {
    if (year > 0) {
      return text.startsWith("+") ? text.substring(1) : text;
    }
    String rest = text.substring(text.indexOf('-', 1));
    return String.format(Locale.ROOT, "%04d%s BC", 1 - year, rest);
  }

  /** A timestamp literal, with what follows its time of day. */
  static String literal(String text, String offset) {
    int point = text.indexOf('.');
    if (point >= 0 && text.length() - point > 7) {
      throw notPushed(text, "PostgreSQL keeps times to the microsecond");
    }
    int year = Integer.parseInt(text.substring(0, text.indexOf('-', 1)));
    return withEra(year, text + offset);
  }

  static boolean is(RelDataType type, SqlTypeName name) {
    return type.getSqlTypeName() == name;
  }

  /** The wall clock in UTC, which is the session zone of every connection. */
  static String asTimestamp(String text, RelDataType type) {
    return is(type, SqlTypeName.TIMESTAMP) ? text : "CAST(" + text + " AS TIMESTAMP)";
  }

  /** A time as a TIMESTAMP or TIMESTAMPTZ; a time of day is one of 1970-01-01. */
  static String as(String text, RelDataType type, String wanted) {
    if (is(type, SqlTypeName.TIME)) {
      return "(DATE '1970-01-01' + " + text + ")";
    }
    boolean same =
        wanted.equals("TIMESTAMPTZ")
            ? is(type, SqlTypeName.TIMESTAMP_WITH_LOCAL_TIME_ZONE)
            : is(type, SqlTypeName.TIMESTAMP);
    return same ? text : "CAST(" + text + " AS " + wanted + ")";
  }

  /** A time, or NULL if it is infinite, of which no number can be made; constants are finite. */
  static String finite(String text) {
    return text.contains("\"") ? "CASE WHEN ISFINITE(" + text + ") THEN " + text + " END" : text;
  }

  /** The year, where that before year 1 is 0; in PostgreSQL it is -1. */
  static String year(String field, String time) {
    String year = "EXTRACT(" + field + " FROM " + time + ")";
    return year + " + CASE WHEN " + year + " < 0 THEN 1 ELSE 0 END";
  }

  /**
   * Microseconds of a finite time since 1970, or since midnight; exact in every version.
   *
   * @param version the major version of the server
   */
  static String microseconds(String time, int version) {
    if (version >= 14) {
      return "CAST(EXTRACT(EPOCH FROM " + time + ") * 1000000 AS BIGINT)";
    }
    // Before 14, EXTRACT gives a floating point number.
    return "(CAST(EXTRACT(EPOCH FROM DATE_TRUNC('second', "
        + time
        + ")) AS BIGINT) * 1000000 + CAST(EXTRACT(MICROSECONDS FROM "
        + time
        + ") AS BIGINT) % 1000000)";
  }
}
