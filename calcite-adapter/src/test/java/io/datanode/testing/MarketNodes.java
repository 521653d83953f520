package io.datanode.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A small, wholly known market: prices, minute bars, fundamentals with restatements, rates, assets,
 * and a node of odd values. Readable numbers, so that an expected row can be worked out by heart.
 *
 * <p>Prices of day {@code i} (from 0, weekdays from 2024-01-02): open is base + i, close is open +
 * 0.25, high close + 1, low open - 1, volume (i + 1) * 1000; bases are SAP 140, ASML 680, AAPL 185,
 * JPM 170. JPM has no row on 2024-01-05.
 */
public final class MarketNodes {
  private static final List<String> STATEMENTS =
      List.of(
          "SET TimeZone = 'UTC'",
          """
          CREATE TABLE days AS
          SELECT (row_number() OVER (ORDER BY d) - 1)::INTEGER AS i, d::TIMESTAMPTZ AS t
          FROM range(DATE '2024-01-02', DATE '2024-01-16', INTERVAL 1 DAY) AS r(d)
          WHERE isodow(d) < 6""",
          """
          CREATE TABLE listed AS
          SELECT * FROM (VALUES
            ('AAPL', 'Apple Inc.', 'equity', 'USD', DATE '1980-12-12', 185),
            ('ASML', 'ASML Holding', 'equity', 'EUR', DATE '1995-03-15', 680),
            ('JPM', 'JPMorgan Chase', 'equity', 'USD', DATE '1969-03-05', 170),
            ('SAP', 'SAP SE', 'equity', 'EUR', DATE '1988-11-04', 140))
            AS v(asset_identifier, name, category, currency, listed_on, base)""",
          """
          COPY (
            SELECT t AS time_index, asset_identifier,
              (base + i)::DOUBLE AS "open", (base + i + 1.25)::DOUBLE AS high,
              (base + i - 1)::DOUBLE AS low, (base + i + 0.25)::DOUBLE AS "close",
              ((i + 1) * 1000)::BIGINT AS volume
            FROM days, listed
            WHERE NOT (asset_identifier = 'JPM' AND t = TIMESTAMPTZ '2024-01-05 00:00:00+00')
            ORDER BY asset_identifier, time_index)
          TO '${lake}/daily_prices.parquet' (FORMAT parquet)""",
          """
          COPY (
            SELECT TIMESTAMPTZ '2024-01-02 14:30:00+00' + to_minutes(m)
                + to_microseconds(CASE WHEN m = 6 THEN 1 ELSE 0 END) AS time_index,
              asset_identifier, (base + m / 10.0)::DOUBLE AS price, (100 + m)::INTEGER AS size,
              2024 AS "year", '01' AS "month"
            FROM range(10) AS r(m), listed
            WHERE asset_identifier IN ('AAPL', 'SAP') AND m NOT IN (3, 4)
            ORDER BY asset_identifier, time_index)
          TO '${lake}/minute_bars' (FORMAT parquet, PARTITION_BY ("year", "month"))""",
          """
          COPY (
            SELECT period_end::TIMESTAMPTZ AS time_index, asset_identifier,
              published_at::TIMESTAMPTZ AS published_at, revenue::DECIMAL(18, 2) AS revenue,
              eps::DOUBLE AS eps
            FROM (VALUES
              ('2023-09-30', 'SAP', '2023-10-18 18:05:00', 7744.00, 0.61),
              ('2023-09-30', 'SAP', '2024-01-05 07:00:00', 7740.50, 0.60),
              ('2023-12-31', 'SAP', '2024-01-09 18:05:00', 8468.00, 0.98),
              ('2023-09-30', 'AAPL', '2023-11-02 20:30:00', 89498.00, 1.46),
              ('2023-12-31', 'AAPL', '2024-01-11 21:30:00', 119575.00, 2.18))
              AS v(period_end, asset_identifier, published_at, revenue, eps))
          TO '${lake}/fundamentals.parquet' (FORMAT parquet)""",
          """
          COPY (
            SELECT * FROM (VALUES
              (DATE '2024-01-02', 'EUR', 1.0956), (DATE '2024-01-04', 'EUR', 1.0953),
              (DATE '2024-01-08', 'EUR', 1.0946), (DATE '2024-01-11', 'EUR', 1.0987),
              (DATE '2024-01-02', 'USD', 1.0))
              AS v("date", currency, rate))
          TO '${lake}/fx_rates.csv' (HEADER)""",
          """
          COPY (
            SELECT * FROM (VALUES
              (1, 'plain', 1.5::DOUBLE, 'text', DATE '2024-02-29', TIME '09:30:00',
                TIMESTAMP '2024-01-02 03:04:05.000006', 12345678901234567890123456.0123456789,
                true, ['a', 'b'], '00000000-0000-0000-0000-000000000001'),
              (2, 'not a number', 'NaN'::DOUBLE, '', DATE '1500-01-01', TIME '00:00:00',
                TIMESTAMP '1500-01-01 00:00:00', 0, false, [], NULL),
              (3, 'infinite', 'Infinity'::DOUBLE, ' it''s "quoted" ', DATE '9999-12-31',
                TIME '23:59:59.999999', TIMESTAMP '9999-12-31 23:59:59.999999',
                -99999999999999999999999999.9999999999, NULL, [NULL, 'c'], NULL),
              (4, 'minus infinite', '-Infinity'::DOUBLE, 'Zürich 東京 😀', NULL, NULL, NULL, NULL,
                true, NULL, NULL),
              (5, 'nothing', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL))
              AS v(id, "name", "value", "text", "date", "time", "timestamp", amount, flag, tags, key)
          )
          TO '${lake}/oddities.parquet' (FORMAT parquet)""",
          "ATTACH '${folder}/book.duckdb' AS book",
          "CREATE TABLE book.assets AS SELECT * EXCLUDE (base) FROM listed",
          "COMMENT ON TABLE book.assets IS 'The assets that are traded.'",
          "COMMENT ON COLUMN book.assets.currency IS 'Currency of its prices.'",
          "DETACH book");

