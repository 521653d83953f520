package io.datanode.storage.sql;

import java.util.List;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.util.ImmutableBitSet;

/** Which side of a join an expression is about. */
public final class AsofSides {
  private AsofSides() {}

  /** True if it refers to columns of the left side, and to no others. */
  public static boolean isLeft(RexNode expression, int leftFields) {
    ImmutableBitSet columns = RelOptUtil.InputFinder.bits(expression);
    return !columns.isEmpty() && ImmutableBitSet.range(leftFields).contains(columns);
  }

  /** True if it refers to columns of the right side, and to no others. */
  public static boolean isRight(RexNode expression, int leftFields) {
    ImmutableBitSet columns = RelOptUtil.InputFinder.bits(expression);
    return !columns.isEmpty() && columns.nth(0) >= leftFields;
  }

  /** True for a call of two operands, one of each side. */
  public static boolean compares(RexNode term, int leftFields) {
    if (!(term instanceof RexCall) || ((RexCall) term).getOperands().size() != 2) {
      return false;
    }
    List<RexNode> operands = ((RexCall) term).getOperands();
    return (isLeft(operands.get(0), leftFields) && isRight(operands.get(1), leftFields))
        || (isRight(operands.get(0), leftFields) && isLeft(operands.get(1), leftFields));
  }
}
