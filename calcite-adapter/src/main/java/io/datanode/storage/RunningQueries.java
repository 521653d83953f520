package io.datanode.storage;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** The queries that run in one storage, and the thread that interrupts them. Thread-safe. */
public final class RunningQueries implements AutoCloseable {
  /** Storages forget an interrupt that comes between two commands, so it is repeated. */
  private static final long REPEAT_MILLIS = 50;

  private final Set<StreamedQuery> running = ConcurrentHashMap.newKeySet();
  private final ScheduledThreadPoolExecutor interrupter;

  /**
   * None yet.
   *
   * @param storage the kind of storage, for the name of the thread
   */
  public RunningQueries(String storage) {
    interrupter =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, "datanode-" + storage + "-cancel");
              thread.setDaemon(true);
              return thread;
            },
            // After the end nothing runs that could be interrupted.
            new ThreadPoolExecutor.DiscardPolicy());
    interrupter.setRemoveOnCancelPolicy(true);
  }

  /** Counts a query among those that run, until it ends. */
  public <Q extends StreamedQuery> Q started(Q query) {
    running.add(query);
    return query;
  }

  /** How many have started and not ended. */
  public int count() {
    return running.size();
  }

  /** How many interrupts wait for their turn. */
  int interruptsWaiting() {
    return interrupter.getQueue().size();
  }

  void ended(StreamedQuery query) {
    running.remove(query);
  }

  /**
   * Interrupts a query, and again as long as need be. Returns at once: a cancel request may have to
   * cross a network.
   *
   * @param attempt false when there is nothing more to interrupt
   */
  void interrupt(BooleanSupplier attempt) {
    interrupter.execute(
        () -> {
          if (attempt.getAsBoolean()) {
            interrupter.schedule(() -> interrupt(attempt), REPEAT_MILLIS, TimeUnit.MILLISECONDS);
          }
        });
  }

  /** Cancels what runs and waits until it has stopped. */
  @Override
  public void close() {
    running.forEach(StreamedQuery::close);
    interrupter.shutdownNow();
  }
}
