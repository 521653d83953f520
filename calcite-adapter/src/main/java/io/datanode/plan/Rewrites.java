package io.datanode.plan;

import io.datanode.DataNodeException;
import io.datanode.jdbc.SqlState;
import io.datanode.plan.asof.AsofConditions;
import io.datanode.plan.bars.OhlcvColumns;
import io.datanode.plan.bars.TimeTableCalls;
import io.datanode.schema.AggregateFunctions;
import io.datanode.schema.FunctionCatalog;
import io.datanode.schema.TimeFunctions;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.calcite.sql.SqlBasicCall;
import org.apache.calcite.sql.SqlBasicTypeNameSpec;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlDataTypeSpec;
import org.apache.calcite.sql.SqlDynamicParam;
import org.apache.calcite.sql.SqlHint;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlIntervalLiteral;
import org.apache.calcite.sql.SqlIntervalQualifier;
import org.apache.calcite.sql.SqlJdbcFunctionCall;
import org.apache.calcite.sql.SqlJoin;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlOrderBy;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.SqlSnapshot;
import org.apache.calcite.sql.SqlUnknownLiteral;
import org.apache.calcite.sql.SqlUtil;
import org.apache.calcite.sql.SqlWith;
import org.apache.calcite.sql.SqlWithItem;
import org.apache.calcite.sql.fun.SqlCase;
import org.apache.calcite.sql.fun.SqlLibraryOperators;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParser;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.util.SqlBasicVisitor;
import org.apache.calcite.sql.util.SqlShuttle;
import org.jspecify.annotations.Nullable;

/** What is accepted beyond Calcite's grammar, said in its grammar before validation. */
final class Rewrites extends SqlShuttle {
  private static final Pattern ISO = Pattern.compile(".*(T|Z|z|[+-]\\d\\d(:?\\d\\d)?)\\s*.*");
  private static final Pattern OFFSET =
      Pattern.compile("\\d{4}-\\d\\d-\\d\\d[ T]\\d.*(Z|z|[+-]\\d\\d(:?\\d\\d)?)\\s*");

  private static final Set<String> AGGREGATES =
      new TreeSet<>(FunctionCatalog.names(FunctionCatalog.Category.AGGREGATE));

  private static final Set<SqlKind> PERCENTILES =
      Set.of(SqlKind.PERCENTILE_CONT, SqlKind.PERCENTILE_DISC);

  private static final Set<SqlKind> NULL_TREATMENTS =
      Set.of(SqlKind.IGNORE_NULLS, SqlKind.RESPECT_NULLS, SqlKind.FILTER);

  private static final Set<SqlKind> CASTS = Set.of(SqlKind.CAST, SqlKind.SAFE_CAST);

  private final WindowTables windowTables;

  private Rewrites(WindowTables windowTables) {
    this.windowTables = windowTables;
  }

