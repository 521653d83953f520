package io.datanode.plan.time;

import static io.datanode.testing.SqlFixture.sql;

import io.datanode.testing.CatalogPerPlace;
import io.datanode.testing.MarketNodes.Place;
import io.datanode.testing.OwnNodes;
import io.datanode.testing.SqlFixture;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Rows with the same time index, identity and knowledge time, of which a declared column says which
 * counts: a sequence number, NULL before all numbers, as mxm-dataio orders the responses of one
 * time.
 */
class TieBreakTest {
  private static final CatalogPerPlace CATALOGS = new CatalogPerPlace(TieBreakTest::catalog);

  private static SqlFixture at(Place place, String sql) {
    return CATALOGS.sql(place, sql);
  }

  private static Path catalog(Place place) {
    List<String> statements =
        List.of(
            "CREATE TABLE days (day TIMESTAMPTZ NOT NULL, asset TEXT NOT NULL)",
            """
            INSERT INTO days VALUES ('2024-01-03 00:00:00+00', 'SAP'), ('2024-01-03 00:00:00+00', 'AAPL')""",
            """
            CREATE TABLE responses (t TIMESTAMPTZ, asset TEXT, k TIMESTAMPTZ, sequence INTEGER,
              v INTEGER)""",
            """
            INSERT INTO responses VALUES
              ('2024-01-01 00:00:00+00', 'SAP', '2024-01-02 00:00:00+00', 1, 900),
              ('2024-01-01 00:00:00+00', 'SAP', '2024-01-02 00:00:00+00', 2, 100),
              ('2024-01-01 00:00:00+00', 'SAP', '2024-01-02 00:00:00+00', NULL, 999),
              ('2024-01-01 00:00:00+00', 'SAP', '2024-01-04 00:00:00+00', 0, 5),
              ('2024-01-01 00:00:00+00', 'AAPL', '2024-01-02 00:00:00+00', NULL, 7)""",
            "CREATE TABLE quotes (t TIMESTAMPTZ, asset TEXT, sequence INTEGER, v INTEGER)",
            """
            INSERT INTO quotes VALUES
              ('2024-01-01 00:00:00+00', 'SAP', 3, 1), ('2024-01-01 00:00:00+00', 'SAP', 4, 0),
              ('2024-01-01 00:00:00+00', 'SAP', NULL, 9), ('2023-01-01 00:00:00+00', 'SAP', 8, 8)""",
            "CREATE TABLE alone AS SELECT * FROM responses",
            """
            CREATE TABLE restated (t TIMESTAMPTZ, asset TEXT, k TIMESTAMPTZ, v INTEGER, "a, b" INTEGER)""",
            """
            INSERT INTO restated VALUES
              ('2024-01-01 00:00:00+00', 'SAP', '2024-01-02 00:00:00+00', 900, 1),
              ('2024-01-01 00:00:00+00', 'SAP', '2024-01-02 00:00:00+00', 100, 2)""");
    List<String> versioned = List.of("time_index: t", "identity: [asset]", "knowledge_time: k");
    Map<String, List<String>> nodes = new LinkedHashMap<>();
    nodes.put("days", List.of("time_index: day", "identity: [asset]"));
    nodes.put("responses", with(versioned, "tie_break: sequence"));
    nodes.put("quotes", List.of("time_index: t", "identity: [asset]", "tie_break: [sequence]"));
    nodes.put("alone", with(versioned, "tie_break: []"));
    nodes.put("restated", with(versioned, "tie_break: [\"a, b\"]"));
    return OwnNodes.catalog(place, statements, nodes);
  }

  private static List<String> with(List<String> lines, String line) {
    return Stream.concat(lines.stream(), Stream.of(line)).toList();
  }

  @ParameterizedTest
  @EnumSource
  void theDeclaredColumnDecidesBetweenVersionsOfOneKnowledgeTime(Place place) {
    String asOf = "FOR SYSTEM_TIME AS OF TIMESTAMP '2024-01-03 00:00:00'";
    at(place, "SELECT asset, sequence, v FROM responses " + asOf + " ORDER BY 1")
        .returns("AAPL|null|7", "SAP|2|100");
    at(place, "SELECT asset, sequence, v FROM responses ORDER BY 1")
        .returns("AAPL|null|7", "SAP|0|5");
  }

