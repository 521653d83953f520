package io.datanode.plan.placement;

import io.datanode.plan.Plan.ParameterSource;
import io.datanode.plan.Plan.StorageStatement;
import io.datanode.plan.Plan.TimeBounds;
import io.datanode.plan.time.BoundedRanges;
import java.util.List;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.core.Sort;
import org.apache.calcite.rel.hint.RelHint;

/**
 * Finds pieces whose conditions on time may contradict each other when their values are known, as
 * those on today's rows and on history: such a piece need not be asked for.
 */
final class EmptyPieces {
  /**
   * Marks an aggregation whose results are put together with those of other pieces. Over no rows it
   * gives what adds nothing, so it may as well give no row.
   */
  static final RelHint PARTIAL = RelHint.builder("partial").build();

  private EmptyPieces() {}

  /**
   * A statement of a piece with the ranges that let it give no rows.
   *
   * @param sources what its parameters stand for; ends of ranges are added behind
   */
  static StorageStatement of(
      StorageStatement statement, RelNode piece, List<ParameterSource> sources) {
    List<TimeBounds> ranges = ranges(piece, sources);
    return ranges.isEmpty()
        ? statement
        : new StorageStatement(
            statement.storage(),
            statement.sql(),
            statement.parameters(),
            statement.columns(),
            statement.reductions(),
            statement.size(),
            ranges);
  }

  private static List<TimeBounds> ranges(RelNode rel, List<ParameterSource> sources) {
    if (rel instanceof Filter) {
      return BoundedRanges.of((Filter) rel, sources);
    }
    return rel instanceof Project
            || rel instanceof Sort
            || (rel instanceof Aggregate && mayGiveNone((Aggregate) rel))
        ? ranges(rel.getInput(0), sources)
        : List.of();
  }

  private static boolean mayGiveNone(Aggregate aggregate) {
    return aggregate.getHints().contains(PARTIAL)
        || (aggregate.getGroupType() == Aggregate.Group.SIMPLE && aggregate.getGroupCount() > 0);
  }
}
