package io.datanode.storage.sql;

import io.datanode.DataNodeException;
import io.datanode.jdbc.SqlState;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.calcite.avatica.util.TimeUnitRange;
import org.apache.calcite.rel.RelFieldCollation;
import org.apache.calcite.rel.core.AggregateCall;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexCorrelVariable;
import org.apache.calcite.rex.RexDynamicParam;
import org.apache.calcite.rex.RexFieldAccess;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexOver;
import org.apache.calcite.rex.RexSubQuery;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.fun.SqlQuantifyOperator;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.apache.calcite.util.NlsString;
import org.jspecify.annotations.Nullable;

/** Writes row expressions over the columns of one SELECT block. */
final class ExpressionWriter {
  static final RexBuilder REX = new RexBuilder(new org.apache.calcite.jdbc.JavaTypeFactoryImpl());

  private final StatementWriter statement;
  private final StorageDialect dialect;
  private final SelectBlock block;
  private final Literals literals;
  private final WindowCalls windows;

  ExpressionWriter(StatementWriter statement, SelectBlock block) {
    this.statement = statement;
    this.dialect = statement.dialect();
    this.block = block;
    this.literals = new Literals(dialect);
    this.windows = new WindowCalls(dialect, this);
  }

  /** A condition for WHERE, HAVING or ON: without outer parentheses where none are needed. */
  String condition(RexNode node) {
    String text = text(node);
    boolean kept = node.isA(SqlKind.OR) || node.isA(SqlKind.CASE) || text.startsWith("(SELECT ");
    return kept || !isEnclosed(text) ? text : text.substring(1, text.length() - 1);
  }

  String conjunction(List<RexNode> terms) {
    return terms.stream().map(this::condition).collect(Collectors.joining(" AND "));
  }

