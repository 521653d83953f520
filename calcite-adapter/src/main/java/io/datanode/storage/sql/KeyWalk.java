package io.datanode.storage.sql;

import io.datanode.storage.TableDescription.Index;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.TableScan;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.jspecify.annotations.Nullable;

/**
 * Finds the keys in the rows of a table by an index: from each key to the next, without reading the
 * rows between, as with the loose index scan that PostgreSQL does not make of DISTINCT itself. A
 * key that is NULL is not found.
 */
final class KeyWalk {
  // Reading an index in order costs about as much for this many rows as finding one key in it.
  private static final int ROWS_PER_KEY = 16;

  private final StatementWriter writer;
  private final StorageDialect dialect;
  private final RelNode rows;
  private final List<RexNode> keys;
  private final String name;

  /**
   * A walk.
   *
   * @param rows of a table, with conditions that bound the walk
   * @param keys columns of the table, in the order of the index
   */
  KeyWalk(StatementWriter writer, RelNode rows, List<RexNode> keys) {
    this.writer = writer;
    this.dialect = writer.dialect();
    this.rows = rows;
    this.keys = keys;
    this.name = dialect.quote("keys" + writer.newAlias());
  }

  /**
   * The keys in the order of an index that leads to them and then to another column; null if there
   * is none, or too few rows have the same key.
   *
   * @param input the rows of a table, perhaps with conditions
   * @param next the column that stands behind the keys in the index; null if any may
   */
  static @Nullable List<RexNode> keys(
      StatementWriter writer, RelNode input, List<RexNode> keys, @Nullable RexNode next) {
    RelNode rel = input;
    while (rel instanceof Filter && ((Filter) rel).getVariablesSet().isEmpty()) {
      rel = ((Filter) rel).getInput();
    }
    boolean several = keys.size() > 1;
    if (!writer.dialect().picksByIndex()
        || !(rel instanceof TableScan)
        || keys.isEmpty()
        || !keys.stream().allMatch(RexInputRef.class::isInstance)
        || (several && keys.stream().anyMatch(key -> key.getType().isNullable()))) {
      return null;
    }
    StoredTable table = writer.table((TableScan) rel);
    if (table.query() != null) {
      return null;
    }
    List<String> columns = keys.stream().map(key -> column(table, key)).toList();
    String behind = next == null ? null : column(table, next);
    return table.indexes().stream()
        .filter(index -> fits(index, columns, behind) && worthwhile(index, columns, table))
        .findFirst()
        .map(
            index ->
                index.columns().subList(0, keys.size()).stream()
                    .map(column -> keys.get(columns.indexOf(column)))
                    .toList())
        .orElse(null);
  }

  private static String column(StoredTable table, RexNode ref) {
    return table.columns().get(((RexInputRef) ref).getIndex());
  }

  private static boolean fits(Index index, List<String> keys, @Nullable String next) {
    int count = keys.size();
    return index.columns().size() >= (next == null ? count : count + 1)
        && new HashSet<>(index.columns().subList(0, count)).equals(new HashSet<>(keys))
        && (next == null || index.columns().get(count).equals(next));
  }

  private static boolean worthwhile(Index index, List<String> keys, StoredTable table) {
    double groups = 1;
    for (long distinct : index.distinct().subList(0, keys.size())) {
      groups *= distinct < 0 ? 1 : distinct;
    }
    return table.rowEstimate() < 0 || groups * ROWS_PER_KEY <= table.rowEstimate();
  }

  /** The keys as an item of FROM. */
  String from() {
    String item = dialect.quote(writer.newAlias());
    return "(WITH RECURSIVE "
        + name
        + "("
        + String.join(", ", names())
        + ") AS (("
        + key(false)
        + ")\nUNION ALL\nSELECT "
        + item
        + ".*\nFROM "
        + name
        + "\nCROSS JOIN LATERAL ("
        + key(true)
        + ") AS "
        + item
        + ")\nSELECT * FROM "
        + name
        + ") AS "
        + name;
  }

  private List<String> names() {
    return IntStream.range(0, keys.size()).mapToObj(i -> dialect.quote("key" + i)).toList();
  }

  /** The text of a key in a statement that reads {@link #from}. */
  String key(int index) {
    return name + "." + names().get(index);
  }

  /** True if there may be rows with NULL for a key. */
  boolean nullable() {
    return keys.get(0).getType().isNullable();
  }

  /** The least key, or the least behind the last one. */
  private String key(boolean behind) {
    SelectBlock block = writer.visit(rows);
    List<String> columns = texts(block);
    if (nullable()) {
      block.where.add(columns.get(0) + " IS NOT NULL");
    }
    if (behind) {
      String last =
          IntStream.range(0, keys.size()).mapToObj(this::key).collect(Collectors.joining(", "));
      block.where.add("(" + String.join(", ", columns) + ") > (" + last + ")");
    }
    block.orderBy.addAll(columns);
    block.limit = "1";
    block.replaceColumns(
        columns, IntStream.range(0, columns.size()).mapToObj(i -> "key" + i).toList());
    return block.text(dialect);
  }

  /**
   * Keeps of the rows of the table those of the key.
   *
   * @param ofNull true for those whose key is NULL
   */
  void ofKey(SelectBlock block, boolean ofNull) {
    List<String> columns = texts(block);
    for (int i = 0; i < columns.size(); i++) {
      block.where.add(columns.get(i) + (ofNull ? " IS NULL" : " = " + key(i)));
    }
  }

  private List<String> texts(SelectBlock block) {
    ExpressionWriter expressions = new ExpressionWriter(writer, block);
    return keys.stream().map(expressions::text).collect(Collectors.toList());
  }
}
