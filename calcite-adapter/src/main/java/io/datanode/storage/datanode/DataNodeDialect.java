package io.datanode.storage.datanode;

import io.datanode.storage.sql.NotPushedException;
import io.datanode.storage.sql.StorageDialect;
import io.datanode.storage.sql.StorageDialectMarks;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.SqlDialect;
import org.apache.calcite.sql.dialect.AnsiSqlDialect;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.jspecify.annotations.Nullable;

/**
 * The SQL of this project itself, as a session whose zone is UTC reads it. Names of functions are
 * what they are; what a session of another zone had made of a statement, by names of zones, cannot
 * be said and is done on this side.
 */
final class DataNodeDialect extends StorageDialect {
  private static final String INSTANT = "TIMESTAMP(6) WITH LOCAL TIME ZONE";

  /** Four digits of a year, which all literals take. */
  private static final Pattern COMMON_ERA = Pattern.compile("\\d{4}-\\d\\d-\\d\\d.*");

  private static final Set<String> UTC = Set.of("'UTC'", "'Z'", "'Etc/UTC'");

  private static final int LONGEST_TEXT = 65_536;

  /** Aggregate functions that take their order within the parentheses. */
  private static final Set<String> ORDERED_INSIDE = Set.of("ARRAY_AGG", "STRING_AGG");

  DataNodeDialect() {
    template("TRIM/BOTH", "TRIM(BOTH {0} FROM {1})");
    template("TRIM/LEADING", "TRIM(LEADING {0} FROM {1})");
    template("TRIM/TRAILING", "TRIM(TRAILING {0} FROM {1})");
    template("POSITION/2", "POSITION({0} IN {1})");
    template("POSITION/3", "POSITION({0} IN {1} FROM {2})");
    template("OVERLAY/3", "OVERLAY({0} PLACING {1} FROM {2})");
    template("OVERLAY/4", "OVERLAY({0} PLACING {1} FROM {2} FOR {3})");
    template("TRANSLATE3", "TRANSLATE({*})");
    template("PI", "PI()");
  }

  /** A node's name in quotes. */
  static String name(String namespace, String identifier) {
    return quoted(namespace) + "." + quoted(identifier);
  }

  private static String quoted(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  // After two parentheses Calcite's parser looks for a join, which has no LIMIT.
  @Override
  public boolean limitsSetsInFrom() {
    return false;
  }

  @Override
  public SqlDialect calcite() {
    return AnsiSqlDialect.DEFAULT;
  }

  @Override
  protected boolean knows(String function) {
    return function.matches("[A-Za-z_][A-Za-z0-9_]*");
  }

  @Override
  public String function(FunctionText call) {
    switch (call.name().toUpperCase(Locale.ROOT)) {
      case "AT_ZONE":
        return inUtc(call, "CAST(" + call.arguments().get(0) + " AS TIMESTAMP(6))");
      case "TO_INSTANT":
      case "PARSE_INSTANT":
        return inUtc(call, "CAST(" + call.arguments().get(0) + " AS " + INSTANT + ")");
      case "TRY_PARSE_INSTANT":
        return inUtc(call, "TRY_CAST(" + call.arguments().get(0) + " AS " + INSTANT + ")");
      case "INSTANT_TEXT":
        return inUtc(call, "CAST(" + call.arguments().get(0) + " AS VARCHAR)");
      default:
        return super.function(call);
    }
  }

  private static String inUtc(FunctionText call, String text) {
    String zone = call.arguments().get(1);
    if (call.arguments().size() == 2 && UTC.contains(zone)) {
      return text;
    }
    throw new NotPushedException(
        call.name(), "the other server works in UTC, and the zone of the session is another");
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
        return "VARBINARY";
      case TIME:
        return "TIME(6)";
      case TIMESTAMP:
        return "TIMESTAMP(" + digits(type) + ")";
      case TIMESTAMP_WITH_LOCAL_TIME_ZONE:
        return "TIMESTAMP(" + digits(type) + ") WITH LOCAL TIME ZONE";
      case ARRAY:
      case MULTISET:
        RelDataType element = type.getComponentType();
        return (element == null ? "VARCHAR" : typeName(element)) + " ARRAY";
      default:
        if (SqlTypeUtil.isInterval(type)) {
          throw new NotPushedException(
              type.getFullTypeString(), "SQL has no way to convert to an interval");
        }
        return type.getSqlTypeName().getName();
    }
  }

  private static int digits(RelDataType type) {
    return type.getPrecision() > 6 ? 9 : 6;
  }

  @Override
  public String timestamp(String text) {
    return "TIMESTAMP '" + common(text) + "'";
  }

  @Override
  public String instant(String utcText) {
    return "CAST('" + common(utcText) + "Z' AS " + INSTANT + ")";
  }

  private static String common(String text) {
    if (COMMON_ERA.matcher(text).matches()) {
      return text;
    }
    throw new NotPushedException(text, "SQL has no literal of such a time");
  }

