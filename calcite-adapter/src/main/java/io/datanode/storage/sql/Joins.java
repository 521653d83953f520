package io.datanode.storage.sql;

import io.datanode.DataNodeException;
import io.datanode.jdbc.SqlState;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.core.AsofJoin;
import org.apache.calcite.rel.core.Correlate;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rex.RexNode;

/** Writes joins: with all rows of another input, with those that match, and for each row. */
final class Joins {
  private final StatementWriter statement;
  private final StorageDialect dialect;

  Joins(StatementWriter statement) {
    this.statement = statement;
    this.dialect = statement.dialect();
  }

  SelectBlock write(Join join) {
    if (join.getJoinType() == JoinRelType.SEMI || join.getJoinType() == JoinRelType.ANTI) {
      return semiJoin(join);
    }
    if (join instanceof AsofJoin) {
      return new AsofJoins(statement).write((AsofJoin) join);
    }
    SelectBlock left = statement.item(join.getLeft());
    SelectBlock item = statement.item(join.getRight());
    // Calcite, which reads what another catalog is sent, looks for what LATERAL names in the outer
    // join if the inner one is in parentheses.
    SelectBlock right = item.lateral ? statement.wrap(item) : item;
    SelectBlock block = new SelectBlock();
    // A sub-query in ON refers to the rows of both sides.
    statement.correlate(join.getVariablesSet(), block);
    block.singleItem = false;
    block.aliases.addAll(left.aliases);
    block.aliases.addAll(right.aliases);
    block.columns.addAll(left.columns);
    block.columns.addAll(right.columns);
    block.names = StatementWriter.names(join.getRowType());
    String rightFrom = right.singleItem ? right.from : "(" + right.from + ")";
    ExpressionWriter expressions = new ExpressionWriter(statement, block);
    List<RexNode> terms = RelOptUtil.conjunctions(join.getCondition());
    if (join.getJoinType() == JoinRelType.INNER && terms.isEmpty()) {
      block.from = left.from + "\nCROSS JOIN " + rightFrom;
      return block;
    }
    String keyword =
        switch (join.getJoinType()) {
          case INNER -> "JOIN";
          case LEFT -> "LEFT JOIN";
          case RIGHT -> "RIGHT JOIN";
          case FULL -> "FULL JOIN";
          default ->
              throw new DataNodeException(
                  SqlState.NOT_SUPPORTED,
                  "A join of type " + join.getJoinType() + " cannot be run");
        };
    int leftFields = join.getLeft().getRowType().getFieldCount();
    if (join.getJoinType() == JoinRelType.FULL
        && !dialect.joinsFullOnAnyCondition()
        && !terms.isEmpty()
        && terms.stream().noneMatch(term -> MatchTerms.joinsSides(term, leftFields))) {
      throw new NotPushedException(
          "FULL JOIN", "a FULL JOIN there needs an equality between its two sides");
    }
    String condition = terms.isEmpty() ? "TRUE" : expressions.conjunction(terms);
    block.from = left.from + "\n" + keyword + " " + rightFrom + " ON " + condition;
    return block;
  }

  private SelectBlock semiJoin(Join join) {
    if (dialect.joinsSemi() && !RelOptUtil.conjunctions(join.getCondition()).isEmpty()) {
      return writtenSemiJoin(join);
    }
    SelectBlock left = statement.visit(join.getLeft());
    if (!left.plain()) {
      left = statement.wrap(left);
    }
    SelectBlock right = statement.item(join.getRight());
    SelectBlock both = new SelectBlock();
    both.columns.addAll(left.columns);
    both.columns.addAll(right.columns);
    right.where.add(
        new ExpressionWriter(statement, both)
            .conjunction(RelOptUtil.conjunctions(join.getCondition())));
    right.columns = new ArrayList<>(List.of("1"));
    right.names = new ArrayList<>(List.of("1"));
    String exists = "EXISTS (" + right.text(dialect) + ")";
    StatementWriter.noteCorrelation(left, exists);
    left.where.add(join.getJoinType() == JoinRelType.SEMI ? exists : "NOT " + exists);
    left.joinable = false;
    return left;
  }

  private SelectBlock writtenSemiJoin(Join join) {
    SelectBlock left = statement.item(join.getLeft());
    SelectBlock right = statement.item(join.getRight());
    SelectBlock both = new SelectBlock();
    both.columns.addAll(left.columns);
    both.columns.addAll(right.columns);
    String condition =
        new ExpressionWriter(statement, both)
            .conjunction(RelOptUtil.conjunctions(join.getCondition()));
    SelectBlock block = new SelectBlock();
    block.singleItem = false;
    block.aliases.addAll(left.aliases);
    block.aliases.addAll(right.aliases);
    block.columns.addAll(left.columns);
    block.names = StatementWriter.names(join.getRowType());
    block.from =
        left.from
            + "\n"
            + (join.getJoinType() == JoinRelType.SEMI ? "SEMI JOIN " : "ANTI JOIN ")
            + (right.singleItem ? right.from : "(" + right.from + ")")
            + " ON "
            + condition;
    return block;
  }

  SelectBlock write(Correlate correlate) {
    SelectBlock left = statement.item(correlate.getLeft());
    statement.correlate(Set.of(correlate.getCorrelationId()), left);
    SelectBlock right = statement.visit(correlate.getRight());
    String text = right.text(dialect);
    SelectBlock block = new SelectBlock();
    block.singleItem = false;
    block.lateral = true;
    block.aliases.addAll(left.aliases);
    String alias = statement.newAlias();
    block.aliases.add(alias);
    block.columns.addAll(left.columns);
    for (String name : right.names) {
      block.columns.add(SqlPieces.reference(alias, dialect.quote(name)));
    }
    block.names = StatementWriter.names(correlate.getRowType());
    String lateral = "LATERAL (" + text + ") AS " + dialect.quote(alias);
    switch (correlate.getJoinType()) {
      case INNER:
        block.from = left.from + "\nCROSS JOIN " + lateral;
        return block;
      case LEFT:
        block.from = left.from + "\nLEFT JOIN " + lateral + " ON TRUE";
        return block;
      default:
        throw new DataNodeException(
            SqlState.NOT_SUPPORTED,
            "A lateral join of type " + correlate.getJoinType() + " cannot be run");
    }
  }
}
