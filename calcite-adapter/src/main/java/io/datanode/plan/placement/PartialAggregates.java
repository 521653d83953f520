package io.datanode.plan.placement;

import io.datanode.plan.filter.FilterPush;
import io.datanode.plan.filter.RelTree;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.core.AggregateCall;
import org.apache.calcite.rel.core.AsofJoin;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.core.Sort;
import org.apache.calcite.rel.core.Union;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rel.logical.LogicalUnion;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.type.SqlTypeFamily;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.util.ImmutableBitSet;
import org.jspecify.annotations.Nullable;

/**
 * Has storages aggregate, and cut to a limit, what would otherwise be shipped row by row: COUNT,
 * SUM, AVG, MIN and MAX over an inner join with another storage, or over a union of storages, are
 * computed in parts, one for each key, and put together in the embedded engine.
 */
final class PartialAggregates {
  private final RexBuilder rex;
  private final AggregateParts steps;

  PartialAggregates(RexBuilder rex) {
    this.rex = rex;
    this.steps = new AggregateParts(rex);
  }

  RelNode apply(RelNode rel) {
    RelNode copied = RelTree.map(rel, this::apply);
    RelNode better = null;
    if (copied instanceof Aggregate) {
      better = aggregate((Aggregate) copied);
    } else if (copied instanceof Sort) {
      better = new UnionLimits(rex).cut((Sort) copied);
    }
    return better == null ? copied : better;
  }

  private @Nullable RelNode aggregate(Aggregate aggregate) {
    if (aggregate.getGroupType() != Aggregate.Group.SIMPLE) {
      return null;
    }
    for (AggregateCall call : aggregate.getAggCallList()) {
      if (!AggregateParts.isDecomposable(call)) {
        return null;
      }
    }
    RelNode rows = aggregate.getInput();
    List<RexNode> expressions = identity(rows);
    while (rows instanceof Project && !((Project) rows).containsOver()) {
      expressions = RelOptUtil.pushPastProject(expressions, (Project) rows);
      rows = ((Project) rows).getInput();
    }
    if (rows instanceof Join) {
      return overJoin(aggregate, expressions, (Join) rows);
    }
    return rows instanceof Union && ((Union) rows).all
        ? overUnion(aggregate, expressions, (Union) rows)
        : null;
  }

  private List<RexNode> identity(RelNode rel) {
    List<RexNode> references = new ArrayList<>();
    for (int i = 0; i < rel.getRowType().getFieldCount(); i++) {
      references.add(rex.makeInputRef(rel, i));
    }
    return references;
  }

  /** Aggregates the side of a join that one other storage holds, by its keys of the join. */
  private @Nullable RelNode overJoin(Aggregate aggregate, List<RexNode> expressions, Join join) {
    if (join.getJoinType() != JoinRelType.INNER
        || join instanceof AsofJoin
        || !FilterPush.movable(join.getCondition())) {
      return null;
    }
    int leftCount = join.getLeft().getRowType().getFieldCount();
    int count = join.getRowType().getFieldCount();
    boolean leftForeign = UnionLimits.isForeign(join.getLeft());
    boolean rightForeign = UnionLimits.isForeign(join.getRight());
    if (leftForeign == rightForeign) {
      return null;
    }
    RelNode side = leftForeign ? join.getLeft() : join.getRight();
    int offset = leftForeign ? 0 : leftCount;
    ImmutableBitSet own =
        leftForeign ? ImmutableBitSet.range(leftCount) : ImmutableBitSet.range(leftCount, count);
    // Keys: its columns in the condition and in expressions that are grouped by.
    ImmutableBitSet keys = RelOptUtil.InputFinder.bits(join.getCondition()).intersect(own);
    for (int group : aggregate.getGroupSet()) {
      RexNode expression = expressions.get(group);
      if (!FilterPush.movable(expression)) {
        return null;
      }
      keys = keys.union(RelOptUtil.InputFinder.bits(expression).intersect(own));
    }
    List<RexNode> arguments = new ArrayList<>();
    for (AggregateCall call : aggregate.getAggCallList()) {
      RexNode argument =
          call.getArgList().isEmpty() ? null : expressions.get(call.getArgList().get(0));
      if (argument == null) {
        continue;
      }
      ImmutableBitSet used = RelOptUtil.InputFinder.bits(argument);
      if (used.isEmpty() || !own.contains(used) || !FilterPush.movable(argument)) {
        return null;
      }
      arguments.add(argument);
    }
    if (keys.isEmpty() || keys.asList().stream().anyMatch(key -> isTime(join, key))) {
      // By time there is about one row for each key, and nothing is won.
      return null;
    }
    List<Integer> keyList = keys.asList();
    List<RexNode> sideExpressions = new ArrayList<>();
    for (int key : keyList) {
      sideExpressions.add(rex.makeInputRef(side, key - offset));
    }
    arguments.forEach(argument -> sideExpressions.add(RexUtil.shift(argument, -offset)));
    RelNode sideRows = project(side, sideExpressions);
    List<AggregateParts.Parts> parts = AggregateParts.parts(aggregate, sideRows, keyList.size());
    RelNode partial = AggregateParts.partial(sideRows, keyList.size(), parts);
    return joined(aggregate, expressions, join, leftForeign, keyList, partial, parts);
  }

