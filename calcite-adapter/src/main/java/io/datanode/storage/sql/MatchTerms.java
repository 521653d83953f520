package io.datanode.storage.sql;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlKind;

/**
 * The terms of an as-of join by what they say.
 *
 * @param equalities between the two sides
 * @param conditions on the left row alone
 * @param nearest the term that says which right row is nearest
 * @param bounds the other comparisons, which only say which rows may match
 */
record MatchTerms(
    List<RexNode> equalities, List<RexNode> conditions, RexCall nearest, List<RexCall> bounds) {
  static MatchTerms of(AsofMatch join) {
    int leftFields = join.getLeft().getRowType().getFieldCount();
    List<RexNode> equalities = new ArrayList<>();
    List<RexNode> conditions = new ArrayList<>();
    for (RexNode term : RelOptUtil.conjunctions(join.getCondition())) {
      (joinsSides(term, leftFields) ? equalities : conditions).add(term);
    }
    List<RexCall> comparisons = new ArrayList<>();
    for (RexNode term : RelOptUtil.conjunctions(join.getMatchCondition())) {
      comparisons.add((RexCall) term);
    }
    return new MatchTerms(
        equalities,
        conditions,
        comparisons.get(0),
        List.copyOf(comparisons.subList(1, comparisons.size())));
  }

  /** True for an equality of an expression of one side with one of the other. */
  static boolean joinsSides(RexNode term, int leftFields) {
    return term.isA(SqlKind.EQUALS) && AsofSides.compares(term, leftFields);
  }

  boolean nearestOnEitherSide() {
    return nearest.getOperator() == AsofMatch.NEAREST;
  }

  RexNode leftTime() {
    return nearest.getOperands().get(0);
  }

  RexNode rightTime() {
    return nearest.getOperands().get(1);
  }

  /** True if right values below those of the left side match, so that the newest is nearest. */
  static boolean looksBack(RexCall comparison) {
    return comparison.isA(SqlKind.GREATER_THAN) || comparison.isA(SqlKind.GREATER_THAN_OR_EQUAL);
  }

  static boolean isStrict(RexCall comparison) {
    return comparison.isA(SqlKind.GREATER_THAN) || comparison.isA(SqlKind.LESS_THAN);
  }

  /**
   * The tighter of two comparisons of one right value in the same direction, or null if that cannot
   * be told before they are computed.
   */
  static @org.jspecify.annotations.Nullable RexCall tighter(RexCall first, RexCall second) {
    boolean back = looksBack(first);
    if (!first.getOperands().get(1).equals(second.getOperands().get(1))
        || back != looksBack(second)
        || first.isA(SqlKind.NOT_EQUALS)
        || second.isA(SqlKind.NOT_EQUALS)) {
      return null;
    }
    Shifted one = Shifted.of(first.getOperands().get(0));
    Shifted two = Shifted.of(second.getOperands().get(0));
    if (!one.base().equals(two.base())) {
      return null;
    }
    BigDecimal difference = one.by().subtract(two.by());
    if (difference.signum() == 0) {
      return isStrict(first) ? first : second;
    }
    return difference.signum() < 0 == back ? first : second;
  }
}
