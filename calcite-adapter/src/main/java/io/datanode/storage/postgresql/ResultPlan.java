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
   * The plan for a result.
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
              ? BinaryReaders.of(field.getOID(), wanted, field.getColumnLabel())
              : TextReaders.of(field.getOID(), wanted, field.getColumnLabel());
      if (reader == null) {
        return Optional.empty();
      }
      readers[i] = reader;
    }
    return Optional.of(new ResultPlan(readers));
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
    ColumnVector[] vectors = new ColumnVector[readers.length];
    for (int column = 0; column < vectors.length; column++) {
      vectors[column] = target.column(column);
      vectors[column].ensureCapacity(count);
    }
    long size = 0;
    for (int row = 0; row < count; row++) {
      Tuple tuple = rows.get(row);
      for (int column = 0; column < vectors.length; column++) {
        byte[] value = tuple.get(column);
        ColumnVector vector = vectors[column];
        if (value != null) {
          readers[column].read(value, 0, value.length, vector, row);
          size += value.length;
        } else {
          vector.setNull(row);
          if (vector instanceof ArrayVector arrays) {
            arrays.setEnd(row, arrays.start(row));
          }
        }
      }
    }
    target.setRowCount(count);
    return size;
  }
}
