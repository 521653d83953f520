package io.datanode.plan.time;

import io.datanode.jdbc.batch.ColumnType;
import io.datanode.plan.Plan.ParameterSource;
import io.datanode.plan.Plan.TimeBounds;
import io.datanode.schema.ColumnTypes;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexDynamicParam;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.jspecify.annotations.Nullable;

/** The ranges of time that pairs of conditions leave, which may hold no time at all. */
public final class BoundedRanges {
  private BoundedRanges() {}

  /**
   * The ranges that a condition and those right below it leave, of every column of time.
   *
   * @param sources what parameters stand for; ends of ranges are added behind
   */
  public static List<TimeBounds> of(Filter filter, List<ParameterSource> sources) {
    List<RexNode> terms = new ArrayList<>();
    RelNode rows = filter;
    while (rows instanceof Filter) {
      terms.addAll(RelOptUtil.conjunctions(((Filter) rows).getCondition()));
      rows = rows.getInput(0);
    }
    return of(terms, filter.getCluster().getRexBuilder(), sources);
  }

  private static List<TimeBounds> of(
      List<RexNode> terms, RexBuilder rex, List<ParameterSource> sources) {
    RangeFinder finder = new RangeFinder(rex, sources);
    List<TimeRange> ranges = new ArrayList<>();
    terms.forEach(term -> finder.ofComparison(term).ifPresent(ranges::add));
    List<TimeBounds> found = new ArrayList<>();
    for (TimeRange one : ranges) {
      for (TimeRange other : ranges) {
        Optional<ParameterSource> from = end(one.from(), sources);
        Optional<ParameterSource> to = end(other.to(), sources);
        if (one != other
            && one.column().equals(other.column())
            && from.isPresent()
            && to.isPresent()) {
          found.add(new TimeBounds(from.get(), to.get()));
        }
      }
    }
    return found;
  }

  private static Optional<ParameterSource> end(
      @Nullable RexNode end, List<ParameterSource> sources) {
    if (end instanceof RexDynamicParam) {
      return Optional.of(sources.get(((RexDynamicParam) end).getIndex()));
    }
    LocalDateTime time =
        end instanceof RexLiteral ? TimeExpression.constant((RexLiteral) end) : null;
    if (time == null) {
      return Optional.empty();
    }
    ColumnType type = ColumnTypes.fromRel(end.getType());
    return Optional.of(
        new ParameterSource.Constant(
            switch (type.kind()) {
              case DATE -> time.toLocalDate();
              case INSTANT -> time.toInstant(ZoneOffset.UTC);
              default -> time;
            },
            type));
  }

  /** True if a range holds no time whatever the values of parameters are. */
  public static boolean neverHolds(TimeBounds range) {
    return range.from() instanceof ParameterSource.Constant
        && range.to() instanceof ParameterSource.Constant
        && TimeBounds.empty(
            ((ParameterSource.Constant) range.from()).value(),
            ((ParameterSource.Constant) range.to()).value());
  }
}
