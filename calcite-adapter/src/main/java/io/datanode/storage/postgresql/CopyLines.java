package io.datanode.storage.postgresql;

import io.datanode.jdbc.batch.ColumnBatch;
import io.datanode.jdbc.batch.ColumnType;
import io.datanode.jdbc.batch.TextVector;
import io.datanode.storage.NewRows;
import io.datanode.storage.RunningQuery;
import io.datanode.storage.StorageQuery;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;
import org.postgresql.copy.CopyIn;
import org.postgresql.jdbc.PgConnection;

/**
 * Sends rows of an embedded DuckDB to PostgreSQL as lines of the text format of COPY, which DuckDB
 * writes: values are exact in it, with NaN, the infinities and microseconds.
 *
 * @see "PostgreSQL documentation, COPY, Text Format"
 */
final class CopyLines {
  private static final String NULL = "\\N";

  private CopyLines() {}

  /**
   * Copies all rows.
   *
   * @param copy a COPY … FROM STDIN for the columns of the rows
   */
  static void copy(PgConnection connection, String copy, NewRows rows) throws SQLException {
    String line =
        rows.columns().stream()
            .map(
                column ->
                    "coalesce("
                        + text(Names.quoted(column.name()), column.type())
                        + ", '"
                        + NULL
                        + "')")
            .collect(Collectors.joining(", ", "concat_ws(chr(9), ", ") || chr(10)"));
    StorageQuery query =
        new StorageQuery(
            "SELECT " + line + " FROM (" + rows.query() + ") AS n",
            List.of(),
            List.of(ColumnType.VARCHAR));
    CopyIn in = connection.getCopyAPI().copyIn(copy);
    try (RunningQuery running = rows.engine().executeOnce(query)) {
      for (ColumnBatch batch = running.next(); batch != null; batch = running.next()) {
        TextVector lines = (TextVector) batch.column(0);
        for (int i = 0; i < batch.rowCount(); i++) {
          byte[] bytes = lines.get(i).getBytes(StandardCharsets.UTF_8);
          in.writeToCopy(bytes, 0, bytes.length);
        }
      }
      in.endCopy();
    } finally {
      if (in.isActive()) {
        in.cancelCopy();
      }
    }
  }

  /** A value in a line, in SQL of DuckDB; NULL if it is NULL. */
  private static String text(String column, ColumnType type) {
    String text = "CAST(" + column + " AS VARCHAR)";
    return switch (type.kind()) {
      case VARCHAR, JSON -> escaped(text);
      case VARBINARY -> "'\\\\x' || hex(" + column + ")";
      // DuckDB writes 0044-03-15 (BC) 01:02:03, PostgreSQL reads 0044-03-15 01:02:03 BC.
      case DATE, TIMESTAMP, INSTANT ->
          "regexp_replace(" + text + ", '^(.*) \\(BC\\)(.*)$', '\\1\\2 BC')";
      default -> text;
    };
  }

  /** With a backslash before what has a meaning in a line. */
  private static String escaped(String text) {
    return "replace(replace(replace(replace("
        + text
        + ", '\\', '\\\\'), chr(9), '\\t'), chr(10), '\\n'), chr(13), '\\r')";
  }
}
