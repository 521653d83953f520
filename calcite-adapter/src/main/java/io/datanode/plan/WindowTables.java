package io.datanode.plan;

import io.datanode.DataNodeException;
import io.datanode.jdbc.SqlState;
import io.datanode.plan.bars.ArgumentParameters;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.apache.calcite.avatica.util.TimeUnit;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlIntervalLiteral;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlUnresolvedFunction;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParseException;
import org.apache.calcite.sql.parser.SqlParser;
import org.apache.calcite.sql.parser.SqlParserUtil;
import org.apache.calcite.sql.util.SqlShuttle;
import org.jspecify.annotations.Nullable;

/**
 * {@code TABLE(TUMBLE(…))} and {@code TABLE(HOP(…))} as queries over TIME_BUCKET: all columns of
 * the table, then {@code window_start} (inclusive) and {@code window_end} (exclusive). Rows without
 * time are left out, as Calcite defines both functions.
 */
final class WindowTables {
  private static final int MOST_WINDOWS = 10_000;

  /** TIME_BUCKET counts from this Monday unless told otherwise. */
  private static final LocalDateTime MONDAY = LocalDate.of(2000, 1, 3).atStartOfDay();

  private final SqlParser.Config parser;
  private final ArgumentParameters parameters;
  private final boolean steady;

  /**
   * For one statement.
   *
   * @param parameters those that are arguments
   * @param zone of the session
   */
  WindowTables(SqlParser.Config parser, ArgumentParameters parameters, ZoneId zone) {
    this.parser = parser;
    this.parameters = parameters;
    this.steady = zone.getRules().isFixedOffset();
  }

  /** The query that a table function call stands for, or null if it is another function. */
  @Nullable SqlNode query(SqlCall table) {
    SqlNode operand = table.operand(0);
    if (!(operand instanceof SqlCall)
        || !(((SqlCall) operand).getOperator() instanceof SqlUnresolvedFunction)) {
      return null;
    }
    SqlCall function = (SqlCall) operand;
    String name = function.getOperator().getName();
    List<SqlNode> arguments = new ArrayList<>();
    for (SqlNode argument : function.getOperandList()) {
      arguments.add(
          argument.getKind() == SqlKind.ARGUMENT_ASSIGNMENT
              ? ((SqlCall) argument).operand(0)
              : argument);
    }
    if (name.equalsIgnoreCase("TUMBLE")) {
      return tumble(arguments);
    }
    if (name.equalsIgnoreCase("HOP")) {
      return hop(arguments);
    }
    return null;
  }

  private SqlNode tumble(List<SqlNode> written) {
    List<SqlNode> arguments = known(written, List.of("size", "offset"));
    check(arguments, 3, "TUMBLE(TABLE t, DESCRIPTOR(time), size [, offset])");
    SqlNode offset = arguments.size() > 3 ? arguments.get(3) : null;
    String bucket = bucket("$size", arguments.get(2), offset);
    return fill(
        "SELECT t.*, "
            + bucket
            + " AS window_start, "
            + later(bucket, "$size", arguments.get(2), offset)
            + " AS window_end FROM \"$table\" AS t WHERE t.\"$time\" IS NOT NULL",
        arguments,
        arguments.get(2),
        arguments.get(2),
        arguments.size() > 3 ? arguments.get(3) : null);
  }

  private SqlNode hop(List<SqlNode> written) {
    List<SqlNode> arguments = known(written, List.of("slide", "size", "offset"));
    check(arguments, 4, "HOP(TABLE t, DESCRIPTOR(time), slide, size [, offset])");
    long slide = milliseconds(arguments.get(2));
    long size = milliseconds(arguments.get(3));
    // A day of the clocks may be shorter than windows of hours that begin with it allow for.
    long spare = days(arguments.get(2)) > 0 && days(arguments.get(3)) == 0 ? 1 : 0;
    long windows = (size + slide - 1) / slide + spare;
    if (windows > MOST_WINDOWS) {
      throw new DataNodeException(
          SqlState.INVALID_PARAMETER,
          "HOP would put each row into "
              + windows
              + " windows; make the slide longer or the size shorter");
    }
    String numbers =
        LongStream.range(0, windows).mapToObj(n -> "(" + n + ")").collect(Collectors.joining(", "));
    SqlNode offset = arguments.size() > 4 ? arguments.get(4) : null;
    long days = days(arguments.get(2));
    String first = bucket("$slide", arguments.get(2), offset);
    String start =
        days > 0 ? daysLater("-" + days + " * h.k", first, offset) : first + " - \"$slide\" * h.k";
    String end =
        days > 0 ? later(start, "$size", arguments.get(3), offset) : start + " + \"$size\"";
    return fill(
        "SELECT t.*, "
            + start
            + " AS window_start, "
            + end
            + " AS window_end FROM \"$table\" AS t CROSS JOIN (VALUES "
            + numbers
            + ") AS h(k) WHERE "
            + end
            + " > t.\"$time\"",
        arguments,
        arguments.get(2),
        arguments.get(3),
        arguments.size() > 4 ? arguments.get(4) : null);
  }

  /**
   * The arguments with literals in the place of parameters; where their values are not known a day,
   * or what comes before, so that HOP has few windows.
   *
   * @param names of the intervals behind the table and its time
   */
  private List<SqlNode> known(List<SqlNode> written, List<String> names) {
    List<SqlNode> known = new ArrayList<>(written);
    for (int i = 2; i < Math.min(written.size(), names.size() + 2); i++) {
      SqlNode otherwise =
          i == 2 ? ArgumentParameters.day(written.get(i).getParserPosition()) : known.get(i - 1);
      known.set(i, parameters.length(written.get(i), names.get(i - 2), otherwise));
    }
    return known;
  }

