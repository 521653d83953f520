package io.datanode.storage.postgresql;

import io.datanode.DataNodeException;
import io.datanode.jdbc.SqlState;
import io.datanode.jdbc.batch.ColumnBatch;
import io.datanode.jdbc.batch.ColumnVector;
import io.datanode.storage.StorageQuery;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.postgresql.copy.CopyOut;
import org.postgresql.jdbc.PgConnection;

/**
 * The rows of a statement without parameters, as {@code COPY … TO STDOUT} sends them: one stream,
 * read as fast as it is wanted, in one round trip. Unlike behind a cursor, PostgreSQL may use
 * parallel workers. COPY takes no parameters, and does not say what types its columns have, so the
 * statement is made to cast them.
 */
final class CopyStream implements RowSource {
  private static final int MAX_ROWS = 10_000;
  private static final long MAX_BYTES = 8L << 20;

  /** A signature of eleven bytes, flags, and the length of what follows: always nothing. */
  private static final int HEADER = 19;

  /** How long a server may take to stop before its connection is given up. */
  private static final int PATIENCE_MILLIS = 1_000;

  private final PgConnection connection;
  private final StorageQuery query;
  private final CopyOut copy;
  private final ResultPlan plan;
  private @Nullable ColumnBatch batch;
  private boolean headerRead;
  private boolean ended;

  /** Starts the statement. */
  CopyStream(PgConnection connection, StorageQuery query) throws SQLException {
    this.connection = connection;
    this.query = query;
    this.plan = ResultPlan.ofConverted(query);
    this.copy =
        connection
            .getCopyAPI()
            .copyOut("COPY (" + ResultPlan.converting(query) + ") TO STDOUT (FORMAT binary)");
  }

  @Override
  public @Nullable ColumnBatch next() throws SQLException {
    if (ended) {
      return null;
    }
    byte[] message = copy.readFromCopy();
    int capacity = batch == null ? firstRows(message) : MAX_ROWS;
    ColumnBatch target = cleared(capacity);
    ColumnVector[] vectors = ResultPlan.vectors(target, capacity);
    int rows = 0;
    long bytes = 0;
    while (message != null) {
      // Each row is a message of its own, the first one behind the header.
      int offset = headerRead ? 0 : HEADER;
      headerRead = true;
      int fields = (short) ((message[offset] & 0xff) << 8 | message[offset + 1] & 0xff);
      if (fields >= 0) {
        if (rows == capacity) {
          capacity = MAX_ROWS;
          vectors = ResultPlan.vectors(target, capacity);
        }
        int end = plan.read(message, offset + Short.BYTES, vectors, rows);
        if (end != message.length) {
          throw new DataNodeException(
              SqlState.PROTOCOL_ERROR, "A row of " + message.length + " bytes ends at byte " + end);
        }
        rows++;
        bytes += message.length;
        if (rows == MAX_ROWS || bytes >= MAX_BYTES) {
          break;
        }
      }
      message = copy.readFromCopy();
    }
    ended = message == null;
    target.setRowCount(rows);
    return rows == 0 ? null : target;
  }

  /** How many rows to make room for before it is known whether there are many. */
  private static int firstRows(byte @Nullable [] first) {
    return first == null ? 1 : 1_000;
  }

  private ColumnBatch cleared(int capacity) {
    ColumnBatch target = batch;
    if (target == null) {
      target = ColumnBatch.of(query.columns(), capacity);
      batch = target;
    } else {
      target.clear();
    }
    return target;
  }

  @Override
  public boolean atEnd() {
    return ended;
  }

  /** COPY tells none. */
  @Override
  public @Nullable String columnName(int column) {
    return null;
  }

  @Override
  public boolean close() throws SQLException {
    ended = true;
    return !copy.isActive() || stopped();
  }

  /**
   * Has the server stop, and reads what it had sent by then. The driver's own way to cancel a copy
   * may leave rows on the connection.
   */
  private boolean stopped() throws SQLException {
    connection.cancelQuery();
    int timeout = connection.getNetworkTimeout();
    connection.setNetworkTimeout(Runnable::run, PATIENCE_MILLIS);
    long start = System.nanoTime();
    try {
      while (copy.readFromCopy() != null) {
        if (System.nanoTime() - start > TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS)) {
          return false;
        }
      }
    } catch (SQLException e) {
      if (!SqlState.QUERY_CANCELED.code().equals(e.getSQLState())) {
        throw e;
      }
    }
    connection.setNetworkTimeout(Runnable::run, timeout);
    return !copy.isActive();
  }
}
