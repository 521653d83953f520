package io.datanode.storage.postgresql;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import io.datanode.DataNodeException;
import io.datanode.jdbc.SqlState;
import io.datanode.storage.ConnectionCounts;
import io.datanode.storage.RunningQueries;
import io.datanode.storage.StreamedQuery;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.postgresql.jdbc.PgConnection;

/**
 * Connections to one database: opened when first needed, read-only, session zone UTC. Thread-safe.
 */
final class ConnectionPool implements AutoCloseable {
  private static final String TOO_MANY_CONNECTIONS = "53300";

  /** How long to wait before looking whether waiting still makes sense, in milliseconds. */
  private static final long SLICE = 250;

  private final ConnectionSettings settings;
  private final ServerConnections server;
  private final RunningQueries queries = new RunningQueries("postgresql");
  private @Nullable HikariDataSource pool;
  private boolean closed;

  ConnectionPool(ConnectionSettings settings) {
    this.settings = settings;
    this.server = new ServerConnections(settings);
  }

  ConnectionSettings settings() {
    return settings;
  }

  /**
   * A connection for one user, to be given back by closing it.
   *
   * @param abandoned asked while waiting; true ends the wait
   * @throws DataNodeException 57P03 if the server does not answer, 28P01 or the like if it refuses,
   *     53300 if all connections stay in use, 57014 if abandoned
   */
  PooledConnection borrow(BooleanSupplier abandoned) {
    long start = System.nanoTime();
    try {
      HikariDataSource open = pool();
      if (open.getHikariPoolMXBean().getTotalConnections() == 0) {
        server.openOne();
      }
      while (true) {
        try {
          Connection connection = open.getConnection();
          return new PooledConnection(open, connection, connection.unwrap(PgConnection.class));
        } catch (SQLTransientConnectionException e) {
          if (abandoned.getAsBoolean()) {
            throw StreamedQuery.cancelled();
          }
          Optional<SQLException> failure = server.failureSince(start);
          if (failure.isPresent() && !othersMayBeFreed(open, failure.get())) {
            throw failure.get();
          }
          if (System.nanoTime() - start >= settings.poolTimeout().toNanos()) {
            throw exhausted(open, e);
          }
        }
      }
    } catch (SQLException e) {
      throw PostgreSqlErrors.unreachable(settings, e);
    }
  }

  /** The server may allow fewer connections than the pool; those there are will be free again. */
  private static boolean othersMayBeFreed(HikariDataSource open, SQLException failure) {
    return TOO_MANY_CONNECTIONS.equals(failure.getSQLState())
        && open.getHikariPoolMXBean().getTotalConnections() > 0;
  }

  private DataNodeException exhausted(HikariDataSource open, SQLException cause) {
    return new DataNodeException(
        TOO_MANY_CONNECTIONS,
        PostgreSqlErrors.where(settings)
            + ": all "
            + open.getHikariPoolMXBean().getTotalConnections()
            + " connections stayed in use for "
            + settings.poolTimeout().toMillis()
            + " ms; raise pool_size ("
            + settings.poolSize()
            + ") or pool_timeout, or read fewer results at once",
        cause);
  }

  private synchronized HikariDataSource pool() {
    if (closed) {
      throw new DataNodeException(SqlState.CONNECTION_CLOSED, "The engine is closed");
    }
    HikariDataSource known = pool;
    if (known != null) {
      return known;
    }
    HikariConfig config = new HikariConfig();
    config.setPoolName("datanode-" + settings.name());
    config.setDataSource(server);
    config.setMaximumPoolSize(settings.poolSize());
    config.setMinimumIdle(0);
    config.setInitializationFailTimeout(-1);
    config.setConnectionTimeout(SLICE);
    config.setValidationTimeout(SLICE);
    config.setReadOnly(true);
    HikariDataSource made = new HikariDataSource(config);
    pool = made;
    return made;
  }

  /** Replaces the connections nobody uses, after one turned out to be dead. */
  void renew() {
    HikariDataSource known;
    synchronized (this) {
      known = pool;
    }
    if (known != null) {
      known.getHikariPoolMXBean().softEvictConnections();
    }
  }

  /** How many connections are in use. */
  synchronized int inUse() {
    return pool == null ? 0 : pool.getHikariPoolMXBean().getActiveConnections();
  }

  /** How many connections there are. */
  synchronized ConnectionCounts counts() {
    if (pool == null) {
      return new ConnectionCounts(0, 0, 0, settings.poolSize());
    }
    HikariPoolMXBean now = pool.getHikariPoolMXBean();
    return new ConnectionCounts(
        now.getActiveConnections(),
        now.getIdleConnections(),
        now.getThreadsAwaitingConnection(),
        settings.poolSize());
  }

  /** The queries that use connections of this pool. */
  RunningQueries queries() {
    return queries;
  }

  /** Cancels what runs, and closes all connections. */
  @Override
  public void close() {
    HikariDataSource known;
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
      known = pool;
    }
    queries.close();
    if (known != null) {
      known.close();
    }
    try {
      server.close();
    } catch (SQLException e) {
      throw PostgreSqlErrors.translate(settings, e);
    }
  }
}
