package io.datanode.storage.sql;

import io.datanode.DataNodeException;
import io.datanode.jdbc.SqlState;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.calcite.jdbc.JavaTypeFactoryImpl;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.RelVisitor;
import org.apache.calcite.rel.core.AsofJoin;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.core.Sort;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.util.ImmutableBitSet;

/**
 * Writes as-of joins: as the storage's own, or in one of two ways that any storage with LATERAL and
 * window functions reads.
 *
 * <ul>
 *   <li>For each left row, the nearest right row is looked up; an index of the right table on key
 *       and time makes that cheap, so it is taken while the left side is the smaller one.
 *   <li>Both sides are put in order of key and time together; the number of right rows passed says
 *       which of them each left row meets. Its cost grows with both sides only in proportion.
 * </ul>
 */
final class AsofJoins {
  /** Below so many left rows, looking up is quick however small the right side is. */
  private static final double FEW = 1_000;

  private final StatementWriter statement;
  private final StorageDialect dialect;

  AsofJoins(StatementWriter statement) {
    this.statement = statement;
    this.dialect = statement.dialect();
  }

  SelectBlock write(AsofJoin join) {
    List<RexNode> equalities = equalities(join);
    if (dialect.joinsAsof()) {
      return own(join, equalities);
    }
    RowEstimate rows = statement.rowEstimate();
    double left = rows.of(join.getLeft());
    return left > FEW && left > rows.of(join.getRight()) && isRepeatable(join.getRight())
        ? merged(join, equalities)
        : lookedUp(join, equalities);
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

  private SelectBlock own(AsofJoin join, List<RexNode> equalities) {
    SelectBlock left = statement.item(join.getLeft());
    SelectBlock right = statement.item(join.getRight());
    SelectBlock block = joined(join, left);
    block.aliases.addAll(right.aliases);
    block.columns.addAll(right.columns);
    ExpressionWriter expressions = new ExpressionWriter(statement, block);
    block.from =
        dialect.asofJoin(
            left.from == null ? "" : left.from,
            right.singleItem ? String.valueOf(right.from) : "(" + right.from + ")",
            join.getJoinType() == JoinRelType.LEFT_ASOF,
            equalities.isEmpty() ? null : expressions.conjunction(equalities),
            expressions.condition(match(join)));
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

  private SelectBlock lookedUp(AsofJoin join, List<RexNode> equalities) {
    SelectBlock left = statement.item(join.getLeft());
    SelectBlock right = statement.rows(join.getRight());
    ExpressionWriter expressions = over(left, right);
    for (RexNode term : equalities) {
      right.where.add(expressions.condition(term));
    }
    RexCall match = match(join);
    right.where.add(expressions.condition(match));
    RexNode time = match.getOperands().get(1);
    right.orderBy.add(
        dialect.ordered(expressions.text(time), time.getType())
            + (takesNewest(match) ? " DESC" : ""));
    right.limit = "1";
    SelectBlock block = joined(join, left);
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

  private SelectBlock merged(AsofJoin join, List<RexNode> equalities) {
    SelectBlock left = statement.item(join.getLeft());
    SelectBlock right = statement.item(join.getRight());
    int leftFields = join.getLeft().getRowType().getFieldCount();
    ExpressionWriter expressions = over(left, right);
    RexCall match = match(join);
    List<String> leftKeys = new ArrayList<>();
    List<String> rightKeys = new ArrayList<>();
    for (RexNode term : equalities) {
      List<RexNode> operands = ((RexCall) term).getOperands();
      boolean first = RelOptUtil.InputFinder.bits(operands.get(0)).nth(0) < leftFields;
      leftKeys.add(expressions.text(operands.get(first ? 0 : 1)));
      rightKeys.add(expressions.text(operands.get(first ? 1 : 0)));
    }
    String leftTime = expressions.text(match.getOperands().get(0));
    String rightTime = expressions.text(match.getOperands().get(1));

    List<String> keys = numbered("k", leftKeys.size());
    List<String> leftNames = numbered("l", left.columns.size());
    List<String> nulls = new ArrayList<>();
    for (RelDataTypeField field : join.getLeft().getRowType().getFieldList()) {
      nulls.add("CAST(NULL AS " + dialect.typeName(field.getType()) + ")");
    }
    String both =
        branch(left, leftNames, left.columns, keys, leftKeys, leftTime, "CAST(NULL AS INTEGER)")
            + "\nUNION ALL\n"
            + branch(right, leftNames, nulls, keys, rightKeys, rightTime, "1");

    String partition =
        keys.isEmpty()
            ? ""
            : "PARTITION BY "
                + keys.stream().map(dialect::quote).collect(Collectors.joining(", "))
                + " ";
    String direction = (takesNewest(match) ? "" : " DESC") + " NULLS LAST";
    // At equal times, right rows come first if they match, and last if they do not.
    boolean equalTimesMatch =
        match.isA(SqlKind.GREATER_THAN_OR_EQUAL) || match.isA(SqlKind.LESS_THAN_OR_EQUAL);
    String time =
        dialect.ordered(dialect.quote("t"), match.getOperands().get(0).getType()) + direction;
    String passed =
        "SELECT *, COUNT(\"r\") OVER ("
            + partition
            + "ORDER BY "
            + time
            + ", \"r\" NULLS "
            + (equalTimesMatch ? "LAST" : "FIRST")
            + " ROWS UNBOUNDED PRECEDING) AS \"n\"\nFROM ("
            + both
            + ") AS "
            + dialect.quote(statement.newAlias());
    String leftRows =
        "SELECT * FROM ("
            + passed
            + ") AS "
            + dialect.quote(statement.newAlias())
            + " WHERE \"r\" IS NULL";
    String leftAlias = statement.newAlias();
    String rightAlias = statement.newAlias();

    SelectBlock numberedRight = copy(right);
    List<String> rightNames = numbered("c", right.columns.size());
    numberedRight.columns.addAll(right.columns);
    numberedRight.names.addAll(rightNames);
    numberedRight.columns.addAll(rightKeys);
    numberedRight.names.addAll(keys);
    String order = dialect.ordered(rightTime, match.getOperands().get(1).getType()) + direction;
    numberedRight.columns.add(
        "ROW_NUMBER() OVER ("
            + (rightKeys.isEmpty() ? "" : "PARTITION BY " + String.join(", ", rightKeys) + " ")
            + "ORDER BY "
            + order
            + ")");
    numberedRight.names.add("n");

    List<String> condition = new ArrayList<>();
    for (String key : keys) {
      condition.add(reference(leftAlias, key) + " = " + reference(rightAlias, key));
    }
    condition.add(reference(leftAlias, "n") + " = " + reference(rightAlias, "n"));
    condition.add(reference(leftAlias, "t") + " IS NOT NULL");
    SelectBlock block = new SelectBlock();
    block.singleItem = false;
    block.names = StatementWriter.names(join.getRowType());
    block.aliases.add(leftAlias);
    block.aliases.add(rightAlias);
    leftNames.forEach(name -> block.columns.add(reference(leftAlias, name)));
    rightNames.forEach(name -> block.columns.add(reference(rightAlias, name)));
    block.from =
        "("
            + leftRows
            + ") AS "
            + dialect.quote(leftAlias)
            + (join.getJoinType() == JoinRelType.LEFT_ASOF ? "\nLEFT JOIN (" : "\nJOIN (")
            + numberedRight.text(dialect)
            + ") AS "
            + dialect.quote(rightAlias)
            + " ON "
            + String.join(" AND ", condition);
    return block;
  }

  private String branch(
      SelectBlock side,
      List<String> names,
      List<String> columns,
      List<String> keyNames,
      List<String> keys,
      String time,
      String isRight) {
    SelectBlock branch = copy(side);
    branch.columns.addAll(columns);
    branch.names.addAll(names);
    branch.columns.addAll(keys);
    branch.names.addAll(keyNames);
    branch.columns.add(time);
    branch.names.add("t");
    branch.columns.add(isRight);
    branch.names.add("r");
    return "(" + branch.text(dialect) + ")";
  }

  private static SelectBlock copy(SelectBlock side) {
    SelectBlock copy = new SelectBlock();
    copy.from = side.from;
    copy.singleItem = side.singleItem;
    copy.aliases.addAll(side.aliases);
    copy.correlated.addAll(side.correlated);
    return copy;
  }

  private ExpressionWriter over(SelectBlock left, SelectBlock right) {
    SelectBlock both = new SelectBlock();
    both.columns.addAll(left.columns);
    both.columns.addAll(right.columns);
    return new ExpressionWriter(statement, both);
  }

  private static List<String> numbered(String letter, int count) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      names.add(letter + i);
    }
    return names;
  }

  private String reference(String alias, String name) {
    return SqlPieces.reference(alias, dialect.quote(name));
  }

  private static boolean takesNewest(RexCall match) {
    return match.isA(SqlKind.GREATER_THAN) || match.isA(SqlKind.GREATER_THAN_OR_EQUAL);
  }

  private static List<RexNode> equalities(AsofJoin join) {
    List<RexNode> equalities = RelOptUtil.conjunctions(join.getCondition());
    int leftFields = join.getLeft().getRowType().getFieldCount();
    for (RexNode term : equalities) {
      if (!joinsSides(term, leftFields)) {
        throw new DataNodeException(
            SqlState.INVALID_SQL,
            "ON of an ASOF JOIN takes equalities between the two sides only; put other conditions"
                + " into WHERE or a sub-query");
      }
    }
    return equalities;
  }

  /** True for an equality of an expression of one side with one of the other. */
  static boolean joinsSides(RexNode term, int leftFields) {
    if (!term.isA(SqlKind.EQUALS)) {
      return false;
    }
    List<RexNode> operands = ((RexCall) term).getOperands();
    ImmutableBitSet first = RelOptUtil.InputFinder.bits(operands.get(0));
    ImmutableBitSet second = RelOptUtil.InputFinder.bits(operands.get(1));
    if (first.isEmpty() || second.isEmpty()) {
      return false;
    }
    boolean firstLeft = first.nth(0) < leftFields;
    ImmutableBitSet left = ImmutableBitSet.range(leftFields);
    return firstLeft
        ? left.contains(first) && !left.intersects(second)
        : left.contains(second) && !left.intersects(first);
  }

  /** The match condition with the left side's time first. */
  private static RexCall match(AsofJoin join) {
    return (RexCall)
        leftFirst((RexCall) join.getMatchCondition(), join.getLeft().getRowType().getFieldCount());
  }

  /** The match condition with the left side's time first, which stock Calcite takes for granted. */
  static RexNode leftFirst(RexCall match, int leftFields) {
    RexNode first = match.getOperands().get(0);
    ImmutableBitSet inputs = RelOptUtil.InputFinder.bits(first);
    if (inputs.isEmpty() || inputs.nth(0) < leftFields) {
      return match;
    }
    RexNode second = match.getOperands().get(1);
    SqlOperator reversed = match.getOperator().reverse();
    if (reversed == null) {
      return match;
    }
    return new RexBuilder(new JavaTypeFactoryImpl())
        .makeCall(match.getType(), reversed, List.of(second, first));
  }
}
