package io.datanode.plan.stitch;

import static io.datanode.testing.SqlFixture.sql;

import io.datanode.testing.CatalogPerPlace;
import io.datanode.testing.MarketNodes.Place;
import io.datanode.testing.OwnNodes;
import io.datanode.testing.SqlFixture;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Parts of a stitched node that become known each by a rule of its own: history a day later. */
class StitchedLagsTest {
  private static final CatalogPerPlace CATALOGS = new CatalogPerPlace(StitchedLagsTest::catalog);

  private static SqlFixture at(Place place, String sql) {
    return CATALOGS.sql(place, sql);
  }

  private static Path catalog(Place place) {
    List<String> statements =
        List.of(
            "CREATE TABLE history (t TIMESTAMPTZ NOT NULL, asset TEXT NOT NULL, v INTEGER)",
            """
            INSERT INTO history VALUES
              ('2024-01-01 00:00:00+00', 'SAP', 1), ('2024-01-02 00:00:00+00', 'SAP', 2)""",
            "CREATE TABLE live (t TIMESTAMPTZ NOT NULL, asset TEXT NOT NULL, v INTEGER)",
            """
            INSERT INTO live VALUES
              ('2024-01-01 12:00:00+00', 'SAP', 9),
              ('2024-01-02 00:01:00+00', 'SAP', 3), ('2024-01-02 00:02:00+00', 'SAP', 4)""",
            "CREATE TABLE undated AS SELECT * FROM live");
    List<String> roles = List.of("time_index: t", "identity: [asset]");
    Map<String, List<String>> nodes = new LinkedHashMap<>();
    nodes.put("history", List.of(roles.get(0), roles.get(1), "knowledge_time: time_index + 1d"));
    nodes.put("live", List.of(roles.get(0), roles.get(1), "knowledge_time: time_index + 1m"));
    nodes.put("undated", roles);
    Path catalog = OwnNodes.catalog(place, statements, nodes);
    try {
      return Files.writeString(
          catalog,
          """
            - identifier: fixed
              stitch: { parts: [history, live], boundary: 2024-01-02T00:00:00Z }
            - identifier: by_end
              stitch: { parts: [history, live], boundary: history_end }
            - identifier: first_known
              stitch: { parts: [history, live], overlap: history }
            - identifier: half_dated
              stitch: { parts: [history, undated], boundary: 2024-01-02T00:00:00Z }
          """,
          StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @EnumSource
  void eachPartIsCutByItsOwnRule(Place place) {
    String asOf = " FOR SYSTEM_TIME AS OF TIMESTAMP '2024-01-02 00:02:00' ORDER BY t";
    at(place, "SELECT v, _source FROM fixed" + asOf).returns("1|history", "3|live");
    at(place, "SELECT v FROM fixed ORDER BY t").returns("1", "2", "3", "4");
    at(place, "SELECT v FROM first_known" + asOf).returns("1", "9", "3");
  }

  /** The end of history is that of what was known of it. */
  @ParameterizedTest
  @EnumSource
  void historyEndsWhereItWasKnownToEnd(Place place) {
    String asOf = " FOR SYSTEM_TIME AS OF TIMESTAMP '2024-01-02 00:02:00' ORDER BY t";
    at(place, "SELECT v, _source FROM by_end" + asOf).returns("1|history", "9|live", "3|live");
    at(place, "SELECT v FROM by_end ORDER BY t").returns("1", "2", "3", "4");
  }

  @ParameterizedTest
  @EnumSource
  void aSessionInThePastCutsThemAlike(Place place) {
    at(place, "SELECT v FROM fixed ORDER BY t").set("asOf=2024-01-02T00:02:00Z").returns("1", "3");
    at(place, "SELECT v FROM half_dated ORDER BY t")
        .set("asOf=2024-01-02T00:02:00Z")
        .returns("1", "3", "4");
  }

  @ParameterizedTest
  @EnumSource
  void aPartOfWhichThePastCannotBeToldIsNamed(Place place) {
    at(place, "SELECT v FROM half_dated FOR SYSTEM_TIME AS OF TIMESTAMP '2024-01-02 00:02:00'")
        .fails(
            "Node 'undated', a part of 'half_dated', has no knowledge time, so what was known of it at a time cannot be told;"
                + " declare in the catalog which column says when a row became known,"
                + " knowledge_time: <column>, or how long after its time a row is published, for"
                + " example knowledge_time: time_index + 15m (line 1, column 15)\nSELECT v FROM"
                + " half_dated FOR SYSTEM_TIME AS OF TIMESTAMP '2024-01-02 00:02:00'\n"
                + " ".repeat(14)
                + "^",
            "0A000");
  }
}
