package io.datanode.plan.time;

import io.datanode.plan.Instants;
import io.datanode.schema.TimeFunctions;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.apache.calcite.avatica.util.TimeUnitRange;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.apache.calcite.util.DateString;
import org.apache.calcite.util.TimestampString;
import org.jspecify.annotations.Nullable;

/**
 * An expression read as functions of one time.
 *
 * @param base the column, constant or parameter it begins with
 * @param steps what is done to it, in this order
 * @param number the number taken of the result, or null if it is a time
 */
record TimeExpression(RexNode base, List<TimeStep> steps, @Nullable TimeNumber number) {
  private static final Set<SqlTypeName> TIMES =
      Set.of(SqlTypeName.DATE, SqlTypeName.TIMESTAMP, SqlTypeName.TIMESTAMP_WITH_LOCAL_TIME_ZONE);

  private static final Set<SqlKind> CHANGING =
      Set.of(
          SqlKind.CASE,
          SqlKind.CAST,
          SqlKind.SAFE_CAST,
          SqlKind.FLOOR,
          SqlKind.CEIL,
          SqlKind.PLUS,
          SqlKind.MINUS,
          SqlKind.OTHER_FUNCTION,
          SqlKind.TIMESTAMP_ADD);

  /** True for a date, a timestamp or an instant. */
  static boolean isTime(RexNode node) {
    return TIMES.contains(node.getType().getSqlTypeName());
  }

  /** Reads an expression; empty if some part of it is none of the functions known here. */
  static Optional<TimeExpression> of(RexNode node) {
    List<TimeStep> steps = new ArrayList<>();
    TimeNumber number = null;
    RexNode rest = node;
    if (!isTime(node)) {
      number = number(node);
      if (number == null) {
        return Optional.empty();
      }
      List<RexNode> operands = ((RexCall) node).getOperands();
      rest = operands.get(operands.size() - 1);
    }
    while (rest instanceof RexCall) {
      RexNode argument = read((RexCall) rest, steps);
      if (argument == null || !isTime(argument)) {
        return Optional.empty();
      }
      rest = argument;
    }
    java.util.Collections.reverse(steps);
    return Optional.of(new TimeExpression(rest, List.copyOf(steps), number));
  }

  /** True if it is no more than its base. */
  boolean plain(RexNode whole) {
    return base == whole;
  }

  /** The value of a constant of time: its wall clock, in UTC for instants; null if it has none. */
  static @Nullable LocalDateTime constant(RexLiteral literal) {
    if (literal.isNull()) {
      return null;
    }
    switch (literal.getType().getSqlTypeName()) {
      case DATE:
        DateString date = literal.getValueAs(DateString.class);
        return date == null ? null : java.time.LocalDate.parse(date.toString()).atStartOfDay();
      case TIMESTAMP:
      case TIMESTAMP_WITH_LOCAL_TIME_ZONE:
        TimestampString time = literal.getValueAs(TimestampString.class);
        return time == null ? null : Instants.local(time);
      default:
        return null;
    }
  }

  private static @Nullable TimeNumber number(RexNode node) {
    if (!(node instanceof RexCall)) {
      return null;
    }
    RexCall call = (RexCall) node;
    if (call.getKind() == SqlKind.EXTRACT && isTime(call.getOperands().get(1))) {
      return TimeNumber.of(flag(call.getOperands().get(0))).orElse(null);
    }
    return call.getOperands().size() == 1
        ? TimeNumber.of(call.getOperator().getName().toUpperCase(Locale.ROOT))
            .filter(number -> number == TimeNumber.EPOCH_MS || number == TimeNumber.EPOCH_US)
            .orElse(null)
        : null;
  }

  /** Adds what a call does, last first, and gives what it does it to; null if it is unknown. */
  private static @Nullable RexNode read(RexCall call, List<TimeStep> steps) {
    if (!CHANGING.contains(call.getKind())) {
      return null;
    }
    List<RexNode> operands = call.getOperands();
    RexNode first = operands.get(0);
    switch (call.getKind()) {
      case CAST:
      case SAFE_CAST:
        return isTime(first) ? cast(call.getType(), first, steps) : null;
      case FLOOR:
      case CEIL:
        TimeBuckets unit =
            operands.size() == 2 ? TimeBuckets.ofUnit(flag(operands.get(1))).orElse(null) : null;
        if (unit == null) {
          return null;
        }
        steps.add(call.getKind() == SqlKind.FLOOR ? new TimeStep.Floor(unit) : ceil(unit));
        return first;
      case PLUS:
        return isTime(first)
            ? shifted(call, first, operands.get(1), 1, steps)
            : shifted(call, operands.get(1), first, 1, steps);
      case MINUS:
        RexNode cut = withinDay(operands, steps);
        return cut != null ? cut : shifted(call, first, operands.get(1), -1, steps);
      case CASE:
        return firstShown(operands, steps);
      default:
        return named(call, steps);
    }
  }

