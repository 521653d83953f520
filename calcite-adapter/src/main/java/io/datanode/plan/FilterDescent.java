package io.datanode.plan;

import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.core.AsofJoin;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.core.Sort;
import org.apache.calcite.rel.core.Union;
import org.apache.calcite.rel.logical.LogicalFilter;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.util.ImmutableBitSet;

/**
 * Moves conditions on a computed time down to where it is computed, so that they can be said as
 * ranges of the column it is computed from: {@code SELECT * FROM (SELECT DATE_TRUNC('month', t) AS
 * m …) WHERE m = …}.
 */
final class FilterDescent {
  private FilterDescent() {}

  /** The filter with those of its terms moved down that are worth it. */
  static RelNode apply(Filter filter) {
    RelNode input = filter.getInput();
    List<RexNode> moved = new ArrayList<>();
    List<RexNode> rest = new ArrayList<>();
    for (RexNode term : RelOptUtil.conjunctions(filter.getCondition())) {
      (filter.getVariablesSet().isEmpty() && descends(term, input) ? moved : rest).add(term);
    }
    if (moved.isEmpty()) {
      return filter;
    }
    RexBuilder builder = filter.getCluster().getRexBuilder();
    RelNode below = input;
    for (RexNode term : moved) {
      below = under(below, term);
    }
    return rest.isEmpty()
        ? below
        : filter.copy(filter.getTraitSet(), below, RexUtil.composeConjunction(builder, rest));
  }

  private static boolean descends(RexNode term, RelNode input) {
    ImmutableBitSet columns = RelOptUtil.InputFinder.bits(term);
    if (columns.isEmpty()
        || !RexUtil.isDeterministic(term)
        || RexUtil.SubQueryFinder.find(term) != null
        || RexUtil.containsCorrelation(term)) {
      return false;
    }
    return mayPass(columns, input)
        && columns.asList().stream().anyMatch(column -> computed(input, column));
  }

  /** True if a condition on these columns of the result may as well be one on the input. */
  private static boolean mayPass(ImmutableBitSet columns, RelNode rel) {
    if (rel instanceof Project) {
      Project project = (Project) rel;
      return project.getVariablesSet().isEmpty()
          && !project.containsOver()
          && columns.asList().stream()
              .map(project.getProjects()::get)
              .allMatch(
                  each ->
                      RexUtil.isDeterministic(each)
                          && RexUtil.SubQueryFinder.find(each) == null
                          && !RexUtil.containsCorrelation(each));
    }
    if (rel instanceof Aggregate) {
      Aggregate aggregate = (Aggregate) rel;
      return aggregate.getGroupType() == Aggregate.Group.SIMPLE
          && columns.asList().stream().allMatch(each -> each < aggregate.getGroupCount());
    }
    if (rel instanceof Join) {
      return side((Join) rel, columns) >= 0;
    }
    return rel instanceof Union
        || rel instanceof Filter
        || (rel instanceof Sort && ((Sort) rel).fetch == null && ((Sort) rel).offset == null);
  }

  /** 0 or 1 for the input whose rows a condition on these columns may drop; -1 for neither. */
  private static int side(Join join, ImmutableBitSet columns) {
    int left = join.getLeft().getRowType().getFieldCount();
    JoinRelType type = join.getJoinType();
    if (columns.asList().stream().allMatch(each -> each < left)) {
      return type.generatesNullsOnLeft() ? -1 : 0;
    }
    // Which row of the right an as-of join meets depends on all of them.
    boolean right = columns.asList().stream().allMatch(each -> each >= left);
    return right && type == JoinRelType.INNER && !(join instanceof AsofJoin) ? 1 : -1;
  }

  /** True if further down the column is computed from a time. */
  private static boolean computed(RelNode rel, int column) {
    ImmutableBitSet columns = ImmutableBitSet.of(column);
    if (!mayPass(columns, rel)) {
      return false;
    }
    if (rel instanceof Project) {
      RexNode expression = ((Project) rel).getProjects().get(column);
      if (expression instanceof RexInputRef) {
        return computed(((Project) rel).getInput(), ((RexInputRef) expression).getIndex());
      }
      return TimeExpression.of(expression)
          .filter(each -> each.base() instanceof RexInputRef)
          .isPresent();
    }
    if (rel instanceof Aggregate) {
      Aggregate aggregate = (Aggregate) rel;
      return computed(aggregate.getInput(), aggregate.getGroupSet().nth(column));
    }
    if (rel instanceof Join) {
      Join join = (Join) rel;
      int side = side(join, columns);
      int offset = side == 0 ? 0 : join.getLeft().getRowType().getFieldCount();
      return computed(join.getInput(side), column - offset);
    }
    if (rel instanceof Union) {
      return rel.getInputs().stream().anyMatch(each -> computed(each, column));
    }
    return computed(rel.getInput(0), column);
  }

  private static RelNode under(RelNode rel, RexNode condition) {
    if (rel instanceof Project) {
      Project project = (Project) rel;
      return project.copy(
          project.getTraitSet(),
          List.of(filter(project.getInput(), RelOptUtil.pushPastProject(condition, project))));
    }
    if (rel instanceof Aggregate) {
      Aggregate aggregate = (Aggregate) rel;
      RexNode mapped =
          mapped(condition, aggregate.getInput(), column -> aggregate.getGroupSet().nth(column));
      return aggregate.copy(aggregate.getTraitSet(), List.of(filter(aggregate.getInput(), mapped)));
    }
    if (rel instanceof Join) {
      Join join = (Join) rel;
      int side = side(join, RelOptUtil.InputFinder.bits(condition));
      int offset = side == 0 ? 0 : join.getLeft().getRowType().getFieldCount();
      RexNode mapped = mapped(condition, join.getInput(side), column -> column - offset);
      List<RelNode> inputs = new ArrayList<>(join.getInputs());
      inputs.set(side, filter(inputs.get(side), mapped));
      return join.copy(join.getTraitSet(), inputs);
    }
    if (rel instanceof Union) {
      List<RelNode> inputs = new ArrayList<>();
      for (RelNode input : rel.getInputs()) {
        inputs.add(filter(input, mapped(condition, input, column -> column)));
      }
      return rel.copy(rel.getTraitSet(), inputs);
    }
    return rel.copy(rel.getTraitSet(), List.of(filter(rel.getInput(0), condition)));
  }

  private static RelNode filter(RelNode input, RexNode condition) {
    if (input instanceof Filter && ((Filter) input).getVariablesSet().isEmpty()) {
      Filter filter = (Filter) input;
      RexBuilder builder = input.getCluster().getRexBuilder();
      return filter.copy(
          filter.getTraitSet(),
          filter.getInput(),
          RexUtil.composeConjunction(builder, List.of(filter.getCondition(), condition)));
    }
    return LogicalFilter.create(input, condition);
  }

  private static RexNode mapped(
      RexNode condition, RelNode input, java.util.function.IntUnaryOperator columns) {
    return condition.accept(
        new RexShuttle() {
          @Override
          public RexNode visitInputRef(RexInputRef ref) {
            return RexInputRef.of(columns.applyAsInt(ref.getIndex()), input.getRowType());
          }
        });
  }
}
