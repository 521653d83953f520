package io.datanode.storage.sql;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.logical.LogicalFilter;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.jspecify.annotations.Nullable;

/**
 * An as-of join in the steps that a storage has: what a storage's own does is one comparison.
 *
 * <ul>
 *   <li>A bound on how old a match may be is checked on the match: if the nearest row is too old,
 *       so are all others. A condition on the left row is checked there too.
 *   <li>A second clock, as in {@code f.time_index <= p.time_index AND f.knowledge_time <=
 *       p.time_index}, makes each right row available at the later of its two times. Whatever was
 *       available earlier and is newer hides it for good, so it is dropped; of those left, the
 *       newest known row at any time is the one that became available last.
 * </ul>
 */
final class MatchSteps {
  private final AsofMatch join;
  private final boolean ordersTies;
  private final MatchTerms terms;
  private final RexBuilder rex;
  private final int leftFields;
  private final int rightFields;

  /**
   * Steps of a join.
   *
   * @param ordersTies true if a step itself takes the right one of several rows of one time
   */
  MatchSteps(AsofMatch join, boolean ordersTies) {
    this.join = join;
    this.ordersTies = ordersTies;
    this.terms = MatchTerms.of(join);
    this.rex = join.getCluster().getRexBuilder();
    this.leftFields = join.getLeft().getRowType().getFieldCount();
    this.rightFields = join.getRight().getRowType().getFieldCount();
  }

  MatchTerms terms() {
    return terms;
  }

  /** The join as one step, with what is done before and after it; null if one is not enough. */
  @Nullable RelNode single() {
    List<RexCall> clocks = new ArrayList<>();
    List<RexNode> after = new ArrayList<>(terms.conditions());
    for (RexCall bound : terms.bounds()) {
      boolean sameValue = bound.getOperands().get(1).equals(terms.rightTime());
      boolean sameDirection =
          MatchTerms.looksBack(bound) == MatchTerms.looksBack(terms.nearest())
              && !bound.isA(SqlKind.NOT_EQUALS);
      if (sameValue && !sameDirection && !bound.isA(SqlKind.NOT_EQUALS)) {
        after.add(bound);
      } else if (!sameValue && sameDirection && isSameClock(bound)) {
        clocks.add(bound);
      } else {
        return null;
      }
    }
    RexCall match = terms.nearest();
    RelNode right = join.getRight();
    List<Integer> ties = List.of();
    if (!clocks.isEmpty()) {
      boolean back = MatchTerms.looksBack(match);
      List<RexCall> comparisons = new ArrayList<>(clocks);
      comparisons.add(match);
      StrictClocks strict = new StrictClocks(rex, back, comparisons);
      right = becomingNewest(clocks, strict);
      after.addAll(strict.reaching(terms.leftTime()));
      RexNode available = rex.makeInputRef(right, rightFields);
      SqlOperator reached =
          back ? SqlStdOperatorTable.GREATER_THAN_OR_EQUAL : SqlStdOperatorTable.LESS_THAN_OR_EQUAL;
      match =
          (RexCall)
              rex.makeCall(
                  match.getType(),
                  strict.mixed() ? reached : match.getOperator(),
                  List.of(terms.leftTime(), RexUtil.shift(available, leftFields)));
    } else if (ordersTies) {
      ties = join.ties();
    } else if (!join.ties().isEmpty()) {
      right = withoutTies();
    }
    RexNode equalities = RexUtil.composeConjunction(rex, terms.equalities());
    return checked(AsofStep.create(join, right, equalities, match, ties), after);
  }

  /** True if a bound holds from some left time on, as the one that says what is nearest does. */
  private boolean isSameClock(RexCall bound) {
    Shifted own = Shifted.of(bound.getOperands().get(0));
    Shifted main = Shifted.of(terms.leftTime());
    RelDataType type = bound.getOperands().get(1).getType();
    return own.base().equals(main.base())
        && SqlTypeUtil.equalSansNullability(type, terms.rightTime().getType())
        && (own.by().compareTo(main.by()) == 0 || StrictClocks.isTime(type))
        && (MatchTerms.isStrict(bound) == MatchTerms.isStrict(terms.nearest())
            || (StrictClocks.suits(type) && StrictClocks.suits(terms.leftTime().getType())));
  }

  private RexNode ofRight(RexNode expression) {
    return RexUtil.shift(expression, -leftFields);
  }

  private List<RexNode> rightKeys() {
    List<RexNode> keys = new ArrayList<>();
    for (RexNode term : terms.equalities()) {
      RexNode first = ((RexCall) term).getOperands().get(0);
      RexNode second = ((RexCall) term).getOperands().get(1);
      keys.add(ofRight(AsofSides.isRight(first, leftFields) ? first : second));
    }
    return keys;
  }

