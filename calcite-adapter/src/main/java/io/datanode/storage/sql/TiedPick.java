package io.datanode.storage.sql;

import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.rel.RelFieldCollation.NullDirection;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.TableScan;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexFieldCollation;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.type.SqlTypeFamily;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.jspecify.annotations.Nullable;

/**
 * Picks the newest row of each key where further columns decide between rows of one time: takes the
 * rows at the greatest time of each key, and only if these are more than there are keys compares
 * the further columns. To compare them for every row takes DuckDB twice as long as the pick.
 *
 * <p>The rows are found by one hash of keys and time. Rows that only share a hash are then more
 * than the keys too, and lose when compared.
 */
final class TiedPick {
  private final StatementWriter writer;
  private final StorageDialect dialect;
  private final RowPick pick;
  private final String groups;
  private final String newest;

  private TiedPick(StatementWriter writer, RowPick pick) {
    this.writer = writer;
    this.dialect = writer.dialect();
    this.pick = pick;
    this.groups = dialect.quote("keys" + writer.newAlias());
    this.newest = dialect.quote("newest" + writer.newAlias());
  }

  /**
   * The rows picked; null if it is not a time that comes first, or the rows cannot be read twice.
   */
  static @Nullable SelectBlock write(StatementWriter writer, RowPick pick) {
    RexFieldCollation first = pick.order().get(0);
    boolean byTime =
        first.left instanceof RexInputRef
            && SqlTypeUtil.isDatetime(first.left.getType())
            && (first.getNullDirection() == NullDirection.LAST || !pick.mayBeNull(first));
    return byTime
            && isStored(pick.input())
            && pick.keys().stream().allMatch(key -> isDiscrete(key.getType()))
        ? new TiedPick(writer, pick).rows()
        : null;
  }

  /** True for rows of a table that are the same whenever they are read in one statement. */
  private static boolean isStored(RelNode input) {
    RelNode rel = input;
    while (rel instanceof Filter) {
      RexNode condition = ((Filter) rel).getCondition();
      if (!((Filter) rel).getVariablesSet().isEmpty()
          || !RexUtil.isDeterministic(condition)
          || RexUtil.containsCorrelation(condition)
          || RexUtil.SubQueryFinder.find(condition) != null) {
        return false;
      }
      rel = ((Filter) rel).getInput();
    }
    return rel instanceof TableScan;
  }

  /** True if values that are grouped as one are also equal, unlike 0 and -0. */
  private static boolean isDiscrete(RelDataType type) {
    return SqlTypeUtil.isExactNumeric(type)
        || SqlTypeUtil.isDatetime(type)
        || SqlTypeUtil.isBoolean(type)
        || SqlTypeUtil.inCharFamily(type)
        || type.getSqlTypeName().getFamily() == SqlTypeFamily.UUID;
  }

  private SelectBlock rows() {
    SelectBlock all = new SelectBlock();
    all.compound =
        "WITH "
            + groups
            + " AS MATERIALIZED ("
            + greatestTimes()
            + "),\n"
            + newest
            + " AS MATERIALIZED ("
            + rowsAtThem()
            + ")\n"
            + alone()
            + "\nUNION ALL\n"
            + decided();
    all.names = StatementWriter.names(pick.row());
    all.joinable = false;
    return writer.wrap(all);
  }

  /** The hash of each key and its greatest time. */
  private String greatestTimes() {
    SelectBlock block = RowPicks.rows(writer, pick);
    ExpressionWriter expressions = new ExpressionWriter(writer, block);
    List<String> keys = pick.keys().stream().map(expressions::text).toList();
    block.groupBy = String.join(", ", keys);
    String time = expressions.text(pick.order().get(0).left);
    block.replaceColumns(List.of(hash(keys, "MAX(" + time + ")")), List.of("found"));
    return block.text(dialect);
  }

  /** The rows of each key at that time. */
  private String rowsAtThem() {
    SelectBlock block = RowPicks.rows(writer, pick);
    ExpressionWriter expressions = new ExpressionWriter(writer, block);
    List<String> keys = pick.keys().stream().map(expressions::text).toList();
    List<String> columns = new ArrayList<>();
    List<String> names = new ArrayList<>();
    for (int column : pick.used()) {
      columns.add(block.columns.get(column));
      names.add("column" + column);
    }
    block.where.add(
        hash(keys, expressions.text(pick.order().get(0).left))
            + " IN (SELECT "
            + dialect.quote("found")
            + " FROM "
            + groups
            + ")");
    block.replaceColumns(columns, names);
    return block.text(dialect);
  }

  private String hash(List<String> keys, String time) {
    return dialect.hash(String.join(", ", keys) + ", " + time);
  }

  /** The rows if each key has one. */
  private String alone() {
    SelectBlock block = candidates(" = ");
    RowPicks.show(pick, block, new ExpressionWriter(writer, block));
    return block.text(dialect);
  }

  /** The first rows of the keys otherwise. */
  private String decided() {
    SelectBlock block = candidates(" > ");
    ExpressionWriter expressions = new ExpressionWriter(writer, block);
    block.qualify.add(RowPicks.firstByOneKey(dialect, pick, expressions));
    RowPicks.show(pick, block, expressions);
    return block.text(dialect);
  }

  private SelectBlock candidates(String comparison) {
    SelectBlock block = new SelectBlock();
    String alias = writer.newAlias();
    block.from = newest + " AS " + dialect.quote(alias);
    block.aliases.add(alias);
    for (int i = 0; i < pick.input().getRowType().getFieldCount(); i++) {
      block.columns.add(SqlPieces.reference(alias, dialect.quote("column" + i)));
      block.names.add("column" + i);
    }
    block.where.add(
        "(SELECT COUNT(*) FROM "
            + newest
            + ")"
            + comparison
            + "(SELECT COUNT(*) FROM "
            + groups
            + ")");
    return block;
  }
}
