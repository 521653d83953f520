package io.datanode.engine;

import io.datanode.DataNodeException;
import io.datanode.jdbc.SqlState;
import io.datanode.jdbc.batch.ColumnBatch;
import io.datanode.storage.RunningQuery;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What can be stopped: a statement from its first thought to its last row.
 *
 * <p>One thread works on it, step by step, if need be with others that a step waits for; any thread
 * may stop it. The time limit counts the time spent in steps, not the time its reader takes between
 * them.
 */
final class RunningStatement {
  /** DuckDB forgets an interrupt that arrives just before the statement begins: ask again. */
  private static final long ASK_AGAIN_MILLIS = 20;

  private final String id;
  private final int timeoutSeconds;
  private final ScheduledExecutorService timer;
  private long nanosLeft;
  private final Set<RunningQuery> queries = new LinkedHashSet<>();
  private @Nullable Reason stopped;
  private boolean inside;
  private boolean interrupting;

  /** Who stopped a statement. */
  enum Reason {
    USER,
    TIMEOUT,
    SESSION_CLOSED
  }

  /**
   * A statement that has not begun.
   *
   * @param timeoutSeconds 0 for no limit
   * @param timer runs the time limit
   */
  RunningStatement(String id, int timeoutSeconds, ScheduledExecutorService timer) {
    this.id = id;
    this.timeoutSeconds = timeoutSeconds;
    this.timer = timer;
    this.nanosLeft = TimeUnit.SECONDS.toNanos(timeoutSeconds);
  }

  String id() {
    return id;
  }

  /** The same query, which is cancelled when the statement is stopped before it is closed. */
  RunningQuery watched(RunningQuery running) {
    synchronized (this) {
      queries.add(running);
    }
    return new RunningQuery() {
      @Override
      public @Nullable ColumnBatch next() {
        return running.next();
      }

      @Override
      public void cancel() {
        running.cancel();
      }

      @Override
      public void close() {
        synchronized (RunningStatement.this) {
          queries.remove(running);
        }
        running.close();
      }
    };
  }

  /** Cancels what its storages do now; the statement itself is not stopped by it. */
  void cancelQueries() {
    List<RunningQuery> running;
    synchronized (this) {
      running = List.copyOf(queries);
    }
    running.forEach(RunningQuery::cancel);
  }

  /**
   * Takes a step.
   *
   * @throws DataNodeException 57014 if the statement was stopped before, in or after it
   */
  <T> T step(Supplier<T> work) {
    Future<?> alarm = null;
    long began = System.nanoTime();
    synchronized (this) {
      check();
      inside = true;
    }
    if (timeoutSeconds > 0) {
      alarm =
          timer.schedule(() -> stop(Reason.TIMEOUT), Math.max(0, nanosLeft), TimeUnit.NANOSECONDS);
    }
    T result;
    try {
      result = work.get();
    } catch (RuntimeException e) {
      synchronized (this) {
        if (stopped != null) {
          throw failure(stopped, e);
        }
      }
      throw e;
    } finally {
      if (alarm != null) {
        alarm.cancel(false);
      }
      synchronized (this) {
        inside = false;
        nanosLeft -= System.nanoTime() - began;
      }
    }
    check();
    return result;
  }

  /** Throws if the statement has been stopped. */
  synchronized void check() {
    if (stopped != null) {
      throw failure(stopped, null);
    }
  }

  /** True if it was stopped rather than came to an end or failed. */
  synchronized boolean wasStopped() {
    return stopped != null;
  }

  /** Stops it: interrupts the step that runs now and forbids others. Any thread. */
  void stop(Reason reason) {
    synchronized (this) {
      if (stopped == null) {
        stopped = reason;
      }
      if (interrupting) {
        return;
      }
      interrupting = true;
    }
    interrupt();
  }

  private void interrupt() {
    synchronized (this) {
      interrupting = inside;
      if (!inside) {
        return;
      }
    }
    cancelQueries();
    if (!timer.isShutdown()) {
      timer.schedule(this::interrupt, ASK_AGAIN_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  private DataNodeException failure(Reason reason, @Nullable Throwable cause) {
    String message;
    switch (reason) {
      case TIMEOUT:
        message =
            "Statement stopped by its timeout of "
                + timeoutSeconds
                + " s; set a longer queryTimeout, or ask for less";
        break;
      case SESSION_CLOSED:
        message = "Statement stopped because its connection was closed";
        break;
      default:
        message = "Statement cancelled by its user";
    }
    return new DataNodeException(SqlState.QUERY_CANCELED, message, cause);
  }
}