  private static final String CATALOG =
      """
      storages:
        lake: { type: duckdb, path: ./lake }
        book: { type: duckdb, path: ./book.duckdb }
      nodes:
        - identifier: daily_prices
          description: Adjusted daily bars, one row per asset and exchange session.
          storage: lake
          files: daily_prices.parquet
          time_index: time_index
          asset: asset_identifier
          cadence: 1d
          labels: [equity, daily]
          columns:
            close: { dtype: float64, label: Close, description: Official close., unit: USD }
        - identifier: minute_bars
          storage: lake
          files: "minute_bars/**/*.parquet"
          time_index: time_index
          asset: asset_identifier
          cadence: 1m
        - identifier: fundamentals
          description: Reported figures, with restatements.
          storage: lake
          files: fundamentals.parquet
          time_index: time_index
          asset: asset_identifier
          knowledge_time: published_at
        - identifier: fx_rates
          storage: lake
          files: fx_rates.csv
          time_index: date
          identity: [currency]
        - identifier: oddities
          description: Values that are easily mangled.
          storage: lake
          files: oddities.parquet
        - identifier: assets
          namespace: reference
          storage: book
          table: assets
          identity: [asset_identifier]
      assets:
        node: reference.assets
        key: asset_identifier
      """;

  /** Where the rows of the market are. They are the same everywhere. */
  public enum Place {
    /** In files and a database of DuckDB. */
    DUCKDB(Set.of()),
    /** In PostgreSQL. */
    POSTGRESQL(
        Set.of("daily_prices", "minute_bars", "fundamentals", "fx_rates", "oddities", "assets")),
    /** Prices, bars and oddities in DuckDB, the rest in PostgreSQL. */
    SPLIT(Set.of("fundamentals", "fx_rates", "assets")),
    /** The other way round. */
    SPLIT_OTHERWISE(Set.of("daily_prices", "minute_bars", "oddities")),
    /** In DuckDB, published by another catalog, which is the storage of this one. */
    OTHER_CATALOG(Set.of());

