package io.datanode.storage.postgresql;

import io.datanode.jdbc.SqlState;
import io.datanode.jdbc.batch.ArrayVector;
import io.datanode.jdbc.batch.ColumnType;
import io.datanode.jdbc.batch.ColumnVector;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.postgresql.core.Oid;

/**
 * Arrays in the binary format: the number of dimensions, a flag, the type of the elements, then
 * length and lower bound of each dimension, then each element with its length, -1 for NULL. Rows
 * are read in order.
 */
final class ArrayReader implements ValueReader {
  private static final Set<Integer> TYPES =
      new TreeSet<>(
          Set.of(
              Oid.BOOL_ARRAY,
              Oid.INT2_ARRAY,
              Oid.INT4_ARRAY,
              Oid.INT8_ARRAY,
              Oid.FLOAT4_ARRAY,
              Oid.FLOAT8_ARRAY,
              Oid.NUMERIC_ARRAY,
              Oid.TEXT_ARRAY,
              Oid.VARCHAR_ARRAY,
              Oid.BYTEA_ARRAY,
              Oid.DATE_ARRAY,
              Oid.TIME_ARRAY,
              Oid.TIMESTAMP_ARRAY,
              Oid.TIMESTAMPTZ_ARRAY,
              Oid.UUID_ARRAY));
  private static final int HEADER = 12;
  private static final int DIMENSION = 8;

  private final ColumnType type;
  private int elementOid;
  private @Nullable ValueReader elementReader;

  /** A reader of arrays. */
  ArrayReader(ColumnType type) {
    this.type = type;
  }

  /** True for the types of arrays that it reads. */
  static boolean reads(int oid) {
    return TYPES.contains(oid);
  }

  /** Their numbers, separated by commas. */
  static String typeNumbers() {
    return TYPES.stream().map(String::valueOf).collect(Collectors.joining(","));
  }

  @Override
  public void read(byte[] bytes, int offset, int length, ColumnVector target, int row) {
    ArrayVector arrays = (ArrayVector) target;
    ColumnVector elements = arrays.elements();
    int dimensions = BinaryReaders.int32(bytes, offset);
    if (dimensions > 1) {
      throw new UnreadableValue(
          SqlState.DATA_EXCEPTION,
          "holds an array of "
              + dimensions
              + " dimensions; only arrays of one can be read; leave it out of the query, or"
              + " declare it in the catalog with dtype: string");
    }
    int end = arrays.start(row);
    if (dimensions == 1) {
      ValueReader reader = elementReader(BinaryReaders.int32(bytes, offset + 8));
      int count = BinaryReaders.int32(bytes, offset + HEADER);
      elements.ensureCapacity(end + count);
      int position = offset + HEADER + DIMENSION;
      for (int i = 0; i < count; i++) {
        int size = BinaryReaders.int32(bytes, position);
        position += Integer.BYTES;
        if (size < 0) {
          elements.setNull(end + i);
        } else {
          reader.read(bytes, position, size, elements, end + i);
          position += size;
        }
      }
      end += count;
    }
    arrays.setEnd(row, end);
  }

  private ValueReader elementReader(int oid) {
    ValueReader known = elementReader;
    if (known != null && oid == elementOid) {
      return known;
    }
    ValueReader made = BinaryReaders.of(oid, type.element());
    if (made == null) {
      throw new UnreadableValue(
          SqlState.DATATYPE_MISMATCH, "holds arrays whose elements are no " + type.element());
    }
    elementReader = made;
    elementOid = oid;
    return made;
  }
}
