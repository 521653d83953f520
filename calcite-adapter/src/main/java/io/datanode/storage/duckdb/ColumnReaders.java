package io.datanode.storage.duckdb;

import io.datanode.DataNodeException;
import io.datanode.jdbc.SqlState;
import io.datanode.jdbc.batch.BinaryVector;
import io.datanode.jdbc.batch.ColumnType;
import io.datanode.jdbc.batch.ColumnVector;
import io.datanode.jdbc.batch.DecimalVector;
import io.datanode.jdbc.batch.DoubleVector;
import io.datanode.jdbc.batch.LongVector;
import io.datanode.jdbc.batch.TextVector;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.duckdb.DuckDBReadableVector;

/** The readers of DuckDB's physical types. */
final class ColumnReaders {
  private static final BigDecimal TWO_64 = new BigDecimal("18446744073709551616");

  private ColumnReaders() {}

  /** 64 bits to 64 bits: BIGINT, timestamps in the unit wanted, decimals of 10 to 18 digits. */
  static ColumnReader longs() {
    return (source, rows, target) -> {
      DriverAccess.data(source).asLongBuffer().get(((LongVector) target).values(), 0, rows);
      ColumnReader.readNulls(source, rows, target);
    };
  }

  /** 32 bits to 64: INTEGER, decimals of 5 to 9 digits. */
  static ColumnReader ints() {
    return (source, rows, target) -> {
      ByteBuffer data = DriverAccess.data(source);
      long[] values = ((LongVector) target).values();
      for (int i = 0; i < rows; i++) {
        values[i] = data.getInt(i << 2);
      }
      ColumnReader.readNulls(source, rows, target);
    };
  }

  /** Days since 1970 to 64 bits. */
  static ColumnReader dates() {
    return (source, rows, target) -> {
      ByteBuffer data = DriverAccess.data(source);
      long[] values = ((LongVector) target).values();
      for (int i = 0; i < rows; i++) {
        int day = data.getInt(i << 2);
        // DuckDB's infinite dates are the extremes of 32 bits.
        values[i] =
            day == Integer.MAX_VALUE
                ? ColumnType.INFINITY
                : day == -Integer.MAX_VALUE ? ColumnType.MINUS_INFINITY : day;
      }
      ColumnReader.readNulls(source, rows, target);
    };
  }

  static ColumnReader shorts() {
    return (source, rows, target) -> {
      ByteBuffer data = DriverAccess.data(source);
      long[] values = ((LongVector) target).values();
      for (int i = 0; i < rows; i++) {
        values[i] = data.getShort(i << 1);
      }
      ColumnReader.readNulls(source, rows, target);
    };
  }

  /** TINYINT and BOOLEAN. */
  static ColumnReader bytes() {
    return (source, rows, target) -> {
      ByteBuffer data = DriverAccess.data(source);
      long[] values = ((LongVector) target).values();
      for (int i = 0; i < rows; i++) {
        values[i] = data.get(i);
      }
      ColumnReader.readNulls(source, rows, target);
    };
  }

  static ColumnReader doubles() {
    return (source, rows, target) -> {
      DriverAccess.data(source).asDoubleBuffer().get(((DoubleVector) target).values(), 0, rows);
      ColumnReader.readNulls(source, rows, target);
    };
  }

  static ColumnReader floats() {
    return (source, rows, target) -> {
      ByteBuffer data = DriverAccess.data(source);
      double[] values = ((DoubleVector) target).values();
      for (int i = 0; i < rows; i++) {
        values[i] = data.getFloat(i << 2);
      }
      ColumnReader.readNulls(source, rows, target);
    };
  }

  /** HUGEINT, such as a SUM of BIGINT, to 64 bits. */
  static ColumnReader hugeToLong(ColumnType wanted) {
    return (source, rows, target) -> {
      ByteBuffer data = DriverAccess.data(source);
      long[] values = ((LongVector) target).values();
      ColumnReader.readNulls(source, rows, target);
      for (int i = 0; i < rows; i++) {
        long lower = data.getLong(i << 4);
        long upper = data.getLong((i << 4) + 8);
        if (upper != lower >> 63 && !target.isNull(i)) {
          throw outOfRange(wide(upper, lower), wanted);
        }
        values[i] = lower;
      }
    };
  }

