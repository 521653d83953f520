package io.datanode.storage.postgresql;

import static io.datanode.storage.postgresql.Numbers.asDouble;
import static io.datanode.storage.postgresql.PostgreSqlDialect.integer;
import static io.datanode.storage.postgresql.PostgreSqlDialect.notPushed;
import static io.datanode.storage.postgresql.PostgreSqlDialect.typed;

import io.datanode.storage.sql.PriceAverages;
import io.datanode.storage.sql.StorageDialect.AggregateText;
import io.datanode.storage.sql.StorageDialect.OrderKey;
import io.datanode.storage.sql.StorageDialect.WindowText;
import io.datanode.storage.sql.StorageDialectMarks;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;

/** Aggregate and window functions. */
final class Aggregates {
  private static final Set<String> RANKS =
      Set.of(
          "ROW_NUMBER",
          "RANK",
          "DENSE_RANK",
          "CUME_DIST",
          "PERCENT_RANK",
          "NTILE",
          "LAG",
          "LEAD",
          "FIRST_VALUE",
          "LAST_VALUE",
          "NTH_VALUE");

  /** Aggregates that PostgreSQL has as such, so that they may have a window too. */
  private static final Set<String> WINDOWED =
      Set.of(
          "COUNT",
          "SUM",
          "$SUM0",
          "AVG",
          "TWAP",
          "VWAP",
          "MIN",
          "MAX",
          "BIT_AND",
          "BIT_OR",
          "BIT_XOR",
          "BOOL_AND",
          "BOOL_OR",
          "EVERY",
          "SOME",
          "LOGICAL_AND",
          "LOGICAL_OR",
          "CORR",
          "COVAR_POP",
          "COVAR_SAMP",
          "STDDEV",
          "STDDEV_POP",
          "STDDEV_SAMP",
          "VARIANCE",
          "VAR_POP",
          "VAR_SAMP",
          "REGR_AVGX",
          "REGR_AVGY",
          "REGR_COUNT",
          "REGR_INTERCEPT",
          "REGR_R2",
          "REGR_SLOPE",
          "REGR_SXX",
          "REGR_SXY",
          "REGR_SYY",
          "ARRAY_AGG",
          "COLLECT",
          "STRING_AGG",
          "LISTAGG");

  private final PostgreSqlDialect dialect;
  private final ServerFacts facts;

  Aggregates(PostgreSqlDialect dialect, ServerFacts facts) {
    this.dialect = dialect;
    this.facts = facts;
  }

  String aggregate(AggregateText call) {
    String name = call.name();
    switch (name) {
      case "COUNT":
        return count(call);
      case "APPROX_COUNT_DISTINCT":
        return call("COUNT", "DISTINCT " + argument(call, 0), call);
      case "SUM":
        return call("SUM", distinct(call) + summand(call), call);
      case "$SUM0":
        return "COALESCE(" + call("SUM", distinct(call) + summand(call), call) + ", 0)";
      case "AVG":
        return average(call);
      case "TWAP":
        return average(new PriceAverages(dialect).twap(call));
      case "VWAP":
        return new PriceAverages(dialect).vwap(call, sum -> call("SUM", summand(sum), sum));
      case "MIN":
      case "MAX":
        return extreme(call);
      case "ANY_VALUE":
      case "SINGLE_VALUE":
        return facts.version() >= 16 && windowable(call)
            ? call("ANY_VALUE", argument(call, 0), call)
            : firstOf(call, argument(call, 0), "");
      case "BIT_AND":
      case "BIT_OR":
        return call(name, distinct(call) + argument(call, 0), call);
      case "BIT_XOR":
        if (facts.version() < 14) {
          throw notPushed("BIT_XOR", "PostgreSQL has BIT_XOR from version 14");
        }
        return call(name, distinct(call) + argument(call, 0), call);
      case "BOOL_AND":
      case "EVERY":
      case "LOGICAL_AND":
        return call("BOOL_AND", argument(call, 0), call);
      case "BOOL_OR":
      case "SOME":
      case "LOGICAL_OR":
        return call("BOOL_OR", argument(call, 0), call);
      case "STDDEV":
        return statistic("STDDEV_SAMP", call);
      case "VARIANCE":
        return statistic("VAR_SAMP", call);
      case "STDDEV_POP":
      case "STDDEV_SAMP":
      case "VAR_POP":
      case "VAR_SAMP":
      case "COVAR_POP":
      case "COVAR_SAMP":
      case "REGR_AVGX":
      case "REGR_AVGY":
      case "REGR_COUNT":
      case "REGR_INTERCEPT":
      case "REGR_R2":
      case "REGR_SXX":
      case "REGR_SXY":
      case "REGR_SYY":
        return statistic(name, call);
      case "CORR":
      case "REGR_SLOPE":
        // Of points without spread it is NaN here, and NULL in PostgreSQL.
        return "COALESCE("
            + statistic(name, call)
            + ", CASE WHEN "
            + statistic("REGR_COUNT", call)
            + " > 0 THEN CAST('NaN' AS DOUBLE PRECISION) END)";
      case "ARRAY_AGG":
      case "COLLECT":
        return arrayOf(call);
      case "STRING_AGG":
      case "LISTAGG":
        return textOf(call);
      case "MEDIAN":
        return ordered("PERCENTILE_CONT", "0.5", number(call, 0), call);
      case "MODE":
        return ordered("MODE", "", argument(call, 0), call);
      case "PERCENTILE_CONT":
      case "PERCENTILE_DISC":
        return percentile(call);
      case "ARG_MIN":
      case "MIN_BY":
      case "FIRST":
        return firstOf(call, argument(call, 0), dialect.ordered(argument(call, 1), type(call, 1)));
      case "ARG_MAX":
      case "MAX_BY":
      case "LAST":
        return firstOf(
            call, argument(call, 0), dialect.ordered(argument(call, 1), type(call, 1)) + " DESC");
      case "GROUPING":
      case "GROUPING_ID":
        return "GROUPING(" + String.join(", ", call.arguments()) + ")";
      default:
        throw notPushed(name, "PostgreSQL has no " + name);
    }
  }

