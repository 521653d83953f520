package io.datanode.plan.asof;

import io.datanode.DataNodeException;
import io.datanode.jdbc.SqlState;
import io.datanode.plan.ParsedSqlException;
import io.datanode.storage.sql.AsofMatch;
import io.datanode.storage.sql.AsofSides;
import io.datanode.storage.sql.Shifted;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.util.ImmutableBitSet;
import org.jspecify.annotations.Nullable;

/**
 * Decides which of several comparisons says what is nearest.
 *
 * <p>{@code NEAREST} does. Else it is the first one, except that a comparison of the knowledge time
 * gives way to one of another time, and that of two bounds of one value the one nearer to the left
 * time says it: {@code f.t >= p.t - INTERVAL '5' DAY AND f.t <= p.t} looks back, in whatever order
 * its two parts stand.
 */
final class MatchOrder {
  private final RightRows right;
  private final int leftFields;
  private final @Nullable SqlParserPos at;

  /**
   * For one join.
   *
   * @param at where the statement says what matches
   */
  MatchOrder(RightRows right, int leftFields, @Nullable SqlParserPos at) {
    this.right = right;
    this.leftFields = leftFields;
    this.at = at;
  }

  /** The comparisons with the one that decides before the others. */
  List<RexCall> ordered(List<RexCall> comparisons) {
    RexCall first = first(comparisons);
    List<RexCall> ordered = new ArrayList<>(comparisons);
    ordered.remove(first);
    ordered.add(0, first);
    return ordered;
  }

  private RexCall first(List<RexCall> comparisons) {
    RexCall first = null;
    for (RexCall comparison : comparisons) {
      if (comparison.getOperator() == AsofMatch.NEAREST) {
        if (first != null && first.getOperator() == AsofMatch.NEAREST) {
          throw invalid("MATCH_CONDITION takes NEAREST once");
        }
        first = comparison;
      } else if (!comparison.isA(SqlKind.NOT_EQUALS)
          && (first == null
              || (first.getOperator() != AsofMatch.NEAREST
                  && isKnowledgeTime(first)
                  && !isKnowledgeTime(comparison)))) {
        first = comparison;
      }
    }
    if (first == null) {
      throw new IllegalArgumentException("No comparison among " + comparisons);
    }
    if (first.getOperator() == AsofMatch.NEAREST) {
      checkStrict(comparisons, first);
      return first;
    }
    for (RexCall comparison : comparisons) {
      if (comparison.isA(SqlKind.NOT_EQUALS)) {
        throw invalid(
            "MATCH_CONDITION takes <> only beside NEAREST; write < or > instead of <= or >=");
      }
      if (comparison != first) {
        first = nearer(first, comparison);
      }
    }
    return first;
  }

  private boolean isKnowledgeTime(RexCall comparison) {
    return right.isKnowledgeTime(RexUtil.shift(comparison.getOperands().get(1), -leftFields));
  }

  private void checkStrict(List<RexCall> comparisons, RexCall nearest) {
    for (RexCall comparison : comparisons) {
      if (comparison.isA(SqlKind.NOT_EQUALS)
          && !comparison.getOperands().equals(nearest.getOperands())) {
        throw invalid(
            "Beside NEAREST, <> must compare the same two values, to leave out equal ones");
      }
    }
  }

  /** Of two bounds of one value from two directions, the one at which the nearest row is. */
  private RexCall nearer(RexCall first, RexCall second) {
    boolean oneValue = first.getOperands().get(1).equals(second.getOperands().get(1));
    if (!oneValue || looksBack(first) == looksBack(second)) {
      return first;
    }
    RexCall back = looksBack(first) ? first : second;
    RexCall ahead = looksBack(first) ? second : first;
    Shifted upper = Shifted.of(back.getOperands().get(0));
    Shifted lower = Shifted.of(ahead.getOperands().get(0));
    if (!upper.base().equals(lower.base())) {
      // One of them may be the left time itself, the other something computed from it.
      return first;
    }
    if (upper.by().signum() <= 0 && lower.by().signum() <= 0) {
      return back;
    }
    if (upper.by().signum() >= 0 && lower.by().signum() >= 0) {
      return ahead;
    }
    throw invalid(
        "MATCH_CONDITION allows right rows before and after the left time, so it must say which is"
            + " nearest: add NEAREST(right time, left time)");
  }

  private DataNodeException invalid(String message) {
    return new ParsedSqlException(SqlState.INVALID_SQL, message, at);
  }

  private static boolean looksBack(RexCall comparison) {
    return comparison.isA(SqlKind.GREATER_THAN) || comparison.isA(SqlKind.GREATER_THAN_OR_EQUAL);
  }

  /** Right columns that have one value in all rows equally near. */
  static ImmutableBitSet fixed(List<RexNode> equalities, RexCall nearest, int leftFields) {
    ImmutableBitSet.Builder columns = ImmutableBitSet.builder();
    for (RexNode term : equalities) {
      if (term.isA(SqlKind.EQUALS) && AsofSides.compares(term, leftFields)) {
        for (RexNode operand : ((RexCall) term).getOperands()) {
          add(columns, operand, leftFields);
        }
      }
    }
    // Two rows equally near in either direction are not compared with each other.
    add(columns, Shifted.of(nearest.getOperands().get(1)).base(), leftFields);
    return columns.build();
  }

  private static void add(ImmutableBitSet.Builder columns, RexNode value, int leftFields) {
    if (value instanceof RexInputRef && ((RexInputRef) value).getIndex() >= leftFields) {
      columns.set(((RexInputRef) value).getIndex() - leftFields);
    }
  }
}
