package io.datanode.plan.bars;

import io.datanode.DataNodeException;
import io.datanode.jdbc.SqlState;
import io.datanode.node.Nearest;
import io.datanode.plan.ParsedSqlException;
import io.datanode.plan.TimeText;
import io.datanode.plan.WallClocks;
import io.datanode.plan.bars.TimeTableArguments.Bound;
import io.datanode.plan.bars.TimeTableArguments.Fill;
import io.datanode.plan.bars.TimeTableArguments.Width;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.calcite.avatica.util.TimeUnit;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlIntervalLiteral;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNumericLiteral;
import org.apache.calcite.sql.SqlUnknownLiteral;
import org.apache.calcite.sql.SqlUnresolvedFunction;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserUtil;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.util.SqlBasicVisitor;
import org.jspecify.annotations.Nullable;

/** Reads {@code TABLE(RESAMPLE(…))} and {@code TABLE(GRID(…))} as they are written. */
public final class TimeTableCalls {
  private static final Map<TimeTable.Kind, List<String>> NAMES =
      Map.of(
          TimeTable.Kind.RESAMPLE,
          List.of("data", "time", "width", "label", "closed", "origin", "zone"),
          TimeTable.Kind.GRID,
          List.of("data", "time", "width", "fill", "start_time", "end_time", "zone"));

  private static final Map<TimeTable.Kind, String> FORMS =
      Map.of(
          TimeTable.Kind.RESAMPLE,
          "RESAMPLE(TABLE t, DESCRIPTOR(time), width [, label =>] [, closed =>] [, origin =>] [, zone =>])",
          TimeTable.Kind.GRID,
          "GRID(TABLE t, DESCRIPTOR(time), width [, fill =>] [, start_time =>] [, end_time =>] [, zone =>])");

  /** Values that fit every call, for parameters whose values are not known yet. */
  private static final Map<String, String> STAND_INS =
      Map.of("label", "right", "closed", "right", "zone", "UTC", "fill", "null");

  private final TimeTable.Kind kind;
  private final SqlCall call;
  private final ArgumentParameters parameters;
  private final Map<String, SqlNode> values = new TreeMap<>();
  private final List<SqlNode> operands = new ArrayList<>();

  private TimeTableCalls(TimeTable.Kind kind, SqlCall call, ArgumentParameters parameters) {
    this.kind = kind;
    this.call = call;
    this.parameters = parameters;
  }

  /**
   * A call inside {@code TABLE(…)} with its constants read, or null if it calls another function.
   *
   * @param parameters those that are arguments
   * @throws DataNodeException 42000 or 22023 if an argument is missing, unknown or of another kind
   */
  public static @Nullable SqlCall read(SqlNode node, ArgumentParameters parameters) {
    if (!(node instanceof SqlCall)
        || !(((SqlCall) node).getOperator() instanceof SqlUnresolvedFunction)) {
      return null;
    }
    String name = ((SqlCall) node).getOperator().getName().toUpperCase(Locale.ROOT);
    for (TimeTable.Kind kind : TimeTable.Kind.values()) {
      if (kind.name().equals(name)) {
        return new TimeTableCalls(kind, (SqlCall) node, parameters).read();
      }
    }
    return null;
  }

  private SqlCall read() {
    List<String> names = NAMES.get(kind);
    for (int i = 0; i < call.operandCount(); i++) {
      SqlNode argument = call.operand(i);
      boolean named = argument.getKind() == SqlKind.ARGUMENT_ASSIGNMENT;
      if (!named && i >= names.size()) {
        throw error(argument, SqlState.INVALID_SQL, "Too many arguments; expected " + form());
      }
      String name =
          named
              ? ((SqlIdentifier) ((SqlCall) argument).operand(1))
                  .getSimple()
                  .toLowerCase(Locale.ROOT)
              : names.get(i);
      if (!names.contains(name)) {
        throw error(
            argument,
            SqlState.INVALID_PARAMETER,
            kind
                + " has no argument '"
                + name
                + "'"
                + Nearest.to(name, Set.copyOf(names))
                    .map(close -> "; did you mean " + close + "?")
                    .orElse("; expected " + form()));
      }
      SqlNode value = named ? ((SqlCall) argument).operand(0) : argument;
      if (values.put(name, known(name, value)) != null) {
        throw error(argument, SqlState.INVALID_PARAMETER, "Argument '" + name + "' is given twice");
      }
    }
    SqlNode descriptor = values.get("time");
    boolean complete =
        values.keySet().containsAll(names.subList(0, 3))
            && descriptor instanceof SqlCall
            && ((SqlCall) descriptor).getOperator().isName("DESCRIPTOR", false)
            && ((SqlCall) descriptor).operandCount() == 1;
    if (!complete) {
      throw error(call, SqlState.INVALID_SQL, "Expected " + form());
    }
    SqlCall time = (SqlCall) descriptor;
    operands.add(values.get("data"));
    operands.add(
        SqlStdOperatorTable.DESCRIPTOR.createCall(time.getParserPosition(), time.getOperandList()));
    TimeTable function = new TimeTable(kind, arguments());
    return function.createCall(call.getParserPosition(), operands);
  }

  private SqlNode known(String name, SqlNode value) {
    switch (name) {
      case "data", "time":
        return value;
      case "width":
        return parameters.length(value, name, ArgumentParameters.day(value.getParserPosition()));
      default:
        return parameters.constant(value, name, STAND_INS.getOrDefault(name, "2000-01-01"));
    }
  }

  private String form() {
    return FORMS.get(kind);
  }

