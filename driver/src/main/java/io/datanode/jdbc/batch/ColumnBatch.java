package io.datanode.jdbc.batch;

import java.util.ArrayList;
import java.util.List;

/** Some rows of a result, column by column. Not thread-safe. */
public final class ColumnBatch {
  private final ColumnVector[] columns;
  private int rowCount;

  public ColumnBatch(ColumnVector... columns) {
    this.columns = columns.clone();
  }

  /** An empty batch for rows of these types. */
  public static ColumnBatch of(List<ColumnType> types, int capacity) {
    List<ColumnVector> vectors = new ArrayList<>();
    for (ColumnType type : types) {
      vectors.add(type.vector(capacity));
    }
    return new ColumnBatch(vectors.toArray(new ColumnVector[0]));
  }

  public int rowCount() {
    return rowCount;
  }

  public void setRowCount(int rowCount) {
    this.rowCount = rowCount;
  }

  public int columnCount() {
    return columns.length;
  }

  /** The values of a column, counted from 0. */
  public ColumnVector column(int index) {
    return columns[index];
  }

  /** Adds the rows of another batch, whose columns have the same types. */
  public void append(ColumnBatch source) {
    for (int i = 0; i < columns.length; i++) {
      columns[i].append(source.columns[i], source.rowCount, rowCount);
    }
    rowCount += source.rowCount;
  }

  /** Forgets all rows, keeping the memory. */
  public void clear() {
    rowCount = 0;
    for (ColumnVector column : columns) {
      column.clear();
    }
  }
}
