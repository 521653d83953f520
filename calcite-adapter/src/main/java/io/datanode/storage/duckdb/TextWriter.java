package io.datanode.storage.duckdb;

import io.datanode.jdbc.batch.ColumnVector;
import io.datanode.jdbc.batch.TextVector;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Writes strings. DuckDB lays a string out in 16 bytes: its length, then its bytes if there are at
 * most 12, with zeros after them, else the first 4 and an address.
 */
final class TextWriter implements ColumnWriter {
  private static final int SLOTS = 1024;
  private static final int INLINE = 12;

  // Columns of keys repeat few strings, so the bytes of some are remembered. Those of a long one
  // hold an address, which is good for one call only.
  private final String[] strings = new String[SLOTS];
  private final long[] firstHalves = new long[SLOTS];
  private final long[] secondHalves = new long[SLOTS];
  private final int[] calls = new int[SLOTS];
  private final ByteBuffer inline = ByteBuffer.allocate(16).order(ByteOrder.nativeOrder());
  private int call;

  @Override
  public void write(ColumnVector source, int from, int count, ByteBuffer target) {
    ByteBuffer data = AppenderCalls.data(target, (long) count << 4);
    TextVector texts = (TextVector) source;
    call++;
    for (int i = 0; i < count; i++) {
      if (!source.isNull(from + i)) {
        String text = texts.get(from + i);
        int slot = text.hashCode() & (SLOTS - 1);
        String known = strings[slot];
        if (known == null || !known.equals(text) || (calls[slot] != 0 && calls[slot] != call)) {
          remember(slot, text, i, data, target);
        }
        data.putLong(i << 4, firstHalves[slot]);
        data.putLong((i << 4) + 8, secondHalves[slot]);
      }
    }
    ColumnWriter.writeNulls(source, from, count, target);
  }

  private void remember(int slot, String text, int row, ByteBuffer data, ByteBuffer target) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    strings[slot] = text;
    if (bytes.length <= INLINE) {
      inline.putLong(0, 0).putLong(8, 0).putInt(0, bytes.length).put(4, bytes);
      firstHalves[slot] = inline.getLong(0);
      secondHalves[slot] = inline.getLong(8);
      calls[slot] = 0;
    } else {
      AppenderCalls.assign(target, row, bytes);
      firstHalves[slot] = data.getLong(row << 4);
      secondHalves[slot] = data.getLong((row << 4) + 8);
      calls[slot] = call;
    }
  }
}
