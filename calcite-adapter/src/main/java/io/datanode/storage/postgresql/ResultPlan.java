package io.datanode.storage.postgresql;

import io.datanode.DataNodeException;
import io.datanode.jdbc.SqlState;
import io.datanode.jdbc.batch.ArrayVector;
import io.datanode.jdbc.batch.ColumnBatch;
import io.datanode.jdbc.batch.ColumnType;
import io.datanode.jdbc.batch.ColumnVector;
import io.datanode.storage.StorageQuery;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.postgresql.core.Field;
import org.postgresql.core.Tuple;

/**
 * How the columns of a result become vectors of the types wanted. For one run of a statement; not
 * thread-safe.
 */
final class ResultPlan {
  private final ValueReader[] readers;

  private ResultPlan(ValueReader[] readers) {
    this.readers = readers;
  }

  /**
   * The plan for a result as the server describes it.
   *
   * @return empty if some column cannot be read as wanted unless {@linkplain #converting the
   *     statement casts it}
   */
  static Optional<ResultPlan> of(Field[] fields, StorageQuery query) {
    if (fields.length != query.columns().size()) {
      throw new DataNodeException(
          SqlState.INTERNAL_ERROR,
          "Statement has "
              + fields.length
              + " columns where "
              + query.columns().size()
              + " were expected: "
              + query.sql());
    }
    ValueReader[] readers = new ValueReader[fields.length];
    for (int i = 0; i < fields.length; i++) {
      Field field = fields[i];
      ColumnType wanted = query.columns().get(i);
      ValueReader reader =
          field.getFormat() == Field.BINARY_FORMAT
              ? BinaryReaders.of(field.getOID(), wanted)
              : TextReaders.of(field.getOID(), wanted);
      if (reader == null) {
        return Optional.empty();
      }
      readers[i] = reader;
    }
    return Optional.of(new ResultPlan(readers));
  }

  /** The plan for the binary result of a {@linkplain #converting converting} statement. */
  static ResultPlan ofConverted(StorageQuery query) {
    ValueReader[] readers = new ValueReader[query.columns().size()];
    for (int i = 0; i < readers.length; i++) {
      ColumnType wanted = query.columns().get(i);
      ValueReader reader = BinaryReaders.of(NativeType.oid(wanted), wanted);
      if (reader == null) {
        throw new IllegalStateException("There is no reader of " + wanted);
      }
      readers[i] = reader;
    }
    return new ResultPlan(readers);
  }

  /** The statement with a cast around each column. */
  static String converting(StorageQuery query) {
    List<String> names = new ArrayList<>();
    List<String> casts = new ArrayList<>();
    for (int i = 0; i < query.columns().size(); i++) {
      names.add("c" + i);
      casts.add(cast("c" + i, query.columns().get(i)) + " AS c" + i);
    }
    return "SELECT "
        + String.join(", ", casts)
        + " FROM ("
        + query.sql()
        + "\n) AS q("
        + String.join(", ", names)
        + ")";
  }

  private static String cast(String column, ColumnType wanted) {
    switch (wanted.kind()) {
      case YEAR_MONTH:
        return "CAST(EXTRACT(YEAR FROM "
            + column
            + ") * 12 + EXTRACT(MONTH FROM "
            + column
            + ") AS bigint)";
      case DAY_TIME:
        return "CAST(EXTRACT(EPOCH FROM " + column + ") * 1000000 AS bigint)";
      case DECIMAL:
        // With all its digits: whether they fit is for the reader to say.
        return "CAST(" + column + " AS numeric)";
      default:
        return "CAST(" + column + " AS " + NativeType.name(wanted) + ")";
    }
  }

  /**
   * Decodes rows into an empty batch.
   *
   * @return how many bytes their values have
   */
  long read(List<Tuple> rows, ColumnBatch target) {
    int count = rows.size();
    ColumnVector[] vectors = vectors(target, count);
    long size = 0;
    int column = 0;
    try {
      for (int row = 0; row < count; row++) {
        Tuple tuple = rows.get(row);
        for (column = 0; column < vectors.length; column++) {
          byte[] value = tuple.get(column);
          if (value == null) {
            setNull(vectors[column], row);
          } else {
            readers[column].read(value, 0, value.length, vectors[column], row);
            size += value.length;
          }
        }
      }
    } catch (UnreadableValue e) {
      throw e.in(column);
    }
    target.setRowCount(count);
    return size;
  }

  /** The columns of a batch, with room for so many rows. */
  static ColumnVector[] vectors(ColumnBatch target, int rows) {
    ColumnVector[] vectors = new ColumnVector[target.columnCount()];
    for (int column = 0; column < vectors.length; column++) {
      vectors[column] = target.column(column);
      vectors[column].ensureCapacity(rows);
    }
    return vectors;
  }

  /**
   * Decodes one row in the format of COPY: each value with its length before it, -1 for NULL.
   *
   * @return the offset after the row
   */
  int read(byte[] bytes, int offset, ColumnVector[] target, int row) {
    int position = offset;
    for (int column = 0; column < readers.length; column++) {
      int length = BinaryReaders.int32(bytes, position);
      position += Integer.BYTES;
      if (length < 0) {
        setNull(target[column], row);
        continue;
      }
      try {
        readers[column].read(bytes, position, length, target[column], row);
      } catch (UnreadableValue e) {
        throw e.in(column);
      }
      position += length;
    }
    return position;
  }

  private static void setNull(ColumnVector vector, int row) {
    vector.setNull(row);
    if (vector instanceof ArrayVector arrays) {
      arrays.setEnd(row, arrays.start(row));
    }
  }
}
