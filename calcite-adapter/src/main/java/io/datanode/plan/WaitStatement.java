package io.datanode.plan;

import io.datanode.DataNodeException;
import io.datanode.jdbc.SqlState;
import io.datanode.node.Nearest;
import io.datanode.node.NodeName;
import io.datanode.node.RoleInference;
import io.datanode.schema.Nodes;
import io.datanode.schema.ResolvedNode;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.calcite.sql.SqlBasicCall;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlIntervalLiteral;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.SqlUnresolvedFunction;
import org.apache.calcite.sql.SqlUtil;
import org.apache.calcite.sql.dialect.AnsiSqlDialect;
import org.apache.calcite.sql.parser.SqlParserUtil;
import org.apache.calcite.sql.util.SqlBasicVisitor;
import org.jspecify.annotations.Nullable;

/**
 * {@code SELECT * FROM TABLE(metadata.wait_for('node', time, timeout [, 'all' | 'any']))}: waits
 * until the rows of a time are there. What it waits for is asked again and again as a query.
 *
 * @param condition gives one row of one number, 1 if they are there
 * @param timeout after which it ends without them
 * @param time as it is written
 */
record WaitStatement(String condition, Duration timeout, SqlNode time) {
  private static final String FORM =
      "SELECT * FROM TABLE(metadata.wait_for('node', time, INTERVAL '30' SECOND [, 'all' or 'any']))";
  private static final Set<String> REACH = Set.of("all", "any");

  /** True if a statement names the function. */
  static boolean isNamedIn(SqlText text) {
    List<SqlToken> tokens = text.tokens();
    for (int i = 2; i < tokens.size(); i++) {
      if (word(tokens.get(i)).equals("wait_for") && word(tokens.get(i - 2)).equals("metadata")) {
        return !tokens.get(0).is("EXPLAIN");
      }
    }
    return false;
  }

  private static String word(SqlToken token) {
    return token.text().replace("\"", "").toLowerCase(Locale.ROOT);
  }

  /**
   * Reads the statement.
   *
   * @param schema of a node that is named without one
   * @throws DataNodeException 42601 if it does more than wait, 42P01 if there is no such node
   */
  static WaitStatement of(SqlNode statement, String schema, Nodes nodes) {
    List<SqlNode> arguments = arguments(statement);
    String reach = arguments.size() > 3 ? text(arguments.get(3)).toLowerCase(Locale.ROOT) : "all";
    if (!REACH.contains(reach)) {
      throw wrong("it waits for '" + reach + "'", arguments.get(3));
    }
    ResolvedNode node = node(arguments.get(0), schema, nodes);
    String time =
        "(" + arguments.get(1).toSqlString(AnsiSqlDialect.DEFAULT).getSql().replace('`', '"') + ")";
    return new WaitStatement(
        reach.equals("any") ? any(node, time) : all(node, time),
        timeout(arguments.get(2)),
        checked(arguments.get(1)));
  }

  /** A time that is one for the whole wait. */
  private static SqlNode checked(SqlNode time) {
    if (SqlUtil.isNullLiteral(time, true)) {
      throw wrong("its time is NULL", time);
    }
    time.accept(
        new SqlBasicVisitor<Void>() {
          @Override
          public Void visit(SqlIdentifier column) {
            if (column.isSimple() && WallClocks.isClock(column.getSimple())) {
              return null;
            }
            throw wrong("its time names the column " + column, column);
          }
        });
    return time;
  }

  /** What is wrong with the time if nothing else is with the condition. */
  ParsedSqlException wrongTime() {
    return wrong("it cannot wait for " + time, time);
  }

  private static List<SqlNode> arguments(SqlNode statement) {
    SqlSelect select = statement instanceof SqlSelect ? (SqlSelect) statement : null;
    SqlNode from = select == null ? null : select.getFrom();
    if (from != null && from.getKind() == SqlKind.AS) {
      from = ((SqlCall) from).operand(0);
    }
    boolean alone =
        select != null
            && select.getWhere() == null
            && select.getGroup() == null
            && select.getFetch() == null
            && select.getSelectList().size() == 1
            && select.getSelectList().get(0) instanceof SqlIdentifier
            && ((SqlIdentifier) select.getSelectList().get(0)).isStar();
    SqlNode call =
        alone && from instanceof SqlCall && WindowTables.isTableFunction((SqlCall) from)
            ? ((SqlCall) from).operand(0)
            : null;
    if (!(call instanceof SqlBasicCall)
        || !(((SqlBasicCall) call).getOperator() instanceof SqlUnresolvedFunction)) {
      throw wrong("it is a statement of its own", statement);
    }
    List<SqlNode> arguments = ((SqlBasicCall) call).getOperandList();
    if (arguments.size() < 3 || arguments.size() > 4) {
      throw wrong("it has " + arguments.size() + " arguments", call);
    }
    return arguments;
  }

