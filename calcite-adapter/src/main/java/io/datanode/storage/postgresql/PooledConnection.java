package io.datanode.storage.postgresql;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postgresql.jdbc.PgConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection lent by the pool. Used by one thread at a time.
 *
 * @param lent what the pool wants back
 * @param driver the driver's own connection below it
 */
record PooledConnection(HikariDataSource pool, Connection lent, PgConnection driver)
    implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PooledConnection.class);

  /** The rows of a small query, as text. */
  List<List<@Nullable String>> rows(String sql, Object... parameters) throws SQLException {
    List<List<@Nullable String>> rows = new ArrayList<>();
    try (PreparedStatement statement = driver.prepareStatement(sql)) {
      for (int i = 0; i < parameters.length; i++) {
        statement.setObject(i + 1, parameters[i]);
      }
      try (ResultSet result = statement.executeQuery()) {
        int columns = result.getMetaData().getColumnCount();
        while (result.next()) {
          List<@Nullable String> row = new ArrayList<>(columns);
          for (int i = 1; i <= columns; i++) {
            row.add(result.getString(i));
          }
          rows.add(row);
        }
      }
    }
    return rows;
  }

  /** Gives the connection back. */
  @Override
  public void close() {
    try {
      lent.close();
    } catch (SQLException e) {
      // The pool then drops it, which is what is left to do with it.
      LOG.debug("A connection of {} did not close well", pool.getPoolName(), e);
    }
  }

  /** The name of a column of a statement, counted from 0. */
  String columnName(String sql, int column) throws SQLException {
    try (PreparedStatement statement = driver.prepareStatement(sql)) {
      return statement.getMetaData().getColumnLabel(column + 1);
    }
  }

  /** Cuts the connection, whatever it is doing, and lets the pool forget it. */
  void drop() {
    try {
      driver.abort(Runnable::run);
    } catch (SQLException e) {
      LOG.debug("A connection of {} was not cut", pool.getPoolName(), e);
    }
    pool.evictConnection(lent);
  }
}
