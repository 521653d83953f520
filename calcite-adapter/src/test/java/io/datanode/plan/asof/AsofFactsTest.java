package io.datanode.plan.asof;

import static io.datanode.testing.SqlFixture.sql;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datanode.testing.MarketNodes;
import io.datanode.testing.OwnNodes;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What as-of joins give elsewhere and must give here: {@code pandas.merge_asof} with its
 * directions, tolerances and exact matches; Apache Pinot's and Calcite's refusals; and joins that
 * other systems once answered wrongly. Small tables, in every storage and across them.
 */
class AsofFactsTest {
  private static final List<String> STATEMENTS =
      List.of(
          "CREATE TABLE r (a INTEGER, x DOUBLE PRECISION, k TEXT, j INTEGER, t TIMESTAMP, v TEXT)",
          "CREATE TABLE l (a INTEGER, x DOUBLE PRECISION, k TEXT, j INTEGER, t TIMESTAMP, w INTEGER)",
          """
          INSERT INTO l VALUES
            (1, 1.1, 'p', 1, TIMESTAMP '2024-03-01 10:00:00.000005', 10),
            (5, 3.5, 'p', 2, TIMESTAMP '2024-03-01 10:00:01', 20),
            (10, 10.9, 'q', 1, TIMESTAMP '2024-03-01 10:00:02', 30),
            (NULL, NULL, NULL, NULL, NULL, 40)""",
          """
          INSERT INTO r VALUES
            (1, 1.0, 'p', 1, TIMESTAMP '2024-03-01 10:00:00', 'v1'),
            (2, 2.5, 'p', 2, TIMESTAMP '2024-03-01 10:00:00.000005', 'v2'),
            (3, 3.3, 'q', 1, TIMESTAMP '2024-03-01 10:00:00.999999', 'v3'),
            (6, 7.5, NULL, 1, TIMESTAMP '2024-03-01 10:00:01.5', 'v6'),
            (7, 11.5, 'q', 1, TIMESTAMP '2024-03-01 10:00:02.000001', 'v7'),
            (NULL, NULL, 'p', NULL, NULL, 'v0')""");

  private static final Map<MarketNodes.Place, Path> CATALOGS =
      new EnumMap<>(MarketNodes.Place.class);

  private static synchronized Path catalog(MarketNodes.Place place) {
    Map<String, List<String>> nodes = new LinkedHashMap<>();
    nodes.put("r", List.of());
    nodes.put("l", List.of());
    return CATALOGS.computeIfAbsent(place, where -> OwnNodes.catalog(where, STATEMENTS, nodes));
  }

  private static void assertJoin(
      MarketNodes.Place place, String join, String match, String on, String... rows) {
    sql("SELECT l.w, r.v FROM l "
            + join
            + " r MATCH_CONDITION "
            + match
            + " ON "
            + on
            + " ORDER BY l.w")
        .over(catalog(place))
        .returns(rows);
  }

  @ParameterizedTest
  @EnumSource(MarketNodes.Place.class)
  void directionsAndExactMatches(MarketNodes.Place place) {
    String left = "LEFT ASOF JOIN";
    assertJoin(place, left, "r.a <= l.a", "TRUE", "10|v1", "20|v3", "30|v7", "40|null");
    assertJoin(place, left, "l.a > r.a", "TRUE", "10|null", "20|v3", "30|v7", "40|null");
    assertJoin(place, left, "r.a >= l.a", "TRUE", "10|v1", "20|v6", "30|null", "40|null");
    assertJoin(place, left, "l.a < r.a", "TRUE", "10|v2", "20|v6", "30|null", "40|null");
    assertJoin(place, left, "NEAREST(r.a, l.a)", "TRUE", "10|v1", "20|v6", "30|v7", "40|null");
    assertJoin(
        place,
        left,
        "NEAREST(r.a, l.a) AND r.a <> l.a",
        "TRUE",
        "10|v2",
        "20|v6",
        "30|v7",
        "40|null");
    assertJoin(place, "ASOF JOIN", "NEAREST(l.a, r.a)", "TRUE", "10|v1", "20|v6", "30|v7");
    assertJoin(place, "ASOF JOIN", "r.a < l.a", "TRUE", "20|v3", "30|v7");
  }

  @ParameterizedTest
  @EnumSource(MarketNodes.Place.class)
  void tolerancesOfNumbersAndOfMicroseconds(MarketNodes.Place place) {
    String left = "LEFT ASOF JOIN";
    assertJoin(
        place,
        left,
        "NEAREST(r.a, l.a) AND r.a BETWEEN l.a - 1 AND l.a + 1",
        "TRUE",
        "10|v1",
        "20|v6",
        "30|null",
        "40|null");
    assertJoin(
        place,
        left,
        "NEAREST(r.x, l.x) AND r.x >= l.x - 0.5 AND r.x <= l.x + 0.5",
        "TRUE",
        "10|v1",
        "20|v3",
        "30|null",
        "40|null");
    // A row a microsecond within the bound meets, one a microsecond beyond does not.
    assertJoin(
        place,
        left,
        "r.t < l.t AND r.t >= TIMESTAMPADD(MICROSECOND, -1, l.t)",
        "TRUE",
        "10|null",
        "20|v3",
        "30|null",
        "40|null");
    assertJoin(
        place,
        left,
        "r.t >= l.t AND r.t <= l.t + INTERVAL '0.500' SECOND",
        "TRUE",
        "10|v2",
        "20|v6",
        "30|v7",
        "40|null");
  }

