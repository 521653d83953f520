package io.datanode.plan.leakage;

import io.datanode.plan.leakage.TimeColumn.Kind;
import io.datanode.schema.TimeFunctions;
import io.datanode.storage.sql.Shifted;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.CorrelationId;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexCorrelVariable;
import org.apache.calcite.rex.RexFieldAccess;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexVisitorImpl;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.jspecify.annotations.Nullable;

/** What an expression tells of time, by what its columns tell. */
final class Times {
  private static final Map<String, Duration> UNITS =
      Map.of(
          "MICROSECOND", Duration.ofNanos(1_000),
          "MILLISECOND", Duration.ofMillis(1),
          "SECOND", Duration.ofSeconds(1),
          "MINUTE", Duration.ofMinutes(1),
          "HOUR", Duration.ofHours(1),
          "DAY", Duration.ofDays(1),
          "WEEK", Duration.ofDays(7));

  private static final BigDecimal MICROSECOND_BEFORE = new BigDecimal("-0.001");

  private final Map<CorrelationId, Rows> outer;

  Times(Map<CorrelationId, Rows> outer) {
    this.outer = outer;
  }

  /** What an expression over rows tells, or null if it depends on no time. */
  @Nullable TimeColumn of(RexNode expression, Rows rows) {
    if (expression instanceof RexInputRef) {
      return rows.columns().get(((RexInputRef) expression).getIndex());
    }
    if (expression instanceof RexFieldAccess) {
      return outerColumn((RexFieldAccess) expression);
    }
    Shifted shifted = Shifted.of(expression);
    if (shifted.base() != expression) {
      TimeColumn base = of(shifted.base(), rows);
      return base == null || !SqlTypeUtil.isDatetime(shifted.base().getType())
          ? unknown(base)
          : base.plus(shifted.by());
    }
    if (expression instanceof RexCall) {
      return ofCall((RexCall) expression, rows);
    }
    return null;
  }

  /**
   * What an expression tells if only rows are kept in which it is not before a time, as HOP keeps
   * those windows of a row that end after it; null if that is not so.
   *
   * @param below gives the rows
   */
  @Nullable TimeColumn keptBehind(RexNode expression, RelNode below, Rows rows) {
    RexNode kept =
        below instanceof Filter
            ? ((Filter) below).getCondition()
            : below instanceof Join && ((Join) below).getJoinType() == JoinRelType.INNER
                ? ((Join) below).getCondition()
                : null;
    for (RexNode term : kept == null ? List.<RexNode>of() : RelOptUtil.conjunctions(kept)) {
      boolean behind =
          (term.isA(SqlKind.GREATER_THAN) || term.isA(SqlKind.GREATER_THAN_OR_EQUAL))
              && ((RexCall) term).getOperands().get(0).equals(expression);
      TimeColumn time = behind ? of(((RexCall) term).getOperands().get(1), rows) : null;
      if (time != null && time.isUpperBound()) {
        return time.as(Kind.LATER, null);
      }
    }
    return null;
  }

  private @Nullable TimeColumn outerColumn(RexFieldAccess access) {
    if (!(access.getReferenceExpr() instanceof RexCorrelVariable)) {
      return null;
    }
    Rows rows = outer.get(((RexCorrelVariable) access.getReferenceExpr()).id);
    return rows == null ? null : rows.columns().get(access.getField().getIndex());
  }

  private static @Nullable TimeColumn unknown(@Nullable TimeColumn column) {
    return column == null ? null : column.as(Kind.UNKNOWN, null);
  }

  private @Nullable TimeColumn ofCall(RexCall call, Rows rows) {
    List<RexNode> operands = call.getOperands();
    if (call.isA(SqlKind.CAST) && SqlTypeUtil.isDatetime(call.getType())) {
      TimeColumn time = of(operands.get(0), rows);
      boolean day =
          call.getType().getSqlTypeName() == SqlTypeName.DATE
              && operands.get(0).getType().getSqlTypeName() != SqlTypeName.DATE;
      return time == null || !day ? time : started(time, Duration.ofDays(1));
    }
    if (call.isA(SqlKind.FLOOR) && operands.size() == 2) {
      TimeColumn time = of(operands.get(0), rows);
      return time == null ? null : started(time, unit(operands.get(1)));
    }
    if (call.getOperator() == TimeFunctions.DATE_TRUNC) {
      TimeColumn time = of(operands.get(1), rows);
      return time == null ? null : started(time, unit(operands.get(0)));
    }
    if (call.getOperator() == TimeFunctions.TIME_BUCKET) {
      TimeColumn time = of(operands.get(1), rows);
      if (isStartOfDay(operands)) {
        return time;
      }
      return time == null ? null : started(time, length(operands.get(0)));
    }
    if (call.isA(SqlKind.CEIL) && operands.size() == 2) {
      TimeColumn time = of(operands.get(0), rows);
      return time == null ? null : time.isUpperBound() ? time.as(Kind.LATER, null) : unknown(time);
    }
    if (call.getOperator() == TimeFunctions.TIMESTAMP_ADD) {
      return added(call, rows);
    }
    return firstUnknown(call, rows);
  }

