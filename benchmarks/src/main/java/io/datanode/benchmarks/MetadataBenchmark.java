package io.datanode.benchmarks;

import io.datanode.engine.Engine;
import io.datanode.server.DataNodeServer;
import io.datanode.server.ServerSettings;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.Locale;
import java.util.Map;

/**
 * What a tool waits for that shows all columns of a large catalog: {@code getColumns} of 2,000
 * nodes with 30 columns each through the remote driver, of a server just opened and again, beside
 * the driver of the database that holds them: DuckDB's in process, and PostgreSQL's.
 */
public final class MetadataBenchmark {
  private static final int NODES = 2_000;
  private static final int COLUMNS = 30;
  private static final int ROUNDS = 5;

  private MetadataBenchmark() {}

  /** Prints one line for each round and database; the first is that of a new JVM. */
  public static void main(String[] arguments) throws Exception {
    Path folder = Files.createTempDirectory("datanode-metadata");
    Path file = folder.resolve("nodes.duckdb");
    Path catalog = folder.resolve("catalog.yaml");
    try (EmbeddedPostgres server = EmbeddedPostgres.builder().start()) {
      String duckDb = "jdbc:duckdb:" + file;
      String postgreSql = server.getJdbcUrl("postgres", "postgres");
      write(duckDb, "VARCHAR", "DOUBLE");
      write(postgreSql, "TEXT", "DOUBLE PRECISION");
      Files.writeString(catalog, catalog(postgreSql));
      for (int round = 0; round < ROUNDS; round++) {
        round("DuckDB", file, duckDb, "main");
        round("PostgreSQL", catalog, postgreSql, "public");
      }
    } finally {
      Files.deleteIfExists(catalog);
      Files.deleteIfExists(file);
      Files.delete(folder);
    }
  }

  private static void write(String url, String text, String number) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      for (int node = 0; node < NODES; node++) {
        StringBuilder sql = new StringBuilder("CREATE TABLE node_").append(node);
        sql.append(" (time_index TIMESTAMPTZ, asset_identifier ").append(text);
        for (int column = 2; column < COLUMNS; column++) {
          sql.append(", value_").append(column).append(' ').append(number);
        }
        sql.append(", PRIMARY KEY (time_index, asset_identifier))");
        statement.execute(sql.toString());
      }
    }
  }

  private static String catalog(String url) {
    StringBuilder yaml =
        new StringBuilder("storages:\n  desk: { type: postgresql, url: \"")
            .append(url)
            .append("\" }\nnodes:\n");
    for (int node = 0; node < NODES; node++) {
      yaml.append("  - { identifier: node_")
          .append(node)
          .append(", storage: desk, table: public.node_")
          .append(node)
          .append(" }\n");
    }
    return yaml.toString();
  }

  private static void round(String database, Path catalog, String url, String schema)
      throws SQLException, IOException {
    double first;
    double again;
    double tables;
    double one;
    try (Engine engine = Engine.open(catalog.toString(), Map.of());
        DataNodeServer server =
            DataNodeServer.start(
                ServerSettings.defaults().at("127.0.0.1", 0), engine, Clock.systemUTC());
        Connection connection = DriverManager.getConnection(server.jdbcUrl())) {
      first = columns(connection, "nodes", "%", NODES * COLUMNS);
      again = columns(connection, "nodes", "%", NODES * COLUMNS);
      tables = tables(connection);
      one = columns(connection, "nodes", "node\\_7", COLUMNS);
    }
    double peer;
    try (Connection direct = DriverManager.getConnection(url)) {
      peer = columns(direct, schema, "node%", NODES * COLUMNS);
    }
    System.out.printf(
        Locale.ROOT,
        "%d nodes of %d columns in %s over the wire: getColumns %.0f ms, again %.0f ms, of one node"
            + " %.1f ms, getTables %.1f ms; the database's own driver: getColumns %.0f ms%n",
        NODES,
        COLUMNS,
        database,
        first,
        again,
        one,
        tables,
        peer);
  }

  private static double columns(Connection connection, String schema, String pattern, int expected)
      throws SQLException {
    long start = System.nanoTime();
    try (ResultSet rows = connection.getMetaData().getColumns(null, schema, pattern, "%")) {
      int count = 0;
      while (rows.next()) {
        rows.getString(4);
        rows.getInt(5);
        count++;
      }
      if (count != expected) {
        throw new IllegalStateException(count + " columns instead of " + expected);
      }
    }
    return (System.nanoTime() - start) / 1e6;
  }

  private static double tables(Connection connection) throws SQLException {
    long start = System.nanoTime();
    try (ResultSet rows = connection.getMetaData().getTables(null, "nodes", "%", null)) {
      while (rows.next()) {
        rows.getString(3);
      }
    }
    return (System.nanoTime() - start) / 1e6;
  }
}
