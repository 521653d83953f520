package io.datanode.server.cli;

import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Cancels a statement when the process is told to end, and waits until it has been. */
final class StopOnExit implements AutoCloseable {
  private static final int LONGEST_STOP_SECONDS = 3;

  private final CountDownLatch ended = new CountDownLatch(1);
  private final Thread hook;

  StopOnExit(Statement statement) {
    hook = new Thread(() -> stop(statement), "cancel");
    Runtime.getRuntime().addShutdownHook(hook);
  }

  private void stop(Statement statement) {
    try {
      statement.cancel();
      if (!ended.await(LONGEST_STOP_SECONDS, TimeUnit.SECONDS)) {
        statement.getConnection().close();
      }
    } catch (SQLException e) {
      System.err.println(Main.message(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    ended.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The process is ending already, and the hook with it.
      ended.countDown();
    }
  }
}
