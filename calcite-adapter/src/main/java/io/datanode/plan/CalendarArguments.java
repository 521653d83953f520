package io.datanode.plan;

import io.datanode.jdbc.SqlState;
import io.datanode.node.Nearest;
import io.datanode.schema.TimeFunctions;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.apache.calcite.avatica.util.TimeUnitRange;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.SqlTypeFamily;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql2rel.SqlRexContext;
import org.apache.calcite.sql2rel.StandardConvertletTable;
import org.apache.calcite.util.TimestampString;
import org.jspecify.annotations.Nullable;

/**
 * The units, zones and widths that functions of the calendar take as constants, since the SQL of a
 * storage depends on them.
 */
final class CalendarArguments {
  private static final Set<SqlOperator> FUNCTIONS =
      Set.of(TimeFunctions.DATE_TRUNC, TimeFunctions.DATE_PART, TimeFunctions.TIME_BUCKET);

  private static final Set<String> UNITS = units();

  private CalendarArguments() {}

  private static Set<String> units() {
    Set<String> units = new TreeSet<>();
    for (TimeUnitRange range : TimeUnitRange.values()) {
      if (range.endUnit == null) {
        units.add(range.name());
      }
    }
    return units;
  }

  /** True for a function that takes such constants. */
  static boolean isTakenBy(SqlOperator operator) {
    return FUNCTIONS.contains(operator);
  }

  /**
   * A call of such a function.
   *
   * @throws ParsedSqlException 22023 at the argument that is no such constant
   */
  static RexNode convert(SqlRexContext context, SqlCall call) {
    RexNode converted = StandardConvertletTable.INSTANCE.get(call).convertCall(context, call);
    if (converted instanceof RexCall) {
      check(((RexCall) converted).getOperands(), call);
    }
    return converted;
  }

  private static void check(List<RexNode> arguments, SqlCall call) {
    SqlNode first = call.operand(0);
    if (call.getOperator() == TimeFunctions.TIME_BUCKET) {
      checkWidth(arguments.get(0), first.getParserPosition());
    } else {
      unit(arguments.get(0), call.getOperator().getName(), first.getParserPosition());
    }
    if (arguments.size() > 2 && SqlTypeFamily.CHARACTER.contains(arguments.get(2).getType())) {
      zone(arguments.get(2), call.operand(2).getParserPosition());
    }
  }

  private static void checkWidth(RexNode width, SqlParserPos at) {
    BigDecimal size =
        width instanceof RexLiteral ? ((RexLiteral) width).getValueAs(BigDecimal.class) : null;
    if (size != null && size.signum() <= 0) {
      throw new ParsedSqlException(
          SqlState.INVALID_PARAMETER,
          "TIME_BUCKET needs a width greater than zero, for example INTERVAL '5' MINUTE",
          at);
    }
  }

  /**
   * Refuses an origin of buckets of months that is not the first of a month: storages count from
   * the start of its month.
   *
   * @param zone on whose clocks buckets are counted
   */
  static void checkOrigin(RexCall bucket, RexNode origin, ZoneId zone) {
    SqlTypeName width = bucket.getOperands().get(0).getType().getSqlTypeName();
    LocalDateTime begins = origin instanceof RexLiteral ? clock((RexLiteral) origin, zone) : null;
    if (begins == null || !SqlTypeName.YEAR_INTERVAL_TYPES.contains(width)) {
      return;
    }
    if (!begins.equals(begins.toLocalDate().withDayOfMonth(1).atStartOfDay())) {
      throw new ParsedSqlException(
          SqlState.INVALID_PARAMETER,
          "Buckets of months begin on the first of a month at midnight, not at "
              + TimeText.show(begins),
          bucket.getParserPosition());
    }
  }

  private static @Nullable LocalDateTime clock(RexLiteral time, ZoneId zone) {
    if (!WallClocks.isInstant(time)) {
      return WallClocks.localDateTime(time);
    }
    TimestampString instant = time.getValueAs(TimestampString.class);
    return instant == null ? null : Instants.wallClock(Instants.utc(instant), zone);
  }

  /** A unit of time in capital letters and the singular. */
  static String unit(RexNode node, String function) {
    return unit(node, function, null);
  }

  private static String unit(RexNode node, String function, @Nullable SqlParserPos at) {
    String text = node instanceof RexLiteral ? RexLiteral.stringValue(node) : null;
    if (text == null) {
      throw new ParsedSqlException(
          SqlState.INVALID_PARAMETER,
          function + " needs its unit as a constant, for example 'month'",
          at);
    }
    String unit = text.strip().toUpperCase(Locale.ROOT);
    String singular = unit.endsWith("S") ? unit.substring(0, unit.length() - 1) : unit;
    if (UNITS.contains(unit) || UNITS.contains(singular)) {
      return UNITS.contains(unit) ? unit : singular;
    }
    throw new ParsedSqlException(
        SqlState.INVALID_PARAMETER,
        "'" + text + "' is no unit of time" + Nearest.hint(text, "the units", UNITS),
        at);
  }

  /** A zone by its name or its offset. */
  static ZoneId zone(RexNode node) {
    return zone(node, null);
  }

  private static ZoneId zone(RexNode node, @Nullable SqlParserPos at) {
    String text = node instanceof RexLiteral ? RexLiteral.stringValue(node) : null;
    if (text == null) {
      throw new ParsedSqlException(
          SqlState.INVALID_PARAMETER,
          "A time zone must be a constant, for example 'Europe/Zurich'",
          at);
    }
    try {
      return ZoneId.of(text.strip());
    } catch (DateTimeException e) {
      throw new ParsedSqlException(
          SqlState.INVALID_PARAMETER,
          "'"
              + text
              + "' is no time zone; expected an IANA name such as Europe/Zurich or an offset",
          at);
    }
  }
}
