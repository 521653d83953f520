package io.datanode.storage.postgresql;

import static io.datanode.storage.postgresql.PostgreSqlDialect.notPushed;
import static io.datanode.storage.postgresql.Times.asTimestamp;
import static io.datanode.storage.postgresql.Times.finite;
import static io.datanode.storage.postgresql.Times.is;

import io.datanode.storage.sql.GridSteps;
import io.datanode.storage.sql.StorageDialect.FunctionText;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.type.SqlTypeName;
import org.jspecify.annotations.Nullable;

/** Calls of functions of dates, times, timestamps and instants. */
final class TimeCalls {
  private static final Pattern REGION = Pattern.compile("[A-Za-z_]+(/[A-Za-z0-9_+-]+)+");
  private static final Pattern OFFSET = Pattern.compile("[+-]\\d\\d:\\d\\d");

  private final PostgreSqlDialect dialect;
  private final ServerFacts facts;
  private final TimeBuckets buckets;

  TimeCalls(PostgreSqlDialect dialect, ServerFacts facts) {
    this.dialect = dialect;
    this.facts = facts;
    this.buckets = new TimeBuckets(facts);
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
        return TimeFields.extract("DOW", a.get(0), type(call, 0));
      case "DAYNAME":
        return "TO_CHAR(" + asTimestamp(a.get(0), type(call, 0)) + ", 'FMDay')";
      case "MONTHNAME":
        return "TO_CHAR(" + asTimestamp(a.get(0), type(call, 0)) + ", 'FMMonth')";
      case "EPOCH_US":
        return microsecondsSince(a.get(0), type(call, 0));
      case "EPOCH_MS":
        // Rounded half away from zero, a time of day cut, as DuckDB does.
        return "CAST("
            + (is(type(call, 0), SqlTypeName.TIME) ? "FLOOR" : "ROUND")
            + "("
            + microsecondsSince(a.get(0), type(call, 0))
            + " / 1000.0) AS BIGINT)";
      case "TO_TIMESTAMP":
        return "TO_TIMESTAMP(" + Numbers.asDouble(a.get(0), type(call, 0)) + ")";
      case "STRFTIME":
        String time = asTimestamp(a.get(0), type(call, 0));
        String text =
            "TO_CHAR("
                + time
                + ", "
                + dialect.string(TimeFormats.pattern(call.operands().get(1)))
                + ")";
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
        return buckets.start(call);
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

  private String microsecondsSince(String text, RelDataType type) {
    String time =
        is(type, SqlTypeName.TIME)
            ? text
            : finite(is(type, SqlTypeName.DATE) ? asTimestamp(text, type) : text);
    return Times.microseconds(time, facts.version());
  }
}