  private TimeTableArguments arguments() {
    boolean closedRight = kind == TimeTable.Kind.RESAMPLE && side("closed");
    SqlNode origin = values.get("origin");
    LocalTime session = origin == null ? null : TimeText.time(text(origin)).orElse(null);
    return new TimeTableArguments(
        call.getParserPosition(),
        width(values.get("width")),
        closedRight,
        side("label"),
        session,
        session == null ? instant("origin") : null,
        zone(),
        fill(),
        bound("start_time"),
        bound("end_time"));
  }

  /** True for the right side, which is meant unless another is said. */
  private boolean side(String name) {
    SqlNode value = values.get(name);
    if (value == null) {
      return true;
    }
    String side = text(value).toLowerCase(Locale.ROOT);
    if (!side.equals("left") && !side.equals("right")) {
      throw error(
          value,
          SqlState.INVALID_PARAMETER,
          name + " is '" + text(value) + "'; expected 'left' or 'right'");
    }
    return side.equals("right");
  }

  private @Nullable ZoneId zone() {
    SqlNode value = values.get("zone");
    if (value == null) {
      return null;
    }
    try {
      return ZoneId.of(text(value).strip());
    } catch (DateTimeException e) {
      throw error(
          value,
          SqlState.INVALID_PARAMETER,
          "'"
              + text(value)
              + "' is no time zone; expected an IANA name such as Europe/Zurich or an offset");
    }
  }

  private TimeText.@Nullable Parsed instant(String name) {
    SqlNode value = values.get(name);
    if (value == null) {
      return null;
    }
    return TimeText.timestamp(text(value))
        .orElseThrow(
            () ->
                error(
                    value,
                    SqlState.INVALID_DATETIME,
                    name
                        + " is '"
                        + text(value)
                        + "'; expected a constant such as "
                        + (name.equals("origin") ? "TIME '09:30:00' or " : "")
                        + "TIMESTAMP '2024-01-31 09:30:00'"));
  }

  /** An end of a grid: a constant, or an expression, which becomes an operand of the call. */
  private @Nullable Bound bound(String name) {
    SqlNode value = values.get(name);
    if (value == null || value instanceof SqlLiteral) {
      TimeText.Parsed constant = instant(name);
      return constant == null ? null : new Bound(constant, -1);
    }
    value.accept(
        new SqlBasicVisitor<Void>() {
          @Override
          public Void visit(SqlIdentifier column) {
            if (column.isSimple() && WallClocks.isClock(column.getSimple())) {
              return null;
            }
            throw error(
                column,
                SqlState.INVALID_PARAMETER,
                name
                    + " is one time for all series and takes no columns or sub-queries, such as "
                    + column
                    + "; expected TIMESTAMP '2024-01-31 09:30:00', ? or CURRENT_TIMESTAMP - INTERVAL"
                    + " '1' DAY");
          }
        });
    operands.add(value);
    return new Bound(null, operands.size() - 1);
  }

  private Fill fill() {
    SqlNode value = values.get("fill");
    if (value == null) {
      return new Fill(Fill.Way.NULL, null);
    }
    BigDecimal number = number(value);
    if (number != null) {
      return new Fill(Fill.Way.CONSTANT, number);
    }
    String way = text(value).toUpperCase(Locale.ROOT);
    for (Fill.Way each : List.of(Fill.Way.NULL, Fill.Way.PREVIOUS, Fill.Way.LINEAR)) {
      if (each.name().equals(way)) {
        return new Fill(each, null);
      }
    }
    throw error(
        value,
        SqlState.INVALID_PARAMETER,
        "fill is '" + text(value) + "'; expected 'null', 'previous', 'linear' or a number");
  }

  private static @Nullable BigDecimal number(SqlNode value) {
    if (value.getKind() == SqlKind.MINUS_PREFIX) {
      BigDecimal positive = number(((SqlCall) value).operand(0));
      return positive == null ? null : positive.negate();
    }
    return value instanceof SqlNumericLiteral ? ((SqlLiteral) value).bigDecimalValue() : null;
  }

  private Width width(SqlNode value) {
    SqlIntervalLiteral.IntervalValue interval =
        value instanceof SqlIntervalLiteral
            ? ((SqlIntervalLiteral) value).getValueAs(SqlIntervalLiteral.IntervalValue.class)
            : null;
    if (interval == null) {
      throw error(
          value,
          SqlState.INVALID_PARAMETER,
          "The width must be a constant interval, for example INTERVAL '5' MINUTE, not " + value);
    }
    boolean months = interval.getIntervalQualifier().isYearMonth();
    long size =
        interval.getSign()
            * (months
                ? SqlParserUtil.intervalToMonths(interval)
                : SqlParserUtil.intervalToMillis(interval));
    if (size <= 0) {
      throw error(
          value, SqlState.INVALID_PARAMETER, "The width must be greater than zero, not " + value);
    }
    TimeUnit unit = interval.getIntervalQualifier().getStartUnit();
    boolean days = unit == TimeUnit.DAY || unit == TimeUnit.WEEK;
    return months ? new Width(Math.toIntExact(size), 0, true) : new Width(0, size, days);
  }

  /** The text of a constant of text or time. */
  private String text(SqlNode value) {
    if (value instanceof SqlUnknownLiteral) {
      return String.valueOf(((SqlUnknownLiteral) value).getValue());
    }
    if (value instanceof SqlLiteral
        && ((SqlLiteral) value).getTypeName() != SqlTypeName.NULL
        && !(value instanceof SqlIntervalLiteral)) {
      return String.valueOf(((SqlLiteral) value).toValue());
    }
    throw error(value, SqlState.INVALID_PARAMETER, "Expected a constant, not " + value);
  }

  private static DataNodeException error(SqlNode at, SqlState state, String message) {
    return new ParsedSqlException(state, message, at.getParserPosition());
  }
}