  /**
   * What {@code WallClocks.firstInstant} writes: the last operand is the second of two instants.
   */
  private static @Nullable RexNode firstShown(List<RexNode> operands, List<TimeStep> steps) {
    RexNode last = operands.get(operands.size() - 1);
    while (operands.size() == 3 && last.isA(SqlKind.CASE)) {
      last = ((RexCall) last).getOperands().get(2);
    }
    if (operands.size() != 3
        || !(last instanceof RexCall)
        || ((RexCall) last).getOperator() != TimeFunctions.TO_INSTANT
        || !isFirstShown(operands, (RexCall) last)) {
      return null;
    }
    TimeStep.Zone zone = zone(((RexCall) last).getOperands().get(1));
    if (zone == null) {
      return null;
    }
    steps.add(new TimeStep.AtClock(zone, true));
    return ((RexCall) last).getOperands().get(0);
  }

  /** True for {@code CASE WHEN AT_ZONE(last - i) = clock THEN last - i ELSE …}. */
  private static boolean isFirstShown(List<RexNode> operands, RexCall last) {
    RexNode earlier = operands.get(1);
    RexNode rest = operands.get(2);
    boolean shown =
        operands.get(0).isA(SqlKind.EQUALS)
            && earlier.isA(SqlKind.MINUS)
            && ((RexCall) earlier).getOperands().get(0).equals(last)
            && ((RexCall) operands.get(0)).getOperands().get(1).equals(last.getOperands().get(0))
            && isAtZone(((RexCall) operands.get(0)).getOperands().get(0), earlier, last);
    return shown
        && (rest.equals(last)
            || (rest.isA(SqlKind.CASE) && isFirstShown(((RexCall) rest).getOperands(), last)));
  }

  private static boolean isAtZone(RexNode clock, RexNode instant, RexCall last) {
    return clock instanceof RexCall
        && ((RexCall) clock).getOperator() == TimeFunctions.AT_ZONE
        && ((RexCall) clock).getOperands().equals(List.of(instant, last.getOperands().get(1)));
  }

  private static TimeStep ceil(TimeBuckets unit) {
    return new TimeStep.Ceil(unit);
  }

  private static RexNode cast(RelDataType to, RexNode operand, List<TimeStep> steps) {
    SqlTypeName from = operand.getType().getSqlTypeName();
    if (to.getSqlTypeName() == SqlTypeName.DATE) {
      if (from != SqlTypeName.DATE) {
        steps.add(new TimeStep.Floor(TimeBuckets.DAYS));
      }
    } else if (from != SqlTypeName.DATE
        && to.getPrecision() < Math.max(6, operand.getType().getPrecision())) {
      steps.add(TimeStep.Precision.digits(Math.max(0, to.getPrecision())));
    }
    return operand;
  }

  private static @Nullable RexNode shifted(
      RexCall call, RexNode time, RexNode by, int sign, List<TimeStep> steps) {
    boolean constant =
        by instanceof RexLiteral
            && !((RexLiteral) by).isNull()
            && SqlTypeUtil.isInterval(by.getType());
    BigDecimal size = constant ? ((RexLiteral) by).getValueAs(BigDecimal.class) : null;
    if (size == null || !isTime(time)) {
      return null;
    }
    SqlTypeName type = by.getType().getSqlTypeName();
    long amount = sign * size.longValue();
    if (SqlTypeName.YEAR_INTERVAL_TYPES.contains(type)) {
      steps.add(new TimeStep.Months((int) amount));
      return time;
    }
    return shift(call.getType(), Duration.ofMillis(amount), time, steps);
  }

  private static RexNode shift(RelDataType type, Duration by, RexNode time, List<TimeStep> steps) {
    if (type.getSqlTypeName() == SqlTypeName.DATE && by.toMillis() % 86_400_000L != 0) {
      steps.add(new TimeStep.Floor(TimeBuckets.DAYS));
    }
    steps.add(new TimeStep.Shift(by));
    return time;
  }

  /** What {@code CalendarFunctions} writes for FLOOR and CEIL of an instant to less than a day. */
  private static @Nullable RexNode withinDay(List<RexNode> operands, List<TimeStep> steps) {
    RexNode time = operands.get(0);
    if (!(operands.get(1) instanceof RexCall) || !operands.get(1).isA(SqlKind.MINUS)) {
      return null;
    }
    List<RexNode> rest = ((RexCall) operands.get(1)).getOperands();
    boolean cut =
        rest.get(0) instanceof RexCall
            && rest.get(1) instanceof RexCall
            && (rest.get(1).isA(SqlKind.FLOOR) || rest.get(1).isA(SqlKind.CEIL))
            && ((RexCall) rest.get(1)).getOperands().get(0).equals(rest.get(0))
            && ((RexCall) rest.get(0)).getOperator() == TimeFunctions.AT_ZONE
            && ((RexCall) rest.get(0)).getOperands().get(0).equals(time);
    if (!cut) {
      return null;
    }
    TimeStep.Zone zone = zone(((RexCall) rest.get(0)).getOperands().get(1));
    TimeBuckets unit =
        TimeBuckets.ofUnit(flag(((RexCall) rest.get(1)).getOperands().get(1))).orElse(null);
    if (zone == null || unit == null) {
      return null;
    }
    steps.add(new TimeStep.WithinDay(zone, unit, rest.get(1).isA(SqlKind.CEIL)));
    return time;
  }

