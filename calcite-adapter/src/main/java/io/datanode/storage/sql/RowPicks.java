package io.datanode.storage.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.calcite.rel.RelFieldCollation.NullDirection;
import org.apache.calcite.rex.RexFieldCollation;
import org.apache.calcite.rex.RexNode;
import org.jspecify.annotations.Nullable;

/** Writes the first row of each partition in the way its storage finds it soonest. */
final class RowPicks {
  private final StatementWriter writer;
  private final StorageDialect dialect;

  RowPicks(StatementWriter writer) {
    this.writer = writer;
    this.dialect = writer.dialect();
  }

  /** The rows picked; null if there is no better way than to number all rows. */
  @Nullable SelectBlock write(RowPick pick) {
    if (pick.ties()) {
      return new NewestTimes(writer, pick).write();
    }
    SelectBlock loose = LooseScan.write(writer, pick);
    if (loose != null) {
      return loose;
    }
    if (dialect.picksDistinctOn()) {
      return distinctOn(pick);
    }
    if (!dialect.picksByOneKey()) {
      return null;
    }
    RexFieldCollation first = pick.order().get(0);
    if (pick.order().size() == 1
        && (first.getNullDirection() == NullDirection.LAST || !pick.mayBeNull(first))) {
      return byOneValue(pick);
    }
    if (!descends(pick)) {
      return null;
    }
    SelectBlock tied = TiedPick.write(writer, pick);
    return tied == null ? byOneKey(pick) : tied;
  }

  private static boolean descends(RowPick pick) {
    return pick.order().stream().allMatch(key -> key.getDirection().isDescending());
  }

  private SelectBlock rows(RowPick pick) {
    return rows(writer, pick);
  }

  /** The rows to pick from, to which conditions on windows can be added. */
  static SelectBlock rows(StatementWriter writer, RowPick pick) {
    SelectBlock input = writer.visit(pick.input());
    boolean plain =
        input.onlyRows()
            && !input.windowed
            && !input.volatileColumns
            && input.columns.stream().allMatch(SqlPieces::isReference);
    return plain ? input : writer.wrap(input);
  }

  /** The first row of each partition, which an index on its keys and its order gives. */
  private SelectBlock distinctOn(RowPick pick) {
    SelectBlock block = rows(pick);
    ExpressionWriter expressions = new ExpressionWriter(writer, block);
    List<String> keys = pick.keys().stream().map(expressions::text).collect(Collectors.toList());
    // Keys in the direction of the order, so that an index can be read backwards.
    String direction = WindowCalls.direction(pick.order().get(0));
    keys.forEach(key -> block.orderBy.add(key + direction));
    for (RexFieldCollation key : pick.order()) {
      String text = expressions.text(key.left);
      // A constant would be taken for the number of a column.
      if (text.indexOf(SqlPieces.ALIAS) >= 0) {
        block.orderBy.add(dialect.ordered(text, key.left.getType()) + WindowCalls.direction(key));
      }
    }
    show(pick, block, expressions);
    block.distinctOn = String.join(", ", keys);
    return block;
  }

  /** The first row of each partition by one value that comes first only if it is not NULL. */
  private SelectBlock byOneValue(RowPick pick) {
    SelectBlock block = rows(pick);
    ExpressionWriter expressions = new ExpressionWriter(writer, block);
    RexFieldCollation key = pick.order().get(0);
    String text = dialect.ordered(expressions.text(key.left), key.left.getType());
    block.qualify.add(
        number(
            pick,
            expressions,
            text + WindowCalls.direction(key.getDirection().isDescending(), false)));
    show(pick, block, expressions);
    return block;
  }

  private static String number(RowPick pick, ExpressionWriter expressions, String order) {
    return "ROW_NUMBER() OVER (PARTITION BY "
        + pick.keys().stream().map(expressions::text).collect(Collectors.joining(", "))
        + " ORDER BY "
        + order
        + ") = 1";
  }

  /**
   * The first row of each partition by one key that holds all of the order: then, and only then,
   * DuckDB keeps one row of each partition as it reads, where otherwise it sorts them all.
   */
  private SelectBlock byOneKey(RowPick pick) {
    SelectBlock block = rows(pick);
    ExpressionWriter expressions = new ExpressionWriter(writer, block);
    block.qualify.add(firstByOneKey(dialect, pick, expressions));
    show(pick, block, expressions);
    return block;
  }

  /** The condition for that. */
  static String firstByOneKey(StorageDialect dialect, RowPick pick, ExpressionWriter expressions) {
    List<String> parts = new ArrayList<>();
    for (RexFieldCollation key : pick.order()) {
      String text = dialect.ordered(expressions.text(key.left), key.left.getType());
      // In a row NULL is the greatest.
      if (key.getNullDirection() == NullDirection.LAST) {
        parts.add("(" + text + " IS NOT NULL)");
      }
      parts.add(text);
    }
    return number(pick, expressions, "ROW(" + String.join(", ", parts) + ") DESC");
  }

  static void show(RowPick pick, SelectBlock block, ExpressionWriter expressions) {
    List<String> columns = new ArrayList<>();
    for (RexNode expression : pick.columns()) {
      columns.add(expressions.text(expression));
    }
    block.replaceColumns(columns, StatementWriter.names(pick.row()));
  }
}
