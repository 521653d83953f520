package io.datanode.storage.postgresql;

import io.datanode.DataNodeException;
import io.datanode.jdbc.batch.ColumnBatch;
import io.datanode.storage.RunningQuery;
import io.datanode.storage.StorageQuery;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.postgresql.core.Tuple;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A statement whose rows are fetched, some thousands at a time, through a cursor in a read-only
 * transaction of its own, so that they are all of one snapshot.
 */
final class PostgreSqlQuery implements RunningQuery {
  private static final Logger LOG = LoggerFactory.getLogger(PostgreSqlQuery.class);

  /** How often a cancel request is repeated: the server forgets one that comes between commands. */
  private static final long REPEAT_MILLIS = 50;

  /** How long {@link #close} waits for a cancelled statement before it cuts the connection. */
  private static final long PATIENCE_SECONDS = 10;

  private final ConnectionPool pool;
  private final ConvertedStatements converted;
  private final StorageQuery query;

  /** Held while the thread that reads waits for the server. */
  private final ReentrantLock reading = new ReentrantLock();

  /** Guards the connection between its use here and the next user's. */
  private final Object end = new Object();

  private @Nullable PooledConnection connection;
  private @Nullable Cursor cursor;
  private @Nullable ResultPlan plan;
  private @Nullable ColumnBatch batch;
  private @Nullable DataNodeException failure;
  private volatile boolean cancelled;
  private volatile boolean ended;

  /** A statement that asks for a connection when its first rows are read. */
  PostgreSqlQuery(ConnectionPool pool, ConvertedStatements converted, StorageQuery query) {
    this.pool = pool;
    this.converted = converted;
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
      Cursor open = cursor;
      List<Tuple> rows = open == null ? start() : open.fetch();
      if (cancelled) {
        throw PostgreSqlErrors.cancelled();
      }
      ColumnBatch filled = rows.isEmpty() ? null : read(rows);
      if (cursor == null || cursor.atEnd()) {
        finish(null);
      }
      return filled;
    } catch (SQLException | RuntimeException e) {
      failure =
          cancelled ? PostgreSqlErrors.cancelled() : PostgreSqlErrors.translate(pool.settings(), e);
      finish(e);
      throw failure;
    } finally {
      reading.unlock();
    }
  }

  /** The first rows. What a stale connection or a stale plan spoils is tried once more. */
  private List<Tuple> start() throws SQLException {
    String sql = converted.sql(query);
    try {
      return run(sql);
    } catch (SQLException e) {
      boolean stale = PostgreSqlErrors.isConnectionLost(e) || PostgreSqlErrors.isPlanStale(e);
      if (cancelled || !stale) {
        throw e;
      }
      LOG.debug("A connection of {} is replaced", pool.settings(), e);
      giveBack(e);
      pool.renew();
      return run(sql);
    }
  }

  private List<Tuple> run(String sql) throws SQLException {
    List<Tuple> rows = open(sql);
    Cursor open = cursor;
    if (open == null || open.fields() == null) {
      return rows;
    }
    Optional<ResultPlan> direct = ResultPlan.of(open.fields(), query);
    if (direct.isPresent()) {
      plan = direct.get();
      return rows;
    }
    if (sql.equals(ResultPlan.converting(query))) {
      throw new IllegalStateException("A column cannot be read as wanted: " + sql);
    }
    converted.add(query);
    giveBack(null);
    return run(converted.sql(query));
  }

  private List<Tuple> open(String sql) throws SQLException {
    PooledConnection borrowed = pool.borrow(() -> cancelled);
    synchronized (end) {
      connection = borrowed;
    }
    Cursor opened = new Cursor(borrowed.driver(), sql, query.parameters());
    cursor = opened;
    return opened.execute();
  }

  private ColumnBatch read(List<Tuple> rows) {
    ColumnBatch target = batch;
    if (target == null) {
      target = ColumnBatch.of(query.columns(), rows.size());
      batch = target;
    } else {
      target.clear();
    }
    ResultPlan known = plan;
    Cursor open = cursor;
    if (known == null || open == null) {
      throw new IllegalStateException("Rows came without their columns");
    }
    try {
      open.expectRowsOf(known.read(rows, target) / rows.size());
    } catch (DataNodeException e) {
      throw new DataNodeException(
          e.sqlState(), PostgreSqlErrors.where(pool.settings()) + ": " + e.getMessage(), e);
    }
    return target;
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
    plan = null;
    batch = null;
    pool.ended(this);
  }

  /** Ends the transaction and gives the connection back, unless it is broken. */
  private void giveBack(@Nullable Exception cause) {
    PooledConnection used;
    synchronized (end) {
      used = connection;
      connection = null;
    }
    Cursor open = cursor;
    cursor = null;
    if (used == null) {
      return;
    }
    boolean broken =
        cause instanceof SQLException sql
            && (PostgreSqlErrors.isConnectionLost(sql) || PostgreSqlErrors.isPlanStale(sql));
    try {
      if (open != null && !broken) {
        open.close();
      }
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
