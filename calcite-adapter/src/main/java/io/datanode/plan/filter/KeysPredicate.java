package io.datanode.plan.filter;

import io.datanode.plan.Plan;
import io.datanode.storage.sql.KeyCondition;
import java.math.BigDecimal;
import java.util.List;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.core.Sort;
import org.apache.calcite.rel.core.Union;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;

/**
 * The condition that a column holds one of the keys of another piece of the query, as an operator
 * that conditions are pushed by like any other.
 */
public final class KeysPredicate {
  private KeysPredicate() {}

  /**
   * The condition.
   *
   * @param column place of the column in the row
   * @param type of the column
   * @param keySet refers to the keys, see {@link Plan.KeySet}
   * @param use what of the keys it takes
   */
  public static RexNode of(
      RexBuilder rex, int column, RelDataType type, int keySet, Plan.Reduction.Use use) {
    return rex.makeCall(
        KeyCondition.OPERATOR,
        List.of(
            new RexInputRef(column, type),
            rex.makeExactLiteral(BigDecimal.valueOf(keySet)),
            rex.makeExactLiteral(BigDecimal.valueOf(use.ordinal()))));
  }

  /** True if a condition is such a one. */
  public static boolean is(RexNode node) {
    return node instanceof RexCall && ((RexCall) node).getOperator() == KeyCondition.OPERATOR;
  }

  /** True if an expression surely has no rows when the key set has no keys. */
  public static boolean empties(RelNode rel, int keySet) {
    if (rel instanceof Filter) {
      boolean here =
          RelOptUtil.conjunctions(((Filter) rel).getCondition()).stream()
              .anyMatch(term -> is(term) && keySet(term) == keySet);
      return here || empties(((Filter) rel).getInput(), keySet);
    } else if (rel instanceof Project || rel instanceof Sort) {
      return empties(rel.getInput(0), keySet);
    } else if (rel instanceof Aggregate) {
      return ((Aggregate) rel).getGroupType() == Aggregate.Group.SIMPLE
          && ((Aggregate) rel).getGroupCount() > 0
          && empties(rel.getInput(0), keySet);
    } else if (rel instanceof Join) {
      JoinRelType type = ((Join) rel).getJoinType();
      boolean leftDecides = type != JoinRelType.RIGHT && type != JoinRelType.FULL;
      boolean rightDecides =
          type == JoinRelType.INNER
              || type == JoinRelType.SEMI
              || type == JoinRelType.RIGHT
              || type == JoinRelType.ASOF;
      return (leftDecides && empties(rel.getInput(0), keySet))
          || (rightDecides && empties(rel.getInput(1), keySet));
    }
    return rel instanceof Union
        && rel.getInputs().stream().allMatch(input -> empties(input, keySet));
  }

  private static int keySet(RexNode condition) {
    return RexLiteral.intValue(((RexCall) condition).getOperands().get(1));
  }
}
