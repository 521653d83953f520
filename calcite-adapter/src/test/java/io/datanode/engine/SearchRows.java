package io.datanode.engine;

import io.datanode.jdbc.batch.ColumnBatch;
import io.datanode.jdbc.batch.ColumnType;
import io.datanode.jdbc.batch.ColumnVector;
import io.datanode.jdbc.batch.DoubleVector;
import io.datanode.jdbc.batch.LongVector;
import io.datanode.jdbc.session.Result;
import io.datanode.jdbc.session.ResultColumn;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;

/** Reads results as lines of text that people can read: times in ISO 8601, true and false. */
final class SearchRows {
  private SearchRows() {}

  static List<String> labels(Result result) {
    return result.columns().stream().map(ResultColumn::label).toList();
  }

  /** The rows that are left, with some columns only, by {@code |}. */
  static List<String> read(Result result, List<String> show) throws SQLException {
    List<String> labels = labels(result);
    List<String> lines = new ArrayList<>();
    for (ColumnBatch batch = result.next(); batch != null; batch = result.next()) {
      for (int row = 0; row < batch.rowCount(); row++) {
        StringJoiner line = new StringJoiner("|");
        for (String label : show) {
          int column = labels.indexOf(label);
          line.add(text(batch.column(column), result.columns().get(column).type(), row));
        }
        lines.add(line.toString());
      }
    }
    return lines;
  }

  private static String text(ColumnVector vector, ColumnType type, int row) {
    if (vector.isNull(row)) {
      return "NULL";
    }
    if (vector instanceof DoubleVector doubles && type.kind() == ColumnType.Kind.REAL) {
      return Float.toString((float) doubles.get(row));
    }
    if (vector instanceof LongVector longs && Math.abs(longs.get(row)) == ColumnType.INFINITY) {
      return longs.get(row) > 0 ? "infinity" : "-infinity";
    }
    Object value = KeyValues.value(vector, type, row);
    return value instanceof Instant instant ? instant.toString() : withSeconds(value);
  }

  private static String withSeconds(Object value) {
    if (value instanceof java.time.LocalDateTime time) {
      return java.time.format.DateTimeFormatter.ISO_LOCAL_DATE_TIME.format(time);
    }
    return String.valueOf(value);
  }
}
