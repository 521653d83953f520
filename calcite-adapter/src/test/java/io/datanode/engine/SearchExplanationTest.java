package io.datanode.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datanode.jdbc.session.Result;
import io.datanode.jdbc.session.StatementCall;
import io.datanode.search.SearchJson;
import io.datanode.search.SearchRequest;
import io.datanode.testing.MarketNodes;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** EXPLAIN PLAN AS SEARCH: SQL in, the search request that gives the same rows out. */
class SearchExplanationTest {
  private static Engine engine;
  private static EngineSession session;
  private static int calls;

  @BeforeAll
  static void open() {
    engine = Engine.open(MarketNodes.catalog().toString(), Map.of());
    session = engine.session("", Map.of(), () -> {});
  }

  @AfterAll
  static void close() {
    session.close();
    engine.close();
  }

  private static List<String> explained(String sql, Object... parameters) throws SQLException {
    try (Result result = run("EXPLAIN PLAN AS SEARCH FOR " + sql, parameters)) {
      return SearchRows.read(result, List.of("PLAN"));
    }
  }

  private static Result run(String sql, Object... parameters) throws SQLException {
    return session.execute(new StatementCall("e" + ++calls, sql, Arrays.asList(parameters), 0, 0));
  }

  private static List<String> rows(EngineSession own, String sql) throws SQLException {
    return Read.rows(own.execute(new StatementCall("e" + ++calls, sql, List.of(), 0, 0)));
  }

  @Test
  void conditionsBecomeTheFilter() throws SQLException {
    assertEquals(
        "{\"node_unique_identifier\":\"daily_prices\",\"joins\":[],\"filter\":{\"type\":\"group\","
            + "\"logic\":\"and\",\"items\":[{\"type\":\"condition\",\"field\":\"time_index\",\"op\":"
            + "\"between\",\"value\":[\"2024-01-03T00:00:00+00:00\",\"2024-01-05T00:00:00+00:00\"]},"
            + "{\"type\":\"condition\",\"field\":\"asset_identifier\",\"op\":\"in\",\"value\":"
            + "[\"SAP\",\"AAPL\"]}]},\"limit\":10,\"offset\":0}",
        explained(
                "SELECT close FROM daily_prices WHERE time_index BETWEEN DATE '2024-01-03' AND DATE"
                    + " '2024-01-05' AND asset_identifier IN ('SAP', 'AAPL') LIMIT 10")
            .get(0));
  }

