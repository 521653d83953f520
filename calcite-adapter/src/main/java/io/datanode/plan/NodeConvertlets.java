package io.datanode.plan;

import io.datanode.jdbc.SqlState;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.EnumSet;
import java.util.Set;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexDynamicParam;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlAggFunction;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlCharStringLiteral;
import org.apache.calcite.sql.SqlDynamicParam;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNumericLiteral;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.apache.calcite.sql.validate.SqlValidator;
import org.apache.calcite.sql2rel.SqlRexContext;
import org.apache.calcite.sql2rel.SqlRexConvertlet;
import org.apache.calcite.sql2rel.SqlRexConvertletTable;
import org.apache.calcite.sql2rel.StandardConvertletTable;
import org.jspecify.annotations.Nullable;

/**
 * Calcite's conversions of calls, except those of aggregate functions: AVG and its kin would become
 * quotients of sums, though storages know them.
 */
final class NodeConvertlets implements SqlRexConvertletTable {
  static final NodeConvertlets INSTANCE = new NodeConvertlets();

  private static final Set<SqlTypeName> DATED =
      EnumSet.of(
          SqlTypeName.DATE, SqlTypeName.TIMESTAMP, SqlTypeName.TIMESTAMP_WITH_LOCAL_TIME_ZONE);

  private NodeConvertlets() {}

  @Override
  public @Nullable SqlRexConvertlet get(SqlCall call) {
    SqlOperator operator = call.getOperator();
    if (operator instanceof SqlAggFunction && operator.getKind() != SqlKind.SUM) {
      return (context, aggregate) ->
          StandardConvertletTable.INSTANCE.convertAggregateFunction(
              context, (SqlAggFunction) operator, aggregate);
    }
    if (DateArithmetic.has(operator)) {
      return DateArithmetic::convert;
    }
    if (CalendarArguments.isTakenBy(operator)) {
      return CalendarArguments::convert;
    }
    if (operator.getKind() == SqlKind.CAST && call.operand(0) instanceof SqlCharStringLiteral) {
      return NodeConvertlets::castText;
    }
    if (operator.getKind() == SqlKind.CAST && call.operand(0) instanceof SqlDynamicParam) {
      return NodeConvertlets::castParameter;
    }
    if (operator.getKind() == SqlKind.CAST && call.operand(0) instanceof SqlNumericLiteral) {
      return NodeConvertlets::castNumber;
    }
    if (DecimalComparisons.KINDS.contains(operator.getKind()) && call.operandCount() == 2) {
      return NodeConvertlets::comparison;
    }
    return StandardConvertletTable.INSTANCE.get(call);
  }

  /** Numbers that no type holds both are compared as they are, see {@link DecimalComparisons}. */
  private static RexNode comparison(SqlRexContext context, SqlCall call) {
    SqlValidator validator = context.getValidator();
    // What is grouped has been put in place of what was validated, and has no type of its own.
    RelDataType left = validator.getValidatedNodeTypeIfKnown(call.operand(0));
    RelDataType right = validator.getValidatedNodeTypeIfKnown(call.operand(1));
    return left == null || right == null || DecimalComparisons.haveCommonType(left, right)
        ? StandardConvertletTable.INSTANCE.get(call).convertCall(context, call)
        : context
            .getRexBuilder()
            .makeCall(
                call.getOperator(),
                context.convertExpression(call.operand(0)),
                context.convertExpression(call.operand(1)));
  }

  /** Text that is cast to a date or a time must be one; the error says where it stands. */
  private static RexNode castText(SqlRexContext context, SqlCall call) {
    RexNode cast = StandardConvertletTable.INSTANCE.get(call).convertCall(context, call);
    SqlLiteral literal = call.operand(0);
    String text = literal.getValueAs(String.class);
    if (DATED.contains(cast.getType().getSqlTypeName()) && TimeText.timestamp(text).isEmpty()) {
      throw new ParsedSqlException(
          SqlState.INVALID_DATETIME, Instants.unreadable(text), literal.getParserPosition());
    }
    return cast;
  }

  /** A constant that the statement itself rounds is the rounded constant. */
  private static RexNode castNumber(SqlRexContext context, SqlCall call) {
    RexNode cast = StandardConvertletTable.INSTANCE.get(call).convertCall(context, call);
    BigDecimal exact = DecimalComparisons.roundedConstant(cast);
    if (exact == null) {
      return cast;
    }
    BigDecimal rounded = exact.setScale(cast.getType().getScale(), RoundingMode.HALF_UP);
    return rounded.precision() > cast.getType().getPrecision()
        ? cast
        : context.getRexBuilder().makeExactLiteral(rounded, cast.getType());
  }

  /** A parameter of the type it is cast to, where Calcite has it cast from NOT NULL too. */
  private static RexNode castParameter(SqlRexContext context, SqlCall call) {
    RexNode cast = StandardConvertletTable.INSTANCE.get(call).convertCall(context, call);
    RexNode operand = cast.isA(SqlKind.CAST) ? ((RexCall) cast).getOperands().get(0) : cast;
    return cast != operand
            && operand instanceof RexDynamicParam
            && SqlTypeUtil.equalSansNullability(cast.getType(), operand.getType())
        ? context
            .getRexBuilder()
            .makeDynamicParam(cast.getType(), ((RexDynamicParam) operand).getIndex())
        : cast;
  }
}
