package io.datanode.jdbc.batch;

import java.util.Arrays;

/**
 * The values of one column of a {@link ColumnBatch}, by row, with a bit per NULL.
 *
 * <p>A writer fills rows in any order and may use the vector again after {@link #clear()}; a row
 * that was never written holds an unspecified value. Not thread-safe.
 */
public abstract class ColumnVector {
  private long[] nulls = new long[0];
  private boolean anyNull;

  /** True if the value at this row is NULL. */
  public final boolean isNull(int row) {
    return anyNull && (row >>> 6) < nulls.length && (nulls[row >>> 6] & (1L << row)) != 0;
  }

  /** Makes the value at this row NULL. */
  public final void setNull(int row) {
    int word = row >>> 6;
    if (word >= nulls.length) {
      nulls = Arrays.copyOf(nulls, Math.max(word + 1, nulls.length * 2));
    }
    nulls[word] |= 1L << row;
    anyNull = true;
  }

  /** True if some value is NULL. */
  public final boolean anyNull() {
    return anyNull;
  }

  /** Forgets all values and NULLs, keeping the memory. */
  public void clear() {
    if (anyNull) {
      Arrays.fill(nulls, 0);
      anyNull = false;
    }
  }

  /** Makes room for so many rows. */
  public abstract void ensureCapacity(int rows);

  /**
   * Copies the first rows of another vector of the same class, NULLs included, to the rows from
   * {@code row} on, and makes room for them.
   */
  public final void append(ColumnVector source, int count, int row) {
    ensureCapacity(row + count);
    copy(source, count, row);
    if (source.anyNull) {
      for (int i = 0; i < count; i++) {
        if (source.isNull(i)) {
          setNull(row + i);
        }
      }
    }
  }

  /** Copies the values of {@link #append}; there is room for them. */
  abstract void copy(ColumnVector source, int count, int row);
}
