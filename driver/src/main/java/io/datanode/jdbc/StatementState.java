package io.datanode.jdbc;

import io.datanode.jdbc.session.Result;
import io.datanode.jdbc.session.StatementCall;
import java.sql.BatchUpdateException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.apache.calcite.avatica.AvaticaStatement;

/**
 * What a statement and a prepared statement have in common: limits, the result in hand, warnings,
 * batch. Avatica's two classes have different parents, so both keep one of these.
 *
 * <p>One thread at a time, except {@link #cancel}.
 */
final class StatementState {
  private final DataNodeConnection connection;
  private final AvaticaStatement statement;
  private final List<StatementCall> batch = new ArrayList<>();
  private DataNodeResultSet result;
  private long updateCount = -1;
  private long maxRows;
  private int timeoutSeconds;
  private int fetchSize;
  private boolean poolable;
  private SQLWarning warning;

  /** The statement that runs now or whose result is open; the only field other threads read. */
  private volatile String running;

  StatementState(DataNodeConnection connection, AvaticaStatement statement) {
    this.connection = connection;
    this.statement = statement;
  }

  static void requireNotNegative(String what, long value) throws SQLException {
    if (value < 0) {
      throw SqlState.INVALID_PARAMETER.exception(
          "The " + what + " is " + value + "; expected 0 or greater");
    }
  }

  /** Refuses what is no direction; each direction is a hint without effect. */
  static void requireFetchDirection(int direction) throws SQLException {
    if (direction != ResultSet.FETCH_FORWARD
        && direction != ResultSet.FETCH_REVERSE
        && direction != ResultSet.FETCH_UNKNOWN) {
      throw SqlState.INVALID_PARAMETER.exception(
          "setFetchDirection was given " + direction + "; expected ResultSet.FETCH_FORWARD");
    }
  }

  static SQLException noCursorName() {
    return SqlState.NOT_SUPPORTED.exception(
        "setCursorName is not offered: there are no positioned updates");
  }

  /**
   * Runs SQL and keeps its result or update count.
   *
   * @return true if it gives rows
   */
  boolean execute(String sql, List<?> parameters) throws SQLException {
    closeResult();
    clearWarnings();
    StatementCall call = call(sql, parameters);
    running = call.id();
    Result rows = null;
    try {
      rows = connection.execute(call);
      if (!rows.columns().isEmpty()) {
        result = connection.resultSet(statement, this, rows, maxRows);
        return true;
      }
      rows.close();
      updateCount = 0;
      running = null;
      return false;
    } finally {
      if (rows == null) {
        running = null;
      }
    }
  }

  DataNodeResultSet executeQuery(String sql, List<?> parameters) throws SQLException {
    if (!execute(sql, parameters)) {
      throw SqlState.INVALID_SQL.exception(
          "executeQuery was given a statement that gives no rows, such as SET; use execute");
    }
    return result;
  }

  long executeUpdate(String sql, List<?> parameters) throws SQLException {
    if (execute(sql, parameters)) {
      closeResult();
      throw SqlState.INVALID_SQL.exception(
          "executeUpdate was given a query; use executeQuery to read its rows");
    }
    return updateCount;
  }

  private StatementCall call(String sql, List<?> parameters) throws SQLException {
    if (sql == null) {
      throw SqlState.INVALID_PARAMETER.exception("The SQL is null; expected a statement");
    }
    return new StatementCall(
        connection.nextStatementId(), sql, parameters, maxRows, timeoutSeconds);
  }

  /** Stops what runs now, from any thread. Does nothing if nothing runs. */
  void cancel() throws SQLException {
    String id = running;
    if (id != null) {
      connection.session().cancel(id);
    }
  }

  void closeResult() {
    DataNodeResultSet open = result;
    result = null;
    updateCount = -1;
    if (open != null) {
      open.close();
    }
    running = null;
  }

  DataNodeResultSet result() {
    return result;
  }

  long updateCount() {
    return updateCount;
  }

  void addBatch(String sql, List<?> parameters) throws SQLException {
    batch.add(call(sql, parameters));
  }

  void clearBatch() {
    batch.clear();
  }

  long[] executeBatch() throws SQLException {
    List<StatementCall> calls = new ArrayList<>(batch);
    batch.clear();
    long[] counts = new long[calls.size()];
    for (int i = 0; i < counts.length; i++) {
      StatementCall call = calls.get(i);
      try {
        counts[i] = executeUpdate(call.sql(), call.parameters());
      } catch (SQLException e) {
        BatchUpdateException failure =
            new BatchUpdateException(
                "Statement "
                    + (i + 1)
                    + " of the batch failed: "
                    + e.getMessage()
                    + "; a batch takes only statements without rows, such as SET",
                e.getSQLState(),
                e.getErrorCode(),
                Arrays.copyOf(counts, i),
                e);
        failure.setNextException(e);
        throw failure;
      }
    }
    return counts;
  }

  /** An empty result set: nothing here generates keys. */
  DataNodeResultSet generatedKeys() throws SQLException {
    return connection.resultSet(statement, this, new EmptyResult(Collections.emptyList()), 0);
  }

  static SQLException noGeneratedKeys() {
    return SqlState.NOT_SUPPORTED.exception("Generated keys are not offered: nodes are read-only");
  }

  long maxRows() {
    return maxRows;
  }

  void setMaxRows(long rows) throws SQLException {
    requireNotNegative("limit of rows", rows);
    maxRows = rows;
  }

  int timeoutSeconds() {
    return timeoutSeconds;
  }

  void setTimeoutSeconds(int seconds) throws SQLException {
    requireNotNegative("query timeout", seconds);
    timeoutSeconds = seconds;
  }

  int fetchSize() {
    return fetchSize;
  }

  void setFetchSize(int rows) throws SQLException {
    requireNotNegative("fetch size", rows);
    fetchSize = rows;
  }

  boolean poolable() {
    return poolable;
  }

  void setPoolable(boolean poolable) {
    this.poolable = poolable;
  }

  SQLWarning warning() {
    return warning;
  }

  void warn(SQLWarning next) {
    if (warning == null) {
      warning = next;
    } else {
      warning.setNextWarning(next);
    }
  }

  void clearWarnings() {
    warning = null;
  }
}
