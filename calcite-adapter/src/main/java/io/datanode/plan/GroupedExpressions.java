package io.datanode.plan;

import java.math.BigDecimal;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.calcite.sql.SqlBasicTypeNameSpec;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlDataTypeSpec;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlNumericLiteral;
import org.apache.calcite.sql.SqlOrderBy;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.util.SqlBasicVisitor;
import org.apache.calcite.sql.util.SqlShuttle;
import org.jspecify.annotations.Nullable;

/**
 * Expressions of a SELECT with GROUP BY or with aggregates only, written so that Calcite converts
 * them as they are meant: it takes {@code 1} and {@code 1e0} for one key, and cannot convert IN
 * inside of CASE there.
 */
final class GroupedExpressions extends SqlShuttle {
  /** Values of exact numbers, which approximate ones would be taken for. */
  private final Set<BigDecimal> exact = new HashSet<>();

  private GroupedExpressions() {}

  /** Rewrites the expressions of a SELECT that groups; leaves others alone. */
  static void rewrite(SqlSelect select) {
    if (!groups(select)) {
      return;
    }
    GroupedExpressions expressions = of(select);
    select.setSelectList(expressions.list(select.getSelectList()));
    if (select.getGroup() != null) {
      select.setGroupBy(expressions.list(select.getGroup()));
    }
    if (select.getHaving() != null) {
      select.setHaving(select.getHaving().accept(expressions));
    }
  }

  /** Rewrites what a SELECT that groups is sorted by, in the same way. */
  static SqlOrderBy rewrite(SqlOrderBy sorted) {
    if (!(sorted.query instanceof SqlSelect) || !groups((SqlSelect) sorted.query)) {
      return sorted;
    }
    GroupedExpressions expressions = of((SqlSelect) sorted.query);
    expressions.note(sorted.orderList);
    return new SqlOrderBy(
        sorted.getParserPosition(),
        sorted.query,
        expressions.list(sorted.orderList),
        sorted.offset,
        sorted.fetch);
  }

  private static boolean groups(SqlSelect select) {
    return select.getGroup() != null
        || select.getSelectList().stream().anyMatch(GroupByAll::hasAggregate);
  }

  private static GroupedExpressions of(SqlSelect select) {
    GroupedExpressions expressions = new GroupedExpressions();
    expressions.note(select.getSelectList());
    expressions.note(select.getGroup());
    expressions.note(select.getHaving());
    return expressions;
  }

  private void note(@Nullable SqlNode node) {
    if (node == null) {
      return;
    }
    node.accept(
        new SqlBasicVisitor<Void>() {
          @Override
          public Void visit(SqlLiteral literal) {
            if (literal.getTypeName() == SqlTypeName.DECIMAL) {
              exact.add(literal.bigDecimalValue());
            }
            return null;
          }
        });
  }

  private SqlNodeList list(SqlNodeList list) {
    return (SqlNodeList) list.accept(this);
  }

  @Override
  public @Nullable SqlNode visit(SqlLiteral literal) {
    boolean taken =
        literal instanceof SqlNumericLiteral
            && literal.getTypeName() != SqlTypeName.DECIMAL
            && exact.contains(literal.bigDecimalValue());
    if (!taken) {
      return literal;
    }
    SqlParserPos pos = literal.getParserPosition();
    return SqlStdOperatorTable.CAST.createCall(
        pos,
        SqlLiteral.createExactNumeric(literal.bigDecimalValue().toPlainString(), pos),
        new SqlDataTypeSpec(new SqlBasicTypeNameSpec(SqlTypeName.DOUBLE, pos), pos));
  }

  @Override
  public @Nullable SqlNode visit(SqlCall call) {
    if (call.isA(SqlKind.QUERY)) {
      return call;
    }
    boolean in = call.getKind() == SqlKind.IN || call.getKind() == SqlKind.NOT_IN;
    SqlNode visited = super.visit(call);
    if (!in || visited == null) {
      return visited;
    }
    SqlNode value = ((SqlCall) visited).operand(0);
    SqlNode values = ((SqlCall) visited).operand(1);
    if (value.getKind() == SqlKind.ROW
        || !(values instanceof SqlNodeList)
        || ((SqlNodeList) values).isEmpty()) {
      return visited;
    }
    SqlNode any = anyOf(value, (SqlNodeList) values, call.getParserPosition());
    return call.getKind() == SqlKind.IN
        ? any
        : SqlStdOperatorTable.NOT.createCall(call.getParserPosition(), any);
  }

  /** By halves, so that a long list does not nest deeply. */
  private static SqlNode anyOf(SqlNode value, List<SqlNode> values, SqlParserPos pos) {
    int half = values.size() / 2;
    return half == 0
        ? SqlStdOperatorTable.EQUALS.createCall(pos, value, values.get(0))
        : SqlStdOperatorTable.OR.createCall(
            pos,
            anyOf(value, values.subList(0, half), pos),
            anyOf(value, values.subList(half, values.size()), pos));
  }
}
