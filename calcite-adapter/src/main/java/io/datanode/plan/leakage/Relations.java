package io.datanode.plan.leakage;

import io.datanode.plan.leakage.Leak.Severity;
import io.datanode.plan.leakage.TimeColumn.Kind;
import io.datanode.storage.sql.AsofMatch;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexSubQuery;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.SqlKind;
import org.jspecify.annotations.Nullable;

/** What joins and sub-queries say of the time of one row against that of another. */
final class Relations {
  private final Times times;
  private final Set<Leak> leaks;

  Relations(Times times, Set<Leak> leaks) {
    this.times = times;
    this.leaks = leaks;
  }

  /** How the time of a value stands to that of the row it reaches. */
  private enum Bound {
    /** Not after it. */
    NOT_LATER,
    /** Equal, but the values are of a slower node. */
    SLOWER,
    /** Equal, and it is not declared which node is slower. */
    PERHAPS_SLOWER,
    /** Perhaps after it. */
    NONE
  }

  /** An as-of join: the right row it takes must not be later than the left one. */
  void asof(AsofMatch join, Rows left, Rows right) {
    if (!left.timed() || !right.timed()) {
      return;
    }
    int fields = left.columns().size();
    List<RexNode> terms = RelOptUtil.conjunctions(join.getMatchCondition());
    boolean bounded = false;
    boolean known = false;
    for (RexNode term : terms) {
      TimeColumn mine = times.of(((RexCall) term).getOperands().get(0), left);
      TimeColumn other =
          times.of(RexUtil.shift(((RexCall) term).getOperands().get(1), -fields), right);
      boolean notLater =
          mine != null
              && other != null
              && (term.isA(SqlKind.GREATER_THAN) || term.isA(SqlKind.GREATER_THAN_OR_EQUAL))
              && isNotLater(mine, other);
      bounded |= notLater;
      known |= notLater && other.kind() == Kind.KNOWN;
    }
    String place = left.names() + " with " + right.names();
    if (!bounded) {
      RexCall nearest = (RexCall) terms.get(0);
      boolean ahead =
          nearest.getOperator() == AsofMatch.NEAREST
              || nearest.isA(SqlKind.LESS_THAN)
              || nearest.isA(SqlKind.LESS_THAN_OR_EQUAL);
      leaks.add(
          new Leak(
              ahead ? Severity.LEAK : Severity.POSSIBLE,
              ahead ? "forward as-of join" : "as-of join",
              place,
              ahead
                  ? "each row may take one of a later time"
                  : "the match condition does not say that the right row is not later than the left",
              "MATCH_CONDITION right time <= left time",
              right.at()));
    } else if (!right.versions().isEmpty() && !known) {
      version(place, right);
    }
  }

  private void version(String place, Rows right) {
    leaks.add(
        new Leak(
            Severity.LEAK,
            "later version",
            place,
            "versions of " + String.join(", ", right.versions()) + " may have become known later",
            "compare the knowledge time too: AND right knowledge time <= left time",
            right.at()));
  }

  /** A join of rows of several nodes. */
  void join(Join join, Rows left, Rows right, boolean rightIsRow) {
    if (!left.timed() || !right.timed()) {
      return;
    }
    int fields = left.columns().size();
    Bound best = Bound.NONE;
    boolean known = false;
    for (RexNode term : RelOptUtil.conjunctions(join.getCondition())) {
      if (!(term instanceof RexCall) || ((RexCall) term).getOperands().size() != 2) {
        continue;
      }
      Rows both = left.beside(right);
      RexNode first = ((RexCall) term).getOperands().get(0);
      RexNode second = ((RexCall) term).getOperands().get(1);
      boolean firstOfRow = isOf(first, fields, !rightIsRow);
      if (!firstOfRow && !isOf(second, fields, !rightIsRow)) {
        continue;
      }
      RexNode ofRow = firstOfRow ? first : second;
      RexNode ofOther = firstOfRow ? second : first;
      if (!isOf(ofOther, fields, rightIsRow)) {
        continue;
      }
      TimeColumn mine = times.of(ofRow, both);
      TimeColumn other = times.of(ofOther, both);
      if (mine == null || other == null) {
        continue;
      }
      Bound bound = bound(term.getKind(), firstOfRow, mine, other);
      best = bound.ordinal() < best.ordinal() ? bound : best;
      known |= bound != Bound.NONE && other.kind() == Kind.KNOWN;
    }
    Rows others = rightIsRow ? left : right;
    String place = left.names() + " with " + right.names();
    if (best == Bound.SLOWER || best == Bound.PERHAPS_SLOWER) {
      slower(best, place, others);
    } else if (best == Bound.NONE) {
      leaks.add(
          new Leak(
              Severity.LEAK,
              "join without bound",
              place,
              "the join does not keep rows of " + others.names() + " from being later than the row",
              "an ASOF JOIN, equality of the time indexes, or a bound such as right time <= left"
                  + " time",
              others.at()));
    } else if (!others.versions().isEmpty() && !known) {
      version(place, others);
    }
  }

