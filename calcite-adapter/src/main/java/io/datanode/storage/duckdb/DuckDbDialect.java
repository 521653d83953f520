package io.datanode.storage.duckdb;

import io.datanode.DataNodeException;
import io.datanode.jdbc.SqlState;
import io.datanode.storage.sql.StorageDialect;
import io.datanode.storage.sql.StorageDialectMarks;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.SqlDialect;
import org.apache.calcite.sql.type.SqlTypeFamily;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.jspecify.annotations.Nullable;

/**
 * DuckDB 2.0 SQL. The session zone of every connection is UTC, so functions of DuckDB that depend
 * on it work on UTC calendar fields.
 */
public final class DuckDbDialect extends StorageDialect {
  /** Functions DuckDB has under the name and with the meaning they have here. */
  private static final Set<String> SAME =
      Set.of(
          "ABS",
          "ACOS",
          "ASIN",
          "ATAN",
          "ATAN2",
          "CBRT",
          "COS",
          "COT",
          "DEGREES",
          "EXP",
          "LN",
          "LOG10",
          "LOG2",
          "PI",
          "RADIANS",
          "SIGN",
          "SIN",
          "SINH",
          "COSH",
          "TANH",
          "SQRT",
          "TAN",
          "FLOOR",
          "CEIL",
          "UPPER",
          "LOWER",
          "REPLACE",
          "CONCAT_WS",
          "LEFT",
          "RIGHT",
          "LPAD",
          "RPAD",
          "REVERSE",
          "REPEAT",
          "SPLIT_PART",
          "STARTS_WITH",
          "ENDS_WITH",
          "CONTAINS",
          "ASCII",
          "CHR",
          "MD5",
          "SHA256",
          "REGEXP_EXTRACT",
          "TRANSLATE",
          "COALESCE",
          "NULLIF",
          "GREATEST",
          "LEAST",
          "LAST_DAY",
          "MAKE_DATE",
          "EPOCH_MS",
          "EPOCH_US",
          "STRFTIME",
          "TIME_BUCKET",
          "LEVENSHTEIN",
          "UUID",
          "HASH",
          "LTRIM",
          "RTRIM",
          "STRPTIME");

  private static final Set<String> ROUNDING = Set.of("ROUND", "TRUNC", "TRUNCATE");

  /** The only one; it has no state. */
  public static final DuckDbDialect INSTANCE = new DuckDbDialect();

