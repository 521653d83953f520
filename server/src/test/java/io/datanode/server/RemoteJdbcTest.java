package io.datanode.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datanode.engine.Engine;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** JDBC over HTTP, and what can only go wrong there. */
class RemoteJdbcTest extends JdbcContract {
  private static Engine engine;
  private static TestServer server;

  @Override
  String url() throws SQLException {
    if (engine == null) {
      engine = Engine.open(folder.toString(), Map.of());
      server = start(0);
    }
    return server.server().jdbcUrl();
  }

  private static TestServer start(int port) throws SQLException {
    return TestServer.start(
        ServerSettings.defaults().at("127.0.0.1", port), (user, s) -> engine.session(user, s));
  }

  @AfterAll
  static void stop() throws Exception {
    if (engine != null) {
      server.close();
      engine.close();
      engine = null;
    }
  }

  private static void assertCount(long expected, Statement statement) throws SQLException {
    try (ResultSet row = statement.executeQuery("SELECT count(*) FROM prices")) {
      assertTrue(row.next());
      assertEquals(expected, row.getLong(1));
    }
  }

  @Test
  void aSessionHealsAfterARestartWithItsSettings() throws SQLException {
    try (Connection connection = connect("/?timeZone=Europe/Berlin");
        Statement statement = connection.createStatement()) {
      connection.setSchema("metadata");
      statement.execute("SET time_zone = 'Asia/Tokyo'");
      connection.setSchema("nodes");
      int port = server.server().port();
      server.close();
      assertFalse(connection.isValid(2));
      server = start(port);
      assertTrue(connection.isValid(2));
      assertCount(30_000, statement);
      try (ResultSet row = statement.executeQuery("SELECT time_index FROM kinds")) {
        assertTrue(row.next());
        assertEquals("2024-01-02 12:04:05.123456+09", row.getString(1));
      }
    }
  }

  @Test
  void anIdleSessionIsClosedAtTheServerAndHeals() throws Exception {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      assertCount(30_000, statement);
      server.passAtRest(Duration.ofDays(2));
      assertCount(30_000, statement);
      assertTrue(connection.isValid(2));
    }
  }

  @Test
  void rowsLostWithTheServerAreAnErrorAndNeverRepeated() throws SQLException {
    String sql = "SELECT a.volume FROM prices a, prices b WHERE b.volume < 400";
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      ResultSet rows = statement.executeQuery(sql);
      assertTrue(rows.next());
      int port = server.server().port();
      server.close();
      server = start(port);
      SQLException e =
          assertThrows(
              SQLException.class,
              () -> {
                while (rows.next()) {
                  rows.getLong(1);
                }
              });
      assertTrue(List.of("08006", "57014", "57P01").contains(e.getSQLState()), e.toString());
      assertCount(30_000, statement);
    }
  }

  @Test
  void manyConnectionsAtOnceAndNoneIsLeft() throws SQLException {
    List<Connection> connections = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      connections.add(connect());
    }
    for (Connection connection : connections) {
      try (Statement statement = connection.createStatement()) {
        assertCount(30_000, statement);
      }
      connection.close();
    }
  }
}
