package io.datanode.plan.placement;

import static io.datanode.testing.SqlFixture.sql;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.datanode.testing.SqlFixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Queries over nodes of two storages: what each is sent, what is moved, and the rows. */
class AcrossStoragesTest {
  @TempDir static Path folder;

  private static Path catalog;
  private static Connection open;

  /**
   * Prices of 50 assets on 200 days are far; which assets there are, in which sectors, and what was
   * picked, is near.
   */
  @BeforeAll
  static void nodes() throws SQLException, IOException {
    try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duckdb.createStatement()) {
      for (String table :
          new String[] {
            "prices AS SELECT TIMESTAMPTZ '2024-01-01 00:00:00+00' + to_days(d) AS time_index,"
                + " 'A' || a AS asset_identifier, (a * 1000 + d)::DOUBLE AS close"
                + " FROM range(200) AS d(d), range(50) AS a(a)",
            "assets AS SELECT 'A' || a AS asset_identifier, 'S' || (a % 10) AS sector_id"
                + " FROM range(50) AS a(a)",
            "sectors AS SELECT 'S' || s AS sector_id, 'sector ' || s AS sector_name"
                + " FROM range(10) AS s(s)",
            "picks AS SELECT TIMESTAMPTZ '2024-01-10 12:00:00+00' + to_days(n) AS time_index,"
                + " 'A' || n AS asset_identifier FROM range(3) AS n(n)"
          }) {
        String name = table.substring(0, table.indexOf(' '));
        statement.execute("CREATE TABLE " + table);
        statement.execute(
            "COPY " + name + " TO '" + folder + "/" + name + ".parquet' (FORMAT parquet)");
      }
    }
    catalog =
        Files.writeString(
            folder.resolve("catalog.yaml"),
            """
            storages:
              near: { type: duckdb, path: . }
              far: { type: far, path: . }
            nodes:
              - { identifier: prices, storage: far, files: prices.parquet, identity: [asset_identifier] }
              - { identifier: near_prices, storage: near, files: prices.parquet, identity: [asset_identifier] }
              - { identifier: assets, storage: near, files: assets.parquet }
              - { identifier: sectors, storage: near, files: sectors.parquet }
              - { identifier: picks, storage: near, files: picks.parquet }
              - { identifier: far_picks, storage: far, files: picks.parquet }
            """);
    // The log of statements is that of an engine, which lives as long as a connection is open.
    open = DriverManager.getConnection(SqlFixture.url(catalog));
  }

  @AfterAll
  static void letTheEngineGo() throws SQLException {
    open.close();
  }

  private static SqlFixture ask(String text) {
    return sql(text).over(catalog);
  }

  /**
   * Asks of the far prices, says that the near ones give the same rows, and how many rows of far
   * prices were moved for them.
   */
  private static void moves(long rows, String text) throws SQLException {
    List<String> near = ask(text.replace(" prices ", " near_prices ")).rows();
    assertEquals(String.join("\n", near), String.join("\n", ask(text).rows()));
    assertNotEquals(List.of(), near);
    assertEquals(
        String.valueOf(rows),
        ask("SELECT shipped_rows FROM metadata.queries WHERE \"sql\" = ? ORDER BY started_at DESC LIMIT 1")
            .with(text)
            .rows()
            .get(0));
  }

  @Test
  void whatIsNearDecidesWhichKeysAreMoved() throws SQLException {
    moves(
        10,
        """
            SELECT p.time_index, p.close, s.sector_name
            FROM prices p
            JOIN assets a ON a.asset_identifier = p.asset_identifier
            JOIN sectors s ON s.sector_id = a.sector_id
            WHERE s.sector_name = 'sector 7' AND p.time_index < DATE '2024-01-03'
            ORDER BY 1, 2""");
  }

  @Test
  void aFarSideIsAggregatedBeforeItIsMoved() throws SQLException {
    moves(
        50,
        """
            SELECT a.sector_id, COUNT(*) AS n, AVG(p.close) AS mean, MAX(p.close) AS high
            FROM prices p JOIN assets a ON a.asset_identifier = p.asset_identifier
            GROUP BY a.sector_id ORDER BY 1""");
  }

  @Test
  void anAsofJoinMovesOnlyKeysAndTimesThatCanMatch() throws SQLException {
    moves(
        36,
        """
            SELECT k.time_index, k.asset_identifier, p.time_index AS priced, p.close
            FROM picks k LEFT ASOF JOIN prices p MATCH_CONDITION p.time_index <= k.time_index
            ON p.asset_identifier = k.asset_identifier
            ORDER BY 1""");
  }

  @Test
  void aLimitedSideIsComputedOnce() throws SQLException {
    moves(
        4,
        """
            SELECT p.asset_identifier, SUM(p.close) AS total
            FROM prices p
            JOIN (SELECT asset_identifier FROM assets ORDER BY sector_id DESC, 1 LIMIT 2) a
              ON a.asset_identifier = p.asset_identifier
            GROUP BY p.asset_identifier ORDER BY 1""");
  }

  @Test
  void subQueriesAreReducedToo() throws SQLException {
    moves(
        1000,
        "SELECT COUNT(*) FROM prices p WHERE p.asset_identifier IN (SELECT asset_identifier FROM"
            + " assets WHERE sector_id = 'S3')");
    moves(
        1000,
        "SELECT COUNT(*) FROM prices p WHERE EXISTS (SELECT 1 FROM assets a WHERE"
            + " a.asset_identifier = p.asset_identifier AND a.sector_id = 'S3')");
    moves(
        1000,
        "SELECT a.asset_identifier, (SELECT MAX(p.close) FROM prices p WHERE p.asset_identifier ="
            + " a.asset_identifier) AS high FROM assets a WHERE a.sector_id = 'S3' ORDER BY 1");
    moves(
        600,
        "SELECT a.asset_identifier FROM assets a WHERE NOT EXISTS (SELECT 1 FROM prices p WHERE"
            + " p.asset_identifier = a.asset_identifier AND p.close > 20000) AND a.sector_id = 'S3' ORDER BY 1");
    moves(
        5999,
        "SELECT a.asset_identifier FROM assets a WHERE a.asset_identifier NOT IN (SELECT"
            + " p.asset_identifier FROM prices p WHERE p.close > 20000) AND a.sector_id = 'S3' ORDER BY 1");
  }

  @Test
  void unionsAreCutAndAggregatedInParts() throws SQLException {
    moves(
        3,
        "SELECT time_index, asset_identifier, close FROM (SELECT * FROM prices WHERE time_index >="
            + " DATE '2024-03-01' UNION ALL SELECT * FROM near_prices WHERE time_index < DATE"
            + " '2024-03-01') ORDER BY time_index DESC, close LIMIT 3");
    moves(
        5,
        "SELECT asset_identifier, COUNT(*), SUM(close), AVG(close), MIN(time_index) FROM (SELECT * FROM prices WHERE time_index >="
            + " DATE '2024-03-01' UNION ALL SELECT * FROM near_prices WHERE time_index < DATE"
            + " '2024-03-01') WHERE asset_identifier < 'A13' GROUP BY 1 ORDER BY 1");
  }

  @Test
  void outerCrossAndSelfJoins() throws SQLException {
    moves(
        800,
        "SELECT p.asset_identifier, COUNT(a.sector_id), COUNT(*) FROM prices p LEFT JOIN assets a ON"
            + " a.asset_identifier = p.asset_identifier AND a.sector_id = 'S1' WHERE p.close < 4000 GROUP BY 1 ORDER BY 1");
    moves(
        800,
        "SELECT a.asset_identifier, COUNT(p.close) FROM assets a LEFT JOIN prices p ON"
            + " a.asset_identifier = p.asset_identifier AND p.close > 3000 WHERE a.sector_id = 'S1' GROUP BY 1 ORDER BY 1");
    moves(
        10000,
        "SELECT COUNT(a.sector_id), COUNT(p.close), COUNT(*) FROM assets a FULL JOIN prices p ON"
            + " a.asset_identifier = p.asset_identifier AND p.close > 3000 AND a.sector_id = 'S1'");
    moves(
        3,
        "SELECT COUNT(*) FROM prices p JOIN prices q ON p.time_index = q.time_index AND p.close < q.close JOIN picks k ON k.asset_identifier = p.asset_identifier");
    moves(
        10000,
        "SELECT COUNT(*), COUNT(DISTINCT p.asset_identifier) FROM prices p CROSS JOIN sectors s");
    moves(
        5,
        "WITH recent AS (SELECT *, ROW_NUMBER() OVER (PARTITION BY asset_identifier ORDER BY time_index DESC) AS n FROM prices ) SELECT r.asset_identifier, r.close FROM recent r JOIN assets a ON a.asset_identifier = r.asset_identifier WHERE r.n = 1 AND a.sector_id = 'S2' ORDER BY 1");
  }
}
