package io.datanode.jdbc.batch;

import java.util.Arrays;

/** Byte strings. */
public final class BinaryVector extends ColumnVector {
  private byte[][] values;

  public BinaryVector(int capacity) {
    values = new byte[capacity][];
  }

  public byte[] get(int row) {
    return values[row];
  }

  public void set(int row, byte[] value) {
    values[row] = value;
  }

  @Override
  public void ensureCapacity(int rows) {
    if (values.length < rows) {
      values = Arrays.copyOf(values, Math.max(rows, values.length * 2));
    }
  }

  @Override
  void copy(ColumnVector source, int count, int row) {
    System.arraycopy(((BinaryVector) source).values, 0, values, row, count);
  }
}
