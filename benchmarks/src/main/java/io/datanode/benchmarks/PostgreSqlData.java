package io.datanode.benchmarks;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;

/**
 * The bars and fundamentals of {@link MarketData} in a PostgreSQL of its own, with an index on
 * (asset_identifier, time_index); made on the first run and kept beside the DuckDB file.
 */
public final class PostgreSqlData implements AutoCloseable {
  private final EmbeddedPostgres server;
  private final Path file;

  private PostgreSqlData(EmbeddedPostgres server, Path file) {
    this.server = server;
    this.file = file;
  }

  /** Starts the server; it stops when closed. */
  public static PostgreSqlData open() throws Exception {
    Path database = MarketData.file();
    Path folder = database.resolveSibling("benchmark-postgresql" + MarketData.SIZE);
    EmbeddedPostgres server =
        EmbeddedPostgres.builder()
            .setDataDirectory(folder)
            .setCleanDataDirectory(false)
            .setServerConfig("fsync", "off")
            .setServerConfig("shared_buffers", "1GB")
            .setServerConfig("max_wal_size", "4GB")
            .start();
    PostgreSqlData data = new PostgreSqlData(server, database);
    try (Connection connection = data.connect("");
        Statement statement = connection.createStatement()) {
      if (!statement.executeQuery("SELECT 1 FROM pg_class WHERE relname = 'loaded'").next()) {
        load(database, connection, statement);
      }
    } catch (Exception | Error e) {
      server.close();
      throw e;
    }
    return data;
  }

  private static void load(Path database, Connection connection, Statement statement)
      throws Exception {
    statement.execute(
        "DROP TABLE IF EXISTS prices, fundamentals;"
            + " CREATE TABLE prices (time_index TIMESTAMPTZ NOT NULL, asset_identifier TEXT NOT"
            + " NULL, open DOUBLE PRECISION, high DOUBLE PRECISION, low DOUBLE PRECISION, close"
            + " DOUBLE PRECISION, volume BIGINT); CREATE TABLE fundamentals (time_index TIMESTAMPTZ"
            + " NOT NULL, asset_identifier TEXT NOT NULL, eps DOUBLE PRECISION)");
    CopyManager copy = connection.unwrap(PGConnection.class).getCopyAPI();
    for (String table : new String[] {"prices", "fundamentals"}) {
      Path csv = database.resolveSibling(table + MarketData.SIZE + ".csv");
      try (Connection duckDb = MarketData.duckDb(database);
          Statement export = duckDb.createStatement()) {
        export.execute("COPY " + table + " TO '" + csv + "' (FORMAT csv, HEADER false)");
      }
      try (InputStream rows = Files.newInputStream(csv)) {
        copy.copyIn("COPY " + table + " FROM STDIN (FORMAT csv)", rows, 1 << 16);
      }
      Files.delete(csv);
      statement.execute("CREATE UNIQUE INDEX ON " + table + " (asset_identifier, time_index)");
    }
    statement.execute("VACUUM ANALYZE prices");
    statement.execute("VACUUM ANALYZE fundamentals");
    statement.execute("CREATE TABLE loaded ()");
  }

  /** The DuckDB file with the same rows. */
  public Path file() {
    return file;
  }

  /** The URL for pgjdbc. */
  public String url() {
    return server.getJdbcUrl("postgres", "postgres");
  }

  /**
   * A connection of pgjdbc, session zone UTC.
   *
   * @param options more of its URL, each beginning with {@code &}
   */
  public Connection connect(String options) throws Exception {
    Connection connection = DriverManager.getConnection(url() + options);
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET TIME ZONE 'UTC'");
    }
    return connection;
  }

  /**
   * A catalog with the nodes of both: {@code prices}, {@code fundamentals} and {@code assets} in
   * DuckDB, {@code live_prices} and {@code live_fundamentals} in PostgreSQL.
   */
  public Path catalog() throws Exception {
    String plain = url().substring(0, url().indexOf('?') < 0 ? url().length() : url().indexOf('?'));
    return Files.writeString(
        file.resolveSibling("benchmark-catalog" + MarketData.SIZE + ".yaml"),
        """
        storages:
          lake: { type: duckdb, path: "%s" }
          desk: { type: postgresql, url: "%s", user: postgres, password: postgres }
        nodes:
          - { identifier: prices, storage: lake, table: prices, time_index: time_index, asset: asset_identifier }
          - { identifier: fundamentals, storage: lake, table: fundamentals, time_index: time_index, asset: asset_identifier }
          - { identifier: assets, storage: lake, table: assets }
          - { identifier: live_prices, storage: desk, table: public.prices, time_index: time_index, asset: asset_identifier }
          - { identifier: live_fundamentals, storage: desk, table: public.fundamentals, time_index: time_index, asset: asset_identifier }
        """
            .formatted(file, plain));
  }

  @Override
  public void close() throws Exception {
    server.close();
  }
}
