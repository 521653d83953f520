package io.datanode.storage.postgresql;

import io.datanode.DataNodeException;
import io.datanode.jdbc.batch.ColumnBatch;
import io.datanode.storage.RunningQuery;
import io.datanode.storage.StorageQuery;
import io.datanode.storage.postgresql.StatementMemory.Learnt;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A statement whose rows are streamed, all of one snapshot, on a connection of the pool. */
final class PostgreSqlQuery implements RunningQuery {
  private static final Logger LOG = LoggerFactory.getLogger(PostgreSqlQuery.class);

  /** How often a cancel request is repeated: the server forgets one that comes between commands. */
  private static final long REPEAT_MILLIS = 50;

  /** How long {@link #close} waits for a cancelled statement before it cuts the connection. */
  private static final long PATIENCE_SECONDS = 10;

  private final ConnectionPool pool;
  private final StatementMemory memory;
  private final StorageQuery query;

  /** Held while the thread that reads waits for the server. */
  private final ReentrantLock reading = new ReentrantLock();

  /** Guards the connection between its use here and the next user's. */
  private final Object end = new Object();

  private @Nullable PooledConnection connection;
  private @Nullable RowSource source;
  private @Nullable DataNodeException failure;
  private volatile boolean cancelled;
  private volatile boolean ended;

  /** A statement that asks for a connection when its first rows are read. */
  PostgreSqlQuery(ConnectionPool pool, StatementMemory memory, StorageQuery query) {
    this.pool = pool;
    this.memory = memory;
    this.query = query;
    pool.started(this);
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
        throw PostgreSqlErrors.cancelled();
      }
      RowSource open = source;
      ColumnBatch rows = open == null ? start() : open.next();
      if (cancelled) {
        throw PostgreSqlErrors.cancelled();
      }
      if (source == null || source.atEnd()) {
        finish(null);
      }
      return rows;
    } catch (SQLException | RuntimeException e) {
      failure = cancelled ? PostgreSqlErrors.cancelled() : failure(e);
      finish(e);
      throw failure;
    } finally {
      reading.unlock();
    }
  }

  private DataNodeException failure(Exception cause) {
    if (!(cause instanceof UnreadableValue value)) {
      return PostgreSqlErrors.translate(pool.settings(), cause);
    }
    RowSource open = source;
    String known = open == null ? null : open.columnName(value.column());
    giveBack(value);
    return new DataNodeException(
        value.state(),
        PostgreSqlErrors.where(pool.settings())
            + ": column '"
            + (known == null ? columnName(value.column()) : known)
            + "' "
            + value.getMessage(),
        value);
  }

  private String columnName(int column) {
    try (PooledConnection other = pool.borrow(() -> cancelled)) {
      return other.columnName(query.sql(), column);
    } catch (SQLException | DataNodeException e) {
      LOG.debug("A column of {} could not be named", pool.settings(), e);
      return String.valueOf(column + 1);
    }
  }

  /** The first rows. What a stale connection or a stale plan spoils is tried once more. */
  private @Nullable ColumnBatch start() throws SQLException {
    try {
      return run();
    } catch (SQLException e) {
      boolean stale = PostgreSqlErrors.isConnectionLost(e) || PostgreSqlErrors.isPlanStale(e);
      if (cancelled || !stale) {
        throw e;
      }
      LOG.debug("A connection of {} is replaced", pool.settings(), e);
      giveBack(e);
      pool.renew();
      return run();
    }
  }

  private @Nullable ColumnBatch run() throws SQLException {
    PooledConnection borrowed = pool.borrow(() -> cancelled);
    synchronized (end) {
      connection = borrowed;
    }
    if (query.parameters().isEmpty()) {
      RowSource copy = new CopyStream(borrowed.driver(), query);
      source = copy;
      return copy.next();
    }
    return run(borrowed, memory.of(query));
  }

  private @Nullable ColumnBatch run(PooledConnection borrowed, Learnt learnt) throws SQLException {
    Cursor cursor = new Cursor(borrowed.driver(), learnt.sql(), query);
    source = cursor;
    long start = System.nanoTime();
    if (cursor.execute(learnt.small())) {
      ColumnBatch rows = cursor.next();
      memory.ran(query, learnt.sql(), cursor.atEnd(), System.nanoTime() - start);
      return rows;
    }
    source = null;
    cursor.close();
    Learnt casting = memory.needsCasts(query);
    if (casting.sql().equals(learnt.sql())) {
      throw new IllegalStateException("A column cannot be read as wanted: " + learnt.sql());
    }
    return run(borrowed, casting);
  }

  @Override
  public void cancel() {
    if (!ended) {
      cancelled = true;
      pool.soon(this::interruptUntilEnded, 0);
    }
  }

  private void interruptUntilEnded() {
    synchronized (end) {
      PooledConnection used = connection;
      if (ended || !reading.isLocked()) {
        return;
      }
      if (used != null) {
        try {
          used.driver().cancelQuery();
        } catch (SQLException e) {
          // The server is gone or busy; the reader learns the first itself, the second passes.
          LOG.debug("A statement of {} was not cancelled", pool.settings(), e);
        }
      }
    }
    pool.soon(this::interruptUntilEnded, REPEAT_MILLIS);
  }

  @Override
  public void close() {
    if (ended) {
      return;
    }
    if (reading.isLocked() && !reading.isHeldByCurrentThread()) {
      cancel();
      cutIfDeaf();
    }
    reading.lock();
    try {
      finish(null);
    } finally {
      reading.unlock();
    }
  }

  /** Cuts the connection to a server that does not react to being cancelled. */
  private void cutIfDeaf() {
    try {
      if (reading.tryLock(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        reading.unlock();
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    synchronized (end) {
      if (!ended && connection != null) {
        connection.drop();
      }
    }
  }

  private void finish(@Nullable Exception cause) {
    if (ended) {
      return;
    }
    synchronized (end) {
      ended = true;
    }
    giveBack(cause);
    pool.ended(this);
  }

  /** Ends the transaction and gives the connection back, unless it is broken. */
  private void giveBack(@Nullable Exception cause) {
    PooledConnection used;
    synchronized (end) {
      used = connection;
      connection = null;
    }
    RowSource open = source;
    source = null;
    if (used == null) {
      return;
    }
    boolean broken =
        cause instanceof SQLException sql
            && (PostgreSqlErrors.isConnectionLost(sql) || PostgreSqlErrors.isPlanStale(sql));
    try {
      broken |= open != null && !broken && !open.close();
    } catch (SQLException e) {
      LOG.debug("A transaction of {} did not end well", pool.settings(), e);
      broken = true;
    }
    if (broken) {
      used.drop();
    }
    used.close();
  }
}