  @Override
  public String binary(String hex) {
    return "X'" + hex + "'";
  }

  @Override
  public String months(long months) {
    return "INTERVAL '" + months + "' MONTH(9)";
  }

  @Override
  public String microseconds(long microseconds) {
    if (microseconds % 1_000 != 0) {
      throw new NotPushedException(
          microseconds + " microseconds", "interval literals have milliseconds");
    }
    long milliseconds = Math.abs(microseconds / 1_000);
    return String.format(
        Locale.ROOT,
        "INTERVAL %s'%d.%03d' SECOND(10, 3)",
        microseconds < 0 ? "-" : "",
        milliseconds / 1_000,
        milliseconds % 1_000);
  }

  @Override
  public String unnest(String array) {
    throw new NotPushedException("UNNEST", "SQL has no UNNEST as a column of SELECT");
  }

  @Override
  public String in(String column, String mark, RelDataType type) {
    return "(" + column + " = SOME (CAST(" + mark + " AS " + typeName(type) + " ARRAY)))";
  }

  @Override
  public String cast(String text, RelDataType from, RelDataType to, boolean orNull) {
    if (isUnsaid(from) || isUnsaid(to)) {
      throw new NotPushedException(
          to.getFullTypeString(), "SQL has no way to convert to an interval");
    }
    boolean cut =
        SqlTypeUtil.inCharFamily(to) && to.getPrecision() >= 0 && to.getPrecision() < LONGEST_TEXT;
    String type = cut ? "VARCHAR(" + to.getPrecision() + ")" : typeName(to);
    return (orNull ? "TRY_CAST(" : "CAST(") + text + " AS " + type + ")";
  }

  private static boolean isUnsaid(RelDataType type) {
    return SqlTypeUtil.isInterval(type) || type.getSqlTypeName() == SqlTypeName.ROW;
  }

  @Override
  public boolean failsOnDivisionByZero() {
    return true;
  }

  @Override
  public String integerDivision(String dividend, String divisor) {
    return "(" + dividend + " / " + divisor + ")";
  }

  /** Not called: the server itself refuses to divide by zero. */
  @Override
  public String failure(String message, RelDataType type) {
    throw new NotPushedException(message, "SQL has no function that fails");
  }

  @Override
  public String extract(String unit, String text, RelDataType type) {
    return "EXTRACT(" + unit + " FROM " + text + ")";
  }

  @Override
  public String floor(String unit, String text, RelDataType type) {
    return "FLOOR(" + text + " TO " + unit + ")";
  }

  @Override
  public String ceil(String unit, String text, RelDataType type) {
    return "CEIL(" + text + " TO " + unit + ")";
  }

  @Override
  public String timestampDiff(
      String unit, String from, String to, RelDataType fromType, RelDataType toType) {
    if (unit.startsWith("INTERVAL_")) {
      throw new NotPushedException("a difference of times", "it is an interval");
    }
    return "TIMESTAMPDIFF(" + unit + ", " + from + ", " + to + ")";
  }

  @Override
  public String timestampAdd(String unit, String count, String time, RelDataType type) {
    return "TIMESTAMPADD(" + unit + ", " + count + ", " + time + ")";
  }

  @Override
  public String asofJoin(
      String left, String right, boolean outer, @Nullable String equalities, String match) {
    return left
        + "\n"
        + (outer ? "LEFT " : "")
        + "ASOF JOIN "
        + right
        + " MATCH_CONDITION "
        + match
        + " ON "
        + (equalities == null ? "TRUE" : equalities);
  }

  @Override
  public String aggregate(AggregateText call) {
    switch (call.name()) {
      case "$SUM0":
        return "COALESCE(" + text("SUM", call) + StorageDialectMarks.WINDOW + ", 0)";
      case "SINGLE_VALUE":
        throw new NotPushedException(
            "a sub-query of one row", "SQL has no aggregate function that fails for several");
      case "COUNT":
        return call.arguments().isEmpty() ? "COUNT(*)" + filter(call) : text("COUNT", call);
      default:
        return text(call.name(), call);
    }
  }

  private static String text(String name, AggregateText call) {
    List<OrderKey> keys = call.orderBy();
    String order =
        keys.stream().map(key -> key.text() + key.direction()).collect(Collectors.joining(", "));
    boolean inside = ORDERED_INSIDE.contains(name) && !keys.isEmpty();
    return name
        + "("
        + (call.distinct() ? "DISTINCT " : "")
        + String.join(", ", call.arguments())
        + (inside ? " ORDER BY " + order : "")
        + ")"
        + (call.ignoreNulls() ? " IGNORE NULLS" : "")
        + (inside || keys.isEmpty() ? "" : " WITHIN GROUP (ORDER BY " + order + ")")
        + filter(call);
  }

  private static String filter(AggregateText call) {
    return call.filter() == null ? "" : " FILTER (WHERE " + call.filter() + ")";
  }
}
