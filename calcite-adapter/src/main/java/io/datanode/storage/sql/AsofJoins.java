package io.datanode.storage.sql;

import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.RelVisitor;
import org.apache.calcite.rel.core.AsofJoin;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.core.Sort;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;

/**
 * Writes as-of joins: as the storage's own, or in one of two ways that any storage with LATERAL and
 * window functions reads.
 *
 * <ul>
 *   <li>For each left row, the nearest right row is looked up; an index of the right table on key
 *       and time makes that cheap, so it is taken while the left side is the smaller one. Without
 *       an index each look reads the right side, so it is taken while that side is small.
 *   <li>Both sides are put in order of key and time together; the number of right rows passed says
 *       which of them each left row meets. Its cost grows with both sides only in proportion.
 * </ul>
 */
final class AsofJoins {
  /** Below so many left rows, looking up is quick however small the right side is. */
  private static final double FEW = 1_000;

  /** So many pairs of rows are compared sooner than both sides are put in order. */
  private static final double PAIRS = 10_000_000;

  private final StatementWriter statement;
  private final StorageDialect dialect;

  AsofJoins(StatementWriter statement) {
    this.statement = statement;
    this.dialect = statement.dialect();
  }

  SelectBlock write(AsofJoin join) {
    if (join instanceof AsofStep) {
      AsofStep step = (AsofStep) join;
      return dialect.joinsAsof() ? own(step) : new MergedAsofJoin(statement).write(step);
    }
    if (!(join instanceof AsofMatch)) {
      throw new IllegalArgumentException("Not an as-of join of a finished query: " + join);
    }
    AsofMatch match = (AsofMatch) join;
    MatchSteps steps = new MatchSteps(match, !dialect.joinsAsof());
    boolean repeatable = isRepeatable(join.getRight());
    if (steps.terms().nearestOnEitherSide()) {
      return repeatable
          ? statement.visit(new NearestSteps(match).rows())
          : lookedUp(match, steps.terms());
    }
    boolean merges = repeatable && merges(match, steps.terms());
    RelNode single = dialect.joinsAsof() || merges ? steps.single() : null;
    return single == null ? lookedUp(match, steps.terms()) : statement.visit(single);
  }

  private boolean merges(AsofMatch join, MatchTerms terms) {
    RowEstimate rows = statement.rowEstimate();
    double left = rows.of(join.getLeft());
    double right = rows.of(join.getRight());
    return (left > FEW && left > right)
        || (left * right > PAIRS && !new AsofIndex(statement, join, terms).exists());
  }

  /** True if reading it twice gives the same rows. */
  private static boolean isRepeatable(RelNode rel) {
    boolean[] repeatable = {true};
    new RelVisitor() {
      @Override
      public void visit(RelNode node, int ordinal, @org.jspecify.annotations.Nullable RelNode up) {
        boolean picks = node instanceof Sort;
        boolean numbers =
            node instanceof Project
                && (((Project) node).containsOver()
                    || !((Project) node).getProjects().stream().allMatch(RexUtil::isDeterministic));
        repeatable[0] &= !picks && !numbers;
        super.visit(node, ordinal, up);
      }
    }.go(rel);
    return repeatable[0];
  }

  private SelectBlock own(AsofStep join) {
    SelectBlock left = statement.item(join.getLeft());
    SelectBlock right = statement.item(join.getRight());
    SelectBlock block = joined(join, left);
    block.aliases.addAll(right.aliases);
    block.columns.addAll(right.columns);
    ExpressionWriter expressions = new ExpressionWriter(statement, block);
    List<RexNode> equalities = RelOptUtil.conjunctions(join.getCondition());
    block.from =
        dialect.asofJoin(
            left.from == null ? "" : left.from,
            right.singleItem ? String.valueOf(right.from) : "(" + right.from + ")",
            join.getJoinType() == JoinRelType.LEFT_ASOF,
            equalities.isEmpty() ? null : expressions.conjunction(equalities),
            expressions.condition(join.match()));
    return block;
  }

