package io.datanode.calcite;

import java.util.List;
import java.util.Set;
import org.apache.calcite.avatica.util.TimeUnit;
import org.apache.calcite.avatica.util.TimeUnitRange;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.core.AggregateCall;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexDynamicParam;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;

/**
 * Which expressions a storage answers exactly as Calcite does. All others run in Calcite: division
 * of whole numbers, for example, is cut there and not in DuckDB.
 */
final class Pushable {
  private static final Set<SqlKind> SAME =
      Set.of(
          SqlKind.AND,
          SqlKind.OR,
          SqlKind.NOT,
          SqlKind.EQUALS,
          SqlKind.NOT_EQUALS,
          SqlKind.LESS_THAN,
          SqlKind.LESS_THAN_OR_EQUAL,
          SqlKind.GREATER_THAN,
          SqlKind.GREATER_THAN_OR_EQUAL,
          SqlKind.IS_NULL,
          SqlKind.IS_NOT_NULL,
          SqlKind.IS_TRUE,
          SqlKind.IS_FALSE,
          SqlKind.IS_NOT_TRUE,
          SqlKind.IS_NOT_FALSE,
          SqlKind.IS_DISTINCT_FROM,
          SqlKind.IS_NOT_DISTINCT_FROM,
          SqlKind.BETWEEN,
          SqlKind.SEARCH,
          SqlKind.CASE,
          SqlKind.COALESCE);

  private static final Set<TimeUnitRange> FLOOR_UNITS =
      Set.of(
          TimeUnitRange.YEAR,
          TimeUnitRange.QUARTER,
          TimeUnitRange.MONTH,
          TimeUnitRange.DAY,
          TimeUnitRange.HOUR,
          TimeUnitRange.MINUTE,
          TimeUnitRange.SECOND);

  private static final Set<TimeUnitRange> EXTRACT_UNITS =
      Set.of(
          TimeUnitRange.YEAR,
          TimeUnitRange.QUARTER,
          TimeUnitRange.MONTH,
          TimeUnitRange.DAY,
          TimeUnitRange.HOUR,
          TimeUnitRange.MINUTE);

  private static final Set<TimeUnit> STEP_UNITS =
      Set.of(TimeUnit.YEAR, TimeUnit.MONTH, TimeUnit.DAY, TimeUnit.HOUR, TimeUnit.MINUTE);

  private static final Set<SqlTypeName> SORTABLE_LITERALS =
      Set.of(
          SqlTypeName.BOOLEAN,
          SqlTypeName.DECIMAL,
          SqlTypeName.DOUBLE,
          SqlTypeName.CHAR,
          SqlTypeName.DATE,
          SqlTypeName.TIMESTAMP,
          SqlTypeName.NULL);

  private Pushable() {}

  static boolean filter(Filter filter) {
    return filter.getVariablesSet().isEmpty() && expression(filter.getCondition());
  }

  static boolean project(Project project) {
    return expressions(project.getProjects());
  }

  /** As-of joins have a rule of their own. */
  static boolean join(Join join) {
    switch (join.getJoinType()) {
      case INNER:
      case LEFT:
      case RIGHT:
      case FULL:
        return join.getVariablesSet().isEmpty() && expression(join.getCondition());
      default:
        return false;
    }
  }

  static boolean aggregate(Aggregate aggregate) {
    return aggregate.getAggCallList().stream().allMatch(call -> call(call, aggregate));
  }

  private static boolean call(AggregateCall call, Aggregate aggregate) {
    if (call.isApproximate()
        || call.ignoreNulls()
        || !call.getCollation().getFieldCollations().isEmpty()
        || !call.rexList.isEmpty()) {
      return false;
    }
    switch (call.getAggregation().getKind()) {
      case COUNT:
        return call.getArgList().size() <= 1;
      case SUM:
      case SUM0:
      case MIN:
      case MAX:
        return true;
      case AVG:
      case STDDEV_POP:
      case STDDEV_SAMP:
      case VAR_POP:
      case VAR_SAMP:
        // Calcite gives these the type of their argument: of whole numbers, a whole number.
        return SqlTypeUtil.isApproximateNumeric(
            aggregate
                .getInput()
                .getRowType()
                .getFieldList()
                .get(call.getArgList().get(0))
                .getType());
      default:
        return false;
    }
  }

  private static boolean expressions(List<? extends RexNode> nodes) {
    return nodes.stream().allMatch(Pushable::expression);
  }