  private static @Nullable RexNode named(RexCall call, List<TimeStep> steps) {
    List<RexNode> operands = call.getOperands();
    if (call.getOperator() == TimeFunctions.AT_ZONE
        || call.getOperator() == TimeFunctions.TO_INSTANT) {
      TimeStep.Zone zone = zone(operands.get(1));
      if (zone == null) {
        return null;
      }
      steps.add(
          call.getOperator() == TimeFunctions.AT_ZONE
              ? new TimeStep.WallClock(zone)
              : new TimeStep.AtClock(zone, false));
      return operands.get(0);
    }
    if (call.getOperator() == TimeFunctions.TIME_BUCKET) {
      return timeBucket(operands, steps);
    }
    if (call.getOperator() == TimeFunctions.TIMESTAMP_ADD) {
      return timestampAdd(call, steps);
    }
    return call.getOperator() == SqlStdOperatorTable.DATETIME_PLUS
        ? shifted(call, operands.get(0), operands.get(1), 1, steps)
        : null;
  }

  private static @Nullable RexNode timeBucket(List<RexNode> operands, List<TimeStep> steps) {
    RexNode width = operands.get(0);
    BigDecimal size =
        width instanceof RexLiteral ? ((RexLiteral) width).getValueAs(BigDecimal.class) : null;
    if (size == null || size.signum() <= 0) {
      return null;
    }
    boolean months = SqlTypeName.YEAR_INTERVAL_TYPES.contains(width.getType().getSqlTypeName());
    TimeBuckets buckets =
        months
            ? TimeBuckets.ofMonths(size.intValue())
            : TimeBuckets.ofWidth(Duration.ofMillis(size.longValue()));
    if (operands.size() > 2) {
      LocalDateTime origin =
          operands.get(2) instanceof RexLiteral ? constant((RexLiteral) operands.get(2)) : null;
      if (months || origin == null) {
        return null;
      }
      buckets = new TimeBuckets(0, buckets.width(), origin);
    }
    steps.add(new TimeStep.Floor(buckets));
    return operands.get(1);
  }

  private static @Nullable RexNode timestampAdd(RexCall call, List<TimeStep> steps) {
    RexNode count = call.getOperands().get(1);
    BigDecimal number =
        count instanceof RexLiteral && SqlTypeUtil.isExactNumeric(count.getType())
            ? ((RexLiteral) count).getValueAs(BigDecimal.class)
            : null;
    if (number == null || number.stripTrailingZeros().scale() > 0) {
      return null;
    }
    RexNode time = call.getOperands().get(2);
    String unit = String.valueOf(RexLiteral.stringValue(call.getOperands().get(0)));
    try {
      long amount = number.longValueExact();
      switch (unit) {
        case "YEAR":
          steps.add(new TimeStep.Months(Math.toIntExact(Math.multiplyExact(12, amount))));
          return time;
        case "QUARTER":
          steps.add(new TimeStep.Months(Math.toIntExact(Math.multiplyExact(3, amount))));
          return time;
        case "MONTH":
          steps.add(new TimeStep.Months(Math.toIntExact(amount)));
          return time;
        case "WEEK":
          return shift(call.getType(), Duration.ofDays(Math.multiplyExact(7, amount)), time, steps);
        case "DAY":
          return shift(call.getType(), Duration.ofDays(amount), time, steps);
        case "HOUR":
          return shift(call.getType(), Duration.ofHours(amount), time, steps);
        case "MINUTE":
          return shift(call.getType(), Duration.ofMinutes(amount), time, steps);
        case "SECOND":
          return shift(call.getType(), Duration.ofSeconds(amount), time, steps);
        case "MILLISECOND":
          return shift(call.getType(), Duration.ofMillis(amount), time, steps);
        case "MICROSECOND":
          steps.add(new TimeStep.Shift(Duration.ofSeconds(0, Math.multiplyExact(1000, amount))));
          return call.getType().getSqlTypeName() == SqlTypeName.DATE ? null : time;
        default:
          return null;
      }
    } catch (ArithmeticException e) {
      // So far that the storage has to say what comes of it.
      return null;
    }
  }

  private static TimeStep.@Nullable Zone zone(RexNode node) {
    String text = node instanceof RexLiteral ? RexLiteral.stringValue(node) : null;
    try {
      return text == null ? null : new TimeStep.Zone(ZoneId.of(text));
    } catch (DateTimeException e) {
      return null;
    }
  }

  private static String flag(RexNode node) {
    Object value = node instanceof RexLiteral ? ((RexLiteral) node).getValue() : null;
    return value instanceof TimeUnitRange ? ((TimeUnitRange) value).name() : String.valueOf(value);
  }
}