  /** True for a day whose start is some days after that of another, as TUMBLE writes it. */
  private static boolean isStartOfDay(List<RexNode> bucket) {
    RexNode later = bucket.get(1);
    if (!(later instanceof RexCall)
        || ((RexCall) later).getOperator() != TimeFunctions.TIMESTAMP_ADD
        || !Duration.ofDays(1).equals(unit(((RexCall) later).getOperands().get(0)))
        || !Duration.ofDays(1).equals(length(bucket.get(0)))) {
      return false;
    }
    RexNode start = ((RexCall) later).getOperands().get(2);
    if (!(start instanceof RexCall)
        || ((RexCall) start).getOperator() != TimeFunctions.TIME_BUCKET) {
      return false;
    }
    List<RexNode> counted = ((RexCall) start).getOperands();
    Duration width = length(counted.get(0));
    return width != null
        && width.toMillis() % Duration.ofDays(1).toMillis() == 0
        && counted.subList(2, counted.size()).equals(bucket.subList(2, bucket.size()));
  }

  /** The start of the bucket of a time. */
  private static TimeColumn started(TimeColumn time, @Nullable Duration width) {
    return time.kind() == Kind.EXACT || time.kind() == Kind.KNOWN || time.kind() == Kind.LATER
        ? time.as(Kind.EARLIER, width)
        : time.as(time.kind() == Kind.EARLIER ? Kind.EARLIER : Kind.UNKNOWN, null);
  }

  private @Nullable TimeColumn added(RexCall call, Rows rows) {
    TimeColumn time = of(call.getOperands().get(2), rows);
    RexNode count = call.getOperands().get(1);
    Duration unit = unit(call.getOperands().get(0));
    if (time == null || unit == null || !(count instanceof RexLiteral)) {
      return unknown(time);
    }
    BigDecimal number = ((RexLiteral) count).getValueAs(BigDecimal.class);
    if (number == null) {
      return unknown(time);
    }
    // The microsecond before a time is in the bucket whose end the time may be.
    BigDecimal by = number.multiply(BigDecimal.valueOf(unit.toNanos(), 6));
    return by.compareTo(MICROSECOND_BEFORE) == 0 ? time : time.plus(by);
  }

  private @Nullable TimeColumn firstUnknown(RexCall call, Rows rows) {
    TimeColumn[] found = new TimeColumn[1];
    call.accept(
        new RexVisitorImpl<Void>(true) {
          @Override
          public Void visitInputRef(RexInputRef ref) {
            TimeColumn column = rows.columns().get(ref.getIndex());
            found[0] = found[0] == null ? column : found[0];
            return null;
          }

          @Override
          public Void visitFieldAccess(RexFieldAccess access) {
            TimeColumn column = outerColumn(access);
            found[0] = found[0] == null ? column : found[0];
            return null;
          }
        });
    return RelOptUtil.InputFinder.bits(call).isEmpty() && found[0] == null
        ? null
        : unknown(found[0]);
  }

  private static @Nullable Duration unit(RexNode node) {
    if (!(node instanceof RexLiteral)) {
      return null;
    }
    Object value = ((RexLiteral) node).getValue();
    String name = value instanceof Enum ? ((Enum<?>) value).name() : RexLiteral.stringValue(node);
    return name == null ? null : UNITS.get(name.toUpperCase(java.util.Locale.ROOT));
  }

  private static @Nullable Duration length(RexNode interval) {
    boolean fixed =
        interval instanceof RexLiteral
            && SqlTypeName.DAY_INTERVAL_TYPES.contains(interval.getType().getSqlTypeName());
    BigDecimal value = fixed ? ((RexLiteral) interval).getValueAs(BigDecimal.class) : null;
    return value == null ? null : Duration.ofMillis(value.longValue());
  }
}
