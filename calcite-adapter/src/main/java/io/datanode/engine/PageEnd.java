package io.datanode.engine;

import io.datanode.jdbc.batch.ColumnBatch;
import io.datanode.jdbc.batch.ColumnType;
import io.datanode.jdbc.batch.ColumnVector;
import io.datanode.jdbc.session.ResultColumn;
import io.datanode.search.OrderedRows;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Notes where a page ends: the last row that was delivered and, if rows can be alike, how many rows
 * like it came before.
 */
final class PageEnd {
  /** A place with longer texts is not worth remembering. */
  private static final int MAX_CHARACTERS = 1 << 16;

  private final List<Integer> order;
  private final List<ResultColumn> columns;
  private final boolean rowsDiffer;
  private @Nullable List<@Nullable Object> last;
  private long alike;

  /**
   * The end of a page of which nothing is read.
   *
   * @param start the place after which the page starts; null if it was found by counting
   * @param offset rows before the page
   */
  PageEnd(
      OrderedRows rows,
      List<ResultColumn> columns,
      OrderedRows.@Nullable Position start,
      long offset) {
    this.order = rows.orderColumns();
    this.columns = columns;
    this.rowsDiffer = rows.rowsDiffer();
    if (start != null) {
      this.last = start.values();
      this.alike = start.delivered();
    } else if (offset > 0) {
      // Nobody knows how many rows before the page are like its first ones.
      this.alike = Long.MIN_VALUE;
    }
  }

  /** Notes that the first rows of a batch are delivered. */
  void delivered(ColumnBatch batch, int count) {
    if (count == 0) {
      return;
    }
    List<@Nullable Object> row = place(batch, count - 1);
    if (rowsDiffer || row == null) {
      last = row;
      return;
    }
    int same = 1;
    while (same < count && row.equals(place(batch, count - 1 - same))) {
      same++;
    }
    boolean goesOn = same == count && (row.equals(last) || (last == null && alike < 0));
    alike = goesOn ? alike + same : same;
    last = row;
  }

  /**
   * The place where the page ends.
   *
   * @param batch has the row after the page
   * @return null if that place cannot be said by values
   */
  OrderedRows.@Nullable Position before(ColumnBatch batch, int nextRow) {
    OrderedRows.Position here = here();
    return here == null || here.values().equals(place(batch, nextRow))
        ? here
        : new OrderedRows.Position(here.values(), 0);
  }

  /**
   * The place after the last row delivered.
   *
   * @return null if that place cannot be said by values
   */
  OrderedRows.@Nullable Position here() {
    List<@Nullable Object> row = last;
    if (row == null || row.isEmpty() || (alike < 0 && !rowsDiffer)) {
      return null;
    }
    return new OrderedRows.Position(row, rowsDiffer ? 0 : alike);
  }

  /** The values by which a row is ordered; null if one cannot be a parameter. */
  private @Nullable List<@Nullable Object> place(ColumnBatch batch, int row) {
    List<@Nullable Object> values = new ArrayList<>(order.size());
    int characters = 0;
    for (int column : order) {
      ColumnVector vector = batch.column(column);
      ColumnType type = columns.get(column).type();
      Object value = KeyValues.value(vector, type, row);
      if (value == null && !vector.isNull(row)) {
        return null;
      }
      if (value instanceof String text) {
        characters += text.length();
      }
      values.add(value);
    }
    return characters > MAX_CHARACTERS ? null : values;
  }
}
