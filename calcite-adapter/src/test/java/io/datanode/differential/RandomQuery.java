package io.datanode.differential;

/**
 * A query to run on every target.
 *
 * @param ordered whether the order of its rows is defined too
 * @param exact whether doubles are the same to the last bit wherever it runs
 * @param zone the session's time zone
 * @param asOf the instant in the past the session is in; empty if it is now
 */
record RandomQuery(Sql sql, boolean ordered, boolean exact, String zone, String asOf) {
  RandomQuery with(Sql smaller) {
    // A smaller query may have lost its ORDER BY.
    return new RandomQuery(
        smaller, ordered && smaller.text().contains(" ORDER BY "), exact, zone, asOf);
  }
}
