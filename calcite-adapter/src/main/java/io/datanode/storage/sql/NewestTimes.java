package io.datanode.storage.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.calcite.rex.RexFieldCollation;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.jspecify.annotations.Nullable;

/**
 * Writes {@code QUALIFY RANK() OVER (PARTITION BY keys ORDER BY time DESC) = 1}, all rows at the
 * newest time of each group, as a comparison with the greatest time: it is found without sorting.
 */
final class NewestTimes {
  private final StatementWriter writer;
  private final StorageDialect dialect;
  private final RowPick pick;

  NewestTimes(StatementWriter writer, RowPick pick) {
    this.writer = writer;
    this.dialect = writer.dialect();
    this.pick = pick;
  }

  /** The rows picked; null if there is no better way than to rank all rows. */
  @Nullable SelectBlock write() {
    RexFieldCollation order = pick.order().get(0);
    boolean newest =
        pick.order().size() == 1
            && order.left instanceof RexInputRef
            && SqlTypeUtil.isDatetime(order.left.getType())
            && order.getDirection().isDescending()
            && !pick.mayBeNull(order);
    if (!newest) {
      return null;
    }
    SelectBlock loose = LooseScan.write(writer, pick);
    if (loose != null) {
      return loose;
    }
    if (dialect.picksByOneKey()) {
      return byWindow();
    }
    boolean plain = pick.keys().stream().noneMatch(key -> key.getType().isNullable());
    return dialect.picksDistinctOn() && plain ? byMembership() : null;
  }

  /** DuckDB aggregates and joins for this; a rank it sorts for. */
  private SelectBlock byWindow() {
    SelectBlock block = RowPicks.rows(writer, pick);
    ExpressionWriter expressions = new ExpressionWriter(writer, block);
    String time = expressions.text(pick.order().get(0).left);
    String keys = pick.keys().stream().map(expressions::text).collect(Collectors.joining(", "));
    block.qualify.add(
        time
            + " = MAX("
            + time
            + ") OVER ("
            + (keys.isEmpty() ? "" : "PARTITION BY " + keys)
            + ")");
    RowPicks.show(pick, block, expressions);
    return block;
  }

  /** PostgreSQL hashes the groups with their newest times. */
  private SelectBlock byMembership() {
    SelectBlock block = RowPicks.rows(writer, pick);
    ExpressionWriter expressions = new ExpressionWriter(writer, block);
    List<String> columns = new ArrayList<>();
    pick.keys().forEach(key -> columns.add(expressions.text(key)));
    columns.add(expressions.text(pick.order().get(0).left));
    block.where.add(
        columns.size() == 1
            ? columns.get(0) + " = (" + greatest() + ")"
            : "(" + String.join(", ", columns) + ") IN (" + greatest() + ")");
    RowPicks.show(pick, block, expressions);
    return block;
  }

  /** Each group with its greatest time. */
  private String greatest() {
    SelectBlock block = RowPicks.rows(writer, pick);
    ExpressionWriter expressions = new ExpressionWriter(writer, block);
    List<String> keys = new ArrayList<>();
    for (RexNode key : pick.keys()) {
      keys.add(expressions.text(key));
    }
    List<String> columns = new ArrayList<>(keys);
    columns.add("MAX(" + expressions.text(pick.order().get(0).left) + ")");
    List<String> names =
        IntStream.range(0, keys.size()).mapToObj(i -> "key" + i).collect(Collectors.toList());
    names.add("newest_time");
    block.replaceColumns(columns, names);
    block.groupBy = String.join(", ", keys);
    return block.text(dialect);
  }
}
