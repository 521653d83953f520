package io.datanode.plan;

import com.google.common.collect.ImmutableList;
import io.datanode.plan.bars.TimeTables;
import java.time.ZoneId;
import java.util.List;
import java.util.Objects;
import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.prepare.Prepare;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.RelRoot;
import org.apache.calcite.rel.core.AggregateCall;
import org.apache.calcite.rel.core.Snapshot;
import org.apache.calcite.rel.logical.LogicalAggregate;
import org.apache.calcite.rel.logical.LogicalAsofJoin;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlAsofJoin;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlSnapshot;
import org.apache.calcite.sql.SqlTableRef;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.apache.calcite.sql.validate.SqlValidator;
import org.apache.calcite.sql2rel.SqlToRelConverter;
import org.apache.calcite.util.ImmutableBitSet;
import org.jspecify.annotations.Nullable;

/**
 * Calcite's converter, which checks recursive queries before it compares types itself, and does not
 * ask what is unique.
 */
final class NodeConverter extends SqlToRelConverter {
  private final ZoneId zone;
  private final SqlPlaces places;

  /**
   * For one statement.
   *
   * @param zone of the session
   * @param places takes down where nodes and times are named
   */
  NodeConverter(
      SqlValidator validator,
      Prepare.CatalogReader catalog,
      RelOptCluster cluster,
      Config config,
      ZoneId zone,
      SqlPlaces places) {
    super(null, validator, catalog, cluster, NodeConvertlets.INSTANCE, config);
    this.zone = zone;
    this.places = places;
  }

  @Override
  protected void convertFrom(
      Blackboard blackboard, @Nullable SqlNode from, @Nullable List<String> fieldNames) {
    super.convertFrom(blackboard, from, fieldNames);
    if (from instanceof SqlIdentifier || from instanceof SqlTableRef) {
      places.name(blackboard.root(), from.getParserPosition());
    } else if (from instanceof SqlSnapshot) {
      places.name(
          ((Snapshot) blackboard.root()).getPeriod(),
          ((SqlSnapshot) from).getPeriod().getParserPosition());
    } else if (from instanceof SqlAsofJoin) {
      SqlNode match = Objects.requireNonNull(((SqlAsofJoin) from).getMatchCondition());
      places.name(matchCondition(blackboard.root()), match.getParserPosition());
    }
  }

  private static RexNode matchCondition(RelNode join) {
    return join instanceof LogicalAsofJoin
        ? ((LogicalAsofJoin) join).getMatchCondition()
        : matchCondition(join.getInput(0));
  }

  @Override
  protected void convertCollectionTable(Blackboard blackboard, SqlCall call) {
    if (!TimeTables.isTimeTable(call) || validator == null) {
      super.convertCollectionTable(blackboard, call);
      return;
    }
    blackboard.setRoot(
        TimeTables.expand(
            call,
            validator.getValidatedNodeType(call),
            zone,
            table -> convertQueryRecursive(table, false, null).project(),
            blackboard::convertExpression),
        true);
  }

  @Override
  protected RelRoot convertQueryRecursive(
      SqlNode query, boolean top, @Nullable RelDataType targetRowType) {
    RelRoot converted = super.convertQueryRecursive(query, top, targetRowType);
    RecursiveQueries.check(converted.rel);
    return top && validator != null
        ? converted.withRel(nullableAs(converted.rel, validator.getValidatedNodeType(query)))
        : converted;
  }

  /**
   * The same rows with columns that may be NULL as the validator says. It sees that {@code CASE
   * WHEN e IS NOT NULL THEN e ELSE 0 END} is never NULL, the converter does not if {@code e} holds
   * a sub-query, and Calcite takes that for an error.
   */
  private static RelNode nullableAs(RelNode rel, RelDataType wanted) {
    // Behind the columns of the result are those that it is only sorted by.
    RelDataTypeFactory.Builder types = rel.getCluster().getTypeFactory().builder();
    for (RelDataTypeField field : rel.getRowType().getFieldList()) {
      RelDataType type =
          field.getIndex() < wanted.getFieldCount()
              ? wanted.getFieldList().get(field.getIndex()).getType()
              : field.getType();
      if (!SqlTypeUtil.equalSansNullability(type, field.getType())) {
        return rel;
      }
      types.add(field.getName(), type);
    }
    RelDataType row = types.build();
    return RelOptUtil.areRowTypesEqual(rel.getRowType(), row, false)
        ? rel
        : RelOptUtil.createCastRel(rel, row, false);
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