  @ParameterizedTest
  @EnumSource
  void itDecidesInAsofJoinsToo(Place place) {
    at(
            place,
            """
            SELECT d.asset, r.sequence, r.v FROM days AS d LEFT ASOF JOIN responses AS r
            MATCH_CONDITION r.t <= d.day AND r.k <= d.day ON r.asset = d.asset ORDER BY 1""")
        .returns("AAPL|null|7", "SAP|2|100");
    at(
            place,
            """
            SELECT d.asset, q.sequence, q.v FROM days AS d LEFT ASOF JOIN quotes AS q
            MATCH_CONDITION q.t <= d.day ON q.asset = d.asset ORDER BY 1""")
        .returns("AAPL|null|null", "SAP|4|0");
  }

  /** Through another catalog too, which tells of it as text. */
  @ParameterizedTest
  @EnumSource
  void itsNameMayHoldAComma(Place place) {
    at(place, "SELECT v, \"a, b\" FROM restated").returns("100|2");
  }

  /** A sub-query that does not show what decides gives the same rows as one that does. */
  @ParameterizedTest
  @EnumSource
  void itDecidesWhereASubQueryHidesItToo(Place place) {
    at(
            place,
            """
            SELECT d.asset, q.v FROM days AS d LEFT ASOF JOIN
              (SELECT v + 1 AS v, asset, t FROM (SELECT * FROM quotes WHERE v < 9)) AS q
            MATCH_CONDITION q.t <= d.day ON q.asset = d.asset ORDER BY 1""")
        .returns("AAPL|null", "SAP|1");
    at(
            place,
            """
            SELECT * FROM days AS d LEFT ASOF JOIN
              (SELECT v, asset, t FROM "responses$versions") AS r
            MATCH_CONDITION r.t <= d.day USING (asset) ORDER BY 1""")
        .returns(
            "AAPL|2024-01-03 00:00:00+00|7|2024-01-01 00:00:00+00",
            "SAP|2024-01-03 00:00:00+00|5|2024-01-01 00:00:00+00");
  }

  /** Rows of several assets may match, between which the order within one says nothing. */
  @ParameterizedTest
  @EnumSource
  void betweenIdentitiesAllColumnsDecide(Place place) {
    at(
            place,
            """
            SELECT d.asset, q.asset, q.v FROM days AS d LEFT ASOF JOIN quotes AS q
            MATCH_CONDITION q.t <= d.day ON TRUE ORDER BY 1""")
        .returns("AAPL|SAP|0", "SAP|SAP|0");
  }

  @ParameterizedTest
  @EnumSource
  void itDecidesWhichRowIsTheNewest(Place place) {
    at(place, "SELECT asset, v FROM \"quotes$latest\"").returns("SAP|0");
  }

  @ParameterizedTest
  @EnumSource(names = {"DUCKDB", "POSTGRESQL"})
  void storagesOrderByNothingElse(Place place) {
    at(place, "SELECT v FROM responses FOR SYSTEM_TIME AS OF TIMESTAMP '2024-01-03 00:00:00'")
        .sendsPart(
            place == Place.DUCKDB
                ? "ORDER BY ROW(\"column2\", (\"column3\" IS NOT NULL), \"column3\") DESC) = 1"
                : "\"k\" DESC NULLS FIRST, \"sequence\" DESC NULLS LAST");
    at(place, "SELECT v FROM alone FOR SYSTEM_TIME AS OF TIMESTAMP '2024-01-03 00:00:00'")
        .sendsPart(
            place == Place.DUCKDB
                ? "ORDER BY \"k\" DESC NULLS LAST) = 1"
                : "\"asset\" DESC NULLS FIRST, \"k\" DESC NULLS FIRST");
  }

  @ParameterizedTest
  @EnumSource
  void theCatalogTells(Place place) {
    at(place, "SELECT identifier, tie_break FROM metadata.nodes ORDER BY 1")
        .returns(
            "alone|", "days|null", "quotes|sequence", "responses|sequence", "restated|\"a, b\"");
  }
}
