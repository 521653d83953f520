package io.datanode.jdbc.batch;

import java.util.Arrays;

/** Strings. */
public final class TextVector extends ColumnVector {
  private String[] values;

  public TextVector(int capacity) {
    values = new String[capacity];
  }

  public String get(int row) {
    return values[row];
  }

  public void set(int row, String value) {
    values[row] = value;
  }

  /** The array behind the vector, for bulk reading and writing; may be longer than the batch. */
  public String[] values() {
    return values;
  }

  @Override
  public void ensureCapacity(int rows) {
    if (values.length < rows) {
      values = Arrays.copyOf(values, Math.max(rows, values.length * 2));
    }
  }

  @Override
  void copy(ColumnVector source, int count, int row) {
    System.arraycopy(((TextVector) source).values, 0, values, row, count);
  }
}
