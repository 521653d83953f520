package io.datanode.plan.placement;

import io.datanode.DataNodeException;
import io.datanode.jdbc.SqlState;
import io.datanode.plan.time.RangeFinder;
import io.datanode.schema.NodeColumn;
import io.datanode.schema.ResolvedNode;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.calcite.rel.core.TableScan;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexDynamicParam;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlKind;
import org.jspecify.annotations.Nullable;

/**
 * Refuses queries that read a node without a condition on its time or asset column that reaches the
 * storage: the setting {@code strictPushdown}.
 *
 * <p>A condition counts if it compares the column, or a function of its time, with constants or
 * parameters. Joins do not: how much of a node they leave out depends on the rows of another.
 */
final class StrictPushdown {
  private final NodeConditions conditions;

  StrictPushdown(NodeConditions conditions) {
    this.conditions = conditions;
  }

  /**
   * Checks every place where a node is read.
   *
   * @param required {@code time}, {@code asset}, both or neither
   * @throws DataNodeException 54000 naming the node, the column, and what to add
   */
  void check(Set<String> required) {
    for (Map.Entry<TableScan, ResolvedNode> each : conditions.scans().entrySet()) {
      ResolvedNode node = each.getValue();
      if (required.contains("time")) {
        check(each.getKey(), node, node.timeIndex(), "time");
      }
      if (required.contains("asset")) {
        check(each.getKey(), node, node.asset(), "asset");
      }
    }
  }

  private void check(TableScan scan, ResolvedNode node, @Nullable String column, String kind) {
    if (column == null || isFiltered(scan, column)) {
      return;
    }
    String name = node.node().name().toString();
    String example =
        kind.equals("time")
            ? column + " >= TIMESTAMP '2024-01-01 00:00:00'"
            : column + " IN ('SAP', 'AAPL')";
    throw new DataNodeException(
        SqlState.STATEMENT_TOO_LARGE,
        "Node '"
            + name
            + "' would be read without a condition on its "
            + kind
            + " column '"
            + column
            + "' that reaches storage '"
            + node.storage().name()
            + "'; strictPushdown="
            + kind
            + " requires one, for example "
            + example);
  }

  private boolean isFiltered(TableScan scan, String column) {
    for (NodeConditions.Condition condition : conditions.conditions()) {
      if (condition.scan() == scan
          && condition.reaches()
          && limits(condition.term(), condition.columns(), column)) {
        return true;
      }
    }
    return false;
  }

  /**
   * True if the condition holds for some values of the column only, whatever other columns hold.
   */
  private static boolean limits(RexNode term, Map<Integer, NodeColumn> columns, String column) {
    if (!(term instanceof RexCall)) {
      return false;
    }
    List<RexNode> operands = ((RexCall) term).getOperands();
    switch (term.getKind()) {
      case OR:
        return operands.stream().allMatch(each -> limits(each, columns, column));
      case AND:
        return operands.stream().anyMatch(each -> limits(each, columns, column));
      case SOME:
        return isColumn(operands.get(0), columns, column) && isConstant(operands.get(1));
      case EQUALS:
      case LESS_THAN:
      case LESS_THAN_OR_EQUAL:
      case GREATER_THAN:
      case GREATER_THAN_OR_EQUAL:
        return limits(operands.get(0), operands.get(1), columns, column)
            || limits(operands.get(1), operands.get(0), columns, column);
      case LIKE:
        String pattern =
            operands.get(1) instanceof RexLiteral ? RexLiteral.stringValue(operands.get(1)) : null;
        return !((RexCall) term).getOperator().getName().startsWith("NOT")
            && isColumn(operands.get(0), columns, column)
            && pattern != null
            && !pattern.isEmpty()
            && pattern.charAt(0) != '%'
            && pattern.charAt(0) != '_';
      default:
        return false;
    }
  }

  private static boolean limits(
      RexNode function, RexNode value, Map<Integer, NodeColumn> columns, String column) {
    if (!isConstant(value)) {
      return false;
    }
    RexNode base = RangeFinder.base(function);
    return isColumn(base, columns, column);
  }

  private static boolean isColumn(RexNode node, Map<Integer, NodeColumn> columns, String column) {
    if (!(node instanceof RexInputRef)) {
      return false;
    }
    NodeColumn found = columns.get(((RexInputRef) node).getIndex());
    return found != null && found.name().equalsIgnoreCase(column);
  }

  private static boolean isConstant(RexNode node) {
    if (node instanceof RexCall) {
      return !node.isA(SqlKind.QUERY)
          && !((RexCall) node).getOperands().isEmpty()
          && ((RexCall) node).getOperands().stream().allMatch(StrictPushdown::isConstant);
    }
    return node instanceof RexLiteral || node instanceof RexDynamicParam;
  }
}
