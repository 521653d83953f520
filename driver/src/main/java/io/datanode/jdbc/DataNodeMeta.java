package io.datanode.jdbc;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.calcite.avatica.AvaticaConnection;
import org.apache.calcite.avatica.Meta;
import org.apache.calcite.avatica.MetaImpl;
import org.apache.calcite.avatica.QueryState;
import org.apache.calcite.avatica.remote.TypedValue;

/**
 * What Avatica's classes ask of their {@link Meta} when they are made and closed: numbers for
 * statements, and nothing else.
 *
 * <p>Statements, results and catalog calls go straight to the session, because Meta hands rows over
 * as objects, repeats lost statements and knows no cancel. Its calls for those are never made.
 */
final class DataNodeMeta extends MetaImpl {
  private final AtomicInteger statements = new AtomicInteger();

  DataNodeMeta(AvaticaConnection connection) {
    super(connection);
  }

  StatementHandle nextStatement() {
    return new StatementHandle(connection.id, statements.incrementAndGet(), null);
  }

  private static IllegalStateException notUsed() {
    return new IllegalStateException("Statements go to the session, not to Avatica's Meta");
  }

  @Override
  public StatementHandle createStatement(ConnectionHandle ch) {
    return nextStatement();
  }

  @Override
  public void closeStatement(StatementHandle h) {}

  @Override
  public void openConnection(ConnectionHandle ch, Map<String, String> info) {}

  @Override
  public void closeConnection(ConnectionHandle ch) {}

  @Override
  public Map<DatabaseProperty, Object> getDatabaseProperties(ConnectionHandle ch) {
    return Collections.emptyMap();
  }

  @Override
  public StatementHandle prepare(ConnectionHandle ch, String sql, long maxRowCount) {
    throw notUsed();
  }

  @Deprecated
  @Override
  public ExecuteResult prepareAndExecute(
      StatementHandle h, String sql, long maxRowCount, PrepareCallback callback) {
    throw notUsed();
  }

  @Override
  public ExecuteResult prepareAndExecute(
      StatementHandle h,
      String sql,
      long maxRowCount,
      int maxRowsInFirstFrame,
      PrepareCallback callback) {
    throw notUsed();
  }

  @Override
  public ExecuteBatchResult prepareAndExecuteBatch(StatementHandle h, List<String> sqlCommands) {
    throw notUsed();
  }

  @Override
  public ExecuteBatchResult executeBatch(
      StatementHandle h, List<List<TypedValue>> parameterValues) {
    throw notUsed();
  }

  @Override
  public Frame fetch(StatementHandle h, long offset, int fetchMaxRowCount) {
    throw notUsed();
  }

  @Deprecated
  @Override
  public ExecuteResult execute(
      StatementHandle h, List<TypedValue> parameterValues, long maxRowCount) {
    throw notUsed();
  }

  @Override
  public ExecuteResult execute(
      StatementHandle h, List<TypedValue> parameterValues, int maxRowsInFirstFrame) {
    throw notUsed();
  }

  @Override
  public boolean syncResults(StatementHandle h, QueryState state, long offset) {
    throw notUsed();
  }

  @Override
  public void commit(ConnectionHandle ch) {}

  @Override
  public void rollback(ConnectionHandle ch) {}
}
