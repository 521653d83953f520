package io.datanode.plan.stitch;

import static io.datanode.testing.SqlFixture.sql;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.datanode.testing.MarketNodes.Place;
import io.datanode.testing.PostgreSql;
import io.datanode.testing.StitchedNodes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which parts a query of a stitched node asks, and which parts do not fit together. */
class StitchedNodesTest {
  private static final OffsetDateTime NOON =
      OffsetDateTime.of(2024, 6, 3, 12, 0, 0, 0, ZoneOffset.UTC);

  @TempDir private Path folder;

  @Test
  void conditionBehindTheBoundaryAsksTheLivePartAlone() {
    sql("SELECT close FROM bars WHERE time_index > TIMESTAMP '2022-01-11 05:00:00'")
        .over(StitchedNodes.catalog(Place.SPLIT))
        .shows(
            """
            root on live
              SELECT "close"
              FROM "public"."bars_live"
              WHERE "time_index" > TIMESTAMPTZ '2022-01-11 05:00:00+00'
            conditions
              bars_live: time_index > TIMESTAMP '2022-01-11T05:00:00Z': pushed
            everything is pushed""");
  }

  @Test
  void conditionOnTheSourceIsDecidedBeforeAnyStorageIsAsked() {
    sql("SELECT close FROM bars WHERE _source = 'bars_history' AND asset_identifier = 'SPY'")
        .over(StitchedNodes.catalog(Place.SPLIT))
        .shows(
            """
            root on history
              SELECT "close"
              FROM "bars"."main"."bars_history"
              WHERE "asset_identifier" = 'SPY' AND "time_index" <= TIMESTAMPTZ '2022-01-11 05:00:00+00'
            conditions
              bars_history: asset_identifier = 'SPY': pushed
              bars_history: time_index <= TIMESTAMP '2022-01-11T05:00:00Z': pushed
            everything is pushed""");
  }