  private SelectBlock joined(AsofJoin join, SelectBlock left) {
    SelectBlock block = new SelectBlock();
    block.singleItem = false;
    block.aliases.addAll(left.aliases);
    block.columns.addAll(left.columns);
    block.names = StatementWriter.names(join.getRowType());
    return block;
  }

  /** The first of the right rows that meet all conditions, looked up for each left row. */
  private SelectBlock lookedUp(AsofMatch join, MatchTerms terms) {
    SelectBlock left = statement.item(join.getLeft());
    SelectBlock right = statement.rows(join.getRight());
    ExpressionWriter expressions = over(left, right);
    List<RexNode> conditions = new ArrayList<>(RelOptUtil.conjunctions(join.getCondition()));
    conditions.addAll(RelOptUtil.conjunctions(join.getMatchCondition()));
    for (RexNode term : conditions) {
      if (term != terms.nearest() || !terms.nearestOnEitherSide()) {
        right.where.add(expressions.condition(term));
      }
    }
    order(join, terms, expressions, right);
    right.limit = "1";
    SelectBlock block = joined(join, left);
    block.lateral = true;
    String alias = statement.newAlias();
    block.aliases.add(alias);
    for (String name : right.names) {
      block.columns.add(reference(alias, name));
    }
    boolean outer = join.getJoinType() == JoinRelType.LEFT_ASOF;
    block.from =
        left.from
            + (outer ? "\nLEFT JOIN LATERAL (" : "\nCROSS JOIN LATERAL (")
            + right.text(dialect)
            + ") AS "
            + dialect.quote(alias)
            + (outer ? " ON TRUE" : "");
    return block;
  }

  /** The nearest first, then the one that ties decide for. */
  private void order(
      AsofMatch join, MatchTerms terms, ExpressionWriter expressions, SelectBlock right) {
    RexNode time = terms.rightTime();
    if (terms.nearestOnEitherSide()) {
      RexBuilder rex = join.getCluster().getRexBuilder();
      RexNode before = rex.makeCall(SqlStdOperatorTable.LESS_THAN_OR_EQUAL, time, terms.leftTime());
      RexNode back = NearestSteps.distance(rex, time, terms.leftTime());
      RexNode ahead = NearestSteps.distance(rex, terms.leftTime(), time);
      RexNode equal = rex.makeCall(SqlStdOperatorTable.NOT_EQUALS, time, terms.leftTime());
      RexNode distance =
          rex.makeCall(back.getType(), SqlStdOperatorTable.CASE, List.of(before, back, ahead));
      right.where.add(expressions.condition(rex.makeCall(SqlStdOperatorTable.IS_NOT_NULL, time)));
      right.where.add(
          expressions.condition(rex.makeCall(SqlStdOperatorTable.IS_NOT_NULL, terms.leftTime())));
      right.orderBy.add(expressions.text(equal));
      right.orderBy.add(expressions.text(distance));
      right.orderBy.add(expressions.text(before) + " DESC");
    } else {
      right.orderBy.add(
          dialect.ordered(expressions.text(time), time.getType())
              + (MatchTerms.looksBack(terms.nearest()) ? " DESC" : ""));
    }
    int leftFields = join.getLeft().getRowType().getFieldCount();
    for (int tie : join.ties()) {
      RexNode column = join.getCluster().getRexBuilder().makeInputRef(join, leftFields + tie);
      right.orderBy.add(
          dialect.ordered(expressions.text(column), column.getType())
              + WindowCalls.direction(true, false));
    }
  }

  private ExpressionWriter over(SelectBlock left, SelectBlock right) {
    SelectBlock both = new SelectBlock();
    both.columns.addAll(left.columns);
    both.columns.addAll(right.columns);
    return new ExpressionWriter(statement, both);
  }

  private String reference(String alias, String name) {
    return SqlPieces.reference(alias, dialect.quote(name));
  }
}
