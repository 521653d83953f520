package io.datanode.engine;

import io.datanode.DataNodeException;
import io.datanode.jdbc.SqlState;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * Asks again and again until the answer is yes or the time is over. Whoever stops the statement
 * ends it at once.
 */
final class WaitingLoop {
  private static final Duration BETWEEN = Duration.ofMillis(250);
  private static final Duration STOPPED_WITHIN = Duration.ofMillis(20);

  private final Duration timeout;
  private final RunningStatement statement;

  WaitingLoop(Duration timeout, RunningStatement statement) {
    this.timeout = timeout;
    this.statement = statement;
  }

  /**
   * How it ended.
   *
   * @param iterations how often it was asked
   * @param ready the last answer
   */
  record End(long iterations, boolean ready) {}

  /**
   * Waits.
   *
   * @throws DataNodeException 57014 if the statement is stopped
   */
  End run(BooleanSupplier question) {
    long began = System.nanoTime();
    for (long iterations = 1; ; iterations++) {
      boolean ready = question.getAsBoolean();
      long left = timeout.toNanos() - (System.nanoTime() - began);
      if (ready || left <= 0) {
        return new End(iterations, ready);
      }
      pause(Math.min(left, BETWEEN.toNanos()));
    }
  }

  private void pause(long nanoseconds) {
    long end = System.nanoTime() + nanoseconds;
    statement.step(
        () -> {
          while (System.nanoTime() < end) {
            statement.check();
            sleep();
          }
          return true;
        });
  }

  private static void sleep() {
    try {
      Thread.sleep(STOPPED_WITHIN.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DataNodeException(
          SqlState.QUERY_CANCELED, "The thread that waited was interrupted", e);
    }
  }
}
