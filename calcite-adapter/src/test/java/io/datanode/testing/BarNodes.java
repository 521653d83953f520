package io.datanode.testing;

import io.datanode.testing.MarketNodes.Place;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Nodes of bars, the same rows in every storage.
 *
 * <p>{@code moments} holds instants around the days on which five zones change their clocks, in and
 * beside the edges of buckets, and prices that are NULL, NaN or ordinary. {@code minutes} are the
 * bars of one morning in New York, from 09:31 to 09:36, with a last one that has no close.
 */
public final class BarNodes {
  /**
   * Zones with summer time: by an hour, by half an hour, at midnight, in the south, in the east.
   */
  public static final List<String> ZONES =
      List.of(
          "America/New_York",
          "Europe/Zurich",
          "Australia/Lord_Howe",
          "America/Havana",
          "Asia/Tehran");

  /** A row of {@code moments}. */
  public record Moment(long id, String asset, Instant time, Double price, Double volume) {}

  private static final List<Instant> CHANGES =
      List.of(
          Instant.parse("2024-03-10T07:00:00Z"),
          Instant.parse("2024-11-03T06:00:00Z"),
          Instant.parse("2024-03-31T01:00:00Z"),
          Instant.parse("2024-10-27T01:00:00Z"),
          Instant.parse("2024-04-06T15:00:00Z"),
          Instant.parse("2024-10-05T15:30:00Z"),
          Instant.parse("2024-03-10T05:00:00Z"),
          Instant.parse("2024-11-03T05:00:00Z"),
          Instant.parse("2022-03-21T20:30:00Z"),
          Instant.parse("2022-09-21T19:30:00Z"),
          LocalDate.of(2023, 12, 31).atStartOfDay(ZoneId.of("UTC")).toInstant());

  private static final List<String> TABLES =
      List.of(
          "CREATE TABLE moments (id BIGINT NOT NULL, asset TEXT NOT NULL, time_index TIMESTAMPTZ,"
              + " price DOUBLE PRECISION, volume DOUBLE PRECISION)",
          "CREATE TABLE minutes (time_index TIMESTAMPTZ NOT NULL, full_symbol TEXT NOT NULL,"
              + " open DOUBLE PRECISION, high DOUBLE PRECISION, low DOUBLE PRECISION,"
              + " close DOUBLE PRECISION, volume DOUBLE PRECISION)",
          """
          INSERT INTO minutes VALUES
            ('2022-01-03 14:31:00+00', 'binance::BTC_USDT', 10, 11, 9, 10.5, 1),
            ('2022-01-03 14:32:00+00', 'binance::BTC_USDT', 11, 12, 10, 11.5, 2),
            ('2022-01-03 14:33:00+00', 'binance::BTC_USDT', 12, 13, 11, 12.5, 3),
            ('2022-01-03 14:34:00+00', 'binance::BTC_USDT', 13, 14, 12, 13.5, 4),
            ('2022-01-03 14:35:00+00', 'binance::BTC_USDT', 14, 15, 13, 14.5, 5),
            ('2022-01-03 14:36:00+00', 'binance::BTC_USDT', 15, 16, 14, 'NaN', 'NaN')""",
          "CREATE TABLE gaps (time_index TIMESTAMPTZ NOT NULL, full_symbol TEXT NOT NULL,"
              + " close DOUBLE PRECISION, trades INTEGER, amount NUMERIC(18, 4), venue TEXT)",
          """
          INSERT INTO gaps VALUES
            ('2022-01-01 00:01:00+00', 'binance::BTC_USDT', 1, 10, 1.5, 'a'),
            ('2022-01-01 00:02:30+00', 'binance::BTC_USDT', 2, 20, 2.5, 'b'),
            ('2022-01-01 00:03:00+00', 'binance::BTC_USDT', 3, 30, 3.5, 'c'),
            ('2022-01-01 00:06:00+00', 'binance::BTC_USDT', 6, NULL, 6.0001, 'd'),
            ('2022-01-01 00:00:30+00', 'kucoin::ETH_USDT', 100, 1, 1, NULL),
            ('2022-01-01 00:04:30+00', 'kucoin::ETH_USDT', 108, 2, 2, 'e')""",
          "CREATE TABLE assets (full_symbol TEXT NOT NULL, category TEXT)",
          """
          INSERT INTO assets VALUES
            ('binance::BTC_USDT', 'coin'), ('binance::ETH_USDT', 'coin'),
            ('kucoin::ETH_USDT', 'coin'), ('ftx::BTC_USDT', 'future')""",
          "CREATE TABLE members (universe TEXT NOT NULL, full_symbol TEXT NOT NULL,"
              + " valid_from TIMESTAMPTZ NOT NULL, valid_to TIMESTAMPTZ)",
          """
          INSERT INTO members VALUES
            ('top', 'binance::BTC_USDT', '2022-01-01 00:00:00+00', '2022-01-01 00:03:00+00'),
            ('top', 'kucoin::ETH_USDT', '2022-01-01 00:04:00+00', NULL),
            ('all', 'binance::BTC_USDT', '2021-01-01 00:00:00+00', NULL)""",
          "CREATE TABLE symbols (id INTEGER NOT NULL, full_symbol TEXT)",
          """
          INSERT INTO symbols VALUES
            (1, 'binance::BTC_USDT'), (2, 'binance::ETH_USDT'), (3, 'binance::ADA_USDT'),
            (4, 'kucoin::ETH_USDT'), (5, 'gateio::XRP_USDT'), (6, 'kucoin::SOL_USDT'),
            (7, 'ftx::BTC_USDT'), (8, 'binance::1INCH_USDT'), (9, 'kucoin::FIL_USDT'),
            (10, '::'), (11, ''), (12, 'bi1nance::BTC2USDT'), (13, 'binance:BTC_USDT'),
            (14, 'a::'), (15, 'BINANCE::btc_usdt'), (16, 'binance::BTC-PERP'), (17, NULL),
            (18, 'cryptocom::BTC_USD'), (19, 'binance_us::BTC_USDT'), (20, 'binance::BTC::X')""",
          "CREATE TABLE trades (time_index TIMESTAMPTZ NOT NULL, full_symbol TEXT NOT NULL,"
              + " price DOUBLE PRECISION)",
          "INSERT INTO trades SELECT TIMESTAMPTZ '2022-01-01 00:00:00+00' + i * INTERVAL '1' MINUTE,"
              + " CASE i % 4 WHEN 0 THEN 'binance::BTC_USDT' WHEN 1 THEN 'kucoin::ETH_USDT'"
              + " WHEN 2 THEN 'ftx::BTC_USDT' ELSE 'gateio::XRP_USDT' END, i"
              + " FROM generate_series(0, 9999) AS s(i)",
          "CREATE TABLE lone (time_index TIMESTAMPTZ NOT NULL, full_symbol TEXT NOT NULL,"
              + " close DOUBLE PRECISION)",
          "INSERT INTO lone VALUES ('2022-01-01 00:01:00+00', 'binance::BTC_USDT', 1)");

