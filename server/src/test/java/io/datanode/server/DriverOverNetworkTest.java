package io.datanode.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datanode.engine.Engine;
import io.datanode.server.demo.DemoData;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Our own driver and Avatica's, over the network, on the engine with a small demo. */
@Timeout(120)
class DriverOverNetworkTest {
  /** Runs for minutes, and has no rows before its end. */
  private static final String SLOW =
      "SELECT COUNT(*) FROM minute_bars a, minute_bars b, minute_bars c"
          + " WHERE a.close + b.close = c.close";

  /** More rows than any buffer takes. */
  private static final String LONG =
      "SELECT a.time_index, b.close FROM minute_bars a, minute_bars b";

  @TempDir static Path folder;
  private static Engine engine;
  private TestServer server;

  @BeforeAll
  static void open() {
    Path demo = folder.resolve("demo");
    new DemoData(10, 1).writeTo(demo, (node, rows, done, of) -> {});
    engine = Engine.open(demo.toString(), Map.of());
  }

  @AfterAll
  static void close() {
    engine.close();
  }

  @BeforeEach
  void start() throws SQLException {
    server = serve(0);
  }

  private static TestServer serve(int port) throws SQLException {
    return TestServer.start(ServerSettings.defaults().at("127.0.0.1", port), engine::session);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private Connection connect() throws SQLException {
    return DriverManager.getConnection(server.server().jdbcUrl());
  }

  @Test
  void aQueryGivesItsRows() throws SQLException {
    try (Connection connection = connect();
        PreparedStatement statement =
            connection.prepareStatement(
                "SELECT COUNT(*), MAX(time_index) FROM daily_prices WHERE time_index < ?")) {
      statement.setTimestamp(1, Timestamp.from(Instant.parse("2025-02-01T00:00:00Z")));
      try (ResultSet rows = statement.executeQuery()) {
        assertTrue(rows.next());
        assertEquals(220, rows.getInt(1));
        assertEquals(Instant.parse("2025-01-31T21:00:00Z"), rows.getTimestamp(2).toInstant());
      }
    }
  }

  @Test
  void theUrlPutsASessionIntoThePastAndForbidsTheFuture() throws SQLException {
    String url = server.server().jdbcUrl() + "?asOf=2025-01-31T12:00:00Z&strictPointInTime=true";
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      try (ResultSet rows = statement.executeQuery("SELECT MAX(time_index) FROM daily_prices")) {
        assertTrue(rows.next());
        assertTrue(
            rows.getTimestamp(1).toInstant().isBefore(Instant.parse("2025-01-31T12:00:00Z")));
      }
      SQLException refused =
          assertThrows(
              SQLException.class,
              () ->
                  statement.executeQuery(
                      "SELECT LEAD(close) OVER (PARTITION BY asset_identifier ORDER BY time_index)"
                          + " FROM daily_prices"));
      assertEquals("42000", refused.getSQLState(), refused.getMessage());
      statement.execute("RESET as_of");
      try (ResultSet rows = statement.executeQuery("SELECT MAX(time_index) FROM daily_prices")) {
        assertTrue(rows.next());
        assertTrue(
            rows.getTimestamp(1).toInstant().isBefore(Instant.parse("2025-01-31T12:00:00Z")));
      }
    }
  }

