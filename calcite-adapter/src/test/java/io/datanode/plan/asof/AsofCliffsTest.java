package io.datanode.plan.asof;

import static io.datanode.testing.SqlFixture.sql;

import io.datanode.testing.MarketNodes.Place;
import io.datanode.testing.OwnNodes;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * As-of joins of tables whose shape has made joins fall off a cliff elsewhere: one key for all
 * rows, a key for each row, many rows of one time, and a right side that is far older. So many rows
 * that comparing each with each would not end in time.
 */
class AsofCliffsTest {
  private static final int ROWS = 20_000;

  private static final Map<Place, Path> CATALOGS = new EnumMap<>(Place.class);

  /**
   * Rows numbered from 1, each a second after the one before and known ten seconds later.
   *
   * @param key of a row, as SQL of its number {@code i}
   * @param time of a row
   */
  private static String table(String name, String key, String time) {
    return "CREATE TABLE "
        + name
        + " AS SELECT CAST(i AS INTEGER) AS id, CAST("
        + key
        + " AS INTEGER) AS k, "
        + time
        + " AS t, "
        + time
        + " + INTERVAL '10 seconds' AS known FROM generate_series(1, "
        + ROWS
        + ") AS s(i)";
  }

  private static synchronized Path catalog(Place place) {
    String second = "TIMESTAMPTZ '2024-01-31 00:00:00+00' + i * INTERVAL '1 second'";
    Map<String, List<String>> nodes = new LinkedHashMap<>();
    for (String node : List.of("trades", "one_key", "own_keys", "one_time", "older")) {
      nodes.put(node, List.of("time_index: t"));
    }
    return CATALOGS.computeIfAbsent(
        place,
        where ->
            OwnNodes.catalog(
                where,
                List.of(
                    table("trades", "7", second),
                    table("one_key", "7", second),
                    table("own_keys", "i", second),
                    table("one_time", "7", "TIMESTAMPTZ '2024-01-31 05:00:00+00'"),
                    table(
                        "older",
                        "7",
                        "TIMESTAMPTZ '2024-01-01 00:00:00+00'"
                            + " + i * INTERVAL '1 microsecond'")),
                nodes));
  }

  /** Trades, those matched, and the least and greatest of their number less that of the match. */
  private static void assertMatches(
      Place place, String right, String match, String on, String expected) {
    sql("SELECT COUNT(*), COUNT(r.id), MIN(l.id - r.id), MAX(l.id - r.id) FROM trades AS l"
            + " LEFT ASOF JOIN "
            + right
            + " AS r MATCH_CONDITION "
            + match
            + " ON "
            + on)
        .over(catalog(place))
        .returns(expected);
  }

  @ParameterizedTest
  @EnumSource
  void oneKeyForAllRows(Place place) {
    assertMatches(place, "one_key", "r.t <= l.t", "r.k = l.k", "20000|20000|0|0");
    assertMatches(place, "one_key", "r.t < l.t", "r.k = l.k", "20000|19999|1|1");
    assertMatches(place, "one_key", "r.t > l.t", "TRUE", "20000|19999|-1|-1");
    assertMatches(
        place,
        "one_key",
        "NEAREST(r.t, l.t + INTERVAL '0.600' SECOND)",
        "r.k = l.k",
        "20000|20000|-1|0");
  }

  @ParameterizedTest
  @EnumSource
  void oneKeyAndTwoClocks(Place place) {
    assertMatches(
        place, "one_key", "r.t <= l.t AND r.known <= l.t", "r.k = l.k", "20000|19990|10|10");
    assertMatches(
        place, "one_key", "r.t <= l.t AND r.known < l.t", "r.k = l.k", "20000|19989|11|11");
    assertMatches(
        place, "one_key", "r.t > l.t AND r.known >= l.t", "r.k = l.k", "20000|19999|-1|-1");
  }

  @ParameterizedTest
  @EnumSource
  void aKeyForEachRow(Place place) {
    assertMatches(place, "own_keys", "r.t <= l.t", "r.k = l.id", "20000|20000|0|0");
    assertMatches(place, "own_keys", "r.t > l.t", "r.k = l.id", "20000|0|null|null");
  }

  /** Of all rows of the one time, the greatest number is taken. */
  @ParameterizedTest
  @EnumSource
  void allRowsOfOneTime(Place place) {
    assertMatches(place, "one_time", "r.t <= l.t", "r.k = l.k", "20000|2001|-2000|0");
    assertMatches(place, "one_time", "r.t > l.t", "r.k = l.k", "20000|17999|-19999|-2001");
  }

  @ParameterizedTest
  @EnumSource
  void aRightSideThirtyDaysOlder(Place place) {
    assertMatches(place, "older", "r.t <= l.t", "r.k = l.k", "20000|20000|-19999|0");
    assertMatches(
        place,
        "older",
        "r.t <= l.t AND r.t >= l.t - INTERVAL '5' DAY",
        "r.k = l.k",
        "20000|0|null|null");
  }
}
