package io.datanode.storage.postgresql;

import io.datanode.storage.StorageQuery;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import org.postgresql.core.Query;

/** What was learnt of statements with parameters when they were last run. Thread-safe. */
final class StatementMemory {
  private static final int REMEMBERED = 1_000;

  /** What a statement may have taken to be run twice if it should have many rows the next time. */
  private static final Duration SHORT = Duration.ofMillis(50);

  private final Map<Key, Learnt> statements =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Learnt> eldest) {
          return size() > REMEMBERED;
        }
      };

  private final Map<Query, List<Integer>> prepared = new WeakHashMap<>();

  private record Key(String sql, Object columns) {
    static Key of(StorageQuery query) {
      return new Key(query.sql(), query.columns());
    }
  }

  /**
   * What is known of a statement.
   *
   * @param sql the text to send: with casts if PostgreSQL gives its columns other types than wanted
   * @param small true if its rows came quickly and in one fetch
   * @param rows how many it had
   */
  record Learnt(String sql, boolean small, Rows rows) {}

  /** How many rows a statement had, for whether all should be asked for at once. */
  enum Rows {
    UNKNOWN,
    FEW,
    TOO_MANY
  }

  /**
   * Has a statement of one connection prepared anew if the types of its parameters are not those it
   * was prepared for. The driver would notice too late, when it can only ask for text.
   *
   * @param types of its parameters, as PostgreSQL numbers them
   */
  void prepareFor(Query statement, List<Integer> types) {
    List<Integer> before;
    synchronized (prepared) {
      before = prepared.put(statement, types);
    }
    if (before != null && !before.equals(types)) {
      statement.close();
    }
  }

  synchronized Learnt of(StorageQuery query) {
    Learnt known = statements.get(Key.of(query));
    return known == null ? new Learnt(query.sql(), false, Rows.UNKNOWN) : known;
  }

  /** Remembers that a statement needs casts. */
  synchronized Learnt needsCasts(StorageQuery query) {
    Learnt learnt = new Learnt(ResultPlan.converting(query), false, of(query).rows());
    statements.put(Key.of(query), learnt);
    return learnt;
  }

  /**
   * Remembers how a statement ran.
   *
   * @param sql the text that was sent
   * @param oneFetch true if all its rows came at once
   */
  synchronized void ran(StorageQuery query, String sql, boolean oneFetch, long nanoseconds) {
    boolean small = oneFetch && nanoseconds < SHORT.toNanos();
    Rows before = of(query).rows();
    Rows rows = oneFetch && before == Rows.UNKNOWN ? Rows.FEW : before;
    statements.put(Key.of(query), new Learnt(sql, small, rows));
  }

  /** Remembers that a statement has more rows than should be asked for at once. */
  synchronized Learnt tooManyRows(StorageQuery query) {
    Learnt learnt = new Learnt(of(query).sql(), false, Rows.TOO_MANY);
    statements.put(Key.of(query), learnt);
    return learnt;
  }
}
