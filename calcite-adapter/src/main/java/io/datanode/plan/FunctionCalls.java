package io.datanode.plan;

import io.datanode.jdbc.SqlState;
import io.datanode.schema.AggregateFunctions;
import io.datanode.schema.FunctionCatalog;
import io.datanode.schema.TimeFunctions;
import java.util.Locale;
import java.util.Set;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIntervalQualifier;
import org.apache.calcite.sql.SqlJdbcFunctionCall;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlNumericLiteral;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlUnresolvedFunction;
import org.apache.calcite.sql.fun.SqlCase;
import org.apache.calcite.sql.fun.SqlLibraryOperators;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;

/** Calls of functions under names, or in forms, that Calcite reads otherwise than SQL here. */
final class FunctionCalls {
  private static final Set<SqlKind> PERCENTILES =
      Set.of(SqlKind.PERCENTILE_CONT, SqlKind.PERCENTILE_DISC);

  /** Of a second, that the clock of a statement has. */
  private static final int DIGITS = 6;

  private FunctionCalls() {}

  /**
   * The call that one of a function stands for, or the call itself.
   *
   * @throws ParsedSqlException 0A000 for a clock of fewer digits than instants have, 22023 for a
   *     unit of time there is not
   */
  static SqlNode rewrite(SqlCall call) {
    SqlNode meant = meant(call);
    requireAllDigits(meant);
    return meant;
  }

  private static SqlNode meant(SqlCall call) {
    if (call.getOperator() instanceof SqlJdbcFunctionCall) {
      return escape(call);
    }
    if (call.getOperator() == SqlStdOperatorTable.TIMESTAMP_ADD) {
      return withUnit(call, TimeFunctions.TIMESTAMP_ADD);
    }
    if (call.getOperator() == SqlStdOperatorTable.TIMESTAMP_DIFF) {
      return withUnit(call, TimeFunctions.TIMESTAMP_DIFF);
    }
    if (call.getOperator() == SqlStdOperatorTable.PERCENTILE_CONT) {
      // Calcite's parser names its own function, whose result has the type of the argument.
      return AggregateFunctions.PERCENTILE_CONT.createCall(
          call.getParserPosition(), call.getOperandList());
    }
    if (call.getOperator() == SqlLibraryOperators.STRING_AGG) {
      return AggregateFunctions.STRING_AGG.createCall(
          call.getParserPosition(), call.getOperandList());
    }
    if (call.getOperator() instanceof SqlUnresolvedFunction) {
      return conditional(call);
    }
    return call.getKind() == SqlKind.FILTER
        ? filteredPercentile(call)
        : PatternOperators.rewrite(call);
  }

  /** Fewer digits would be another time than the others of the statement. */
  private static void requireAllDigits(SqlNode call) {
    SqlCall clock =
        call instanceof SqlCall
                && WallClocks.isClock(((SqlCall) call).getOperator().getName())
                && ((SqlCall) call).operandCount() == 1
                && ((SqlCall) call).operand(0) instanceof SqlNumericLiteral
            ? (SqlCall) call
            : null;
    if (clock != null && clock.<SqlNumericLiteral>operand(0).intValue(false) < DIGITS) {
      String name = clock.getOperator().getName();
      throw new ParsedSqlException(
          SqlState.NOT_SUPPORTED,
          name
              + "("
              + clock.operand(0)
              + ") is not offered: clocks have six digits of a second or more; write for example"
              + " DATE_TRUNC('second', "
              + name
              + ")",
          clock.getParserPosition());
    }
  }

  /** {@code IF} and {@code COUNT_IF} as CASE, which every storage knows. */
  private static SqlNode conditional(SqlCall call) {
    SqlParserPos pos = call.getParserPosition();
    String name = call.getOperator().getName();
    if (name.equalsIgnoreCase("IF") && call.operandCount() == 3) {
      return chosen(call.operand(0), call.operand(1), call.operand(2), pos);
    }
    if (name.equalsIgnoreCase("COUNT_IF")
        && call.operandCount() == 1
        && call.getFunctionQuantifier() == null) {
      SqlNode one = SqlLiteral.createExactNumeric("1", pos);
      return SqlStdOperatorTable.COUNT.createCall(
          pos, chosen(call.operand(0), one, SqlLiteral.createNull(pos), pos));
    }
    return call;
  }

