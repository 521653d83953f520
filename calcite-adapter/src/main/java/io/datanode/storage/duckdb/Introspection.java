package io.datanode.storage.duckdb;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Asks DuckDB about tables and files on behalf of one storage.
 *
 * @param where the storage, for error messages
 */
record Introspection(ConnectionPool pool, String where) {

  /** The rows of a small query, as text. */
  List<List<String>> rows(String sql, String... parameters) {
    PooledConnection connection = pool.borrow();
    try {
      return connection.rows(sql, parameters);
    } catch (SQLException e) {
      throw DuckDbErrors.translate(where, e);
    } finally {
      pool.release(connection);
    }
  }

  /**
   * The columns of a table or a query.
   *
   * @param what the quoted name of a table, or a SELECT
   */
  List<NativeColumn> describe(String what) {
    List<NativeColumn> columns = new ArrayList<>();
    for (List<String> row : rows("DESCRIBE " + what)) {
      columns.add(new NativeColumn(row.get(0), row.get(1), !"NO".equals(row.get(2))));
    }
    return columns;
  }

  /** Runs statements that give no rows. */
  void run(String... statements) {
    pool.run(where, statements);
  }
}
