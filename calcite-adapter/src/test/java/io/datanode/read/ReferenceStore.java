package io.datanode.read;

import io.datanode.testing.PostgreSql;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Nodes with one, two and three index columns, named as the reference names them, in either
 * storage.
 */
final class ReferenceStore {
  private static final String[] TABLES = {
    """
    CREATE TABLE bars (time_index TIMESTAMPTZ, unique_identifier VARCHAR, "close" DOUBLE PRECISION,
      volume BIGINT)""",
    """
    INSERT INTO bars VALUES
      ('2024-05-03 00:00:00+00', 'BTC', 102.5, 3), ('2024-05-01 00:00:00+00', 'ETH', 10.5, 10),
      ('2024-05-02 00:00:00+00', 'BTC', 101.5, 2), ('2024-05-02 00:00:00+00', 'ETH', 11.5, NULL),
      ('2024-05-01 00:00:00+00', 'BTC', 100.5, 1)""",
    """
    CREATE TABLE holdings (time_index TIMESTAMPTZ, account_uid VARCHAR, asset_uid VARCHAR,
      quantity DOUBLE PRECISION)""",
    """
    INSERT INTO holdings VALUES
      ('2024-05-01 00:00:00+00', 'a', 'X', 10), ('2024-05-01 00:00:00+00', 'a', 'Y', 20),
      ('2024-05-01 00:00:00+00', 'b', 'X', 30), ('2024-05-01 01:00:00.25+00', 'a', 'X', 11),
      ('2024-05-01 01:00:00.25+00', 'b', 'Y', 40), ('2024-05-01 01:00:00.25+00', NULL, 'X', 50),
      ('2024-05-01 02:00:00+00', 'a', 'Y', 22), ('2024-05-01 02:00:00+00', 'b', 'X', 31)""",
    "CREATE TABLE rates (event_date DATE, rate DOUBLE PRECISION)",
    """
    INSERT INTO rates VALUES
      ('2024-05-04', 0.04), ('2024-05-01', 0.01), ('2024-05-02', 0.02), ('2024-05-03', 0.03)""",
    "CREATE TABLE calendar (session DATE, venue BIGINT, is_open BOOLEAN)",
    """
    INSERT INTO calendar VALUES
      ('2024-05-01', 1, true), ('2024-05-02', 1, true), ('2024-05-01', 2, false),
      ('2024-05-02', 2, true)"""
  };

  private static final String NODES =
      """
      nodes:
        - { identifier: bars, storage: store, table: bars, time_index: time_index, identity: [unique_identifier] }
        - { identifier: holdings, storage: store, table: holdings, time_index: time_index, identity: [account_uid, asset_uid] }
        - { identifier: rates, storage: store, table: rates, time_index: event_date, identity: [] }
        - { identifier: calendar, namespace: reference.data, storage: store, table: calendar, time_index: session, identity: [venue] }
      """;

  private ReferenceStore() {}

  /** The catalog of the nodes in a database file of DuckDB. */
  static Path inDuckDb(Path folder) throws SQLException, IOException {
    Path file = folder.resolve("store.duckdb");
    try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:" + file);
        Statement statement = duckdb.createStatement()) {
      for (String sql : TABLES) {
        statement.execute(sql);
      }
    }
    return Files.writeString(
        folder.resolve("duckdb.yaml"),
        "storages:\n  store: { type: duckdb, path: ./store.duckdb }\n" + NODES);
  }

  /** The catalog of the nodes in PostgreSQL. */
  static Path inPostgreSql(Path folder) throws IOException {
    String url = PostgreSql.newDatabase();
    PostgreSql.run(url, TABLES);
    return Files.writeString(
        folder.resolve("postgresql.yaml"),
        "storages:\n  store: { type: postgresql, url: \""
            + url
            + "\", user: postgres }\n"
            + NODES.replace("table: ", "table: public."));
  }
}
