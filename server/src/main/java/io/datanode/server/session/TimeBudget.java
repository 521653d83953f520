package io.datanode.server.session;

import io.datanode.jdbc.SqlState;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * How long a statement may still work; time in which its client reads does not count. One thread at
 * a time.
 */
final class TimeBudget {
  /** A statement that is not found yet, as it waits for its turn, is stopped a little later. */
  private static final long ASK_AGAIN_NANOS = 50_000_000;

  private final Duration limit;
  private final ScheduledExecutorService timer;
  private final Runnable stop;
  private long leftNanos;
  private volatile boolean over;

  /**
   * A budget.
   *
   * @param limit zero for none
   * @param stop ends the statement, from another thread
   */
  TimeBudget(Duration limit, ScheduledExecutorService timer, Runnable stop) {
    this.limit = limit;
    this.timer = timer;
    this.stop = stop;
    this.leftNanos = limit.toNanos();
  }

  /** Something that takes time. */
  @FunctionalInterface
  interface Work<T> {
    T run() throws SQLException;
  }

  /**
   * Works while there is time.
   *
   * @throws SQLException 57014 if the time is over before the work is done
   */
  <T> T spend(Work<T> work) throws SQLException {
    if (limit.isZero()) {
      return work.run();
    }
    long start = System.nanoTime();
    Future<?> alarm =
        timer.scheduleWithFixedDelay(
            () -> {
              over = true;
              stop.run();
            },
            Math.max(0, leftNanos),
            ASK_AGAIN_NANOS,
            TimeUnit.NANOSECONDS);
    try {
      return work.run();
    } catch (SQLException e) {
      if (over && SqlState.QUERY_CANCELED.code().equals(e.getSQLState())) {
        throw SqlState.QUERY_CANCELED.exception(
            "The statement took longer than the "
                + limit.toMillis() / 1000.0
                + " s this server allows; add a condition",
            e);
      }
      throw e;
    } finally {
      alarm.cancel(false);
      leftNanos -= System.nanoTime() - start;
    }
  }
}
