package io.datanode.engine;

import io.datanode.jdbc.batch.ColumnBatch;
import io.datanode.jdbc.batch.ColumnVector;
import io.datanode.jdbc.batch.DecimalVector;
import io.datanode.jdbc.batch.DoubleVector;
import io.datanode.jdbc.batch.LongVector;
import io.datanode.jdbc.batch.TextVector;
import io.datanode.jdbc.session.Result;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Reads results of sessions as lines of text, to compare with what is expected. */
final class Read {
  private Read() {}

  /** All rows, values separated by {@code |}; closes the result. */
  static List<String> rows(Result result) throws SQLException {
    try (result) {
      List<String> lines = new ArrayList<>();
      for (ColumnBatch batch = result.next(); batch != null; batch = result.next()) {
        for (int row = 0; row < batch.rowCount(); row++) {
          StringBuilder line = new StringBuilder();
          for (int column = 0; column < batch.columnCount(); column++) {
            line.append(column == 0 ? "" : "|").append(value(batch.column(column), row));
          }
          lines.add(line.toString());
        }
      }
      return lines;
    }
  }

  private static String value(ColumnVector vector, int row) {
    if (vector.isNull(row)) {
      return "NULL";
    }
    if (vector instanceof LongVector longs) {
      return Long.toString(longs.get(row));
    }
    if (vector instanceof DoubleVector doubles) {
      return Double.toString(doubles.get(row));
    }
    if (vector instanceof DecimalVector decimals) {
      return decimals.get(row).toPlainString();
    }
    return vector instanceof TextVector texts ? texts.get(row) : vector.toString();
  }
}
