package io.datanode.plan.time;

import io.datanode.plan.Plan.ParameterSource;
import io.datanode.plan.filter.FilterPush;
import io.datanode.plan.filter.RelTree;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.SqlKind;
import org.jspecify.annotations.Nullable;

/**
 * Says conditions on functions of a time column, such as {@code CAST(time_index AS DATE) = DATE
 * '2024-01-02'}, as ranges of the column itself.
 *
 * <p>Storages look up a range in an index, in partitions and in the statistics of row groups, but
 * not, or not all of them, a function. Where the range is the same condition it takes its place;
 * where it may hold more rows, the condition stays beside it.
 */
public final class TimeRanges {
  private static final int ALTERNATIVES = 16;

  private final RexBuilder builder;
  private final RangeFinder finder;

  /**
   * For one statement.
   *
   * @param sources what its parameters stand for; ends of ranges are added behind
   */
  public TimeRanges(RexBuilder builder, List<ParameterSource> sources) {
    this.builder = builder;
    this.finder = new RangeFinder(builder, sources);
  }

  /** The expression with its conditions so said, sub-queries included. */
  public RelNode apply(RelNode rel) {
    return ranges(new FilterPush(builder, TimeRanges::isWorthMoving).push(rel));
  }

  /** True for conditions that are found sooner, or are ranges, nearer to the node. */
  private static boolean isWorthMoving(RexNode condition, RelNode rel) {
    return ComputedTimes.hasCondition(condition, rel) || NewestRow.in(rel);
  }

  private RelNode ranges(RelNode rel) {
    return rewritten(RelTree.map(rel, this::ranges));
  }

  private RelNode rewritten(RelNode rel) {
    if (rel instanceof Filter) {
      Filter filter = (Filter) rel;
      RexNode condition = conjunction(filter.getCondition());
      return condition == filter.getCondition()
          ? filter
          : filter.copy(filter.getTraitSet(), filter.getInput(), condition);
    }
    if (rel instanceof Join) {
      Join join = (Join) rel;
      RexNode condition = conjunction(join.getCondition());
      return condition == join.getCondition()
          ? join
          : join.copy(
              join.getTraitSet(),
              condition,
              join.getLeft(),
              join.getRight(),
              join.getJoinType(),
              join.isSemiJoinDone());
    }
    return rel;
  }

  /** The condition with ranges; the same object if there is nothing to change. */
  private RexNode conjunction(RexNode condition) {
    List<RexNode> terms = RelOptUtil.conjunctions(condition);
    List<Found> found = new ArrayList<>();
    boolean any = false;
    for (RexNode term : terms) {
      Found each = new Found(term, finder.find(term, terms).orElse(null));
      any |= each.range != null;
      found.add(each);
    }
    if (!any) {
      return condition;
    }
    Set<RexNode> result = new LinkedHashSet<>();
    for (Found each : found) {
      if (each.range != null) {
        result.addAll(RelOptUtil.conjunctions(finder.condition(each.range)));
      }
      if (each.range == null || !replaces(each.range, found)) {
        result.add(each.term.isA(SqlKind.OR) ? alternatives((RexCall) each.term) : each.term);
      }
    }
    return RexUtil.composeConjunction(builder, result);
  }

  /** Few alternatives are ranges each; of many, a storage is only asked for the range of all. */
  private RexNode alternatives(RexCall disjunction) {
    if (disjunction.getOperands().size() > ALTERNATIVES) {
      return disjunction;
    }
    List<RexNode> terms = new ArrayList<>();
    disjunction.getOperands().forEach(term -> terms.add(conjunction(term)));
    return RexUtil.composeDisjunction(builder, terms);
  }

  /** A term of a conjunction with its range, if it has one. */
  private record Found(RexNode term, @Nullable TimeRange range) {}

  /** True if a range may take the place of its term. */
  private static boolean replaces(TimeRange range, List<Found> all) {
    // A number taken of an infinite time is NULL, but the time is in a range with an open end.
    return range.exact()
        && (range.infinite()
            || ((range.from() != null || bounded(range.column(), all, true))
                && (range.to() != null || bounded(range.column(), all, false))));
  }

  private static boolean bounded(RexInputRef column, List<Found> all, boolean from) {
    return all.stream()
        .map(Found::range)
        .anyMatch(
            range ->
                range != null
                    && range.column().equals(column)
                    && (from ? range.from() : range.to()) != null);
  }
}
