package io.datanode.storage.duckdb;

import io.datanode.DataNodeException;
import io.datanode.jdbc.SqlState;
import java.util.Locale;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;

/** Parts, units and differences of times. */
final class Times {
  private Times() {}

  static String extract(String unit, String text, RelDataType type) {
    switch (unit) {
      case "EPOCH":
        return SqlTypeUtil.isInterval(type)
            ? "CAST(FLOOR(EPOCH(" + text + ")) AS BIGINT)"
            : seconds("EPOCH_US(" + text + ")");
      case "DOW":
        // DuckDB counts from 0 on Sunday, SQL here from 1 as Calcite and ODBC do.
        return "(DATE_PART('dow', " + text + ") + 1)";
      case "MILLISECOND":
        return "DATE_PART('milliseconds', " + text + ")";
      case "MICROSECOND":
        return "DATE_PART('microseconds', " + text + ")";
      case "NANOSECOND":
        return "(DATE_PART('microseconds', " + text + ") * 1000)";
      case "YEAR":
      case "ISOYEAR":
      case "DECADE":
      case "CENTURY":
      case "MILLENNIUM":
        // Of an instant before the first year DuckDB gives the year of its era: 44 for 44 BC.
        String clock = isInstant(type) ? "CAST(" + text + " AS TIMESTAMP)" : text;
        return "DATE_PART('" + unit.toLowerCase(Locale.ROOT) + "', " + clock + ")";
      default:
        return "DATE_PART('" + unit.toLowerCase(Locale.ROOT) + "', " + text + ")";
    }
  }

  /** Whole seconds rounded down; a double would not hold the last microsecond of the year 9999. */
  private static String seconds(String microseconds) {
    return "("
        + microseconds
        + " // 1000000 - CASE WHEN "
        + microseconds
        + " % 1000000 < 0 THEN 1 ELSE 0 END)";
  }

  static String floor(String unit, String text, RelDataType type) {
    String truncated = "DATE_TRUNC('" + unit.toLowerCase(Locale.ROOT) + "', " + text + ")";
    if (type.getSqlTypeName() == SqlTypeName.TIME) {
      return "CAST(DATE_TRUNC('"
          + unit.toLowerCase(Locale.ROOT)
          + "', DATE '1970-01-01' + "
          + text
          + ") AS TIME)";
    }
    return type.getSqlTypeName() == SqlTypeName.DATE
        ? "CAST(" + truncated + " AS DATE)"
        : truncated;
  }

  static String ceil(String unit, String text, RelDataType type) {
    String floor = floor(unit, text, type);
    String next = floor + " + " + unitStep(unit);
    if (type.getSqlTypeName() == SqlTypeName.DATE) {
      next = "CAST(" + next + " AS DATE)";
    }
    return "CASE WHEN " + floor + " = " + text + " THEN " + text + " ELSE " + next + " END";
  }

  private static String unitStep(String unit) {
    switch (unit) {
      case "QUARTER":
        return "INTERVAL '3' MONTH";
      case "WEEK":
        return "INTERVAL '7' DAY";
      case "DECADE":
        return "INTERVAL '10' YEAR";
      case "CENTURY":
        return "INTERVAL '100' YEAR";
      case "MILLENNIUM":
        return "INTERVAL '1000' YEAR";
      default:
        return "INTERVAL '1' " + unit;
    }
  }

  /** Units crossed from one time to another. */
  static String difference(
      String unit, String from, String to, RelDataType fromType, RelDataType toType) {
    boolean instants = isInstant(fromType) || isInstant(toType);
    String type = instants ? "TIMESTAMPTZ" : "TIMESTAMP";
    String first =
        isTime(fromType) ? "(DATE '1970-01-01' + " + from + ")" : as(from, fromType, type);
    String second = isTime(toType) ? "(DATE '1970-01-01' + " + to + ")" : as(to, toType, type);
    switch (unit) {
      case "INTERVAL_TIME":
        return "TO_MICROSECONDS(EPOCH_US(" + second + ") - EPOCH_US(" + first + "))";
      case "INTERVAL_MONTHS":
        return "TO_MONTHS(CAST(DATE_SUB('month', " + first + ", " + second + ") AS INTEGER))";
      case "NANOSECOND":
        return "(DATE_SUB('microsecond', " + first + ", " + second + ") * 1000)";
      default:
        return "DATE_SUB('" + unit.toLowerCase(Locale.ROOT) + "', " + first + ", " + second + ")";
    }
  }

  private static String as(String text, RelDataType type, String wanted) {
    boolean same =
        wanted.equals("TIMESTAMPTZ")
            ? isInstant(type)
            : type.getSqlTypeName() == SqlTypeName.TIMESTAMP;
    return same ? text : "CAST(" + text + " AS " + wanted + ")";
  }

  static boolean isInstant(RelDataType type) {
    return type.getSqlTypeName() == SqlTypeName.TIMESTAMP_WITH_LOCAL_TIME_ZONE;
  }

  private static boolean isTime(RelDataType type) {
    return type.getSqlTypeName() == SqlTypeName.TIME;
  }

  /** A time plus a number of units. */
  static String sum(String unit, String count, String time) {
    String step;
    switch (unit) {
      case "YEAR":
      case "MONTH":
      case "WEEK":
      case "DAY":
        step = "TO_" + unit + "S(CAST(" + count + " AS INTEGER))";
        break;
      case "QUARTER":
        step = "TO_MONTHS(CAST(3 * " + count + " AS INTEGER))";
        break;
      case "HOUR":
      case "MINUTE":
        step = "TO_" + unit + "S(CAST(" + count + " AS BIGINT))";
        break;
      case "SECOND":
        step = "TO_MICROSECONDS(CAST(" + count + " AS BIGINT) * 1000000)";
        break;
      case "MILLISECOND":
        step = "TO_MICROSECONDS(CAST(" + count + " AS BIGINT) * 1000)";
        break;
      case "MICROSECOND":
        step = "TO_MICROSECONDS(CAST(" + count + " AS BIGINT))";
        break;
      default:
        throw new DataNodeException(
            SqlState.NOT_SUPPORTED, "TIMESTAMPADD does not take the unit " + unit);
    }
    return "(" + time + " + " + step + ")";
  }
}