  private RelNode joined(
      Aggregate aggregate,
      List<RexNode> expressions,
      Join join,
      boolean leftForeign,
      List<Integer> keys,
      RelNode partial,
      List<AggregateParts.Parts> parts) {
    int leftCount = join.getLeft().getRowType().getFieldCount();
    RelNode other = leftForeign ? join.getRight() : join.getLeft();
    int otherCount = other.getRowType().getFieldCount();
    int partialCount = partial.getRowType().getFieldCount();
    RexShuttle places =
        new RexShuttle() {
          @Override
          public RexNode visitInputRef(RexInputRef ref) {
            int index = ref.getIndex();
            boolean own = index < leftCount == leftForeign;
            int place =
                own
                    ? keys.indexOf(index) + (leftForeign ? 0 : otherCount)
                    : leftForeign ? index - leftCount + partialCount : index;
            return new RexInputRef(place, ref.getType());
          }
        };
    RelNode left = leftForeign ? partial : other;
    RelNode right = leftForeign ? other : partial;
    RelNode rows =
        join.copy(
            join.getTraitSet(),
            join.getCondition().accept(places),
            left,
            right,
            JoinRelType.INNER,
            false);
    List<RexNode> outputs = new ArrayList<>();
    for (int group : aggregate.getGroupSet()) {
      outputs.add(expressions.get(group).accept(places));
    }
    int firstPart = (leftForeign ? 0 : otherCount) + keys.size();
    for (int i = 0; i < partialCount - keys.size(); i++) {
      outputs.add(rex.makeInputRef(rows, firstPart + i));
    }
    return steps.together(aggregate, project(rows, outputs), parts);
  }

  /** Aggregates each input of a union by itself. */
  private @Nullable RelNode overUnion(Aggregate aggregate, List<RexNode> expressions, Union union) {
    boolean someForeign = union.getInputs().stream().anyMatch(UnionLimits::isForeign);
    boolean timeKey =
        aggregate.getGroupSet().asList().stream()
            .anyMatch(
                group ->
                    isTime(expressions.get(group).getType())
                        && expressions.get(group) instanceof RexInputRef);
    if (!someForeign || timeKey || Scans.of(union).only() != null) {
      return null;
    }
    List<RexNode> wanted = new ArrayList<>();
    for (int group : aggregate.getGroupSet()) {
      wanted.add(expressions.get(group));
    }
    for (AggregateCall call : aggregate.getAggCallList()) {
      if (!call.getArgList().isEmpty()) {
        wanted.add(expressions.get(call.getArgList().get(0)));
      }
    }
    if (!wanted.stream().allMatch(FilterPush::movable)) {
      return null;
    }
    int keys = aggregate.getGroupCount();
    List<RelNode> inputs = new ArrayList<>();
    List<AggregateParts.Parts> parts = List.of();
    RelDataType type = null;
    for (RelNode input : union.getInputs()) {
      if (!RelOptUtil.areRowTypesEqual(input.getRowType(), union.getRowType(), false)) {
        return null;
      }
      RelNode rows = project(input, wanted);
      parts = AggregateParts.parts(aggregate, rows, keys);
      RelNode partial = AggregateParts.partial(rows, keys, parts);
      type = type == null ? partial.getRowType() : type;
      if (!RelOptUtil.areRowTypesEqual(partial.getRowType(), type, false)) {
        return null;
      }
      inputs.add(partial);
    }
    return steps.together(aggregate, LogicalUnion.create(inputs, true), parts);
  }

  private RelNode project(RelNode rel, List<RexNode> expressions) {
    List<@Nullable String> names = new ArrayList<>();
    for (RexNode expression : expressions) {
      names.add(
          expression instanceof RexInputRef
              ? rel.getRowType().getFieldNames().get(((RexInputRef) expression).getIndex())
              : null);
    }
    return LogicalProject.create(rel, List.of(), expressions, names, Set.of());
  }

  private static boolean isTime(RelNode rel, int column) {
    return isTime(rel.getRowType().getFieldList().get(column).getType());
  }

  private static boolean isTime(RelDataType type) {
    return SqlTypeFamily.DATETIME.contains(type)
        || type.getSqlTypeName() == SqlTypeName.TIMESTAMP_WITH_LOCAL_TIME_ZONE;
  }
}
