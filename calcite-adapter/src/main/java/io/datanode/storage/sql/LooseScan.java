package io.datanode.storage.sql;

import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.rel.RelFieldCollation.NullDirection;
import org.apache.calcite.rex.RexFieldCollation;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.jspecify.annotations.Nullable;

/**
 * Finds the newest row of each key by an index on the keys and the time: from each key to the next,
 * and for each to the end of its rows. Where there are no conditions but on the keys, {@link
 * BackwardScan} does both in one step.
 */
final class LooseScan {
  private final StatementWriter writer;
  private final StorageDialect dialect;
  private final RowPick pick;
  private final KeyWalk walk;

  private LooseScan(StatementWriter writer, RowPick pick, KeyWalk walk) {
    this.writer = writer;
    this.dialect = writer.dialect();
    this.pick = pick;
    this.walk = walk;
  }

  /** The rows picked; null if there is no such index, or too few rows have the same key. */
  static @Nullable SelectBlock write(StatementWriter writer, RowPick pick) {
    RexFieldCollation first = pick.order().get(0);
    boolean backwards =
        first.left instanceof RexInputRef
            && first.getDirection().isDescending()
            && first.getNullDirection() != NullDirection.LAST;
    List<RexNode> keys =
        backwards ? KeyWalk.keys(writer, pick.input(), pick.keys(), first.left) : null;
    if (keys == null) {
      return null;
    }
    RowPick ordered = pick.withKeys(keys);
    KeyConditions conditions = KeyConditions.of(ordered.input(), keys, writer.dialect());
    return conditions.complete() && !ordered.ties()
        ? new BackwardScan(writer, ordered, conditions).rows()
        : new LooseScan(writer, ordered, new KeyWalk(writer, conditions.rows(), keys)).rows();
  }

  private SelectBlock rows() {
    String item = dialect.quote(writer.newAlias());
    String found =
        "SELECT "
            + item
            + ".*\nFROM "
            + walk.from()
            + "\nCROSS JOIN LATERAL ("
            + newest(false)
            + ") AS "
            + item;
    SelectBlock all = new SelectBlock();
    all.compound = walk.nullable() ? found + "\nUNION ALL\n(" + newest(true) + ")" : found;
    all.names = StatementWriter.names(pick.row());
    all.joinable = false;
    return writer.wrap(all);
  }

  /** The newest row of a key, or all rows at its newest time. */
  private String newest(boolean ofNull) {
    SelectBlock block = writer.visit(pick.input());
    ExpressionWriter expressions = new ExpressionWriter(writer, block);
    walk.ofKey(block, ofNull);
    if (pick.ties()) {
      String time = expressions.text(pick.order().get(0).left);
      block.where.add(time + " = (" + newestTime(ofNull) + ")");
    } else {
      order(block, expressions);
    }
    List<String> shown = new ArrayList<>();
    for (RexNode expression : pick.columns()) {
      shown.add(expressions.text(expression));
    }
    block.replaceColumns(shown, StatementWriter.names(pick.row()));
    return block.text(dialect);
  }

  private void order(SelectBlock block, ExpressionWriter expressions) {
    for (RexFieldCollation each : pick.order()) {
      String text = expressions.text(each.left);
      block.orderBy.add(dialect.ordered(text, each.left.getType()) + WindowCalls.direction(each));
    }
    block.limit = "1";
  }

  /** The newest time of a key. */
  private String newestTime(boolean ofNull) {
    SelectBlock block = writer.visit(pick.input());
    ExpressionWriter expressions = new ExpressionWriter(writer, block);
    walk.ofKey(block, ofNull);
    order(block, expressions);
    block.replaceColumns(
        List.of(expressions.text(pick.order().get(0).left)), List.of("newest_time"));
    return block.text(dialect);
  }
}
