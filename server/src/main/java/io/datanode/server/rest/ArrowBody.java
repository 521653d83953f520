package io.datanode.server.rest;

import com.google.flatbuffers.FlatBufferBuilder;
import io.datanode.DataNodeException;
import io.datanode.jdbc.SqlState;
import io.datanode.jdbc.batch.ArrayVector;
import io.datanode.jdbc.batch.BinaryVector;
import io.datanode.jdbc.batch.ColumnType;
import io.datanode.jdbc.batch.ColumnVector;
import io.datanode.jdbc.batch.DecimalVector;
import io.datanode.jdbc.batch.DoubleVector;
import io.datanode.jdbc.batch.LongVector;
import io.datanode.jdbc.batch.TextVector;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.arrow.flatbuf.Buffer;
import org.apache.arrow.flatbuf.FieldNode;
import org.apache.arrow.flatbuf.RecordBatch;

/**
 * The buffers of one Arrow record batch, one after the other, each starting at a multiple of eight
 * bytes. Can be used again after {@link #clear}.
 *
 * @see "Arrow Columnar Format 1.5, section Physical Memory Layout"
 */
final class ArrowBody {
  private ByteBuffer bytes = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);
  private long[] nodes = new long[16];
  private int nodeNumbers;
  private long[] buffers = new long[32];
  private int bufferNumbers;

  /** Forgets everything, keeping the memory. */
  void clear() {
    bytes.clear();
    nodeNumbers = 0;
    bufferNumbers = 0;
  }

  int size() {
    return bytes.position();
  }

  void writeTo(OutputStream out) throws IOException {
    out.write(bytes.array(), 0, bytes.position());
  }

  /** Writes what describes the buffers; returns where it is. */
  int describe(FlatBufferBuilder out, int rows) {
    RecordBatch.startNodesVector(out, nodeNumbers / 2);
    // Vectors of structs are written from their end.
    for (int i = nodeNumbers - 2; i >= 0; i -= 2) {
      FieldNode.createFieldNode(out, nodes[i], nodes[i + 1]);
    }
    int nodesAt = out.endVector();
    RecordBatch.startBuffersVector(out, bufferNumbers / 2);
    for (int i = bufferNumbers - 2; i >= 0; i -= 2) {
      Buffer.createBuffer(out, buffers[i], buffers[i + 1]);
    }
    int buffersAt = out.endVector();
    return RecordBatch.createRecordBatch(out, rows, nodesAt, buffersAt, 0, 0);
  }

  /** Adds the first values of a column. */
  void add(ColumnType type, ColumnVector vector, int rows) {
    validity(vector, rows);
    switch (type.kind()) {
      case BOOLEAN:
        bits(row -> ((LongVector) vector).get(row) != 0, rows);
        break;
      case TINYINT:
        start(rows);
        for (int row = 0; row < rows; row++) {
          bytes.put((byte) ((LongVector) vector).get(row));
        }
        end();
        break;
      case SMALLINT:
        start(2L * rows);
        for (int row = 0; row < rows; row++) {
          bytes.putShort((short) ((LongVector) vector).get(row));
        }
        end();
        break;
      case INTEGER:
      case YEAR_MONTH:
        start(4L * rows);
        for (int row = 0; row < rows; row++) {
          bytes.putInt((int) ((LongVector) vector).get(row));
        }
        end();
        break;
      case DATE:
        dates((LongVector) vector, rows);
        break;
      case TIMESTAMP:
      case INSTANT:
        requireFinite(type, (LongVector) vector, rows);
        longs((LongVector) vector, rows);
        break;
      case BIGINT:
      case TIME:
      case DAY_TIME:
        longs((LongVector) vector, rows);
        break;
      case REAL:
        start(4L * rows);
        for (int row = 0; row < rows; row++) {
          bytes.putFloat((float) ((DoubleVector) vector).get(row));
        }
        end();
        break;
      case DOUBLE:
        start(8L * rows);
        bytes.asDoubleBuffer().put(((DoubleVector) vector).values(), 0, rows);
        bytes.position(bytes.position() + 8 * rows);
        end();
        break;
      case DECIMAL:
        decimals(vector, rows);
        break;
      case VARCHAR:
      case UUID:
      case JSON:
      case OTHER:
        TextVector texts = (TextVector) vector;
        lengthy(vector, rows, row -> texts.get(row).getBytes(StandardCharsets.UTF_8));
        break;
      case VARBINARY:
        lengthy(vector, rows, ((BinaryVector) vector)::get);
        break;
      case ARRAY:
        arrays(type, (ArrayVector) vector, rows);
        break;
    }
  }

  private void validity(ColumnVector vector, int rows) {
    int nulls = 0;
    if (vector.anyNull()) {
      for (int row = 0; row < rows; row++) {
        nulls += vector.isNull(row) ? 1 : 0;
      }
    }
    nodes = room(nodes, nodeNumbers);
    nodes[nodeNumbers++] = rows;
    nodes[nodeNumbers++] = nulls;
    if (nulls == 0) {
      // May be left out then.
      start(0);
      end();
    } else {
      bits(row -> !vector.isNull(row), rows);
    }
  }

  @FunctionalInterface
  private interface Bit {
    boolean at(int row);
  }

  private void bits(Bit bit, int rows) {
    start((rows + 7) / 8);
    for (int first = 0; first < rows; first += 8) {
      int packed = 0;
      for (int row = first; row < Math.min(rows, first + 8); row++) {
        packed |= bit.at(row) ? 1 << (row - first) : 0;
      }
      bytes.put((byte) packed);
    }
    end();
  }

  private void longs(LongVector vector, int rows) {
    start(8L * rows);
    bytes.asLongBuffer().put(vector.values(), 0, rows);
    bytes.position(bytes.position() + 8 * rows);
    end();
  }

  private void dates(LongVector vector, int rows) {
    requireFinite(ColumnType.DATE, vector, rows);
    start(4L * rows);
    for (int row = 0; row < rows; row++) {
      bytes.putInt((int) vector.get(row));
    }
    end();
  }

  private static void requireFinite(ColumnType type, LongVector vector, int rows) {
    for (int row = 0; row < rows; row++) {
      long value = vector.get(row);
      if ((value == ColumnType.INFINITY || value == ColumnType.MINUS_INFINITY)
          && !vector.isNull(row)) {
        throw new DataNodeException(
            SqlState.DATETIME_OVERFLOW,
            "A value of type "
                + type
                + " is infinite, which Arrow cannot hold; ask for JSON or CSV, or leave it out");
      }
    }
  }

  private void decimals(ColumnVector vector, int rows) {
    start(16L * rows);
    for (int row = 0; row < rows; row++) {
      if (vector.isNull(row)) {
        bytes.putLong(0).putLong(0);
      } else if (vector instanceof LongVector longs) {
        bytes.putLong(longs.get(row)).putLong(longs.get(row) >> 63);
      } else {
        BigInteger unscaled = ((DecimalVector) vector).get(row).unscaledValue();
        bytes.putLong(unscaled.longValue()).putLong(unscaled.shiftRight(64).longValue());
      }
    }
    end();
  }

  @FunctionalInterface
  private interface Bytes {
    byte[] at(int row);
  }

  private void lengthy(ColumnVector vector, int rows, Bytes values) {
    byte[][] encoded = new byte[rows][];
    start(4L * (rows + 1));
    int length = 0;
    bytes.putInt(0);
    for (int row = 0; row < rows; row++) {
      if (!vector.isNull(row)) {
        encoded[row] = values.at(row);
        length = Math.addExact(length, encoded[row].length);
      }
      bytes.putInt(length);
    }
    end();
    start(length);
    for (byte[] value : encoded) {
      if (value != null) {
        bytes.put(value);
      }
    }
    end();
  }

  private void arrays(ColumnType type, ArrayVector vector, int rows) {
    start(4L * (rows + 1));
    bytes.putInt(0);
    for (int row = 0; row < rows; row++) {
      bytes.putInt(vector.end(row));
    }
    end();
    add(type.element(), vector.elements(), rows == 0 ? 0 : vector.end(rows - 1));
  }

  private void start(long length) {
    int padded = Math.toIntExact(length + 7 & ~7L);
    buffers = room(buffers, bufferNumbers);
    buffers[bufferNumbers++] = bytes.position();
    buffers[bufferNumbers++] = length;
    if (bytes.remaining() < padded) {
      long wanted = Math.max(2L * bytes.capacity(), (long) bytes.position() + padded);
      int capacity = (int) Math.min(wanted, Integer.MAX_VALUE - 8);
      bytes.flip();
      bytes = ByteBuffer.allocate(capacity).order(ByteOrder.LITTLE_ENDIAN).put(bytes);
    }
  }

  private void end() {
    while ((bytes.position() & 7) != 0) {
      bytes.put((byte) 0);
    }
  }

  private static long[] room(long[] numbers, int used) {
    return used + 2 <= numbers.length ? numbers : Arrays.copyOf(numbers, numbers.length * 2);
  }
}