  /** 128 bits to a decimal of the scale that the stored number has. */
  static ColumnReader wideDecimals(ColumnType wanted) {
    return (source, rows, target) -> {
      ByteBuffer data = DriverAccess.data(source);
      DecimalVector values = (DecimalVector) target;
      ColumnReader.readNulls(source, rows, target);
      for (int i = 0; i < rows; i++) {
        if (!target.isNull(i)) {
          long lower = data.getLong(i << 4);
          long upper = data.getLong((i << 4) + 8);
          BigDecimal unscaled =
              upper == lower >> 63 ? BigDecimal.valueOf(lower) : wide(upper, lower);
          if (unscaled.precision() > wanted.precision()) {
            throw outOfRange(unscaled, wanted);
          }
          values.set(i, new BigDecimal(unscaled.unscaledValue(), wanted.scale()));
        }
      }
    };
  }

  static ColumnReader text() {
    return new TextReader();
  }

  /** Byte strings that the statement gives as base 64. */
  static ColumnReader base64() {
    return new TextReader()
        .mapped(
            (text, row, target) ->
                ((BinaryVector) target).set(row, Base64.getDecoder().decode(text)));
  }

  private static BigDecimal wide(long upper, long lower) {
    BigDecimal low = BigDecimal.valueOf(lower);
    return BigDecimal.valueOf(upper).multiply(TWO_64).add(lower < 0 ? low.add(TWO_64) : low);
  }

  private static DataNodeException outOfRange(BigDecimal value, ColumnType wanted) {
    return new DataNodeException(
        SqlState.NUMERIC_OUT_OF_RANGE,
        "Value " + value.toPlainString() + " is out of range for " + wanted);
  }

  /** Writes the value that a text stands for. */
  interface TextSink {
    void accept(String text, int row, ColumnVector target);
  }

  /**
   * Strings. DuckDB lays a string out in 16 bytes: its length, then its bytes if there are at most
   * 12, else the first 4 and an address.
   */
  static final class TextReader implements ColumnReader {
    private static final int SLOTS = 1024;
    private static final int SHIFT = Long.SIZE - 10;
    private static final int INLINE = 12;

    // Columns of keys repeat few strings. A short one already made is found by its 16 bytes. So is
    // a long one, but only within its chunk: the next may have another string at that address.
    private final long[] firstHalves = new long[SLOTS];
    private final long[] secondHalves = new long[SLOTS];
    private final int[] chunks = new int[SLOTS];
    private final String[] strings = new String[SLOTS];
    private final byte[] bytes = new byte[INLINE];
    private int chunk;

    @Override
    public void read(DuckDBReadableVector source, int rows, ColumnVector target) {
      ByteBuffer data = DriverAccess.data(source);
      ColumnReader.readNulls(source, rows, target);
      String[] values = ((TextVector) target).values();
      boolean nulls = target.anyNull();
      chunk++;
      for (int i = 0; i < rows; i++) {
        if (!nulls || !target.isNull(i)) {
          values[i] = string(source, data, i);
        }
      }
    }

    private String string(DuckDBReadableVector source, ByteBuffer data, int row) {
      int offset = row << 4;
      long first = data.getLong(offset);
      long second = data.getLong(offset + 8);
      int slot = (int) (((first ^ (second * 31)) * 0x9E3779B97F4A7C15L) >>> SHIFT);
      int length = data.getInt(offset);
      String known = strings[slot];
      if (known != null
          && firstHalves[slot] == first
          && secondHalves[slot] == second
          && (length <= INLINE || chunks[slot] == chunk)) {
        return known;
      }
      String made = length <= INLINE ? inline(data, offset + 4, length) : source.getString(row);
      firstHalves[slot] = first;
      secondHalves[slot] = second;
      chunks[slot] = chunk;
      strings[slot] = made;
      return made;
    }

    private String inline(ByteBuffer data, int offset, int length) {
      data.get(offset, bytes, 0, length);
      return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }

    /** A reader of texts that stand for other values. */
    ColumnReader mapped(TextSink sink) {
      return (source, rows, target) -> {
        ByteBuffer data = DriverAccess.data(source);
        ColumnReader.readNulls(source, rows, target);
        chunk++;
        for (int i = 0; i < rows; i++) {
          if (!target.isNull(i)) {
            sink.accept(string(source, data, i), i, target);
          }
        }
      };
    }
  }

  /** The unscaled value of a decimal of at most 18 digits, from its text. */
  static long unscaled(String text, ColumnType type) {
    BigInteger value = new BigDecimal(text).setScale(type.scale()).unscaledValue();
    return value.longValueExact();
  }
}
