package io.datanode.jdbc.batch;

import java.util.Arrays;

/**
 * Arrays: row {@code i} holds the elements {@code start(i)} to {@code end(i) - 1} of one vector of
 * elements. Rows are written in order.
 */
public final class ArrayVector extends ColumnVector {
  private int[] ends;
  private final ColumnVector elements;

  public ArrayVector(int capacity, ColumnVector elements) {
    this.ends = new int[capacity];
    this.elements = elements;
  }

  public ColumnVector elements() {
    return elements;
  }

  /** Index of the first element of this row. */
  public int start(int row) {
    return row == 0 ? 0 : ends[row - 1];
  }

  /** Index after the last element of this row; equal to {@link #start} if the array is empty. */
  public int end(int row) {
    return ends[row];
  }

  /** Says where the elements of this row end; for a NULL row, where the row before it ends. */
  public void setEnd(int row, int end) {
    ends[row] = end;
  }

  @Override
  public void clear() {
    super.clear();
    elements.clear();
  }

  @Override
  public void ensureCapacity(int rows) {
    if (ends.length < rows) {
      ends = Arrays.copyOf(ends, Math.max(rows, ends.length * 2));
    }
  }

  @Override
  void copy(ColumnVector source, int count, int row) {
    if (count == 0) {
      return;
    }
    ArrayVector arrays = (ArrayVector) source;
    int first = start(row);
    for (int i = 0; i < count; i++) {
      ends[row + i] = first + arrays.ends[i];
    }
    elements.append(arrays.elements, arrays.ends[count - 1], first);
  }
}
