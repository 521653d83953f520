package io.datanode.engine;

import io.datanode.jdbc.batch.ArrayVector;
import io.datanode.jdbc.batch.BinaryVector;
import io.datanode.jdbc.batch.ColumnBatch;
import io.datanode.jdbc.batch.ColumnVector;
import io.datanode.jdbc.batch.DecimalVector;
import io.datanode.jdbc.batch.TextVector;

/**
 * How large rows are: 16 bytes for a text, byte string, array or decimal of more than 18 digits, 8
 * for any other value, and the characters, bytes and elements themselves.
 */
final class BatchBytes {
  private BatchBytes() {}

  static long of(ColumnBatch batch) {
    long bytes = 0;
    for (int i = 0; i < batch.columnCount(); i++) {
      bytes += of(batch.column(i), 0, batch.rowCount());
    }
    return bytes;
  }

  private static long of(ColumnVector column, int first, int end) {
    long count = Math.max(0, end - first);
    if (column instanceof TextVector) {
      TextVector texts = (TextVector) column;
      long bytes = 16 * count;
      for (int row = first; row < end; row++) {
        bytes += column.isNull(row) ? 0 : texts.get(row).length();
      }
      return bytes;
    }
    if (column instanceof BinaryVector) {
      BinaryVector binaries = (BinaryVector) column;
      long bytes = 16 * count;
      for (int row = first; row < end; row++) {
        bytes += column.isNull(row) ? 0 : binaries.get(row).length;
      }
      return bytes;
    }
    if (column instanceof ArrayVector) {
      ArrayVector arrays = (ArrayVector) column;
      return count == 0
          ? 0
          : 16 * count + of(arrays.elements(), arrays.start(first), arrays.end(end - 1));
    }
    return (column instanceof DecimalVector ? 16 : 8) * count;
  }
}