  @ParameterizedTest
  @EnumSource(MarketNodes.Place.class)
  void severalKeysOfWhichNullMeetsNothing(MarketNodes.Place place) {
    String left = "LEFT ASOF JOIN";
    assertJoin(
        place, left, "r.a <= l.a", "r.k = l.k AND r.j = l.j", "10|v1", "20|v2", "30|v7", "40|null");
    assertJoin(place, left, "r.a <= l.a", "r.k = l.k", "10|v1", "20|v2", "30|v7", "40|null");
    assertJoin(
        place, left, "r.a <= l.a", "UPPER(r.k) = UPPER(l.k)", "10|v1", "20|v2", "30|v7", "40|null");
  }

  /** duckdb/duckdb#17046: a condition on the left side in ON of a left join dropped left rows. */
  @ParameterizedTest
  @EnumSource(MarketNodes.Place.class)
  void conditionOnTheLeftSideKeepsLeftRows(MarketNodes.Place place) {
    assertJoin(
        place,
        "LEFT ASOF JOIN",
        "r.a <= l.a",
        "r.k = l.k AND l.w > 10",
        "10|null",
        "20|v2",
        "30|v7",
        "40|null");
    assertJoin(place, "ASOF JOIN", "r.a <= l.a", "r.k = l.k AND l.w > 10", "20|v2", "30|v7");
    assertJoin(
        place,
        "LEFT ASOF JOIN",
        "r.a <= l.a",
        "CAST(NULL AS BOOLEAN)",
        "10|null",
        "20|null",
        "30|null",
        "40|null");
  }

  /** duckdb/duckdb#13899, #10867 and #12412: when a condition on the right side acts. */
  @ParameterizedTest
  @EnumSource(MarketNodes.Place.class)
  void conditionOnTheRightSideActsBeforeOrAfterTheMatch(MarketNodes.Place place) {
    String query = "SELECT l.w, r.v FROM l LEFT ASOF JOIN %s AS r MATCH_CONDITION r.a <= l.a ON %s";
    Path catalog = catalog(place);
    String[] before = {"10|v1", "20|v2", "30|v2", "40|null"};
    sql(query.formatted("(SELECT * FROM r WHERE v < 'v3')", "TRUE") + " ORDER BY 1")
        .over(catalog)
        .returns(before);
    sql(query.formatted("r", "r.v < 'v3'") + " ORDER BY 1").over(catalog).returns(before);
    sql(query.formatted("r", "TRUE") + " WHERE r.v < 'v3' ORDER BY 1")
        .over(catalog)
        .returns("10|v1");
  }

  /** duckdb/duckdb#19027 and #19251: a second inequality was ignored or failed. */
  @ParameterizedTest
  @EnumSource(MarketNodes.Place.class)
  void secondInequalityChoosesAmongTheRows(MarketNodes.Place place) {
    assertJoin(
        place, "LEFT ASOF JOIN", "r.a <= l.a", "r.x <= l.j", "10|v1", "20|v1", "30|v1", "40|null");
  }

  /** apache/datafusion#24801: only conditions on the left side may be checked below the join. */
  @ParameterizedTest
  @EnumSource(MarketNodes.Place.class)
  void conditionOnBothSidesIsCheckedAfterTheMatch(MarketNodes.Place place) {
    sql("SELECT l.w, r.v FROM l ASOF JOIN r MATCH_CONDITION r.a <= l.a ON TRUE"
            + " WHERE r.j < l.j OR l.w = 30 ORDER BY 1")
        .over(catalog(place))
        .returns("20|v3", "30|v7");
  }

  @Test
  void whatIsNoAsofConditionIsRefusedWhereItStands() {
    String from = "SELECT l.w FROM l\nASOF JOIN r MATCH_CONDITION %s ON %s";
    String one =
        "ON of an ASOF JOIN takes conditions on one side, and equalities and comparisons of one side"
            + " with the other, combined with AND (line 2, column 43)";
    refused(from.formatted("r.a <= l.a", "l.k = r.k OR l.j = r.j"), one);
    refused(from.formatted("r.a <= l.a", "l.k <> r.k"), one);
    refused(
        from.formatted("r.a <> l.a", "TRUE"),
        "MATCH_CONDITION must say with <, <=, >, >= or NEAREST which right row is nearest, for"
            + " example f.time_index <= p.time_index (line 2, column 29)");
    String match =
        "MATCH_CONDITION compares values of the two sides with <, <=, >, >= or NEAREST, for example"
            + " f.time_index <= p.time_index; put other conditions into ON (line 2, column 29)";
    refused(from.formatted("l.a > 0", "TRUE"), match);
    refused(from.formatted("r.a <= l.a OR r.j < l.j", "TRUE"), match);
    refused(
        from.formatted("l.a > r.k", "TRUE"),
        "An ASOF JOIN compares columns of one kind; l.a is INTEGER and r.k is VARCHAR; write a CAST"
            + " (line 2, column 29)");
    refused(
        from.formatted("r.a <= l.a", "l.k IN (SELECT k FROM r)"),
        "A sub-query cannot stand in ON of an ASOF JOIN; join it in FROM, or put it into WHERE");
    refused(
        from.formatted("r.a BETWEEN l.a - 1 AND l.a + 1", "TRUE"),
        "MATCH_CONDITION allows right rows before and after the left time, so it must say which is"
            + " nearest: add NEAREST(right time, left time)");
    refused(
        from.formatted("NEAREST(r.k, l.k)", "TRUE"),
        "NEAREST compares two times or two numbers; r.k is VARCHAR and l.k is VARCHAR");
  }

  private static void refused(String query, String message) {
    AssertionError error =
        org.junit.jupiter.api.Assertions.assertThrows(
            AssertionError.class, () -> sql(query).over(catalog(MarketNodes.Place.DUCKDB)).rows());
    assertTrue(error.getMessage().contains(message), error.getMessage());
  }
}
