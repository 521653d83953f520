package io.datanode.storage.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.calcite.rex.RexFieldCollation;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;

/**
 * Finds the newest row of each key by an index on the keys and the time that is read backwards: the
 * row before all those of a key is the newest of the key before it. So each row takes one search.
 */
final class BackwardScan {
  private final StatementWriter writer;
  private final StorageDialect dialect;
  private final RowPick pick;
  private final KeyConditions conditions;
  private final String rows;

  /**
   * A scan.
   *
   * @param pick with the keys in the order of the index
   * @param conditions those of the pick, of which none is on other columns
   */
  BackwardScan(StatementWriter writer, RowPick pick, KeyConditions conditions) {
    this.writer = writer;
    this.dialect = writer.dialect();
    this.pick = pick;
    this.conditions = conditions;
    this.rows = dialect.quote("newest" + writer.newAlias());
  }

  /** The rows picked. */
  SelectBlock rows() {
    String item = dialect.quote(writer.newAlias());
    String recursive =
        "(WITH RECURSIVE "
            + rows
            + "("
            + pick.used().asList().stream().map(this::name).collect(Collectors.joining(", "))
            + ") AS (("
            + last(false)
            + ")\nUNION ALL\nSELECT "
            + item
            + ".*\nFROM "
            + rows
            + "\nCROSS JOIN LATERAL ("
            + last(true)
            + ") AS "
            + item
            + ")\nSELECT * FROM "
            + rows
            + ")";
    SelectBlock found = new SelectBlock();
    String alias = writer.newAlias();
    found.from = recursive + " AS " + dialect.quote(alias);
    found.aliases.add(alias);
    for (int i = 0; i < pick.input().getRowType().getFieldCount(); i++) {
      found.columns.add(SqlPieces.reference(alias, name(i)));
      found.names.add("column" + i);
    }
    ExpressionWriter expressions = new ExpressionWriter(writer, found);
    conditions.checked().forEach(term -> found.where.add(expressions.condition(term)));
    RowPicks.show(pick, found, expressions);
    if (!nullable()) {
      return found;
    }
    SelectBlock all = new SelectBlock();
    all.compound = found.text(dialect) + "\nUNION ALL\n(" + ofNull() + ")";
    all.names = StatementWriter.names(pick.row());
    all.joinable = false;
    return writer.wrap(all);
  }

  private String name(int column) {
    return dialect.quote("column" + column);
  }

  private boolean nullable() {
    return pick.keys().get(0).getType().isNullable();
  }

  /** The newest row of the greatest key, or of the greatest before the last one found. */
  private String last(boolean before) {
    SelectBlock block = writer.visit(conditions.rows());
    ExpressionWriter expressions = new ExpressionWriter(writer, block);
    List<String> keys = texts(expressions);
    if (nullable()) {
      block.where.add(keys.get(0) + " IS NOT NULL");
    }
    if (before) {
      List<String> found = new ArrayList<>();
      for (RexNode key : pick.keys()) {
        found.add(rows + "." + name(((RexInputRef) key).getIndex()));
      }
      block.where.add("(" + String.join(", ", keys) + ") < (" + String.join(", ", found) + ")");
    }
    keys.forEach(key -> block.orderBy.add(key + " DESC"));
    order(block, expressions);
    List<String> shown = new ArrayList<>();
    List<String> names = new ArrayList<>();
    for (int column : pick.used()) {
      shown.add(block.columns.get(column));
      names.add("column" + column);
    }
    block.replaceColumns(shown, names);
    return block.text(dialect);
  }

  /** The newest row without key. */
  private String ofNull() {
    SelectBlock block = writer.visit(pick.input());
    ExpressionWriter expressions = new ExpressionWriter(writer, block);
    block.where.add(texts(expressions).get(0) + " IS NULL");
    order(block, expressions);
    RowPicks.show(pick, block, expressions);
    return block.text(dialect);
  }

  private void order(SelectBlock block, ExpressionWriter expressions) {
    for (RexFieldCollation each : pick.order()) {
      String text = expressions.text(each.left);
      block.orderBy.add(dialect.ordered(text, each.left.getType()) + WindowCalls.direction(each));
    }
    block.limit = "1";
  }

  private List<String> texts(ExpressionWriter expressions) {
    return pick.keys().stream().map(expressions::text).collect(Collectors.toList());
  }
}
