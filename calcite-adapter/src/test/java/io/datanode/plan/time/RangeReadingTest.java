package io.datanode.plan.time;

import static io.datanode.testing.SqlFixture.sql;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.datanode.testing.PostgreSql;
import io.datanode.testing.SqlFixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What storages make of the ranges they are asked for: they read less. */
class RangeReadingTest {
  private static final String DAY =
      "SELECT x FROM bars WHERE asset_identifier = 'A1' AND CAST(time_index AS DATE) = DATE"
          + " '2024-05-01'";

  @TempDir Path folder;

  @Test
  void duckDbReadsOnlyTheRowGroupsOfADayInTheSessionZone() throws SQLException {
    Path file = folder.resolve("bars.parquet");
    try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duckdb.createStatement()) {
      statement.execute("SET TimeZone = 'UTC'");
      statement.execute(
          "COPY (SELECT TIMESTAMPTZ '2024-01-01 00:00:00+00' + to_minutes(i) AS time_index, 'A' ||"
              + " (i % 2) AS asset_identifier, i AS x FROM range(400000) AS r(i)) TO '"
              + file
              + "' (FORMAT parquet, ROW_GROUP_SIZE 20000)");
      SqlFixture day = sql(DAY).over(folder).set("timeZone=Europe/Berlin");
      String sent = root(day).replaceAll("FROM \\S+", "FROM '" + file + "'");
      assertTrue(explained(statement, "EXPLAIN ANALYZE " + sent).contains("Scanned: 1 / 20"), sent);
      String function =
          "SELECT x FROM '"
              + file
              + "' WHERE CAST(timezone('Europe/Berlin', time_index) AS DATE) = DATE '2024-05-01'";
      assertFalse(
          explained(statement, "EXPLAIN ANALYZE " + function).contains("Scanned: 1 / 20"),
          "DuckDB by itself finds the row groups of a day in a zone now");
    }
  }

  @Test
  void duckDbOpensOnlyTheFilesOfAPartition() throws SQLException {
    Path bars = folder.resolve("bars");
    try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duckdb.createStatement()) {
      statement.execute(
          "COPY (SELECT TIMESTAMPTZ '2024-01-01 00:00:00+00' + to_days(i) AS time_index, 'M' || i"
              + " AS market, i AS x FROM range(5) AS r(i)) TO '"
              + bars
              + "' (FORMAT parquet, PARTITION_BY (market))");
      SqlFixture market = sql("SELECT x FROM bars WHERE market >= 'M1' AND market < 'M3'");
      market.over(folder).returns("1", "2");
      String sent =
          root(market)
              .replaceAll(
                  "FROM \\S+",
                  "FROM read_parquet('" + bars + "/**/*.parquet', hive_partitioning = true)");
      assertTrue(
          explained(statement, "EXPLAIN ANALYZE " + sent).contains("Scanning Files: 2/5"), sent);
    }
  }

  @Test
  void postgreSqlLooksUpADayOfAnAssetInItsIndex() throws SQLException, IOException {
    String url = PostgreSql.newDatabase();
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      statement.execute("SET TIME ZONE 'UTC'");
      statement.execute(
          "CREATE TABLE bars AS SELECT timestamptz '2024-01-01 00:00:00+00' + i * interval '1"
              + " minute' AS time_index, 'A' || (i % 2) AS asset_identifier, i AS x FROM"
              + " generate_series(0, 400000) AS r(i)");
      statement.execute("CREATE INDEX ON bars (asset_identifier, time_index)");
      statement.execute("ANALYZE bars");
      Path catalog =
          Files.writeString(
              folder.resolve("catalog.yaml"),
              "storages:\n  desk: { type: postgresql, url: \""
                  + url
                  + "\", user: postgres }\nnodes:\n  - { identifier: bars, storage: desk, table:"
                  + " public.bars, time_index: time_index, asset: asset_identifier }\n");
      String sent = root(sql(DAY).over(catalog));
      String plan = explained(statement, "EXPLAIN " + sent);
      assertTrue(plan.contains("Index Cond") && plan.contains("(time_index >= "), plan);
      assertFalse(
          explained(
                  statement,
                  "EXPLAIN SELECT x FROM bars WHERE asset_identifier = 'A1' AND CAST(time_index AS"
                      + " date) = DATE '2024-05-01'")
              .contains("time_index >="));
      sql("SELECT COUNT(*) FROM bars WHERE CAST(time_index AS DATE) = DATE '2024-05-01'")
          .over(catalog)
          .returns("1440");
    }
  }

  private static String root(SqlFixture query) {
    for (JsonNode each : query.explanation().get("queries")) {
      if (each.get("role").asText().equals("root")) {
        return each.get("sql").asText();
      }
    }
    throw new AssertionError("No root statement");
  }

  private static String explained(Statement statement, String sql) throws SQLException {
    StringBuilder text = new StringBuilder();
    try (ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        text.append(rows.getString(rows.getMetaData().getColumnCount())).append('\n');
      }
    }
    return text.toString();
  }
}