  private DuckDbDialect() {
    template("CHAR_LENGTH", "LENGTH({0})");
    template("IS_NAN", "ISNAN({0})");
    template("TRANSLATE3", "TRANSLATE({*})");
    template("CHARACTER_LENGTH", "LENGTH({0})");
    template("LENGTH", "LENGTH({0})");
    template("OCTET_LENGTH", "STRLEN({0})");
    template("POSITION", "STRPOS({1}, {0})");
    template(
        "POSITION/3",
        "CASE WHEN STRPOS(SUBSTRING({1}, {2}), {0}) = 0 THEN 0"
            + " ELSE STRPOS(SUBSTRING({1}, {2}), {0}) + {2} - 1 END");
    template("STRPOS", "STRPOS({0}, {1})");
    // DuckDB counts a start below 1 from the end; SQL counts it before the first character.
    template("SUBSTRING/2", "SUBSTRING({0}, CASE WHEN {1} < 1 THEN 1 ELSE {1} END)");
    template(
        "SUBSTRING/3",
        "CASE WHEN {2} >= 0 THEN SUBSTRING({0}, CASE WHEN {1} < 1 THEN 1 ELSE {1} END, GREATEST({2} +"
            + " LEAST({1} - 1, 0), 0)) END");
    template("SUBSTR/2", "SUBSTRING({0}, CASE WHEN {1} < 1 THEN 1 ELSE {1} END)");
    template(
        "SUBSTR/3",
        "CASE WHEN {2} >= 0 THEN SUBSTRING({0}, CASE WHEN {1} < 1 THEN 1 ELSE {1} END, GREATEST({2} +"
            + " LEAST({1} - 1, 0), 0)) END");
    template("OVERLAY/3", "(LEFT({0}, {2} - 1) || {1} || SUBSTRING({0}, {2} + LENGTH({1})))");
    template("OVERLAY/4", "(LEFT({0}, {2} - 1) || {1} || SUBSTRING({0}, {2} + {3}))");
    template(
        "INITCAP",
        "LIST_AGGREGATE(LIST_TRANSFORM(REGEXP_EXTRACT_ALL({0}, '[\\p{L}\\p{N}]+|[^\\p{L}\\p{N}]+'),"
            + " LAMBDA w: UPPER(LEFT(w, 1)) || LOWER(SUBSTRING(w, 2))), 'string_agg', '')");
    template("CONCAT", "CONCAT({*})");
    template("POWER", "POWER({0}, {1})");
    template("POW", "POWER({0}, {1})");
    template("COT", "(1 / NULLIF(TAN({0}), 0))");
    template("LOG/1", "LOG10({0})");
    template("LOG/2", "LOG({0}, {1})");
    template("MOD", "({0} % {1})");
    template("ROUND/1", "ROUND({0})");
    template("ROUND/2", "ROUND({0}, CAST({1} AS INTEGER))");
    template("TRUNCATE/1", "TRUNC({0})");
    template("TRUNCATE/2", "TRUNC({0}, CAST({1} AS INTEGER))");
    template("TRUNC/1", "TRUNC({0})");
    template("TRUNC/2", "TRUNC({0}, CAST({1} AS INTEGER))");
    template("RAND", "RANDOM()");
    template("RANDOM", "RANDOM()");
    template("NVL", "COALESCE({0}, {1})");
    template("IFNULL", "COALESCE({0}, {1})");
    template("IF", "CASE WHEN {0} THEN {1} ELSE {2} END");
    template("IIF", "CASE WHEN {0} THEN {1} ELSE {2} END");
    template("REGEXP_LIKE", "REGEXP_MATCHES({0}, {1})");
    template("REGEXP_MATCHES", "REGEXP_MATCHES({0}, {1})");
    template("REGEXP_REPLACE", "REGEXP_REPLACE({0}, {1}, {2}, 'g')");
    template("CARDINALITY", "LEN({0})");
    template("ARRAY_LENGTH", "LEN({0})");
    template("DATE_TRUNC", "DATE_TRUNC({0}, {1})");
    template("AT_ZONE", "TIMEZONE({1}, {0})");
    template("TO_INSTANT", "TIMEZONE({1}, {0})");
    template("TO_TIMESTAMP", "TO_TIMESTAMP(CAST({0} AS DOUBLE))");
    template("EPOCH", "EPOCH({0})");
    template("DAYOFWEEK", "(DATE_PART('dow', {0}) + 1)");
    template("TRIM/BOTH", "TRIM({1}, {0})");
    template("TRIM/LEADING", "LTRIM({1}, {0})");
    template("TRIM/TRAILING", "RTRIM({1}, {0})");
    template("DATE_DIFF", "DATE_DIFF({0}, {1}, {2})");
    template("DAYNAME", "DAYNAME({0})");
    template("MONTHNAME", "MONTHNAME({0})");
    template("MAKE_TIMESTAMP", "MAKE_TIMESTAMP({*})");
    // Seconds are whole minutes of difference only for a few historical zones; DuckDB has no
    // function
    // that prints an offset, so it is computed from the two wall clocks.
    String offset = "ABS(EPOCH_US(TIMEZONE({1}, {0})) - EPOCH_US({0}))";
    String clock = "TIMESTAMP '1970-01-01' + TO_MICROSECONDS(" + offset + ")";
    template(
        "INSTANT_TEXT",
        "(CAST(TIMEZONE({1}, {0}) AS VARCHAR) || CASE WHEN EPOCH_US(TIMEZONE({1}, {0})) <"
            + " EPOCH_US({0}) THEN '-' ELSE '+' END || CASE WHEN "
            + offset
            + " % 3600000000 = 0 THEN STRFTIME("
            + clock
            + ", '%H') ELSE STRFTIME("
            + clock
            + ", '%H:%M') END)");
    template(
        "PARSE_INSTANT",
        "CASE WHEN REGEXP_MATCHES({0}, '(Z|z|[+-]\\d\\d(:?\\d\\d)?)\\s*$') AND"
            + " REGEXP_MATCHES({0}, '\\d:\\d') THEN CAST({0} AS TIMESTAMPTZ) ELSE TIMEZONE({1},"
            + " CAST({0} AS TIMESTAMP)) END");
    template(
        "TRY_PARSE_INSTANT",
        "CASE WHEN REGEXP_MATCHES({0}, '(Z|z|[+-]\\d\\d(:?\\d\\d)?)\\s*$') AND"
            + " REGEXP_MATCHES({0}, '\\d:\\d') THEN TRY_CAST({0} AS TIMESTAMPTZ) ELSE TIMEZONE({1},"
            + " TRY_CAST({0} AS TIMESTAMP)) END");
  }

