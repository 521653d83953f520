package io.datanode.storage.postgresql;

import static io.datanode.storage.postgresql.PostgreSqlDialect.notPushed;

import io.datanode.storage.sql.GridSteps;
import io.datanode.storage.sql.StorageDialect.FunctionText;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.jspecify.annotations.Nullable;

/** Functions of dates, times, timestamps and instants. */
final class Times {
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

  private static final Map<Character, String> FORMATS = formats();

  private static final Pattern REGION = Pattern.compile("[A-Za-z_]+(/[A-Za-z0-9_+-]+)+");
  private static final Pattern OFFSET = Pattern.compile("[+-]\\d\\d:\\d\\d");

  private final PostgreSqlDialect dialect;
  private final ServerFacts facts;

  Times(PostgreSqlDialect dialect, ServerFacts facts) {
    this.dialect = dialect;
    this.facts = facts;
  }

  private static Map<Character, String> formats() {
    Map<Character, String> formats = new HashMap<>();
    formats.put('Y', "YYYY");
    formats.put('y', "YY");
    formats.put('m', "MM");
    formats.put('d', "DD");
    formats.put('j', "DDD");
    formats.put('H', "HH24");
    formats.put('I', "HH12");
    formats.put('p', "AM");
    formats.put('M', "MI");
    formats.put('S', "SS");
    formats.put('f', "US");
    formats.put('b', "Mon");
    formats.put('B', "FMMonth");
    formats.put('a', "Dy");
    formats.put('A', "FMDay");
    formats.put('u', "ID");
    return formats;
  }

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

  /** A call of one of these functions, or null if it is none. */
  @Nullable String function(FunctionText call) {
    List<String> a = call.arguments();
    switch (call.name().toUpperCase(Locale.ROOT)) {
      case "AT_ZONE":
      case "TO_INSTANT":
        return "TIMEZONE(" + zone(call.operands().get(1)) + ", " + a.get(0) + ")";
      case "INSTANT_TEXT":
        return instantText(a.get(0), zone(call.operands().get(1)));
      case "PARSE_INSTANT":
      case "TRY_PARSE_INSTANT":
        throw notPushed("CAST", "PostgreSQL reads text as a timestamp by other rules");
      case "LAST_DAY":
        return "CAST(DATE_TRUNC('month', "
            + finite(asTimestamp(a.get(0), type(call, 0)))
            + ") + INTERVAL '1 month -1 day' AS DATE)";
      case "MAKE_DATE":
        return "MAKE_DATE("
            + PostgreSqlDialect.integer(a.get(0), type(call, 0))
            + ", "
            + PostgreSqlDialect.integer(a.get(1), type(call, 1))
            + ", "
            + PostgreSqlDialect.integer(a.get(2), type(call, 2))
            + ")";
      case "DAYOFWEEK":
        return extract("DOW", a.get(0), type(call, 0));
      case "DAYNAME":
        return "TO_CHAR(" + asTimestamp(a.get(0), type(call, 0)) + ", 'FMDay')";
      case "MONTHNAME":
        return "TO_CHAR(" + asTimestamp(a.get(0), type(call, 0)) + ", 'FMMonth')";
      case "EPOCH_US":
        return microseconds(a.get(0), type(call, 0));
      case "EPOCH_MS":
        // Rounded half away from zero, a time of day cut, as DuckDB does.
        return "CAST("
            + (is(type(call, 0), SqlTypeName.TIME) ? "FLOOR" : "ROUND")
            + "("
            + microseconds(a.get(0), type(call, 0))
            + " / 1000.0) AS BIGINT)";
      case "TO_TIMESTAMP":
        return "TO_TIMESTAMP(" + Numbers.asDouble(a.get(0), type(call, 0)) + ")";
      case "STRFTIME":
        String time = asTimestamp(a.get(0), type(call, 0));
        String text =
            "TO_CHAR(" + time + ", " + dialect.string(format(call.operands().get(1))) + ")";
        // Of a time without end PostgreSQL writes nothing, DuckDB its name.
        return time.contains("\"")
            ? "CASE WHEN ISFINITE("
                + time
                + ") THEN "
                + text
                + " ELSE CAST("
                + time
                + " AS TEXT) END"
            : text;
      case "TIME_BUCKET":
        return bucket(call);
      case GridSteps.NAME:
        // Text that is no number fails when the cast is reached, which a constant would be at once.
        return "ARRAY(SELECT GENERATE_SERIES(0, CASE WHEN "
            + a.get(0)
            + " > "
            + GridSteps.MOST
            + " THEN CAST("
            + GridSteps.failure(a.get(0))
            + " AS BIGINT) ELSE "
            + a.get(0)
            + " END))";
      default:
        return null;
    }
  }

