package io.datanode.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Minute bars whose history and live part overlap, and two vendors' columns of the same bars.
 *
 * <p>The bars end around midnight in New York between 10 and 11 January 2022; those of history have
 * close 1, the live ones 2, as in the bars with which KaizenFlow tests its stitching. One live bar
 * ends a microsecond after midnight.
 */
public final class StitchedNodes {
  private static final List<String> STATEMENTS =
      List.of(
          """
          CREATE TABLE bars_history (time_index TIMESTAMPTZ, asset_identifier TEXT,
            close DOUBLE PRECISION, volume INTEGER)""",
          """
          CREATE TABLE bars_live (time_index TIMESTAMPTZ, asset_identifier TEXT, volume BIGINT,
            close DOUBLE PRECISION, venue TEXT)""",
          """
          INSERT INTO bars_history VALUES
            ('2022-01-11 04:58:00+00', 'SPY', 1, 10), ('2022-01-11 04:59:00+00', 'SPY', 1, 11),
            ('2022-01-11 05:00:00+00', 'SPY', 1, 12), ('2022-01-11 05:01:00+00', 'SPY', 1, 13),
            ('2022-01-11 05:02:00+00', 'SPY', 1, NULL), ('2022-01-11 05:00:00+00', 'QQQ', 1, 15),
            (NULL, 'QQQ', 1, 16)""",
          """
          INSERT INTO bars_live VALUES
            ('2022-01-11 04:59:00+00', 'SPY', 20, 2, 'ARCA'),
            ('2022-01-11 05:00:00+00', 'SPY', 21, 2, 'ARCA'),
            ('2022-01-11 05:00:00.000001+00', 'SPY', 22, 2, 'IEX'),
            ('2022-01-11 05:01:00+00', 'SPY', 23, 2, 'ARCA'),
            ('2022-01-11 05:02:00+00', 'SPY', 24, 2, NULL),
            ('2022-01-11 05:03:00+00', 'SPY', 25, 2, 'ARCA'),
            ('2022-01-11 05:01:00+00', 'QQQ', 26, 'NaN', 'IEX')""",
          """
          CREATE TABLE trades (end_ts TIMESTAMPTZ, asset_identifier TEXT, close DOUBLE PRECISION,
            knowledge_time TIMESTAMPTZ)""",
          """
          CREATE TABLE trades_live (end_ts TIMESTAMPTZ, asset_identifier TEXT,
            close DOUBLE PRECISION, knowledge_time TIMESTAMPTZ)""",
          """
          CREATE TABLE quotes (end_ts TIMESTAMPTZ, asset_identifier TEXT,
            bid DOUBLE PRECISION, ask DOUBLE PRECISION, knowledge_time TIMESTAMPTZ)""",
          """
          INSERT INTO trades VALUES
            ('2022-01-03 14:31:00+00', 'SPY', 1, '2022-01-03 14:31:10+00'),
            ('2022-01-03 14:32:00+00', 'SPY', 2, '2022-01-03 14:32:10+00'),
            ('2022-01-03 14:33:00+00', 'SPY', 3, NULL),
            ('2022-01-03 14:32:00+00', NULL, 4, '2022-01-03 14:32:10+00')""",
          """
          INSERT INTO trades_live VALUES
            ('2022-01-03 14:31:00+00', 'SPY', 11, '2022-01-03 14:31:05+00'),
            ('2022-01-03 14:32:00+00', 'SPY', 12, '2022-01-03 14:32:10+00'),
            ('2022-01-03 14:33:00+00', 'SPY', 13, '2022-01-03 14:33:05+00'),
            ('2022-01-03 14:34:00+00', 'SPY', 14, '2022-01-03 14:34:05+00'),
            ('2022-01-03 14:34:00+00', 'SPY', 15, '2022-01-03 14:40:00+00'),
            ('2022-01-03 14:32:00+00', NULL, 16, '2022-01-03 14:32:00+00')""",
          """
          INSERT INTO quotes VALUES
            ('2022-01-03 14:31:00+00', 'SPY', 0.5, 1.5, '2022-01-03 14:31:20+00'),
            ('2022-01-03 14:32:00+00', 'SPY', 1.5, 2.5, NULL),
            ('2022-01-03 14:34:00+00', 'SPY', 3.5, 4.5, '2022-01-03 14:34:05+00'),
            ('2022-01-03 14:32:00+00', NULL, 4.5, 5.5, '2022-01-03 14:32:30+00')""");

