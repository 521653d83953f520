package io.datanode.jdbc.wire;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.Deflater;

/** A growing array of bytes; numbers are written little-endian. */
final class ByteWriter {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private byte[] bytes;
  private int size;

  ByteWriter(int capacity) {
    bytes = new byte[capacity];
  }

  int size() {
    return size;
  }

  void clear() {
    size = 0;
  }

  byte[] toByteArray() {
    return Arrays.copyOf(bytes, size);
  }

  void writeTo(OutputStream out) throws IOException {
    out.write(bytes, 0, size);
  }

  private void room(int more) {
    if (bytes.length - size < more) {
      bytes = Arrays.copyOf(bytes, (int) Math.min(1L << 30, Math.max(size + more, 2L * size)));
    }
  }

  void int8(int value) {
    room(1);
    bytes[size++] = (byte) value;
  }

  void int16(int value) {
    room(2);
    bytes[size++] = (byte) value;
    bytes[size++] = (byte) (value >>> 8);
  }

  void int32(int value) {
    room(4);
    INTS.set(bytes, size, value);
    size += 4;
  }

  void int64(long value) {
    room(8);
    LONGS.set(bytes, size, value);
    size += 8;
  }

  /** Overwrites four bytes written before. */
  void setInt32(int position, int value) {
    INTS.set(bytes, position, value);
  }

  /** A count or length, seven bits to the byte. */
  void count(int value) {
    int rest = value;
    while ((rest & ~0x7f) != 0) {
      int8(rest | 0x80);
      rest >>>= 7;
    }
    int8(rest);
  }

  void bytes(byte[] value) {
    count(value.length);
    raw(value);
  }

  /** The first bytes of an array. */
  void raw(byte[] value, int count) {
    room(count);
    System.arraycopy(value, 0, bytes, size, count);
    size += count;
  }

  /** Gives what was written, from a place on, to be compressed to its end. */
  void deflate(int from, Deflater deflater) {
    deflater.setInput(bytes, from, size - from);
    deflater.finish();
  }

  void raw(byte[] value) {
    room(value.length);
    System.arraycopy(value, 0, bytes, size, value.length);
    size += value.length;
  }

  void text(String value) {
    bytes(value.getBytes(StandardCharsets.UTF_8));
  }

  /** Text or null. */
  void optionalText(String value) {
    int8(value == null ? 0 : 1);
    if (value != null) {
      text(value);
    }
  }

  /** The first values of an array, eight bytes each. */
  void longs(long[] values, int count) {
    room(8 * count);
    view(8 * count).asLongBuffer().put(values, 0, count);
    size += 8 * count;
  }

  void doubles(double[] values, int count) {
    room(8 * count);
    view(8 * count).asDoubleBuffer().put(values, 0, count);
    size += 8 * count;
  }

  private ByteBuffer view(int length) {
    return ByteBuffer.wrap(bytes, size, length).order(ByteOrder.LITTLE_ENDIAN);
  }
}