  static SqlNode apply(SqlNode query, SqlParser.Config parser) {
    SqlNode rewritten = selected(query).accept(new Rewrites(new WindowTables(parser)));
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

  /** Parameters, by their index, of which the statement itself says the type: {@code CAST(?)}. */
  static Set<Integer> castParameters(SqlNode query) {
    Set<Integer> found = new HashSet<>();
    query.accept(
        new SqlBasicVisitor<Void>() {
          @Override
          public Void visit(SqlCall call) {
            boolean cast = CASTS.contains(call.getKind()) && call.operandCount() > 0;
            if (cast && call.operand(0) instanceof SqlDynamicParam) {
              found.add(((SqlDynamicParam) call.operand(0)).getIndex());
            }
            return super.visit(call);
          }
        });
    return found;
  }

  @Override
  public @Nullable SqlNode visit(SqlDataTypeSpec type) {
    return TypeNames.standard(type);
  }

  @Override
  public @Nullable SqlNode visit(SqlCall call) {
    if (call instanceof SqlJoin) {
      AsofConditions.requireMatch((SqlJoin) call);
    }
    if (WindowTables.isTableFunction(call)) {
      SqlNode windows = windowTables.query(call);
      if (windows != null) {
        return windows.accept(this);
      }
      SqlCall timed = TimeTableCalls.read(call.operand(0));
      if (timed != null) {
        return call.getOperator().createCall(call.getParserPosition(), super.visit(timed));
      }
    }
    SqlNode visited = super.visit(call);
    if (visited instanceof SqlBasicCall
        && ((SqlCall) visited).getOperator() instanceof SqlJdbcFunctionCall) {
      SqlCall escape = (SqlCall) visited;
      SqlNode first = escape.operandCount() == 3 ? escape.operand(0) : null;
      if (first instanceof SqlIntervalQualifier) {
        boolean add = escape.getOperator().getName().toUpperCase(Locale.ROOT).contains("ADD");
        return withUnit(escape, add ? TimeFunctions.TIMESTAMP_ADD : TimeFunctions.TIMESTAMP_DIFF);
      }
      String name = escape.getOperator().getName().replace("{fn ", "").replace("}", "").strip();
      if (name.equalsIgnoreCase("LOG")) {
        // JDBC's LOG is the natural logarithm, that of SQL here has base 10.
        return SqlStdOperatorTable.LN.createCall(
            escape.getParserPosition(), escape.getOperandList());
      }
      // What the catalog has under this name comes before what Calcite makes of the escape.
      for (FunctionCatalog.Function function : FunctionCatalog.functions()) {
        if (function.name().equalsIgnoreCase(name)) {
          return function
              .operator()
              .createCall(escape.getParserPosition(), escape.getOperandList());
        }
      }
      return new SqlJdbcFunctionCall(name.toUpperCase(Locale.ROOT))
          .createCall(escape.getParserPosition(), escape.getOperandList());
    }
    if (visited instanceof SqlCall
        && ((SqlCall) visited).getOperator() == SqlStdOperatorTable.TIMESTAMP_ADD) {
      return withUnit((SqlCall) visited, TimeFunctions.TIMESTAMP_ADD);
    }
    if (visited instanceof SqlCall
        && ((SqlCall) visited).getOperator() == SqlStdOperatorTable.TIMESTAMP_DIFF) {
      return withUnit((SqlCall) visited, TimeFunctions.TIMESTAMP_DIFF);
    }
    if (visited instanceof SqlCall
        && ((SqlCall) visited).getOperator() == SqlStdOperatorTable.PERCENTILE_CONT) {
      // Calcite's parser names its own function, whose result has the type of the argument.
      return AggregateFunctions.PERCENTILE_CONT.createCall(
          ((SqlCall) visited).getParserPosition(), ((SqlCall) visited).getOperandList());
    }
    if (visited instanceof SqlCall
        && ((SqlCall) visited).getOperator() == SqlLibraryOperators.STRING_AGG) {
      return AggregateFunctions.STRING_AGG.createCall(
          ((SqlCall) visited).getParserPosition(), ((SqlCall) visited).getOperandList());
    }
    if (visited != null && visited.getKind() == SqlKind.FILTER) {
      return filteredPercentile((SqlCall) visited);
    }
    if (visited instanceof SqlSelect) {
      SqlSelect select = (SqlSelect) visited;
      OhlcvColumns.expand(select);
      groupByAll(select);
      typeBareParameters(select);
      GroupedExpressions.rewrite(select);
    }
    if (visited instanceof SqlSnapshot) {
      SqlSnapshot snapshot = (SqlSnapshot) visited;
      snapshot.setOperand(
          1, cast(snapshot.getPeriod(), SqlTypeName.TIMESTAMP_WITH_LOCAL_TIME_ZONE, 6));
    }
    if (visited instanceof SqlOrderBy) {
      return GroupedExpressions.rewrite((SqlOrderBy) visited);
    }
    if (visited instanceof SqlWithItem) {
      RecursiveQueries.rewrite((SqlWithItem) visited);
    }
    return visited instanceof SqlCall ? shiftedParameter((SqlCall) visited) : visited;
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
      SqlNode chosen =
          new SqlCase(
              pos,
              null,
              SqlNodeList.of(filter.operand(1)),
              SqlNodeList.of(value),
              SqlLiteral.createNull(pos));
      order.add(descending ? SqlStdOperatorTable.DESC.createCall(pos, chosen) : chosen);
    }
    return SqlStdOperatorTable.WITHIN_GROUP.createCall(
        within.getParserPosition(), percentile, order);
  }

  /** A parameter as the number or the time that its place wants. */
  private static SqlNode typed(SqlNode operand, boolean number) {
    if (!(operand instanceof SqlDynamicParam)) {
      return operand;
    }
    return number
        ? cast(operand, SqlTypeName.BIGINT, -1)
        : cast(operand, SqlTypeName.TIMESTAMP_WITH_LOCAL_TIME_ZONE, 6);
  }

  /** {@code ? - INTERVAL …} is a time, not an interval as Calcite would guess. */
  private static SqlNode shiftedParameter(SqlCall call) {
    boolean sum = call.getKind() == SqlKind.PLUS || call.getKind() == SqlKind.MINUS;
    if (!sum
        || call.operandCount() != 2
        || !(call.operand(0) instanceof SqlDynamicParam)
        || !(call.operand(1) instanceof SqlIntervalLiteral)) {
      return call;
    }
    return call.getOperator()
        .createCall(
            call.getParserPosition(),
            cast(call.operand(0), SqlTypeName.TIMESTAMP_WITH_LOCAL_TIME_ZONE, 6),
            call.operand(1));
  }

  /** A parameter that is a column by itself is text, as in PostgreSQL. */
  private static void typeBareParameters(SqlSelect select) {
    SqlNodeList items = select.getSelectList();
    for (int i = 0; i < items.size(); i++) {
      SqlNode item = items.get(i);
      if (item instanceof SqlDynamicParam) {
        items.set(i, cast(item, SqlTypeName.VARCHAR, -1));
      } else if (item.getKind() == SqlKind.AS
          && ((SqlCall) item).operand(0) instanceof SqlDynamicParam) {
        ((SqlCall) item).setOperand(0, cast(((SqlCall) item).operand(0), SqlTypeName.VARCHAR, -1));
      }
    }
  }

