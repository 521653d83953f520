package io.datanode.engine;

import io.datanode.jdbc.batch.ColumnBatch;
import io.datanode.jdbc.batch.ColumnType;
import io.datanode.jdbc.batch.ColumnVector;
import io.datanode.jdbc.batch.DoubleVector;
import io.datanode.jdbc.batch.LongVector;
import io.datanode.jdbc.batch.TextVector;
import io.datanode.jdbc.session.ResultColumn;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Collects rows made in Java, such as those of metadata, and turns them into batches. */
final class RowsBuilder {
  private static final int BATCH_ROWS = 8192;

  private final List<ColumnType> types;
  private final List<@Nullable Object[]> rows = new ArrayList<>();

  /** For rows of these types: texts, whole numbers, floating point numbers, booleans, instants. */
  RowsBuilder(List<ColumnType> types) {
    this.types = List.copyOf(types);
  }

  static RowsBuilder of(List<ResultColumn> columns) {
    return new RowsBuilder(columns.stream().map(ResultColumn::type).toList());
  }

  /** Adds a row: String, Boolean, Number, Instant or null for each column. */
  RowsBuilder add(@Nullable Object... values) {
    if (values.length != types.size()) {
      throw new IllegalArgumentException(
          values.length + " values for " + types.size() + " columns");
    }
    rows.add(values);
    return this;
  }

  /** The rows so far, to be put into order. */
  List<@Nullable Object[]> rows() {
    return rows;
  }

  /** All rows as batches; the builder must not be used after. */
  List<ColumnBatch> batches() {
    List<ColumnBatch> batches = new ArrayList<>();
    for (int from = 0; from < rows.size(); from += BATCH_ROWS) {
      List<@Nullable Object[]> part = rows.subList(from, Math.min(rows.size(), from + BATCH_ROWS));
      ColumnBatch batch = ColumnBatch.of(types, part.size());
      for (int column = 0; column < types.size(); column++) {
        ColumnVector vector = batch.column(column);
        for (int row = 0; row < part.size(); row++) {
          write(vector, row, part.get(row)[column]);
        }
      }
      batch.setRowCount(part.size());
      batches.add(batch);
    }
    return batches;
  }

  private static void write(ColumnVector vector, int row, @Nullable Object value) {
    if (value == null) {
      vector.setNull(row);
    } else if (vector instanceof TextVector) {
      ((TextVector) vector).set(row, value.toString());
    } else if (vector instanceof DoubleVector) {
      ((DoubleVector) vector).set(row, ((Number) value).doubleValue());
    } else if (value instanceof Boolean) {
      ((LongVector) vector).set(row, (Boolean) value ? 1 : 0);
    } else if (value instanceof Instant) {
      ((LongVector) vector).set(row, ChronoUnit.MICROS.between(Instant.EPOCH, (Instant) value));
    } else {
      ((LongVector) vector).set(row, ((Number) value).longValue());
    }
  }
}