  static boolean expression(RexNode node) {
    if (node instanceof RexInputRef || node instanceof RexDynamicParam) {
      return true;
    }
    if (node instanceof RexLiteral literal) {
      return literal.isNull()
          || literal.getTypeName() == SqlTypeName.SARG
          || SORTABLE_LITERALS.contains(literal.getTypeName());
    }
    return node.getClass() == RexCall.class && call((RexCall) node);
  }

  private static boolean call(RexCall call) {
    List<RexNode> operands = call.getOperands();
    SqlKind kind = call.getKind();
    if (SAME.contains(kind)) {
      return expressions(operands);
    }
    switch (kind) {
      case PLUS:
      case MINUS:
        if (call.getOperator() == SqlStdOperatorTable.DATETIME_PLUS) {
          return step(operands.get(1)) && timestamp(call) && expression(operands.get(0));
        }
        return arithmetic(call);
      case TIMES:
      case MINUS_PREFIX:
      case PLUS_PREFIX:
        return arithmetic(call);
      case DIVIDE:
        return SqlTypeUtil.isApproximateNumeric(call.getType()) && arithmetic(call);
      case LIKE:
        return operands.size() == 2 && expressions(operands);
      case CAST:
        return cast(operands.get(0).getType(), call.getType()) && expression(operands.get(0));
      case FLOOR:
      case CEIL:
        return operands.size() == 2
            && timestamp(call)
            && FLOOR_UNITS.contains(unit(operands.get(1)))
            && (operands.get(0) instanceof RexInputRef
                || (kind == SqlKind.FLOOR && expression(operands.get(0))));
      case EXTRACT:
        return EXTRACT_UNITS.contains(unit(operands.get(0)))
            && dateOrTimestamp(operands.get(1).getType())
            && expression(operands.get(1));
      default:
        return call.getOperator() == SqlStdOperatorTable.CONCAT && expressions(operands);
    }
  }

  private static boolean arithmetic(RexCall call) {
    return call.getOperands().stream()
        .allMatch(operand -> SqlTypeUtil.isNumeric(operand.getType()) && expression(operand));
  }

  private static boolean timestamp(RexNode node) {
    return node.getType().getSqlTypeName() == SqlTypeName.TIMESTAMP;
  }

  private static boolean dateOrTimestamp(RelDataType type) {
    return type.getSqlTypeName() == SqlTypeName.DATE
        || type.getSqlTypeName() == SqlTypeName.TIMESTAMP;
  }

  private static boolean step(RexNode node) {
    return node instanceof RexLiteral
        && SqlTypeUtil.isInterval(node.getType())
        && node.getType().getIntervalQualifier().isSingleDatetimeField()
        && STEP_UNITS.contains(node.getType().getIntervalQualifier().getStartUnit());
  }

  private static TimeUnitRange unit(RexNode node) {
    return node instanceof RexLiteral literal && literal.getValue() instanceof TimeUnitRange unit
        ? unit
        : TimeUnitRange.EPOCH;
  }

  /** Conversions that lose nothing, and a timestamp's date. */
  private static boolean cast(RelDataType from, RelDataType to) {
    if (from.getSqlTypeName() == to.getSqlTypeName()) {
      return to.getPrecision() >= from.getPrecision() && to.getScale() >= from.getScale();
    }
    if (SqlTypeUtil.isApproximateNumeric(to)) {
      return SqlTypeUtil.isNumeric(from)
          && !(to.getSqlTypeName() == SqlTypeName.REAL && SqlTypeUtil.isNumeric(from));
    }
    if (SqlTypeUtil.isIntType(to)) {
      return SqlTypeUtil.isIntType(from) && size(from) <= size(to);
    }
    if (SqlTypeUtil.isDecimal(to)) {
      return SqlTypeUtil.isIntType(from) && to.getPrecision() - to.getScale() >= 19;
    }
    switch (to.getSqlTypeName()) {
      case VARCHAR:
        return from.getSqlTypeName() == SqlTypeName.CHAR && to.getPrecision() < 0
            || from.getSqlTypeName() == SqlTypeName.CHAR
                && to.getPrecision() >= from.getPrecision();
      case TIMESTAMP:
      case DATE:
        return dateOrTimestamp(from);
      default:
        return false;
    }
  }

  private static int size(RelDataType type) {
    switch (type.getSqlTypeName()) {
      case TINYINT:
        return 1;
      case SMALLINT:
        return 2;
      case INTEGER:
        return 4;
      default:
        return 8;
    }
  }
}
