package io.datanode.plan.time;

import static io.datanode.testing.SqlFixture.sql;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.datanode.testing.CatalogPerPlace;
import io.datanode.testing.MarketNodes.Place;
import io.datanode.testing.OwnNodes;
import io.datanode.testing.SqlFixture;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Nodes that are published as a whole, such as the weights of a portfolio: what was dropped at the
 * last rebalance does not reappear in {@code $latest}, as in {@code latest_portfolio_weights} of
 * the Main Sequence markets library.
 */
class SnapshotsTest {
  private static final CatalogPerPlace CATALOGS = new CatalogPerPlace(SnapshotsTest::written);

  private static SqlFixture at(Place place, String sql) {
    return CATALOGS.sql(place, sql);
  }

  private static Path written(Place place) {
    List<String> statements =
        List.of(
            "CREATE TABLE weights (t TIMESTAMPTZ, portfolio TEXT, asset TEXT, weight INTEGER)",
            """
            INSERT INTO weights VALUES
              ('2024-01-01 00:00:00+00', 'growth', 'AAPL', 60),
              ('2024-01-01 00:00:00+00', 'growth', 'SAP', 40),
              ('2024-01-02 00:00:00+00', 'growth', 'AAPL', 70),
              ('2024-01-02 00:00:00+00', 'growth', 'ASML', 30),
              ('2024-01-01 12:00:00+00', 'income', 'SAP', 50),
              ('2024-01-01 12:00:00+00', 'income', 'JPM', 50),
              ('2024-01-01 00:00:00+00', 'income', 'ASML', 100),
              ('2024-01-01 00:00:00+00', NULL, 'AAPL', 1),
              ('2024-01-03 00:00:00+00', NULL, 'SAP', 2),
              (NULL, 'growth', 'JPM', 99)""",
            """
            CREATE TABLE members (t TIMESTAMPTZ NOT NULL, asset TEXT NOT NULL, PRIMARY KEY (t, asset))""",
            """
            INSERT INTO members VALUES
              ('2024-01-01 00:00:00+00', 'AAPL'), ('2024-01-01 00:00:00+00', 'SAP'),
              ('2024-01-02 00:00:00+00', 'SAP'), ('2024-01-02 00:00:00+00', 'ASML')""",
            """
            CREATE TABLE many (portfolio TEXT NOT NULL, t TIMESTAMPTZ NOT NULL, asset TEXT NOT NULL,
              weight INTEGER, PRIMARY KEY (portfolio, t, asset))""",
            """
            INSERT INTO many SELECT 'p' || (i % 3),
              TIMESTAMPTZ '2024-01-01 00:00:00+00' + (i - i % 15) * INTERVAL '4 minute',
              'a' || ((2 * i - i % 15) % 17), i FROM generate_series(0, 599) AS s(i)""",
            """
            CREATE TABLE restated (t TIMESTAMPTZ, portfolio TEXT, asset TEXT, k TIMESTAMPTZ,
              weight INTEGER)""",
            """
            INSERT INTO restated VALUES
              ('2024-01-01 00:00:00+00', 'growth', 'SAP', '2024-01-01 01:00:00+00', 40),
              ('2024-01-01 00:00:00+00', 'growth', 'SAP', '2024-01-05 00:00:00+00', 45),
              ('2024-01-02 00:00:00+00', 'growth', 'AAPL', '2024-01-02 01:00:00+00', 100)""");
    Map<String, List<String>> nodes = new LinkedHashMap<>();
    nodes.put(
        "weights",
        List.of("time_index: t", "identity: [portfolio, asset]", "snapshot_by: portfolio"));
    nodes.put("members", List.of("time_index: t", "identity: [asset]", "snapshot_by: []"));
    nodes.put(
        "many",
        List.of("index_names: [t, portfolio, asset]", "asset: asset", "snapshot_by: [portfolio]"));
    nodes.put(
        "restated",
        List.of(
            "index_names: [t, portfolio, asset]",
            "asset: asset",
            "knowledge_time: k",
            "snapshot_by: [portfolio]"));
    return OwnNodes.catalog(place, statements, nodes);
  }

  @ParameterizedTest
  @EnumSource
  void theNewestRowsOfAPortfolioAreThoseOfItsNewestTime(Place place) {
    at(place, "SELECT portfolio, asset, weight FROM \"weights$latest\" ORDER BY 1, 2")
        .returns(
            "growth|AAPL|70", "growth|ASML|30", "income|JPM|50", "income|SAP|50", "null|SAP|2");
    at(place, "SELECT asset FROM \"weights$latest\" WHERE portfolio = 'growth' ORDER BY 1")
        .returns("AAPL", "ASML");
  }

