package io.datanode.plan.placement;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.calcite.rel.RelCollations;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.core.AggregateCall;
import org.apache.calcite.rel.logical.LogicalAggregate;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlAggFunction;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.util.ImmutableBitSet;
import org.jspecify.annotations.Nullable;

/**
 * An aggregate in two steps: each part of the rows by itself, then the parts together. AVG is made
 * of SUM and COUNT.
 */
final class AggregateParts {
  private final RexBuilder rex;

  AggregateParts(RexBuilder rex) {
    this.rex = rex;
  }

  /** How a call is computed from parts: the calls of the parts, and what puts them together. */
  record Parts(List<AggregateCall> partial, AggregateCall original) {}

  /** True for a call that can be computed so. */
  static boolean isDecomposable(AggregateCall call) {
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

  /**
   * How the calls of an aggregate are computed from rows whose first columns are keys, and the next
   * the arguments of the calls.
   */
  static List<Parts> parts(Aggregate aggregate, RelNode rows, int keys) {
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

  /** The first step. */
  static RelNode partial(RelNode rows, int keys, List<Parts> parts) {
    List<AggregateCall> calls = new ArrayList<>();
    parts.forEach(each -> calls.addAll(each.partial()));
    return LogicalAggregate.create(
        rows, List.of(EmptyPieces.PARTIAL), ImmutableBitSet.range(keys), null, calls);
  }

  /** The second step: groups first, then the parts, in the order of the calls. */
  RelNode together(Aggregate aggregate, RelNode rows, List<Parts> parts) {
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
}
