package io.datanode.storage.postgresql;

import io.datanode.jdbc.SqlState;
import io.datanode.jdbc.batch.ColumnType;
import io.datanode.jdbc.batch.ColumnType.Kind;
import io.datanode.jdbc.batch.ColumnVector;
import io.datanode.jdbc.batch.DecimalVector;
import io.datanode.jdbc.batch.DoubleVector;
import io.datanode.jdbc.batch.LongVector;
import io.datanode.jdbc.batch.TextVector;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.postgresql.core.Oid;

/** The readers of values in the text format: all types that have no binary one in the driver. */
final class TextReaders {
  private TextReaders() {}

  /** The reader from a stored type into a wanted one, or null if there is none. */
  static @Nullable ValueReader of(int oid, ColumnType wanted) {
    Kind kind = wanted.kind();
    if (oid == Oid.BOOL) {
      return kind == Kind.BOOLEAN ? TextReaders::bool : null;
    }
    if (kind == Kind.VARCHAR || kind == Kind.JSON || kind == Kind.OTHER || kind == Kind.UUID) {
      return oid == Oid.BPCHAR ? new Strings(true) : new Strings(false);
    }
    boolean text = oid == Oid.TEXT || oid == Oid.VARCHAR;
    if (!text && oid != Oid.NUMERIC) {
      return null;
    }
    switch (kind) {
      case TINYINT:
      case SMALLINT:
      case INTEGER:
      case BIGINT:
      case DECIMAL:
        return (bytes, offset, length, target, row) ->
            decimal(string(bytes, offset, length), wanted, target, row);
      case DOUBLE:
        return (bytes, offset, length, target, row) ->
            ((DoubleVector) target).set(row, floating(string(bytes, offset, length)));
      default:
        return null;
    }
  }

  private static void bool(byte[] bytes, int offset, int length, ColumnVector target, int row) {
    ((LongVector) target).values()[row] = bytes[offset] == 't' ? 1 : 0;
  }

  private static void decimal(String text, ColumnType wanted, ColumnVector target, int row) {
    BigDecimal value;
    try {
      value = new BigDecimal(text.strip()).setScale(wanted.scale(), RoundingMode.HALF_UP);
    } catch (NumberFormatException e) {
      throw notANumber(text, wanted);
    }
    if (target instanceof DecimalVector decimals && value.precision() <= wanted.precision()) {
      decimals.set(row, value);
      return;
    }
    long unscaled =
        value.unscaledValue().bitLength() < Long.SIZE ? value.unscaledValue().longValue() : 0;
    boolean fits =
        value.unscaledValue().bitLength() < Long.SIZE
            && (wanted.kind() == Kind.DECIMAL
                ? value.precision() <= wanted.precision()
                : bits(wanted) >= value.unscaledValue().bitLength() + 1);
    if (!fits || !(target instanceof LongVector)) {
      throw new UnreadableValue(
          SqlState.NUMERIC_OUT_OF_RANGE, "holds " + text + ", which is out of range for " + wanted);
    }
    ((LongVector) target).set(row, unscaled);
  }

  private static int bits(ColumnType wanted) {
    switch (wanted.kind()) {
      case TINYINT:
        return Byte.SIZE;
      case SMALLINT:
        return Short.SIZE;
      case INTEGER:
        return Integer.SIZE;
      default:
        return Long.SIZE;
    }
  }

  private static double floating(String text) {
    try {
      return Double.parseDouble(text.strip());
    } catch (NumberFormatException e) {
      throw notANumber(text, ColumnType.DOUBLE);
    }
  }

  private static UnreadableValue notANumber(String text, ColumnType wanted) {
    return new UnreadableValue(
        SqlState.INVALID_CAST, "holds '" + text + "', which is no " + wanted);
  }

  static String string(byte[] bytes, int offset, int length) {
    return new String(bytes, offset, length, StandardCharsets.UTF_8);
  }

  /** Strings. Columns of keys repeat few of them, so those of late are kept. */
  private static final class Strings implements ValueReader {
    private static final int SLOTS = 1024;
    private static final int LONGEST = 40;

    private final boolean padded;
    private final byte[][] known = new byte[SLOTS][];
    private final String[] strings = new String[SLOTS];

    /**
     * A reader of strings.
     *
     * @param padded true if blanks at the end are padding, as in CHAR(n)
     */
    Strings(boolean padded) {
      this.padded = padded;
    }

    @Override
    public void read(byte[] bytes, int offset, int length, ColumnVector target, int row) {
      int end = offset + length;
      if (padded) {
        while (end > offset && bytes[end - 1] == ' ') {
          end--;
        }
      }
      ((TextVector) target).values()[row] =
          end - offset > LONGEST
              ? string(bytes, offset, end - offset)
              : repeated(bytes, offset, end);
    }

    private String repeated(byte[] bytes, int start, int end) {
      int hash = 1;
      for (int i = start; i < end; i++) {
        hash = 31 * hash + bytes[i];
      }
      int slot = (hash ^ hash >>> 15) & SLOTS - 1;
      byte[] candidate = known[slot];
      if (candidate != null && Arrays.equals(candidate, 0, candidate.length, bytes, start, end)) {
        return strings[slot];
      }
      String made = string(bytes, start, end - start);
      known[slot] = Arrays.copyOfRange(bytes, start, end);
      strings[slot] = made;
      return made;
    }
  }
}