  private static String argument(AggregateText call, int index) {
    return typed(call.arguments().get(index), type(call, index));
  }

  private static RelDataType type(AggregateText call, int index) {
    return call.argumentTypes().get(index);
  }

  private static String number(AggregateText call, int index) {
    return asDouble(call.arguments().get(index), type(call, index));
  }

  private static String distinct(AggregateText call) {
    return call.distinct() ? "DISTINCT " : "";
  }

  private static String call(String name, String arguments, AggregateText call) {
    return name + "(" + arguments + ")" + filter(call.filter()) + StorageDialectMarks.WINDOW;
  }

  private static String filter(@org.jspecify.annotations.Nullable String condition) {
    return condition == null ? "" : " FILTER (WHERE " + condition + ")";
  }

  private static boolean windowable(AggregateText call) {
    return !call.distinct();
  }

  private static String count(AggregateText call) {
    List<String> arguments = call.arguments();
    if (arguments.isEmpty()) {
      return call("COUNT", "*", call);
    }
    if (arguments.size() == 1) {
      return call("COUNT", distinct(call) + argument(call, 0), call);
    }
    String present =
        arguments.stream().map(a -> a + " IS NOT NULL").collect(Collectors.joining(" AND "));
    return call(
        "COUNT",
        distinct(call)
            + "CASE WHEN "
            + present
            + " THEN "
            + (call.distinct() ? "ROW(" + String.join(", ", arguments) + ")" : "1")
            + " END",
        call);
  }

  /** PostgreSQL sums REAL as REAL. */
  private static String summand(AggregateText call) {
    return type(call, 0).getSqlTypeName() == SqlTypeName.REAL ? number(call, 0) : argument(call, 0);
  }

  /** The sum as DOUBLE divided by the count, since NUMERIC means have 16 digits only. */
  private static String average(AggregateText call) {
    RelDataType type = type(call, 0);
    if (SqlTypeUtil.isInterval(type)) {
      return call("AVG", distinct(call) + argument(call, 0), call);
    }
    if (SqlTypeUtil.isApproximateNumeric(type)) {
      return call("AVG", distinct(call) + number(call, 0), call);
    }
    String sum = call("SUM", distinct(call) + argument(call, 0), call);
    String count = call("COUNT", distinct(call) + argument(call, 0), call);
    int scale = SqlTypeUtil.isDecimal(type) ? Math.max(0, type.getScale()) : 0;
    // Whole numbers are exact as DOUBLE where fractions are not.
    String shift = scale == 0 || scale > 6 ? "" : " * 1" + "0".repeat(scale);
    return "(CAST(" + sum + shift + " AS DOUBLE PRECISION) / NULLIF(" + count + shift + ", 0))";
  }

