package io.datanode.storage.sql;

import io.datanode.DataNodeException;
import io.datanode.jdbc.SqlState;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.calcite.avatica.util.TimeUnitRange;
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
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.apache.calcite.util.NlsString;

/** Writes row expressions over the columns of one SELECT block. */
final class ExpressionWriter {
  static final RexBuilder REX = new RexBuilder(new org.apache.calcite.jdbc.JavaTypeFactoryImpl());

  private final StatementWriter statement;
  private final StorageDialect dialect;
  private final SelectBlock block;
  private final Literals literals;
  private final WindowCalls windows;
  private final Conditions conditions;
  private final Arithmetic arithmetic;

  ExpressionWriter(StatementWriter statement, SelectBlock block) {
    this.statement = statement;
    this.dialect = statement.dialect();
    this.block = block;
    this.literals = new Literals(dialect);
    this.windows = new WindowCalls(dialect, this);
    this.conditions = new Conditions(statement, this);
    this.arithmetic = new Arithmetic(dialect, this);
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
      return conditions.subQuery((RexSubQuery) node);
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

  /** Values as a row; one value is itself. */
  String row(List<? extends RexNode> operands) {
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
        return conditions.disjunction(operands);
      case NOT:
        return conditions.not(operands.get(0));
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
        return conditions.some(call);
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
        return arithmetic.sum(call);
      case DIVIDE:
        return arithmetic.quotient(call);
      case MOD:
        return arithmetic.remainder(call);
      case PLUS_PREFIX:
        return text(operands.get(0));
      case MINUS_PREFIX:
        return "(- " + text(operands.get(0)) + ")";
      case REINTERPRET:
        return text(operands.get(0));
      case LIKE:
        return conditions.like(call);
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
      return conditions.keys(call);
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
}