  @Test
  void compressedRowsAreTheSame() throws SQLException {
    String sql =
        "SELECT a.*, b.close AS other FROM daily_prices a CROSS JOIN"
            + " (SELECT DISTINCT close FROM daily_prices ORDER BY close LIMIT 40) AS b"
            + " ORDER BY 1, 2, 8";
    try (Connection plain = connect();
        Connection packed =
            DriverManager.getConnection(server.server().jdbcUrl() + "?compression=deflate");
        ResultSet expected = plain.createStatement().executeQuery(sql);
        ResultSet actual = packed.createStatement().executeQuery(sql)) {
      int columns = expected.getMetaData().getColumnCount();
      int rows = 0;
      for (; expected.next(); rows++) {
        assertTrue(actual.next());
        for (int column = 1; column <= columns; column++) {
          assertEquals(expected.getObject(column), actual.getObject(column));
        }
      }
      assertFalse(actual.next());
      assertTrue(rows > 20_000, rows + " rows are several batches");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"json", "protobuf"})
  void aStockAvaticaClientGivesTheSameRows(String serialization) throws SQLException {
    String sql =
        "SELECT time_index, asset_identifier, open, close, volume FROM daily_prices"
            + " ORDER BY time_index, asset_identifier";
    try (Connection ours = connect();
        Connection stock = server.avatica(serialization);
        ResultSet expected = ours.createStatement().executeQuery(sql);
        ResultSet actual = stock.createStatement().executeQuery(sql)) {
      int rows = 0;
      while (expected.next()) {
        assertTrue(actual.next());
        assertEquals(expected.getTimestamp(1).toInstant(), actual.getTimestamp(1).toInstant());
        assertEquals(expected.getString(2), actual.getString(2));
        assertEquals(expected.getDouble(3), actual.getDouble(3));
        assertEquals(expected.getDouble(4), actual.getDouble(4));
        assertEquals(expected.getLong(5), actual.getLong(5));
        rows++;
      }
      assertFalse(actual.next());
      assertEquals(2_580, rows);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"json", "protobuf"})
  void aStockAvaticaClientCanBrowse(String serialization) throws SQLException {
    try (Connection connection = server.avatica(serialization)) {
      List<String> tables = new ArrayList<>();
      try (ResultSet rows = connection.getMetaData().getTables(null, "nodes", "%", null)) {
        while (rows.next()) {
          tables.add(rows.getString("TABLE_NAME"));
        }
      }
      assertEquals(
          List.of("assets", "daily_prices", "fundamentals", "fx_rates", "holdings", "minute_bars"),
          tables);
      List<String> columns = new ArrayList<>();
      try (ResultSet rows = connection.getMetaData().getColumns(null, "nodes", "fx\\_rates", "%")) {
        while (rows.next()) {
          columns.add(rows.getString("COLUMN_NAME") + " " + rows.getInt("NULLABLE"));
        }
      }
      assertEquals(3, columns.size(), columns::toString);
      assertTrue(connection.getMetaData().getTypeInfo().next());
      assertTrue(connection.getMetaData().getTableTypes().next());
      assertTrue(connection.getMetaData().getSQLKeywords().contains("QUALIFY"));
    }
  }

  @Test
  void aConnectionHealsAfterTheServerWasStartedAgain() throws SQLException {
    try (Connection connection = connect()) {
      assertEquals(10, count(connection));
      int port = server.server().port();
      server.close();
      server = serve(port);
      assertEquals(10, count(connection));
      assertTrue(connection.isValid(5));
    }
  }

  @Test
  void aConnectionHealsAfterItsSessionExpired() throws Exception {
    try (Connection connection = connect()) {
      assertEquals(10, count(connection));
      server.passAtRest(Duration.ofDays(1));
      assertEquals(0, server.server().sessions().size());
      assertEquals(10, count(connection));
    }
  }

  private static int count(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT COUNT(*) FROM assets")) {
      rows.next();
      return rows.getInt(1);
    }
  }

  @Test
  void aServerThatGoesAwayInTheMiddleOfAResultIsAnError() throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(LONG)) {
      assertTrue(rows.next());
      server.close();
      SQLException lost =
          assertThrows(
              SQLException.class,
              () -> {
                while (rows.next()) {}
              });
      assertTrue(
          List.of("08006", "57014").contains(lost.getSQLState()),
          () -> lost.getSQLState() + " " + lost.getMessage());
    }
  }

  @Test
  void cancelOverTheNetworkStopsTheStatement() throws Exception {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      List<SQLException> outcome = new ArrayList<>();
      Thread slow =
          new Thread(
              () -> {
                outcome.add(
                    assertThrows(
                        SQLException.class,
                        () -> {
                          try (ResultSet rows = statement.executeQuery(SLOW)) {
                            rows.next();
                          }
                        }));
              });
      slow.start();
      waitUntilRunning(1);
      statement.cancel();
      slow.join();
      assertEquals("57014", outcome.get(0).getSQLState(), outcome::toString);
      waitUntilRunning(0);
      assertEquals(10, count(connection));
    }
  }

  @Test
  void aTimeoutStopsTheStatement() throws Exception {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.setQueryTimeout(1);
      SQLException timeout =
          assertThrows(
              SQLException.class,
              () -> {
                try (ResultSet rows = statement.executeQuery(SLOW)) {
                  rows.next();
                }
              });
      assertEquals("57014", timeout.getSQLState());
      waitUntilRunning(0);
    }
  }

  @Test
  void closingAResultEarlyStopsItsStatement() throws Exception {
    try (Connection connection = connect()) {
      try (Statement statement = connection.createStatement();
          ResultSet rows = statement.executeQuery(LONG)) {
        assertTrue(rows.next());
      }
      waitUntilRunning(0);
      assertEquals(10, count(connection));
    }
  }

  private void waitUntilRunning(int statements) throws InterruptedException {
    while (server.server().sessions().runningStatements() != statements) {
      Thread.sleep(5);
    }
  }
}