  @Test
  void valuesOfParametersAreSaid() throws SQLException {
    String sql = "SELECT close FROM daily_prices WHERE asset_identifier = ? AND close > ?";
    assertEquals("no search gives these rows: parameter 1 has no value", explained(sql).get(0));
    assertEquals(
        List.of("SAP", "140.5"),
        List.of(
            explained(sql, "SAP", 140.5).get(0).replaceAll(".*\"eq\",\"value\":\"(\\w+)\".*", "$1"),
            explained(sql, "SAP", 140.5)
                .get(0)
                .replaceAll(".*\"gt\",\"value\":([0-9.]+).*", "$1")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT * FROM daily_prices",
        "SELECT close, asset_identifier FROM daily_prices WHERE close >= 140 AND NOT volume < 1000",
        "SELECT close FROM daily_prices WHERE asset_identifier NOT IN ('SAP', 'ASML')",
        "SELECT close FROM daily_prices WHERE NOT (asset_identifier = 'SAP' OR close < 500)",
        "SELECT q.c FROM (SELECT close AS c, volume FROM daily_prices) AS q WHERE q.volume > 1000.5",
        "SELECT id FROM oddities WHERE \"value\" = CAST('NaN' AS DOUBLE) OR \"text\" IS NULL",
        "SELECT id FROM oddities WHERE 1 = 1 AND NOT (2 < 1) AND flag IS NOT NULL",
        "SELECT id FROM oddities WHERE flag",
        "SELECT id FROM oddities WHERE flag IS TRUE OR flag IS FALSE",
        "SELECT id FROM oddities WHERE flag IS NOT TRUE",
        "SELECT id FROM oddities WHERE \"time\" >= TIME '09:30:00' AND \"time\" < TIME '23:59:59.5'",
        "SELECT id FROM oddities WHERE NOT (flag IS TRUE) AND flag IS NOT FALSE",
        "SELECT id FROM oddities WHERE NOT flag OR flag IS NOT NULL",
        "SELECT id FROM oddities WHERE \"text\" LIKE '%x%' OR \"text\" LIKE 'te%' OR \"text\" LIKE ''",
        "SELECT id FROM oddities WHERE amount < 0.5 AND \"timestamp\" > TIMESTAMP '1999-12-31 12:00:00'",
        "SELECT name FROM reference.assets WHERE STARTS_WITH(name, 'S')",
        "SELECT p.close, m.price FROM daily_prices p JOIN daily_prices q ON p.time_index = q.time_index"
            + " AND p.asset_identifier = q.asset_identifier LEFT JOIN minute_bars m"
            + " ON m.time_index = p.time_index WHERE q.volume > 1000",
        "SELECT p.close, f.revenue FROM daily_prices p LEFT JOIN fundamentals f"
            + " ON f.time_index = p.time_index AND f.asset_identifier = p.asset_identifier"
            + " WHERE f.revenue IS NULL AND p.asset_identifier = 'SAP'",
        "SELECT p.close, f.revenue FROM daily_prices p FULL JOIN fundamentals f"
            + " ON f.time_index = p.time_index AND f.asset_identifier = p.asset_identifier"
            + " WHERE f.asset_identifier = 'SAP' OR p.asset_identifier = 'SAP'",
        "SELECT close, time_index FROM daily_prices ORDER BY time_index, asset_identifier LIMIT 5 OFFSET 2"
      })
  void theSearchGivesTheRowsOfTheQuery(String sql) throws SQLException {
    List<String> plan = explained(sql);
    assertFalse(plan.get(0).startsWith("no search"), plan.get(0));
    SearchRequest request = SearchJson.wire().read(plan.get(0).getBytes(StandardCharsets.UTF_8));
    List<String> columns = List.of(plan.get(1).substring("columns ".length()).split(", "));
    List<String> bySearch;
    try (SearchResult result = session.search(SearchCall.of("s" + ++calls, request))) {
      bySearch = new ArrayList<>(SearchRows.read(result, columns));
    }
    List<String> bySql;
    try (Result result = run(sql)) {
      bySql = new ArrayList<>(SearchRows.read(result, SearchRows.labels(result)));
    }
    if (!sql.contains("ORDER BY")) {
      bySearch.sort(null);
      bySql.sort(null);
    }
    assertEquals(bySql, bySearch, plan.get(0));
    assertFalse(bySql.isEmpty(), "a query without rows would prove little");
  }

  /** Each beside a constant of another type, which is the value all the same. */
  @Test
  void uuidsDaysAndNanosecondsAreSaid(@TempDir Path folder) throws SQLException {
    try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duckdb.createStatement()) {
      statement.execute(
          "COPY (SELECT TIMESTAMP_NS '2024-01-02 00:00:00.123456789' AS time_index,"
              + " UUID '00000000-0000-0000-0000-00000000000a' AS account) TO '"
              + folder.resolve("orders.parquet")
              + "'");
    }
    try (Engine orders = Engine.open(folder.toString(), Map.of());
        EngineSession own = orders.session("", Map.of())) {
      for (String[] each :
          new String[][] {
            {
              "account = '00000000-0000-0000-0000-00000000000A'",
              "\"op\":\"eq\",\"value\":\"00000000-0000-0000-0000-00000000000A\""
            },
            {
              "CAST(account AS VARCHAR) <> '00000000-0000-0000-0000-00000000000b'",
              "\"op\":\"ne\",\"value\":\"00000000-0000-0000-0000-00000000000b\""
            },
            {"time_index > DATE '2024-01-02'", "\"op\":\"gt\",\"value\":\"2024-01-02\""},
            {
              "time_index >= '2024-01-02 00:00:00.123456789'",
              "\"op\":\"gte\",\"value\":\"2024-01-02T00:00:00.123456789\""
            }
          }) {
        String sql = "SELECT account FROM orders WHERE " + each[0];
        String said = rows(own, "EXPLAIN PLAN AS SEARCH FOR " + sql).get(0);
        assertTrue(said.contains(each[1]), said);
        assertEquals(1, rows(own, sql).size(), sql);
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = " => ",
      value = {
        "SELECT close * 2 AS x FROM daily_prices => column 'x' is computed",
        "SELECT MAX(close) FROM daily_prices => it groups rows",
        "SELECT close FROM daily_prices WHERE close > open => a search compares columns with constants",
        "SELECT close FROM daily_prices WHERE UPPER(asset_identifier) = 'SAP' => a condition is on a"
            + " computed value, UPPER",
        "SELECT close FROM daily_prices WHERE asset_identifier LIKE 'S_P' => a search has no patterns",
        "SELECT close FROM daily_prices WHERE asset_identifier NOT LIKE 'S%' => a search has no condition",
        "SELECT close FROM daily_prices ORDER BY close => it is sorted otherwise than by time_index,"
            + " asset_identifier",
        "SELECT 1 AS one => its rows are of no node",
        "SELECT close FROM daily_prices WHERE close = NULL => its condition is never true",
        "SELECT close FROM daily_prices WHERE 1 = 0 => its condition is never true",
        "SELECT close FROM daily_prices WHERE close > 1 OR 'a' = 'a' => it has a condition that is"
            + " always true",
        "SELECT p.close FROM daily_prices p JOIN fundamentals f ON p.asset_identifier ="
            + " f.asset_identifier AND f.published_at < p.time_index => a search joins where columns"
      })
  void whatNoSearchSaysIsExplained(String sql, String why) throws SQLException {
    String said = explained(sql).get(0);
    assertTrue(said.startsWith("no search gives these rows: " + why), said);
  }
}
