package io.datanode.storage.duckdb;

import io.datanode.jdbc.batch.ColumnVector;
import java.nio.ByteBuffer;
import org.duckdb.DuckDBReadableVector;

/** Copies the values of one column of a chunk into a vector. Not thread-safe. */
interface ColumnReader {
  /**
   * Copies the first {@code rows} values; the target is empty and large enough.
   *
   * @throws io.datanode.DataNodeException 22003 if a value does not fit
   */
  void read(DuckDBReadableVector source, int rows, ColumnVector target);

  /** Marks in the target the rows that are NULL in the source. */
  static void readNulls(DuckDBReadableVector source, int rows, ColumnVector target) {
    ByteBuffer validity = DriverAccess.validity(source);
    if (validity == null) {
      return;
    }
    for (int first = 0; first < rows; first += Long.SIZE) {
      long valid = validity.getLong(first >>> 3);
      int count = Math.min(Long.SIZE, rows - first);
      long missing = ~valid & (count == Long.SIZE ? -1L : (1L << count) - 1);
      while (missing != 0) {
        target.setNull(first + Long.numberOfTrailingZeros(missing));
        missing &= missing - 1;
      }
    }
  }
}
