package io.datanode.plan.time;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.calcite.avatica.util.TimeUnitRange;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.jspecify.annotations.Nullable;

/**
 * A condition on the month or quarter of a time whose year is known: {@code MONTH(t) = 3} beside
 * {@code YEAR(t) = 2024} is one on the start of the month.
 *
 * @param start the start of the month or quarter
 * @param comparison how it is compared
 * @param value what it is compared with
 */
record PartOfYear(TimeExpression start, SqlKind comparison, LocalDateTime value) {

  /**
   * Reads a condition; empty if it is none, or no other says the year.
   *
   * @param all the terms of the conjunction that the condition is one of
   */
  static Optional<PartOfYear> of(RexNode condition, List<RexNode> all) {
    Part part = part(condition);
    if (part == null || (part.unit != TimeUnitRange.MONTH && part.unit != TimeUnitRange.QUARTER)) {
      return Optional.empty();
    }
    TimeExpression time = TimeExpression.of(part.time).orElse(null);
    if (time == null || !(time.base() instanceof RexInputRef)) {
      return Optional.empty();
    }
    for (RexNode other : all) {
      Part year = part(other);
      if (year != null
          && year.unit == TimeUnitRange.YEAR
          && year.comparison == SqlKind.EQUALS
          && year.time.equals(part.time)
          && year.value >= 1
          && year.value <= 9999
          && Math.abs(part.value) < 1000) {
        int months = part.unit == TimeUnitRange.MONTH ? 1 : 3;
        List<TimeStep> steps = new ArrayList<>(time.steps());
        steps.add(new TimeStep.Floor(TimeBuckets.ofMonths(months)));
        return Optional.of(
            new PartOfYear(
                new TimeExpression(time.base(), List.copyOf(steps), null),
                part.comparison,
                LocalDate.of((int) year.value, 1, 1)
                    .plusMonths(months * (part.value - 1))
                    .atStartOfDay()));
      }
    }
    return Optional.empty();
  }

  private record Part(Object unit, RexNode time, SqlKind comparison, long value) {}

  /** {@code EXTRACT(unit FROM time)} compared with a whole number. */
  private static @Nullable Part part(RexNode condition) {
    if (!(condition instanceof RexCall) || ((RexCall) condition).getOperands().size() != 2) {
      return null;
    }
    RexNode left = ((RexCall) condition).getOperands().get(0);
    RexNode right = ((RexCall) condition).getOperands().get(1);
    boolean reversed = left instanceof RexLiteral;
    RexNode function = reversed ? right : left;
    RexNode value = reversed ? left : right;
    boolean read =
        function.isA(SqlKind.EXTRACT)
            && value instanceof RexLiteral
            && SqlTypeUtil.isExactNumeric(value.getType())
            && !((RexLiteral) value).isNull();
    BigDecimal number = read ? ((RexLiteral) value).getValueAs(BigDecimal.class) : null;
    if (number == null || number.stripTrailingZeros().scale() > 0) {
      return null;
    }
    List<RexNode> operands = ((RexCall) function).getOperands();
    SqlKind kind = condition.getKind();
    return new Part(
        ((RexLiteral) operands.get(0)).getValue(),
        operands.get(1),
        reversed ? kind.reverse() : kind,
        number.longValue());
  }
}
