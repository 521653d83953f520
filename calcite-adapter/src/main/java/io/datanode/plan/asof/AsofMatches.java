package io.datanode.plan.asof;

import io.datanode.DataNodeException;
import io.datanode.jdbc.SqlState;
import io.datanode.plan.ParsedSqlException;
import io.datanode.plan.SqlPlaces;
import io.datanode.plan.filter.FilterPush;
import io.datanode.plan.filter.RelTree;
import io.datanode.storage.sql.AsofMatch;
import io.datanode.storage.sql.AsofSides;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.logical.LogicalAsofJoin;
import org.apache.calcite.rel.logical.LogicalFilter;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.SqlTypeFamily;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.apache.calcite.util.ImmutableBitSet;
import org.jspecify.annotations.Nullable;

/**
 * Makes of each as-of join of a query an {@link AsofMatch}.
 *
 * <p>A left row meets, of the right rows for which ON and MATCH_CONDITION are true, the nearest. So
 * it is all one in which of the two a condition stands: one on the right side alone is checked
 * before the match, one on the left side alone drops the left row of an inner join, and leaves it
 * without match otherwise.
 */
public final class AsofMatches {
  private final RexBuilder rex;
  private final SqlPlaces places;

  /**
   * For one query.
   *
   * @param places where it says what matches
   */
  public AsofMatches(RexBuilder rex, SqlPlaces places) {
    this.rex = rex;
    this.places = places;
  }

  /** The same query with the as-of joins that can be run. */
  public RelNode apply(RelNode rel) {
    RelNode mapped = RelTree.map(rel, this::apply);
    return mapped instanceof LogicalAsofJoin
        ? new Terms((LogicalAsofJoin) mapped).joined()
        : mapped;
  }

  /** The terms of one join, sorted by what they are about. */
  private final class Terms {
    private final LogicalAsofJoin join;
    private final int leftFields;
    private final RightRows rightRows;
    private final @Nullable SqlParserPos at;
    private final List<RexNode> equalities = new ArrayList<>();
    private final List<RexNode> ofLeft = new ArrayList<>();
    private final List<RexNode> ofRight = new ArrayList<>();
    private final List<RexCall> comparisons = new ArrayList<>();

    Terms(LogicalAsofJoin join) {
      this.join = join;
      this.leftFields = join.getLeft().getRowType().getFieldCount();
      this.rightRows = new RightRows(join.getRight());
      this.at = places.of(join.getMatchCondition());
      RelOptUtil.conjunctions(join.getMatchCondition()).forEach(this::sort);
      if (comparisons.stream().allMatch(term -> term.isA(SqlKind.NOT_EQUALS))) {
        throw invalid(
            "MATCH_CONDITION must say with <, <=, >, >= or NEAREST which right row is nearest");
      }
    }

    private void sort(RexNode term) {
      if (term.isAlwaysTrue()) {
        return;
      }
      if (!FilterPush.movable(term)) {
        throw invalid(
            "The conditions of an ASOF JOIN must mean the same for each row: no sub-queries, window"
                + " functions or random numbers");
      }
      if (term.isA(SqlKind.EQUALS) && AsofSides.compares(term, leftFields)) {
        equalities.add(term);
      } else if (isComparison(term) && AsofSides.compares(term, leftFields)) {
        comparisons.add(leftFirst((RexCall) term));
      } else if (AsofSides.isRight(term, leftFields)) {
        ofRight.add(RexUtil.shift(term, -leftFields));
      } else if (RelOptUtil.InputFinder.bits(term).isEmpty()
          || AsofSides.isLeft(term, leftFields)) {
        ofLeft.add(term);
      } else {
        throw invalid(
            "An ASOF JOIN takes equalities and comparisons of one side with the other, and"
                + " conditions on one side");
      }
    }

    private boolean isComparison(RexNode term) {
      return term.isA(SqlKind.ORDER_COMPARISON)
          || term.isA(SqlKind.NOT_EQUALS)
          || (term instanceof RexCall && ((RexCall) term).getOperator() == AsofMatch.NEAREST);
    }

    private RexCall leftFirst(RexCall term) {
      RexNode first = term.getOperands().get(0);
      RexNode second = term.getOperands().get(1);
      if (term.getOperator() == AsofMatch.NEAREST) {
        boolean swap = AsofSides.isRight(first, leftFields);
        return nearest(term, swap ? second : first, swap ? first : second);
      }
      SqlOperator reversed = term.getOperator().reverse();
      return AsofSides.isLeft(first, leftFields) || reversed == null
          ? term
          : (RexCall) rex.makeCall(term.getType(), reversed, List.of(second, first));
    }

