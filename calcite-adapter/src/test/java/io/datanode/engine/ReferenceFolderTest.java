package io.datanode.engine;

import static io.datanode.testing.SqlFixture.sql;

import io.datanode.testing.SqlFixture;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A folder as the reference system leaves it: {@code <table>/year=YYYY/month=MM/part-….parquet}
 * beside {@code duck_meta.duckdb}, whose views name absolute paths of another machine. Its fixed
 * reads are written as SQL.
 */
class ReferenceFolderTest {
  @TempDir static Path folder;

  @BeforeAll
  static void write() throws Exception {
    try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duckdb.createStatement()) {
      statement.execute("SET TimeZone = 'UTC'");
      statement.execute(
          """
          CREATE TABLE prices AS
          SELECT t AS time_index, a AS unique_identifier, (100 + day(t)) * 1.0::DOUBLE AS "close",
            CASE WHEN day(t) % 2 = 0 THEN 'n''' || day(t) || ' "q" é' END AS note
          FROM range(TIMESTAMPTZ '2026-01-30', TIMESTAMPTZ '2026-02-04', INTERVAL 1 DAY) AS r(t),
            (VALUES ('AAPL'), ('BTC')) AS v(a)
          UNION ALL
          SELECT TIMESTAMPTZ '2026-03-01 12:30:00.25+00', 'ETH', 7.0, NULL""");
      for (String month : new String[] {"01", "02", "03"}) {
        Path part = folder.resolve("prices_0a1b/year=2026/month=" + month);
        Files.createDirectories(part);
        statement.execute(
            "COPY (SELECT * FROM prices WHERE month(time_index) = "
                + Integer.parseInt(month)
                + ") TO '"
                + part.resolve("part-20260101.parquet")
                + "' (FORMAT parquet)");
      }
      statement.execute("ATTACH '" + folder.resolve("duck_meta.duckdb") + "' AS meta");
      statement.execute(
          "CREATE TABLE meta.known AS SELECT '/home/somebody/prices_0a1b' AS directory");
      statement.execute("DETACH meta");
    }
  }

  private static SqlFixture read(String where, Object... values) {
    return sql("SELECT * FROM prices_0a1b WHERE " + where + " ORDER BY 1, 2")
        .over(folder)
        .with(values);
  }

  @Test
  void timeIndexAndIdentityAreFound() {
    sql("SELECT time_index, identity, row_estimate FROM metadata.nodes"
            + " WHERE identifier = 'prices_0a1b'")
        .over(folder)
        .returns("time_index|unique_identifier|11");
  }

  @Test
  void windowsOpenAndClosed() {
    String[] twoDays = {
      "2026-01-31 00:00:00+00|AAPL|131.0|null",
      "2026-01-31 00:00:00+00|BTC|131.0|null",
      "2026-02-01 00:00:00+00|AAPL|101.0|null",
      "2026-02-01 00:00:00+00|BTC|101.0|null"
    };
    read(
            "time_index >= ? AND time_index <= ?",
            "2026-01-31T00:00:00.000000Z",
            "2026-02-01T00:00:00.000000Z")
        .returns(twoDays);
    read("time_index > ? AND time_index < ?", "2026-01-30T00:00:00Z", "2026-02-02T00:00:00Z")
        .returns(twoDays);
  }

  @Test
  void boundariesWithinASecond() {
    String[] eth = {"2026-03-01 12:30:00.25+00|ETH|7.0|null"};
    read("time_index >= ?", "2026-03-01T12:30:00.250000Z").returns(eth);
    read("time_index > ?", "2026-03-01T12:30:00.250000Z").returns();
  }

  @Test
  void identitiesAndCoordinates() {
    read("unique_identifier IN (?) AND time_index < ?", "BTC", "2026-01-31T00:00:00Z")
        .returns("2026-01-30 00:00:00+00|BTC|130.0|n'30 \"q\" é");
    read(
            "(unique_identifier = ? OR (unique_identifier = ? AND time_index >= ?))",
            "ETH",
            "AAPL",
            "2026-02-03T00:00:00Z")
        .returns(
            "2026-02-03 00:00:00+00|AAPL|103.0|null", "2026-03-01 12:30:00.25+00|ETH|7.0|null");
  }
}
