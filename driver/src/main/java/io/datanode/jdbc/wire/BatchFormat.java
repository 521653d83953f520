package io.datanode.jdbc.wire;

import io.datanode.jdbc.batch.ArrayVector;
import io.datanode.jdbc.batch.BinaryVector;
import io.datanode.jdbc.batch.ColumnBatch;
import io.datanode.jdbc.batch.ColumnType;
import io.datanode.jdbc.batch.ColumnType.Kind;
import io.datanode.jdbc.batch.ColumnVector;
import io.datanode.jdbc.batch.DecimalVector;
import io.datanode.jdbc.batch.DoubleVector;
import io.datanode.jdbc.batch.LongVector;
import io.datanode.jdbc.batch.TextVector;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How a {@link ColumnBatch} travels: number of rows, then for each column its NULLs and its values.
 *
 * <p>NULLs are one byte, 1 if a bitmap follows. Whole numbers are a base and offsets of 0, 1, 2, 4
 * or 8 bytes, whichever is the smallest that holds the column's range. Text is a dictionary with
 * indexes of one or two bytes when few values repeat, else lengths and bytes.
 */
final class BatchFormat {
  private static final int PLAIN = 0;
  private static final int DICTIONARY = 1;
  private static final int LARGEST_DICTIONARY = 1 << 14;
  private static final int LARGEST_BATCH = 1 << 26;

  private BatchFormat() {}

  static void write(ByteWriter out, List<ColumnType> types, ColumnBatch batch) {
    out.count(batch.rowCount());
    for (int i = 0; i < types.size(); i++) {
      writeVector(out, types.get(i), batch.column(i), batch.rowCount());
    }
  }

  static void read(ByteReader in, List<ColumnType> types, ColumnBatch batch) throws SQLException {
    batch.clear();
    int rows = in.count();
    if (rows > LARGEST_BATCH) {
      throw ByteReader.malformed("a batch of " + rows + " rows");
    }
    for (int i = 0; i < types.size(); i++) {
      readVector(in, types.get(i), batch.column(i), rows);
    }
    in.expectEnd();
    batch.setRowCount(rows);
  }

  private static void writeVector(ByteWriter out, ColumnType type, ColumnVector vector, int rows) {
    writeNulls(out, vector, rows);
    if (vector instanceof LongVector) {
      writeLongs(out, (LongVector) vector, rows);
    } else if (vector instanceof DoubleVector) {
      writeDoubles(out, type, (DoubleVector) vector, rows);
    } else if (vector instanceof TextVector) {
      writeTexts(out, (TextVector) vector, rows);
    } else if (vector instanceof DecimalVector) {
      writeDecimals(out, (DecimalVector) vector, rows);
    } else if (vector instanceof BinaryVector) {
      for (int i = 0; i < rows; i++) {
        out.bytes(vector.isNull(i) ? new byte[0] : ((BinaryVector) vector).get(i));
      }
    } else {
      writeArrays(out, type, (ArrayVector) vector, rows);
    }
  }

  private static void readVector(ByteReader in, ColumnType type, ColumnVector vector, int rows)
      throws SQLException {
    readNulls(in, vector, rows);
    if (vector instanceof LongVector) {
      readLongs(in, (LongVector) vector, rows);
    } else if (vector instanceof DoubleVector) {
      readDoubles(in, type, (DoubleVector) vector, rows);
    } else if (vector instanceof TextVector) {
      readTexts(in, (TextVector) vector, rows);
    } else if (vector instanceof DecimalVector) {
      readDecimals(in, (DecimalVector) vector, rows);
    } else if (vector instanceof BinaryVector) {
      readBinaries(in, (BinaryVector) vector, rows);
    } else {
      readArrays(in, type, (ArrayVector) vector, rows);
    }
  }

  private static void writeNulls(ByteWriter out, ColumnVector vector, int rows) {
    if (!vector.anyNull()) {
      out.int8(0);
      return;
    }
    out.int8(1);
    for (int i = 0; i < rows; i += 8) {
      int bits = 0;
      for (int j = i; j < Math.min(rows, i + 8); j++) {
        if (vector.isNull(j)) {
          bits |= 1 << (j - i);
        }
      }
      out.int8(bits);
    }
  }

