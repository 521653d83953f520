package io.datanode.storage.postgresql;

import io.datanode.jdbc.SqlState;
import io.datanode.jdbc.batch.BinaryVector;
import io.datanode.jdbc.batch.ColumnType;
import io.datanode.jdbc.batch.ColumnType.Kind;
import io.datanode.jdbc.batch.DoubleVector;
import io.datanode.jdbc.batch.LongVector;
import io.datanode.jdbc.batch.TextVector;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.postgresql.core.Oid;

/** The readers of values in the binary format, whose numbers have the greatest byte first. */
final class BinaryReaders {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);

  /** PostgreSQL counts days and microseconds from 2000-01-01. */
  private static final long EPOCH_DAYS = 10_957;

  private static final long DAY_MICROS = 86_400_000_000L;
  private static final long EPOCH_MICROS = EPOCH_DAYS * DAY_MICROS;

  private BinaryReaders() {}

  /** The reader from a stored type into a wanted one, or null if there is none. */
  static @Nullable ValueReader of(int oid, ColumnType wanted) {
    switch (oid) {
      case Oid.INT2:
        return ofInteger(wanted, (bytes, offset) -> (short) SHORT.get(bytes, offset));
      case Oid.INT4:
        return ofInteger(wanted, (bytes, offset) -> (int) INT.get(bytes, offset));
      case Oid.INT8:
        return ofInteger(wanted, (bytes, offset) -> (long) LONG.get(bytes, offset));
      case Oid.FLOAT4:
        return wanted.kind() == Kind.REAL || wanted.kind() == Kind.DOUBLE
            ? (bytes, offset, length, target, row) ->
                ((DoubleVector) target).values()[row] =
                    Float.intBitsToFloat((int) INT.get(bytes, offset))
            : null;
      case Oid.FLOAT8:
        return wanted.kind() == Kind.DOUBLE
            ? (bytes, offset, length, target, row) ->
                ((DoubleVector) target).values()[row] =
                    Double.longBitsToDouble((long) LONG.get(bytes, offset))
            : null;
      case Oid.NUMERIC:
        return ofNumeric(wanted);
      case Oid.DATE:
        return ofDate(wanted);
      case Oid.TIME:
        return wanted.kind() == Kind.TIME
            ? (bytes, offset, length, target, row) ->
                ((LongVector) target).values()[row] = (long) LONG.get(bytes, offset)
            : null;
      case Oid.TIMESTAMP:
      case Oid.TIMESTAMPTZ:
        return ofTimestamp(wanted);
      case Oid.BYTEA:
        return wanted.kind() == Kind.VARBINARY
            ? (bytes, offset, length, target, row) ->
                ((BinaryVector) target).set(row, Arrays.copyOfRange(bytes, offset, offset + length))
            : null;
      case Oid.UUID:
        return wanted.kind() == Kind.UUID || wanted.kind() == Kind.VARCHAR
            ? (bytes, offset, length, target, row) ->
                ((TextVector) target)
                    .set(
                        row,
                        new UUID((long) LONG.get(bytes, offset), (long) LONG.get(bytes, offset + 8))
                            .toString())
            : null;
      case Oid.BOOL:
        return wanted.kind() == Kind.BOOLEAN
            ? (bytes, offset, length, target, row) ->
                ((LongVector) target).values()[row] = bytes[offset]
            : null;
      case Oid.TEXT:
      case Oid.VARCHAR:
      case Oid.BPCHAR:
      case Oid.NAME:
        return TextReaders.of(oid, wanted);
      default:
        return wanted.kind() == Kind.ARRAY && ArrayReader.reads(oid)
            ? new ArrayReader(wanted)
            : null;
    }
  }

  /** Gives the whole number that some bytes are. */
  private interface Whole {
    long get(byte[] bytes, int offset);
  }

  private static @Nullable ValueReader ofInteger(ColumnType wanted, Whole whole) {
    switch (wanted.kind()) {
      case BIGINT:
      case YEAR_MONTH:
      case DAY_TIME:
        return (bytes, offset, length, target, row) ->
            ((LongVector) target).values()[row] = whole.get(bytes, offset);
      case INTEGER:
        return within(Integer.MIN_VALUE, Integer.MAX_VALUE, wanted, whole);
      case SMALLINT:
        return within(Short.MIN_VALUE, Short.MAX_VALUE, wanted, whole);
      case TINYINT:
        return within(Byte.MIN_VALUE, Byte.MAX_VALUE, wanted, whole);
      case DOUBLE:
        return (bytes, offset, length, target, row) ->
            ((DoubleVector) target).values()[row] = whole.get(bytes, offset);
      default:
        return null;
    }
  }

  private static ValueReader within(long least, long greatest, ColumnType wanted, Whole whole) {
    return (bytes, offset, length, target, row) -> {
      long value = whole.get(bytes, offset);
      if (value < least || value > greatest) {
        throw new UnreadableValue(
            SqlState.NUMERIC_OUT_OF_RANGE,
            "holds " + value + ", which is out of range for " + wanted);
      }
      ((LongVector) target).values()[row] = value;
    };
  }

  private static @Nullable ValueReader ofNumeric(ColumnType wanted) {
    switch (wanted.kind()) {
      case DECIMAL:
      case TINYINT:
      case SMALLINT:
      case INTEGER:
      case BIGINT:
        return new NumericReader(wanted);
      case DOUBLE:
        return (bytes, offset, length, target, row) ->
            ((DoubleVector) target).values()[row] = NumericReader.toDouble(bytes, offset);
      default:
        return null;
    }
  }

  private static @Nullable ValueReader ofDate(ColumnType wanted) {
    if (wanted.kind() == Kind.DATE) {
      return (bytes, offset, length, target, row) -> {
        int day = (int) INT.get(bytes, offset);
        ((LongVector) target).values()[row] =
            day == Integer.MAX_VALUE
                ? ColumnType.INFINITY
                : day == Integer.MIN_VALUE ? ColumnType.MINUS_INFINITY : day + EPOCH_DAYS;
      };
    }
    if (!isTime(wanted)) {
      return null;
    }
    return (bytes, offset, length, target, row) -> {
      int day = (int) INT.get(bytes, offset);
      ((LongVector) target).values()[row] =
          day == Integer.MAX_VALUE
              ? ColumnType.INFINITY
              : day == Integer.MIN_VALUE
                  ? ColumnType.MINUS_INFINITY
                  : micros(day * DAY_MICROS, wanted);
    };
  }

  private static @Nullable ValueReader ofTimestamp(ColumnType wanted) {
    if (!isTime(wanted)) {
      return null;
    }
    // The session zone is UTC, so a timestamp and its instant are the same number.
    return (bytes, offset, length, target, row) -> {
      long stored = (long) LONG.get(bytes, offset);
      ((LongVector) target).values()[row] =
          stored == Long.MAX_VALUE
              ? ColumnType.INFINITY
              : stored == Long.MIN_VALUE ? ColumnType.MINUS_INFINITY : micros(stored, wanted);
    };
  }

  /** Microseconds since 2000, or nanoseconds if those are wanted, counted from 1970. */
  private static long micros(long stored, ColumnType wanted) {
    long value = stored + EPOCH_MICROS;
    // What does not fit lies after the year 294246 or, in nanoseconds, outside 1677 to 2262.
    if (value < stored) {
      throw tooFar(wanted);
    }
    if (!wanted.nanoseconds()) {
      return value;
    }
    long nanos = value * 1000;
    if (nanos / 1000 != value) {
      throw tooFar(wanted);
    }
    return nanos;
  }

  private static UnreadableValue tooFar(ColumnType wanted) {
    return new UnreadableValue(
        SqlState.DATETIME_OVERFLOW, "holds a time that is out of range for " + wanted);
  }

  private static boolean isTime(ColumnType type) {
    return type.kind() == Kind.TIMESTAMP || type.kind() == Kind.INSTANT;
  }

  static int int32(byte[] bytes, int offset) {
    return (int) INT.get(bytes, offset);
  }
}