  /**
   * Right rows that, when they become available, are the newest of their keys, with the time at
   * which they do behind their columns.
   */
  private RelNode becomingNewest(List<RexCall> clocks, StrictClocks strict) {
    boolean back = MatchTerms.looksBack(terms.nearest());
    RelNode right = join.getRight();
    RexNode time = ofRight(terms.rightTime());
    List<RexNode> known = new ArrayList<>();
    known.add(rex.makeCall(SqlStdOperatorTable.IS_NOT_NULL, time));
    known.addAll(strict.reachable(terms.nearest(), time));
    RexNode available = strict.shifted(time, strict.less(terms.nearest()));
    for (RexCall clock : clocks) {
      RexNode value = ofRight(clock.getOperands().get(1));
      known.add(rex.makeCall(SqlStdOperatorTable.IS_NOT_NULL, value));
      known.addAll(strict.reachable(clock, value));
      RexNode shifted = strict.shifted(value, lag(clock).add(strict.less(clock)));
      RexNode later =
          rex.makeCall(
              back ? SqlStdOperatorTable.GREATER_THAN : SqlStdOperatorTable.LESS_THAN,
              shifted,
              available);
      available =
          rex.makeCall(
              time.getType(), SqlStdOperatorTable.CASE, List.of(later, shifted, available));
    }
    RelNode rows = LogicalFilter.create(right, RexUtil.composeConjunction(rex, known));
    RelNode dated = RowColumns.add(rex, rows, available, "available");
    RexNode hidden =
        AsofWindows.extremeOfEarlier(
            rex,
            rex.makeInputRef(dated, rightFields),
            back,
            rightKeys(),
            AsofWindows.order(rex, dated, time, back, join.ties()));
    RelNode compared = RowColumns.add(rex, dated, hidden, "hidden");
    RexNode own = rex.makeInputRef(compared, rightFields);
    RexNode earliest = rex.makeInputRef(compared, rightFields + 1);
    RelNode kept =
        LogicalFilter.create(
            compared,
            rex.makeCall(
                SqlStdOperatorTable.OR,
                rex.makeCall(SqlStdOperatorTable.IS_NULL, earliest),
                rex.makeCall(
                    back ? SqlStdOperatorTable.LESS_THAN : SqlStdOperatorTable.GREATER_THAN,
                    own,
                    earliest)));
    return RowColumns.first(kept, rightFields + 1);
  }

  /** What is to be taken off a second time so that both are compared with the same left time. */
  private BigDecimal lag(RexCall clock) {
    return Shifted.of(clock.getOperands().get(0)).by().subtract(Shifted.of(terms.leftTime()).by());
  }

  /** Right rows of which no two have the same keys and time. */
  private RelNode withoutTies() {
    RelNode right = join.getRight();
    RexNode time = ofRight(terms.rightTime());
    List<RexNode> keys = new ArrayList<>(rightKeys());
    keys.add(time);
    RexNode number =
        AsofWindows.rowNumber(rex, keys, AsofWindows.order(rex, right, null, true, join.ties()));
    RelNode numbered = RowColumns.add(rex, right, number, "place");
    RexNode place = rex.makeInputRef(numbered, rightFields);
    RexNode one = rex.makeExactLiteral(BigDecimal.ONE, place.getType());
    RelNode kept =
        LogicalFilter.create(numbered, rex.makeCall(SqlStdOperatorTable.EQUALS, place, one));
    return RowColumns.first(kept, rightFields);
  }

  /** The rows of a step with the columns of the join; a match that fails a condition is none. */
  private RelNode checked(AsofStep step, List<RexNode> conditions) {
    boolean outer = join.getJoinType() == JoinRelType.LEFT_ASOF;
    RelNode rows = step;
    RexNode condition = conditions.isEmpty() ? null : RexUtil.composeConjunction(rex, conditions);
    if (condition != null && !outer) {
      rows =
          LogicalFilter.create(
              rows, RexUtil.removeNullabilityCast(rex.getTypeFactory(), condition));
    }
    if (condition == null || !outer) {
      return RowColumns.first(rows, leftFields + rightFields);
    }
    // Of a row without match the columns of the right side are NULL, whatever they were before.
    RexNode matched =
        condition.accept(
            new RexShuttle() {
              @Override
              public RexNode visitInputRef(RexInputRef column) {
                return rex.makeInputRef(step, column.getIndex());
              }
            });
    List<RexNode> columns = new ArrayList<>();
    for (RelDataTypeField field : join.getRowType().getFieldList()) {
      RexNode column = rex.makeInputRef(rows, field.getIndex());
      columns.add(
          field.getIndex() < leftFields
              ? column
              : rex.makeCall(
                  field.getType(),
                  SqlStdOperatorTable.CASE,
                  List.of(matched, column, rex.makeNullLiteral(field.getType()))));
    }
    return LogicalProject.create(
        rows, List.of(), columns, join.getRowType().getFieldNames(), Set.of());
  }
}