  private static RelDataType type(FunctionText call, int argument) {
    return call.operands().get(argument).getType();
  }

  private static boolean is(RelDataType type, SqlTypeName name) {
    return type.getSqlTypeName() == name;
  }

  /** The wall clock in UTC, which is the session zone of every connection. */
  private static String asTimestamp(String text, RelDataType type) {
    return is(type, SqlTypeName.TIMESTAMP) ? text : "CAST(" + text + " AS TIMESTAMP)";
  }

  /**
   * A zone as PostgreSQL knows it. It takes {@code +02:00} for two hours west, and three letters
   * for a fixed offset; the first is written as an interval, the second is not pushed.
   */
  private String zone(RexNode node) {
    String name = node instanceof RexLiteral literal ? literal.getValueAs(String.class) : null;
    if (name == null) {
      throw notPushed("AT TIME ZONE", "a zone must be a constant");
    }
    if (name.equals("Z") || name.equals("UTC") || name.equals("GMT")) {
      return "'UTC'";
    }
    if (OFFSET.matcher(name).matches()) {
      return "INTERVAL '" + name + "'";
    }
    if (!REGION.matcher(name).matches()) {
      throw notPushed(name, "PostgreSQL takes the zone " + name + " for a fixed offset");
    }
    return dialect.string(name);
  }

  /** Wall clock and offset: {@code 2024-01-02 09:30:00-05}. */
  private static String instantText(String x, String zone) {
    String local = "TIMEZONE(" + zone + ", " + x + ")";
    String utc = "TIMEZONE('UTC', " + x + ")";
    String offset =
        "CASE WHEN "
            + local
            + " < "
            + utc
            + " THEN "
            + utc
            + " - "
            + local
            + " ELSE "
            + local
            + " - "
            + utc
            + " END";
    String text =
        "(REPLACE(CAST("
            + local
            + " AS TEXT), ' BC', ' (BC)') || CASE WHEN "
            + local
            + " < "
            + utc
            + " THEN '-' ELSE '+' END || TO_CHAR("
            + offset
            + ", CASE WHEN EXTRACT(MINUTE FROM "
            + offset
            + ") = 0 AND EXTRACT(SECOND FROM "
            + offset
            + ") = 0 THEN 'HH24' ELSE 'HH24:MI' END))";
    // A time without end has no offset.
    return "CASE WHEN ISFINITE(" + x + ") THEN " + text + " END";
  }

  private static String format(RexNode node) {
    String format = node instanceof RexLiteral literal ? literal.getValueAs(String.class) : null;
    if (format == null) {
      throw notPushed("STRFTIME", "STRFTIME is pushed to PostgreSQL only with a constant format");
    }
    StringBuilder translated = new StringBuilder();
    for (int i = 0; i < format.length(); i++) {
      char c = format.charAt(i);
      if (c != '%') {
        translated.append(verbatim(c));
        continue;
      }
      i++;
      char letter = i < format.length() ? format.charAt(i) : ' ';
      String pattern = letter == '%' ? verbatim('%') : FORMATS.get(letter);
      if (pattern == null) {
        throw notPushed("STRFTIME", "TO_CHAR of PostgreSQL has nothing like %" + letter);
      }
      translated.append(pattern);
    }
    return translated.toString();
  }

  private static String verbatim(char c) {
    return switch (c) {
      case '"' -> "\\\"";
      case '\\' -> "\"\\\\\"";
      default -> Character.isLetterOrDigit(c) || c > 127 ? "\"" + c + "\"" : String.valueOf(c);
    };
  }

  /** Microseconds since 1970, or since midnight; exact in every version. */
  private String microseconds(String text, RelDataType type) {
    String given = is(type, SqlTypeName.DATE) ? asTimestamp(text, type) : text;
    String time = is(type, SqlTypeName.TIME) ? given : finite(given);
    if (facts.version() >= 14) {
      return "CAST(EXTRACT(EPOCH FROM " + time + ") * 1000000 AS BIGINT)";
    }
    // Before 14, EXTRACT gives a floating point number.
    return "(CAST(EXTRACT(EPOCH FROM DATE_TRUNC('second', "
        + time
        + ")) AS BIGINT) * 1000000 + CAST(EXTRACT(MICROSECONDS FROM "
        + time
        + ") AS BIGINT) % 1000000)";
  }

  /** A time, or NULL if it is infinite, of which no number can be made; constants are finite. */
  private static String finite(String text) {
    return text.contains("\"") ? "CASE WHEN ISFINITE(" + text + ") THEN " + text + " END" : text;
  }

