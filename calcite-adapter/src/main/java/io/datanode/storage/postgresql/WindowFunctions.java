package io.datanode.storage.postgresql;

import static io.datanode.storage.postgresql.PostgreSqlDialect.integer;
import static io.datanode.storage.postgresql.PostgreSqlDialect.notPushed;

import io.datanode.storage.sql.StorageDialect.AggregateText;
import io.datanode.storage.sql.StorageDialect.WindowText;
import io.datanode.storage.sql.StorageDialectMarks;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.calcite.sql.type.SqlTypeUtil;

/** Window functions, those of PostgreSQL and those that its aggregates and arrays stand in for. */
final class WindowFunctions {
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
  private final Aggregates aggregates;

  WindowFunctions(PostgreSqlDialect dialect, ServerFacts facts, Aggregates aggregates) {
    this.dialect = dialect;
    this.facts = facts;
    this.aggregates = aggregates;
  }

  String text(AggregateText call, WindowText window) {
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
      text = aggregates.aggregate(call);
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
      arguments.add(
          count
              ? integer(call.arguments().get(i), Aggregates.type(call, i))
              : Aggregates.argument(call, i));
    }
    if (arguments.size() == 3
        && !SqlTypeUtil.sameNamedType(Aggregates.type(call, 2), Aggregates.type(call, 0))) {
      arguments.set(
          2,
          "CAST(" + arguments.get(2) + " AS " + dialect.typeName(Aggregates.type(call, 0)) + ")");
    }
    return Aggregates.call(call.name(), String.join(", ", arguments), call);
  }

  /**
   * PostgreSQL before 19 has no IGNORE NULLS. All values of the partition that are not NULL are
   * taken as one array, once for the partition; counting those up to a row says which of them is
   * meant.
   */
  private String ignoringNulls(AggregateText call, WindowText window) {
    String x = Aggregates.argument(call, 0);
    if (window.excludes() || Aggregates.type(call, 0).getComponentType() != null) {
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
            ? "CAST("
                + call.arguments().get(2)
                + " AS "
                + dialect.typeName(Aggregates.type(call, 0))
                + ")"
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
