package io.datanode.plan;

import io.datanode.schema.TimeFunctions;
import java.math.BigDecimal;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.calcite.avatica.util.TimeUnit;
import org.apache.calcite.avatica.util.TimeUnitRange;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlIntervalQualifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.SqlTypeFamily;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.jspecify.annotations.Nullable;

/** Functions of years, months, days and hours, which are those of the session zone. */
final class CalendarFunctions {
  private static final Set<String> WITHIN_DAY =
      Set.of("HOUR", "MINUTE", "SECOND", "MILLISECOND", "MICROSECOND");

  private static final SqlIntervalQualifier SECONDS =
      new SqlIntervalQualifier(TimeUnit.SECOND, null, SqlParserPos.ZERO);

  private final RexBuilder builder;
  private final WallClocks clocks;
  private final ZoneId zone;
  private final boolean utc;

  CalendarFunctions(RexBuilder builder, WallClocks clocks, ZoneId zone) {
    this.builder = builder;
    this.clocks = clocks;
    this.zone = zone;
    this.utc = WallClocks.isUtc(zone);
  }

  /** The call with the meaning it has in the session; itself if that is the one it has in UTC. */
  RexNode rewrite(RexCall call) {
    SqlOperator operator = call.getOperator();
    if (operator == TimeFunctions.DATE_TRUNC) {
      return dateTrunc(call);
    } else if (operator == TimeFunctions.DATE_PART) {
      return datePart(call);
    } else if (operator == TimeFunctions.TIME_BUCKET) {
      return timeBucket(call);
    }
    switch (call.getKind()) {
      case EXTRACT:
        return inZone(call, 1);
      case FLOOR:
      case CEIL:
        return call.getOperands().size() == 2 ? floorOrCeil(call) : call;
      default:
        return calendarFunction(call);
    }
  }

  /** A function of calendar fields on an instant reads them in the session zone. */
  private RexNode inZone(RexCall call, int argument) {
    RexNode time = call.getOperands().get(argument);
    if (utc || !WallClocks.isInstant(time) || isEpoch(call)) {
      return call;
    }
    List<RexNode> operands = new ArrayList<>(call.getOperands());
    operands.set(argument, clocks.atZone(time, zone));
    return builder.makeCall(call.getType(), call.getOperator(), operands);
  }

  private static boolean isEpoch(RexCall call) {
    return call.getKind() == SqlKind.EXTRACT
        && call.getOperands().get(0) instanceof RexLiteral
        && ((RexLiteral) call.getOperands().get(0)).getValue() == TimeUnitRange.EPOCH;
  }

  private RexNode calendarFunction(RexCall call) {
    switch (call.getOperator().getName().toUpperCase(Locale.ROOT)) {
      case "DAYOFWEEK":
      case "DAYNAME":
      case "MONTHNAME":
      case "LAST_DAY":
      case "STRFTIME":
        return inZone(call, 0);
      case "TIMESTAMPADD":
        return timestampAdd(call);
      default:
        return monthArithmetic(call);
    }
  }

  private RexNode timestampAdd(RexCall call) {
    RexNode time = call.getOperands().get(2);
    String unit = String.valueOf(RexLiteral.stringValue(call.getOperands().get(0)));
    if (utc || !WallClocks.isInstant(time) || WITHIN_DAY.contains(unit)) {
      return call;
    }
    List<RexNode> operands = new ArrayList<>(call.getOperands());
    RexNode local = clocks.atZone(time, zone);
    operands.set(2, local);
    return clocks.toInstant(
        builder.makeCall(nullableAs(local, call), call.getOperator(), operands), zone);
  }

  /** An instant plus months keeps the wall clock of the session zone. */
  private RexNode monthArithmetic(RexCall call) {
    boolean sum = call.isA(SqlKind.PLUS) || call.isA(SqlKind.MINUS);
    if (utc || !sum || call.getOperands().size() != 2 || !WallClocks.isInstant(call)) {
      return call;
    }
    RexNode time = call.getOperands().get(0);
    RexNode step = call.getOperands().get(1);
    if (!WallClocks.isInstant(time)
        || !SqlTypeName.YEAR_INTERVAL_TYPES.contains(step.getType().getSqlTypeName())) {
      return call;
    }
    RexNode local = clocks.atZone(time, zone);
    return clocks.toInstant(
        builder.makeCall(nullableAs(local, call), call.getOperator(), List.of(local, step)), zone);
  }

  /** The type of a wall clock, which may be NULL if the call may: so may what is added to it. */
  private RelDataType nullableAs(RexNode local, RexCall call) {
    return builder
        .getTypeFactory()
        .createTypeWithNullability(local.getType(), call.getType().isNullable());
  }

  private RexNode floorOrCeil(RexCall call) {
    RexNode time = call.getOperands().get(0);
    if (utc || !WallClocks.isInstant(time)) {
      return call;
    }
    Object unit = ((RexLiteral) call.getOperands().get(1)).getValue();
    return truncated(time, String.valueOf(unit), zone, call.getOperator());
  }