  private static void readNulls(ByteReader in, ColumnVector vector, int rows) throws SQLException {
    if (in.int8() == 0) {
      return;
    }
    ByteBuffer bitmap = in.view((rows + 7L) / 8);
    for (int i = 0; i < rows; i += 8) {
      int bits = bitmap.get();
      for (int j = i; bits != 0 && j < Math.min(rows, i + 8); j++) {
        if ((bits & 1 << (j - i)) != 0) {
          vector.setNull(j);
        }
      }
    }
  }

  private static void writeLongs(ByteWriter out, LongVector vector, int rows) {
    long[] values = vector.values();
    boolean anyNull = vector.anyNull();
    long least = Long.MAX_VALUE;
    long greatest = Long.MIN_VALUE;
    for (int i = 0; i < rows; i++) {
      if (!anyNull || !vector.isNull(i)) {
        long value = values[i];
        least = Math.min(least, value);
        greatest = Math.max(greatest, value);
      }
    }
    if (least > greatest) {
      least = 0;
      greatest = 0;
    }
    long range = greatest - least;
    int width;
    if (range < 0 || range > 0xffffffffL) {
      width = 8;
    } else if (range > 0xffff) {
      width = 4;
    } else if (range > 0xff) {
      width = 2;
    } else {
      width = range == 0 ? 0 : 1;
    }
    out.int8(width);
    if (width == 8) {
      // A NULL row holds whatever the writer left there; it is not read.
      out.longs(values, rows);
      return;
    }
    out.int64(least);
    if (width == 0) {
      return;
    }
    for (int i = 0; i < rows; i++) {
      long offset = anyNull && vector.isNull(i) ? 0 : values[i] - least;
      if (width == 1) {
        out.int8((int) offset);
      } else if (width == 2) {
        out.int16((int) offset);
      } else {
        out.int32((int) offset);
      }
    }
  }

  private static void readLongs(ByteReader in, LongVector vector, int rows) throws SQLException {
    int width = in.int8();
    long base = width == 8 ? 0 : in.int64();
    ByteBuffer bytes = width == 0 ? null : in.view((long) width * rows);
    vector.ensureCapacity(rows);
    long[] values = vector.values();
    switch (width) {
      case 0:
        Arrays.fill(values, 0, rows, base);
        return;
      case 1:
        for (int i = 0; i < rows; i++) {
          values[i] = base + (bytes.get() & 0xff);
        }
        return;
      case 2:
        for (int i = 0; i < rows; i++) {
          values[i] = base + (bytes.getShort() & 0xffff);
        }
        return;
      case 4:
        for (int i = 0; i < rows; i++) {
          values[i] = base + (bytes.getInt() & 0xffffffffL);
        }
        return;
      case 8:
        bytes.asLongBuffer().get(values, 0, rows);
        return;
      default:
        throw ByteReader.malformed("whole numbers of " + width + " bytes");
    }
  }

  private static void writeDoubles(ByteWriter out, ColumnType type, DoubleVector vector, int rows) {
    if (type.kind() != Kind.REAL) {
      out.doubles(vector.values(), rows);
      return;
    }
    double[] values = vector.values();
    for (int i = 0; i < rows; i++) {
      out.int32(Float.floatToIntBits((float) values[i]));
    }
  }

  private static void readDoubles(ByteReader in, ColumnType type, DoubleVector vector, int rows)
      throws SQLException {
    ByteBuffer bytes = in.view((type.kind() == Kind.REAL ? 4L : 8L) * rows);
    vector.ensureCapacity(rows);
    double[] values = vector.values();
    if (type.kind() != Kind.REAL) {
      bytes.asDoubleBuffer().get(values, 0, rows);
      return;
    }
    for (int i = 0; i < rows; i++) {
      values[i] = bytes.getFloat();
    }
  }

  private static void writeTexts(ByteWriter out, TextVector vector, int rows) {
    int[] indexes = new int[rows];
    Map<String, Integer> dictionary = dictionary(vector, rows, indexes);
    if (dictionary == null) {
      writePlainTexts(out, vector, rows);
      return;
    }
    out.int8(DICTIONARY);
    out.count(dictionary.size());
    String[] words = new String[dictionary.size()];
    dictionary.forEach((word, index) -> words[index] = word);
    for (String word : words) {
      out.text(word);
    }
    boolean wide = words.length > 256;
    for (int index : indexes) {
      if (wide) {
        out.int16(index);
      } else {
        out.int8(index);
      }
    }
  }

