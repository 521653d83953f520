package io.datanode.jdbc;

import io.datanode.jdbc.read.ColumnArray;
import io.datanode.jdbc.remote.RemoteSession;
import io.datanode.jdbc.session.MetadataCall;
import io.datanode.jdbc.session.Result;
import io.datanode.jdbc.session.ResultColumn;
import io.datanode.jdbc.session.Session;
import io.datanode.jdbc.session.SessionInfo;
import io.datanode.jdbc.session.StatementCall;
import io.datanode.jdbc.session.StatementShape;
import java.sql.Array;
import java.sql.ClientInfoStatus;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLClientInfoException;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.logging.Level;
import org.apache.calcite.avatica.AvaticaFactory;
import org.apache.calcite.avatica.AvaticaStatement;
import org.apache.calcite.avatica.ConnectionConfig;
import org.apache.calcite.avatica.ConnectionConfigImpl;
import org.apache.calcite.avatica.Meta;

/**
 * A connection over a {@link Session}, remote or in process.
 *
 * <p>Statements of one connection may be used by several threads; they take turns. Everything is
 * read-only and outside transactions, so commit and rollback have nothing to do.
 */
final class DataNodeConnection extends ConnectionFeatures {
  private static final ConnectionConfig NO_CONFIG =
      new ConnectionConfigImpl(new Properties()) {
        // Avatica asks for each statement, and would look through names and defaults each time.
        @Override
        public int fetchSize() {
          return AvaticaStatement.DEFAULT_FETCH_SIZE;
        }
      };

  private static final int REMEMBERED_STATEMENTS = 128;

  private final ConnectUrl url;
  private final Session session;
  private final boolean withTimeZone;
  private final ReentrantLock turn = new ReentrantLock();
  private final AtomicBoolean closed = new AtomicBoolean();
  private final AtomicLong statementIds = new AtomicLong();
  private final Properties clientInfo = new Properties();
  private final Set<AvaticaStatement> statements =
      Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

