package io.datanode.plan.placement;

import static io.datanode.testing.SqlFixture.sql;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.datanode.testing.MarketNodes;
import io.datanode.testing.SqlFixture;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code strictPushdown} refuses queries that would read a whole node. */
class StrictPushdownTest {
  private static final String NO_TIME =
      "Node 'daily_prices' would be read without a condition on its time column 'time_index' that"
          + " reaches storage 'lake'; strictPushdown=time requires one, for example time_index >="
          + " TIMESTAMP '2024-01-01 00:00:00'";
  private static final String NO_ASSET =
      "Node 'daily_prices' would be read without a condition on its asset column"
          + " 'asset_identifier' that reaches storage 'lake'; strictPushdown=asset requires one, for"
          + " example asset_identifier IN ('SAP', 'AAPL')";

  private static SqlFixture time(String sql) {
    return sql(sql).set("strictPushdown=time");
  }

  private static SqlFixture asset(String sql) {
    return sql(sql).set("strictPushdown=asset");
  }

  @Test
  void nodeWithoutConditionOnItsTimeIsNotRead() {
    time("SELECT COUNT(*) FROM daily_prices").fails(NO_TIME, "54000");
    time("SELECT close FROM daily_prices WHERE volume > 5 LIMIT 1").fails(NO_TIME, "54000");
    time("SELECT close FROM daily_prices WHERE time_index IS NOT NULL").fails(NO_TIME, "54000");
    time("SELECT close FROM daily_prices WHERE time_index <> DATE '2024-01-02'")
        .fails(NO_TIME, "54000");
  }

  @Test
  void explainFailsAsTheQueryWould() {
    time("EXPLAIN PLAN FOR SELECT COUNT(*) FROM daily_prices").fails(NO_TIME, "54000");
  }

  @Test
  void anyRangeOfTheTimeWillDo() {
    time("SELECT COUNT(*) FROM daily_prices WHERE time_index >= DATE '2024-01-15'").returns("4");
    time("SELECT COUNT(*) FROM daily_prices WHERE YEAR(time_index) = 2023").returns("0");
    time("SELECT COUNT(*) FROM daily_prices WHERE MONTH(time_index) = 1").fails(NO_TIME, "54000");
    time("SELECT COUNT(*) FROM daily_prices WHERE CAST(time_index AS DATE) = ?")
        .with(java.time.LocalDate.of(2024, 1, 3))
        .returns("4");
    time("SELECT COUNT(*) FROM daily_prices WHERE time_index = DATE '2024-01-03' OR time_index ="
            + " DATE '2024-01-04'")
        .returns("8");
    time("SELECT COUNT(*) FROM daily_prices WHERE time_index = DATE '2024-01-03' OR volume = 1000")
        .fails(NO_TIME, "54000");
  }

  @Test
  void conditionMustReachTheNode() {
    time("SELECT COUNT(*) FROM (SELECT * FROM daily_prices ORDER BY volume LIMIT 9) WHERE"
            + " time_index > DATE '2024-01-03'")
        .fails(NO_TIME, "54000");
    time("SELECT COUNT(*) FROM (SELECT time_index, close FROM daily_prices) WHERE time_index >"
            + " DATE '2024-01-12'")
        .returns("4");
    time("SELECT COUNT(*) FROM daily_prices AS p LEFT JOIN daily_prices AS q ON p.close = q.close"
            + " AND p.time_index > DATE '2024-01-12' AND q.time_index > DATE '2024-01-12'")
        .fails(NO_TIME, "54000");
  }

  @Test
  void everyPlaceThatReadsTheNodeNeedsOne() {
    time("SELECT COUNT(*) FROM daily_prices WHERE time_index > DATE '2024-01-12' AND close > (SELECT"
            + " AVG(close) FROM daily_prices)")
        .fails(NO_TIME, "54000");
  }

  @Test
  void assetsAreNamedByConstantsNotByAJoin() {
    asset("SELECT COUNT(*) FROM daily_prices WHERE asset_identifier IN ('SAP', 'JPM')")
        .returns("19");
    asset("SELECT COUNT(*) FROM daily_prices WHERE asset_identifier LIKE 'A%'").returns("20");
    asset("SELECT COUNT(*) FROM daily_prices WHERE asset_identifier LIKE '%P'")
        .fails(NO_ASSET, "54000");
    asset(
            "SELECT COUNT(*) FROM daily_prices AS p JOIN reference.assets AS a ON a.asset_identifier"
                + " = p.asset_identifier AND a.asset_identifier = 'SAP'")
        .fails(NO_ASSET, "54000");
  }

  @Test
  void nodesWithoutSuchAColumnAndMetadataAreExempt(@TempDir Path folder) throws SQLException {
    Path file = folder.resolve("limits.duckdb");
    try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:" + file);
        Statement statement = duckdb.createStatement()) {
      statement.execute("CREATE TABLE limits AS SELECT 1.5 AS least, 2.5 AS greatest");
    }
    sql("SELECT least FROM limits").over(file).set("strictPushdown=time,asset").returns("1.5");
    sql("SELECT COUNT(*) FROM metadata.nodes").set("strictPushdown=time,asset").returns("6");
  }

  @Test
  void sessionSetsAndResetsIt() throws SQLException {
    try (Connection connection =
            DriverManager.getConnection(SqlFixture.url(MarketNodes.catalog()));
        Statement statement = connection.createStatement()) {
      String query = "SELECT COUNT(*) FROM daily_prices";
      statement.executeQuery(query);
      statement.execute("SET strict_pushdown = 'Asset, time'");
      assertEquals("54000", state(statement, query));
      statement.execute("RESET strictPushdown");
      statement.executeQuery(query);
      assertEquals("22023", state(statement, "SET strictPushdown = 'month'"));
    }
  }

  private static String state(Statement statement, String sql) {
    try {
      statement.execute(sql);
      return "none";
    } catch (SQLException e) {
      return e.getSQLState();
    }
  }

  @Test
  void wrongValueNamesThoseThatAreRight() {
    sql("SELECT 1")
        .set("strictPushdown=month")
        .fails("Setting 'strictPushdown' is 'month'; expected time, asset or time,asset", "22023");
  }
}
