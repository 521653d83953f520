package io.datanode.storage.duckdb;

import io.datanode.DataNodeException;
import io.datanode.jdbc.SqlState;
import io.datanode.storage.RunningQueries;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.duckdb.DuckDBConnection;

/**
 * Connections to one DuckDB database, kept because each remembers the statements it has prepared.
 * There is no upper bound: DuckDB's connections are cheap, and a shipped result must be readable
 * while it is being filled. Thread-safe.
 */
final class ConnectionPool implements AutoCloseable {
  private static final int IDLE = 64;

  private final DuckDBConnection root;
  private final Deque<PooledConnection> idle = new ArrayDeque<>();
  private final RunningQueries queries = new RunningQueries("duckdb");
  private final AtomicInteger shapes = new AtomicInteger();
  private int inUse;
  private boolean closed;

  ConnectionPool(DuckDBConnection root) {
    this.root = root;
  }

  /** A connection for one user, to be given back with {@link #release}. */
  PooledConnection borrow() {
    PooledConnection known;
    synchronized (this) {
      if (closed) {
        throw closedError();
      }
      inUse++;
      // The one used last most likely knows the next statement.
      known = idle.pollLast();
    }
    if (known != null) {
      return known;
    }
    try {
      return new PooledConnection(root.duplicate(), shapes);
    } catch (SQLException e) {
      synchronized (this) {
        inUse--;
      }
      throw DuckDbErrors.translate("The embedded DuckDB", e);
    }
  }

  /** Takes a connection back. */
  void release(PooledConnection connection) {
    synchronized (this) {
      inUse--;
      if (!closed && idle.size() < IDLE) {
        idle.addLast(connection);
        notifyAll();
        return;
      }
      notifyAll();
    }
    connection.close();
  }

  synchronized int inUse() {
    return inUse;
  }

  /** True after {@link #close}: the database is gone, with all that was attached to it. */
  synchronized boolean closed() {
    return closed;
  }

  /** Runs statements that give no rows. */
  void run(String where, String... statements) {
    PooledConnection connection = borrow();
    try {
      connection.run(statements);
    } catch (SQLException e) {
      throw DuckDbErrors.translate(where, e);
    } finally {
      release(connection);
    }
  }

  /** Says that a view has other columns now, so statements prepared before may not be used. */
  void shapesChanged() {
    shapes.incrementAndGet();
  }

  /** Counts the changes of views. */
  int shapes() {
    return shapes.get();
  }

  /** The queries that use connections of this pool. */
  RunningQueries queries() {
    return queries;
  }

  /** Cancels what runs, waits until it has stopped, and closes all connections. */
  @Override
  public void close() {
    List<PooledConnection> connections;
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
      connections = List.copyOf(idle);
      idle.clear();
    }
    queries.close();
    connections.forEach(PooledConnection::close);
  }

  private static DataNodeException closedError() {
    return new DataNodeException(SqlState.CONNECTION_CLOSED, "The engine is closed");
  }
}
