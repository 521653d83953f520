package io.datanode.plan.leakage;

import io.datanode.plan.leakage.Leak.Severity;
import io.datanode.plan.leakage.TimeColumn.Kind;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexFieldCollation;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexOver;
import org.apache.calcite.rex.RexVisitorImpl;
import org.apache.calcite.rex.RexWindow;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.jspecify.annotations.Nullable;

/** Windows that take in rows later than the one they are computed for. */
final class WindowFrames {
  /** They need all rows of a partition, whatever the frame. */
  private static final Set<SqlKind> WHOLE =
      EnumSet.of(SqlKind.NTILE, SqlKind.PERCENT_RANK, SqlKind.CUME_DIST);

  private static final Set<SqlKind> SUMS = EnumSet.of(SqlKind.SUM, SqlKind.SUM0);

  private static final String REMEDY =
      "ORDER BY the time index with a frame that ends at CURRENT ROW, or PARTITION BY the time index"
          + " to compare rows of one time";

  private static final String FROM_LATE = "it is ordered from late to early";

  private static final Set<SqlKind> PLACES =
      EnumSet.of(SqlKind.ROW_NUMBER, SqlKind.RANK, SqlKind.DENSE_RANK);

  private final Times times;
  private final Set<Leak> leaks;
  private final Set<RexNode> first = Collections.newSetFromMap(new IdentityHashMap<>());

  WindowFrames(Times times, Set<Leak> leaks) {
    this.times = times;
    this.leaks = leaks;
  }

  /**
   * Takes down which rows a condition keeps as the first of their partition. What is newest is
   * shown as it is, as {@code "node$latest"} shows it: it learns nothing of a later row, for there
   * is none.
   */
  void keepsFirst(Filter filter) {
    if (!(filter.getInput() instanceof Project)) {
      return;
    }
    List<RexNode> projects = ((Project) filter.getInput()).getProjects();
    for (RexNode term : RelOptUtil.conjunctions(filter.getCondition())) {
      RexNode condition = below(term, projects);
      List<RexNode> operands =
          condition.isA(SqlKind.EQUALS) ? ((RexCall) condition).getOperands() : List.of();
      if (operands.size() == 2
          && operands.get(1) instanceof RexLiteral
          && BigDecimal.ONE.equals(((RexLiteral) operands.get(1)).getValue())) {
        RexNode number = below(operands.get(0), projects);
        if (number instanceof RexOver && PLACES.contains(number.getKind())) {
          first.add(number);
        }
      }
    }
  }

  private static RexNode below(RexNode expression, List<RexNode> projects) {
    return expression instanceof RexInputRef
        ? projects.get(((RexInputRef) expression).getIndex())
        : expression;
  }

  /** Notes each window of the expressions of a projection that looks ahead. */
  void check(List<RexNode> expressions, Rows rows) {
    if (!rows.timed() || rows.nodes().equals(Rows.STATUS)) {
      return;
    }
    List<RexOver> windows = new ArrayList<>();
    for (RexNode expression : expressions) {
      expression.accept(
          new RexVisitorImpl<Void>(true) {
            @Override
            public Void visitOver(RexOver over) {
              windows.add(over);
              return super.visitOver(over);
            }
          });
    }
    // A sum is converted to CASE WHEN COUNT(x) OVER w > 0 THEN $SUM0(x) OVER w END.
    Set<List<?>> summed =
        windows.stream()
            .filter(over -> over.isA(SUMS))
            .map(WindowFrames::keys)
            .collect(Collectors.toSet());
    for (RexOver over : windows) {
      String reason = reason(over, rows);
      boolean counts = over.isA(SqlKind.COUNT) && summed.contains(keys(over));
      boolean newest = FROM_LATE.equals(reason) && first.contains(over);
      if (reason != null && !counts && !newest) {
        String name = over.getAggOperator().getName().replace("$SUM0", "SUM");
        String place = name + " over " + rows.names();
        leaks.add(new Leak(Severity.LEAK, "window", place, reason, REMEDY, at(over, rows)));
      }
    }
  }

  /** Where a call is written; where the rows are named if a rewriting has lost that. */
  static @Nullable SqlParserPos at(RexNode call, Rows rows) {
    SqlParserPos written =
        call instanceof RexCall ? ((RexCall) call).getParserPosition() : SqlParserPos.ZERO;
    return written.getLineNum() > 0 ? written : rows.at();
  }

  private @Nullable String reason(RexOver over, Rows rows) {
    RexWindow window = over.getWindow();
    boolean oneTime =
        window.partitionKeys.stream()
            .map(key -> times.of(key, rows))
            .anyMatch(time -> time != null && isTrue(time));
    if (oneTime) {
      return null;
    }
    if (window.orderKeys.isEmpty()) {
      return "it takes in all rows of its partition, later ones too";
    }
    RexFieldCollation first = window.orderKeys.get(0);
    TimeColumn order = first.left instanceof RexInputRef ? times.of(first.left, rows) : null;
    if (order == null || !isTrue(order)) {
      return "its rows are not in the order of their time index, so later ones may come before";
    }
    boolean fromLate = first.getDirection().isDescending();
    boolean lead = over.getOperator().getKind() == SqlKind.LEAD;
    if (lead || over.getOperator().getKind() == SqlKind.LAG) {
      int steps = offset(over);
      boolean later = lead != fromLate ? steps > 0 : steps < 0;
      return later ? over.getAggOperator().getName() + " looks at later rows" : null;
    }
    if (fromLate) {
      return framed(over) && onlyFollowing(window) ? null : FROM_LATE;
    }
    if (WHOLE.contains(over.getOperator().getKind())) {
      return "it compares with all rows of its partition, later ones too";
    }
    boolean ahead =
        window.getUpperBound().isFollowing()
            && !(window.getUpperBound().getOffset() != null
                && isZero(window.getUpperBound().getOffset()));
    return framed(over) && ahead ? "its frame ends after the current row" : null;
  }

  private static List<?> keys(RexOver over) {
    return List.of(over.getWindow().partitionKeys, over.getWindow().orderKeys);
  }

  private static boolean framed(RexOver over) {
    return over.getAggOperator().allowsFraming();
  }

  private static boolean isTrue(TimeColumn time) {
    return time.kind() == Kind.EXACT || time.kind() == Kind.KNOWN;
  }

  /** True for a frame that in descending order holds only the row itself and earlier ones. */
  private static boolean onlyFollowing(RexWindow window) {
    return window.getLowerBound().isCurrentRow() || window.getLowerBound().isFollowing();
  }

  private static boolean isZero(RexNode node) {
    return node instanceof RexLiteral
        && BigDecimal.ZERO.compareTo(((RexLiteral) node).getValueAs(BigDecimal.class)) == 0;
  }

  /** The constant number of rows that LAG or LEAD goes; that which looks ahead if it is not one. */
  private static int offset(RexOver over) {
    if (over.getOperands().size() < 2) {
      return 1;
    }
    RexNode offset = over.getOperands().get(1);
    if (offset instanceof RexLiteral) {
      return RexLiteral.intValue(offset);
    }
    boolean lead = over.getOperator().getKind() == SqlKind.LEAD;
    boolean fromLate = over.getWindow().orderKeys.get(0).getDirection().isDescending();
    return lead != fromLate ? Integer.MAX_VALUE : Integer.MIN_VALUE;
  }
}
