package io.datanode.storage.sql;

import java.util.List;
import java.util.Set;
import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.plan.RelTraitSet;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.AsofJoin;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexNode;

/**
 * An as-of join as a storage has it: equalities, and one comparison with the left side first. What
 * else is asked of an {@link AsofMatch} is done to its right side before and to its rows after.
 */
final class AsofStep extends AsofJoin {
  private final List<Integer> ties;

  private AsofStep(
      RelOptCluster cluster,
      RelTraitSet traits,
      RelNode left,
      RelNode right,
      RexNode condition,
      RexNode match,
      JoinRelType type,
      List<Integer> ties) {
    super(cluster, traits, List.of(), left, right, condition, match, Set.of(), type);
    this.ties = ties;
  }

  /**
   * A step.
   *
   * @param ties columns of the right side that decide among rows of equal keys and time
   */
  static AsofStep create(
      AsofMatch join, RelNode right, RexNode condition, RexCall match, List<Integer> ties) {
    return new AsofStep(
        join.getCluster(),
        join.getTraitSet(),
        join.getLeft(),
        right,
        condition,
        match,
        join.getJoinType(),
        ties);
  }

  /** The comparison, with the left side first. */
  RexCall match() {
    return (RexCall) matchCondition;
  }

  List<Integer> ties() {
    return ties;
  }

  @Override
  public AsofStep copy(
      RelTraitSet traits,
      RexNode condition,
      RelNode left,
      RelNode right,
      JoinRelType type,
      boolean semiJoinDone) {
    return new AsofStep(getCluster(), traits, left, right, condition, matchCondition, type, ties);
  }
}
