package io.datanode.storage.postgresql;

import io.datanode.DataNodeException;
import io.datanode.jdbc.batch.ColumnBatch;
import io.datanode.storage.StorageQuery;
import io.datanode.storage.StreamedQuery;
import io.datanode.storage.postgresql.StatementMemory.Learnt;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A statement whose rows are streamed, all of one snapshot, on a connection of the pool. */
final class PostgreSqlQuery extends StreamedQuery {
  private static final Logger LOG = LoggerFactory.getLogger(PostgreSqlQuery.class);

  private final ConnectionPool pool;
  private final StatementMemory memory;
  private final StorageQuery query;

  private @Nullable PooledConnection connection;
  private @Nullable RowSource source;

  /** A statement that asks for a connection when its first rows are read. */
  PostgreSqlQuery(ConnectionPool pool, StatementMemory memory, StorageQuery query) {
    super(pool.queries());
    this.pool = pool;
    this.memory = memory;
    this.query = query;
  }

  @Override
  protected @Nullable ColumnBatch read() throws SQLException {
    RowSource open = source;
    return open == null ? start() : open.next();
  }

  @Override
  protected boolean atEnd() {
    return source == null || source.atEnd();
  }

  @Override
  protected DataNodeException translate(Exception cause) {
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
    try (PooledConnection other = pool.borrow(this::isCancelled)) {
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
      if (isCancelled() || !stale) {
        throw e;
      }
      LOG.debug("A connection of {} is replaced", pool.settings(), e);
      giveBack(e);
      pool.renew();
      return run();
    }
  }

  private @Nullable ColumnBatch run() throws SQLException {
    PooledConnection borrowed = pool.borrow(this::isCancelled);
    synchronized (handover) {
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
    AllAtOnce atOnce = AllAtOnce.of(query, learnt);
    Cursor cursor =
        new Cursor(borrowed.driver(), atOnce == null ? learnt.sql() : atOnce.sql(), query, memory);
    source = cursor;
    long start = System.nanoTime();
    if (atOnce == null ? cursor.execute(learnt.small()) : cursor.executeAtOnce()) {
      if (atOnce != null && cursor.fetched() > atOnce.rows()) {
        source = null;
        cursor.close();
        return run(borrowed, memory.tooManyRows(query));
      }
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
  protected void interrupt() throws SQLException {
    PooledConnection used = connection;
    if (used != null) {
      used.driver().cancelQuery();
    }
  }

  @Override
  protected void cut() {
    if (connection != null) {
      connection.drop();
    }
  }

  @Override
  protected void release(@Nullable Exception cause) {
    giveBack(cause);
  }

  /** Ends the transaction and gives the connection back, unless it is broken. */
  private void giveBack(@Nullable Exception cause) {
    PooledConnection used;
    synchronized (handover) {
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