  /** Parameters of the statements prepared last: preparing one again needs no round trip. */
  private final Map<String, List<ResultColumn>> parametersBySql =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, List<ResultColumn>> eldest) {
          return size() > REMEMBERED_STATEMENTS;
        }
      };

  DataNodeConnection(
      DataNodeDriver driver, AvaticaFactory factory, ConnectUrl url, Session session) {
    super(driver, factory, url.shown());
    this.url = url;
    this.session = session;
    this.withTimeZone = "with_time_zone".equals(url.value(Setting.TIMESTAMP_TYPE));
    String application = url.value(Setting.APPLICATION_NAME);
    if (!application.isEmpty()) {
      clientInfo.setProperty("ApplicationName", application);
    }
  }

  /** A call of the session. */
  private interface Call<T> {
    T run() throws SQLException;
  }

  /** Runs a call when it is this thread's turn. */
  private <T> T inTurn(Call<T> call) throws SQLException {
    requireOpen();
    turn.lock();
    try {
      return call.run();
    } catch (RuntimeException e) {
      throw SqlState.INTERNAL_ERROR.exception(
          "The engine failed with " + e + "; this is a defect, please report it", e);
    } finally {
      turn.unlock();
    }
  }

  void requireOpen() throws SQLException {
    if (closed.get()) {
      throw SqlState.CONNECTION_CLOSED.exception("Connection is closed");
    }
  }

  @Override
  protected void checkOpen() throws SQLException {
    requireOpen();
  }

  // What statements and metadata need

  Session session() {
    return session;
  }

  SessionInfo info() throws SQLException {
    requireOpen();
    return session.info();
  }

  String shownUrl() {
    return url.shown();
  }

  boolean withTimeZone() {
    return withTimeZone;
  }

  String nextStatementId() {
    return "s" + statementIds.incrementAndGet();
  }

  Result execute(StatementCall call) throws SQLException {
    return inTurn(() -> session.execute(call));
  }

  Result metadata(MetadataCall call) throws SQLException {
    return inTurn(() -> session.metadata(call));
  }

  StatementShape shape(String sql) throws SQLException {
    return inTurn(() -> session.prepare(sql));
  }

  DataNodeResultSet resultSet(
      AvaticaStatement statement, StatementState owner, Result rows, long maxRows)
      throws SQLException {
    try {
      return new DataNodeResultSet(statement, owner, rows, withTimeZone, maxRows);
    } catch (RuntimeException e) {
      rows.close();
      throw SqlState.INTERNAL_ERROR.exception("The result cannot be read: " + e, e);
    }
  }

  void forget(AvaticaStatement statement) {
    statements.remove(statement);
  }

  // Statements

  @Override
  public AvaticaStatement createStatement() throws SQLException {
    requireOpen();
    DataNodeStatement statement = new DataNodeStatement(this, nextHandle());
    statements.add(statement);
    return statement;
  }

  @Override
  public AvaticaStatement createStatement(int type, int concurrency, int holdability)
      throws SQLException {
    SQLWarning warning = adapted(type, concurrency, holdability);
    DataNodeStatement statement = (DataNodeStatement) createStatement();
    if (warning != null) {
      statement.state().warn(warning);
    }
    return statement;
  }

  @Override
  public PreparedStatement prepareStatement(String sql) throws SQLException {
    return prepare(sql);
  }

  @Override
  public PreparedStatement prepareStatement(String sql, int type, int concurrency, int holdability)
      throws SQLException {
    SQLWarning warning = adapted(type, concurrency, holdability);
    DataNodePreparedStatement statement = prepare(sql);
    if (warning != null) {
      statement.state().warn(warning);
    }
    return statement;
  }

  private DataNodePreparedStatement prepare(String sql) throws SQLException {
    if (sql == null) {
      throw SqlState.INVALID_PARAMETER.exception("The SQL is null; expected a statement");
    }
    List<ResultColumn> parameters =
        inTurn(
            () -> {
              List<ResultColumn> known = parametersBySql.get(sql);
              if (known == null) {
                known = session.prepare(sql).parameters();
                parametersBySql.put(sql, known);
              }
              return known;
            });
    DataNodePreparedStatement statement =
        new DataNodePreparedStatement(this, nextHandle(), sql, parameters);
    statements.add(statement);
    return statement;
  }

  private Meta.StatementHandle nextHandle() {
    return ((DataNodeMeta) meta).nextStatement();
  }

  /** A warning if a result set will be another than asked for, else null. */
  private SQLWarning adapted(int type, int concurrency, int holdability) throws SQLException {
    requireOpen();
    boolean known =
        (type == ResultSet.TYPE_FORWARD_ONLY
                || type == ResultSet.TYPE_SCROLL_INSENSITIVE
                || type == ResultSet.TYPE_SCROLL_SENSITIVE)
            && (concurrency == ResultSet.CONCUR_READ_ONLY
                || concurrency == ResultSet.CONCUR_UPDATABLE)
            && (holdability == ResultSet.HOLD_CURSORS_OVER_COMMIT
                || holdability == ResultSet.CLOSE_CURSORS_AT_COMMIT);
    if (!known) {
      throw SqlState.INVALID_PARAMETER.exception(
          "A result set of type "
              + type
              + ", concurrency "
              + concurrency
              + " and holdability "
              + holdability
              + " is none JDBC knows; expected constants of java.sql.ResultSet");
    }
    if (type == ResultSet.TYPE_FORWARD_ONLY && concurrency == ResultSet.CONCUR_READ_ONLY) {
      return null;
    }
    SQLWarning warning =
        new SQLWarning(
            "Result sets are forward-only and read-only; scrolling and updating are not offered",
            "01000");
    warn(warning);
    return new SQLWarning(warning.getMessage(), warning.getSQLState());
  }

  // The session

  @Override
  public DatabaseMetaData getMetaData() throws SQLException {
    requireOpen();
    return metaData;
  }

  @Override
  public void setSchema(String schema) throws SQLException {
    inTurn(
        () -> {
          session.set(Setting.SCHEMA.key(), schema);
          parametersBySql.clear();
          return null;
        });
  }

  @Override
  public String getSchema() throws SQLException {
    return info().schema();
  }

  @Override
  public boolean isValid(int timeout) throws SQLException {
    StatementState.requireNotNegative("timeout", timeout);
    if (closed.get()) {
      return false;
    }
    try {
      // A connection that is busy for another thread is alive.
      if (!turn.tryLock(Math.max(timeout, 1), TimeUnit.SECONDS)) {
        return true;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
    try {
      return session.isValid(timeout);
    } finally {
      turn.unlock();
    }
  }

  @Override
  public void setClientInfo(String name, String value) throws SQLClientInfoException {
    try {
      if (name == null) {
        throw SqlState.INVALID_PARAMETER.exception("The name of the client info is null");
      }
      String key =
          "ApplicationName".equals(name) ? Setting.APPLICATION_NAME.key() : "clientInfo." + name;
      inTurn(
          () -> {
            session.set(key, value);
            return null;
          });
    } catch (SQLException e) {
      throw new SQLClientInfoException(
          e.getMessage(),
          e.getSQLState(),
          Collections.singletonMap(name, ClientInfoStatus.REASON_UNKNOWN),
          e);
    }
    if (value == null) {
      clientInfo.remove(name);
    } else {
      clientInfo.setProperty(name, value);
    }
  }

  @Override
  public void setClientInfo(Properties properties) throws SQLClientInfoException {
    for (String name : clientInfo.stringPropertyNames()) {
      if (properties.getProperty(name) == null) {
        setClientInfo(name, null);
      }
    }
    for (String name : properties.stringPropertyNames()) {
      setClientInfo(name, properties.getProperty(name));
    }
  }

  @Override
  public Properties getClientInfo() throws SQLException {
    requireOpen();
    Properties copy = new Properties();
    copy.putAll(clientInfo);
    return copy;
  }

  @Override
  public void setNetworkTimeout(Executor executor, int milliseconds) throws SQLException {
    requireOpen();
    StatementState.requireNotNegative("network timeout", milliseconds);
    if (session instanceof RemoteSession) {
      ((RemoteSession) session).setNetworkTimeout(milliseconds);
    }
    keepNetworkTimeout(milliseconds);
  }

  @Override
  public int getNetworkTimeout() throws SQLException {
    requireOpen();
    return session instanceof RemoteSession
        ? ((RemoteSession) session).networkTimeout()
        : keptNetworkTimeout();
  }

  @Override
  public Array createArrayOf(String typeName, Object[] elements) throws SQLException {
    requireOpen();
    Object[] copy = elements == null ? new Object[0] : elements.clone();
    return new ColumnArray(typeOf(typeName), copy, Arrays.toString(copy));
  }

  // Ends

  @Override
  public void close() throws SQLException {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    for (AvaticaStatement statement : openStatements()) {
      statement.close();
    }
    session.close();
  }

  private List<AvaticaStatement> openStatements() {
    synchronized (statements) {
      return new ArrayList<>(statements);
    }
  }

  @Override
  public void abort(Executor executor) throws SQLException {
    if (executor == null) {
      throw SqlState.INVALID_PARAMETER.exception("abort was given no executor");
    }
    if (closed.compareAndSet(false, true)) {
      executor.execute(this::closeSession);
    }
  }

  // Nobody waits for an abort, so there is nobody to tell.
  private void closeSession() {
    try {
      session.close();
    } catch (SQLException e) {
      ((DataNodeDriver) driver)
          .getParentLogger()
          .log(Level.FINE, "Aborted session was not closed", e);
    }
  }

  @Override
  public boolean isClosed() {
    return closed.get();
  }

  // Avatica

  /** Avatica's own settings are not offered, neither in the URL nor in properties. */
  @Override
  public ConnectionConfig config() {
    return NO_CONFIG;
  }

  /** Cancelling goes to the session; Avatica would keep a flag for each statement for ever. */
  @Override
  public AtomicBoolean getCancelFlag(Meta.StatementHandle h) {
    statementMap.remove(h.id);
    return new AtomicBoolean();
  }

  @Override
  public <T> T unwrap(Class<T> iface) throws SQLException {
    return iface == Session.class ? iface.cast(session) : Wrappers.unwrap(this, iface);
  }

  @Override
  public boolean isWrapperFor(Class<?> iface) {
    return iface != null && (iface == Session.class || iface.isInstance(this));
  }
}
