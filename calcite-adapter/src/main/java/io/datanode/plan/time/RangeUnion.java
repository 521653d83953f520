package io.datanode.plan.time;

import java.time.LocalDateTime;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.jspecify.annotations.Nullable;

/** The range from the first to the last time that alternatives allow. */
final class RangeUnion {
  private RangeUnion() {}

  /** The range of {@code OR}; empty if there is none, or if all its terms are ranges already. */
  static Optional<TimeRange> of(RangeFinder finder, RexCall disjunction) {
    Map<RexInputRef, TimeRange> all = null;
    boolean functions = false;
    for (RexNode term : disjunction.getOperands()) {
      Map<RexInputRef, TimeRange> ranges = new LinkedHashMap<>();
      List<RexNode> conjunction = RelOptUtil.conjunctions(term);
      for (RexNode each : conjunction) {
        // Once only: a term may be a disjunction again, and so on.
        Optional<TimeRange> range = finder.find(each, conjunction);
        functions |= range.isPresent();
        (range.isPresent() ? range : finder.find(each, true))
            .filter(RangeUnion::constant)
            .ifPresent(found -> ranges.merge(found.column(), found, RangeUnion::both));
      }
      if (all == null) {
        all = ranges;
      } else {
        all.keySet().retainAll(ranges.keySet());
        all.replaceAll((column, range) -> either(range, ranges.get(column)));
      }
    }
    return functions && all != null
        ? all.values().stream()
            .filter(range -> range.from() != null || range.to() != null)
            .findFirst()
        : Optional.empty();
  }

  private static boolean constant(TimeRange range) {
    return (range.from() == null || range.from() instanceof RexLiteral)
        && (range.to() == null || range.to() instanceof RexLiteral);
  }

  /** A range that holds the times of both at once. */
  private static TimeRange both(TimeRange first, TimeRange second) {
    return joined(
        first,
        first.from() != null ? first.from() : second.from(),
        first.to() != null ? first.to() : second.to());
  }

  /** The range that holds the times of either. */
  private static TimeRange either(TimeRange first, TimeRange second) {
    return joined(
        first,
        outer(first.from(), second.from(), Comparator.naturalOrder()),
        outer(first.to(), second.to(), Comparator.reverseOrder()));
  }

  private static TimeRange joined(TimeRange first, @Nullable RexNode from, @Nullable RexNode to) {
    return new TimeRange(
        first.column(), from, to, false, false, "the range read is that of all alternatives");
  }

  private static @Nullable RexNode outer(
      @Nullable RexNode first, @Nullable RexNode second, Comparator<LocalDateTime> order) {
    LocalDateTime one = first == null ? null : TimeExpression.constant((RexLiteral) first);
    LocalDateTime other = second == null ? null : TimeExpression.constant((RexLiteral) second);
    return one == null || other == null ? null : order.compare(one, other) <= 0 ? first : second;
  }
}