  private static ParsedSqlException wrong(String what, SqlNode at) {
    return new ParsedSqlException(
        SqlState.INVALID_SQL,
        "metadata.wait_for: " + what + "; expected " + FORM,
        at.getParserPosition());
  }

  private static String text(SqlNode argument) {
    String value =
        argument instanceof SqlLiteral && argument.getKind() == SqlKind.LITERAL
            ? ((SqlLiteral) argument).getValueAs(Object.class) instanceof Number
                ? null
                : ((SqlLiteral) argument).toValue()
            : null;
    if (value == null) {
      throw wrong(argument + " is no constant text", argument);
    }
    return value;
  }

  private static Duration timeout(SqlNode argument) {
    if (argument instanceof SqlIntervalLiteral) {
      SqlIntervalLiteral.IntervalValue value =
          ((SqlIntervalLiteral) argument).getValueAs(SqlIntervalLiteral.IntervalValue.class);
      if (value != null && !value.getIntervalQualifier().isYearMonth()) {
        return Duration.ofMillis(Math.max(0, SqlParserUtil.intervalToMillis(value)));
      }
    }
    throw wrong(argument + " is no constant interval of days or less", argument);
  }

  private static ResolvedNode node(SqlNode named, String schema, Nodes nodes) {
    String name = text(named);
    int dot = name.indexOf('.');
    NodeName wanted =
        nodes.snapshot().namesIgnoringCase(new NodeName(schema, name)).isEmpty() && dot > 0
            ? new NodeName(name.substring(0, dot), name.substring(dot + 1))
            : new NodeName(schema, name);
    ResolvedNode node =
        nodes.snapshot().namesIgnoringCase(wanted).stream()
            .findFirst()
            .flatMap(nodes::resolve)
            .orElseThrow(
                () ->
                    new ParsedSqlException(
                        SqlState.UNDEFINED_NODE,
                        "There is no node '"
                            + name
                            + "' to wait for"
                            + Nearest.hint(
                                name,
                                "the nodes",
                                nodes.snapshot().nodes().keySet().stream()
                                    .map(NodeName::toString)
                                    .toList()),
                        named.getParserPosition()));
    if (node.timeIndex() == null) {
      throw new ParsedSqlException(
          SqlState.INVALID_PARAMETER,
          "Node '" + node.node().name() + "' has no time index, so no time of it can be waited for",
          named.getParserPosition());
    }
    if (RoleInference.isGuess(node.inferred().get(RoleInference.TIME_INDEX))) {
      throw new ParsedSqlException(
          SqlState.INVALID_PARAMETER,
          "The time index of node '"
              + node.node().name()
              + "', "
              + node.timeIndex()
              + ", is only guessed, so no time of it can be waited for; declare it in the catalog,"
              + " time_index: "
              + node.timeIndex(),
          named.getParserPosition());
    }
    return node;
  }

  private static String any(ResolvedNode node, String time) {
    return "SELECT CASE WHEN COUNT(*) > 0 THEN 1 ELSE 0 END FROM "
        + NodeStatus.table(node)
        + " WHERE "
        + NodeStatus.quoted(node.timeIndex())
        + " >= "
        + time;
  }

  private static String all(ResolvedNode node, String time) {
    String index = NodeStatus.quoted(node.timeIndex());
    @Nullable String fed = NodeStatus.fed(node);
    List<String> identity = node.identity().stream().map(NodeStatus::quoted).toList();
    return "SELECT CASE WHEN MIN(last_time) >= "
        + time
        + " THEN 1 ELSE 0 END FROM (SELECT MAX("
        + index
        + ") AS last_time FROM "
        + NodeStatus.table(node)
        + (fed == null ? "" : " WHERE " + index + " > " + fed)
        + (identity.isEmpty() ? "" : " GROUP BY " + String.join(", ", identity))
        + ") AS s";
  }
}
