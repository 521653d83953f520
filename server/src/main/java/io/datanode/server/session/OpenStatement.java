package io.datanode.server.session;

import io.datanode.jdbc.SqlState;
import io.datanode.jdbc.session.Result;
import io.datanode.jdbc.session.StatementCall;
import io.datanode.jdbc.session.StatementShape;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A statement of a session, with its result while that is being read.
 *
 * <p>One request at a time runs or reads it; another one waits. {@link #close} may be called by any
 * thread and interrupts what runs.
 */
public final class OpenStatement extends Leased {
  private static final Logger LOGGER = LoggerFactory.getLogger(OpenStatement.class);
  private static final AtomicLong CALLS = new AtomicLong();

  private final ServerSession session;
  private final String id;
  private final @Nullable String sql;
  private final @Nullable StatementShape shape;
  private final ReentrantLock lock = new ReentrantLock();
  private volatile @Nullable String runningCall;
  private volatile boolean closed;
  private @Nullable Cursor cursor;
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

  /** An id for running this statement once more, unique among all. */
  public String newCallId() {
    return id + "." + CALLS.incrementAndGet();
  }

  /**
   * Runs a call, closing the result of the run before.
   *
   * @param open makes the cursor that will read the result
   */
  public <C extends Cursor> C run(StatementCall call, Function<Result, C> open)
      throws SQLException {
    return run(call.id(), engine -> engine.execute(call), open);
  }

  /**
   * Asks the engine for another kind of result, closing the one before.
   *
   * @param work what is asked
   * @param open makes the cursor that will read the result
   */
  public <C extends Cursor> C run(ServerSession.Work<Result> work, Function<Result, C> open)
      throws SQLException {
    return run(null, work, open);
  }

  /**
   * Asks the engine for a result, closing the one before.
   *
   * @param call the id under which it can be cancelled, or null if it cannot
   * @param work what is asked
   * @param open makes the cursor that will read the result
   */
  public <C extends Cursor> C run(
      @Nullable String call, ServerSession.Work<Result> work, Function<Result, C> open)
      throws SQLException {
    lock.lock();
    try {
      closeCursor();
      session.sessions().beginRunning(session.user());
      counted = true;
      runningCall = call;
      C opened = null;
      TimeBudget budget = session.sessions().timeBudget(this::cancelQuietly);
      LimitedResult.Ending ending = session.sessions().ending(id, session.user());
      try {
        Result result =
            new LimitedResult(
                budget.spend(() -> session.locked(work)),
                session.sessions().limits().statement().rows(),
                budget,
                ending,
                session.sessions().holdings().memory(session.user()));
        if (closed) {
          result.close();
          throw SqlState.QUERY_CANCELED.exception("The statement was closed while it was running");
        }
        opened = open.apply(result);
        cursor = opened;
        return opened;
      } catch (SQLException e) {
        ending.failed(e, 0);
        throw e;
      } finally {
        if (opened == null) {
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
   * @param type of the cursor that {@link #run} opened
   * @throws SQLException 24000 if there is none to read
   */
  public <C extends Cursor, T> T read(Class<C> type, Reading<C, T> reading) throws SQLException {
    lock.lock();
    try {
      if (!type.isInstance(cursor)) {
        throw SqlState.INVALID_CURSOR_STATE.exception(
            "The result was read to its end or closed; run the statement again");
      }
      C open = type.cast(cursor);
      boolean done = false;
      try {
        T value = reading.read(open);
        done = true;
        return value;
      } finally {
        if (!done || open.atEnd()) {
          closeCursor();
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
      return cursor != null;
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

  /** Stops what runs, from any thread, for a client that is not there to hear of a failure. */
  public void cancelQuietly() {
    try {
      cancel();
    } catch (SQLException e) {
      LOGGER.warn("Statement {} could not be cancelled: {}", id, e.getMessage());
    }
  }

  /** Stops what runs and closes the result. Calling it again does nothing. */
  void close() throws SQLException {
    closed = true;
    cancel();
    lock.lock();
    try {
      closeCursor();
    } finally {
      lock.unlock();
    }
  }

  private void closeCursor() throws SQLException {
    Cursor open = cursor;
    cursor = null;
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

  /** Takes rows from a result. */
  @FunctionalInterface
  public interface Reading<C, T> {
    T read(C cursor) throws SQLException;
  }
}