  private String extreme(AggregateText call) {
    RelDataType type = type(call, 0);
    switch (type.getSqlTypeName()) {
      case BOOLEAN:
        return call(call.name().equals("MIN") ? "BOOL_AND" : "BOOL_OR", argument(call, 0), call);
      case UUID:
      case BINARY:
      case VARBINARY:
        return firstOf(
            call,
            argument(call, 0),
            argument(call, 0) + (call.name().equals("MIN") ? "" : " DESC"));
      case ARRAY:
      case MULTISET:
        throw notPushed(call.name(), "PostgreSQL orders arrays by other rules");
      default:
        return call(call.name(), dialect.ordered(argument(call, 0), type), call);
    }
  }

  /** The first value that is not NULL in an order, or in none. */
  private static String firstOf(AggregateText call, String value, String order) {
    if (type(call, 0).getComponentType() != null) {
      throw notPushed(call.name(), "an array of arrays has another meaning in PostgreSQL");
    }
    List<String> conditions = new ArrayList<>();
    if (call.filter() != null) {
      conditions.add("(" + call.filter() + ")");
    }
    for (int i = 0; i < call.arguments().size(); i++) {
      conditions.add(argument(call, i) + " IS NOT NULL");
    }
    return "(ARRAY_AGG("
        + value
        + (order.isEmpty() ? "" : " ORDER BY " + order)
        + ")"
        + filter(String.join(" AND ", conditions))
        + ")[1]";
  }

  private static String statistic(String name, AggregateText call) {
    List<String> numbers = new ArrayList<>();
    for (int i = 0; i < call.arguments().size(); i++) {
      numbers.add(number(call, i));
    }
    return call(name, distinct(call) + String.join(", ", numbers), call);
  }

  private String arrayOf(AggregateText call) {
    if (type(call, 0).getComponentType() != null) {
      throw notPushed(call.name(), "an array of arrays has another meaning in PostgreSQL");
    }
    return call("ARRAY_AGG", distinct(call) + argument(call, 0) + orderBy(call), call);
  }

  private String textOf(AggregateText call) {
    String separator = call.arguments().size() > 1 ? call.arguments().get(1) : "','";
    String text = argument(call, 0);
    if (call.distinct() && !call.orderBy().isEmpty()) {
      OrderKey key = call.orderBy().get(0);
      if (call.orderBy().size() > 1 || !key.text().equals(call.arguments().get(0))) {
        throw notPushed(
            call.name(), "PostgreSQL sorts distinct values only by the values themselves");
      }
      text = dialect.ordered(text, type(call, 0));
    }
    return call("STRING_AGG", distinct(call) + text + ", " + separator + orderBy(call), call);
  }

  private String orderBy(AggregateText call) {
    if (call.orderBy().isEmpty()) {
      return "";
    }
    return call.orderBy().stream()
        .map(key -> dialect.ordered(key.text(), key.type()) + key.direction())
        .collect(Collectors.joining(", ", " ORDER BY ", ""));
  }

  private String ordered(String name, String fraction, String value, AggregateText call) {
    if (call.distinct()) {
      throw notPushed(name, "PostgreSQL takes no DISTINCT in " + name);
    }
    return name
        + "("
        + fraction
        + ") WITHIN GROUP (ORDER BY "
        + value
        + ")"
        + filter(call.filter());
  }

  private String percentile(AggregateText call) {
    if (call.orderBy().size() != 1) {
      throw notPushed(call.name(), "a quantile needs one order");
    }
    OrderKey key = call.orderBy().get(0);
    String fraction = call.arguments().get(0);
    if (call.name().equals("PERCENTILE_CONT")) {
      if (!SqlTypeUtil.isNumeric(key.type())) {
        throw notPushed(call.name(), "PostgreSQL interpolates only numbers");
      }
      String from = key.descending() ? "1 - " + fraction : fraction;
      return ordered("PERCENTILE_CONT", from, asDouble(key.text(), key.type()), call);
    }
    if (key.descending()) {
      throw notPushed(call.name(), "PostgreSQL counts descending quantiles from the other end");
    }
    return ordered(
        "PERCENTILE_DISC",
        fraction,
        dialect.ordered(typed(key.text(), key.type()), key.type()),
        call);
  }

  String windowCall(AggregateText call, WindowText window) {
    String name = call.name();
    if (call.distinct()) {
      throw notPushed(name, "PostgreSQL takes no DISTINCT in a window function");
    }
    if (call.ignoreNulls()) {
      return ignoringNulls(call, window);
    }
    String text;
    if (RANKS.contains(name)) {
      text = rank(call);
    } else if (WINDOWED.contains(name) || (name.equals("ANY_VALUE") && facts.version() >= 16)) {
      text = aggregate(call);
    } else {
      throw notPushed(name + " OVER", "PostgreSQL has no window function " + name);
    }
    String over = " OVER (" + window.text() + ")";
    if (text.indexOf(StorageDialectMarks.WINDOW) < 0) {
      throw notPushed(name + " OVER", "PostgreSQL has no window function " + name);
    }
    return text.replace(StorageDialectMarks.WINDOW, over);
  }

