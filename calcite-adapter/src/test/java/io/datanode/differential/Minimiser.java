package io.datanode.differential;

import java.util.Iterator;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Makes a query smaller step by step, as long as something about it stays true. */
final class Minimiser {
  private static final int TRIES = 3000;

  private final Predicate<RandomQuery> interesting;
  private int tries;

  /**
   * A minimiser.
   *
   * @param interesting what must stay true; invalid queries are tried too
   */
  Minimiser(Predicate<RandomQuery> interesting) {
    this.interesting = interesting;
  }

  /** A query of which no part can be left out or made simpler, or nearly so. */
  RandomQuery smallest(RandomQuery query) {
    RandomQuery smallest = query;
    for (RandomQuery next = step(smallest); next != null; next = step(smallest)) {
      smallest = next;
    }
    return smallest;
  }

  private @Nullable RandomQuery step(RandomQuery query) {
    for (Iterator<Sql> smaller = query.sql().smaller().iterator(); smaller.hasNext(); ) {
      RandomQuery candidate = query.with(smaller.next());
      if (candidate.sql().text().length() >= query.sql().text().length()
          && candidate.sql().parameters().size() >= query.sql().parameters().size()) {
        continue;
      }
      if (isOpen(candidate) && !isOpen(query)) {
        continue;
      }
      if (++tries > TRIES) {
        return null;
      }
      if (interesting.test(candidate)) {
        return candidate;
      }
    }
    return null;
  }

  /** True if a LIMIT has lost its order, so that any rows would be right. */
  private static boolean isOpen(RandomQuery query) {
    String text = query.sql().text();
    return text.split(" LIMIT ", -1).length > text.split("[^R] ORDER BY ", -1).length;
  }
}
