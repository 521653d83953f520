package io.datanode.plan;

import static io.datanode.testing.SqlFixture.sql;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datanode.testing.BarNodes;
import io.datanode.testing.MarketNodes.Place;
import io.datanode.testing.SqlFixture;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Conditions on assets reach the storage of what is read of them. */
class AssetConditionsTest {
  private static final String KEYS = "(\"full_symbol\" = ANY(CAST(? AS TEXT[])))";

  private static SqlFixture bars(Place place, String query) {
    return sql(query).over(BarNodes.catalog(place));
  }

  private static void explained(String query, String part) {
    String plan =
        String.join("\n", bars(Place.SPLIT_OTHERWISE, "EXPLAIN PLAN FOR " + query).rows());
    assertTrue(plan.contains(part), plan);
  }

  @Test
  void anExchangeIsARangeOfFullSymbols() {
    bars(Place.POSTGRESQL, "SELECT id FROM symbols WHERE EXCHANGE(full_symbol) = 'kucoin'")
        .sendsPart("\"full_symbol\" >= 'kucoin::' AND \"full_symbol\" < 'kucoin:;' AND ");
  }

  @Test
  void exchangeAndSymbolAreTheFullSymbol() {
    bars(
            Place.DUCKDB,
            "SELECT id FROM symbols WHERE SYMBOL(full_symbol) = 'ETH_USDT'"
                + " AND EXCHANGE(full_symbol) = 'kucoin' AND id > 1")
        .sendsPart("WHERE \"full_symbol\" = 'kucoin::ETH_USDT' AND \"id\" > 1")
        .returns("4");
  }

  @Test
  void whatIsNoFullSymbolIsLeftToTheFunctions() {
    bars(
            Place.DUCKDB,
            "SELECT id FROM symbols WHERE SYMBOL(full_symbol) = 'BTC-PERP'"
                + " AND EXCHANGE(full_symbol) = 'binance'")
        .returns();
    bars(Place.DUCKDB, "SELECT id FROM symbols WHERE NOT EXCHANGE(full_symbol) = 'binance'").rows();
    bars(
            Place.POSTGRESQL,
            "SELECT COUNT(*) FROM symbols WHERE EXCHANGE(full_symbol) = 'binance' OR id = 17")
        .returns("5");
  }

  @ParameterizedTest
  @EnumSource(Place.class)
  void aCategoryChoosesTheAssets(Place place) {
    bars(
            place,
            "SELECT COUNT(*), SUM(t.price) FROM trades AS t JOIN assets AS a"
                + " ON a.full_symbol = t.full_symbol WHERE a.category = 'future'")
        .returns("2500|1.25E7");
  }

  @ParameterizedTest
  @EnumSource(Place.class)
  void aUniverseHasItsMembersOfEachTime(Place place) {
    bars(
            place,
            "SELECT t.full_symbol, COUNT(*), MIN(t.time_index) FROM trades AS t JOIN members AS m"
                + " ON m.full_symbol = t.full_symbol AND m.valid_from <= t.time_index"
                + " AND (t.time_index < m.valid_to OR m.valid_to IS NULL)"
                + " WHERE m.universe = 'top' GROUP BY t.full_symbol ORDER BY 1")
        .returns(
            "binance::BTC_USDT|1|2022-01-01 00:00:00+00",
            "kucoin::ETH_USDT|2499|2022-01-01 00:05:00+00");
  }

  @ParameterizedTest
  @EnumSource(Place.class)
  void theNumberOfAnAssetIsFoundInTheAssets(Place place) {
    bars(
            place,
            "SELECT COUNT(*) FROM trades AS t JOIN assets AS a ON a.full_symbol = t.full_symbol"
                + " WHERE ASSET_ID(a.full_symbol) = 2870803583")
        .returns("2500");
  }

  @ParameterizedTest
  @EnumSource(Place.class)
  void assetsAreListedWithTheirNumbers(Place place) {
    bars(
            place,
            "SELECT asset_identifier, asset_id, exchange, symbol FROM metadata.assets"
                + " WHERE exchange = 'ftx' AND asset_id BETWEEN 2870803583 AND 2870803583")
        .returns("ftx::BTC_USDT|2870803583|ftx|BTC_USDT");
    bars(
            place,
            "SELECT COUNT(*) FROM trades AS t JOIN metadata.assets AS a ON a.asset_identifier ="
                + " t.full_symbol WHERE a.asset_id = 2870803583")
        .returns("2500");
  }

  @Test
  void keysOfListedAssetsArriveInTheOtherStorage() {
    for (String condition : List.of("a.asset_id = 2870803583", "a.symbol = 'BTC_USDT'")) {
      explained(
          "SELECT COUNT(*) FROM trades AS t JOIN metadata.assets AS a ON a.asset_identifier ="
              + " t.full_symbol WHERE "
              + condition,
          KEYS);
    }
  }

  @Test
  void keysOfACategoryArriveInTheOtherStorage() {
    explained(
        "SELECT COUNT(*) FROM trades AS t JOIN assets AS a ON a.full_symbol = t.full_symbol"
            + " WHERE a.category = 'future'",
        KEYS);
  }

  @Test
  void keysOfAnAssetIdArriveInTheOtherStorage() {
    explained(
        "SELECT COUNT(*) FROM trades AS t JOIN assets AS a ON a.full_symbol = t.full_symbol"
            + " WHERE ASSET_ID(a.full_symbol) = 2870803583",
        KEYS);
  }

  @Test
  void keysAndTimesOfAUniverseArriveInTheOtherStorage() {
    explained(
        "SELECT COUNT(*) FROM trades AS t JOIN members AS m ON m.full_symbol = t.full_symbol"
            + " AND m.valid_from <= t.time_index AND t.time_index < m.valid_to"
            + " WHERE m.universe = 'top'",
        "\"time_index\" >= CAST(? AS TIMESTAMPTZ)");
  }

  @Test
  void anExchangeIsARangeOfTheFoldersOfSymbols(@TempDir Path folder) throws Exception {
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      statement.execute(
          "COPY (SELECT TIMESTAMPTZ '2022-01-01 00:00:00+00' AS time_index, s AS full_symbol,"
              + " 1.5 AS price FROM (VALUES ('binance::BTC_USDT'), ('binance::ETH_USDT'),"
              + " ('kucoin::ETH_USDT')) AS v(s)) TO '"
              + folder.resolve("trades")
              + "' (FORMAT parquet, PARTITION_BY (full_symbol))");
    }
    Path catalog =
        Files.writeString(
            folder.resolve("catalog.yaml"),
            """
            storages:
              lake: { type: duckdb, path: . }
            nodes:
              - identifier: trades
                storage: lake
                files: "trades/**/*.parquet"
                time_index: time_index
                asset: full_symbol
            """);
    sql("SELECT full_symbol FROM trades WHERE EXCHANGE(full_symbol) = 'binance' ORDER BY 1")
        .over(catalog)
        .sendsPart("\"full_symbol\" >= 'binance::' AND \"full_symbol\" < 'binance:;' AND ")
        .returns("binance::BTC_USDT", "binance::ETH_USDT");
  }
}
