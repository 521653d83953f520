package io.datanode.jdbc.wire;

import io.datanode.jdbc.SqlState;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;

/** Reads what a {@link ByteWriter} wrote; a message that ends too soon is SQLSTATE 08P01. */
final class ByteReader {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private final byte[] bytes;
  private final int limit;
  private int position;

  ByteReader(byte[] bytes, int limit) {
    this.bytes = bytes;
    this.limit = limit;
  }

  static SQLException malformed(String what) {
    return SqlState.PROTOCOL_ERROR.exception(
        "Message is malformed: "
            + what
            + "; expected "
            + WireFormat.MEDIA_TYPE
            + " as this version of DataNode SQL writes it");
  }

  private int advance(long length) throws SQLException {
    if (length < 0 || length > limit - position) {
      throw malformed("it ends at byte " + limit + ", within a value");
    }
    int start = position;
    position += (int) length;
    return start;
  }

  void expectEnd() throws SQLException {
    if (position != limit) {
      throw malformed((limit - position) + " bytes too many");
    }
  }

  int int8() throws SQLException {
    return bytes[advance(1)];
  }

  int int32() throws SQLException {
    return (int) INTS.get(bytes, advance(4));
  }

  long int64() throws SQLException {
    return (long) LONGS.get(bytes, advance(8));
  }

  int count() throws SQLException {
    int value = 0;
    for (int shift = 0; shift < 32; shift += 7) {
      int next = int8();
      value |= (next & 0x7f) << shift;
      if (next >= 0) {
        if (value < 0) {
          break;
        }
        return value;
      }
    }
    throw malformed("a count is out of range");
  }

  /** A count of things that take at least one byte each, so it cannot exceed what is left. */
  int countOfItems() throws SQLException {
    return bounded(count());
  }

  /** The count given, if what is left can hold one byte for each. */
  int bounded(int count) throws SQLException {
    if (count > limit - position) {
      throw malformed("it ends at byte " + limit + ", within a list");
    }
    return count;
  }

  byte[] bytes() throws SQLException {
    int length = count();
    int start = advance(length);
    byte[] value = new byte[length];
    System.arraycopy(bytes, start, value, 0, length);
    return value;
  }

  String text() throws SQLException {
    return text(count());
  }

  String text(int length) throws SQLException {
    return new String(bytes, advance(length), length, StandardCharsets.UTF_8);
  }

  String optionalText() throws SQLException {
    return int8() == 0 ? null : text();
  }

  void longs(long[] values, int count) throws SQLException {
    view(8L * count).asLongBuffer().get(values, 0, count);
  }

  void doubles(double[] values, int count) throws SQLException {
    view(8L * count).asDoubleBuffer().get(values, 0, count);
  }

  void ints(int[] values, int count) throws SQLException {
    view(4L * count).asIntBuffer().get(values, 0, count);
  }

  /** The next bytes, for reading in bulk. */
  ByteBuffer view(long length) throws SQLException {
    int start = advance(length);
    return ByteBuffer.wrap(bytes, start, (int) length).order(ByteOrder.LITTLE_ENDIAN);
  }
}
