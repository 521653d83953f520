package io.datanode.plan;

import io.datanode.plan.asof.AsofConditions;
import io.datanode.plan.bars.ArgumentParameters;
import io.datanode.plan.bars.OhlcvColumns;
import io.datanode.plan.bars.TimeTableCalls;
import java.time.ZoneId;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlDataTypeSpec;
import org.apache.calcite.sql.SqlHint;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlIntervalLiteral;
import org.apache.calcite.sql.SqlJoin;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlOrderBy;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.SqlSnapshot;
import org.apache.calcite.sql.SqlUnknownLiteral;
import org.apache.calcite.sql.SqlWith;
import org.apache.calcite.sql.SqlWithItem;
import org.apache.calcite.sql.parser.SqlParser;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.util.SqlBasicVisitor;
import org.apache.calcite.sql.util.SqlShuttle;
import org.jspecify.annotations.Nullable;

/** What is accepted beyond Calcite's grammar, said in its grammar before validation. */
final class Rewrites extends SqlShuttle {
  private final WindowTables windowTables;
  private final ArgumentParameters arguments;

  private Rewrites(WindowTables windowTables, ArgumentParameters arguments) {
    this.windowTables = windowTables;
    this.arguments = arguments;
  }

  /**
   * A query said in Calcite's grammar.
   *
   * @param arguments the values of parameters in the place of literals
   * @param zone of the session
   */
  static SqlNode apply(
      SqlNode query, SqlParser.Config parser, ArgumentParameters arguments, ZoneId zone) {
    CatalogNames.drop(query);
    Rewrites rewrites = new Rewrites(new WindowTables(parser, arguments, zone), arguments);
    SqlNode rewritten = selected(query).accept(rewrites);
    SqlNode whole = rewritten == null ? query : rewritten;
    OhlcvColumns.check(whole);
    return whole;
  }

  /** {@code TABLE prices} as a statement, of which Calcite's validator knows no select list. */
  private static SqlNode selected(SqlNode query) {
    if (query instanceof SqlOrderBy) {
      SqlOrderBy order = (SqlOrderBy) query;
      return new SqlOrderBy(
          order.getParserPosition(),
          selected(order.query),
          order.orderList,
          order.offset,
          order.fetch);
    }
    if (query instanceof SqlWith) {
      SqlWith with = (SqlWith) query;
      return new SqlWith(with.getParserPosition(), with.withList, selected(with.body));
    }
    if (query.getKind() != SqlKind.EXPLICIT_TABLE) {
      return query;
    }
    SqlParserPos pos = query.getParserPosition();
    return new SqlSelect(
        pos,
        null,
        SqlNodeList.of(SqlIdentifier.star(pos)),
        ((SqlCall) query).operand(0),
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null);
  }

  /** True if some SELECT of the query has the hint {@code ignore_delay}. */
  static boolean ignoresDelay(SqlNode query) {
    boolean[] found = new boolean[1];
    query.accept(
        new SqlBasicVisitor<Void>() {
          @Override
          public Void visit(SqlCall call) {
            if (call instanceof SqlSelect && ((SqlSelect) call).getHints() != null) {
              for (SqlNode hint : ((SqlSelect) call).getHints()) {
                found[0] |= ((SqlHint) hint).getName().equalsIgnoreCase("ignore_delay");
              }
            }
            return super.visit(call);
          }
        });
    return found[0];
  }

  @Override
  public @Nullable SqlNode visit(SqlDataTypeSpec type) {
    return TypeNames.standard(type);
  }

  @Override
  public @Nullable SqlNode visit(SqlCall call) {
    if (call instanceof SqlJoin) {
      AsofConditions.requireMatch((SqlJoin) call);
      AsofConditions.readUsing((SqlJoin) call);
    }
    if (WindowTables.isTableFunction(call)) {
      SqlNode windows = windowTables.query(call);
      if (windows != null) {
        return windows.accept(this);
      }
      SqlCall timed = TimeTableCalls.read(call.operand(0), arguments);
      if (timed != null) {
        return call.getOperator().createCall(call.getParserPosition(), super.visit(timed));
      }
    }
    SqlNode visited = super.visit(call);
    SqlNode named = visited instanceof SqlCall ? FunctionCalls.rewrite((SqlCall) visited) : visited;
    if (named != visited) {
      return named;
    }
    if (visited instanceof SqlSelect) {
      SqlSelect select = (SqlSelect) visited;
      OhlcvColumns.expand(select);
      GroupByAll.expand(select);
      TypedParameters.typeItems(select);
      GroupedExpressions.rewrite(select);
    }
    if (visited instanceof SqlSnapshot) {
      SqlSnapshot snapshot = (SqlSnapshot) visited;
      snapshot.setOperand(
          1,
          TypedParameters.cast(
              snapshot.getPeriod(), SqlTypeName.TIMESTAMP_WITH_LOCAL_TIME_ZONE, 6));
    }
    if (visited instanceof SqlOrderBy) {
      return GroupedExpressions.rewrite((SqlOrderBy) visited);
    }
    if (visited instanceof SqlWithItem) {
      RecursiveQueries.rewrite((SqlWithItem) visited);
    }
    return visited instanceof SqlCall ? TypedParameters.shifted((SqlCall) visited) : visited;
  }

  @Override
  public @Nullable SqlNode visit(SqlLiteral literal) {
    if (literal instanceof SqlUnknownLiteral) {
      return TimeLiterals.timestamp((SqlUnknownLiteral) literal);
    }
    if (literal instanceof SqlIntervalLiteral) {
      return TimeLiterals.interval((SqlIntervalLiteral) literal);
    }
    return literal;
  }
}
