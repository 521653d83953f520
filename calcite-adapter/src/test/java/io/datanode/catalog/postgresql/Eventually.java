package io.datanode.catalog.postgresql;

import java.time.Duration;

/** Waits for what another thread or program does. */
final class Eventually {
  private static final int PAUSE_MILLISECONDS = 20;

  private Eventually() {}

  /**
   * Checks again and again until it holds.
   *
   * @throws AssertionError that of the last check if it does not hold in time
   */
  static void within(Duration time, Runnable check) {
    long end = System.nanoTime() + time.toNanos();
    while (true) {
      try {
        check.run();
        return;
      } catch (AssertionError e) {
        if (System.nanoTime() > end) {
          throw e;
        }
      }
      pause();
    }
  }

  /** True once a thread has ended; false if it does not within a minute. */
  static boolean ended(Thread thread) {
    try {
      thread.join(60_000);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    return !thread.isAlive();
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE_MILLISECONDS);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
