package io.datanode.jdbc.remote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Connections to one of several servers: behind a load balancer, or named in the URL. */
@Timeout(60)
class SeveralServersTest {
  private TestServer one;
  private TestServer other;

  @BeforeEach
  void start() throws IOException {
    one = new TestServer();
    other = new TestServer();
  }

  @AfterEach
  void stop() {
    one.close();
    other.close();
  }

  private static void assertCounts(long rows, ResultSet result) throws SQLException {
    for (long i = 0; i < rows; i++) {
      assertTrue(result.next());
      assertEquals(i, result.getLong(1));
    }
    assertFalse(result.next());
  }

  /** Statements in turn and side by side, whose rows are fetched by requests of their own. */
  private void work(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        Statement beside = connection.createStatement();
        PreparedStatement prepared = connection.prepareStatement("VALUES ?")) {
      connection.setSchema("research");
      statement.execute("SET time_zone = 'Europe/Berlin'");
      for (int i = 0; i < 3; i++) {
        ResultSet left = statement.executeQuery("COUNT 2000000");
        ResultSet right = beside.executeQuery("COUNT 2000000");
        prepared.setInt(1, i);
        assertTrue(prepared.executeQuery().next());
        assertCounts(2_000_000, left);
        assertCounts(2_000_000, right);
        assertTrue(connection.isValid(10));
      }
      ResultSet left = statement.executeQuery("COUNT 2000000");
      assertTrue(left.next());
      left.close();
    }
  }

  @Test
  void aBalancerOfConnectionsIsNotNoticed() throws Exception {
    isNotNoticed(Balancer.ofConnections(one.port(), other.port()));
  }

  @Test
  void aBalancerOfRequestsIsNotNoticed() throws Exception {
    isNotNoticed(Balancer.ofRequests(one.port(), other.port()));
  }

  private void isNotNoticed(Balancer between) throws Exception {
    try (Balancer balancer = between;
        Connection connection = DriverManager.getConnection(balancer.url())) {
      work(connection);
      assertEquals(1, one.sessions() + other.sessions());
      assertEquals(0, one.openResults() + other.openResults());
    }
    assertEquals(0, one.sessions() + other.sessions());
  }

  @Test
  void whenItsServerGoesTheSessionMovesWithItsSettings() throws Exception {
    try (Balancer balancer = Balancer.ofConnections(one.port(), other.port());
        Connection connection = DriverManager.getConnection(balancer.url() + "?timeZone=UTC");
        Statement statement = connection.createStatement();
        PreparedStatement prepared = connection.prepareStatement("VALUES ?")) {
      connection.setSchema("research");
      statement.execute("SET asOf = x");
      statement.execute("SET time_zone = 'Europe/Berlin'");
      TestServer its = one.sessions() == 1 ? one : other;
      TestServer left = its == one ? other : one;
      ResultSet rows = statement.executeQuery("COUNT 9000000");
      assertTrue(rows.next());
      its.close();
      List<Long> read = new ArrayList<>(List.of(0L));
      SQLException lost =
          assertThrows(
              SQLException.class,
              () -> {
                while (rows.next()) {
                  read.add(rows.getLong(1));
                }
              });
      assertEquals("08006", lost.getSQLState());
      assertTrue(lost.getMessage().contains("statement s"), lost.getMessage());
      assertEquals(read.size() - 1, read.get(read.size() - 1), "a row was repeated or left out");

      prepared.setInt(1, 7);
      try (ResultSet row = prepared.executeQuery()) {
        assertTrue(row.next());
        assertEquals("7", row.getString(2));
      }
      assertEquals(
          "{asOf=x, schema=research, timeZone=Europe/Berlin}",
          left.onlySession().settings().toString());
      assertEquals("research", connection.getSchema());
    }
  }

  @Test
  void theNextServerOfTheUrlTakesOverFromOneThatHangs() throws Exception {
    try (ServerSocket hanging = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      String hosts = "127.0.0.1:" + hanging.getLocalPort() + ",127.0.0.1:" + one.port();
      try (Connection connection =
              DriverManager.getConnection("jdbc:datanode://" + hosts + "/?connectTimeout=1");
          Statement statement = connection.createStatement()) {
        assertCounts(3, statement.executeQuery("COUNT 3"));
      }
      String alone = "jdbc:datanode://127.0.0.1:" + hanging.getLocalPort() + "/?connectTimeout=1";
      SQLException silent =
          assertThrows(SQLException.class, () -> DriverManager.getConnection(alone));
      assertEquals("08001", silent.getSQLState());
      assertEquals(
          "No server answers at 127.0.0.1:" + hanging.getLocalPort() + ": no bytes came in time",
          silent.getMessage());
    }
  }

  @Test
  void theNextServerOfTheUrlTakesOverFromOneThatShutsDown() throws Exception {
    HttpServer draining =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    draining.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(503, -1);
          exchange.close();
        });
    draining.start();
    try {
      String hosts = "127.0.0.1:" + draining.getAddress().getPort() + ",127.0.0.1:" + one.port();
      DriverManager.getConnection("jdbc:datanode://" + hosts + "/").close();
      assertEquals(List.of("open", "close"), one.requests());
    } finally {
      draining.stop(0);
    }
  }

  @Test
  void theSessionMovesToTheNextServerOfTheUrl() throws Exception {
    String hosts = "127.0.0.1:" + one.port() + ",127.0.0.1:" + other.port();
    try (Connection connection = DriverManager.getConnection("jdbc:datanode://" + hosts + "/");
        Statement statement = connection.createStatement()) {
      connection.setSchema("research");
      assertEquals(1, one.sessions());
      one.close();
      assertCounts(3, statement.executeQuery("COUNT 3"));
      assertEquals("{schema=research}", other.onlySession().settings().toString());
    }
  }

  /** Half of a result is read before its server is told to stop, half after that. */
  private void workWhileOneDrains(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        Statement beside = connection.createStatement()) {
      connection.setSchema("research");
      statement.execute("SET time_zone = 'Europe/Berlin'");
      ResultSet begun = statement.executeQuery("COUNT 9000000");
      assertTrue(begun.next());
      TestServer its = one.sessions() == 1 ? one : other;
      TestServer left = its == one ? other : one;
      its.drain();
      assertCounts(3, beside.executeQuery("COUNT 3"));
      assertEquals(
          "{schema=research, timezone=Europe/Berlin}", left.onlySession().settings().toString());
      assertTrue(connection.isValid(10));
      for (long i = 1; i < 9_000_000; i++) {
        assertTrue(begun.next());
        assertEquals(i, begun.getLong(1));
      }
      assertFalse(begun.next());
      assertEquals(0, its.openResults());
    }
  }

  @Test
  void fromAServerThatDrainsTheSessionMovesToTheNextOfTheUrl() throws Exception {
    String hosts = "127.0.0.1:" + one.port() + ",127.0.0.1:" + other.port();
    try (Connection connection = DriverManager.getConnection("jdbc:datanode://" + hosts + "/")) {
      workWhileOneDrains(connection);
    }
    assertEquals(0, other.sessions());
  }

  @Test
  void fromAServerThatDrainsTheSessionMovesBehindABalancerToo() throws Exception {
    try (Balancer balancer = Balancer.ofConnections(one.port(), other.port());
        Connection connection = DriverManager.getConnection(balancer.url())) {
      workWhileOneDrains(connection);
    }
  }

  @Test
  void aServerThatDrainsAndIsTheOnlyOneSaysSo() throws Exception {
    try (Connection connection =
            DriverManager.getConnection("jdbc:datanode://127.0.0.1:" + one.port() + "/");
        Statement statement = connection.createStatement()) {
      one.drain();
      SQLException refused =
          assertThrows(SQLException.class, () -> statement.executeQuery("COUNT 3"));
      assertEquals("57P03", refused.getSQLState());
      assertEquals("The server is shutting down", refused.getMessage());
      assertFalse(connection.isValid(10));
    }
  }

  @Test
  void aWrongLoginIsNotTriedElsewhere() throws Exception {
    one.require("Bearer other");
    String hosts = "127.0.0.1:" + one.port() + ",127.0.0.1:" + other.port();
    SQLException refused =
        assertThrows(
            SQLException.class,
            () -> DriverManager.getConnection("jdbc:datanode://" + hosts + "/?token=mine"));
    assertEquals("28000", refused.getSQLState());
    assertEquals(List.of(), other.requests());
  }
}
