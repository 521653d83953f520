package io.datanode.engine;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.datanode.DataNodeException;
import io.datanode.jdbc.SqlState;
import io.datanode.plan.Plan;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Tells failures that come of a table changed after its node was described from those that come
 * again whenever a statement runs, such as that of a broken view: nodes are described anew for the
 * first, which every session pays for, but not each time for the second. Thread-safe.
 */
final class ChangedTables {
  /** What storages raise for a table, column or type that a statement expects and they lack. */
  private static final Set<String> STATES =
      Set.of(
          SqlState.UNDEFINED_NODE.code(),
          SqlState.UNDEFINED_COLUMN.code(),
          "42846",
          SqlState.UNDEFINED_FUNCTION.code());

  private static final Duration REMEMBERED = Duration.ofMinutes(1);
  private static final int FAILURES = 1000;

  private final Cache<Failure, Boolean> lasting;

  /** What a storage said of a plan. */
  private record Failure(Plan plan, String message) {}

  ChangedTables(Clock clock) {
    lasting =
        Caffeine.newBuilder()
            .maximumSize(FAILURES)
            .expireAfterWrite(REMEMBERED)
            .ticker(() -> TimeUnit.MILLISECONDS.toNanos(clock.millis()))
            .build();
  }

  /** True if the statement may succeed when nodes are described anew. */
  boolean mayExplain(DataNodeException failure, Plan plan) {
    return STATES.contains(failure.sqlState()) && lasting.getIfPresent(of(failure, plan)) == null;
  }

  /** Says that nodes were described anew and the plan is still the same. */
  void doNotExplain(DataNodeException failure, Plan plan) {
    lasting.put(of(failure, plan), true);
  }

  private static Failure of(DataNodeException failure, Plan plan) {
    return new Failure(plan, String.valueOf(failure.getMessage()));
  }
}
