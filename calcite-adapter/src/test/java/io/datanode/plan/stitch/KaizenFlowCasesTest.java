package io.datanode.plan.stitch;

import static io.datanode.testing.SqlFixture.sql;

import io.datanode.testing.MarketNodes.Place;
import io.datanode.testing.PostgreSql;
import io.datanode.testing.StitchedNodes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What KaizenFlow answers for the same bars, by the names of its cases; and the same in every
 * storage. Where it differs, the test says so.
 */
class KaizenFlowCasesTest {
  private static final List<Path> CATALOGS = new ArrayList<>();

  private static final List<String> TABLES =
      List.of(
          "CREATE TABLE d7 (end_ts TIMESTAMPTZ, full_symbol TEXT, close FLOAT8)",
          """
          INSERT INTO d7 VALUES
            ('2000-01-01 14:58:00+00', 'binance::ADA_USDT', 1),
            ('2000-01-01 14:59:00+00', 'binance::ADA_USDT', 2),
            ('2000-01-01 15:00:00+00', 'binance::ADA_USDT', 3),
            ('2000-01-01 14:58:00+00', 'binance::BTC_USDT', 10),
            ('2000-01-01 14:59:00+00', 'binance::BTC_USDT', 11),
            ('2000-01-01 14:00:00+00', 'binance::OLD_USDT', 12)""",
          "CREATE TABLE d6 (end_ts TIMESTAMPTZ, full_symbol TEXT, close FLOAT8, volume BIGINT)",
          """
          INSERT INTO d6 VALUES
            ('2022-01-01 00:01:00+00', 'binance::BTC_USDT', 10, 1),
            ('2022-01-01 00:02:00+00', 'binance::BTC_USDT', 11, 2),
            ('2022-01-01 00:05:00+00', 'binance::BTC_USDT', 14, 5),
            ('2022-01-01 00:03:00+00', 'binance::ADA_USDT', 1, 7),
            ('2022-01-01 00:05:00+00', 'binance::ADA_USDT', 3, 9),
            ('2022-01-01 00:01:00+00', 'binance::BTC_USDT', 10.7, 1)""");

  @BeforeAll
  static void write(@TempDir Path folder) throws IOException, SQLException {
    try (Connection duckdb =
            DriverManager.getConnection("jdbc:duckdb:" + folder.resolve("d.duckdb"));
        Statement statement = duckdb.createStatement()) {
      for (String sql : TABLES) {
        statement.execute(sql);
      }
    }
    String url = PostgreSql.newDatabase();
    PostgreSql.run(url, TABLES.toArray(String[]::new));
    for (String storage :
        List.of(
            "type: duckdb, path: d.duckdb",
            "type: postgresql, user: postgres, url: \"" + url + "\"")) {
      Path catalog = folder.resolve("catalog" + CATALOGS.size() + ".yaml");
      Files.writeString(
          catalog,
          """
          storages:
            bars: { %s }
          nodes:
            - { identifier: d7, table: d7, index_names: [end_ts, full_symbol], cadence: 1m }
            - { identifier: d6, table: d6, index_names: [end_ts, full_symbol], cadence: 1m }
          """
              .formatted(storage));
      CATALOGS.add(catalog);
    }
  }

  static List<Path> catalogs() {
    return CATALOGS;
  }

  /** History up to midnight in New York, live bars behind it. */
  @ParameterizedTest
  @EnumSource(Place.class)
  void v01(Place place) {
    sql("SELECT time_index, start_time, close FROM bars_today WHERE asset_identifier = 'SPY'"
            + " AND time_index <> TIMESTAMP '2022-01-11 05:00:00.000001' ORDER BY 1")
        .over(StitchedNodes.catalog(place))
        .set("asOf=2022-01-11T05:03:00Z")
        .returns(
            "2022-01-11 04:58:00+00|2022-01-11 04:57:00+00|1.0",
            "2022-01-11 04:59:00+00|2022-01-11 04:58:00+00|1.0",
            "2022-01-11 05:00:00+00|2022-01-11 04:59:00+00|1.0",
            "2022-01-11 05:01:00+00|2022-01-11 05:00:00+00|2.0",
            "2022-01-11 05:02:00+00|2022-01-11 05:01:00+00|2.0",
            "2022-01-11 05:03:00+00|2022-01-11 05:02:00+00|2.0");
  }

  /** KaizenFlow loses the bar behind midnight if now has a fraction of a second. */
  @ParameterizedTest
  @EnumSource(Place.class)
  void v03(Place place) {
    sql("SELECT COUNT(*), MIN(time_index) FROM bars_today WHERE asset_identifier = 'SPY' AND _source"
            + " = 'bars_live'")
        .over(StitchedNodes.catalog(place))
        .set("asOf=2022-01-11T05:03:00.250Z")
        .returns("4|2022-01-11 05:00:00.000001+00");
  }

