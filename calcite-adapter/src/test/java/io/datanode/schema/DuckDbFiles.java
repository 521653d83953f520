package io.datanode.schema;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/** Writes small data files for tests, with a DuckDB of its own. */
final class DuckDbFiles implements AutoCloseable {
  private final Path folder;
  private final Connection connection;

  DuckDbFiles(Path folder) throws SQLException {
    this.folder = folder;
    this.connection = DriverManager.getConnection("jdbc:duckdb:");
    run("SET TimeZone = 'UTC'");
  }

  /** Writes the rows of a query to a file, as Parquet or CSV by its name. */
  DuckDbFiles write(String file, String query) {
    Path path = folder(folder.resolve(file));
    run("COPY (" + query + ") TO '" + path + "'" + (file.endsWith("parquet") ? "" : " (HEADER)"));
    return this;
  }

  /** Runs statements in a database file. */
  DuckDbFiles database(String file, String... statements) {
    Path path = folder(folder.resolve(file));
    try (Connection own = DriverManager.getConnection("jdbc:duckdb:" + path);
        Statement statement = own.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    return this;
  }

  /** Writes a text file. */
  DuckDbFiles text(String file, String text) {
    try {
      Files.writeString(folder(folder.resolve(file)), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }

  private static Path folder(Path file) {
    try {
      Files.createDirectories(file.getParent());
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void run(String sql) {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
