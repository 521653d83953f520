package io.datanode.storage.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexDynamicParam;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexSubQuery;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.fun.SqlQuantifyOperator;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.jspecify.annotations.Nullable;

/** Writes conditions that are more than one comparison: alternatives, lists, sub-queries, LIKE. */
final class Conditions {
  private final StatementWriter statement;
  private final StorageDialect dialect;
  private final ExpressionWriter expressions;

  Conditions(StatementWriter statement, ExpressionWriter expressions) {
    this.statement = statement;
    this.dialect = statement.dialect();
    this.expressions = expressions;
  }

  /** OR, with {@code x = a OR x = b} written as {@code x IN (a, b)}. */
  String disjunction(List<RexNode> operands) {
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
        String value = expressions.text(subject);
        List<String> values =
            operands.subList(i, j).stream()
                .map(term -> expressions.compared(((RexCall) term).getOperands().get(1)))
                .collect(Collectors.toList());
        terms.add(dialect.oneOf(value, values, subject.getType(), statement.isStored(value)));
        i = j;
      } else {
        terms.add(expressions.text(operands.get(i)));
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

  String like(RexCall call) {
    List<RexNode> operands = call.getOperands();
    String name = call.getOperator().getName();
    boolean negated = name.startsWith("NOT ");
    boolean ignoringCase = name.endsWith("ILIKE");
    String text = expressions.text(operands.get(0));
    String condition =
        dialect.like(
            text,
            (negated ? "NOT " : "") + (ignoringCase ? "ILIKE" : "LIKE"),
            expressions.text(operands.get(1)),
            operands.size() > 2 ? expressions.text(operands.get(2)) : null);
    return dialect.textCondition(condition, statement.isStored(text));
  }

  /** A comparison with the elements of an array. */
  String some(RexCall call) {
    RexNode value = call.getOperands().get(0);
    String compared =
        call.getOperator() == SqlStdOperatorTable.SOME_EQ
            ? expressions.compared(value)
            : dialect.ordered(expressions.text(value), value.getType());
    return "("
        + compared
        + " "
        + comparison(call)
        + " ANY("
        + expressions.text(call.getOperands().get(1))
        + "))";
  }

  String not(RexNode operand) {
    if (operand instanceof RexSubQuery && operand.isA(SqlKind.IN)) {
      RexSubQuery query = (RexSubQuery) operand;
      return "("
          + expressions.row(query.getOperands())
          + " NOT IN ("
          + statement.subQuery(query.rel)
          + "))";
    }
    return "(NOT " + expressions.text(operand) + ")";
  }

  String subQuery(RexSubQuery query) {
    String text = statement.subQuery(query.rel);
    switch (query.getKind()) {
      case EXISTS:
        return "EXISTS (" + text + ")";
      case SCALAR_QUERY:
        return "(" + text + ")";
      case IN:
        return "(" + expressions.row(query.getOperands()) + " IN (" + text + "))";
      case SOME:
        return "(" + ranked(query) + " " + comparison(query) + " ANY (" + text + "))";
      case ALL:
        return "(" + ranked(query) + " " + comparison(query) + " ALL (" + text + "))";
      case ARRAY_QUERY_CONSTRUCTOR:
        return "ARRAY(" + text + ")";
      default:
        throw ExpressionWriter.unsupported(query);
    }
  }

  private String ranked(RexSubQuery query) {
    List<RexNode> operands = query.getOperands();
    return operands.size() == 1
        ? dialect.ordered(expressions.text(operands.get(0)), operands.get(0).getType())
        : expressions.row(operands);
  }

  private static String comparison(RexCall call) {
    return ((SqlQuantifyOperator) call.getOperator()).comparisonKind.sql;
  }

  String keys(RexCall call) {
    RelDataType type = call.getOperands().get(0).getType();
    String column = expressions.text(call.getOperands().get(0));
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
}