  private static final List<String> TIMELESS = List.of("symbols", "assets", "members");

  private static final Map<Place, Path> SHARED = new EnumMap<>(Place.class);

  private BarNodes() {}

  /** The rows of {@code moments}. */
  public static List<Moment> moments() {
    List<Moment> rows = new ArrayList<>();
    Random random = new Random(20_240_310);
    long[] steps = {1, 1_000_000, 60_000_000L, 300_000_000L, 1_800_000_000L, 3_600_000_000L};
    for (Instant change : CHANGES) {
      for (int i = 0; i < 60; i++) {
        long step = steps[random.nextInt(steps.length)];
        long micros = step * (random.nextInt(61) - 30);
        double price = 100 + random.nextInt(64) / 8.0;
        double volume = random.nextInt(5);
        rows.add(
            new Moment(
                rows.size(),
                random.nextBoolean() ? "SAP" : "AAPL",
                random.nextInt(40) == 0 ? null : change.plusNanos(micros * 1000),
                random.nextInt(12) == 0 ? null : random.nextInt(12) == 0 ? Double.NaN : price,
                random.nextInt(12) == 0 ? null : random.nextInt(12) == 0 ? Double.NaN : volume));
      }
    }
    return rows;
  }

  /** The catalog of these nodes at a place, written once per JVM and only read. */
  public static synchronized Path catalog(Place place) {
    return SHARED.computeIfAbsent(place, BarNodes::written);
  }

  private static Path written(Place place) {
    try {
      Path folder = TemporaryFolders.create("bar-nodes");
      if (place == Place.OTHER_CATALOG) {
        Path other = catalog(Place.DUCKDB);
        return Files.writeString(
            folder.resolve("catalog.yaml"),
            MarketNodes.ofOtherCatalog(Files.readString(other), other));
      }
      boolean prices = place == Place.POSTGRESQL || place == Place.SPLIT_OTHERWISE;
      boolean others = place == Place.POSTGRESQL || place == Place.SPLIT;
      StringBuilder yaml = new StringBuilder("storages:\n");
      if (!prices || !others) {
        inDuckDb(folder.resolve("bars.duckdb"));
        yaml.append("  book: { type: duckdb, path: ./bars.duckdb }\n");
      }
      if (prices || others) {
        String database = PostgreSql.newDatabase();
        PostgreSql.run(database, statements().toArray(String[]::new));
        yaml.append("  desk: { type: postgresql, url: \"" + database + "\", user: postgres }\n");
      }
      yaml.append("nodes:\n");
      node(yaml, "moments", "asset", prices);
      for (String node : List.of("minutes", "gaps", "lone", "symbols", "trades")) {
        node(yaml, node, "full_symbol", prices);
      }
      for (String node : List.of("assets", "members")) {
        node(yaml, node, "full_symbol", others);
      }
      yaml.append("assets:\n  node: assets\n  key: full_symbol\n");
      return Files.writeString(folder.resolve("catalog.yaml"), yaml);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void node(StringBuilder yaml, String name, String asset, boolean postgreSql) {
    yaml.append("  - identifier: " + name)
        .append("\n    storage: " + (postgreSql ? "desk" : "book"))
        .append("\n    table: " + (postgreSql ? "public." : "") + name)
        .append(TIMELESS.contains(name) ? "" : "\n    time_index: time_index")
        .append("\n    asset: " + asset + "\n");
  }

  private static List<String> statements() {
    List<String> statements = new ArrayList<>(TABLES);
    StringBuilder insert = new StringBuilder("INSERT INTO moments VALUES ");
    for (Moment row : moments()) {
      insert
          .append(row.id() == 0 ? "" : ", ")
          .append("(" + row.id() + ", '" + row.asset() + "', ")
          .append(row.time() == null ? "NULL" : "'" + row.time() + "'")
          .append(", " + number(row.price()) + ", " + number(row.volume()) + ")");
    }
    statements.add(insert.toString());
    return statements;
  }

  private static String number(Double value) {
    return value == null ? "NULL" : "'" + value + "'";
  }

  private static void inDuckDb(Path file) {
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:" + file);
        Statement statement = connection.createStatement()) {
      statement.execute("SET TimeZone = 'UTC'");
      for (String each : statements()) {
        statement.execute(each);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
