package io.datanode.storage.sql;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.plan.Strong;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexFieldCollation;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexOver;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.apache.calcite.util.ImmutableBitSet;
import org.jspecify.annotations.Nullable;

/**
 * {@code QUALIFY ROW_NUMBER() OVER (PARTITION BY keys ORDER BY order) = 1}: the first row of each
 * partition; or with {@code RANK()} all that are first. A storage may have a shorter way to say it,
 * and a faster one to find it.
 *
 * @param input the rows to pick from
 * @param columns what is shown of the rows picked, over {@code input}
 * @param rest conditions on the rows picked, over what is shown of them
 * @param row names and types of the columns
 * @param ties true if all rows that are first are meant
 */
record RowPick(
    RelNode input,
    List<RexNode> keys,
    List<RexFieldCollation> order,
    List<RexNode> columns,
    List<RexNode> rest,
    RelDataType row,
    boolean ties) {
  /** The pick that a filter makes, or null if it does something else. */
  static @Nullable RowPick of(Filter filter) {
    if (!filter.getVariablesSet().isEmpty() || !(filter.getInput() instanceof Project)) {
      return null;
    }
    List<RexNode> terms = RelOptUtil.conjunctions(filter.getCondition());
    for (RexNode term : terms) {
      List<RexNode> rest = new ArrayList<>(terms);
      rest.remove(term);
      RowPick pick = of(term, (Project) filter.getInput(), rest);
      if (pick != null) {
        return pick;
      }
    }
    return null;
  }

  private static @Nullable RowPick of(RexNode asked, Project project, List<RexNode> rest) {
    int place;
    RexNode number;
    RexNode shown;
    if (asked instanceof RexInputRef) {
      // QUALIFY asks for a column that holds the comparison.
      place = ((RexInputRef) asked).getIndex();
      number = isFirst(project.getProjects().get(place));
      shown = ExpressionWriter.REX.makeLiteral(true);
    } else {
      RexNode column = isFirst(asked);
      place = column instanceof RexInputRef ? ((RexInputRef) column).getIndex() : 0;
      number = column instanceof RexInputRef ? project.getProjects().get(place) : null;
      shown =
          number == null
              ? asked
              : ExpressionWriter.REX.makeExactLiteral(BigDecimal.ONE, number.getType());
    }
    if (number == null
        || !(number instanceof RexOver)
        || !(number.isA(SqlKind.ROW_NUMBER) || number.isA(SqlKind.RANK))
        || !project.getVariablesSet().isEmpty()) {
      return null;
    }
    RexOver over = (RexOver) number;
    List<RexNode> columns = new ArrayList<>(project.getProjects());
    columns.set(place, shown);
    List<RexNode> keys = over.getWindow().partitionKeys;
    List<RexFieldCollation> order = over.getWindow().orderKeys;
    boolean ties = number.isA(SqlKind.RANK);
    return (keys.isEmpty() && !ties)
            || order.isEmpty()
            || RexOver.containsOver(columns, null)
            || !columns.stream().allMatch(RexUtil::isDeterministic)
            || !columns.stream().allMatch(RowPick::isPlain)
            || !keys.stream().allMatch(RexInputRef.class::isInstance)
        ? null
        : new RowPick(project.getInput(), keys, order, columns, rest, project.getRowType(), ties);
  }

  /** The same with the keys in another order. */
  RowPick withKeys(List<RexNode> ordered) {
    return new RowPick(input, ordered, order, columns, rest, row, ties);
  }

  /** The columns of the input that are shown, told apart or ordered by. */
  ImmutableBitSet used() {
    ImmutableBitSet.Builder used = ImmutableBitSet.builder();
    columns.forEach(column -> used.addAll(RelOptUtil.InputFinder.bits(column)));
    keys.forEach(key -> used.addAll(RelOptUtil.InputFinder.bits(key)));
    order.forEach(key -> used.addAll(RelOptUtil.InputFinder.bits(key.left)));
    return used.build();
  }

  /** True if a value that rows are ordered by may be NULL in the rows to pick from. */
  boolean mayBeNull(RexFieldCollation key) {
    if (!key.left.getType().isNullable()) {
      return false;
    }
    RelNode rows = input;
    while (rows instanceof Filter) {
      if (key.left instanceof RexInputRef
          && Strong.isNotTrue(
              ((Filter) rows).getCondition(),
              ImmutableBitSet.of(((RexInputRef) key.left).getIndex()))) {
        return false;
      }
      rows = ((Filter) rows).getInput();
    }
    return true;
  }

  private static boolean isPlain(RexNode expression) {
    return RexUtil.SubQueryFinder.find(expression) == null;
  }

  /** What is asked to be 1, or null if the condition asks something else. */
  private static @Nullable RexNode isFirst(RexNode condition) {
    if (!condition.isA(SqlKind.EQUALS) && !condition.isA(SqlKind.LESS_THAN_OR_EQUAL)) {
      return null;
    }
    RexNode one = ((RexCall) condition).getOperands().get(1);
    boolean first =
        one instanceof RexLiteral
            && SqlTypeUtil.isExactNumeric(one.getType())
            && BigDecimal.ONE.equals(((RexLiteral) one).getValueAs(BigDecimal.class));
    return first ? ((RexCall) condition).getOperands().get(0) : null;
  }
}