  private static boolean isEnclosed(String text) {
    if (text.isEmpty() || text.charAt(0) != '(' || text.charAt(text.length() - 1) != ')') {
      return false;
    }
    int depth = 0;
    char quote = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (quote != 0) {
        quote = c == quote ? 0 : quote;
      } else if (c == '\'' || c == '"') {
        quote = c;
      } else if (c == '(') {
        depth++;
      } else if (c == ')' && --depth == 0 && i < text.length() - 1) {
        return false;
      }
    }
    return true;
  }

  /** The number of rows of LIMIT or OFFSET. */
  String limit(RexNode node) {
    if (node instanceof RexDynamicParam) {
      return SqlPieces.parameter(((RexDynamicParam) node).getIndex());
    }
    return text(node);
  }

  String text(RexNode node) {
    if (node instanceof RexInputRef) {
      return block.columns.get(((RexInputRef) node).getIndex());
    } else if (node instanceof RexLiteral) {
      return literals.text((RexLiteral) node, false);
    } else if (node instanceof RexDynamicParam) {
      return dialect.parameter(
          SqlPieces.parameter(((RexDynamicParam) node).getIndex()), node.getType());
    } else if (node instanceof RexFieldAccess) {
      return fieldAccess((RexFieldAccess) node);
    } else if (node instanceof RexSubQuery) {
      return subQuery((RexSubQuery) node);
    } else if (node instanceof RexOver) {
      return windows.text((RexOver) node);
    } else if (node instanceof RexCall) {
      return call((RexCall) node);
    }
    throw unsupported(node);
  }

  static DataNodeException unsupported(RexNode node) {
    return new DataNodeException(
        SqlState.NOT_SUPPORTED, "The expression " + node + " cannot be run");
  }

  private String fieldAccess(RexFieldAccess access) {
    if (access.getReferenceExpr() instanceof RexCorrelVariable) {
      RexCorrelVariable variable = (RexCorrelVariable) access.getReferenceExpr();
      return statement.correlation(variable.id).columns.get(access.getField().getIndex());
    }
    return "("
        + text(access.getReferenceExpr())
        + ")."
        + dialect.quote(access.getField().getName());
  }

  private String subQuery(RexSubQuery query) {
    String text = statement.subQuery(query.rel);
    switch (query.getKind()) {
      case EXISTS:
        return "EXISTS (" + text + ")";
      case SCALAR_QUERY:
        return "(" + text + ")";
      case IN:
        return "(" + row(query.getOperands()) + " IN (" + text + "))";
      case SOME:
        return "(" + ranked(query) + " " + comparison(query) + " ANY (" + text + "))";
      case ALL:
        return "(" + ranked(query) + " " + comparison(query) + " ALL (" + text + "))";
      case ARRAY_QUERY_CONSTRUCTOR:
        return "ARRAY(" + text + ")";
      default:
        throw unsupported(query);
    }
  }

  private String ranked(RexSubQuery query) {
    List<RexNode> operands = query.getOperands();
    return operands.size() == 1
        ? dialect.ordered(text(operands.get(0)), operands.get(0).getType())
        : row(operands);
  }

  private static String comparison(RexCall call) {
    return ((SqlQuantifyOperator) call.getOperator()).comparisonKind.sql;
  }

  /** A comparison with the elements of an array. */
  private String some(RexCall call) {
    RexNode value = call.getOperands().get(0);
    String compared =
        call.getOperator() == SqlStdOperatorTable.SOME_EQ
            ? compared(value)
            : dialect.ordered(text(value), value.getType());
    return "("
        + compared
        + " "
        + comparison(call)
        + " ANY("
        + text(call.getOperands().get(1))
        + "))";
  }

  private String row(List<? extends RexNode> operands) {
    if (operands.size() == 1) {
      return text(operands.get(0));
    }
    return operands.stream().map(this::text).collect(Collectors.joining(", ", "(", ")"));
  }

  private String call(RexCall call) {
    List<RexNode> operands = call.getOperands();
    switch (call.getKind()) {
      case AND:
        return operands.stream().map(this::text).collect(Collectors.joining(" AND ", "(", ")"));
      case OR:
        return disjunction(operands);
      case NOT:
        return not(operands.get(0));
      case LESS_THAN:
      case LESS_THAN_OR_EQUAL:
      case GREATER_THAN:
      case GREATER_THAN_OR_EQUAL:
        return "("
            + dialect.ordered(compared(operands.get(0)), operands.get(0).getType())
            + " "
            + call.getKind().sql
            + " "
            + dialect.ordered(compared(operands.get(1)), operands.get(1).getType())
            + ")";
      case EQUALS:
      case NOT_EQUALS:
        return "("
            + compared(operands.get(0))
            + " "
            + call.getKind().sql
            + " "
            + compared(operands.get(1))
            + ")";
      case SOME:
        return some(call);
      case IS_DISTINCT_FROM:
        return "("
            + compared(operands.get(0))
            + " IS DISTINCT FROM "
            + compared(operands.get(1))
            + ")";
      case IS_NOT_DISTINCT_FROM:
        return "("
            + compared(operands.get(0))
            + " IS NOT DISTINCT FROM "
            + compared(operands.get(1))
            + ")";
      case IS_NULL:
      case IS_NOT_NULL:
      case IS_TRUE:
      case IS_NOT_TRUE:
      case IS_FALSE:
      case IS_NOT_FALSE:
        return "(" + text(operands.get(0)) + " " + call.getKind().name().replace('_', ' ') + ")";
      case IS_UNKNOWN:
        return "(" + text(operands.get(0)) + " IS NULL)";
      case BETWEEN:
        throw unsupported(call);
      case CASE:
        return caseExpression(operands);
      case CAST:
      case SAFE_CAST:
        return cast(call);
      case SEARCH:
        return text(RexUtil.expandSearch(REX, null, call));
      case PLUS:
      case MINUS:
      case TIMES:
        return arithmetic(call);
      case DIVIDE:
        return divide(call);
      case MOD:
        return mod(call);
      case PLUS_PREFIX:
        return text(operands.get(0));
      case MINUS_PREFIX:
        return "(- " + text(operands.get(0)) + ")";
      case REINTERPRET:
        return text(operands.get(0));
      case LIKE:
        return like(call);
      case EXTRACT:
        return dialect.extract(
            unit(operands.get(0)), text(operands.get(1)), operands.get(1).getType());
      case FLOOR:
        if (operands.size() == 2) {
          return dialect.floor(
              unit(operands.get(1)), text(operands.get(0)), operands.get(0).getType());
        }
        return function(call);
      case CEIL:
        if (operands.size() == 2) {
          return dialect.ceil(
              unit(operands.get(1)), text(operands.get(0)), operands.get(0).getType());
        }
        return function(call);
      case ARRAY_VALUE_CONSTRUCTOR:
        return "CAST("
            + operands.stream().map(this::text).collect(Collectors.joining(", ", "ARRAY[", "]"))
            + " AS "
            + dialect.typeName(call.getType())
            + ")";
      case ITEM:
        return dialect.item(text(operands.get(0)), text(operands.get(1)), operands.get(1));
      case ROW:
        return operands.stream().map(this::text).collect(Collectors.joining(", ", "ROW(", ")"));
      default:
        return named(call);
    }
  }

  private String named(RexCall call) {
    List<RexNode> operands = call.getOperands();
    switch (call.getOperator().getName().toUpperCase(java.util.Locale.ROOT)) {
      case "||":
        return operands.stream().map(this::text).collect(Collectors.joining(" || ", "(", ")"));
      case "TRIM":
        return dialect.function(
            new StorageDialect.FunctionText(
                "TRIM/" + ((RexLiteral) operands.get(0)).getValue(),
                List.of(text(operands.get(1)), text(operands.get(2))),
                operands.subList(1, 3),
                call.getType()));
      case "TIMESTAMPDIFF":
        return dialect.timestampDiff(
            unit(operands.get(0)),
            text(operands.get(1)),
            text(operands.get(2)),
            operands.get(1).getType(),
            operands.get(2).getType());
      case "TIMESTAMPADD":
        String sum =
            dialect.timestampAdd(
                unit(operands.get(0)),
                text(operands.get(1)),
                text(operands.get(2)),
                operands.get(2).getType());
        return call.getType().getSqlTypeName() == SqlTypeName.DATE
            ? "CAST(" + sum + " AS DATE)"
            : sum;
      default:
        return function(call);
    }
  }

  private String function(RexCall call) {
    if (call.getOperator() == KeyCondition.OPERATOR) {
      return keys(call);
    }
    List<String> arguments =
        call.getOperands().stream().map(this::text).collect(Collectors.toList());
    String text =
        dialect.function(
            new StorageDialect.FunctionText(
                call.getOperator().getName(), arguments, call.getOperands(), call.getType()));
    boolean condition =
        call.getType().getSqlTypeName() == SqlTypeName.BOOLEAN
            && !arguments.isEmpty()
            && SqlTypeUtil.inCharFamily(call.getOperands().get(0).getType());
    return condition ? dialect.textCondition(text, statement.isStored(arguments.get(0))) : text;
  }

  private String keys(RexCall call) {
    RelDataType type = call.getOperands().get(0).getType();
    String column = text(call.getOperands().get(0));
    if (!SqlPieces.isReference(column)) {
      // It only spares work, and a computed column would be computed twice for it.
      return "TRUE";
    }
    int use = RexLiteral.intValue(call.getOperands().get(2));
    String mark = dialect.parameter("?", type);
    String ordered = dialect.ordered(column, type);
    String least = "(" + ordered + " >= " + mark + ")";
    String greatest = "(" + ordered + " <= " + mark + ")";
    return SqlPieces.keys(
        RexLiteral.intValue(call.getOperands().get(1)),
        use,
        use == 0 ? dialect.in(column, "?", type) : null,
        use == 0 ? "(" + least + " AND " + greatest + ")" : use == 1 ? least : greatest);
  }

  private static String unit(RexNode flag) {
    Object value = ((RexLiteral) flag).getValue();
    if (value instanceof TimeUnitRange) {
      return ((TimeUnitRange) value).name();
    }
    if (value instanceof NlsString) {
      return ((NlsString) value).getValue().toUpperCase(java.util.Locale.ROOT);
    }
    return String.valueOf(value);
  }

  String compared(RexNode node) {
    return node instanceof RexLiteral ? literals.text((RexLiteral) node, true) : text(node);
  }

  private String not(RexNode operand) {
    if (operand instanceof RexSubQuery && operand.isA(SqlKind.IN)) {
      RexSubQuery query = (RexSubQuery) operand;
      return "(" + row(query.getOperands()) + " NOT IN (" + statement.subQuery(query.rel) + "))";
    }
    return "(NOT " + text(operand) + ")";
  }

  /** OR, with {@code x = a OR x = b} written as {@code x IN (a, b)}. */
  private String disjunction(List<RexNode> operands) {
    List<String> terms = new ArrayList<>();
    int i = 0;
    while (i < operands.size()) {
      RexNode subject = equalityWithConstant(operands.get(i));
      int j = i + 1;
      while (subject != null
          && j < operands.size()
          && subject.equals(equalityWithConstant(operands.get(j)))) {
        j++;
      }
      if (subject != null && j > i + 1) {
        String value = text(subject);
        List<String> values =
            operands.subList(i, j).stream()
                .map(term -> compared(((RexCall) term).getOperands().get(1)))
                .collect(Collectors.toList());
        terms.add(dialect.oneOf(value, values, subject.getType(), statement.isStored(value)));
        i = j;
      } else {
        terms.add(text(operands.get(i)));
        i++;
      }
    }
    return terms.size() == 1 ? terms.get(0) : "(" + String.join(" OR ", terms) + ")";
  }

  private static @Nullable RexNode equalityWithConstant(RexNode term) {
    if (!term.isA(SqlKind.EQUALS)) {
      return null;
    }
    List<RexNode> operands = ((RexCall) term).getOperands();
    RexNode value = operands.get(1);
    boolean constant = value instanceof RexLiteral || value instanceof RexDynamicParam;
    return constant && RexUtil.isDeterministic(operands.get(0)) ? operands.get(0) : null;
  }

  private String caseExpression(List<RexNode> operands) {
    String sum = windows.sum(operands);
    if (sum != null) {
      return sum;
    }
    StringBuilder text = new StringBuilder("CASE");
    for (int i = 0; i + 1 < operands.size(); i += 2) {
      text.append(" WHEN ").append(condition(operands.get(i)));
      text.append(" THEN ").append(text(operands.get(i + 1)));
    }
    RexNode otherwise = operands.get(operands.size() - 1);
    text.append(" ELSE ").append(text(otherwise)).append(" END");
    return text.toString();
  }

  private String cast(RexCall call) {
    RexNode operand = call.getOperands().get(0);
    RelDataType from = operand.getType();
    RelDataType to = call.getType();
    if (SqlTypeUtil.equalSansNullability(from, to)) {
      return text(operand);
    }
    if (operand instanceof RexLiteral && ((RexLiteral) operand).isNull()) {
      return "CAST(NULL AS " + dialect.typeName(to) + ")";
    }
    return dialect.castOf(text(operand), operand, to, call.getKind() == SqlKind.SAFE_CAST);
  }

  private String arithmetic(RexCall call) {
    if (call.getOperator() == SqlStdOperatorTable.MINUS_DATE) {
      return minusDate(call);
    }
    RexNode left = call.getOperands().get(0);
    RexNode right = call.getOperands().get(1);
    String text =
        dialect.arithmetic(
            call.isA(SqlKind.PLUS) ? "+" : call.isA(SqlKind.MINUS) ? "-" : "*",
            text(left),
            text(right),
            left.getType(),
            right.getType(),
            call.getType());
    // A date plus an interval is a timestamp in most storages.
    return call.getType().getSqlTypeName() == SqlTypeName.DATE
        ? "CAST(" + text + " AS DATE)"
        : text;
  }

  private String divide(RexCall call) {
    RexNode dividend = call.getOperands().get(0);
    RexNode divisor = call.getOperands().get(1);
    String first = text(dividend);
    String second = text(divisor);
    if (SqlTypeUtil.isIntType(call.getType())) {
      return dialect.integerDivision(first, second);
    }
    if (SqlTypeUtil.isInterval(call.getType())) {
      return "(" + first + " / " + second + ")";
    }
    if (SqlTypeUtil.isDecimal(dividend.getType()) && SqlTypeUtil.isExactNumeric(divisor.getType())
        || SqlTypeUtil.isDecimal(divisor.getType())
            && SqlTypeUtil.isExactNumeric(dividend.getType())) {
      second = nonZero(divisor, second);
    }
    return dialect.quotient(first, second, dividend.getType(), divisor.getType());
  }

  private String mod(RexCall call) {
    RexNode dividend = call.getOperands().get(0);
    RexNode divisor = call.getOperands().get(1);
    return dialect.remainder(text(dividend), text(divisor), dividend.getType(), divisor.getType());
  }

  private String nonZero(RexNode divisor, String text) {
    if (dialect.failsOnDivisionByZero()) {
      return text;
    }
    if (divisor instanceof RexLiteral
        && !((RexLiteral) divisor).isNull()
        && Literals.decimal((RexLiteral) divisor).signum() != 0) {
      return text;
    }
    return "CASE WHEN "
        + text
        + " = 0 THEN "
        + dialect.failure("division by zero", divisor.getType())
        + " ELSE "
        + text
        + " END";
  }

  private String minusDate(RexCall call) {
    List<RexNode> operands = call.getOperands();
    if (SqlTypeUtil.isInterval(operands.get(1).getType())) {
      String text = "(" + text(operands.get(0)) + " - " + text(operands.get(1)) + ")";
      return call.getType().getSqlTypeName() == SqlTypeName.DATE
          ? "CAST(" + text + " AS DATE)"
          : text;
    }
    return dialect.timestampDiff(
        SqlTypeName.YEAR_INTERVAL_TYPES.contains(call.getType().getSqlTypeName())
            ? "INTERVAL_MONTHS"
            : "INTERVAL_TIME",
        text(operands.get(1)),
        text(operands.get(0)),
        operands.get(1).getType(),
        operands.get(0).getType());
  }

  private String like(RexCall call) {
    List<RexNode> operands = call.getOperands();
    String name = call.getOperator().getName();
    boolean negated = name.startsWith("NOT ");
    boolean ignoringCase = name.endsWith("ILIKE");
    String text = text(operands.get(0));
    String condition =
        dialect.like(
            text,
            (negated ? "NOT " : "") + (ignoringCase ? "ILIKE" : "LIKE"),
            text(operands.get(1)),
            operands.size() > 2 ? text(operands.get(2)) : null);
    return dialect.textCondition(condition, statement.isStored(text));
  }

  /** An aggregate of rows grouped in one way; all keys are grouped by. */
  String aggregateOfOneSet(AggregateCall call, RelDataType input) {
    return call.getAggregation().getKind() == SqlKind.GROUPING
        ? "CAST(0 AS " + dialect.typeName(call.getType()) + ")"
        : aggregate(call, input);
  }

  String aggregate(AggregateCall call, RelDataType input) {
    if (call.distinctKeys != null) {
      throw new DataNodeException(
          SqlState.NOT_SUPPORTED, "WITHIN DISTINCT is not offered; use a sub-query");
    }
    List<String> arguments = new ArrayList<>();
    List<RelDataType> types = new ArrayList<>();
    for (int index : call.getArgList()) {
      arguments.add(block.columns.get(index));
      types.add(input.getFieldList().get(index).getType());
    }
    List<StorageDialect.OrderKey> orderBy = new ArrayList<>();
    for (RelFieldCollation field : call.getCollation().getFieldCollations()) {
      boolean descending = field.getDirection().isDescending();
      orderBy.add(
          new StorageDialect.OrderKey(
              block.columns.get(field.getFieldIndex()),
              descending,
              WindowCalls.direction(
                  descending,
                  field.nullDirection == RelFieldCollation.NullDirection.FIRST
                      || (field.nullDirection == RelFieldCollation.NullDirection.UNSPECIFIED
                          && descending)),
              input.getFieldList().get(field.getFieldIndex()).getType()));
    }
    String text =
        dialect.aggregate(
            new StorageDialect.AggregateText(
                call.getAggregation().getName().toUpperCase(java.util.Locale.ROOT),
                arguments,
                types,
                call.isDistinct(),
                call.ignoreNulls(),
                orderBy,
                call.filterArg >= 0 ? block.columns.get(call.filterArg) : null,
                call.getType()));
    return text.replace(StorageDialectMarks.WINDOW, "");
  }
}
