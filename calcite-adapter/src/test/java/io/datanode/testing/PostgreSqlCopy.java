package io.datanode.testing;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.StringJoiner;
import org.postgresql.PGConnection;

/** Copies what DuckDB reads into tables of PostgreSQL, each column as PostgreSQL's own type. */
final class PostgreSqlCopy {
  private final Statement duckdb;
  private final String url;
  private final Path folder;

  /**
   * A copy into a database.
   *
   * @param folder for files that are written on the way
   */
  PostgreSqlCopy(Statement duckdb, String url, Path folder) {
    this.duckdb = duckdb;
    this.url = url;
    this.folder = folder;
  }

  /**
   * Makes and fills a table.
   *
   * @param from {@code FROM} and what follows, in DuckDB's SQL
   */
  void table(String name, String from) throws SQLException, IOException {
    StringJoiner columns = new StringJoiner(", ", "CREATE TABLE " + name + " (", ")");
    StringJoiner values = new StringJoiner(", ");
    try (ResultSet described = duckdb.executeQuery("DESCRIBE SELECT * " + from)) {
      while (described.next()) {
        String column = "\"" + described.getString("column_name") + "\"";
        String type = described.getString("column_type");
        columns.add(column + " " + type.replace("DOUBLE", "DOUBLE PRECISION"));
        values.add(type.endsWith("[]") ? arrayText(column) : column);
      }
    }
    PostgreSql.run(url, columns.toString());
    Path rows = folder.resolve(name + ".copy.csv");
    duckdb.execute(
        "COPY (SELECT "
            + values
            + " "
            + from
            + ") TO '"
            + rows
            + "' (NULLSTR '\\N', FORCE_QUOTE *)");
    try (Connection connection = DriverManager.getConnection(url);
        Reader reader = Files.newBufferedReader(rows)) {
      connection
          .unwrap(PGConnection.class)
          .getCopyAPI()
          .copyIn("COPY " + name + " FROM STDIN (FORMAT csv, HEADER, NULL '\\N')", reader);
    }
    Files.delete(rows);
  }

  /** An array as PostgreSQL writes it. */
  private static String arrayText(String column) {
    return "'{' || ARRAY_TO_STRING(LIST_TRANSFORM("
        + column
        + ", lambda x: COALESCE(x, 'NULL')), ',') || '}' AS "
        + column;
  }
}