  String extract(String unit, String text, RelDataType type) {
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

  String floor(String unit, String text, RelDataType type) {
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

  /** The year, where that before year 1 is 0; in PostgreSQL it is -1. */
  private static String year(String field, String time) {
    String year = "EXTRACT(" + field + " FROM " + time + ")";
    return year + " + CASE WHEN " + year + " < 0 THEN 1 ELSE 0 END";
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

  String ceil(String unit, String text, RelDataType type) {
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

  /** Whole units from one time to another, cut towards zero. */
  String difference(String unit, String from, String to, RelDataType fromType, RelDataType toType) {
    boolean instants =
        is(fromType, SqlTypeName.TIMESTAMP_WITH_LOCAL_TIME_ZONE)
            || is(toType, SqlTypeName.TIMESTAMP_WITH_LOCAL_TIME_ZONE);
    String type = instants ? "TIMESTAMPTZ" : "TIMESTAMP";
    String a = as(from, fromType, type);
    String b = as(to, toType, type);
    String micros = "(" + microsecondsOf(b, type) + " - " + microsecondsOf(a, type) + ")";
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

  private String microsecondsOf(String given, String type) {
    String text = finite(given);
    return facts.version() >= 14
        ? "CAST(EXTRACT(EPOCH FROM " + text + ") * 1000000 AS BIGINT)"
        : "(CAST(EXTRACT(EPOCH FROM DATE_TRUNC('second', "
            + text
            + ")) AS BIGINT) * 1000000 + CAST(EXTRACT(MICROSECONDS FROM "
            + text
            + ") AS BIGINT) % 1000000)";
  }

  private static String as(String text, RelDataType type, String wanted) {
    if (is(type, SqlTypeName.TIME)) {
      return "(DATE '1970-01-01' + " + text + ")";
    }
    boolean same =
        wanted.equals("TIMESTAMPTZ")
            ? is(type, SqlTypeName.TIMESTAMP_WITH_LOCAL_TIME_ZONE)
            : is(type, SqlTypeName.TIMESTAMP);
    return same ? text : "CAST(" + text + " AS " + wanted + ")";
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
  String sum(String unit, String count, String time) {
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

  /**
   * Buckets are counted from Monday 2000-01-03, those of months from 2000-01-01, unless an origin
   * is given.
   */
  private String bucket(FunctionText call) {
    String width = call.arguments().get(0);
    String text = call.arguments().get(1);
    RelDataType type = type(call, 1);
    boolean instant = is(type, SqlTypeName.TIMESTAMP_WITH_LOCAL_TIME_ZONE);
    String sqlType = instant ? "TIMESTAMPTZ" : "TIMESTAMP";
    String time = instant ? text : asTimestamp(text, type);
    String start;
    if (SqlTypeName.YEAR_INTERVAL_TYPES.contains(type(call, 0).getSqlTypeName())) {
      start = monthBucket(call, time, sqlType);
    } else {
      String zero = instant ? "+00" : "";
      String origin =
          call.arguments().size() > 2
              ? as(call.arguments().get(2), type(call, 2), sqlType)
              : sqlType + " '2000-01-03 00:00:00" + zero + "'";
      start = bucket(width, time, origin);
    }
    return is(type, SqlTypeName.DATE) ? "CAST(" + start + " AS DATE)" : start;
  }

  private String bucket(String width, String time, String origin) {
    if (facts.version() >= 14) {
      return "DATE_BIN(" + width + ", " + time + ", " + origin + ")";
    }
    return "("
        + origin
        + " + FLOOR(EXTRACT(EPOCH FROM "
        + time
        + " - "
        + origin
        + ") / EXTRACT(EPOCH FROM "
        + width
        + ")) * "
        + width
        + ")";
  }

  private static String monthBucket(FunctionText call, String time, String type) {
    RexNode width = call.operands().get(0);
    BigDecimal months =
        width instanceof RexLiteral literal ? literal.getValueAs(BigDecimal.class) : null;
    if (months == null || months.signum() <= 0 || call.arguments().size() > 2) {
      throw notPushed(
          "TIME_BUCKET", "PostgreSQL has no buckets of months with an origin or a computed width");
    }
    String since2000 =
        "((" + year("YEAR", time) + " - 2000) * 12 + EXTRACT(MONTH FROM " + time + ") - 1)";
    String zero = type.equals("TIMESTAMPTZ") ? "+00" : "";
    // The year of a time without end is NULL here, and its bucket is it itself.
    return "COALESCE("
        + type
        + " '2000-01-01 00:00:00"
        + zero
        + "' + MAKE_INTERVAL(months => CAST(FLOOR("
        + since2000
        + " / "
        + months
        + ".0) AS INTEGER) * "
        + months
        + "), "
        + time
        + ")";
  }
}
