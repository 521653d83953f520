package io.datanode.plan.placement;

import io.datanode.plan.filter.FilterPush;
import io.datanode.plan.filter.RelTree;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelCollation;
import org.apache.calcite.rel.RelCollations;
import org.apache.calcite.rel.RelFieldCollation;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.core.AggregateCall;
import org.apache.calcite.rel.core.AsofJoin;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.core.Sort;
import org.apache.calcite.rel.core.Union;
import org.apache.calcite.rel.logical.LogicalAggregate;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rel.logical.LogicalSort;
import org.apache.calcite.rel.logical.LogicalUnion;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.SqlAggFunction;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
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

  PartialAggregates(RexBuilder rex) {
    this.rex = rex;
  }

  RelNode apply(RelNode rel) {
    RelNode copied = RelTree.map(rel, this::apply);
    RelNode better = null;
    if (copied instanceof Aggregate) {
      better = aggregate((Aggregate) copied);
    } else if (copied instanceof Sort) {
      better = limit((Sort) copied);
    }
    return better == null ? copied : better;
  }

  /** How a call is computed from parts: the calls of the parts, and what puts them together. */
  private record Parts(List<AggregateCall> partial, AggregateCall original) {}

  private @Nullable RelNode aggregate(Aggregate aggregate) {
    if (aggregate.getGroupType() != Aggregate.Group.SIMPLE) {
      return null;
    }
    for (AggregateCall call : aggregate.getAggCallList()) {
      if (!isDecomposable(call)) {
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

  private static boolean isDecomposable(AggregateCall call) {
    boolean known =
        call.getAggregation().getKind() == SqlKind.COUNT
            || call.getAggregation().getKind() == SqlKind.SUM
            || call.getAggregation().getKind() == SqlKind.MIN
            || call.getAggregation().getKind() == SqlKind.MAX
            || call.getAggregation().getKind() == SqlKind.AVG;
    return known
        && !call.isDistinct()
        && call.filterArg < 0
        && call.getArgList().size() <= 1
        && call.distinctKeys == null
        && call.getCollation().equals(RelCollations.EMPTY);
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
    boolean leftForeign = isForeign(join.getLeft());
    boolean rightForeign = isForeign(join.getRight());
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
    List<Parts> parts = parts(aggregate, sideRows, keyList.size());
    RelNode partial = partial(sideRows, keyList.size(), parts);
    return joined(aggregate, expressions, join, leftForeign, keyList, partial, parts);
  }

  private RelNode joined(
      Aggregate aggregate,
      List<RexNode> expressions,
      Join join,
      boolean leftForeign,
      List<Integer> keys,
      RelNode partial,
      List<Parts> parts) {
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
    return together(aggregate, project(rows, outputs), parts);
  }

  /** Aggregates each input of a union by itself. */
  private @Nullable RelNode overUnion(Aggregate aggregate, List<RexNode> expressions, Union union) {
    boolean someForeign = union.getInputs().stream().anyMatch(PartialAggregates::isForeign);
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
    List<Parts> parts = List.of();
    RelDataType type = null;
    for (RelNode input : union.getInputs()) {
      if (!RelOptUtil.areRowTypesEqual(input.getRowType(), union.getRowType(), false)) {
        return null;
      }
      RelNode rows = project(input, wanted);
      parts = parts(aggregate, rows, keys);
      RelNode partial = partial(rows, keys, parts);
      type = type == null ? partial.getRowType() : type;
      if (!RelOptUtil.areRowTypesEqual(partial.getRowType(), type, false)) {
        return null;
      }
      inputs.add(partial);
    }
    return together(aggregate, LogicalUnion.create(inputs, true), parts);
  }

  private List<Parts> parts(Aggregate aggregate, RelNode rows, int keys) {
    List<Parts> parts = new ArrayList<>();
    int argument = keys;
    for (AggregateCall call : aggregate.getAggCallList()) {
      List<Integer> arguments = call.getArgList().isEmpty() ? List.of() : List.of(argument++);
      List<AggregateCall> partial = new ArrayList<>();
      switch (call.getAggregation().getKind()) {
        case AVG:
          partial.add(call(SqlStdOperatorTable.SUM, arguments, rows, keys, null));
          partial.add(call(SqlStdOperatorTable.COUNT, arguments, rows, keys, null));
          break;
        default:
          partial.add(call(call.getAggregation(), arguments, rows, keys, null));
      }
      parts.add(new Parts(partial, call));
    }
    return parts;
  }

  private static AggregateCall call(
      SqlAggFunction function,
      List<Integer> arguments,
      RelNode rows,
      int keys,
      @Nullable RelDataType type) {
    return AggregateCall.create(
        function,
        false,
        false,
        false,
        List.of(),
        arguments,
        -1,
        null,
        RelCollations.EMPTY,
        keys,
        rows,
        type,
        null);
  }

  private static RelNode partial(RelNode rows, int keys, List<Parts> parts) {
    List<AggregateCall> calls = new ArrayList<>();
    parts.forEach(each -> calls.addAll(each.partial()));
    return LogicalAggregate.create(
        rows, List.of(EmptyPieces.PARTIAL), ImmutableBitSet.range(keys), null, calls);
  }

  /** Puts parts together: groups first, then the parts, in the order of the calls. */
  private RelNode together(Aggregate aggregate, RelNode rows, List<Parts> parts) {
    int groups = aggregate.getGroupCount();
    List<AggregateCall> calls = new ArrayList<>();
    int place = groups;
    for (Parts each : parts) {
      SqlKind kind = each.original().getAggregation().getKind();
      for (AggregateCall part : each.partial()) {
        SqlAggFunction function =
            part.getAggregation().getKind() == SqlKind.COUNT
                ? SqlStdOperatorTable.SUM0
                : kind == SqlKind.AVG ? SqlStdOperatorTable.SUM : part.getAggregation();
        calls.add(call(function, List.of(place++), rows, groups, null));
      }
    }
    RelNode total =
        LogicalAggregate.create(rows, List.of(), ImmutableBitSet.range(groups), null, calls);
    List<RexNode> outputs = new ArrayList<>();
    for (int i = 0; i < groups; i++) {
      outputs.add(cast(rex.makeInputRef(total, i), aggregate, i));
    }
    int column = groups;
    for (Parts each : parts) {
      RexNode value = rex.makeInputRef(total, column++);
      if (each.original().getAggregation().getKind() == SqlKind.AVG) {
        value = average(value, rex.makeInputRef(total, column++));
      }
      outputs.add(cast(value, aggregate, outputs.size()));
    }
    return LogicalProject.create(
        total, List.of(), outputs, aggregate.getRowType().getFieldNames(), Set.of());
  }

  private RexNode average(RexNode sum, RexNode count) {
    RelDataType number =
        rex.getTypeFactory()
            .createTypeWithNullability(
                rex.getTypeFactory().createSqlType(SqlTypeName.DOUBLE), true);
    RexNode zero = rex.makeExactLiteral(java.math.BigDecimal.ZERO, count.getType());
    RexNode divisor =
        rex.makeCall(
            number,
            SqlStdOperatorTable.CASE,
            List.of(
                rex.makeCall(SqlStdOperatorTable.EQUALS, count, zero),
                rex.makeNullLiteral(number),
                rex.makeAbstractCast(number, count, false)));
    return rex.makeCall(
        number,
        SqlStdOperatorTable.DIVIDE,
        List.of(rex.makeAbstractCast(number, sum, false), divisor));
  }

  private RexNode cast(RexNode value, Aggregate aggregate, int column) {
    RelDataType type = aggregate.getRowType().getFieldList().get(column).getType();
    if (value.getType().equals(type)) {
      return value;
    }
    return rex.makeAbstractCast(type, value, false);
  }

  /** Cuts each input of a union to as many rows as the whole is cut to. */
  private @Nullable RelNode limit(Sort sort) {
    boolean whole = sort.fetch instanceof RexLiteral || (sort.fetch != null && sort.offset == null);
    boolean start = sort.offset == null || sort.offset instanceof RexLiteral;
    Project project = sort.getInput() instanceof Project ? (Project) sort.getInput() : null;
    RelNode input = project == null ? sort.getInput() : project.getInput();
    RelCollation collation = below(sort.getCollation(), project);
    if (!whole || !start || !(input instanceof Union) || collation == null) {
      return null;
    }
    Union union = (Union) input;
    if (!union.all
        || Scans.of(union).only() != null
        || union.getInputs().stream().noneMatch(PartialAggregates::isForeign)
        || union.getInputs().stream().anyMatch(each -> each instanceof Sort)) {
      return null;
    }
    RexNode rows = sort.fetch;
    if (sort.offset != null) {
      rows =
          rex.makeExactLiteral(
              RexLiteral.bigDecimalValue(sort.fetch).add(RexLiteral.bigDecimalValue(sort.offset)));
    }
    List<RelNode> inputs = new ArrayList<>();
    for (RelNode each : union.getInputs()) {
      inputs.add(LogicalSort.create(each, collation, null, rows));
    }
    RelNode cut = LogicalUnion.create(inputs, true);
    return sort.copy(
        sort.getTraitSet(),
        List.of(project == null ? cut : project.copy(project.getTraitSet(), List.of(cut))));
  }

  /** The same order by columns of the input of a projection; null if they are computed. */
  private static @Nullable RelCollation below(RelCollation collation, @Nullable Project project) {
    if (project == null) {
      return collation;
    }
    List<RelFieldCollation> fields = new ArrayList<>();
    for (RelFieldCollation field : collation.getFieldCollations()) {
      RexNode key = project.getProjects().get(field.getFieldIndex());
      if (!(key instanceof RexInputRef)) {
        return null;
      }
      fields.add(field.withFieldIndex(((RexInputRef) key).getIndex()));
    }
    return project.containsOver() ? null : RelCollations.of(fields);
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

  private static boolean isForeign(RelNode rel) {
    Scans scans = Scans.of(rel);
    return scans.only() != null && !scans.foreign().isEmpty() && scans.closed() && !limited(rel);
  }

  private static boolean limited(RelNode rel) {
    return (rel instanceof Sort && ((Sort) rel).fetch != null)
        || ((rel instanceof Filter || rel instanceof Project) && limited(rel.getInput(0)));
  }

  private static boolean isTime(RelNode rel, int column) {
    return isTime(rel.getRowType().getFieldList().get(column).getType());
  }

  private static boolean isTime(RelDataType type) {
    return SqlTypeFamily.DATETIME.contains(type)
        || type.getSqlTypeName() == SqlTypeName.TIMESTAMP_WITH_LOCAL_TIME_ZONE;
  }
}
