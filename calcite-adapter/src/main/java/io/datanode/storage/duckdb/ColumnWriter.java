package io.datanode.storage.duckdb;

import io.datanode.jdbc.batch.ColumnVector;
import java.nio.ByteBuffer;

/** Copies values of a column into a vector of DuckDB, whose type decides how they are laid out. */
@FunctionalInterface
interface ColumnWriter {
  /**
   * Writes rows {@code from} to {@code from + count - 1} of the source to the first rows of the
   * target, NULLs included.
   *
   * @param target a vector with room for {@code count} rows and no NULL in it
   */
  void write(ColumnVector source, int from, int count, ByteBuffer target);

  /** Marks the rows of the target that have no value. */
  static void writeNulls(ColumnVector source, int from, int count, ByteBuffer target) {
    if (!source.anyNull()) {
      return;
    }
    ByteBuffer validity = null;
    for (int i = 0; i < count; i++) {
      if (source.isNull(from + i)) {
        if (validity == null) {
          validity = AppenderCalls.validity(target, count);
        }
        int word = i >>> 6 << 3;
        validity.putLong(word, validity.getLong(word) & ~(1L << i));
      }
    }
  }
}
