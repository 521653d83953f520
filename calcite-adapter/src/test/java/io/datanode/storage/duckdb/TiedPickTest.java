package io.datanode.storage.duckdb;

import static io.datanode.testing.SqlFixture.sql;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The newest row of each key where further columns decide between rows of one time. */
class TiedPickTest {
  private static Path catalog;

  @BeforeAll
  static void write(@TempDir Path folder) throws IOException, SQLException {
    Path database = folder.resolve("reports.duckdb");
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:" + database);
        Statement statement = connection.createStatement()) {
      statement.execute("SET TimeZone = 'UTC'");
      // Every version has a knowledge time of its own.
      statement.execute(
          """
          CREATE TABLE apart AS SELECT
            CASE WHEN i % 7 > 0 THEN ['SAP', 'sap', 'Ärzte', ''][1 + i % 4] END AS asset,
            TIMESTAMPTZ '2024-03-31 00:59:59+00' + (i % 11) * INTERVAL '1 hour' AS time_index,
            TIMESTAMPTZ '2024-03-31 00:59:59+00' + (i * 13 % 500) * INTERVAL '1 microsecond' AS known_at,
            CASE WHEN i % 5 = 0 THEN 'NaN'::DOUBLE WHEN i % 3 > 0 THEN i / 8.0 END AS eps,
            i AS number
          FROM range(1, 500) r (i)""");
      // Some are known together, some never, and of those some are all that there is of a key.
      statement.execute(
          """
          CREATE TABLE tied AS SELECT asset, time_index,
            CASE WHEN number % 17 > 0 AND time_index < TIMESTAMPTZ '2024-03-31 10:00:00+00'
              THEN date_trunc('millisecond', known_at) END AS known_at, eps, number FROM apart""");
      statement.execute(
          """
          CREATE TABLE collated (asset VARCHAR COLLATE NOCASE, time_index TIMESTAMPTZ,
            known_at TIMESTAMPTZ, eps DOUBLE, number BIGINT)""");
      statement.execute("INSERT INTO collated FROM tied");
      statement.execute("CREATE TYPE symbol AS ENUM ('sap', 'SAP', 'Ärzte', '')");
      statement.execute(
          "CREATE TABLE listed AS SELECT CAST(asset AS symbol) AS asset, * EXCLUDE asset FROM tied");
    }
    catalog = folder.resolve("catalog.yaml");
    Files.writeString(
        catalog,
        """
        storages:
          lake: { type: duckdb, path: %s }
        nodes:
          - { identifier: apart, table: apart, time_index: time_index, asset: asset, knowledge_time: known_at }
          - { identifier: tied, table: tied, time_index: time_index, asset: asset, knowledge_time: known_at }
          - { identifier: collated, table: collated, time_index: time_index, asset: asset, knowledge_time: known_at }
          - { identifier: listed, table: listed, time_index: time_index, asset: asset, knowledge_time: known_at }
        """
            .formatted(database));
  }

  @ParameterizedTest
  @ValueSource(strings = {"apart", "tied", "collated", "listed"})
  void givesTheRowsThatOrderingAllGives(String node) {
    for (String query :
        List.of(
            "SELECT * FROM %s",
            "SELECT asset, number FROM %s WHERE eps > 10 OR asset IS NULL",
            "SELECT number FROM %s WHERE asset <> 'sap' AND number > 100",
            "SELECT * FROM %s FOR SYSTEM_TIME AS OF TIMESTAMP '2024-03-31 00:59:59.000200'",
            "SELECT COUNT(*), SUM(number) FROM %s FOR SYSTEM_TIME AS OF TIMESTAMP '2024-04-01 00:00:00'"
                + " GROUP BY asset HAVING COUNT(*) > 0",
            "SELECT * FROM \"%s$versions\" WHERE number > 30 QUALIFY ROW_NUMBER() OVER (PARTITION BY"
                + " asset ORDER BY known_at DESC NULLS LAST, eps DESC NULLS LAST, number DESC) = 1")) {
      String written = query.formatted(node);
      List<String> all = sql(written).over(catalog).set("pushdown=off").rows();
      assertEquals(sorted(all), sorted(sql(written).over(catalog).rows()), written);
      assertEquals(true, all.size() > 1, written);
      sql(written).over(catalog).sendsPart("AS MATERIALIZED");
    }
  }

  /** The hashes of {@code tied}, of which there are many, fall together in three. */
  @Test
  void rowsOfOneHashAreToldApart(@TempDir Path folder) throws IOException, SQLException {
    String query = "SELECT asset, time_index::VARCHAR, number FROM tied";
    String sent = sql(query).over(catalog).explanation().get("queries").get(0).get("sql").asText();
    String database = sent.substring(sent.indexOf("FROM \"", sent.indexOf("AS MATERIALIZED")) + 6);
    Path copy = folder.resolve("copy.duckdb");
    Files.copy(catalog.resolveSibling("reports.duckdb"), copy);
    List<String> rows = new ArrayList<>();
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      statement.execute("SET TimeZone = 'UTC'");
      statement.execute(
          "ATTACH '" + copy + "' AS \"" + database.substring(0, database.indexOf('"')) + "\"");
      statement.execute("CREATE MACRO few(a, b, c) AS hash(a, b, c) % 3");
      try (ResultSet found = statement.executeQuery(sent.replace("hash(", "few("))) {
        while (found.next()) {
          rows.add(found.getString(1) + "|" + found.getString(2) + "|" + found.getString(3));
        }
      }
    }
    assertEquals(sorted(sql(query).over(catalog).rows()), sorted(rows));
  }

  private static List<String> sorted(List<String> rows) {
    return rows.stream().sorted().toList();
  }

  /** An ENUM would be ordered by the places of its values, text with NOCASE without its case. */
  @ParameterizedTest
  @ValueSource(strings = {"collated", "listed"})
  void textIsComparedByCodePointWhateverItsColumnSays(String node) {
    sql("SELECT asset, COUNT(*) FROM " + node + " GROUP BY asset ORDER BY asset NULLS LAST")
        .over(catalog)
        .returns("|11", "SAP|11", "sap|11", "Ärzte|11", "null|11");
    sql("SELECT MIN(asset), MAX(asset) FROM " + node + " WHERE asset > 'SAP'")
        .over(catalog)
        .returns("sap|Ärzte");
    sql("SELECT COUNT(*) FROM " + node + " WHERE asset IN ('sAP', 'sap')")
        .over(catalog)
        .returns("11");
  }

  /** The number of a symbol is computed once for each that the other conditions leave. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT * FROM \"apart$versions\" WHERE ASSET_ID(asset) = 2041807193 AND eps > 3",
        "SELECT COUNT(*) FROM tied WHERE ASSET_ID(asset) IN (1049751474, 2819497684, 5)"
      })
  void symbolsAreLookedForByTheirNumbers(String query) {
    List<String> all = sql(query).over(catalog).set("pushdown=off").rows();
    assertEquals(sorted(all), sorted(sql(query).over(catalog).rows()));
    sql(query).over(catalog).sendsPart("\"asset\" IN (SELECT \"asset\"");
  }

  /** A number may be greater than any other and still equal to none. */
  @Test
  void otherValuesThanTimesAreOrderedWithTheRest() {
    sql("SELECT number FROM apart QUALIFY ROW_NUMBER() OVER (PARTITION BY asset ORDER BY eps DESC"
            + " NULLS LAST, number DESC) = 1 LIMIT 1")
        .over(catalog)
        .sendsPart("ORDER BY ROW((\"eps\" IS NOT NULL), \"eps\", \"number\") DESC) = 1");
  }
}
