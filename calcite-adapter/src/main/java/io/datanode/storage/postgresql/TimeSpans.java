package io.datanode.storage.postgresql;

import static io.datanode.storage.postgresql.PostgreSqlDialect.notPushed;
import static io.datanode.storage.postgresql.Times.as;
import static io.datanode.storage.postgresql.Times.finite;
import static io.datanode.storage.postgresql.Times.is;
import static io.datanode.storage.postgresql.Times.microseconds;
import static io.datanode.storage.postgresql.Times.year;

import java.util.Locale;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.type.SqlTypeName;

/** Units between two times, and times so many units later. */
final class TimeSpans {
  private final ServerFacts facts;

  TimeSpans(ServerFacts facts) {
    this.facts = facts;
  }

  /** Whole units from one time to another, cut towards zero. */
  String difference(String unit, String from, String to, RelDataType fromType, RelDataType toType) {
    boolean instants =
        is(fromType, SqlTypeName.TIMESTAMP_WITH_LOCAL_TIME_ZONE)
            || is(toType, SqlTypeName.TIMESTAMP_WITH_LOCAL_TIME_ZONE);
    String type = instants ? "TIMESTAMPTZ" : "TIMESTAMP";
    String a = as(from, fromType, type);
    String b = as(to, toType, type);
    String micros =
        "("
            + microseconds(finite(b), facts.version())
            + " - "
            + microseconds(finite(a), facts.version())
            + ")";
    return switch (unit) {
      case "INTERVAL_TIME" -> "(" + micros + " * INTERVAL '1 microsecond')";
      case "INTERVAL_MONTHS" -> "MAKE_INTERVAL(months => CAST(" + months(a, b) + " AS INTEGER))";
      case "MICROSECOND" -> micros;
      case "NANOSECOND" -> "(" + micros + " * 1000)";
      case "MILLISECOND" -> "(" + micros + " / 1000)";
      case "SECOND" -> "(" + micros + " / 1000000)";
      case "MINUTE" -> "(" + micros + " / 60000000)";
      case "HOUR" -> "(" + micros + " / 3600000000)";
      case "DAY" -> "(" + micros + " / 86400000000)";
      case "WEEK" -> "(" + micros + " / 604800000000)";
      case "MONTH" -> months(a, b);
      case "QUARTER" -> "(" + months(a, b) + " / 3)";
      case "YEAR" -> "(" + months(a, b) + " / 12)";
      default -> throw notPushed("TIMESTAMPDIFF", "PostgreSQL does not count times in " + unit);
    };
  }

  /** Months of the calendar: the last but one is whole once the day and time of the first pass. */
  private static String months(String a, String b) {
    String count =
        "(CAST(("
            + year("YEAR", b)
            + ") - ("
            + year("YEAR", a)
            + ") AS INTEGER) * 12 + CAST(EXTRACT(MONTH FROM "
            + b
            + ") - EXTRACT(MONTH FROM "
            + a
            + ") AS INTEGER))";
    return "CAST(CASE WHEN "
        + a
        + " <= "
        + b
        + " THEN "
        + count
        + " - CASE WHEN "
        + a
        + " + MAKE_INTERVAL(months => "
        + count
        + ") > "
        + b
        + " THEN 1 ELSE 0 END ELSE "
        + count
        + " + CASE WHEN "
        + b
        + " - MAKE_INTERVAL(months => "
        + count
        + ") > "
        + a
        + " THEN 1 ELSE 0 END END AS BIGINT)";
  }

  /** A time so many units later. */
  static String sum(String unit, String count, String time) {
    String step =
        switch (unit) {
          case "YEAR" -> "MAKE_INTERVAL(years => CAST(" + count + " AS INTEGER))";
          case "QUARTER" -> "MAKE_INTERVAL(months => CAST(3 * " + count + " AS INTEGER))";
          case "MONTH" -> "MAKE_INTERVAL(months => CAST(" + count + " AS INTEGER))";
          case "WEEK" -> "MAKE_INTERVAL(weeks => CAST(" + count + " AS INTEGER))";
          case "DAY" -> "MAKE_INTERVAL(days => CAST(" + count + " AS INTEGER))";
          case "HOUR", "MINUTE", "SECOND", "MILLISECOND", "MICROSECOND" ->
              count + " * INTERVAL '1 " + unit.toLowerCase(Locale.ROOT) + "'";
          default -> throw notPushed("TIMESTAMPADD", "TIMESTAMPADD does not take the unit " + unit);
        };
    return "(" + time + " + " + step + ")";
  }
}