  @Override
  public SqlDialect calcite() {
    return DuckDbCalciteDialect.INSTANCE;
  }

  @Override
  protected boolean knows(String function) {
    return SAME.contains(function.toUpperCase(Locale.ROOT));
  }

  /** DuckDB drops digits of a decimal when it rounds or cuts; here the type keeps its scale. */
  @Override
  public String function(FunctionText call) {
    String text = super.function(call);
    boolean drops =
        SqlTypeUtil.isDecimal(call.type())
            && ROUNDING.contains(call.name().toUpperCase(Locale.ROOT));
    return drops ? "CAST(" + text + " AS DECIMAL(38, " + call.type().getScale() + "))" : text;
  }

  // DuckDB 2.0 fails if more than four values are compared with a parameter that is NULL.
  @Override
  public String oneOf(String value, List<String> values, RelDataType type, boolean stored) {
    String compared = stored ? value : "COALESCE(" + value + ", NULL)";
    String condition = super.oneOf(compared, values, type, stored);
    return SqlTypeUtil.inCharFamily(type) ? textCondition(condition, stored) : condition;
  }

  // Where the values of a column let a condition on an expression over it hold for all rows, the
  // scan of DuckDB 2.0 checks only that the column is not NULL, though the expression may be. What
  // a condition is compared with keeps it out of the scan; conditions on columns themselves, by
  // which row groups are skipped, are right.
  @Override
  public String textCondition(String condition, boolean stored) {
    return stored ? condition : "(" + condition + " = TRUE)";
  }

  @Override
  public String typeName(RelDataType type) {
    switch (type.getSqlTypeName()) {
      case FLOAT:
      case DOUBLE:
        return "DOUBLE";
      case DECIMAL:
        return decimalName("DECIMAL", type);
      case CHAR:
      case VARCHAR:
      case NULL:
      case ANY:
      case UNKNOWN:
      case OTHER:
        return "VARCHAR";
      case BINARY:
      case VARBINARY:
        return "BLOB";
      case TIME:
        return "TIME";
      case TIMESTAMP:
        return type.getPrecision() > 6 ? "TIMESTAMP_NS" : "TIMESTAMP";
      case TIMESTAMP_WITH_LOCAL_TIME_ZONE:
      case TIMESTAMP_TZ:
        return "TIMESTAMPTZ";
      case ARRAY:
      case MULTISET:
        RelDataType element = type.getComponentType();
        return (element == null ? "VARCHAR" : typeName(element)) + "[]";
      default:
        return SqlTypeUtil.isInterval(type) ? "INTERVAL" : type.getSqlTypeName().getName();
    }
  }

  @Override
  public String timestamp(String text) {
    return "TIMESTAMP" + (fraction(text) > 6 ? "_NS" : "") + " '" + text + "'";
  }

  private static int fraction(String text) {
    int point = text.indexOf('.');
    return point < 0 ? 0 : text.length() - point - 1;
  }

  @Override
  public String instant(String utcText) {
    return "TIMESTAMPTZ '" + utcText + "+00'";
  }

  @Override
  public String binary(String hex) {
    return "from_hex('" + hex + "')";
  }

