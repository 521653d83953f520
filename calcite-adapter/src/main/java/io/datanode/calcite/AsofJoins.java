package io.datanode.calcite;

import io.datanode.DataNodeException;
import io.datanode.jdbc.SqlState;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.calcite.adapter.enumerable.EnumerableAsofJoin;
import org.apache.calcite.adapter.enumerable.EnumerableConvention;
import org.apache.calcite.plan.Convention;
import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.plan.RelOptCost;
import org.apache.calcite.plan.RelOptPlanner;
import org.apache.calcite.plan.RelOptRule;
import org.apache.calcite.plan.RelTraitSet;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.convert.ConverterRule;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.JoinInfo;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.core.Sort;
import org.apache.calcite.rel.core.TableScan;
import org.apache.calcite.rel.logical.LogicalAsofJoin;
import org.apache.calcite.rel.metadata.RelMetadataQuery;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.jspecify.annotations.Nullable;

/** Rules for as-of joins, which Calcite's own answer wrongly or not at all. */
final class AsofJoins {
  private AsofJoins() {}

  /** An as-of join of nodes of one storage is joined there. */
  static RelOptRule inStorage(NodeConvention convention) {
    return ConverterRule.Config.INSTANCE
        .withConversion(
            LogicalAsofJoin.class,
            AsofJoins::columnsOnly,
            Convention.NONE,
            convention,
            "AsofJoinInStorage")
        .withRuleFactory(InStorage::new)
        .toRule();
  }

  /** Another as-of join runs in Calcite, with the match condition turned as Calcite needs it. */
  static RelOptRule inCalcite() {
    return ConverterRule.Config.INSTANCE
        .withConversion(
            LogicalAsofJoin.class,
            AsofJoins::columnsOnly,
            Convention.NONE,
            EnumerableConvention.INSTANCE,
            "AsofJoinInCalcite")
        .withRuleFactory(InCalcite::new)
        .toRule();
  }

  private static boolean columnsOnly(LogicalAsofJoin join) {
    return join.getMatchCondition() instanceof RexCall match
        && match.getOperands().size() == 2
        && match.getOperands().stream().allMatch(RexInputRef.class::isInstance)
        && JoinInfo.of(join.getLeft(), join.getRight(), join.getCondition()).isEqui();
  }

  /**
   * Refuses a comparison of the knowledge time of a node that shows its newest versions only: those
   * that were known at the time of a left row may since have been replaced.
   */
  private static void checkVersions(LogicalAsofJoin join) {
    int left = join.getLeft().getRowType().getFieldCount();
    for (RexNode operand : ((RexCall) join.getMatchCondition()).getOperands()) {
      int column = ((RexInputRef) operand).getIndex() - left;
      ScannedNode node = column < 0 ? null : ofKnowledgeTime(join.getRight(), column);
      if (node != null && !node.showsAllVersions()) {
        throw new DataNodeException(
            SqlState.INVALID_SQL,
            "The as-of join compares the knowledge time of '"
                + node.name()
                + "', of which only the newest versions are read; read the table "
                + node.name().identifier()
                + "$versions to compare all of them");
      }
    }
  }

  /** The node whose knowledge time a column is as it is stored, or null. */
  private static @Nullable ScannedNode ofKnowledgeTime(RelNode planned, int column) {
    RelNode rel = planned.stripped();
    if (rel instanceof Filter || rel instanceof Sort) {
      return ofKnowledgeTime(rel.getInput(0), column);
    } else if (rel instanceof Project) {
      RexNode expression = ((Project) rel).getProjects().get(column);
      return expression instanceof RexInputRef
          ? ofKnowledgeTime(rel.getInput(0), ((RexInputRef) expression).getIndex())
          : null;
    }
    ScannedNode node =
        rel instanceof TableScan && rel.getTable() != null
            ? rel.getTable().unwrap(ScannedNode.class)
            : null;
    return node != null && node.isKnowledgeTime(rel.getRowType().getFieldNames().get(column))
        ? node
        : null;
  }

  private static final class InStorage extends ConverterRule {
    private InStorage(Config config) {
      super(config);
    }

    @Override
    public RelNode convert(RelNode rel) {
      LogicalAsofJoin join = (LogicalAsofJoin) rel;
      checkVersions(join);
      return new NodeAsofJoin(
          join.getCluster(),
          join.getTraitSet().replace(getOutTrait()),
          convert(join.getLeft(), join.getLeft().getTraitSet().replace(getOutTrait())),
          convert(join.getRight(), join.getRight().getTraitSet().replace(getOutTrait())),
          join.getCondition(),
          join.getMatchCondition(),
          join.getJoinType(),
          join.getRowType());
    }
  }

  private static final class InCalcite extends ConverterRule {
    private InCalcite(Config config) {
      super(config);
    }

    @Override
    public @Nullable RelNode convert(RelNode rel) {
      LogicalAsofJoin join = (LogicalAsofJoin) rel;
      checkVersions(join);
      List<RelNode> inputs = new ArrayList<>();
      for (RelNode input : join.getInputs()) {
        inputs.add(convert(input, input.getTraitSet().replace(EnumerableConvention.INSTANCE)));
      }
      return new Quadratic(
          join.getCluster(),
          join.getCluster().traitSetOf(EnumerableConvention.INSTANCE),
          inputs.get(0),
          inputs.get(1),
          join.getCondition(),
          rightSideFirst(join),
          join.getJoinType());
    }

    /** Calcite tells from the comparison alone which row is nearest, as if the right came first. */
    private static RexNode rightSideFirst(LogicalAsofJoin join) {
      RexCall match = (RexCall) join.getMatchCondition();
      RexInputRef first = (RexInputRef) match.getOperands().get(0);
      if (first.getIndex() >= join.getLeft().getRowType().getFieldCount()) {
        return match;
      }
      RexBuilder builder = join.getCluster().getRexBuilder();
      return builder.makeCall(mirrored(match.getKind()), match.getOperands().get(1), first);
    }

    private static SqlOperator mirrored(SqlKind comparison) {
      switch (comparison) {
        case LESS_THAN:
          return SqlStdOperatorTable.GREATER_THAN;
        case LESS_THAN_OR_EQUAL:
          return SqlStdOperatorTable.GREATER_THAN_OR_EQUAL;
        case GREATER_THAN:
          return SqlStdOperatorTable.LESS_THAN;
        case GREATER_THAN_OR_EQUAL:
          return SqlStdOperatorTable.LESS_THAN_OR_EQUAL;
        default:
          throw new IllegalArgumentException(comparison.sql);
      }
    }
  }

  /** Calcite's join with its real cost, so that the storage's is taken wherever there is one. */
  private static final class Quadratic extends EnumerableAsofJoin {
    private Quadratic(
        RelOptCluster cluster,
        RelTraitSet traits,
        RelNode left,
        RelNode right,
        RexNode condition,
        RexNode match,
        JoinRelType type) {
      super(cluster, traits, left, right, condition, match, Set.of(), type);
    }

    @Override
    public Join copy(RelTraitSet traits, List<RelNode> inputs) {
      return new Quadratic(
          getCluster(),
          traits,
          inputs.get(0),
          inputs.get(1),
          getCondition(),
          getMatchCondition(),
          joinType);
    }

    @Override
    public RelOptCost computeSelfCost(RelOptPlanner planner, RelMetadataQuery query) {
      double pairs = query.getRowCount(left) * query.getRowCount(right);
      return planner.getCostFactory().makeCost(1e6 + pairs, pairs, 0);
    }
  }
}