  /** The distinct values and the index of each row's value, or null if too few values repeat. */
  private static Map<String, Integer> dictionary(TextVector vector, int rows, int[] indexes) {
    int most = Math.min(LARGEST_DICTIONARY, Math.max(1, rows / 3));
    Map<String, Integer> dictionary = new HashMap<>();
    String last = null;
    int lastIndex = 0;
    for (int i = 0; i < rows; i++) {
      String value = vector.isNull(i) ? "" : vector.get(i);
      if (i == 0 || !value.equals(last)) {
        Integer index = dictionary.putIfAbsent(value, dictionary.size());
        if (index == null) {
          if (dictionary.size() > most) {
            return null;
          }
          index = dictionary.size() - 1;
        }
        last = value;
        lastIndex = index;
      }
      indexes[i] = lastIndex;
    }
    return dictionary;
  }

  private static void writePlainTexts(ByteWriter out, TextVector vector, int rows) {
    out.int8(PLAIN);
    int start = out.size();
    for (int i = 0; i < rows; i++) {
      out.int32(0);
    }
    for (int i = 0; i < rows; i++) {
      if (!vector.isNull(i)) {
        byte[] text = vector.get(i).getBytes(StandardCharsets.UTF_8);
        out.setInt32(start + 4 * i, text.length);
        out.raw(text);
      }
    }
  }

  private static void readTexts(ByteReader in, TextVector vector, int rows) throws SQLException {
    int mode = in.int8();
    if (mode == PLAIN) {
      ByteBuffer lengths = in.view(4L * rows);
      vector.ensureCapacity(rows);
      String[] values = vector.values();
      for (int i = 0; i < rows; i++) {
        values[i] = in.text(lengths.getInt());
      }
      return;
    }
    if (mode != DICTIONARY) {
      throw ByteReader.malformed("text of encoding " + mode);
    }
    String[] words = new String[in.countOfItems()];
    for (int i = 0; i < words.length; i++) {
      words[i] = in.text();
    }
    boolean wide = words.length > 256;
    ByteBuffer indexes = in.view((wide ? 2L : 1L) * rows);
    vector.ensureCapacity(rows);
    String[] values = vector.values();
    for (int i = 0; i < rows; i++) {
      int index = wide ? indexes.getShort() & 0xffff : indexes.get() & 0xff;
      if (index >= words.length) {
        throw ByteReader.malformed("no word " + index + " in a dictionary of " + words.length);
      }
      values[i] = words[index];
    }
  }

  private static void writeDecimals(ByteWriter out, DecimalVector vector, int rows) {
    for (int i = 0; i < rows; i++) {
      if (vector.isNull(i)) {
        out.count(0);
      } else {
        BigDecimal value = vector.get(i);
        out.bytes(value.unscaledValue().toByteArray());
        out.count(value.scale());
      }
    }
  }

  private static void readDecimals(ByteReader in, DecimalVector vector, int rows)
      throws SQLException {
    vector.ensureCapacity(in.bounded(rows));
    for (int i = 0; i < rows; i++) {
      byte[] unscaled = in.bytes();
      vector.set(
          i, unscaled.length == 0 ? null : new BigDecimal(new BigInteger(unscaled), in.count()));
    }
  }

  private static void readBinaries(ByteReader in, BinaryVector vector, int rows)
      throws SQLException {
    vector.ensureCapacity(in.bounded(rows));
    for (int i = 0; i < rows; i++) {
      vector.set(i, in.bytes());
    }
  }

  private static void writeArrays(ByteWriter out, ColumnType type, ArrayVector vector, int rows) {
    for (int i = 0; i < rows; i++) {
      out.int32(vector.end(i));
    }
    writeVector(out, type.element(), vector.elements(), rows == 0 ? 0 : vector.end(rows - 1));
  }

  private static void readArrays(ByteReader in, ColumnType type, ArrayVector vector, int rows)
      throws SQLException {
    ByteBuffer ends = in.view(4L * rows);
    vector.ensureCapacity(rows);
    int last = 0;
    for (int i = 0; i < rows; i++) {
      int end = ends.getInt();
      if (end < last) {
        throw ByteReader.malformed("an array ends before it starts");
      }
      vector.setEnd(i, end);
      last = end;
    }
    readVector(in, type.element(), vector.elements(), last);
  }
}
