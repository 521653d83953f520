package io.datanode.storage.duckdb;

import io.datanode.DataNodeException;
import io.datanode.jdbc.SqlState;
import io.datanode.jdbc.batch.ColumnBatch;
import io.datanode.storage.StorageQuery;
import io.datanode.storage.StreamedQuery;
import io.datanode.storage.duckdb.PooledConnection.PreparedQuery;
import java.sql.SQLException;
import org.duckdb.DuckDBChunkedResult;
import org.duckdb.DuckDBDataChunkReader;
import org.jspecify.annotations.Nullable;

/** A statement whose rows are streamed, chunk by chunk, out of DuckDB. */
final class DuckDbQuery extends StreamedQuery {
  private final ConnectionPool pool;
  private final PooledConnection connection;
  private final String where;
  private final StorageQuery query;
  private final boolean once;
  private PreparedQuery prepared;
  private @Nullable DuckDBChunkedResult result;
  private @Nullable ColumnBatch batch;
  private ColumnReader[] readers = {};

  private DuckDbQuery(
      ConnectionPool pool,
      PooledConnection connection,
      String where,
      StorageQuery query,
      boolean once,
      PreparedQuery prepared) {
    super(pool.queries());
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
      return pool.queries()
          .started(new DuckDbQuery(pool, connection, where, query, once, prepared));
    } catch (SQLException | RuntimeException e) {
      pool.release(connection);
      throw DuckDbErrors.translate(where, e);
    }
  }

  @Override
  protected @Nullable ColumnBatch read() throws SQLException {
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
    return null;
  }

  /** Only the next chunk tells. */
  @Override
  protected boolean atEnd() {
    return false;
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
  protected DataNodeException translate(Exception cause) {
    return DuckDbErrors.translate(where, cause);
  }

  @Override
  protected void interrupt() throws SQLException {
    connection.interrupt();
  }

  /** DuckDB runs in this process and stops when it is interrupted. */
  @Override
  protected void cut() {}

  @Override
  protected void release(@Nullable Exception cause) {
    try {
      if (result != null) {
        result.close();
      }
      if (cause != null || once) {
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
      pool.release(connection);
    }
  }
}
