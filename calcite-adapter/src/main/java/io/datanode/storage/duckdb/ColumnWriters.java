package io.datanode.storage.duckdb;

import io.datanode.DataNodeException;
import io.datanode.jdbc.SqlState;
import io.datanode.jdbc.batch.ArrayVector;
import io.datanode.jdbc.batch.BinaryVector;
import io.datanode.jdbc.batch.ColumnType;
import io.datanode.jdbc.batch.DecimalVector;
import io.datanode.jdbc.batch.DoubleVector;
import io.datanode.jdbc.batch.LongVector;
import io.datanode.jdbc.batch.TextVector;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.UUID;

/**
 * How the values of each type are laid out in a column of {@link NativeTypes#nativeType}. What a
 * NULL row holds is not looked at.
 */
final class ColumnWriters {
  private ColumnWriters() {}

  /** A new writer, for one column of one table. */
  static ColumnWriter of(ColumnType type) {
    switch (type.kind()) {
      case BOOLEAN:
        return numbers(1, (data, row, value) -> data.put(row, (byte) (value == 0 ? 0 : 1)));
      case TINYINT:
        return numbers(1, (data, row, value) -> data.put(row, (byte) within(type, value, 8)));
      case SMALLINT:
        return numbers(
            2, (data, row, value) -> data.putShort(row << 1, (short) within(type, value, 16)));
      case INTEGER:
        return numbers(
            4, (data, row, value) -> data.putInt(row << 2, (int) within(type, value, 32)));
      case REAL:
        return floats();
      case DOUBLE:
        return doubles();
      case DECIMAL:
        return decimals(type);
      case VARCHAR:
      case JSON:
      case OTHER:
        return new TextWriter();
      case VARBINARY:
        return blobs();
      case DATE:
        return numbers(4, (data, row, value) -> data.putInt(row << 2, day(value)));
      case UUID:
        return uuids();
      case YEAR_MONTH:
        return numbers(16, ColumnWriters::putMonths);
      case DAY_TIME:
        return numbers(16, ColumnWriters::putMicroseconds);
      case ARRAY:
        return lists(of(type.element()));
      default:
        // BIGINT, TIME, TIMESTAMP and INSTANT, infinite ones too, are the same 64 bits on both
        // sides.
        return longs();
    }
  }

  /** Writes one number at a row. */
  private interface NumberSink {
    void put(ByteBuffer data, int row, long value);
  }

  private static ColumnWriter numbers(int width, NumberSink sink) {
    return (source, from, count, target) -> {
      ByteBuffer data = AppenderCalls.data(target, (long) count * width);
      long[] values = ((LongVector) source).values();
      boolean nulls = source.anyNull();
      for (int i = 0; i < count; i++) {
        if (!nulls || !source.isNull(from + i)) {
          sink.put(data, i, values[from + i]);
        }
      }
      ColumnWriter.writeNulls(source, from, count, target);
    };
  }

  private static ColumnWriter longs() {
    return (source, from, count, target) -> {
      ByteBuffer data = AppenderCalls.data(target, (long) count << 3);
      data.asLongBuffer().put(((LongVector) source).values(), from, count);
      ColumnWriter.writeNulls(source, from, count, target);
    };
  }

  private static ColumnWriter doubles() {
    return (source, from, count, target) -> {
      ByteBuffer data = AppenderCalls.data(target, (long) count << 3);
      data.asDoubleBuffer().put(((DoubleVector) source).values(), from, count);
      ColumnWriter.writeNulls(source, from, count, target);
    };
  }

  private static ColumnWriter floats() {
    return (source, from, count, target) -> {
      ByteBuffer data = AppenderCalls.data(target, (long) count << 2);
      double[] values = ((DoubleVector) source).values();
      for (int i = 0; i < count; i++) {
        data.putFloat(i << 2, (float) values[from + i]);
      }
      ColumnWriter.writeNulls(source, from, count, target);
    };
  }

  /** Decimals take 16, 32, 64 or 128 bits, by their digits. */
  private static ColumnWriter decimals(ColumnType type) {
    if (type.precision() <= 4) {
      return numbers(
          2, (data, row, value) -> data.putShort(row << 1, (short) within(type, value, 16)));
    }
    if (type.precision() <= 9) {
      return numbers(4, (data, row, value) -> data.putInt(row << 2, (int) within(type, value, 32)));
    }
    return type.precision() <= 18 ? longs() : wideDecimals(type);
  }

