package io.datanode.server;

import io.datanode.engine.Engine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;

/**
 * A catalog of two nodes, made anew: {@code daily_prices}, 40 days of three assets, and {@code
 * research.market_caps}, every tenth of those days for two of them.
 */
final class SmallMarket {
  private SmallMarket() {}

  /** Writes the catalog into an empty folder and opens it. */
  static Engine open(Path folder) throws SQLException, IOException {
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      statement.execute("SET timezone = 'UTC'");
      statement.execute(
          "COPY (SELECT TIMESTAMPTZ '2026-01-01 21:00:00Z' + to_days(d::INTEGER) AS time_index,"
              + " a AS asset_identifier, CAST(100.5 + d AS DOUBLE) AS close,"
              + " CASE WHEN d % 3 = 0 THEN NULL ELSE 1754078400000000000 + d END AS volume"
              + " FROM range(40) days(d), (VALUES ('AAPL'), ('MSFT'), ('SAP')) assets(a)"
              + " ORDER BY 1, 2) TO '"
              + folder.resolve("daily_prices.parquet")
              + "'");
      statement.execute(
          "COPY (SELECT TIMESTAMPTZ '2026-01-01 21:00:00Z' + to_days(d::INTEGER * 10) AS time_index,"
              + " a AS asset_identifier, CAST(1000 + d AS DECIMAL(20, 2)) AS market_cap"
              + " FROM range(4) days(d), (VALUES ('AAPL'), ('SAP')) assets(a)"
              + " ORDER BY 1, 2) TO '"
              + folder.resolve("market_caps.parquet")
              + "'");
    }
    Files.writeString(
        folder.resolve("catalog.yaml"),
        """
        storages:
          lake: { type: duckdb, path: . }
        nodes:
          - identifier: daily_prices
            description: Daily bars.
            files: daily_prices.parquet
            time_index: time_index
            identity: [asset_identifier]
            asset: asset_identifier
            cadence: 1d
            labels: [prices]
            storage_hash: prices_0123456789abcdef0123456789abcdef
            columns:
              close: { label: Close, description: Official close., unit: USD }
          - identifier: market_caps
            namespace: research
            files: market_caps.parquet
            time_index: time_index
            identity: [asset_identifier]
            foreign_keys:
              - { columns: [asset_identifier], node: daily_prices, node_columns: [asset_identifier] }
        """);
    return Engine.open(folder.toString(), Map.of());
  }
}