  private static SqlNode chosen(SqlNode condition, SqlNode then, SqlNode other, SqlParserPos pos) {
    return new SqlCase(pos, null, SqlNodeList.of(condition), SqlNodeList.of(then), other);
  }

  /** {@code {fn name(…)}} as a call of the function of that name. */
  private static SqlNode escape(SqlCall escape) {
    SqlNode first = escape.operandCount() == 3 ? escape.operand(0) : null;
    if (first instanceof SqlIntervalQualifier) {
      boolean add = escape.getOperator().getName().toUpperCase(Locale.ROOT).contains("ADD");
      return withUnit(escape, add ? TimeFunctions.TIMESTAMP_ADD : TimeFunctions.TIMESTAMP_DIFF);
    }
    String name = escape.getOperator().getName().replace("{fn ", "").replace("}", "").strip();
    if (name.equalsIgnoreCase("LOG")) {
      // JDBC's LOG is the natural logarithm, that of SQL here has base 10.
      return SqlStdOperatorTable.LN.createCall(escape.getParserPosition(), escape.getOperandList());
    }
    // What the catalog has under this name comes before what Calcite makes of the escape.
    for (FunctionCatalog.Function function : FunctionCatalog.functions()) {
      if (function.name().equalsIgnoreCase(name)) {
        return function.operator().createCall(escape.getParserPosition(), escape.getOperandList());
      }
    }
    return new SqlJdbcFunctionCall(name.toUpperCase(Locale.ROOT))
        .createCall(escape.getParserPosition(), escape.getOperandList());
  }

  /**
   * {@code PERCENTILE_CONT(f) WITHIN GROUP (ORDER BY x) FILTER (WHERE c)}, of which Calcite finds
   * no type, takes {@code CASE WHEN c THEN x END}: a percentile passes over NULL.
   */
  private static SqlNode filteredPercentile(SqlCall filter) {
    SqlNode within = filter.operand(0);
    SqlNode percentile =
        within.getKind() == SqlKind.WITHIN_GROUP ? ((SqlCall) within).operand(0) : within;
    if (percentile == within || !PERCENTILES.contains(percentile.getKind())) {
      return filter;
    }
    SqlNodeList order = new SqlNodeList(within.getParserPosition());
    for (SqlNode key : ((SqlCall) within).<SqlNodeList>operand(1)) {
      boolean descending = key.getKind() == SqlKind.DESCENDING;
      SqlNode value = descending ? ((SqlCall) key).operand(0) : key;
      SqlParserPos pos = key.getParserPosition();
      SqlNode chosen = chosen(filter.operand(1), value, SqlLiteral.createNull(pos), pos);
      order.add(descending ? SqlStdOperatorTable.DESC.createCall(pos, chosen) : chosen);
    }
    return SqlStdOperatorTable.WITHIN_GROUP.createCall(
        within.getParserPosition(), percentile, order);
  }

  /** A call whose unit of time is a text constant, which survives conversion as it is. */
  private static SqlNode withUnit(SqlCall call, SqlOperator operator) {
    SqlNode first = call.operand(0);
    SqlIntervalQualifier qualifier = (SqlIntervalQualifier) first;
    String unit =
        qualifier.timeFrameName != null ? qualifier.timeFrameName : qualifier.getUnit().name();
    String name = unit.toUpperCase(Locale.ROOT).replaceFirst("^SQL_TSI_", "");
    String plain = name.equals("FRAC_SECOND") ? "NANOSECOND" : name;
    if (!TimeFunctions.UNITS.contains(plain)) {
      throw new ParsedSqlException(
          SqlState.INVALID_PARAMETER,
          "'" + unit + "' is no unit of time; expected one of " + TimeFunctions.UNITS,
          first.getParserPosition());
    }
    SqlParserPos pos = first.getParserPosition();
    return operator.createCall(
        call.getParserPosition(),
        SqlLiteral.createCharString(plain, pos),
        TypedParameters.typed(call.operand(1), operator == TimeFunctions.TIMESTAMP_ADD),
        TypedParameters.typed(call.operand(2), false));
  }
}