  /** Both ends belong to the interval. */
  @ParameterizedTest
  @MethodSource("catalogs")
  void c02(Path catalog) {
    sql("SELECT full_symbol, end_ts, close FROM d7 WHERE end_ts BETWEEN TIMESTAMP '2000-01-01"
            + " 14:59:00' AND TIMESTAMP '2000-01-01 15:00:00' ORDER BY 2, 1")
        .over(catalog)
        .returns(
            "binance::ADA_USDT|2000-01-01 14:59:00+00|2.0",
            "binance::BTC_USDT|2000-01-01 14:59:00+00|11.0",
            "binance::ADA_USDT|2000-01-01 15:00:00+00|3.0");
  }

  /** The grid of each symbol goes from its own first row to its own last. */
  @ParameterizedTest
  @MethodSource("catalogs")
  void c05(Path catalog) {
    sql(grid("d6")).over(catalog).returns(GRID);
  }

  /** A longer interval adds no steps. */
  @ParameterizedTest
  @MethodSource("catalogs")
  void c06(Path catalog) {
    sql(grid(
            "d6 WHERE end_ts BETWEEN TIMESTAMP '2022-01-01 00:00:00'"
                + " AND TIMESTAMP '2022-01-01 00:10:00'"))
        .over(catalog)
        .returns(GRID);
  }

  private static final String[] GRID = {
    "2022-01-01 00:01:00+00|binance::BTC_USDT|10.0|1",
    "2022-01-01 00:02:00+00|binance::BTC_USDT|11.0|2",
    "2022-01-01 00:03:00+00|binance::ADA_USDT|1.0|7",
    "2022-01-01 00:03:00+00|binance::BTC_USDT|null|null",
    "2022-01-01 00:04:00+00|binance::ADA_USDT|null|null",
    "2022-01-01 00:04:00+00|binance::BTC_USDT|null|null",
    "2022-01-01 00:05:00+00|binance::ADA_USDT|3.0|9",
    "2022-01-01 00:05:00+00|binance::BTC_USDT|14.0|5"
  };

  /** A grid of the rows that do not contradict each other. */
  private static String grid(String rows) {
    return "SELECT end_ts, full_symbol, close, volume FROM TABLE(GRID((SELECT * FROM (SELECT * FROM "
        + rows
        + ") AS d WHERE close <> 10.7), DESCRIPTOR(end_ts), INTERVAL '1' MINUTE)) ORDER BY 1, 2";
  }

  /** A symbol that is asked for twice is an error there; here it is one condition. */
  @ParameterizedTest
  @MethodSource("catalogs")
  void c08(Path catalog) {
    sql("SELECT COUNT(*) FROM d6 WHERE full_symbol IN ('binance::ADA_USDT', 'binance::ADA_USDT')")
        .over(catalog)
        .returns("2");
  }

  /** No rows are an error there; here they are no rows. */
  @ParameterizedTest
  @MethodSource("catalogs")
  void c09(Path catalog) {
    sql("SELECT close FROM d6 WHERE end_ts >= DATE '2023-01-01'").over(catalog).returns();
  }

  /** Rows that contradict each other are an error there; here they are shown. */
  @ParameterizedTest
  @MethodSource("catalogs")
  void c11(Path catalog) {
    sql("SELECT close FROM d6 WHERE full_symbol = 'binance::BTC_USDT' AND end_ts = TIMESTAMP"
            + " '2022-01-01 00:01:00' ORDER BY 1")
        .over(catalog)
        .returns("10.0", "10.7");
  }

  /** The least of the last times of all assets with rows in the last half hour. */
  @ParameterizedTest
  @MethodSource("catalogs")
  void m12(Path catalog) {
    sql("SELECT DISTINCT last_time_all FROM metadata.node_status WHERE identifier = 'd7'")
        .over(catalog)
        .set("asOf=2000-01-01T15:01:00Z")
        .returns("2000-01-01 14:59:00+00");
  }

  /** That is not a minute ago, so not all are online; one is. */
  @ParameterizedTest
  @MethodSource("catalogs")
  void m13(Path catalog) {
    sql("SELECT asset_identifier, is_online, is_online_any, is_online_all, lag_seconds FROM"
            + " metadata.node_status WHERE identifier = 'd7' ORDER BY 1")
        .over(catalog)
        .set("asOf=2000-01-01T15:01:00Z")
        .returns(
            "binance::ADA_USDT|true|true|false|60",
            "binance::BTC_USDT|false|true|false|120",
            "binance::OLD_USDT|false|true|false|3660");
  }

  /** All assets reach the last minute. */
  @ParameterizedTest
  @MethodSource("catalogs")
  void m07(Path catalog) {
    sql("SELECT DISTINCT last_time_all, is_online_all FROM metadata.node_status WHERE identifier ="
            + " 'd6'")
        .over(catalog)
        .set("asOf=2022-01-01T00:06:00Z")
        .returns("2022-01-01 00:05:00+00|true");
  }

  /** The last time of any asset. */
  @ParameterizedTest
  @MethodSource("catalogs")
  void k06(Path catalog) {
    sql("SELECT DISTINCT last_time_any FROM metadata.node_status WHERE identifier = 'd7'")
        .over(catalog)
        .set("asOf=2000-01-01T15:00:02Z")
        .returns("2000-01-01 15:00:00+00");
  }
}
