package io.datanode.jdbc;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.calcite.avatica.AvaticaConnection;
import org.apache.calcite.avatica.Meta;
import org.apache.calcite.avatica.QueryState;
import org.apache.calcite.avatica.remote.TypedValue;

/**
 * What Avatica's classes ask of their {@link Meta} when they are made and closed: numbers for
 * statements, and nothing else.
 *
 * <p>Statements, results and catalog calls go straight to the session, because Meta hands rows over
 * as objects, repeats lost statements and knows no cancel. Its calls for those are never made. Not
 * a MetaImpl: that loads all of protobuf.
 */
final class DataNodeMeta implements Meta {
  private final AvaticaConnection connection;
  private final AtomicInteger statements = new AtomicInteger();

  DataNodeMeta(AvaticaConnection connection) {
    this.connection = connection;
  }

  StatementHandle nextStatement() {
    return new StatementHandle(connection.id, statements.incrementAndGet(), null);
  }

  private static IllegalStateException notUsed() {
    return new IllegalStateException("Statements go to the session, not to Avatica's Meta");
  }

  @Override
  public Map<DatabaseProperty, Object> getDatabaseProperties(ConnectionHandle a) {
    return Collections.emptyMap();
  }

  @Override
  public MetaResultSet getTables(ConnectionHandle a, String b, Pat c, Pat d, List<String> e) {
    throw notUsed();
  }

  @Override
  public MetaResultSet getColumns(ConnectionHandle a, String b, Pat c, Pat d, Pat e) {
    throw notUsed();
  }

  @Override
  public MetaResultSet getSchemas(ConnectionHandle a, String b, Pat c) {
    throw notUsed();
  }

  @Override
  public MetaResultSet getCatalogs(ConnectionHandle a) {
    throw notUsed();
  }

  @Override
  public MetaResultSet getTableTypes(ConnectionHandle a) {
    throw notUsed();
  }

  @Override
  public MetaResultSet getProcedures(ConnectionHandle a, String b, Pat c, Pat d) {
    throw notUsed();
  }

  @Override
  public MetaResultSet getProcedureColumns(ConnectionHandle a, String b, Pat c, Pat d, Pat e) {
    throw notUsed();
  }

  @Override
  public MetaResultSet getColumnPrivileges(
      ConnectionHandle a, String b, String c, String d, Pat e) {
    throw notUsed();
  }

  @Override
  public MetaResultSet getTablePrivileges(ConnectionHandle a, String b, Pat c, Pat d) {
    throw notUsed();
  }

  @Override
  public MetaResultSet getBestRowIdentifier(
      ConnectionHandle a, String b, String c, String d, int e, boolean f) {
    throw notUsed();
  }

  @Override
  public MetaResultSet getVersionColumns(ConnectionHandle a, String b, String c, String d) {
    throw notUsed();
  }

  @Override
  public MetaResultSet getPrimaryKeys(ConnectionHandle a, String b, String c, String d) {
    throw notUsed();
  }

  @Override
  public MetaResultSet getImportedKeys(ConnectionHandle a, String b, String c, String d) {
    throw notUsed();
  }

  @Override
  public MetaResultSet getExportedKeys(ConnectionHandle a, String b, String c, String d) {
    throw notUsed();
  }

  @Override
  public MetaResultSet getCrossReference(
      ConnectionHandle a, String b, String c, String d, String e, String f, String g) {
    throw notUsed();
  }

  @Override
  public MetaResultSet getTypeInfo(ConnectionHandle a) {
    throw notUsed();
  }

  @Override
  public MetaResultSet getIndexInfo(
      ConnectionHandle a, String b, String c, String d, boolean e, boolean f) {
    throw notUsed();
  }

  @Override
  public MetaResultSet getUDTs(ConnectionHandle a, String b, Pat c, Pat d, int[] e) {
    throw notUsed();
  }

  @Override
  public MetaResultSet getSuperTypes(ConnectionHandle a, String b, Pat c, Pat d) {
    throw notUsed();
  }

  @Override
  public MetaResultSet getSuperTables(ConnectionHandle a, String b, Pat c, Pat d) {
    throw notUsed();
  }

  @Override
  public MetaResultSet getAttributes(ConnectionHandle a, String b, Pat c, Pat d, Pat e) {
    throw notUsed();
  }

  @Override
  public MetaResultSet getClientInfoProperties(ConnectionHandle a) {
    throw notUsed();
  }

  @Override
  public MetaResultSet getFunctions(ConnectionHandle a, String b, Pat c, Pat d) {
    throw notUsed();
  }

  @Override
  public MetaResultSet getFunctionColumns(ConnectionHandle a, String b, Pat c, Pat d, Pat e) {
    throw notUsed();
  }

  @Override
  public MetaResultSet getPseudoColumns(ConnectionHandle a, String b, Pat c, Pat d, Pat e) {
    throw notUsed();
  }

  @Override
  public Iterable<Object> createIterable(
      StatementHandle a, QueryState b, Signature c, List<TypedValue> d, Frame e) {
    throw notUsed();
  }

  @Override
  public StatementHandle prepare(ConnectionHandle a, String b, long c) {
    throw notUsed();
  }

  @Deprecated
  @Override
  public ExecuteResult prepareAndExecute(StatementHandle a, String b, long c, PrepareCallback d) {
    throw notUsed();
  }

  @Override
  public ExecuteResult prepareAndExecute(
      StatementHandle a, String b, long c, int d, PrepareCallback e) {
    throw notUsed();
  }

  @Override
  public ExecuteBatchResult prepareAndExecuteBatch(StatementHandle a, List<String> b) {
    throw notUsed();
  }

  @Override
  public ExecuteBatchResult executeBatch(StatementHandle a, List<List<TypedValue>> b) {
    throw notUsed();
  }

  @Override
  public Frame fetch(StatementHandle a, long b, int c) {
    throw notUsed();
  }

  @Deprecated
  @Override
  public ExecuteResult execute(StatementHandle a, List<TypedValue> b, long c) {
    throw notUsed();
  }

  @Override
  public ExecuteResult execute(StatementHandle a, List<TypedValue> b, int c) {
    throw notUsed();
  }

  @Override
  public StatementHandle createStatement(ConnectionHandle a) {
    return nextStatement();
  }

  @Override
  public void closeStatement(StatementHandle a) {}

  @Override
  public void openConnection(ConnectionHandle a, Map<String, String> b) {}

  @Override
  public void closeConnection(ConnectionHandle a) {}

  @Override
  public boolean syncResults(StatementHandle a, QueryState b, long c) {
    throw notUsed();
  }

  @Override
  public void commit(ConnectionHandle a) {}

  @Override
  public void rollback(ConnectionHandle a) {}

  @Override
  public ConnectionProperties connectionSync(ConnectionHandle a, ConnectionProperties b) {
    throw notUsed();
  }
}
