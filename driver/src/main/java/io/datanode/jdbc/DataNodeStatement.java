package io.datanode.jdbc;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.util.Collections;
import org.apache.calcite.avatica.AvaticaStatement;
import org.apache.calcite.avatica.Meta;

/** A statement whose SQL comes with each execution. */
final class DataNodeStatement extends AvaticaStatement {
  private final DataNodeConnection dataNodeConnection;
  private final StatementState state;

  DataNodeStatement(DataNodeConnection connection, Meta.StatementHandle handle) {
    super(
        connection,
        handle,
        ResultSet.TYPE_FORWARD_ONLY,
        ResultSet.CONCUR_READ_ONLY,
        ResultSet.HOLD_CURSORS_OVER_COMMIT);
    this.dataNodeConnection = connection;
    this.state = new StatementState(connection, this);
  }

  StatementState state() {
    return state;
  }

  @Override
  public boolean execute(String sql) throws SQLException {
    checkOpen();
    return state.execute(sql, Collections.emptyList());
  }

  @Override
  public ResultSet executeQuery(String sql) throws SQLException {
    checkOpen();
    return state.executeQuery(sql, Collections.emptyList());
  }

  @Override
  public long executeLargeUpdate(String sql) throws SQLException {
    checkOpen();
    return state.executeUpdate(sql, Collections.emptyList());
  }

  @Override
  public void addBatch(String sql) throws SQLException {
    checkOpen();
    state.addBatch(sql, Collections.emptyList());
  }

  @Override
  public void clearBatch() throws SQLException {
    checkOpen();
    state.clearBatch();
  }

  @Override
  public long[] executeLargeBatch() throws SQLException {
    checkOpen();
    return state.executeBatch();
  }

  // What Avatica does otherwise than JDBC asks, or without SQLSTATE

  @Override
  protected void checkOpen() throws SQLException {
    if (closed) {
      throw SqlState.INVALID_CURSOR_STATE.exception("Statement is closed");
    }
    dataNodeConnection.requireOpen();
  }

  @Override
  protected void close_() {
    if (!closed) {
      state.closeResult();
      super.close_();
      dataNodeConnection.forget(this);
    }
  }

  @Override
  public void close() throws SQLException {
    close_();
  }

  /** Any thread may call it while another executes; Avatica would wait for that to end. */
  @SuppressWarnings("UnsynchronizedOverridesSynchronized")
  @Override
  public void cancel() throws SQLException {
    checkOpen();
    state.cancel();
  }

  @Override
  public ResultSet getResultSet() throws SQLException {
    checkOpen();
    return state.result();
  }

  @Override
  public int getUpdateCount() throws SQLException {
    return (int) getLargeUpdateCount();
  }

  @Override
  public long getLargeUpdateCount() throws SQLException {
    checkOpen();
    return state.updateCount();
  }

  @Override
  public boolean getMoreResults(int current) throws SQLException {
    checkOpen();
    if (current == KEEP_CURRENT_RESULT) {
      throw SqlState.NOT_SUPPORTED.exception(
          "getMoreResults(KEEP_CURRENT_RESULT) is not offered: a statement has one result");
    }
    if (current != CLOSE_CURRENT_RESULT && current != CLOSE_ALL_RESULTS) {
      throw SqlState.INVALID_PARAMETER.exception(
          "getMoreResults was given " + current + "; expected CLOSE_CURRENT_RESULT");
    }
    state.closeResult();
    return false;
  }

  @Override
  public long getLargeMaxRows() throws SQLException {
    checkOpen();
    return state.maxRows();
  }

  @Override
  public void setLargeMaxRows(long rows) throws SQLException {
    checkOpen();
    state.setMaxRows(rows);
  }

  @Override
  public void setMaxFieldSize(int max) throws SQLException {
    checkOpen();
    StatementState.requireNotNegative("maximum field size", max);
    if (max != 0) {
      throw SqlState.NOT_SUPPORTED.exception(
          "setMaxFieldSize(" + max + ") is not offered: values are never cut; expected 0");
    }
  }

