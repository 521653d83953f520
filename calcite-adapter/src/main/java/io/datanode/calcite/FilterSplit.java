package io.datanode.calcite;

import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.plan.RelOptRule;
import org.apache.calcite.plan.RelOptRuleCall;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.logical.LogicalFilter;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUtil;

/** Parts the terms of a filter that the storage may answer from those that Calcite must. */
final class FilterSplit extends RelOptRule {
  static final FilterSplit RULE = new FilterSplit();

  private FilterSplit() {
    super(operand(LogicalFilter.class, any()), "FilterSplit");
  }

  @Override
  public void onMatch(RelOptRuleCall call) {
    LogicalFilter filter = call.rel(0);
    List<RexNode> pushed = new ArrayList<>();
    List<RexNode> kept = new ArrayList<>();
    for (RexNode term : RelOptUtil.conjunctions(filter.getCondition())) {
      (Pushable.expression(term) ? pushed : kept).add(term);
    }
    if (pushed.isEmpty() || kept.isEmpty() || !filter.getVariablesSet().isEmpty()) {
      return;
    }
    var builder = filter.getCluster().getRexBuilder();
    LogicalFilter below =
        LogicalFilter.create(filter.getInput(), RexUtil.composeConjunction(builder, pushed));
    call.transformTo(LogicalFilter.create(below, RexUtil.composeConjunction(builder, kept)));
  }
}
