package io.datanode.plan.time;

import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.core.SetOp;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;

/**
 * Columns computed from a time, such as {@code m} of {@code SELECT DATE_TRUNC('month', t) AS m}. A
 * condition on one is a range of {@code t} where it is computed, so it is worth moving there.
 */
final class ComputedTimes {
  private ComputedTimes() {}

  /** True if a condition on the rows of an expression is on such a column. */
  static boolean hasCondition(RexNode condition, RelNode rel) {
    return RelOptUtil.InputFinder.bits(condition).asList().stream()
        .anyMatch(column -> isComputed(rel, column));
  }

  private static boolean isComputed(RelNode rel, int column) {
    if (rel instanceof Project) {
      RexNode expression = ((Project) rel).getProjects().get(column);
      return expression instanceof RexInputRef
          ? isComputed(rel.getInput(0), ((RexInputRef) expression).getIndex())
          : TimeExpression.of(expression)
              .filter(time -> time.base() instanceof RexInputRef)
              .isPresent();
    }
    if (rel instanceof Aggregate) {
      Aggregate aggregate = (Aggregate) rel;
      return column < aggregate.getGroupCount()
          && isComputed(aggregate.getInput(), aggregate.getGroupSet().nth(column));
    }
    if (rel instanceof Join) {
      Join join = (Join) rel;
      int left = join.getLeft().getRowType().getFieldCount();
      return column < left
          ? isComputed(join.getLeft(), column)
          : isComputed(join.getRight(), column - left);
    }
    if (rel instanceof SetOp) {
      return rel.getInputs().stream().anyMatch(input -> isComputed(input, column));
    }
    boolean sameColumns =
        rel.getInputs().size() == 1 && rel.getRowType().equals(rel.getInput(0).getRowType());
    return sameColumns && isComputed(rel.getInput(0), column);
  }
}