  private RexNode truncated(RexNode time, String unit, ZoneId id, SqlOperator operator) {
    TimeUnitRange range = TimeUnitRange.valueOf(unit);
    RexNode local = clocks.atZone(time, id);
    RexNode cut =
        builder.makeCall(local.getType(), operator, List.of(local, builder.makeFlag(range)));
    if (WITHIN_DAY.contains(unit) && !id.getRules().isFixedOffset()) {
      // What lies between the wall clock and its start is cut off the instant itself, so that an
      // hour
      // that occurs twice when summer time ends stays two hours.
      RexNode rest =
          builder.makeCall(
              builder.getTypeFactory().createSqlIntervalType(SECONDS),
              SqlStdOperatorTable.MINUS_DATE,
              List.of(local, cut));
      // Of an infinite time nothing is cut off.
      RexNode none = builder.makeIntervalLiteral(BigDecimal.ZERO, SECONDS);
      RexNode finite =
          builder.makeCall(rest.getType(), SqlStdOperatorTable.COALESCE, List.of(rest, none));
      return builder.makeCall(
          time.getType(), SqlStdOperatorTable.MINUS_DATE, List.of(time, finite));
    }
    RexNode start = clocks.firstInstant(cut, id, LocalTime.MIDNIGHT);
    return operator == SqlStdOperatorTable.CEIL && MovedStarts.anyKnown(id, LocalTime.MIDNIGHT)
        ? itselfOrNext(time, unit, id)
        : start;
  }

  /** CEIL where the clock need not show midnight when a day begins, or shows it later once more. */
  private RexNode itselfOrNext(RexNode time, String unit, ZoneId id) {
    RexNode local = clocks.atZone(time, id);
    RexNode behind =
        builder.makeCall(
            local.getType(),
            TimeFunctions.TIMESTAMP_ADD,
            List.of(
                builder.makeLiteral("MICROSECOND"),
                builder.makeExactLiteral(BigDecimal.ONE),
                local));
    RexNode next =
        builder.makeCall(
            local.getType(),
            SqlStdOperatorTable.CEIL,
            List.of(behind, builder.makeFlag(TimeUnitRange.valueOf(unit))));
    return builder.makeCall(
        time.getType(),
        SqlStdOperatorTable.CASE,
        List.of(
            builder.makeCall(
                SqlStdOperatorTable.EQUALS,
                truncated(time, unit, id, SqlStdOperatorTable.FLOOR),
                time),
            time,
            clocks.firstInstant(next, id, LocalTime.MIDNIGHT)));
  }

  private RexNode dateTrunc(RexCall call) {
    List<RexNode> operands = call.getOperands();
    String unit = CalendarArguments.unit(operands.get(0), "DATE_TRUNC");
    RexNode time = operands.get(1);
    RexNode flag = builder.makeFlag(TimeUnitRange.valueOf(unit));
    ZoneId id = operands.size() > 2 ? CalendarArguments.zone(operands.get(2)) : zone;
    boolean plain = WallClocks.isUtc(id);
    if (WallClocks.isInstant(time) && !plain) {
      return truncated(time, unit, id, SqlStdOperatorTable.FLOOR);
    }
    return builder.makeCall(call.getType(), SqlStdOperatorTable.FLOOR, List.of(time, flag));
  }

  private RexNode datePart(RexCall call) {
    String unit = CalendarArguments.unit(call.getOperands().get(0), "DATE_PART");
    RexCall extract =
        (RexCall)
            builder.makeCall(
                call.getType(),
                SqlStdOperatorTable.EXTRACT,
                List.of(builder.makeFlag(TimeUnitRange.valueOf(unit)), call.getOperands().get(1)));
    return inZone(extract, 1);
  }

  private RexNode timeBucket(RexCall call) {
    List<RexNode> operands = call.getOperands();
    RexNode width = operands.get(0);
    RexNode time = operands.get(1);
    RexNode third = operands.size() > 2 ? operands.get(2) : null;
    boolean hasZone = third != null && SqlTypeFamily.CHARACTER.contains(third.getType());
    ZoneId id = third != null && hasZone ? CalendarArguments.zone(third) : zone;
    RexNode origin = hasZone ? null : third;
    if (origin != null) {
      CalendarArguments.checkOrigin(call, origin, zone);
    }
    if (!WallClocks.isInstant(time) || WallClocks.isUtc(id)) {
      return bucket(call, time, origin == null ? null : clock(origin));
    }
    boolean calendar =
        SqlTypeUtil.isInterval(width.getType())
            && (SqlTypeName.YEAR_INTERVAL_TYPES.contains(width.getType().getSqlTypeName())
                || width.getType().getIntervalQualifier().getStartUnit() == TimeUnit.DAY);
    if (calendar) {
      RexNode begins = origin == null ? null : clock(origin);
      return clocks.firstInstant(
          bucket(call, clocks.atZone(time, id), begins), id, timeOfDay(begins));
    }
    return bucket(
        call,
        time,
        origin == null || WallClocks.isInstant(origin) ? origin : clocks.toInstant(origin, id));
  }

  /** When days begin that are counted from an origin; at midnight if it is not known. */
  private static LocalTime timeOfDay(@Nullable RexNode origin) {
    LocalDateTime begins =
        origin instanceof RexLiteral ? WallClocks.localDateTime((RexLiteral) origin) : null;
    return begins == null ? LocalTime.MIDNIGHT : begins.toLocalTime();
  }

  /** What the clock of the session shows at an origin. */
  private RexNode clock(RexNode origin) {
    return WallClocks.isInstant(origin) && !utc ? clocks.atZone(origin, zone) : origin;
  }

  private RexNode bucket(RexCall call, RexNode time, @Nullable RexNode origin) {
    RexNode width = call.getOperands().get(0);
    return builder.makeCall(
        time.getType().equals(call.getOperands().get(1).getType())
            ? call.getType()
            : time.getType(),
        call.getOperator(),
        origin == null ? List.of(width, time) : List.of(width, time, origin));
  }
}
