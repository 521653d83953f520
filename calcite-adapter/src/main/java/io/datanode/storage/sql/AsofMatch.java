package io.datanode.storage.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.calcite.plan.Convention;
import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.plan.RelTraitSet;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.RelWriter;
import org.apache.calcite.rel.core.AsofJoin;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.sql.SqlInternalOperator;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.type.InferTypes;
import org.apache.calcite.sql.type.OperandTypes;
import org.apache.calcite.sql.type.ReturnTypes;

/**
 * An as-of join with all that can be asked of one. Of the right rows that meet both conditions,
 * each left row takes the one nearest in time.
 *
 * <p>The join condition is a conjunction of equalities between the two sides and, for a join that
 * keeps all left rows, of conditions on the left row alone. The match condition is a conjunction of
 * comparisons with the left side first. Its first term says what is nearest: after {@code >} or
 * {@code >=} the greatest right value, after {@code <} or {@code <=} the least; {@link #NEAREST}
 * says the nearest on either side, the earlier one of two that are equally near. The other terms
 * only say which right rows may match.
 *
 * <p>NULL meets no condition. Of right rows equally near, the one with the greatest values in the
 * columns {@link #ties} is taken, compared in their order, a NULL being less than any value.
 */
public final class AsofMatch extends AsofJoin {
  /** Stands first in a match condition: left and right value, whichever of them comes first. */
  public static final SqlOperator NEAREST =
      new SqlInternalOperator(
          "NEAREST",
          SqlKind.OTHER,
          0,
          false,
          ReturnTypes.BOOLEAN_NULLABLE,
          InferTypes.FIRST_KNOWN,
          OperandTypes.ANY_ANY);

  private final List<Integer> ties;

  private AsofMatch(
      RelOptCluster cluster,
      RelTraitSet traits,
      RelNode left,
      RelNode right,
      RexNode condition,
      RexNode match,
      JoinRelType type,
      List<Integer> ties) {
    super(cluster, traits, List.of(), left, right, condition, match, Set.of(), type);
    this.ties = List.copyOf(ties);
  }

  /**
   * An as-of join.
   *
   * @param type {@code ASOF} or {@code LEFT_ASOF}
   * @param ties columns of the right side; empty if no two right rows with the same keys have the
   *     same time
   */
  public static AsofMatch create(
      RelNode left,
      RelNode right,
      RexNode condition,
      RexNode match,
      JoinRelType type,
      List<Integer> ties) {
    return new AsofMatch(
        left.getCluster(),
        left.getCluster().traitSetOf(Convention.NONE),
        left,
        right,
        condition,
        match,
        type,
        ties);
  }

  /** Columns of the right side that decide among rows equally near, the first before the others. */
  public List<Integer> ties() {
    return ties;
  }

  @Override
  public AsofMatch copy(
      RelTraitSet traits,
      RexNode condition,
      RelNode left,
      RelNode right,
      JoinRelType type,
      boolean semiJoinDone) {
    return new AsofMatch(getCluster(), traits, left, right, condition, matchCondition, type, ties);
  }

  @Override
  public RelNode accept(RexShuttle shuttle) {
    RexNode condition = shuttle.apply(getCondition());
    RexNode match = shuttle.apply(matchCondition);
    return condition == getCondition() && match == matchCondition
        ? this
        : new AsofMatch(getCluster(), getTraitSet(), left, right, condition, match, joinType, ties);
  }

  @Override
  public RelWriter explainTerms(RelWriter writer) {
    return super.explainTerms(writer).itemIf("ties", new ArrayList<>(ties), !ties.isEmpty());
  }
}
