package io.datanode.jdbc;

import io.datanode.jdbc.batch.ColumnType;
import java.sql.Blob;
import java.sql.CallableStatement;
import java.sql.Clob;
import java.sql.Connection;
import java.sql.NClob;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.SQLXML;
import java.sql.Savepoint;
import java.sql.ShardingKey;
import java.sql.Statement;
import java.sql.Struct;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import org.apache.calcite.avatica.AvaticaConnection;
import org.apache.calcite.avatica.AvaticaFactory;
import org.apache.calcite.avatica.UnregisteredDriver;

/**
 * The half of a connection that needs no session: hints that are kept and given back, and what is
 * not offered.
 */
abstract class ConnectionFeatures extends AvaticaConnection {
  private boolean autoCommit = true;
  private boolean readOnly = true;
  private int isolation = Connection.TRANSACTION_NONE;
  private int networkTimeout;
  private Map<String, Class<?>> typeMap = new HashMap<>();
  private static final String ONE_DATABASE = "a connection reads one database";
  private SQLWarning warning;

  ConnectionFeatures(UnregisteredDriver driver, AvaticaFactory factory, String url) {
    super(driver, factory, url, new Properties());
  }

  private static SQLException notOffered(String method, String why) {
    return SqlState.NOT_SUPPORTED.exception("Connection." + method + " is not offered: " + why);
  }

  final synchronized void warn(SQLWarning next) {
    if (warning == null) {
      warning = next;
    } else {
      warning.setNextWarning(next);
    }
  }

  final void keepNetworkTimeout(int milliseconds) {
    networkTimeout = milliseconds;
  }

  final int keptNetworkTimeout() {
    return networkTimeout;
  }

  /** The type with this SQL name, for example DOUBLE. */
  static ColumnType typeOf(String name) throws SQLException {
    switch (name == null ? "" : name.toUpperCase(Locale.ROOT)) {
      case "BOOLEAN":
        return ColumnType.BOOLEAN;
      case "TINYINT":
        return ColumnType.TINYINT;
      case "SMALLINT":
        return ColumnType.SMALLINT;
      case "INTEGER":
      case "INT":
        return ColumnType.INTEGER;
      case "BIGINT":
        return ColumnType.BIGINT;
      case "REAL":
        return ColumnType.REAL;
      case "DOUBLE":
      case "FLOAT":
        return ColumnType.DOUBLE;
      case "DECIMAL":
      case "NUMERIC":
        return ColumnType.decimal(38, 10);
      case "VARCHAR":
      case "CHAR":
      case "TEXT":
        return ColumnType.VARCHAR;
      case "DATE":
        return ColumnType.DATE;
      case "TIME":
        return ColumnType.TIME;
      case "TIMESTAMP":
        return ColumnType.TIMESTAMP;
      case "TIMESTAMP WITH LOCAL TIME ZONE":
      case "TIMESTAMP WITH TIME ZONE":
      case "TIMESTAMPTZ":
        return ColumnType.INSTANT;
      case "UUID":
        return ColumnType.UUID;
      default:
        throw SqlState.INVALID_PARAMETER.exception(
            "An array cannot have elements of type '"
                + name
                + "'; expected a name such as BIGINT, DOUBLE, VARCHAR, DATE or TIMESTAMP");
    }
  }

  // Hints

  @Override
  public void setAutoCommit(boolean autoCommit) throws SQLException {
    checkOpen();
    this.autoCommit = autoCommit;
  }

  @Override
  public boolean getAutoCommit() throws SQLException {
    checkOpen();
    return autoCommit;
  }

  /** Nothing is ever written, so there is nothing to make final. */
  @Override
  public void commit() throws SQLException {
    checkOpen();
  }

  /** Nothing is ever written, so there is nothing to take back. */
  @Override
  public void rollback() throws SQLException {
    checkOpen();
  }

  @Override
  public void setReadOnly(boolean readOnly) throws SQLException {
    checkOpen();
    this.readOnly = readOnly;
  }

  @Override
  public boolean isReadOnly() throws SQLException {
    checkOpen();
    return readOnly;
  }

  /** There are no catalogs, so JDBC has the name ignored. */
  @Override
  public void setCatalog(String catalog) throws SQLException {
    checkOpen();
  }

  @Override
  public String getCatalog() throws SQLException {
    checkOpen();
    return null;
  }

  @Override
  public void setTransactionIsolation(int level) throws SQLException {
    checkOpen();
    if (level != Connection.TRANSACTION_NONE
        && level != Connection.TRANSACTION_READ_UNCOMMITTED
        && level != Connection.TRANSACTION_READ_COMMITTED
        && level != Connection.TRANSACTION_REPEATABLE_READ
        && level != Connection.TRANSACTION_SERIALIZABLE) {
      throw SqlState.INVALID_PARAMETER.exception(
          "Transaction isolation is " + level + "; expected a constant of java.sql.Connection");
    }
    isolation = level;
  }

  @Override
  public int getTransactionIsolation() throws SQLException {
    checkOpen();
    return isolation;
  }

