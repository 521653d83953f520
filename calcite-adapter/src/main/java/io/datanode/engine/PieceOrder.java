package io.datanode.engine;

import io.datanode.DataNodeException;
import io.datanode.jdbc.SqlState;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Runs pieces of work that wait for one another: each as soon as what it needs is done, a few at a
 * time. The first failure stops the others and is the one that is told.
 */
final class PieceOrder {
  /** Pieces of one statement that run at a time: enough to keep storages busy, few of its peers. */
  private static final int AT_ONCE = 4;

  private static final long ASK_AGAIN_MILLIS = 20;

  /**
   * How long pieces that were told to stop are waited for; later ones clean up after themselves.
   */
  private static final long PATIENCE_MILLIS = 10_000;

  private final RunningStatement statement;
  private final Executor threads;
  private final BlockingQueue<Ended> ended = new LinkedBlockingQueue<>();
  private boolean interrupted;

  PieceOrder(RunningStatement statement, Executor threads) {
    this.statement = statement;
    this.threads = threads;
  }

  /**
   * A piece of work.
   *
   * @param id others need it by this
   * @param needs ids of those that must be done before
   */
  record Piece(Object id, Set<Object> needs, Runnable work) {}

  private record Ended(Piece piece, @Nullable Throwable failure) {}

  /** Runs all pieces, and returns when all are done. */
  void run(List<Piece> pieces) {
    if (!pieces.isEmpty()) {
      statement.step(
          () -> {
            try {
              runAll(new ArrayList<>(pieces));
            } finally {
              if (interrupted) {
                Thread.currentThread().interrupt();
              }
            }
            return true;
          });
    }
  }

  private void runAll(List<Piece> waiting) {
    Set<Object> done = new HashSet<>();
    int running = 0;
    while (!waiting.isEmpty() || running > 0) {
      List<Piece> ready =
          waiting.stream().filter(piece -> done.containsAll(piece.needs())).toList();
      if (running == 0 && ready.isEmpty()) {
        throw new DataNodeException(
            SqlState.INTERNAL_ERROR, "Pieces wait for one another: " + waiting);
      }
      if (running == 0 && ready.size() == 1) {
        // Nothing to run beside it: this thread does.
        ready.get(0).work().run();
        done.add(ready.get(0).id());
        waiting.remove(ready.get(0));
        continue;
      }
      for (Piece piece : ready.subList(0, Math.min(ready.size(), AT_ONCE - running))) {
        waiting.remove(piece);
        running++;
        start(piece);
      }
      Ended next = await(running);
      running--;
      if (next.failure() != null) {
        stop(running);
        throw rethrown(next.failure());
      }
      done.add(next.piece().id());
    }
  }

  private void start(Piece piece) {
    threads.execute(
        () -> {
          Throwable failure = null;
          try {
            statement.check();
            piece.work().run();
          } catch (Throwable e) {
            failure = e;
          }
          ended.add(new Ended(piece, failure));
        });
  }

  /** The next piece that ends; or the statement's own failure if it was stopped meanwhile. */
  private Ended await(int running) {
    while (true) {
      Ended next = poll();
      if (next != null) {
        return next;
      }
      if (statement.wasStopped()) {
        stop(running);
        statement.check();
      }
    }
  }

  private @Nullable Ended poll() {
    try {
      return ended.poll(ASK_AGAIN_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      interrupted = true;
      statement.stop(RunningStatement.Reason.USER);
      return null;
    }
  }

  /** Stops what still runs. A storage forgets a cancel that comes before its work begins. */
  private void stop(int running) {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS);
    int left = running;
    while (left > 0 && System.nanoTime() < end) {
      statement.cancelQueries();
      if (poll() != null) {
        left--;
      }
    }
  }

  private static RuntimeException rethrown(Throwable failure) {
    if (failure instanceof Error) {
      throw (Error) failure;
    }
    return failure instanceof RuntimeException
        ? (RuntimeException) failure
        : new IllegalStateException(failure);
  }
}
