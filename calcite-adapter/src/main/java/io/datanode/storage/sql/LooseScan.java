package io.datanode.storage.sql;

import io.datanode.storage.TableDescription.Index;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.calcite.rel.RelFieldCollation.NullDirection;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.TableScan;
import org.apache.calcite.rex.RexFieldCollation;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.jspecify.annotations.Nullable;

/**
 * Finds the newest row of each key by an index on the keys and the time: from each key to the next,
 * and for each to the end of its rows. What lies between is not read, as with the loose index scan
 * that PostgreSQL does not make of DISTINCT ON itself.
 */
final class LooseScan {
  // Reading an index in order costs about as much for this many rows as finding one key in it.
  private static final int ROWS_PER_KEY = 16;

  private final StatementWriter writer;
  private final StorageDialect dialect;
  private final RowPick pick;
  private final String keys;
  private final List<String> names;

  private LooseScan(StatementWriter writer, RowPick pick) {
    this.writer = writer;
    this.dialect = writer.dialect();
    this.pick = pick;
    this.keys = dialect.quote("keys" + writer.newAlias());
    this.names =
        IntStream.range(0, pick.keys().size()).mapToObj(i -> dialect.quote("key" + i)).toList();
  }

  /** The rows picked; null if there is no such index, or too few rows have the same key. */
  static @Nullable SelectBlock write(StatementWriter writer, RowPick pick) {
    return writer.dialect().picksByIndex() && !pick.keys().isEmpty() && hasIndex(writer, pick)
        ? new LooseScan(writer, pick).rows()
        : null;
  }

  private static boolean hasIndex(StatementWriter writer, RowPick pick) {
    RelNode input = pick.input();
    while (input instanceof Filter && ((Filter) input).getVariablesSet().isEmpty()) {
      input = ((Filter) input).getInput();
    }
    RexFieldCollation first = pick.order().get(0);
    boolean backwards =
        first.left instanceof RexInputRef
            && first.getDirection().isDescending()
            && first.getNullDirection() != NullDirection.LAST;
    if (!(input instanceof TableScan) || !backwards) {
      return false;
    }
    StoredTable table = writer.table((TableScan) input);
    if (table.query() != null
        || (pick.keys().size() > 1
            && pick.keys().stream().anyMatch(key -> key.getType().isNullable()))) {
      return false;
    }
    List<String> columns = pick.keys().stream().map(key -> column(table, key)).toList();
    String time = column(table, first.left);
    return table.indexes().stream()
        .anyMatch(index -> fits(index, columns, time) && worthwhile(index, columns, table));
  }

  private static String column(StoredTable table, RexNode ref) {
    return table.columns().get(((RexInputRef) ref).getIndex());
  }

  private static boolean fits(Index index, List<String> keys, String time) {
    int count = keys.size();
    return index.columns().size() > count
        && new HashSet<>(index.columns().subList(0, count)).equals(new HashSet<>(keys))
        && index.columns().get(count).equals(time);
  }

  private static boolean worthwhile(Index index, List<String> keys, StoredTable table) {
    double groups = 1;
    for (long distinct : index.distinct().subList(0, keys.size())) {
      groups *= distinct < 0 ? 1 : distinct;
    }
    return table.rowEstimate() < 0 || groups * ROWS_PER_KEY <= table.rowEstimate();
  }

  private SelectBlock rows() {
    String item = dialect.quote(writer.newAlias());
    String found =
        "SELECT "
            + item
            + ".*\nFROM (WITH RECURSIVE "
            + keys
            + "("
            + String.join(", ", names)
            + ") AS (("
            + key(false)
            + ")\nUNION ALL\nSELECT "
            + item
            + ".*\nFROM "
            + keys
            + "\nCROSS JOIN LATERAL ("
            + key(true)
            + ") AS "
            + item
            + ")\nSELECT * FROM "
            + keys
            + ") AS "
            + keys
            + "\nCROSS JOIN LATERAL ("
            + newest(false)
            + ") AS "
            + item;
    SelectBlock all = new SelectBlock();
    all.compound = nullable() ? found + "\nUNION ALL\n(" + newest(true) + ")" : found;
    all.names = StatementWriter.names(pick.row());
    all.joinable = false;
    return writer.wrap(all);
  }

  private boolean nullable() {
    return pick.keys().get(0).getType().isNullable();
  }

  /** The least key, or the least behind the last one. */
  private String key(boolean behind) {
    SelectBlock block = writer.visit(pick.input());
    List<String> columns = texts(block);
    if (nullable()) {
      block.where.add(columns.get(0) + " IS NOT NULL");
    }
    if (behind) {
      block.where.add(
          "("
              + String.join(", ", columns)
              + ") > ("
              + names.stream().map(name -> keys + "." + name).collect(Collectors.joining(", "))
              + ")");
    }
    block.orderBy.addAll(columns);
    block.limit = "1";
    block.replaceColumns(
        columns, IntStream.range(0, columns.size()).mapToObj(i -> "key" + i).toList());
    return block.text(dialect);
  }

  private void ofKey(SelectBlock block, boolean ofNull) {
    List<String> columns = texts(block);
    for (int i = 0; i < columns.size(); i++) {
      block.where.add(
          ofNull
              ? columns.get(i) + " IS NULL"
              : columns.get(i) + " = " + keys + "." + names.get(i));
    }
  }

  /** The newest row of a key, or all rows at its newest time. */
  private String newest(boolean ofNull) {
    SelectBlock block = writer.visit(pick.input());
    ExpressionWriter expressions = new ExpressionWriter(writer, block);
    ofKey(block, ofNull);
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
    ofKey(block, ofNull);
    order(block, expressions);
    block.replaceColumns(
        List.of(expressions.text(pick.order().get(0).left)), List.of("newest_time"));
    return block.text(dialect);
  }

  private List<String> texts(SelectBlock block) {
    ExpressionWriter expressions = new ExpressionWriter(writer, block);
    return pick.keys().stream().map(expressions::text).collect(Collectors.toList());
  }
}