  private static SqlNode cast(SqlNode node, SqlTypeName type, int precision) {
    SqlParserPos pos = node.getParserPosition();
    return SqlStdOperatorTable.CAST.createCall(
        pos, node, new SqlDataTypeSpec(new SqlBasicTypeNameSpec(type, precision, pos), pos));
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
      throw new DataNodeException(
          SqlState.INVALID_PARAMETER,
          "'" + unit + "' is no unit of time; expected one of " + TimeFunctions.UNITS);
    }
    SqlParserPos pos = first.getParserPosition();
    return operator.createCall(
        call.getParserPosition(),
        SqlLiteral.createCharString(plain, pos),
        typed(call.operand(1), operator == TimeFunctions.TIMESTAMP_ADD),
        typed(call.operand(2), false));
  }

  /** GROUP BY ALL: by every column that holds no aggregate function. */
  private static void groupByAll(SqlSelect select) {
    SqlNodeList group = select.getGroup();
    if (group == null
        || group.size() != 1
        || !(group.get(0) instanceof SqlIdentifier)
        || !((SqlIdentifier) group.get(0)).toString().equalsIgnoreCase("ALL")) {
      return;
    }
    List<SqlNode> keys = new ArrayList<>();
    for (SqlNode item : select.getSelectList()) {
      SqlNode expression = SqlUtil.stripAs(item);
      if (expression instanceof SqlIdentifier && ((SqlIdentifier) expression).isStar()) {
        throw new DataNodeException(
            SqlState.INVALID_SQL, "GROUP BY ALL needs the columns named instead of *");
      }
      if (!hasAggregate(expression) && !(expression instanceof SqlLiteral)) {
        keys.add(expression);
      }
    }
    select.setGroupBy(new SqlNodeList(keys, group.getParserPosition()));
  }

  /** True if it calls an aggregate function, other than over a window. */
  static boolean hasAggregate(SqlNode expression) {
    boolean[] found = new boolean[1];
    expression.accept(
        new SqlBasicVisitor<Void>() {
          @Override
          public Void visit(SqlCall call) {
            if (call.isA(SqlKind.QUERY)) {
              return null;
            }
            if (call.getKind() == SqlKind.OVER) {
              // What the window is over may be aggregates: RANK() OVER (ORDER BY SUM(x)).
              SqlCall function = call.operand(0);
              while (NULL_TREATMENTS.contains(function.getKind())) {
                function = function.operand(0);
              }
              super.visit(function);
              call.operand(1).accept(this);
              return null;
            }
            found[0] |= AGGREGATES.contains(call.getOperator().getName().toUpperCase(Locale.ROOT));
            return super.visit(call);
          }
        });
    return found[0];
  }

  @Override
  public @Nullable SqlNode visit(SqlLiteral literal) {
    if (literal instanceof SqlUnknownLiteral) {
      return timestamp((SqlUnknownLiteral) literal);
    }
    if (literal instanceof SqlIntervalLiteral) {
      return interval((SqlIntervalLiteral) literal);
    }
    return literal;
  }

  /** {@code TIMESTAMP '2024-01-02T00:00:00Z'} is an instant; a {@code T} alone is a blank. */
  private static SqlNode timestamp(SqlUnknownLiteral literal) {
    if (!literal.tag.equalsIgnoreCase("TIMESTAMP")) {
      return literal;
    }
    String text = literal.getValueAs(String.class);
    if (text == null || !ISO.matcher(text).matches()) {
      return literal;
    }
    SqlParserPos pos = literal.getParserPosition();
    SqlTypeName type =
        OFFSET.matcher(text.strip()).matches()
            ? SqlTypeName.TIMESTAMP_WITH_LOCAL_TIME_ZONE
            : SqlTypeName.TIMESTAMP;
    return SqlStdOperatorTable.CAST.createCall(
        pos,
        SqlLiteral.createCharString(text, pos),
        new SqlDataTypeSpec(new SqlBasicTypeNameSpec(type, 6, pos), pos));
  }

  /** Calcite holds intervals in milliseconds; finer ones become a product of microseconds. */
  private static SqlNode interval(SqlIntervalLiteral literal) {
    SqlIntervalLiteral.IntervalValue value =
        literal.getValueAs(SqlIntervalLiteral.IntervalValue.class);
    if (value == null) {
      return literal;
    }
    Matcher fraction = Pattern.compile(".*\\.(\\d+)").matcher(value.getIntervalLiteral());
    if (!fraction.matches()
        || new BigDecimal("0." + fraction.group(1)).stripTrailingZeros().scale() <= 3) {
      return literal;
    }
    throw new DataNodeException(
        SqlState.INVALID_DATETIME,
        "The interval '"
            + value.getIntervalLiteral()
            + "' is finer than milliseconds; add microseconds with TIMESTAMPADD(MICROSECOND, n, time)"
            + " (line "
            + literal.getParserPosition().getLineNum()
            + ", column "
            + literal.getParserPosition().getColumnNum()
            + ")");
  }
}
