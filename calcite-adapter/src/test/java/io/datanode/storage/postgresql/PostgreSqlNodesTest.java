package io.datanode.storage.postgresql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datanode.testing.PostgreSql;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Nodes of a catalog whose tables are in PostgreSQL, read through JDBC. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PostgreSqlNodesTest {
  @TempDir static Path directory;

  private String database;
  private String url;

  @BeforeAll
  void writeCatalog() throws Exception {
    database = PostgreSql.newDatabase();
    PostgreSql.run(
        database,
        "CREATE SCHEMA research",
        "CREATE TABLE research.prices (time_index timestamptz, asset_identifier char(3),"
            + " close numeric, PRIMARY KEY (asset_identifier, time_index))",
        "INSERT INTO research.prices VALUES ('2024-01-02', 'SAP', 139.5),"
            + " ('2024-01-03', 'SAP', 140), ('2024-01-02', 'BMW', 99.25)",
        "CREATE TABLE quotes (ts bigint, symbol text, bid float8)",
        "INSERT INTO quotes VALUES (1704153600123456, 'SAP', 139.4)",
        "CREATE FUNCTION process() RETURNS int LANGUAGE plpgsql PARALLEL SAFE"
            + " AS 'BEGIN RETURN pg_backend_pid(); END'",
        "CREATE TABLE numbers AS SELECT n FROM generate_series(1, 100000) AS n",
        "CREATE VIEW ticks AS SELECT n, process() AS process FROM numbers",
        "CREATE VIEW connections AS SELECT pid FROM pg_stat_activity"
            + " WHERE backend_type = 'client backend'",
        "ANALYZE numbers");
    Path file = directory.resolve("catalog.yaml");
    Files.writeString(
        file,
        """
        storages:
          desk: { type: postgresql, url: "%s", pool_size: 4 }
          down: { type: postgresql, url: "jdbc:postgresql://localhost:1/none", user: reader }
          parallel: { type: postgresql, url: "%s" }
        nodes:
          - identifier: daily_prices
            storage: desk
            table: research.prices
            columns:
              close: { dtype: float64 }
          - identifier: quotes
            storage: desk
            table: quotes
          - identifier: changing
            storage: desk
            table: changing
          - identifier: missing
            storage: desk
            table: public.no_such_table
          - identifier: unreachable
            storage: down
            table: public.prices
          - identifier: connections
            storage: parallel
            table: connections
          - identifier: ticks
            storage: parallel
            table: ticks
        """
            .formatted(
                database,
                database
                    + "&options=-c%20parallel_setup_cost=0%20-c%20min_parallel_table_scan_size=0"
                    + "%20-c%20parallel_leader_participation=off"));
    url = "jdbc:datanode:" + file;
  }

  private List<List<Object>> rows(String sql, Object... parameters) throws SQLException {
    List<List<Object>> rows = new ArrayList<>();
    try (Connection connection = DriverManager.getConnection(url);
        PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < parameters.length; i++) {
        statement.setObject(i + 1, parameters[i]);
      }
      try (ResultSet result = statement.executeQuery()) {
        while (result.next()) {
          List<Object> row = new ArrayList<>();
          for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
            row.add(result.getObject(i));
          }
          rows.add(row);
        }
      }
    }
    return rows;
  }

  @Test
  void aNodeIsFilteredGroupedAndOrdered() throws SQLException {
    assertEquals(
        List.of(List.of("BMW", 99.25, 1L), List.of("SAP", 140.0, 2L)),
        rows(
            "SELECT asset_identifier, MAX(close), COUNT(*) FROM daily_prices"
                + " WHERE time_index >= TIMESTAMP '2024-01-02 00:00:00'"
                + " GROUP BY asset_identifier ORDER BY asset_identifier"));
  }

  @Test
  void parametersAreBound() throws SQLException {
    assertEquals(
        List.of(List.of(140.0)),
        rows(
            "SELECT close FROM daily_prices WHERE asset_identifier = ? AND time_index > ?",
            "SAP",
            Instant.parse("2024-01-02T23:59:59.999999Z")));
  }

  /** What hand-written SQL with literals gets, though rows of a cursor are made by one process. */
  @Test
  void groupsAndTheFirstRowsAreMadeByParallelWorkersWhateverIsBound() throws SQLException {
    try (Connection keepsThePool = DriverManager.getConnection(url)) {
      assertTrue(keepsThePool.isValid(1));
      Object reader = rows("SELECT process FROM ticks WHERE n > ? ORDER BY n", 5).get(0).get(0);
      assertEquals(1, connectionOf(reader).size(), "a cursor");
      for (int i = 0; i < 2; i++) {
        for (String sql :
            List.of(
                "SELECT MAX(process) FROM ticks WHERE n > ?",
                "SELECT MAX(process), n % 2 FROM ticks WHERE n > ? GROUP BY n % 2 ORDER BY 2",
                "SELECT process FROM ticks WHERE n > ? ORDER BY process DESC LIMIT 1")) {
          assertEquals(List.of(), connectionOf(rows(sql, 5).get(0).get(0)), sql);
        }
      }
    }
  }

  private List<List<Object>> connectionOf(Object process) throws SQLException {
    return rows("SELECT pid FROM connections WHERE pid = ?", process);
  }

  @Test
  void aNumberSince1970IsAnInstant() throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("SELECT ts, bid FROM quotes")) {
      assertTrue(result.next());
      assertEquals(
          Instant.parse("2024-01-02T00:00:00.123456Z"), result.getObject(1, Instant.class));
      assertFalse(result.next());
    }
  }

  @Test
  void keysAndTypesAreKnownToJdbc() throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        ResultSet keys = connection.getMetaData().getPrimaryKeys(null, "nodes", "daily_prices")) {
      List<String> columns = new ArrayList<>();
      while (keys.next()) {
        columns.add(keys.getString("COLUMN_NAME"));
      }
      assertEquals(List.of("asset_identifier", "time_index"), columns.stream().sorted().toList());
    }
  }

  @Test
  void aMissingTableAndAStorageThatIsDownAreErrorsOfTheirNodesOnly() {
    SQLException missing = assertThrows(SQLException.class, () -> rows("SELECT * FROM missing"));
    assertEquals("42P01", missing.getSQLState());
    assertTrue(missing.getMessage().contains("no_such_table"), missing.getMessage());
    SQLException down = assertThrows(SQLException.class, () -> rows("SELECT * FROM unreachable"));
    assertEquals("57P03", down.getSQLState());
    assertTrue(down.getMessage().contains("Storage 'down' is not available"), down.getMessage());
    assertTrue(down.getMessage().contains("localhost:1/none"), down.getMessage());
  }

  /** What a table looks like is remembered; a table that was changed is described anew. */
  @Test
  void aTableChangedUnderARunningEngineIsReadAsItIsNow() throws SQLException {
    PostgreSql.run(
        database,
        "CREATE TABLE changing (id int PRIMARY KEY, v int, gone text)",
        "INSERT INTO changing VALUES (1, 7, 'x')");
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      assertEquals(List.of("1", "7", "x"), firstRow(statement, "SELECT * FROM changing"));
      PostgreSql.run(database, "ALTER TABLE changing DROP COLUMN gone");
      assertEquals(List.of("1", "7"), firstRow(statement, "SELECT * FROM changing"));
      PostgreSql.run(
          database, "ALTER TABLE changing ALTER v TYPE timestamptz USING '2024-01-01 00:00:00Z'");
      assertEquals("2024-01-01 00:00:00+00", firstRow(statement, "SELECT v FROM changing").get(0));
      PostgreSql.run(database, "ALTER TABLE changing RENAME v TO w");
      SQLException failure =
          assertThrows(SQLException.class, () -> firstRow(statement, "SELECT id, v FROM changing"));
      assertEquals("42703", failure.getSQLState());
      assertTrue(failure.getMessage().contains("'v'"), failure.getMessage());
      PostgreSql.run(database, "DROP TABLE changing");
      failure =
          assertThrows(SQLException.class, () -> firstRow(statement, "SELECT id FROM changing"));
      assertEquals("42P01", failure.getSQLState());
    }
  }

  private static List<String> firstRow(Statement statement, String sql) throws SQLException {
    try (ResultSet result = statement.executeQuery(sql)) {
      assertTrue(result.next());
      List<String> row = new ArrayList<>();
      for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
        row.add(result.getString(i));
      }
      return row;
    }
  }
}
