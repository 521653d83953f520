package io.datanode.storage.duckdb;

import io.datanode.DataNodeException;
import io.datanode.jdbc.SqlState;
import io.datanode.jdbc.batch.ColumnBatch;
import io.datanode.storage.RunningQuery;
import io.datanode.storage.StorageQuery;
import io.datanode.storage.duckdb.PooledConnection.PreparedQuery;
import java.sql.SQLException;
import java.util.concurrent.locks.ReentrantLock;
import org.duckdb.DuckDBChunkedResult;
import org.duckdb.DuckDBDataChunkReader;
import org.jspecify.annotations.Nullable;

/** A statement whose rows are streamed, chunk by chunk, out of DuckDB. */
final class DuckDbQuery implements RunningQuery {
  private final ConnectionPool pool;
  private final PooledConnection connection;
  private final String where;
  private final StorageQuery query;

  /** Held while the thread that reads is inside DuckDB. */
  private final ReentrantLock reading = new ReentrantLock();

  /** Guards the connection between its use here and the next user's. */
  private final Object end = new Object();

  private final boolean once;
  private PreparedQuery prepared;
  private @Nullable DuckDBChunkedResult result;
  private @Nullable ColumnBatch batch;
  private ColumnReader[] readers = {};
  private @Nullable DataNodeException failure;
  private volatile boolean cancelled;
  private volatile boolean ended;

  private DuckDbQuery(
      ConnectionPool pool,
      PooledConnection connection,
      String where,
      StorageQuery query,
      boolean once,
      PreparedQuery prepared) {
    this.pool = pool;
    this.connection = connection;
    this.where = where;
    this.query = query;
    this.once = once;
    this.prepared = prepared;
  }

  /** Prepares a statement; its first row is not computed before {@link #next}. */
  static DuckDbQuery start(ConnectionPool pool, String where, StorageQuery query) {
    return start(pool, where, query, false);
  }

  /** Prepares a statement that is forgotten when it has run. */
  static DuckDbQuery startOnce(ConnectionPool pool, String where, StorageQuery query) {
    return start(pool, where, query, true);
  }

  private static DuckDbQuery start(
      ConnectionPool pool, String where, StorageQuery query, boolean once) {
    PooledConnection connection = pool.borrow();
    try {
      PreparedQuery prepared = connection.prepare(query);
      Parameters.bind(prepared.statement(), query.parameters());
      DuckDbQuery started = new DuckDbQuery(pool, connection, where, query, once, prepared);
      pool.started(started);
      return started;
    } catch (SQLException | RuntimeException e) {
      pool.release(connection);
      throw DuckDbErrors.translate(where, e);
    }
  }

  @Override
  public @Nullable ColumnBatch next() {
    reading.lock();
    try {
      if (failure != null) {
        throw failure;
      }
      if (ended) {
        return null;
      }
      if (cancelled) {
        throw DuckDbErrors.cancelled();
      }
      DuckDBChunkedResult chunks = result == null ? run() : result;
      while (chunks.nextChunk()) {
        DuckDBDataChunkReader chunk = chunks.chunk();
        if (batch == null && !prepared.plan().reads(chunk)) {
          chunks.close();
          prepared = connection.prepareAgain(query);
          Parameters.bind(prepared.statement(), query.parameters());
          chunks = run();
        } else if (chunk.rowCount() > 0) {
          return read(chunk);
        }
      }
      // The end of the rows and an error on the way look alike to the chunk reader.
      DriverAccess.checkError(chunks);
      if (cancelled) {
        throw DuckDbErrors.cancelled();
      }
      finish(false);
      return null;
    } catch (SQLException | RuntimeException e) {
      failure = cancelled ? DuckDbErrors.cancelled() : DuckDbErrors.translate(where, e);
      if (!ended) {
        finish(true);
      }
      throw failure;
    } finally {
      reading.unlock();
    }
  }

  private DuckDBChunkedResult run() throws SQLException {
    DuckDBChunkedResult started = prepared.statement().query();
    result = started;
    return started;
  }

  private ColumnBatch read(DuckDBDataChunkReader chunk) {
    int rows = Math.toIntExact(chunk.rowCount());
    ColumnBatch target = batch;
    if (target == null) {
      target = ColumnBatch.of(query.columns(), rows);
      readers = prepared.plan().newReaders();
      batch = target;
    } else {
      target.clear();
    }
    for (int i = 0; i < readers.length; i++) {
      target.column(i).ensureCapacity(rows);
      readers[i].read(chunk.vector(i), rows, target.column(i));
    }
    target.setRowCount(rows);
    return target;
  }

  @Override
  public void cancel() {
    if (!ended) {
      cancelled = true;
      interruptUntilEnded();
    }
  }

  /**
   * Interrupts the connection, and again a little later if need be: DuckDB forgets an interrupt
   * that arrives just before it begins.
   */
  private void interruptUntilEnded() {
    synchronized (end) {
      if (ended || !reading.isLocked()) {
        return;
      }
      try {
        connection.interrupt();
      } catch (SQLException e) {
        throw DuckDbErrors.translate(where, e);
      }
      pool.repeat(this::interruptUntilEnded);
    }
  }

  @Override
  public void close() {
    if (ended) {
      return;
    }
    if (reading.isLocked() && !reading.isHeldByCurrentThread()) {
      cancel();
    }
    reading.lock();
    try {
      if (!ended) {
        finish(false);
      }
    } finally {
      reading.unlock();
    }
  }

  /** Frees the result and gives the connection back. */
  private void finish(boolean failed) {
    synchronized (end) {
      ended = true;
    }
    try {
      if (result != null) {
        result.close();
      }
      if (failed || once) {
        connection.forget(query);
      } else {
        prepared.statement().clearParameters();
      }
    } catch (SQLException e) {
      throw new DataNodeException(
          SqlState.INTERNAL_ERROR, where + ": a statement cannot be closed", e);
    } finally {
      result = null;
      batch = null;
      readers = new ColumnReader[0];
      pool.ended(this);
      pool.release(connection);
    }
  }
}