  private static ColumnWriter wideDecimals(ColumnType type) {
    return (source, from, count, target) -> {
      ByteBuffer data = AppenderCalls.data(target, (long) count << 4);
      for (int i = 0; i < count; i++) {
        if (!source.isNull(from + i)) {
          BigDecimal value = ((DecimalVector) source).get(from + i);
          if (value.scale() != type.scale() || value.precision() > type.precision()) {
            throw outOfRange(value.toPlainString(), type);
          }
          BigInteger unscaled = value.unscaledValue();
          data.putLong(i << 4, unscaled.longValue());
          data.putLong((i << 4) + 8, unscaled.shiftRight(64).longValue());
        }
      }
      ColumnWriter.writeNulls(source, from, count, target);
    };
  }

  private static ColumnWriter blobs() {
    return (source, from, count, target) -> {
      for (int i = 0; i < count; i++) {
        if (!source.isNull(from + i)) {
          AppenderCalls.assign(target, i, ((BinaryVector) source).get(from + i));
        }
      }
      ColumnWriter.writeNulls(source, from, count, target);
    };
  }

  /** DuckDB turns the first bit of a UUID round, so that they sort as texts do. */
  private static ColumnWriter uuids() {
    return (source, from, count, target) -> {
      ByteBuffer data = AppenderCalls.data(target, (long) count << 4);
      for (int i = 0; i < count; i++) {
        if (!source.isNull(from + i)) {
          UUID value = UUID.fromString(((TextVector) source).get(from + i));
          data.putLong(i << 4, value.getLeastSignificantBits());
          data.putLong((i << 4) + 8, value.getMostSignificantBits() ^ Long.MIN_VALUE);
        }
      }
      ColumnWriter.writeNulls(source, from, count, target);
    };
  }

  /** A list is laid out as the place of its first element and their number. */
  private static ColumnWriter lists(ColumnWriter elements) {
    return (source, from, count, target) -> {
      ArrayVector arrays = (ArrayVector) source;
      int first = arrays.start(from);
      int last = arrays.end(from + count - 1);
      ByteBuffer data = AppenderCalls.data(target, (long) count << 4);
      for (int i = 0; i < count; i++) {
        int start = arrays.start(from + i);
        data.putLong(i << 4, start - first);
        data.putLong((i << 4) + 8, arrays.end(from + i) - start);
      }
      if (last > first) {
        elements.write(
            arrays.elements(), first, last - first, AppenderCalls.elements(target, last - first));
      }
      ColumnWriter.writeNulls(source, from, count, target);
    };
  }

  /** An interval is laid out as months and days of 32 bits, then microseconds of 64. */
  private static void putMonths(ByteBuffer data, int row, long months) {
    data.putInt(row << 4, (int) within(ColumnType.YEAR_MONTH, months, 32));
    data.putInt((row << 4) + 4, 0);
    data.putLong((row << 4) + 8, 0);
  }

  private static void putMicroseconds(ByteBuffer data, int row, long microseconds) {
    data.putLong(row << 4, 0);
    data.putLong((row << 4) + 8, microseconds);
  }

  /** DuckDB's infinite dates are the extremes of 32 bits. */
  private static int day(long day) {
    if (day == ColumnType.INFINITY) {
      return Integer.MAX_VALUE;
    }
    if (day == ColumnType.MINUS_INFINITY) {
      return -Integer.MAX_VALUE;
    }
    if (day >= Integer.MAX_VALUE || day <= -Integer.MAX_VALUE) {
      throw new DataNodeException(
          SqlState.DATETIME_OVERFLOW,
          "The date " + day + " days after 1970-01-01 is out of range for the embedded DuckDB");
    }
    return (int) day;
  }

  private static long within(ColumnType type, long value, int bits) {
    long cut = value << (Long.SIZE - bits) >> (Long.SIZE - bits);
    if (cut != value) {
      throw outOfRange(Long.toString(value), type);
    }
    return value;
  }

  private static DataNodeException outOfRange(String value, ColumnType type) {
    return new DataNodeException(
        SqlState.NUMERIC_OUT_OF_RANGE, "Value " + value + " is out of range for " + type);
  }
}
