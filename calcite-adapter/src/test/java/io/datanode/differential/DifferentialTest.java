package io.datanode.differential;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datanode.differential.Targets.Difference;
import io.datanode.testing.OddNodes;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random queries give the same rows wherever they run. A build makes 3,400, which are 20,400 runs
 * on six targets.
 *
 * <p>{@code -Ddatanode.differential.queries=N} runs so many, {@code
 * -Ddatanode.differential.minutes=M} as many as fit into that time; {@code
 * -Ddatanode.differential.seed=S} others, and {@code -Ddatanode.differential.first=I} begins with
 * another than the first of a seed.
 */
class DifferentialTest {
  private static final long SEED = Long.getLong("datanode.differential.seed", 20_240_310L);
  private static final long QUERIES = Long.getLong("datanode.differential.queries", 3_400L);
  private static final long FIRST = Long.getLong("datanode.differential.first", 0L);
  private static final long MINUTES = Long.getLong("datanode.differential.minutes", 0L);
  private static final int THREADS = Runtime.getRuntime().availableProcessors();

  /** How many differences are told before a run ends. */
  private static final int TOLD = Integer.getInteger("datanode.differential.differences", 3);

  private final AtomicLong next = new AtomicLong(FIRST);
  private final AtomicLong rows = new AtomicLong();
  private final AtomicLong failing = new AtomicLong();
  private final List<String> differences = new ArrayList<>();

  @Test
  void queriesGiveTheSameRowsEverywhere(@TempDir Path folder) throws Exception {
    OddNodes.writeFiles(folder);
    String postgreSql = OddNodes.inPostgreSql();
    Instant begin = Instant.now();
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    List<Future<?>> running = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      running.add(threads.submit(() -> runQueries(folder, postgreSql, begin)));
    }
    for (Future<?> one : running) {
      finish(one);
    }
    threads.shutdown();
    long queries = next.get() - FIRST;
    System.out.printf(
        "Differential test: seed %d, %d queries, %d with rows, %d failing, %d s, %d s of CPU%n",
        SEED,
        queries,
        rows.get(),
        failing.get(),
        Duration.between(begin, Instant.now()).toSeconds(),
        ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO).toSeconds());
    assertEquals(List.of(), differences, () -> String.join("\n\n", differences));
    assertTrue(rows.get() > queries * 2 / 5, rows + " of the queries give rows");
    assertTrue(failing.get() < queries / 10, failing + " of the queries fail");
  }

  private static void finish(Future<?> one) throws InterruptedException, ExecutionException {
    one.get();
  }

  private Void runQueries(Path folder, String postgreSql, Instant begin) throws SQLException {
    try (Targets targets = Targets.open(folder, postgreSql)) {
      for (long number = next.getAndIncrement();
          goesOn(number, begin);
          number = next.getAndIncrement()) {
        compare(targets, number);
      }
      next.getAndDecrement();
      return null;
    }
  }

  private boolean goesOn(long number, Instant begin) {
    synchronized (differences) {
      if (differences.size() >= TOLD) {
        return false;
      }
    }
    return MINUTES > 0
        ? Duration.between(begin, Instant.now()).toMinutes() < MINUTES
        : number < FIRST + QUERIES;
  }

  private void compare(Targets targets, long number) {
    RandomQuery query = new QueryGenerator(SEED, number).generate();
    Answer first = targets.first(query);
    if (first instanceof Answer.Rows found && !found.rows().isEmpty()) {
      rows.incrementAndGet();
    } else if (first instanceof Answer.Failure failure) {
      failing.incrementAndGet();
      if (Boolean.getBoolean("datanode.differential.errors")) {
        System.out.println(
            failure.sqlState() + " " + failure.message() + "\n   " + query.sql().text());
      }
    }
    Optional<Difference> difference = targets.difference(query, first);
    if (difference.isPresent()) {
      String told = told(targets, number, query);
      synchronized (differences) {
        differences.add(told);
      }
    }
  }

  private static String told(Targets targets, long number, RandomQuery query) {
    RandomQuery smallest =
        new Minimiser(tried -> targets.difference(tried, targets.first(tried)).isPresent())
            .smallest(query);
    String answers =
        targets
            .difference(smallest, targets.first(smallest))
            .map(Difference::shown)
            .orElse("The difference does not appear again.");
    return "Seed "
        + SEED
        + ", query "
        + number
        + ", zone "
        + smallest.zone()
        + "\n"
        + new Script(smallest).text()
        + "\n"
        + answers;
  }
}
