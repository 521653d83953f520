package io.datanode.jdbc.batch;

import java.util.Arrays;

/** Whole numbers, booleans, dates, times, timestamps, short decimals: everything in 64 bits. */
public final class LongVector extends ColumnVector {
  private long[] values;

  public LongVector(int capacity) {
    values = new long[capacity];
  }

  public long get(int row) {
    return values[row];
  }

  public void set(int row, long value) {
    values[row] = value;
  }

  /** The array behind the vector, for bulk reading and writing; may be longer than the batch. */
  public long[] values() {
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
    System.arraycopy(((LongVector) source).values, 0, values, row, count);
  }
}
