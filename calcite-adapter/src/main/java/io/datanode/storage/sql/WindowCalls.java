package io.datanode.storage.sql;

import io.datanode.DataNodeException;
import io.datanode.jdbc.SqlState;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.calcite.rel.RelFieldCollation;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexFieldCollation;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexOver;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.rex.RexWindow;
import org.apache.calcite.rex.RexWindowBound;
import org.apache.calcite.sql.SqlKind;
import org.jspecify.annotations.Nullable;

/** Writes calls of window functions. */
final class WindowCalls {
  private final StorageDialect dialect;
  private final ExpressionWriter expressions;

  WindowCalls(StorageDialect dialect, ExpressionWriter expressions) {
    this.dialect = dialect;
    this.expressions = expressions;
  }

  String text(RexOver over) {
    return text(over, over.getAggOperator().getName().toUpperCase(java.util.Locale.ROOT));
  }

  private String text(RexOver over, String name) {
    List<String> arguments =
        over.getOperands().stream().map(expressions::text).collect(Collectors.toList());
    return dialect.windowCall(
        new StorageDialect.AggregateText(
            name,
            arguments,
            over.getOperands().stream().map(RexNode::getType).collect(Collectors.toList()),
            over.isDistinct(),
            over.ignoreNulls(),
            List.of(),
            null,
            over.getType()),
        window(over));
  }

  private StorageDialect.WindowText window(RexOver over) {
    RexWindow window = over.getWindow();
    String partition =
        window.partitionKeys.isEmpty()
            ? ""
            : "PARTITION BY "
                + window.partitionKeys.stream()
                    .map(expressions::text)
                    .collect(Collectors.joining(", "));
    List<String> keys = new ArrayList<>();
    for (RexFieldCollation key : window.orderKeys) {
      keys.add(dialect.ordered(expressions.text(key.left), key.left.getType()) + direction(key));
    }
    String lower = bound(window.getLowerBound());
    String upper = bound(window.getUpperBound());
    boolean framed = over.getAggOperator().allowsFraming() && !isDefaultFrame(window);
    return new StorageDialect.WindowText(
        partition,
        keys.isEmpty() ? "" : "ORDER BY " + String.join(", ", keys),
        framed
            ? (window.isRows() ? "ROWS" : "RANGE")
                + " BETWEEN "
                + lower
                + " AND "
                + upper
                + exclusion(window)
            : "",
        window.isRows(),
        lower,
        upper,
        !exclusion(window).isEmpty());
  }

  private static String exclusion(RexWindow window) {
    switch (window.getExclude()) {
      case EXCLUDE_CURRENT_ROW:
        return " EXCLUDE CURRENT ROW";
      case EXCLUDE_GROUP:
        return " EXCLUDE GROUP";
      case EXCLUDE_TIES:
        return " EXCLUDE TIES";
      default:
        return "";
    }
  }

  private static boolean isDefaultFrame(RexWindow window) {
    boolean wholeStart =
        window.getLowerBound().isUnbounded() && window.getLowerBound().isPreceding();
    boolean defaultEnd =
        window.orderKeys.isEmpty()
            ? window.getUpperBound().isUnbounded()
            : !window.isRows() && window.getUpperBound().isCurrentRow();
    return wholeStart && defaultEnd && exclusion(window).isEmpty();
  }

  private String bound(RexWindowBound bound) {
    if (bound.isUnbounded()) {
      return bound.isPreceding() ? "UNBOUNDED PRECEDING" : "UNBOUNDED FOLLOWING";
    }
    if (bound.isCurrentRow()) {
      return "CURRENT ROW";
    }
    RexNode offset = bound.getOffset();
    if (offset == null) {
      throw new DataNodeException(SqlState.NOT_SUPPORTED, "A window frame without offset");
    }
    return expressions.compared(offset) + (bound.isPreceding() ? " PRECEDING" : " FOLLOWING");
  }

  static String direction(RexFieldCollation key) {
    return direction(
        key.getDirection().isDescending(),
        key.getNullDirection() == RelFieldCollation.NullDirection.FIRST
            || (key.getNullDirection() == RelFieldCollation.NullDirection.UNSPECIFIED
                && key.getDirection().isDescending()));
  }

  /** Order direction; NULLs are always placed explicitly, since storages differ. */
  static String direction(boolean descending, boolean nullsFirst) {
    return (descending ? " DESC" : "") + (nullsFirst ? " NULLS FIRST" : " NULLS LAST");
  }

  /**
   * SUM over a window, which Calcite converts to {@code CASE WHEN COUNT(x) OVER w > 0 THEN $SUM0(x)
   * OVER w ELSE NULL END}.
   */
  @Nullable String sum(List<RexNode> operands) {
    if (operands.size() != 3
        || !operands.get(0).isA(SqlKind.GREATER_THAN)
        || !RexUtil.isNullLiteral(operands.get(2), true)) {
      return null;
    }
    RexNode count = ((RexCall) operands.get(0)).getOperands().get(0);
    RexNode sum = operands.get(1);
    while (sum.isA(SqlKind.CAST)) {
      sum = ((RexCall) sum).getOperands().get(0);
    }
    if (!(count instanceof RexOver)
        || !(sum instanceof RexOver)
        || (((RexOver) sum).getAggOperator().getKind() != SqlKind.SUM0
            && ((RexOver) sum).getAggOperator().getKind() != SqlKind.SUM)
        || ((RexOver) count).getAggOperator().getKind() != SqlKind.COUNT
        || !window((RexOver) count).equals(window((RexOver) sum))
        || !((RexOver) count).getOperands().equals(((RexOver) sum).getOperands())) {
      return null;
    }
    return text((RexOver) sum, "SUM");
  }
}
