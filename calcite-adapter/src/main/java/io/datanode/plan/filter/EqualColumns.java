package io.datanode.plan.filter;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexDynamicParam;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.apache.calcite.util.ImmutableBitSet;

/**
 * Columns that the condition of a join says are equal: what a comparison with constants says of the
 * one, it says of the other.
 */
final class EqualColumns {
  private static final Set<SqlKind> COMPARISONS =
      Set.of(
          SqlKind.EQUALS,
          SqlKind.LESS_THAN,
          SqlKind.LESS_THAN_OR_EQUAL,
          SqlKind.GREATER_THAN,
          SqlKind.GREATER_THAN_OR_EQUAL);

  /** Places in the one input, and where their equals are in the other. */
  private final Map<Integer, Integer> equals;

  private final RelDataType other;

  private EqualColumns(Map<Integer, Integer> equals, RelDataType other) {
    this.equals = equals;
    this.other = other;
  }

  /** From columns of the left input to those of the right. */
  static EqualColumns fromLeft(Join join, RexNode condition) {
    Map<Integer, Integer> equals = new HashMap<>();
    int leftCount = join.getLeft().getRowType().getFieldCount();
    for (RexNode term : RelOptUtil.conjunctions(condition)) {
      if (!term.isA(SqlKind.EQUALS)) {
        continue;
      }
      RexNode first = ((RexCall) term).getOperands().get(0);
      RexNode second = ((RexCall) term).getOperands().get(1);
      if (!(first instanceof RexInputRef) || !(second instanceof RexInputRef)) {
        continue;
      }
      int low = Math.min(((RexInputRef) first).getIndex(), ((RexInputRef) second).getIndex());
      int high = Math.max(((RexInputRef) first).getIndex(), ((RexInputRef) second).getIndex());
      if (low < leftCount && high >= leftCount) {
        equals.putIfAbsent(low, high - leftCount);
      }
    }
    return new EqualColumns(equals, join.getRight().getRowType());
  }

  /** From columns of the right input to those of the left. */
  static EqualColumns fromRight(Join join, RexNode condition) {
    Map<Integer, Integer> equals = new HashMap<>();
    fromLeft(join, condition).equals.forEach((left, right) -> equals.putIfAbsent(right, left));
    return new EqualColumns(equals, join.getLeft().getRowType());
  }

  /** Adds what conditions on the one input say of the other. */
  void addInferred(List<RexNode> conditions, List<RexNode> others) {
    for (RexNode condition : conditions) {
      addInferred(condition, others);
    }
  }

  private void addInferred(RexNode condition, List<RexNode> others) {
    ImmutableBitSet columns = RelOptUtil.InputFinder.bits(condition);
    if (columns.cardinality() != 1 || !comparesWithConstants(condition)) {
      return;
    }
    Integer target = equals.get(columns.nth(0));
    if (target == null) {
      return;
    }
    RelDataType type = other.getFieldList().get(target).getType();
    boolean[] same = {true};
    RexNode inferred =
        condition.accept(
            new RexShuttle() {
              @Override
              public RexNode visitInputRef(RexInputRef ref) {
                same[0] &= SqlTypeUtil.equalSansNullability(ref.getType(), type);
                return new RexInputRef(target, type);
              }
            });
    if (same[0] && !others.contains(inferred)) {
      others.add(inferred);
    }
  }

  private static boolean comparesWithConstants(RexNode condition) {
    if (condition.isA(SqlKind.AND) || condition.isA(SqlKind.OR)) {
      return ((RexCall) condition)
          .getOperands().stream().allMatch(EqualColumns::comparesWithConstants);
    }
    if (KeysPredicate.is(condition)) {
      return true;
    }
    if (!COMPARISONS.contains(condition.getKind())) {
      return false;
    }
    RexNode first = ((RexCall) condition).getOperands().get(0);
    RexNode second = ((RexCall) condition).getOperands().get(1);
    return (first instanceof RexInputRef && constant(second))
        || (constant(first) && second instanceof RexInputRef);
  }

  private static boolean constant(RexNode node) {
    return node instanceof RexLiteral
        || node instanceof RexDynamicParam
        || (node.isA(SqlKind.CAST) && constant(((RexCall) node).getOperands().get(0)));
  }
}