  @Override
  public int getQueryTimeout() throws SQLException {
    checkOpen();
    return state.timeoutSeconds();
  }

  @Override
  public void setQueryTimeout(int seconds) throws SQLException {
    checkOpen();
    state.setTimeoutSeconds(seconds);
  }

  /** A hint that changes nothing: batches are sized by the bytes they hold. */
  @Override
  public void setFetchSize(int rows) throws SQLException {
    checkOpen();
    state.setFetchSize(rows);
  }

  @Override
  public int getFetchSize() throws SQLException {
    // Avatica's constructor asks before there is a state.
    if (state == null) {
      return 0;
    }
    checkOpen();
    return state.fetchSize();
  }

  @Override
  public void setFetchDirection(int direction) throws SQLException {
    checkOpen();
    StatementState.requireFetchDirection(direction);
  }

  @Override
  public int getFetchDirection() throws SQLException {
    checkOpen();
    return ResultSet.FETCH_FORWARD;
  }

  /** Escapes are always understood, so turning them off only forbids what nobody wrote. */
  @Override
  public void setEscapeProcessing(boolean enable) throws SQLException {
    checkOpen();
  }

  @Override
  public void setCursorName(String name) throws SQLException {
    throw StatementState.noCursorName();
  }

  @Override
  public void setPoolable(boolean poolable) throws SQLException {
    checkOpen();
    state.setPoolable(poolable);
  }

  @Override
  public boolean isPoolable() throws SQLException {
    checkOpen();
    return state.poolable();
  }

  @Override
  public SQLWarning getWarnings() throws SQLException {
    checkOpen();
    return state.warning();
  }

  @Override
  public void clearWarnings() throws SQLException {
    checkOpen();
    state.clearWarnings();
  }

  @Override
  public ResultSet getGeneratedKeys() throws SQLException {
    checkOpen();
    return state.generatedKeys();
  }

  @Override
  public <T> T unwrap(Class<T> iface) throws SQLException {
    return Wrappers.unwrap(this, iface);
  }

  @Override
  public boolean isWrapperFor(Class<?> iface) {
    return iface != null && iface.isInstance(this);
  }

  @Override
  public boolean execute(String sql, int autoGeneratedKeys) throws SQLException {
    if (autoGeneratedKeys != NO_GENERATED_KEYS) {
      throw StatementState.noGeneratedKeys();
    }
    return execute(sql);
  }

  @Override
  public boolean execute(String sql, int[] columnIndexes) throws SQLException {
    throw StatementState.noGeneratedKeys();
  }

  @Override
  public boolean execute(String sql, String[] columnNames) throws SQLException {
    throw StatementState.noGeneratedKeys();
  }

  @Override
  public int executeUpdate(String sql, int autoGeneratedKeys) throws SQLException {
    if (autoGeneratedKeys != NO_GENERATED_KEYS) {
      throw StatementState.noGeneratedKeys();
    }
    return executeUpdate(sql);
  }

  @Override
  public int executeUpdate(String sql, int[] columnIndexes) throws SQLException {
    throw StatementState.noGeneratedKeys();
  }

  @Override
  public int executeUpdate(String sql, String[] columnNames) throws SQLException {
    throw StatementState.noGeneratedKeys();
  }

  @Override
  public long executeLargeUpdate(String sql, int autoGeneratedKeys) throws SQLException {
    if (autoGeneratedKeys != NO_GENERATED_KEYS) {
      throw StatementState.noGeneratedKeys();
    }
    return executeLargeUpdate(sql);
  }

  @Override
  public long executeLargeUpdate(String sql, int[] columnIndexes) throws SQLException {
    throw StatementState.noGeneratedKeys();
  }

  @Override
  public long executeLargeUpdate(String sql, String[] columnNames) throws SQLException {
    throw StatementState.noGeneratedKeys();
  }
}
