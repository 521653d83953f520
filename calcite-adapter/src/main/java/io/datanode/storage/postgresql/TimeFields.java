package io.datanode.storage.postgresql;

import static io.datanode.storage.postgresql.PostgreSqlDialect.notPushed;
import static io.datanode.storage.postgresql.Times.asTimestamp;
import static io.datanode.storage.postgresql.Times.finite;
import static io.datanode.storage.postgresql.Times.is;
import static io.datanode.storage.postgresql.Times.year;

import java.util.Locale;
import java.util.Set;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;

/** Fields of times, and times cut to a unit. */
final class TimeFields {
  private static final Set<String> TRUNCATED =
      Set.of(
          "MILLENNIUM",
          "CENTURY",
          "DECADE",
          "YEAR",
          "QUARTER",
          "MONTH",
          "WEEK",
          "DAY",
          "HOUR",
          "MINUTE",
          "SECOND",
          "MILLISECOND",
          "MICROSECOND");

  /** Fields that grow with time, which PostgreSQL has infinite for an infinite time. */
  private static final Set<String> GROWING =
      Set.of("YEAR", "ISOYEAR", "DECADE", "CENTURY", "MILLENNIUM", "EPOCH");

  private TimeFields() {}

  static String extract(String unit, String text, RelDataType type) {
    String time =
        GROWING.contains(unit) && SqlTypeUtil.isDatetime(type) && !is(type, SqlTypeName.TIME)
            ? finite(text)
            : text;
    switch (unit) {
      case "EPOCH":
      case "SECOND":
        return "CAST(FLOOR(EXTRACT(" + unit + " FROM " + time + ")) AS BIGINT)";
      case "MILLISECOND":
        return "CAST(FLOOR(EXTRACT(MILLISECONDS FROM " + time + ")) AS BIGINT)";
      case "MICROSECOND":
        return "CAST(EXTRACT(MICROSECONDS FROM " + time + ") AS BIGINT)";
      case "NANOSECOND":
        return "(CAST(EXTRACT(MICROSECONDS FROM " + time + ") AS BIGINT) * 1000)";
      case "DOW":
        // PostgreSQL counts from 0 on Sunday, SQL here from 1 as Calcite and ODBC do.
        return "(CAST(EXTRACT(DOW FROM " + time + ") AS BIGINT) + 1)";
      case "YEAR":
        return "CAST(" + year("YEAR", time) + " AS BIGINT)";
      case "ISOYEAR":
        return "CAST(" + year("ISOYEAR", time) + " AS BIGINT)";
      case "DECADE":
        return "CAST(TRUNC((" + year("YEAR", time) + ") / 10.0) AS BIGINT)";
      case "QUARTER":
      case "MONTH":
      case "WEEK":
      case "DAY":
      case "DOY":
      case "ISODOW":
      case "HOUR":
      case "MINUTE":
      case "CENTURY":
      case "MILLENNIUM":
        return "CAST(EXTRACT(" + unit + " FROM " + time + ") AS BIGINT)";
      default:
        throw notPushed("EXTRACT(" + unit + ")", "PostgreSQL has no field " + unit);
    }
  }

  static String floor(String unit, String text, RelDataType type) {
    if (!TRUNCATED.contains(unit)) {
      throw notPushed("FLOOR(… TO " + unit + ")", "PostgreSQL cannot cut a time to " + unit);
    }
    String name = unit.toLowerCase(Locale.ROOT);
    boolean instant = is(type, SqlTypeName.TIMESTAMP_WITH_LOCAL_TIME_ZONE);
    String time = instant || is(type, SqlTypeName.TIME) ? text : asTimestamp(text, type);
    String cut =
        switch (unit) {
          // Those of PostgreSQL are counted otherwise: its 21st century begins in 2001.
          case "DECADE" -> yearsCut(time, 10);
          case "CENTURY" -> yearsCut(time, 100);
          case "MILLENNIUM" -> yearsCut(time, 1000);
          default -> "DATE_TRUNC('" + name + "', " + time + ")";
        };
    return is(type, SqlTypeName.TIME) || is(type, SqlTypeName.DATE)
        ? "CAST(" + cut + " AS " + type.getSqlTypeName() + ")"
        : cut;
  }

  private static String yearsCut(String time, int years) {
    return "(DATE_TRUNC('year', "
        + time
        + ") - MAKE_INTERVAL(years => CAST("
        + year("YEAR", time)
        + " AS INTEGER) % "
        + years
        + "))";
  }

  static String ceil(String unit, String text, RelDataType type) {
    String floor = floor(unit, text, type);
    String next = floor + " + " + step(unit);
    if (is(type, SqlTypeName.DATE)) {
      next = "CAST(" + next + " AS DATE)";
    }
    return PostgreSqlDialect.bounded(
        "CEIL", "CASE WHEN " + floor + " = " + text + " THEN " + text + " ELSE " + next + " END");
  }

  private static String step(String unit) {
    return switch (unit) {
      case "QUARTER" -> "INTERVAL '3 months'";
      case "DECADE" -> "INTERVAL '10 years'";
      case "CENTURY" -> "INTERVAL '100 years'";
      case "MILLENNIUM" -> "INTERVAL '1000 years'";
      default -> "INTERVAL '1 " + unit.toLowerCase(Locale.ROOT) + "'";
    };
  }
}