  private void slower(Bound bound, String place, Rows others) {
    boolean sure = bound == Bound.SLOWER;
    leaks.add(
        new Leak(
            sure ? Severity.LEAK : Severity.POSSIBLE,
            "equal-time join",
            place,
            sure
                ? "rows of "
                    + others.names()
                    + " are of a greater cadence, so the row of the same"
                    + " time may still be forming"
                : "the cadence of one of them is not declared, so the rows of "
                    + others.names()
                    + " may be slower and still be forming at that time",
            sure
                ? "an ASOF JOIN, or a lag of one cadence"
                : "declare cadence in the catalog, or use an ASOF JOIN",
            others.at()));
  }

  private static boolean isOf(RexNode expression, int leftFields, boolean left) {
    return left
        ? io.datanode.storage.sql.AsofSides.isLeft(expression, leftFields)
        : io.datanode.storage.sql.AsofSides.isRight(expression, leftFields);
  }

  private static Bound bound(
      SqlKind comparison, boolean rowFirst, TimeColumn mine, TimeColumn other) {
    boolean below =
        rowFirst
            ? comparison == SqlKind.GREATER_THAN || comparison == SqlKind.GREATER_THAN_OR_EQUAL
            : comparison == SqlKind.LESS_THAN || comparison == SqlKind.LESS_THAN_OR_EQUAL;
    if (comparison != SqlKind.EQUALS) {
      return below && isNotLater(mine, other) ? Bound.NOT_LATER : Bound.NONE;
    }
    if (!isNotLater(mine, other)) {
      return Bound.NONE;
    }
    if (mine.node().equals(other.node()) || other.kind() == Kind.KNOWN) {
      return Bound.NOT_LATER;
    }
    return cadence(mine, other);
  }

  private static Bound cadence(TimeColumn mine, TimeColumn other) {
    // What is added to the other time is how long its values have been there.
    BigDecimal lag = other.offset().subtract(mine.offset());
    Duration slow = other.cadence();
    if (slow == null || mine.cadence() == null) {
      return lag.signum() > 0 ? Bound.NOT_LATER : Bound.PERHAPS_SLOWER;
    }
    boolean slower = slow.compareTo(mine.cadence()) > 0;
    return slower && lag.compareTo(BigDecimal.valueOf(slow.toMillis())) < 0
        ? Bound.SLOWER
        : Bound.NOT_LATER;
  }

  /** True if {@code other <= mine} keeps the values of the other row from being later. */
  private static boolean isNotLater(TimeColumn mine, TimeColumn other) {
    return mine.isLowerBound()
        && other.isUpperBound()
        && other.offset().compareTo(mine.offset()) >= 0;
  }

  /** True for a condition that keeps rows of a sub-query from being later than the outer row. */
  boolean boundsByOuter(RexNode term, Rows rows) {
    if (!(term instanceof RexCall) || ((RexCall) term).getOperands().size() != 2) {
      return false;
    }
    RexNode first = ((RexCall) term).getOperands().get(0);
    RexNode second = ((RexCall) term).getOperands().get(1);
    boolean ownFirst = !RelOptUtil.InputFinder.bits(first).isEmpty();
    RexNode own = ownFirst ? first : second;
    RexNode outer = ownFirst ? second : first;
    if (RelOptUtil.InputFinder.bits(own).isEmpty()
        || !RelOptUtil.InputFinder.bits(outer).isEmpty()) {
      return false;
    }
    TimeColumn other = times.of(own, rows);
    TimeColumn mine = times.of(outer, rows);
    return other != null
        && mine != null
        && bound(term.getKind(), !ownFirst, mine, other) == Bound.NOT_LATER
        && (rows.versions().isEmpty() || other.kind() == Kind.KNOWN);
  }

  /** True for {@code time IN (SELECT time …)}. */
  boolean sameTime(RexSubQuery query, Rows rows, Rows inner) {
    if (!query.isA(SqlKind.IN)) {
      return false;
    }
    for (int i = 0; i < query.getOperands().size(); i++) {
      RexNode operand = query.getOperands().get(i);
      TimeColumn mine = operand instanceof RexInputRef ? times.of(operand, rows) : null;
      TimeColumn other = inner.columns().get(i);
      if (mine != null
          && other != null
          && bound(SqlKind.EQUALS, true, mine, other) == Bound.NOT_LATER) {
        return true;
      }
    }
    return false;
  }

  /** A query inside another one, whose rows must be bounded by the row outside. */
  void subQuery(Rows outer, Rows inner, boolean sameTime, @Nullable String kind) {
    if (outer.timed() && inner.timed() && !inner.bounded() && !sameTime) {
      leaks.add(
          new Leak(
              Severity.LEAK,
              String.valueOf(kind),
              inner.names(),
              "its rows may be later than the row of " + outer.names() + " that it is computed for",
              "a condition in it such as inner time <= outer time",
              inner.at()));
    }
  }
}
