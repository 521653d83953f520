package io.datanode.storage;

import io.datanode.DataNodeException;
import io.datanode.jdbc.SqlState;
import io.datanode.jdbc.batch.ColumnBatch;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running query whose rows come from a connection of a pool: one thread reads them, and any other
 * may cancel or close the query meanwhile. Decides what each of them meets; a storage says how it
 * reads, interrupts and gives back.
 *
 * <p>The connection is given back exactly once: at the end of the rows, at the first failure, or
 * when the query is closed. A failure is thrown again at each later call of {@link #next}.
 */
public abstract class StreamedQuery implements RunningQuery {
  private static final Logger LOG = LoggerFactory.getLogger(StreamedQuery.class);

  /** How long {@link #close} waits for an interrupted reader before it cuts the connection. */
  private static final long PATIENCE_SECONDS = 10;

  /**
   * Held while the connection is interrupted. Whoever gives the connection to another user, or
   * takes one, holds it too, so that nobody else is interrupted.
   */
  protected final Object handover = new Object();

  /** Held while the thread that reads waits for the storage. */
  private final ReentrantLock reading = new ReentrantLock();

  private final RunningQueries queries;
  private @Nullable DataNodeException failure;
  private final AtomicBoolean cancelled = new AtomicBoolean();
  private volatile boolean ended;

  /**
   * A query that has not been read yet.
   *
   * @param queries those of its storage; the query leaves them when it ends
   */
  protected StreamedQuery(RunningQueries queries) {
    this.queries = queries;
  }

  /**
   * The next rows, or null at the end. Called by one thread at a time, never after the end.
   *
   * @throws SQLException if the storage refuses
   */
  protected abstract @Nullable ColumnBatch read() throws SQLException;

  /** True if it is known, before the reader asks for more, that the last rows have been read. */
  protected abstract boolean atEnd();

  /** The failure of {@link #read}, for a user. Called before {@link #release}. */
  protected abstract DataNodeException translate(Exception cause);

  /**
   * Asks the storage to stop; called again a little later if it does not. Called while {@link
   * #handover} is held and {@link #read} runs.
   *
   * @throws SQLException if the storage cannot be asked
   */
  protected abstract void interrupt() throws SQLException;

  /** Ends the wait for a storage that does not react to {@link #interrupt}, at any price. */
  protected abstract void cut();

  /**
   * Frees what the query holds and gives the connection back. Called once.
   *
   * @param cause why the query ends before the end of its rows; null if it does not, or was closed
   */
  protected abstract void release(@Nullable Exception cause);

  /** True after {@link #cancel}. */
  protected final boolean isCancelled() {
    return cancelled.get();
  }

  /** What the reader of a cancelled query is told. */
  public static DataNodeException cancelled() {
    return new DataNodeException(SqlState.QUERY_CANCELED, "The statement was cancelled");
  }

  @Override
  public final @Nullable ColumnBatch next() {
    reading.lock();
    try {
      if (failure != null) {
        throw failure;
      }
      if (ended) {
        return null;
      }
      checkNotCancelled();
      ColumnBatch rows = read();
      checkNotCancelled();
      if (rows == null || atEnd()) {
        finish(null);
      }
      return rows;
    } catch (SQLException | RuntimeException e) {
      failure = cancelled.get() ? cancelled() : translate(e);
      finish(e);
      throw failure;
    } finally {
      reading.unlock();
    }
  }

  private void checkNotCancelled() {
    if (cancelled.get()) {
      throw cancelled();
    }
  }

  @Override
  public final void cancel() {
    // The first call is repeated until it has an effect; others would only add to the queue.
    if (!ended && cancelled.compareAndSet(false, true)) {
      queries.interrupt(this::interruptReader);
    }
  }

  /** Interrupts the thread that reads; false if there is none any more. */
  private boolean interruptReader() {
    synchronized (handover) {
      if (ended || !reading.isLocked()) {
        return false;
      }
      try {
        interrupt();
      } catch (SQLException e) {
        // The storage is gone or busy; the reader learns the first itself, the second passes.
        LOG.debug("A statement was not interrupted", e);
      }
      return true;
    }
  }

  @Override
  public final void close() {
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

  private void cutIfDeaf() {
    try {
      if (reading.tryLock(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        reading.unlock();
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    synchronized (handover) {
      if (!ended) {
        cut();
      }
    }
  }

  private void finish(@Nullable Exception cause) {
    synchronized (handover) {
      if (ended) {
        return;
      }
      ended = true;
    }
    try {
      release(cause);
    } finally {
      queries.ended(this);
    }
  }
}
