package io.datanode.storage.duckdb;

import io.datanode.DataNodeException;
import io.datanode.jdbc.SqlState;
import io.datanode.storage.NewRows;
import io.datanode.storage.WriteMode;
import io.datanode.storage.WrittenTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A table of a {@code .duckdb} file that is written in one transaction. Meanwhile the file is
 * attached for writing, which no other process may have opened.
 */
final class DatabaseTable implements WrittenTable {
  private final EmbeddedDuckDb engine;
  private final Introspection introspection;
  private final Path file;
  private final PooledConnection connection;
  private final boolean made;
  private long replaced;
  private boolean inTransaction;
  private boolean published;

  private DatabaseTable(
      EmbeddedDuckDb engine,
      Introspection introspection,
      Path file,
      PooledConnection connection,
      boolean made) {
    this.engine = engine;
    this.introspection = introspection;
    this.file = file;
    this.connection = connection;
    this.made = made;
  }

  /**
   * Writes rows.
   *
   * @param path of the table: its name, or schema and name; before them the database, by any name
   */
  static DatabaseTable write(
      EmbeddedDuckDb engine,
      String where,
      Path file,
      List<String> path,
      NewRows rows,
      WriteMode mode) {
    Introspection introspection = new Introspection(engine.pool(), where);
    boolean made = !Files.exists(file);
    String database = engine.attachments().attachForWriting(introspection, file);
    DatabaseTable table =
        new DatabaseTable(engine, introspection, file, engine.pool().borrow(), made);
    boolean written = false;
    try {
      table.write(inDatabase(database, path), rows, mode);
      written = true;
      return table;
    } catch (SQLException e) {
      throw DuckDbErrors.translate(where, e);
    } finally {
      if (!written) {
        table.close();
      }
    }
  }

  private static List<String> inDatabase(String database, List<String> path) {
    List<String> full = new ArrayList<>(path.size() == 3 ? path.subList(1, 3) : path);
    if (full.size() == 1) {
      full.add(0, "main");
    }
    if (full.size() != 2) {
      throw new DataNodeException(
          SqlState.INVALID_PARAMETER,
          "'" + String.join(".", path) + "' is no table name; expected table or schema.table");
    }
    full.add(0, database);
    return full;
  }

  private void write(List<String> path, NewRows rows, WriteMode mode) throws SQLException {
    String table = Names.quoted(path);
    RowChange change = new RowChange(table, rows);
    connection.run("BEGIN TRANSACTION");
    inTransaction = true;
    if (mode == WriteMode.CREATE) {
      checkNotThere(path);
      connection.run(create(table, rows));
      if (rows.description() != null) {
        connection.run("COMMENT ON TABLE " + table + " IS " + Names.literal(rows.description()));
      }
    } else if (mode == WriteMode.APPEND) {
      change.checkApart(connection);
    } else {
      replaced = change.replaced(connection, mode);
      connection.run(change.delete(mode));
    }
    connection.run(change.insert());
  }

  private void checkNotThere(List<String> path) throws SQLException {
    boolean there =
        !connection
            .rows(
                "SELECT 1 FROM information_schema.tables WHERE table_catalog = ?"
                    + " AND lower(table_schema) = lower(?) AND lower(table_name) = lower(?)",
                path.toArray(String[]::new))
            .isEmpty();
    if (there) {
      throw new DataNodeException(
          SqlState.DUPLICATE_NODE,
          introspection.where()
              + ": table '"
              + String.join(".", path.subList(1, 3))
              + "' is there already; name another for the new node");
    }
  }

  private static String create(String table, NewRows rows) {
    String columns =
        rows.columns().stream()
            .map(
                column -> Names.quoted(column.name()) + ' ' + NativeTypes.nativeType(column.type()))
            .collect(Collectors.joining(", "));
    String key = rows.key().stream().map(Names::quoted).collect(Collectors.joining(", "));
    return "CREATE TABLE " + table + " (" + columns + ", PRIMARY KEY (" + key + "))";
  }

  @Override
  public long replaced() {
    return replaced;
  }

  @Override
  public void publish() {
    inTransaction = false;
    try {
      connection.run("COMMIT");
      published = true;
    } catch (SQLException e) {
      throw DuckDbErrors.translate(introspection.where(), e);
    }
  }

  @Override
  public void close() {
    try {
      if (inTransaction) {
        inTransaction = false;
        connection.run("ROLLBACK");
      }
    } catch (SQLException e) {
      throw DuckDbErrors.translate(introspection.where(), e);
    } finally {
      engine.pool().release(connection);
      engine.attachments().attachForReading(introspection, file);
      removeIfEmpty();
    }
  }

  /** Attaching has made the file. */
  private void removeIfEmpty() {
    if (made && !published) {
      try {
        Files.deleteIfExists(file);
      } catch (IOException e) {
        throw new DataNodeException(
            SqlState.FILE_ERROR,
            introspection.where() + ": the empty file '" + file + "' cannot be removed",
            e);
      }
    }
  }
}
