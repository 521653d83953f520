package io.datanode.plan;

import com.google.common.collect.ImmutableList;
import java.util.List;
import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.prepare.Prepare;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.RelRoot;
import org.apache.calcite.rel.core.AggregateCall;
import org.apache.calcite.rel.logical.LogicalAggregate;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.validate.SqlValidator;
import org.apache.calcite.sql2rel.SqlToRelConverter;
import org.apache.calcite.util.ImmutableBitSet;
import org.jspecify.annotations.Nullable;

/**
 * Calcite's converter, which checks recursive queries before it compares types itself, and does not
 * ask what is unique.
 */
final class NodeConverter extends SqlToRelConverter {
  NodeConverter(
      SqlValidator validator, Prepare.CatalogReader catalog, RelOptCluster cluster, Config config) {
    super(null, validator, catalog, cluster, NodeConvertlets.INSTANCE, config);
  }

  @Override
  protected RelRoot convertQueryRecursive(
      SqlNode query, boolean top, @Nullable RelDataType targetRowType) {
    RelRoot converted = super.convertQueryRecursive(query, top, targetRowType);
    RecursiveQueries.check(converted.rel);
    return converted;
  }

  /** Calcite would leave out what groups unique rows, and logs what it cannot find out of them. */
  @Override
  protected RelNode createAggregate(
      Blackboard blackboard,
      ImmutableBitSet groupSet,
      ImmutableList<ImmutableBitSet> groupSets,
      List<AggregateCall> calls) {
    return calls.isEmpty() && groupSets.size() == 1
        ? LogicalAggregate.create(blackboard.root(), List.of(), groupSet, groupSets, calls)
        : super.createAggregate(blackboard, groupSet, groupSets, calls);
  }
}