  @Override
  public void setHoldability(int holdability) throws SQLException {
    checkOpen();
    if (holdability != ResultSet.HOLD_CURSORS_OVER_COMMIT
        && holdability != ResultSet.CLOSE_CURSORS_AT_COMMIT) {
      throw SqlState.INVALID_PARAMETER.exception(
          "Holdability is " + holdability + "; expected a constant of java.sql.ResultSet");
    }
  }

  @Override
  public int getHoldability() throws SQLException {
    checkOpen();
    return ResultSet.HOLD_CURSORS_OVER_COMMIT;
  }

  @Override
  public synchronized SQLWarning getWarnings() throws SQLException {
    checkOpen();
    return warning;
  }

  @Override
  public synchronized void clearWarnings() throws SQLException {
    checkOpen();
    warning = null;
  }

  /** JDBC escapes are understood by the engine, so SQL stays as it is. */
  @Override
  public String nativeSQL(String sql) throws SQLException {
    checkOpen();
    return sql;
  }

  @Override
  public Map<String, Class<?>> getTypeMap() throws SQLException {
    checkOpen();
    return typeMap;
  }

  /** Kept and given back; there are no user-defined types for it to apply to. */
  @Override
  public void setTypeMap(Map<String, Class<?>> map) throws SQLException {
    checkOpen();
    typeMap = map == null ? new HashMap<>() : map;
  }

  @Override
  public String getClientInfo(String name) throws SQLException {
    return name == null ? null : getClientInfo().getProperty(name);
  }

  @Override
  public Statement createStatement(int type, int concurrency) throws SQLException {
    return createStatement(type, concurrency, getHoldability());
  }

  @Override
  public PreparedStatement prepareStatement(String sql, int type, int concurrency)
      throws SQLException {
    return prepareStatement(sql, type, concurrency, getHoldability());
  }

  @Override
  public PreparedStatement prepareStatement(String sql, int autoGeneratedKeys) throws SQLException {
    if (autoGeneratedKeys != Statement.NO_GENERATED_KEYS) {
      throw StatementState.noGeneratedKeys();
    }
    return prepareStatement(sql);
  }

  // What is not offered

  @Override
  public PreparedStatement prepareStatement(String sql, int[] columnIndexes) throws SQLException {
    throw StatementState.noGeneratedKeys();
  }

  @Override
  public PreparedStatement prepareStatement(String sql, String[] columnNames) throws SQLException {
    throw StatementState.noGeneratedKeys();
  }

  @Override
  public CallableStatement prepareCall(String sql) throws SQLException {
    throw notOffered("prepareCall", "there are no procedures");
  }

  @Override
  public CallableStatement prepareCall(String sql, int type, int concurrency) throws SQLException {
    throw notOffered("prepareCall", "there are no procedures");
  }

  @Override
  public CallableStatement prepareCall(String sql, int type, int concurrency, int holdability)
      throws SQLException {
    throw notOffered("prepareCall", "there are no procedures");
  }

  @Override
  public void setShardingKey(ShardingKey shardingKey) throws SQLException {
    throw notOffered("setShardingKey", ONE_DATABASE);
  }

  @Override
  public void setShardingKey(ShardingKey shardingKey, ShardingKey superShardingKey)
      throws SQLException {
    throw notOffered("setShardingKey", ONE_DATABASE);
  }

  @Override
  public boolean setShardingKeyIfValid(ShardingKey shardingKey, int timeout) throws SQLException {
    throw notOffered("setShardingKeyIfValid", ONE_DATABASE);
  }

  @Override
  public boolean setShardingKeyIfValid(
      ShardingKey shardingKey, ShardingKey superShardingKey, int timeout) throws SQLException {
    throw notOffered("setShardingKeyIfValid", ONE_DATABASE);
  }

  @Override
  public Savepoint setSavepoint() throws SQLException {
    throw notOffered("setSavepoint", "there are no transactions");
  }

  @Override
  public Savepoint setSavepoint(String name) throws SQLException {
    throw notOffered("setSavepoint", "there are no transactions");
  }

  @Override
  public void rollback(Savepoint savepoint) throws SQLException {
    throw notOffered("rollback(Savepoint)", "there are no transactions");
  }

  @Override
  public void releaseSavepoint(Savepoint savepoint) throws SQLException {
    throw notOffered("releaseSavepoint", "there are no transactions");
  }

  @Override
  public Clob createClob() throws SQLException {
    throw notOffered("createClob", "text is VARCHAR; use setString");
  }

  @Override
  public NClob createNClob() throws SQLException {
    throw notOffered("createNClob", "text is VARCHAR; use setString");
  }

  @Override
  public Blob createBlob() throws SQLException {
    throw notOffered("createBlob", "bytes are VARBINARY; use setBytes");
  }

  @Override
  public SQLXML createSQLXML() throws SQLException {
    throw notOffered("createSQLXML", "there is no type XML");
  }

  @Override
  public Struct createStruct(String typeName, Object[] attributes) throws SQLException {
    throw notOffered("createStruct", "there are no user-defined types");
  }
}