  private String rank(AggregateText call) {
    List<String> arguments = new ArrayList<>();
    for (int i = 0; i < call.arguments().size(); i++) {
      boolean count =
          call.name().equals("NTILE")
              || (i == 1
                  && !call.name().equals("FIRST_VALUE")
                  && !call.name().equals("LAST_VALUE"));
      arguments.add(count ? integer(call.arguments().get(i), type(call, i)) : argument(call, i));
    }
    if (arguments.size() == 3 && !SqlTypeUtil.sameNamedType(type(call, 2), type(call, 0))) {
      arguments.set(2, "CAST(" + arguments.get(2) + " AS " + dialect.typeName(type(call, 0)) + ")");
    }
    return call(call.name(), String.join(", ", arguments), call);
  }

  /**
   * PostgreSQL before 19 has no IGNORE NULLS. All values of the partition that are not NULL are
   * taken as one array, once for the partition; counting those up to a row says which of them is
   * meant.
   */
  private String ignoringNulls(AggregateText call, WindowText window) {
    String x = argument(call, 0);
    if (window.excludes() || type(call, 0).getComponentType() != null) {
      throw notPushed(call.name() + " IGNORE NULLS", "PostgreSQL has no IGNORE NULLS");
    }
    String values =
        "(ARRAY_AGG("
            + x
            + ") FILTER (WHERE "
            + x
            + " IS NOT NULL) OVER ("
            + window.framed("UNBOUNDED PRECEDING", "UNBOUNDED FOLLOWING")
            + "))";
    String inFrame = count(x, window.text());
    String toEnd = count(x, window.framed("UNBOUNDED PRECEDING", window.upper()));
    switch (call.name()) {
      case "LAST_VALUE":
        return when(inFrame + " > 0", item(values, toEnd), "NULL");
      case "FIRST_VALUE":
        return when(inFrame + " > 0", item(values, toEnd + " - " + inFrame + " + 1"), "NULL");
      case "NTH_VALUE":
        return when(
            inFrame + " >= " + call.arguments().get(1),
            item(values, toEnd + " - " + inFrame + " + " + call.arguments().get(1)),
            "NULL");
      case "LAG":
      case "LEAD":
        return shifted(call, window, values, x);
      default:
        throw notPushed(call.name() + " IGNORE NULLS", "PostgreSQL has no IGNORE NULLS");
    }
  }

  private String shifted(AggregateText call, WindowText window, String values, String x) {
    WindowText rows = new WindowText(window.partition(), window.order(), "", true, "", "", false);
    String offset = call.arguments().size() > 1 ? call.arguments().get(1) : "1";
    boolean constant = offset.matches("\\d+") && !offset.matches("0+");
    if (!constant) {
      throw notPushed(
          call.name() + " IGNORE NULLS",
          "PostgreSQL has no IGNORE NULLS; only a constant offset" + " above 0 is rewritten");
    }
    String otherwise =
        call.arguments().size() > 2
            ? "CAST(" + call.arguments().get(2) + " AS " + dialect.typeName(type(call, 0)) + ")"
            : "NULL";
    boolean lag = call.name().equals("LAG");
    String before =
        count(
            x,
            lag
                ? rows.framed("UNBOUNDED PRECEDING", "1 PRECEDING")
                : rows.framed("UNBOUNDED PRECEDING", "CURRENT ROW"));
    if (lag) {
      return when(
          before + " >= " + offset, item(values, before + " - " + offset + " + 1"), otherwise);
    }
    String all = count(x, rows.framed("UNBOUNDED PRECEDING", "UNBOUNDED FOLLOWING"));
    return when(
        before + " + " + offset + " <= " + all, item(values, before + " + " + offset), otherwise);
  }

  private static String count(String x, String window) {
    return "COUNT(" + x + ") OVER (" + window + ")";
  }

  private static String item(String array, String index) {
    return array + "[CAST(" + index + " AS INTEGER)]";
  }

  private static String when(String condition, String then, String otherwise) {
    return "CASE WHEN "
        + condition
        + " THEN "
        + then
        + (otherwise.equals("NULL") ? "" : " ELSE " + otherwise)
        + " END";
  }
}
