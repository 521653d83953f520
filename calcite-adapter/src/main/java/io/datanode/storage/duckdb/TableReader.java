package io.datanode.storage.duckdb;

import io.datanode.DataNodeException;
import io.datanode.jdbc.SqlState;
import io.datanode.node.TableSource;
import io.datanode.storage.StorageColumn;
import io.datanode.storage.TableDescription;
import io.datanode.storage.TableDescription.StoredForeignKey;
import io.datanode.storage.duckdb.FileViews.NativeColumn;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads what an attached database says of its tables. */
final class TableReader {
  /** Separates names in one text; no name has it. */
  private static final String SEPARATOR = "\u001f";

  private final ConnectionPool pool;
  private final String where;
  private final String database;

  TableReader(ConnectionPool pool, String where, String database) {
    this.pool = pool;
    this.where = where;
    this.database = database;
  }

  /** All tables and views, as schema and name. */
  List<TableSource.Table> tables() {
    List<TableSource.Table> tables = new ArrayList<>();
    for (List<String> row :
        rows(
            "SELECT schema_name, table_name AS name FROM duckdb_tables()"
                + " WHERE database_name = ? AND NOT internal UNION ALL"
                + " SELECT schema_name, view_name FROM duckdb_views()"
                + " WHERE database_name = ? AND NOT internal ORDER BY ALL",
            database,
            database)) {
      tables.add(new TableSource.Table(row));
    }
    return tables;
  }

  TableDescription describe(TableSource.Table table) {
    List<String> path = path(table);
    String[] key = path.toArray(new String[0]);
    List<NativeColumn> columns = new ArrayList<>();
    for (List<String> row : rows("DESCRIBE " + Names.quoted(path))) {
      columns.add(new NativeColumn(row.get(0), row.get(1), !"NO".equals(row.get(2))));
    }
    List<String> primaryKey = List.of();
    List<StoredForeignKey> foreignKeys = new ArrayList<>();
    for (List<String> row :
        rows(
            "SELECT constraint_type, array_to_string(constraint_column_names, '"
                + SEPARATOR
                + "'), constraint_name, referenced_table,"
                + " array_to_string(referenced_column_names, '"
                + SEPARATOR
                + "') FROM duckdb_constraints()"
                + " WHERE database_name = ? AND schema_name = ? AND table_name = ?"
                + " AND constraint_type IN ('PRIMARY KEY', 'FOREIGN KEY')",
            key)) {
      if (row.get(0).equals("PRIMARY KEY")) {
        primaryKey = split(row.get(1));
      } else {
        foreignKeys.add(
            new StoredForeignKey(
                row.get(2),
                split(row.get(1)),
                List.of(path.get(0), path.get(1), row.get(3)),
                split(row.get(4))));
      }
    }
    List<List<String>> table_ =
        rows(
            "SELECT estimated_size, comment FROM duckdb_tables()"
                + " WHERE database_name = ? AND schema_name = ? AND table_name = ? UNION ALL"
                + " SELECT NULL, comment FROM duckdb_views()"
                + " WHERE database_name = ? AND schema_name = ? AND view_name = ?",
            key[0],
            key[1],
            key[2],
            key[0],
            key[1],
            key[2]);
    String size = table_.isEmpty() ? null : table_.get(0).get(0);
    return new TableDescription(
        path,
        columns(table, columns),
        primaryKey,
        foreignKeys,
        size == null ? -1 : Long.parseLong(size),
        table_.isEmpty() ? null : table_.get(0).get(1));
  }

  /** The columns given, with the comments of the table's own. */
  List<StorageColumn> columns(TableSource.Table table, List<NativeColumn> columns) {
    Map<String, String> comments = new HashMap<>();
    for (List<String> row :
        rows(
            "SELECT column_name, comment FROM duckdb_columns() WHERE database_name = ?"
                + " AND schema_name = ? AND table_name = ? AND comment IS NOT NULL",
            path(table).toArray(new String[0]))) {
      comments.put(row.get(0), row.get(1));
    }
    return DuckDbStorage.columns(columns, comments);
  }

  /** The full name of a table, which may be given with or without its schema. */
  private List<String> path(TableSource.Table table) {
    List<String> given = table.path();
    switch (given.size()) {
      case 1:
        return List.of(database, "main", given.get(0));
      case 2:
        return List.of(database, given.get(0), given.get(1));
      case 3:
        if (given.get(0).equals(database)) {
          return given;
        }
        break;
      default:
    }
    throw new DataNodeException(
        SqlState.CONFIGURATION_ERROR,
        where + ": '" + table + "' is no table name; expected table or schema.table");
  }

  private static List<String> split(@Nullable String names) {
    return names == null || names.isEmpty() ? List.of() : Arrays.asList(names.split(SEPARATOR));
  }

  private List<List<String>> rows(String sql, String... parameters) {
    PooledConnection connection = pool.borrow();
    try {
      return connection.rows(sql, parameters);
    } catch (SQLException e) {
      throw DuckDbErrors.translate(where, e);
    } finally {
      pool.release(connection);
    }
  }
}
