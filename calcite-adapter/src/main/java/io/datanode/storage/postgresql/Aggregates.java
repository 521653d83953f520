package io.datanode.storage.postgresql;

import static io.datanode.storage.postgresql.Numbers.asDouble;
import static io.datanode.storage.postgresql.PostgreSqlDialect.notPushed;
import static io.datanode.storage.postgresql.PostgreSqlDialect.typed;

import io.datanode.storage.sql.PriceAverages;
import io.datanode.storage.sql.StorageDialect.AggregateText;
import io.datanode.storage.sql.StorageDialect.OrderKey;
import io.datanode.storage.sql.StorageDialectMarks;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;

/** Aggregate functions. */
final class Aggregates {
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

  static String argument(AggregateText call, int index) {
    return typed(call.arguments().get(index), type(call, index));
  }

  static RelDataType type(AggregateText call, int index) {
    return call.argumentTypes().get(index);
  }

  private static String number(AggregateText call, int index) {
    return asDouble(call.arguments().get(index), type(call, index));
  }

  private static String distinct(AggregateText call) {
    return call.distinct() ? "DISTINCT " : "";
  }

  static String call(String name, String arguments, AggregateText call) {
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
}