  /**
   * The live part is in a database that goes away once it has told its columns.
   *
   * @param condition leaves nothing of the live part; {@code ?} is noon of 3 June 2024
   */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "fixed | time_index <= TIMESTAMP '2024-06-01 00:00:00' | 3",
        "fixed | CAST(time_index AS DATE) < DATE '2024-06-01' | 2",
        "fixed | _source = 'old' | 3",
        "fixed | _source IN ('old', 'older') AND close > 1 | 2",
        "fixed | time_index < CAST(? AS TIMESTAMP) - INTERVAL '60' HOUR | 2",
        "today | time_index < CURRENT_TIMESTAMP - INTERVAL '48' HOUR | 4",
        "today | time_index < ? | 4"
      })
  void storageOfAPartThatConditionsExcludeMayBeDown(String node, String condition, int rows)
      throws Exception {
    String live = PostgreSql.newDatabase();
    PostgreSql.run(
        live,
        "CREATE TABLE new (time_index TIMESTAMPTZ, asset_identifier TEXT, close FLOAT8)",
        "INSERT INTO new VALUES (now() + INTERVAL '1 day', 'SAP', 9)");
    try (Connection connection = DriverManager.getConnection(url(history(), live))) {
      assertEquals(1, count(connection, "SELECT COUNT(*) FROM today WHERE _source = 'new'"));
      PostgreSql.run(
          PostgreSql.server().getJdbcUrl("postgres", "postgres"),
          "DROP DATABASE " + live.replaceAll(".*/([^?]*).*", "$1") + " WITH (FORCE)");
      String from = " FROM " + node + " WHERE " + condition;
      assertEquals(rows, count(connection, "SELECT COUNT(*)" + from));
      assertEquals(
          rows, count(connection, "SELECT COUNT(*) FROM (SELECT close, _source" + from + ") AS t"));
      SQLException down =
          assertThrows(SQLException.class, () -> count(connection, "SELECT COUNT(*) FROM " + node));
      assertEquals("3D000", down.getSQLState(), down.getMessage());
    }
  }

  private static int count(Connection connection, String sql) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      if (sql.contains("?")) {
        statement.setObject(1, NOON);
      }
      try (ResultSet result = statement.executeQuery()) {
        result.next();
        return result.getInt(1);
      }
    }
  }

  private Path history() throws SQLException {
    Path file = folder.resolve("old.duckdb");
    try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:" + file);
        Statement statement = duckdb.createStatement()) {
      statement.execute(
          """
          CREATE TABLE old AS SELECT * FROM (VALUES
            (TIMESTAMPTZ '2024-05-30 00:00:00+00', 'SAP', 1.0::DOUBLE),
            (TIMESTAMPTZ '2024-05-31 23:59:59.999999+00', 'SAP', 2),
            (TIMESTAMPTZ '2024-06-01 00:00:00+00', 'SAP', 3),
            (TIMESTAMPTZ '2024-06-01 00:00:00.000001+00', 'SAP', 4))
            AS t(time_index, asset_identifier, close)""");
    }
    return file;
  }

  private String url(Path history, String live) throws IOException {
    Path catalog = folder.resolve("catalog.yaml");
    Files.writeString(
        catalog,
        """
        storages:
          history: { type: duckdb, path: %s }
          live: { type: postgresql, url: "%s", user: postgres }
        nodes:
          - { identifier: old, storage: history, table: old }
          - { identifier: new, storage: live, table: new }
          - identifier: fixed
            stitch: { parts: [old, new], boundary: 2024-06-01T00:00:00Z }
          - identifier: today
            stitch: { parts: [old, new], boundary: midnight, zone: Asia/Tokyo }
        """
            .formatted(history, live));
    return "jdbc:datanode:" + catalog;
  }

  /** Columns that both sides have are an error in KaizenFlow too: its case S03. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "parts: [times, texts], overlap: live | column 'value' is DOUBLE in 'times' and VARCHAR in"
            + " another of its parts; declare the same dtype for both | F0000",
        "parts: [times, texts], side_by_side: true | its parts 'times' and 'texts' both have a"
            + " column 'value', and side by side only the key and the knowledge time may be in"
            + " several; publish one of them under another name | F0000",
        "parts: [times, dates], overlap: live | its part 'dates' has no column 'asset_identifier',"
            + " which with others identifies a row; its columns are time_index, value | F0000",
        "parts: [times, more], overlap: newest | the newest row is to count where its parts overlap,"
            + " but part 'times' has no knowledge time; declare knowledge_time there, or overlap:"
            + " live or history here | F0000"
      })
  void partsThatDoNotFitTogetherAreRefused(String stitch, String why, String state)
      throws Exception {
    write(
        "times",
        "TIMESTAMPTZ '2024-01-01' AS time_index, 'SAP' AS asset_identifier, 1.5::DOUBLE AS value");
    write("more", "TIMESTAMPTZ '2024-01-01' AS time_index, 'SAP' AS asset_identifier, 2 AS value");
    write(
        "texts", "TIMESTAMPTZ '2024-01-01' AS time_index, 'SAP' AS asset_identifier, 'x' AS value");
    write("dates", "TIMESTAMPTZ '2024-01-01' AS time_index, 1.5::DOUBLE AS value");
    Path catalog = folder.resolve("catalog.yaml");
    Files.writeString(
        catalog,
        """
        nodes:
          - { identifier: times, files: times.parquet }
          - { identifier: more, files: more.parquet }
          - { identifier: texts, files: texts.parquet }
          - { identifier: dates, files: dates.parquet }
          - { identifier: mixed, stitch: { parts: [times, more], overlap: live } }
          - { identifier: stitched, stitch: { %s } }
        """
            .formatted(stitch));
    sql("SELECT * FROM stitched")
        .over(catalog)
        .fails("Node 'stitched' cannot be stitched: " + why, state);
    // Whole and floating point numbers go together.
    sql("SELECT value, _source FROM mixed").over(catalog).returns("2.0|more");
  }

  private void write(String node, String columns) throws SQLException {
    try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duckdb.createStatement()) {
      statement.execute(
          "COPY (SELECT " + columns + ") TO '" + folder.resolve(node + ".parquet") + "'");
    }
  }
}