  private static String bucket(String name, SqlNode width, @Nullable SqlNode offset) {
    if (offset != null && days(width) > 0) {
      return "TIME_BUCKET(\"" + name + "\", t.\"$time\", " + origin(offset) + ")";
    }
    return offset != null
        ? "(TIME_BUCKET(\"" + name + "\", t.\"$time\" - \"$offset\") + \"$offset\")"
        : "TIME_BUCKET(\"" + name + "\", t.\"$time\")";
  }

  private static String origin(SqlNode offset) {
    return "TIMESTAMP '"
        + TimeText.show(MONDAY.plus(milliseconds(offset), ChronoUnit.MILLIS))
        + "'";
  }

  /** The time a width later: by the clock of the session if it is one of days. */
  private String later(String time, String name, SqlNode width, @Nullable SqlNode offset) {
    return days(width) > 0
        ? daysLater(Long.toString(days(width)), time, offset)
        : time + " + \"" + name + "\"";
  }

  /**
   * The start of a day so many days after that of another. Where clocks change, a day may begin at
   * a time that they skip or show twice; then the same time of another day is not its start.
   */
  private String daysLater(String count, String start, @Nullable SqlNode offset) {
    String later = "TIMESTAMPADD(DAY, " + count + ", " + start + ")";
    return steady
        ? later
        : "TIME_BUCKET(INTERVAL '1' DAY, "
            + later
            + (offset == null ? "" : ", " + origin(offset))
            + ")";
  }

  /** How many days of the clock a width is; 0 for one in elapsed time. */
  private static long days(SqlNode width) {
    SqlIntervalLiteral.IntervalValue value =
        width instanceof SqlIntervalLiteral
            ? ((SqlIntervalLiteral) width).getValueAs(SqlIntervalLiteral.IntervalValue.class)
            : null;
    return value != null && value.getIntervalQualifier().getStartUnit() == TimeUnit.DAY
        ? milliseconds(width) / Duration.ofDays(1).toMillis()
        : 0;
  }

  private static void check(List<SqlNode> arguments, int least, String form) {
    boolean descriptor =
        arguments.size() > 1
            && arguments.get(1) instanceof SqlCall
            && ((SqlCall) arguments.get(1)).getOperator().isName("DESCRIPTOR", false);
    if (arguments.size() < least || arguments.size() > least + 1 || !descriptor) {
      throw new ParsedSqlException(
          SqlState.INVALID_SQL,
          "Expected " + form,
          arguments.isEmpty() ? null : arguments.get(0).getParserPosition());
    }
    for (SqlNode width : arguments.subList(2, least)) {
      if (days(width) > 0 && milliseconds(width) % Duration.ofDays(1).toMillis() != 0) {
        throw new ParsedSqlException(
            SqlState.INVALID_PARAMETER,
            "A window of days has no hours beside them, since days of the clock have 23 to 25; write"
                + " one of hours, for example INTERVAL '36' HOUR",
            width.getParserPosition());
      }
    }
    for (SqlNode width : arguments.subList(2, arguments.size())) {
      if (milliseconds(width) <= 0 && width != arguments.get(arguments.size() - 1)) {
        throw new ParsedSqlException(
            SqlState.INVALID_PARAMETER,
            "A window must be longer than zero; expected " + form,
            width.getParserPosition());
      }
    }
  }

  private static long milliseconds(SqlNode node) {
    if (node instanceof SqlIntervalLiteral) {
      SqlIntervalLiteral.IntervalValue value =
          ((SqlIntervalLiteral) node).getValueAs(SqlIntervalLiteral.IntervalValue.class);
      if (value != null && !value.getIntervalQualifier().isYearMonth()) {
        return value.getSign() * SqlParserUtil.intervalToMillis(value);
      }
    }
    throw new ParsedSqlException(
        SqlState.INVALID_PARAMETER,
        "TUMBLE and HOP need constant intervals of days or less, for example INTERVAL '5' MINUTE, not "
            + node
            + "; for months use TIME_BUCKET",
        node.getParserPosition());
  }

  private SqlNode fill(
      String template,
      List<SqlNode> arguments,
      SqlNode slide,
      SqlNode size,
      @Nullable SqlNode offset) {
    SqlNode table = arguments.get(0);
    SqlNode source =
        table.getKind() == SqlKind.EXPLICIT_TABLE ? ((SqlCall) table).operand(0) : table;
    SqlIdentifier time = ((SqlCall) arguments.get(1)).operand(0);
    Map<String, SqlNode> values =
        offset == null
            ? Map.of("$table", source, "$slide", slide, "$size", size)
            : Map.of("$table", source, "$slide", slide, "$size", size, "$offset", offset);
    try {
      SqlNode query = SqlParser.create(template, parser).parseQuery();
      SqlNode filled =
          query.accept(
              new SqlShuttle() {
                @Override
                public SqlNode visit(SqlIdentifier id) {
                  if (id.names.size() == 2 && id.names.get(1).equals("$time")) {
                    return id.setName(1, time.names.get(time.names.size() - 1));
                  }
                  SqlNode value = id.isSimple() ? values.get(id.getSimple()) : null;
                  return value == null ? id : value;
                }
              });
      return filled == null ? query : filled;
    } catch (SqlParseException e) {
      throw new DataNodeException(SqlState.INTERNAL_ERROR, "A window table cannot be parsed", e);
    }
  }

  /** True for {@code TABLE(…)} in FROM. */
  static boolean isTableFunction(SqlCall call) {
    return call.getOperator() == SqlStdOperatorTable.COLLECTION_TABLE;
  }
}