    /** Both values as one type, in which their distance can be told. */
    private RexCall nearest(RexCall term, RexNode left, RexNode right) {
      RelDataType common = common(left.getType(), right.getType());
      if (common == null
          || !(SqlTypeUtil.isNumeric(common) || SqlTypeFamily.DATETIME.contains(common))) {
        throw invalid(
            "NEAREST compares two times or two numbers, not "
                + left.getType().getSqlTypeName().getName()
                + " and "
                + right.getType().getSqlTypeName().getName());
      }
      return (RexCall)
          rex.makeCall(
              term.getType(), term.getOperator(), List.of(as(common, left), as(common, right)));
    }

    /** An instant and what a clock shows are compared as instants, as everywhere. */
    private @Nullable RelDataType common(RelDataType first, RelDataType second) {
      if (SqlTypeFamily.DATETIME.contains(first) && SqlTypeFamily.DATETIME.contains(second)) {
        for (SqlTypeName name :
            List.of(
                SqlTypeName.TIME,
                SqlTypeName.TIMESTAMP_WITH_LOCAL_TIME_ZONE,
                SqlTypeName.TIMESTAMP)) {
          boolean one = first.getSqlTypeName() == name;
          if (one || second.getSqlTypeName() == name) {
            boolean times = name != SqlTypeName.TIME;
            return times ? one ? first : second : null;
          }
        }
      }
      return rex.getTypeFactory().leastRestrictive(List.of(first, second));
    }

    private RexNode as(RelDataType type, RexNode value) {
      RelDataType wanted =
          rex.getTypeFactory().createTypeWithNullability(type, value.getType().isNullable());
      return SqlTypeUtil.equalSansNullability(wanted, value.getType())
          ? value
          : rex.makeAbstractCast(wanted, value, false);
    }

    RelNode joined() {
      List<RexCall> match = new MatchOrder(rightRows, leftFields, at).ordered(comparisons);
      // What ON adds bounds the match; it does not say what is nearest.
      comparisons.clear();
      RelOptUtil.conjunctions(join.getCondition()).forEach(this::sort);
      match.addAll(comparisons);
      RelNode left = join.getLeft();
      RelNode right = join.getRight();
      if (match.stream().anyMatch(this::comparesKnowledgeTime)) {
        right = RightRows.allVersions(right, at, places);
        if (right != join.getRight()) {
          ofRight.forEach(condition -> RightRows.checkKeys(join.getRight(), condition, at));
        }
      }
      if (join.getJoinType() == JoinRelType.ASOF) {
        left = filtered(left, ofLeft);
      } else {
        equalities.addAll(ofLeft);
      }
      ImmutableBitSet fixed = MatchOrder.fixed(equalities, match.get(0), leftFields);
      RelNode shown = TieBreak.shown(right, fixed);
      List<Integer> ties = new RightRows(shown).ties(fixed);
      int rightFields = right.getRowType().getFieldCount();
      boolean hidden = ties.stream().anyMatch(column -> column >= rightFields);
      RelNode matched =
          AsofMatch.create(
              left,
              filtered(hidden ? shown : right, ofRight),
              RexUtil.composeConjunction(rex, equalities),
              RexUtil.composeConjunction(rex, match),
              join.getJoinType(),
              ties);
      return hidden ? first(matched, leftFields + rightFields) : matched;
    }

    private RelNode first(RelNode rows, int fields) {
      List<RexNode> columns = new ArrayList<>();
      for (int i = 0; i < fields; i++) {
        columns.add(rex.makeInputRef(rows, i));
      }
      return LogicalProject.create(
          rows, List.of(), columns, join.getRowType().getFieldNames(), Set.of());
    }

    private boolean comparesKnowledgeTime(RexCall comparison) {
      return rightRows.isKnowledgeTime(RexUtil.shift(comparison.getOperands().get(1), -leftFields));
    }

    private RelNode filtered(RelNode rel, List<RexNode> conditions) {
      return conditions.isEmpty()
          ? rel
          : LogicalFilter.create(rel, FilterPush.all(rex, conditions));
    }

    private DataNodeException invalid(String message) {
      return new ParsedSqlException(SqlState.INVALID_SQL, message, at);
    }
  }
}