  /** SAP left the growth portfolio; asking for it must not bring its last row there back. */
  @ParameterizedTest
  @EnumSource
  void aConditionOnAMemberIsCheckedOnTheNewestRows(Place place) {
    at(place, "SELECT portfolio, weight FROM \"weights$latest\" WHERE asset = 'SAP' ORDER BY 1")
        .returns("income|50", "null|2");
    at(
            place,
            "SELECT asset FROM \"weights$latest\" WHERE t < TIMESTAMP '2024-01-02 00:00:00'"
                + " ORDER BY 1")
        .returns("JPM", "SAP");
  }

  @ParameterizedTest
  @EnumSource
  void withoutGroupTheWholeNodeIsOne(Place place) {
    at(place, "SELECT asset FROM \"members$latest\" ORDER BY asset").returns("ASML", "SAP");
    at(place, "SELECT COUNT(*) FROM \"members$latest\" WHERE asset = 'AAPL'").returns("0");
  }

  @ParameterizedTest
  @EnumSource
  void itIsMadeOfWhatWasKnown(Place place) {
    at(place, "SELECT asset, weight FROM \"restated$latest\"").returns("AAPL|100");
    String before = " FOR SYSTEM_TIME AS OF TIMESTAMP '2024-01-02 00:59:59'";
    at(place, "SELECT asset, weight FROM \"restated$latest\"" + before).returns("SAP|40");
    at(place, "SELECT portfolio, asset FROM \"weights$latest\" ORDER BY 1, 2")
        .set("asOf=2024-01-01T12:00:00Z")
        .returns("growth|AAPL", "growth|SAP", "income|JPM", "income|SAP", "null|AAPL");
  }

  @ParameterizedTest
  @EnumSource
  void isWhatTheGreatestTimeOfEachGroupGives(Place place) {
    String latest = "SELECT portfolio, t, asset, weight FROM \"many$latest\"";
    String reference =
        "SELECT portfolio, t, asset, weight FROM many WHERE (portfolio, t) IN"
            + " (SELECT portfolio, MAX(t) FROM many GROUP BY portfolio)";
    for (String condition :
        List.of(
            "", "portfolio = 'p1'", "portfolio IN ('p0', 'p2')", "asset > 'a2'", "weight > 595")) {
      String where = condition.isEmpty() ? "" : " WHERE " + condition;
      String and = condition.isEmpty() ? "" : " AND " + condition;
      List<String> expected = at(place, reference + and + " ORDER BY 1, 2, 3").rows();
      assertEquals(expected, at(place, latest + where + " ORDER BY 1, 2, 3").rows(), condition);
    }
    assertEquals(15, at(place, latest).rows().size());
  }

  @ParameterizedTest
  @EnumSource
  void theCatalogTells(Place place) {
    at(place, "SELECT identifier, snapshot_by FROM metadata.nodes ORDER BY 1")
        .returns("many|portfolio", "members|", "restated|portfolio", "weights|portfolio");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"many$latest\"", "\"many$latest\" WHERE portfolio <> 'p1'"})
  void anIndexLeadsPostgreSqlToTheNewestTimeOfEachGroup(String from) {
    at(Place.POSTGRESQL, "SELECT * FROM " + from).sendsPart("WITH RECURSIVE");
  }

  /** Ranks would be sorted for; a greatest time is found as the rows are read. */
  @ParameterizedTest
  @EnumSource(names = {"DUCKDB", "POSTGRESQL"})
  void noStorageSortsForIt(Place place) {
    String latest = "SELECT asset FROM \"members$latest\"";
    at(place, latest)
        .sends(
            place == Place.DUCKDB
                ? """
                SELECT "asset"
                FROM "own"."main"."members"
                QUALIFY "t" = MAX("t") OVER ()"""
                : """
                SELECT "asset"
                FROM "public"."members"
                WHERE "t" = (SELECT MAX("t") AS "newest_time"
                FROM "public"."members")""");
    at(
            place,
            "SELECT portfolio, asset FROM weights WHERE t <= TIMESTAMP '2024-01-01 12:00:00'"
                + " QUALIFY RANK() OVER (PARTITION BY portfolio ORDER BY t DESC) = 1 ORDER BY 1, 2")
        .returns("growth|AAPL", "growth|SAP", "income|JPM", "income|SAP", "null|AAPL");
  }
}