  private static final String NODES =
      """
      nodes:
        - identifier: bars_history
          cadence: 1m
          storage: history
          table: bars_history
          time_index: time_index
          asset: asset_identifier
        - identifier: bars_live
          storage: live
          table: bars_live
          time_index: time_index
          asset: asset_identifier
        - identifier: bars
          description: Minute bars, live since 10 January 2022.
          stitch: { parts: [bars_history, bars_live], boundary: "2022-01-11T00:00:00-05:00" }
          columns:
            close: { label: Close, unit: USD }
        - identifier: bars_today
          stitch:
            parts: [bars_history, bars_live]
            boundary: midnight
            zone: America/New_York
        - identifier: bars_by_end
          stitch: { parts: [bars_history, bars_live], boundary: history_end }
        - identifier: bars_of_history
          stitch: { parts: [bars_history, bars_live], overlap: history }
        - identifier: bars_of_live
          stitch: { parts: [bars_history, bars_live], overlap: live }
        - identifier: trades
          storage: history
          table: trades
          time_index: end_ts
          asset: asset_identifier
          knowledge_time: knowledge_time
        - identifier: trades_live
          storage: live
          table: trades_live
          time_index: end_ts
          asset: asset_identifier
          knowledge_time: knowledge_time
        - identifier: newest_trades
          stitch: { parts: [trades, trades_live], overlap: newest }
        - identifier: quotes
          storage: live
          table: quotes
          time_index: end_ts
          asset: asset_identifier
          knowledge_time: knowledge_time
        - identifier: market
          stitch: { parts: [trades, quotes], side_by_side: true }
      """;

  private static final Map<MarketNodes.Place, Path> SHARED = new EnumMap<>(MarketNodes.Place.class);

  private StitchedNodes() {}

  /** The catalog of the nodes at a place, written once per JVM and only read. */
  public static synchronized Path catalog(MarketNodes.Place place) {
    return SHARED.computeIfAbsent(place, StitchedNodes::written);
  }

  private static Path written(MarketNodes.Place place) {
    Path folder = TemporaryFolders.create("stitched-nodes");
    try {
      if (place == MarketNodes.Place.OTHER_CATALOG) {
        return Files.writeString(
            folder.resolve("catalog.yaml"), ofOtherCatalog(catalog(MarketNodes.Place.DUCKDB)));
      }
      String duckDb = "{ type: duckdb, path: " + inDuckDb(folder) + " }\n";
      String postgreSql = "{ type: postgresql, url: \"" + inPostgreSql() + "\", user: postgres }\n";
      boolean historyInDuckDb =
          place == MarketNodes.Place.DUCKDB || place == MarketNodes.Place.SPLIT;
      boolean liveInDuckDb =
          place == MarketNodes.Place.DUCKDB || place == MarketNodes.Place.SPLIT_OTHERWISE;
      return Files.writeString(
          folder.resolve("catalog.yaml"),
          "storages:\n  history: "
              + (historyInDuckDb ? duckDb : postgreSql)
              + "  live: "
              + (liveInDuckDb ? duckDb : postgreSql)
              + NODES);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String ofOtherCatalog(Path other) {
    return "storages:\n  other: { type: datanode, url: \"jdbc:datanode:"
        + other
        + "\" }\n"
        + NODES.replaceAll("storage: (history|live)", "storage: other");
  }

  private static Path inDuckDb(Path folder) {
    Path file = folder.resolve("bars.duckdb");
    try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:" + file);
        Statement statement = duckdb.createStatement()) {
      statement.execute("SET TimeZone = 'UTC'");
      for (String sql : STATEMENTS) {
        statement.execute(sql);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    return file;
  }

  private static String inPostgreSql() {
    String url = PostgreSql.newDatabase();
    List<String> all = new ArrayList<>(List.of("SET TIME ZONE 'UTC'"));
    all.addAll(STATEMENTS);
    PostgreSql.run(url, all.toArray(String[]::new));
    return url;
  }
}
