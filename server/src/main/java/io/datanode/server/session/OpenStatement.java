package io.datanode.server.session;

import io.datanode.jdbc.session.Result;
import io.datanode.jdbc.session.StatementCall;
import io.datanode.jdbc.session.StatementShape;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A statement of a session, with its result while that is being read.
 *
 * <p>One request at a time runs or reads it; another one waits. {@link #close} may be called by any
 * thread and interrupts what runs.
 */
public final class OpenStatement extends Leased {
  private static final AtomicLong CALLS = new AtomicLong();

  private final ServerSession session;
  private final String id;
  private final @Nullable String sql;
  private final @Nullable StatementShape shape;
  private final ReentrantLock lock = new ReentrantLock();
  private volatile @Nullable String runningCall;
  private volatile boolean closed;
  private @Nullable RowReader rows;
  private boolean counted;

  OpenStatement(
      ServerSession session,
      String id,
      @Nullable String sql,
      @Nullable StatementShape shape,
      InstantSource clock) {
    super(clock);
    this.session = session;
    this.id = id;
    this.sql = sql;
    this.shape = shape;
  }

  public String id() {
    return id;
  }

  /** The SQL it was prepared with, or null if it was not prepared. */
  public @Nullable String sql() {
    return sql;
  }

  /** What it gives and takes, or null if it was not prepared. */
  public @Nullable StatementShape shape() {
    return shape;
  }

  /**
   * Runs SQL, closing the result of the run before.
   *
   * @param maxRows rows after which the result ends; 0 means no limit
   * @return the rows, still to be read
   */
  public RowReader run(String text, List<?> parameters, long maxRows, int timeoutSeconds)
      throws SQLException {
    return run(
        new StatementCall(
            id + "." + CALLS.incrementAndGet(), text, parameters, maxRows, timeoutSeconds));
  }

  /** Runs a call whose id the client chose. */
  public RowReader run(StatementCall call) throws SQLException {
    lock.lock();
    try {
      closeRows();
      session.sessions().beginRunning(session.user());
      counted = true;
      runningCall = call.id();
      Result result = null;
      try {
        result = session.locked(engine -> engine.execute(call));
        if (closed) {
          result.close();
          throw closedWhileRunning();
        }
        rows = new RowReader(result);
        return rows;
      } finally {
        if (rows == null) {
          endRunning();
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Reads from the result of the last run; when {@code reading} leaves it at its end, or fails, the
   * result is closed.
   *
   * @throws SQLException 24000 if there is none to read
   */
  public <T> T read(Reading<T> reading) throws SQLException {
    lock.lock();
    try {
      RowReader open = rows;
      if (open == null) {
        throw io.datanode.jdbc.SqlState.INVALID_CURSOR_STATE.exception(
            "The result was read to its end or closed; run the statement again");
      }
      boolean done = false;
      try {
        T value = reading.read(open);
        done = true;
        return value;
      } finally {
        if (!done || open.atEnd()) {
          closeRows();
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** True while it has a result that is not read to its end. */
  public boolean hasRows() {
    lock.lock();
    try {
      return rows != null;
    } finally {
      lock.unlock();
    }
  }

  /** Stops what runs, from any thread. */
  public void cancel() throws SQLException {
    String call = runningCall;
    if (call != null) {
      session.engineSession().cancel(call);
    }
  }

  /** Stops what runs and closes the result. Calling it again does nothing. */
  void close() throws SQLException {
    closed = true;
    cancel();
    lock.lock();
    try {
      closeRows();
    } finally {
      lock.unlock();
    }
  }

  private void closeRows() throws SQLException {
    RowReader open = rows;
    rows = null;
    try {
      if (open != null) {
        open.close();
      }
    } finally {
      endRunning();
    }
  }

  private void endRunning() {
    runningCall = null;
    if (counted) {
      counted = false;
      session.sessions().endRunning(session.user());
    }
  }

  private static SQLException closedWhileRunning() {
    return io.datanode.jdbc.SqlState.QUERY_CANCELED.exception(
        "The statement was closed while it was running");
  }

  /** Takes rows from a result. */
  @FunctionalInterface
  public interface Reading<T> {
    T read(RowReader rows) throws SQLException;
  }
}