  @Override
  public String cast(String text, RelDataType from, RelDataType to, boolean orNull) {
    String keyword = orNull ? "TRY_CAST(" : "CAST(";
    SqlTypeName target = to.getSqlTypeName();
    if (SqlTypeUtil.isIntType(to)
        && (SqlTypeUtil.isApproximateNumeric(from) || SqlTypeUtil.isDecimal(from))) {
      // DuckDB rounds; SQL here cuts.
      return keyword + "TRUNC(" + text + ") AS " + typeName(to) + ")";
    }
    if (isDayTime(to) && SqlTypeUtil.isExactNumeric(from)) {
      return "(" + text + " * " + unitInterval(to) + ")";
    }
    if (isDayTime(from) && SqlTypeUtil.isNumeric(to)) {
      return "CAST(TRUNC(EPOCH(" + text + ") / " + unitSeconds(from) + ") AS " + typeName(to) + ")";
    }
    if (isYearMonth(to) && SqlTypeUtil.isExactNumeric(from)) {
      return "TO_MONTHS(CAST(" + text + " AS INTEGER))";
    }
    if (target == SqlTypeName.TIME && isInstant(from)) {
      // DuckDB has no such cast; the session zone is UTC.
      return keyword + "CAST(" + text + " AS TIMESTAMP) AS TIME)";
    }
    boolean character = SqlTypeFamily.CHARACTER.getTypeNames().contains(target);
    String cast = keyword + text + " AS " + typeName(to) + ")";
    if (character
        && to.getPrecision() >= 0
        && to.getPrecision() < 65536
        && !(SqlTypeFamily.CHARACTER.contains(from)
            && from.getPrecision() >= 0
            && from.getPrecision() <= to.getPrecision())) {
      return "LEFT(" + cast + ", " + to.getPrecision() + ")";
    }
    return cast;
  }

  private static boolean isDayTime(RelDataType type) {
    return SqlTypeName.DAY_INTERVAL_TYPES.contains(type.getSqlTypeName());
  }

  private static boolean isYearMonth(RelDataType type) {
    return SqlTypeName.YEAR_INTERVAL_TYPES.contains(type.getSqlTypeName());
  }

  private static String unitInterval(RelDataType interval) {
    return "INTERVAL '1' " + interval.getIntervalQualifier().getStartUnit().name();
  }

  private static String unitSeconds(RelDataType interval) {
    return String.valueOf(
        interval.getIntervalQualifier().getUnit().multiplier.longValue() / 1000.0);
  }

  // DuckDB adds and multiplies decimals of up to 18 digits in 64 bits, and fails if the result has
  // more; with an operand of 19 digits it uses 128 bits.
  @Override
  public String arithmetic(
      String operator,
      String left,
      String right,
      RelDataType leftType,
      RelDataType rightType,
      RelDataType type) {
    boolean widened =
        type.getSqlTypeName() == SqlTypeName.DECIMAL
            && type.getPrecision() > 18
            && leftType.getSqlTypeName() == SqlTypeName.DECIMAL
            && leftType.getPrecision() <= 18
            && rightType.getPrecision() <= 18;
    String first =
        widened ? "CAST(" + left + " AS DECIMAL(19, " + leftType.getScale() + "))" : left;
    return super.arithmetic(operator, first, right, leftType, rightType, type);
  }

  @Override
  public String integerDivision(String dividend, String divisor) {
    return "(" + dividend + " // " + divisor + ")";
  }

  @Override
  public String failure(String message, RelDataType type) {
    return "error(" + string(message) + ")";
  }

