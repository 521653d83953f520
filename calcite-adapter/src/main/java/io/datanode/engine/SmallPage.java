package io.datanode.engine;

import io.datanode.jdbc.batch.ColumnBatch;
import io.datanode.jdbc.batch.ColumnType;
import io.datanode.jdbc.batch.ColumnVector;
import io.datanode.jdbc.batch.DoubleVector;
import io.datanode.jdbc.batch.LongVector;
import io.datanode.jdbc.batch.TextVector;
import io.datanode.jdbc.session.Result;
import io.datanode.jdbc.session.ResultColumn;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All rows of a request that has few, put in order here: a storage that sorts for analytics takes
 * longer to set up the sorting of a thousand rows than to find them.
 */
final class SmallPage {
  /** A page with room for fewer is seldom all there is. */
  static final long LEAST_ROWS = 1_000;

  /** A page with room for more is sorted by the storage. */
  static final long MOST_ROWS = 20_000;

  /** Rows with more text are not held. */
  private static final long MOST_CHARACTERS = 4L << 20;

  private SmallPage() {}

  /**
   * Reads rows that come in no order, and closes them.
   *
   * @param by the columns they are to be ordered by, from 0
   * @param enough so many rows, of which there may be more
   * @return null if there are so many, if they are too large to hold, or cannot be ordered here
   */
  static @Nullable Result of(Result unordered, List<Integer> by, long enough) throws SQLException {
    try (unordered) {
      List<ResultColumn> columns = unordered.columns();
      if (!columns.stream().allMatch(column -> isHeld(column.type()))) {
        return null;
      }
      ColumnBatch held = held(unordered, enough);
      if (held == null) {
        return null;
      }
      ColumnBatch ordered = ordered(held, columns, RowOrder.of(columns, by));
      if (ordered == null) {
        return null;
      }
      List<ColumnBatch> batches = ordered.rowCount() == 0 ? List.of() : List.of(ordered);
      return new MadeResult(columns, unordered.timeZone(), batches);
    }
  }

  private static boolean isHeld(ColumnType type) {
    ColumnVector vector = type.vector(0);
    return vector instanceof LongVector
        || vector instanceof DoubleVector
        || vector instanceof TextVector;
  }

  private static ColumnBatch empty(List<ResultColumn> columns, int rows) {
    return ColumnBatch.of(columns.stream().map(ResultColumn::type).toList(), rows);
  }

  private static @Nullable ColumnBatch held(Result unordered, long enough) throws SQLException {
    ColumnBatch all = empty(unordered.columns(), 0);
    long characters = 0;
    for (ColumnBatch batch = unordered.next(); batch != null; batch = unordered.next()) {
      characters += characters(batch);
      if (all.rowCount() + batch.rowCount() >= enough || characters > MOST_CHARACTERS) {
        return null;
      }
      all.append(batch);
    }
    return all;
  }

  private static long characters(ColumnBatch batch) {
    long characters = 0;
    for (int i = 0; i < batch.columnCount(); i++) {
      if (batch.column(i) instanceof TextVector texts) {
        for (int row = 0; row < batch.rowCount(); row++) {
          characters += texts.isNull(row) ? 0 : texts.get(row).length();
        }
      }
    }
    return characters;
  }

  /** Null if rows are alike in what can be compared here, and differ in more that orders them. */
  private static @Nullable ColumnBatch ordered(
      ColumnBatch rows, List<ResultColumn> columns, RowOrder order) {
    boolean inOrder = true;
    boolean undecided = false;
    for (int row = 1; row < rows.rowCount() && inOrder; row++) {
      int compared = order.compare(rows, row - 1, row);
      inOrder = compared <= 0;
      undecided |= compared == 0;
    }
    if (inOrder) {
      return undecided && !order.isComplete() ? null : rows;
    }
    Integer[] places = new Integer[rows.rowCount()];
    Arrays.setAll(places, row -> row);
    Arrays.sort(places, (left, right) -> order.compare(rows, left, right));
    for (int i = 1; i < places.length && !order.isComplete(); i++) {
      if (order.compare(rows, places[i - 1], places[i]) == 0) {
        return null;
      }
    }
    ColumnBatch sorted = empty(columns, places.length);
    for (int i = 0; i < columns.size(); i++) {
      pick(rows.column(i), places, sorted.column(i));
    }
    sorted.setRowCount(places.length);
    return sorted;
  }

  private static void pick(ColumnVector from, Integer[] rows, ColumnVector to) {
    for (int i = 0; i < rows.length; i++) {
      int row = rows[i];
      if (from.isNull(row)) {
        to.setNull(i);
      } else if (from instanceof LongVector longs) {
        ((LongVector) to).set(i, longs.get(row));
      } else if (from instanceof DoubleVector doubles) {
        ((DoubleVector) to).set(i, doubles.get(row));
      } else {
        ((TextVector) to).set(i, ((TextVector) from).get(row));
      }
    }
  }
}
