package io.datanode.storage.postgresql;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.Properties;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;
import org.postgresql.PGProperty;

/**
 * Opens the connections of a pool, and remembers why one could not be opened: the pool itself would
 * only say that it waited in vain. Thread-safe.
 */
final class ServerConnections implements DataSource {
  private final ConnectionSettings settings;
  private final Driver driver = new Driver();
  private final Deque<Connection> opened = new ArrayDeque<>();
  private @Nullable Failure failure;

  ServerConnections(ConnectionSettings settings) {
    this.settings = settings;
  }

  private record Failure(SQLException cause, long nanoTime) {}

  /**
   * Opens a connection here and now, to be taken by the pool, so that a server that does not answer
   * is known at once.
   *
   * @throws SQLException if none can be opened
   */
  void openOne() throws SQLException {
    synchronized (opened) {
      if (opened.isEmpty()) {
        opened.add(open());
      }
    }
  }

  /** Why the last attempt to open a connection failed, if it ended after this time. */
  synchronized Optional<SQLException> failureSince(long nanoTime) {
    Failure last = failure;
    return last == null || last.nanoTime() - nanoTime < 0
        ? Optional.empty()
        : Optional.of(last.cause());
  }

  @Override
  public Connection getConnection() throws SQLException {
    synchronized (opened) {
      Connection ready = opened.poll();
      if (ready != null) {
        return ready;
      }
    }
    try {
      Connection connection = open();
      remember(null);
      return connection;
    } catch (SQLException e) {
      remember(e);
      throw e;
    }
  }

  private synchronized void remember(@Nullable SQLException cause) {
    failure = cause == null ? null : new Failure(cause, System.nanoTime());
  }

  private Connection open() throws SQLException {
    return open(true);
  }

  /** A connection that may write; the caller closes it. */
  Connection openForWriting() throws SQLException {
    return open(false);
  }

  private Connection open(boolean readOnly) throws SQLException {
    Properties properties = new Properties();
    properties.putAll(settings.properties());
    Connection connection = driver.connect(settings.url(), properties);
    if (connection == null) {
      throw new SQLException("The URL is none of PostgreSQL", "08001");
    }
    try (Statement statement = connection.createStatement()) {
      // The driver asks for the zone of the JVM. Text of intervals and byte strings may have been
      // given another form for the user or the database.
      statement.execute(
          "SET SESSION CHARACTERISTICS AS TRANSACTION READ "
              + (readOnly ? "ONLY" : "WRITE")
              + "; SET TIME ZONE 'UTC'; SET intervalstyle = 'postgres'; SET bytea_output = 'hex'"
              + (settings.statementTimeout().isZero()
                  ? ""
                  : "; SET statement_timeout = " + settings.statementTimeout().toMillis()));
      connection.setReadOnly(readOnly);
      return connection;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  /** Closes connections that no pool has taken. */
  void close() throws SQLException {
    synchronized (opened) {
      while (!opened.isEmpty()) {
        opened.remove().close();
      }
    }
  }

  @Override
  public Connection getConnection(String user, String password) throws SQLException {
    throw new SQLFeatureNotSupportedException("Connections have the user of their storage");
  }

  @Override
  public @Nullable PrintWriter getLogWriter() {
    return null;
  }

  @Override
  public void setLogWriter(PrintWriter out) throws SQLException {
    throw new SQLFeatureNotSupportedException("Messages go to the log of the program");
  }

  @Override
  public void setLoginTimeout(int seconds) {
    // Pools set it; the catalog's connect_timeout counts.
  }

  @Override
  public int getLoginTimeout() {
    return Integer.parseInt(
        settings.properties().getProperty(PGProperty.LOGIN_TIMEOUT.getName(), "1"));
  }

  @Override
  public Logger getParentLogger() throws SQLFeatureNotSupportedException {
    throw new SQLFeatureNotSupportedException("Messages go to the log of the program");
  }

  @Override
  public <T> T unwrap(Class<T> type) throws SQLException {
    throw new SQLFeatureNotSupportedException("This data source wraps none");
  }

  @Override
  public boolean isWrapperFor(Class<?> type) {
    return false;
  }
}