  @Override
  public String extract(String unit, String text, RelDataType type) {
    switch (unit) {
      case "EPOCH":
        return SqlTypeUtil.isInterval(type)
            ? "CAST(FLOOR(EPOCH(" + text + ")) AS BIGINT)"
            : "CAST(FLOOR(EPOCH_US(" + text + ") / 1000000) AS BIGINT)";
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

  @Override
  public String floor(String unit, String text, RelDataType type) {
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

  @Override
  public String ceil(String unit, String text, RelDataType type) {
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

  @Override
  public String timestampDiff(
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

  private static boolean isInstant(RelDataType type) {
    return type.getSqlTypeName() == SqlTypeName.TIMESTAMP_WITH_LOCAL_TIME_ZONE;
  }

  private static boolean isTime(RelDataType type) {
    return type.getSqlTypeName() == SqlTypeName.TIME;
  }

  @Override
  public String timestampAdd(String unit, String count, String time, RelDataType type) {
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

  @Override
  public String asofJoin(
      String left, String right, boolean outer, @Nullable String equalities, String match) {
    return left
        + "\nASOF "
        + (outer ? "LEFT " : "")
        + "JOIN "
        + right
        + " ON "
        + (equalities == null ? "" : equalities + " AND ")
        + match;
  }

  @Override
  public String aggregate(AggregateText call) {
    String name = call.name();
    List<String> arguments = call.arguments();
    switch (name) {
      case "COUNT":
        return count(call);
      case "$SUM0":
        return "COALESCE(" + call("SUM", arguments, call, "") + StorageDialectMarks.WINDOW + ", 0)";
      case "STDDEV":
        return call("STDDEV_SAMP", arguments, call, "");
      case "VARIANCE":
        return call("VAR_SAMP", arguments, call, "");
      case "EVERY":
      case "LOGICAL_AND":
        return call("BOOL_AND", arguments, call, "");
      case "SOME":
      case "LOGICAL_OR":
        return call("BOOL_OR", arguments, call, "");
      case "SINGLE_VALUE":
        return call("ANY_VALUE", arguments, call, "");
      case "COLLECT":
      case "ARRAY_AGG":
        return call("ARRAY_AGG", arguments, call, orderBy(call));
      case "LISTAGG":
      case "STRING_AGG":
        return call(
            "STRING_AGG",
            arguments.size() > 1 ? arguments : List.of(arguments.get(0), "','"),
            call,
            orderBy(call));
      case "PERCENTILE_CONT":
        return percentile("QUANTILE_CONT", call);
      case "PERCENTILE_DISC":
        return percentile("QUANTILE_DISC", call);
      case "MIN_BY":
      case "FIRST":
        return call("ARG_MIN", arguments, call, "");
      case "MAX_BY":
      case "LAST":
        return call("ARG_MAX", arguments, call, "");
      case "MEDIAN":
        return call(
            "MEDIAN",
            List.of(interpolated(arguments.get(0), call.argumentTypes().get(0))),
            call,
            "");
      default:
        return call(name, arguments, call, orderBy(call));
    }
  }

  private static String count(AggregateText call) {
    if (call.arguments().isEmpty()) {
      return call("COUNT", List.of("*"), call, "");
    }
    if (call.arguments().size() == 1) {
      return call("COUNT", call.arguments(), call, "");
    }
    String present =
        call.arguments().stream()
            .map(argument -> argument + " IS NOT NULL")
            .collect(Collectors.joining(" AND "));
    return call(
        "COUNT",
        List.of(
            "CASE WHEN " + present + " THEN ROW(" + String.join(", ", call.arguments()) + ") END"),
        call,
        "");
  }

  private static String percentile(String function, AggregateText call) {
    if (call.orderBy().isEmpty()) {
      return call(function, call.arguments(), call, "");
    }
    OrderKey key = call.orderBy().get(0);
    String fraction = call.arguments().get(0);
    return call(
        function,
        List.of(
            function.equals("QUANTILE_CONT") ? interpolated(key.text(), key.type()) : key.text(),
            key.descending() ? "1 - " + fraction : fraction),
        call,
        "");
  }

  /** DuckDB interpolates decimals with the digits they have; what lies between has more. */
  private static String interpolated(String text, RelDataType type) {
    return SqlTypeUtil.isDecimal(type) ? "CAST(" + text + " AS DOUBLE)" : text;
  }

  private static String orderBy(AggregateText call) {
    if (call.orderBy().isEmpty()) {
      return "";
    }
    return call.orderBy().stream()
        .map(key -> key.text() + key.direction())
        .collect(Collectors.joining(", ", " ORDER BY ", ""));
  }

  private static String call(
      String name, List<String> arguments, AggregateText call, String orderBy) {
    List<String> texts = new ArrayList<>(arguments);
    return name
        + "("
        + (call.distinct() ? "DISTINCT " : "")
        + String.join(", ", texts)
        + orderBy
        + (call.ignoreNulls() ? " IGNORE NULLS" : "")
        + ")"
        + (call.filter() == null ? "" : " FILTER (WHERE " + call.filter() + ")");
  }
}