    private final Set<String> inPostgreSql;

    Place(Set<String> inPostgreSql) {
      this.inPostgreSql = inPostgreSql;
    }
  }

  private static final Map<Place, Path> SHARED = new EnumMap<>(Place.class);

  private MarketNodes() {}

  /** The catalog of a market that is written once per JVM and only read. */
  public static Path catalog() {
    return catalog(Place.DUCKDB);
  }

  /** The catalog of the market at a place, written once per JVM and only read. */
  public static synchronized Path catalog(Place place) {
    return SHARED.computeIfAbsent(place, MarketNodes::written);
  }

  private static Path written(Place place) {
    try {
      Path folder = TemporaryFolders.create("market-nodes");
      if (place == Place.OTHER_CATALOG) {
        return Files.writeString(
            folder.resolve("catalog.yaml"), ofOtherCatalog(CATALOG, catalog(Place.DUCKDB)));
      }
      Path catalog = write(folder);
      if (!place.inPostgreSql.isEmpty()) {
        Files.writeString(catalog, placed(place, inPostgreSql(folder)));
      }
      return catalog;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The catalog with some nodes read from tables of PostgreSQL. */
  private static String placed(Place place, String url) {
    String catalog =
        CATALOG.replace(
            "storages:\n",
            "storages:\n  desk: { type: postgresql, url: \"" + url + "\", user: postgres }\n");
    for (String node : place.inPostgreSql) {
      catalog =
          catalog.replaceAll(
              "(?s)(identifier: " + node + "\n.*?)storage: \\w+(\n +)(files|table): [^\n]+",
              "$1storage: desk$2table: public." + node);
    }
    return catalog;
  }

  /** A catalog whose nodes are read from those of the same name in another. */
  static String ofOtherCatalog(String catalog, Path other) {
    StringBuilder nodes =
        new StringBuilder("storages:\n  other: { type: datanode, url: \"jdbc:datanode:")
            .append(other)
            .append("\" }\n");
    String identifier = "";
    String namespace = "";
    for (String line : catalog.substring(catalog.indexOf("nodes:")).lines().toList()) {
      String value = line.substring(line.indexOf(':') + 1).trim();
      if (line.contains("- identifier:")) {
        identifier = value;
        namespace = "";
      } else if (line.contains(" namespace:")) {
        namespace = value + ".";
      }
      nodes
          .append(
              line.replaceFirst(" storage: .*", " storage: other")
                  .replaceFirst(" (files|table): .*", " table: " + namespace + identifier))
          .append('\n');
    }
    return nodes.toString();
  }

  /** Copies every node into a new database and gives its URL. */
  private static String inPostgreSql(Path folder) {
    String url = PostgreSql.newDatabase();
    String lake = "FROM '" + folder.resolve("lake");
    try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duckdb.createStatement()) {
      statement.execute("SET TimeZone = 'UTC'");
      statement.execute("ATTACH '" + folder.resolve("book.duckdb") + "' AS book (READ_ONLY)");
      PostgreSqlCopy copy = new PostgreSqlCopy(statement, url, folder);
      for (String node : List.of("daily_prices", "fundamentals", "oddities")) {
        copy.table(node, lake + "/" + node + ".parquet'");
      }
      copy.table("minute_bars", lake + "/minute_bars/**/*.parquet'");
      copy.table("fx_rates", lake + "/fx_rates.csv'");
      copy.table("assets", "FROM book.assets");
    } catch (SQLException | IOException e) {
      throw new IllegalStateException(e);
    }
    return url;
  }

  /** Writes a market into a folder and gives its catalog file. */
  public static Path write(Path folder) {
    Path lake = folder.resolve("lake");
    try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duckdb.createStatement()) {
      Files.createDirectories(lake);
      for (String sql : STATEMENTS) {
        statement.execute(
            sql.replace("${lake}", lake.toString()).replace("${folder}", folder.toString()));
      }
      Path catalog = folder.resolve("catalog.yaml");
      Files.writeString(catalog, CATALOG);
      return catalog;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
