package io.datanode.benchmarks;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;

/**
 * The data set: 500 assets × 10,000 minutes of bars (5 million rows of 7 columns), 20,000
 * fundamentals, and the assets, 200 of which are of the sector Energy, in one DuckDB file; the same
 * rows every time.
 */
public final class MarketData {
  /** Bars per asset: fewer to try a benchmark out, {@code -Dbenchmark.minutes=500}. */
  public static final int MINUTES = Integer.getInteger("benchmark.minutes", 10_000);

  /** Assets. */
  public static final int ASSETS = 500;

  /** Part of the names of files of another size than the usual. */
  static final String SIZE = MINUTES == 10_000 ? "" : "-" + MINUTES;

  private MarketData() {}

  /** The DuckDB file, made now or in an earlier run. */
  public static Path file() throws Exception {
    Path file =
        Path.of(System.getProperty("benchmark.data", "target/benchmark" + SIZE + ".duckdb"));
    if (!Files.exists(file)) {
      Path partial = file.resolveSibling(file.getFileName() + ".partial");
      Files.deleteIfExists(partial);
      Files.createDirectories(file.toAbsolutePath().getParent());
      generate(partial);
      Files.move(partial, file);
    }
    addAssets(file);
    return file.toAbsolutePath();
  }

  /** A folder with the bars as one Parquet file, {@code prices.parquet}. */
  public static Path folder() throws Exception {
    Path database = file();
    Path folder = database.resolveSibling("benchmark-files" + SIZE);
    if (!Files.exists(folder)) {
      Path partial = database.resolveSibling("benchmark-files" + SIZE + ".partial");
      Files.createDirectories(partial);
      try (Connection connection = duckDb(database);
          Statement statement = connection.createStatement()) {
        statement.execute(
            "COPY prices TO '" + partial.resolve("prices.parquet") + "' (FORMAT parquet)");
      }
      Files.move(partial, folder);
    }
    return folder;
  }

  private static void generate(Path file) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:" + file);
        Statement statement = connection.createStatement()) {
      statement.execute("SET TimeZone = 'UTC'");
      statement.execute(
          "CREATE TABLE prices AS SELECT"
              + " make_timestamptz(CAST(1704067200000000 + m * 60000000 AS BIGINT)) AS time_index,"
              + " 'ASSET_' || lpad(CAST(a AS VARCHAR), 4, '0') AS asset_identifier,"
              + " round(100 + a + sin(m / 97.0 + a), 4) AS \"open\","
              + " round(101 + a + sin(m / 97.0 + a), 4) AS high,"
              + " round(99 + a + sin(m / 97.0 + a), 4) AS low,"
              + " round(100 + a + sin((m + 1) / 97.0 + a), 4) AS \"close\","
              + " CAST((m * 7919 + a * 104729) % 1000000 AS BIGINT) AS volume"
              + " FROM range("
              + ASSETS
              + ") assets(a), range("
              + MINUTES
              + ") minutes(m) ORDER BY a, m");
      statement.execute(
          "CREATE TABLE fundamentals AS SELECT"
              + " make_timestamptz(CAST(1704067200000000 + q * 15000000000 + a * 1000000 AS BIGINT))"
              + " AS time_index, 'ASSET_' || lpad(CAST(a AS VARCHAR), 4, '0') AS asset_identifier,"
              + " CAST(a * 40 + q AS DOUBLE) AS eps"
              + " FROM range("
              + ASSETS
              + ") assets(a), range(40) quarters(q) ORDER BY a, q");
    }
  }

  /** Makes the table of assets, if a file of an earlier version has none. */
  private static void addAssets(Path file) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:" + file);
        Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE TABLE IF NOT EXISTS assets AS SELECT"
              + " 'ASSET_' || lpad(CAST(a AS VARCHAR), 4, '0') AS asset_identifier,"
              + " CASE WHEN a % 5 < 2 THEN 'Energy' ELSE 'Other' END AS sector"
              + " FROM range("
              + ASSETS
              + ") assets(a) ORDER BY a");
    }
  }

  /** A connection of DuckDB's own JDBC driver to the file. */
  public static Connection duckDb(Path file) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("duckdb.read_only", "true");
    Connection connection = DriverManager.getConnection("jdbc:duckdb:" + file, properties);
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET TimeZone = 'UTC'");
    }
    return connection;
  }

  /** The identifier of an asset. */
  public static String asset(int number) {
    return String.format("ASSET_%04d", number);
  }
}
