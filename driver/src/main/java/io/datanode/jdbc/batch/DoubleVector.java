package io.datanode.jdbc.batch;

import java.util.Arrays;

/** Floating point numbers, NaN and infinities included. */
public final class DoubleVector extends ColumnVector {
  private double[] values;

  public DoubleVector(int capacity) {
    values = new double[capacity];
  }

  public double get(int row) {
    return values[row];
  }

  public void set(int row, double value) {
    values[row] = value;
  }

  /** The array behind the vector, for bulk reading and writing; may be longer than the batch. */
  public double[] values() {
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
    System.arraycopy(((DoubleVector) source).values, 0, values, row, count);
  }
}
