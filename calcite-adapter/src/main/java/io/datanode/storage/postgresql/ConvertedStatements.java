package io.datanode.storage.postgresql;

import io.datanode.storage.StorageQuery;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Remembers which statements need a cast around their columns, because PostgreSQL gives them other
 * types than are wanted. Thread-safe.
 */
final class ConvertedStatements {
  private static final int REMEMBERED = 500;

  private final Map<Key, String> statements =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, String> eldest) {
          return size() > REMEMBERED;
        }
      };

  private record Key(String sql, Object columns) {}

  /** The text to send for a statement. */
  synchronized String sql(StorageQuery query) {
    String known = statements.isEmpty() ? null : statements.get(key(query));
    return known == null ? query.sql() : known;
  }

  /** Remembers that a statement needs casts. */
  synchronized void add(StorageQuery query) {
    statements.put(key(query), ResultPlan.converting(query));
  }

  private static Key key(StorageQuery query) {
    return new Key(query.sql(), query.columns());
  }
}
