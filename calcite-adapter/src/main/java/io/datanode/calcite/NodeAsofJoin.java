package io.datanode.calcite;

import java.util.List;
import java.util.Set;
import org.apache.calcite.adapter.jdbc.JdbcImplementor;
import org.apache.calcite.adapter.jdbc.JdbcRel;
import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.plan.RelOptCost;
import org.apache.calcite.plan.RelOptPlanner;
import org.apache.calcite.plan.RelTraitSet;
import org.apache.calcite.rel.BiRel;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.RelWriter;
import org.apache.calcite.rel.core.AsofJoin;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.metadata.RelMetadataQuery;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexNode;

/**
 * An as-of join done by the storage.
 *
 * <p>While plans are compared it is no {@link Join}: rules of Calcite take every join of an as-of
 * type for a {@code LogicalAsofJoin}, and fail.
 */
final class NodeAsofJoin extends BiRel implements JdbcRel {
  private final RexNode condition;
  private final RexNode match;
  private final JoinRelType type;

  NodeAsofJoin(
      RelOptCluster cluster,
      RelTraitSet traits,
      RelNode left,
      RelNode right,
      RexNode condition,
      RexNode match,
      JoinRelType type,
      RelDataType rowType) {
    super(cluster, traits, left, right);
    this.condition = condition;
    this.match = match;
    this.type = type;
    this.rowType = rowType;
  }

  /** The same as a join, for the writer of SQL. */
  RelNode written() {
    return new Written(getCluster(), getTraitSet(), left, right, condition, match, type);
  }

  @Override
  public NodeAsofJoin copy(RelTraitSet traits, List<RelNode> inputs) {
    return new NodeAsofJoin(
        getCluster(), traits, inputs.get(0), inputs.get(1), condition, match, type, getRowType());
  }

  @Override
  public RelWriter explainTerms(RelWriter writer) {
    return super.explainTerms(writer)
        .item("condition", condition)
        .item("joinType", type.lowerName)
        .item("matchCondition", match);
  }

  @Override
  public double estimateRowCount(RelMetadataQuery query) {
    return query.getRowCount(left);
  }

  @Override
  public RelOptCost computeSelfCost(RelOptPlanner planner, RelMetadataQuery query) {
    // No plan that reads both sides into Calcite is better.
    return planner.getCostFactory().makeTinyCost();
  }

  @Override
  public JdbcImplementor.Result implement(JdbcImplementor implementor) {
    return implementor.implement(written());
  }

  private static final class Written extends AsofJoin implements JdbcRel {
    private Written(
        RelOptCluster cluster,
        RelTraitSet traits,
        RelNode left,
        RelNode right,
        RexNode condition,
        RexNode match,
        JoinRelType type) {
      super(cluster, traits, List.of(), left, right, condition, match, Set.of(), type);
    }

    @Override
    public Written copy(
        RelTraitSet traits,
        RexNode condition,
        RelNode left,
        RelNode right,
        JoinRelType type,
        boolean semiJoinDone) {
      return new Written(getCluster(), traits, left, right, condition, getMatchCondition(), type);
    }

    @Override
    public JdbcImplementor.Result implement(JdbcImplementor implementor) {
      return implementor.implement(this);
    }
  }
}
