package io.datanode.storage.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexNode;

/**
 * Writes an as-of join for a storage that has none: both sides are put in order of key and time
 * together, and the number of right rows passed says which of them each left row meets.
 */
final class MergedAsofJoin {
  private final StatementWriter statement;
  private final StorageDialect dialect;

  MergedAsofJoin(StatementWriter statement) {
    this.statement = statement;
    this.dialect = statement.dialect();
  }

  SelectBlock write(AsofStep join) {
    SelectBlock left = statement.item(join.getLeft());
    SelectBlock right = statement.item(join.getRight());
    int leftFields = join.getLeft().getRowType().getFieldCount();
    SelectBlock sides = new SelectBlock();
    sides.columns.addAll(left.columns);
    sides.columns.addAll(right.columns);
    ExpressionWriter expressions = new ExpressionWriter(statement, sides);
    RexCall match = join.match();
    RexBuilder rex = join.getCluster().getRexBuilder();
    List<String> leftKeys = new ArrayList<>();
    List<String> rightKeys = new ArrayList<>();
    for (RexNode term : RelOptUtil.conjunctions(join.getCondition())) {
      List<RexNode> operands = ((RexCall) term).getOperands();
      boolean first = AsofSides.isLeft(operands.get(0), leftFields);
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
    String direction = (MatchTerms.looksBack(match) ? "" : " DESC") + " NULLS LAST";
    // At equal times, right rows come first if they match, and last if they do not.
    boolean equalTimesMatch = !MatchTerms.isStrict(match);
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
    // PostgreSQL takes IS NULL of a computed value for one row in 200, and then joins so few left
    // rows by the keys alone, each with all right rows of its key.
    String leftRows =
        "SELECT * FROM ("
            + passed
            + ") AS "
            + dialect.quote(statement.newAlias())
            + " WHERE COALESCE(\"r\", 0) < 1";
    String leftAlias = statement.newAlias();
    String rightAlias = statement.newAlias();

    SelectBlock numberedRight = copy(right);
    List<String> rightNames = numbered("c", right.columns.size());
    numberedRight.columns.addAll(right.columns);
    numberedRight.names.addAll(rightNames);
    numberedRight.columns.addAll(rightKeys);
    numberedRight.names.addAll(keys);
    StringBuilder order = new StringBuilder();
    order
        .append(dialect.ordered(rightTime, match.getOperands().get(1).getType()))
        .append(direction);
    // The last of those of one time is the one that is met.
    for (int tie : join.ties()) {
      RexNode column = rex.makeInputRef(join, leftFields + tie);
      order
          .append(", ")
          .append(dialect.ordered(expressions.text(column), column.getType()))
          .append(WindowCalls.direction(false, true));
    }
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
}
