package io.datanode.storage.sql;

import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.plan.RelOptUtil.InputFinder;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.logical.LogicalFilter;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUnknownAs;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.util.ImmutableBitSet;
import org.apache.calcite.util.Sarg;

/**
 * Conditions on rows that are looked for by their keys, by what they mean to a walk from one key to
 * the next in an index: those that bound the walk, those that can be checked on the keys it finds,
 * and those that choose among the rows of a key. The last would have all rows of a key read until
 * one meets them, only to learn that there is such a key; the second all rows of keys that do not
 * meet them.
 *
 * @param rows the rows of the table that the walk leads through
 * @param checked conditions on the keys found
 * @param complete true if there are no others
 */
record KeyConditions(RelNode rows, List<RexNode> checked, boolean complete) {
  /**
   * Sorts the conditions.
   *
   * @param input the rows of a table with the conditions
   * @param columns the keys in the order of the index
   */
  static KeyConditions of(RelNode input, List<RexNode> columns, StorageDialect dialect) {
    int leading = ((RexInputRef) columns.get(0)).getIndex();
    ImmutableBitSet keys =
        ImmutableBitSet.of(columns.stream().map(key -> ((RexInputRef) key).getIndex()).toList());
    List<RexNode> bounds = new ArrayList<>();
    List<RexNode> checked = new ArrayList<>();
    boolean complete = true;
    RelNode rows = input;
    for (; rows instanceof Filter; rows = ((Filter) rows).getInput()) {
      for (RexNode term : RelOptUtil.conjunctions(((Filter) rows).getCondition())) {
        if (bounds(term, leading, dialect)) {
          bounds.add(term);
        } else if (keys.contains(InputFinder.bits(term))
            && RexUtil.isDeterministic(term)
            && RexUtil.SubQueryFinder.find(term) == null) {
          checked.add(term);
        } else {
          complete = false;
        }
      }
    }
    return new KeyConditions(
        bounds.isEmpty()
            ? rows
            : LogicalFilter.create(rows, RexUtil.composeConjunction(ExpressionWriter.REX, bounds)),
        checked,
        complete);
  }

  /** True for a comparison that an index on the column answers. */
  private static boolean bounds(RexNode term, int column, StorageDialect dialect) {
    if (!(term instanceof RexCall)) {
      return false;
    }
    List<RexNode> operands = ((RexCall) term).getOperands();
    boolean first = isColumn(operands.get(0), column);
    if (((RexCall) term).getOperator() == KeyCondition.OPERATOR) {
      return first && dialect.walksLists();
    }
    switch (term.getKind()) {
      case EQUALS:
      case LESS_THAN:
      case LESS_THAN_OR_EQUAL:
      case GREATER_THAN:
      case GREATER_THAN_OR_EQUAL:
        return (first && isConstant(operands.get(1)))
            || (isColumn(operands.get(1), column) && isConstant(operands.get(0)));
      case SEARCH:
        return first && bounds((RexLiteral) operands.get(1), dialect);
      default:
        return false;
    }
  }

  private static boolean bounds(RexLiteral values, StorageDialect dialect) {
    Sarg<?> sarg = values.getValueAs(Sarg.class);
    return sarg != null
        && sarg.nullAs != RexUnknownAs.TRUE
        && (sarg.rangeSet.asRanges().size() == 1 || (sarg.isPoints() && dialect.walksLists()));
  }

  private static boolean isColumn(RexNode value, int column) {
    return value instanceof RexInputRef && ((RexInputRef) value).getIndex() == column;
  }

  private static boolean isConstant(RexNode value) {
    return InputFinder.bits(value).isEmpty()
        && RexUtil.isDeterministic(value)
        && RexUtil.SubQueryFinder.find(value) == null;
  }
}
