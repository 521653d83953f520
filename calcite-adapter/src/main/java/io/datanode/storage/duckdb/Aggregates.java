package io.datanode.storage.duckdb;

import io.datanode.storage.sql.PriceAverages;
import io.datanode.storage.sql.StorageDialect.AggregateText;
import io.datanode.storage.sql.StorageDialect.OrderKey;
import io.datanode.storage.sql.StorageDialectMarks;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.type.SqlTypeUtil;

/** Calls of aggregate functions. */
final class Aggregates {
  private static final PriceAverages AVERAGES = new PriceAverages(DuckDbDialect.INSTANCE);

  private Aggregates() {}

  static String write(AggregateText call) {
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
      case "VWAP":
        return AVERAGES.vwap(
            call, sum -> call("SUM", sum.arguments(), sum, "") + StorageDialectMarks.WINDOW);
      case "TWAP":
        return write(AVERAGES.twap(call));
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
    return name
        + "("
        + (call.distinct() ? "DISTINCT " : "")
        + String.join(", ", arguments)
        + orderBy
        + (call.ignoreNulls() ? " IGNORE NULLS" : "")
        + ")"
        + (call.filter() == null ? "" : " FILTER (WHERE " + call.filter() + ")");
  }
}
