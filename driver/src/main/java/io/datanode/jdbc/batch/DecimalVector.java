package io.datanode.jdbc.batch;

import java.math.BigDecimal;
import java.util.Arrays;

/** Decimals of 19 to 38 digits; every value has the scale of its column's type. */
public final class DecimalVector extends ColumnVector {
  private BigDecimal[] values;

  public DecimalVector(int capacity) {
    values = new BigDecimal[capacity];
  }

  public BigDecimal get(int row) {
    return values[row];
  }

  public void set(int row, BigDecimal value) {
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
    System.arraycopy(((DecimalVector) source).values, 0, values, row, count);
  }
}
