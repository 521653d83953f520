package io.datanode.calcite;

import java.util.function.Predicate;
import org.apache.calcite.adapter.enumerable.EnumerableRules;
import org.apache.calcite.adapter.jdbc.JdbcConvention;
import org.apache.calcite.adapter.jdbc.JdbcRules;
import org.apache.calcite.linq4j.tree.Expression;
import org.apache.calcite.plan.Convention;
import org.apache.calcite.plan.RelOptPlanner;
import org.apache.calcite.plan.RelOptRule;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.convert.ConverterRule;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.core.Sort;
import org.apache.calcite.rel.rules.CoreRules;
import org.apache.calcite.sql.SqlDialect;

/**
 * Work done by the storage of one schema. Calcite's rules for JDBC, each held back where the
 * storage would answer otherwise than Calcite.
 */
final class NodeConvention extends JdbcConvention {
  NodeConvention(SqlDialect dialect, Expression expression, String name) {
    super(dialect, expression, name);
  }

  @Override
  public void register(RelOptPlanner planner) {
    planner.addRule(NodeToEnumerable.rule(this));
    planner.addRule(only(JdbcRules.JdbcFilterRule.create(this), Filter.class, Pushable::filter));
    planner.addRule(only(JdbcRules.JdbcProjectRule.create(this), Project.class, Pushable::project));
    planner.addRule(only(JdbcRules.JdbcJoinRule.create(this), Join.class, Pushable::join));
    planner.addRule(
        only(JdbcRules.JdbcAggregateRule.create(this), Aggregate.class, Pushable::aggregate));
    planner.addRule(only(JdbcRules.JdbcSortRule.create(this), Sort.class, sort -> true));
    planner.addRule(JdbcRules.JdbcUnionRule.create(this));
    planner.addRule(JdbcRules.JdbcIntersectRule.create(this));
    planner.addRule(JdbcRules.JdbcMinusRule.create(this));
    planner.addRule(CoreRules.FILTER_SET_OP_TRANSPOSE);
    planner.addRule(CoreRules.PROJECT_REMOVE);
    planner.addRule(FilterSplit.RULE);
    // Calcite's rule takes the farthest row where the match condition names the left side first.
    planner.removeRule(EnumerableRules.ENUMERABLE_ASOFJOIN_RULE);
    planner.addRule(AsofJoins.inStorage(this));
    planner.addRule(AsofJoins.inCalcite());
  }

  private <R extends RelNode> RelOptRule only(
      ConverterRule rule, Class<R> kind, Predicate<R> pushable) {
    return ((ConverterRule.Config) rule.config)
        .withConversion(kind, pushable, Convention.NONE, this, rule.getClass().getSimpleName())
        .toRule();
  }
}
