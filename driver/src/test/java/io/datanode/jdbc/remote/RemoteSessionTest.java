package io.datanode.jdbc.remote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;

/** Connections over HTTP, to a server in this process. */
@Timeout(60)
class RemoteSessionTest {
  private TestServer server;

  @BeforeEach
  void start() throws IOException {
    server = new TestServer();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private Connection connect(String settings) throws SQLException {
    return DriverManager.getConnection("jdbc:datanode://127.0.0.1:" + server.port() + settings);
  }

  private static long count(Statement statement, String sql) throws SQLException {
    try (ResultSet rows = statement.executeQuery(sql)) {
      long next = 0;
      while (rows.next()) {
        assertEquals(next++, rows.getLong(1));
      }
      return next;
    }
  }

  @Test
  void resultsOfEverySizeArriveWhole() throws SQLException {
    try (Connection connection = connect("/");
        Statement statement = connection.createStatement()) {
      for (int rows : new int[] {0, 1, 2047, 2048, 2049, 100_000, 3_000_000}) {
        assertEquals(rows, count(statement, "COUNT " + rows));
      }
      assertEquals(0, server.openResults());
    }
    assertEquals(0, server.sessions());
  }

  @Test
  void aQueryIsOneRoundTrip() throws SQLException {
    try (Connection connection = connect("")) {
      try (Statement statement = connection.createStatement()) {
        assertEquals(2000, count(statement, "COUNT 2000"));
        statement.executeQuery("COUNT 1").next();
      }
      for (int i = 0; i < 2; i++) {
        try (PreparedStatement statement = connection.prepareStatement("VALUES ?")) {
          statement.setObject(1, Instant.parse("2024-01-01T00:00:00.000001Z"));
          ResultSet rows = statement.executeQuery();
          assertTrue(rows.next());
          assertEquals("Instant", rows.getString(1));
          assertEquals("2024-01-01T00:00:00.000001Z", rows.getString(2));
        }
      }
      connection.getSchema();
      connection.getMetaData().getDatabaseProductVersion();
      assertTrue(connection.isValid(5));
    }
    assertEquals(
        List.of("open", "execute", "execute", "prepare", "execute", "execute", "ping", "close"),
        server.requests());
  }

  @Test
  void aSmallResultLeftBeforeItsEndIsNoRoundTripMore() throws SQLException {
    try (Connection connection = connect("");
        Statement statement = connection.createStatement()) {
      for (int i = 0; i < 3; i++) {
        try (ResultSet rows = statement.executeQuery("COUNT 10000")) {
          assertTrue(rows.next());
        }
      }
      assertEquals(0, server.openResults());
    }
    assertEquals(List.of("open", "execute", "execute", "execute", "close"), server.requests());
  }

  @Test
  void settingsAreSentAndLoginIsNotAmongThem() throws SQLException {
    String login =
        Base64.getEncoder().encodeToString("ann:sécret".getBytes(StandardCharsets.UTF_8));
    server.require("Basic " + login);
    try (Connection connection =
        connect("/?timeZone=Europe/Berlin&user=ann&password=s%C3%A9cret&connectTimeout=5")) {
      assertEquals("{timeZone=Europe/Berlin}", server.onlySession().settings().toString());
      String url = "jdbc:datanode://127.0.0.1:" + server.port() + "/";
      assertEquals(url, connection.getMetaData().getURL());
    }
    assertError(
        "28000",
        "Server 127.0.0.1:" + server.port() + " refuses the login; check user and password",
        () -> connect("/?user=ann&password=wrong"));
    server.require("Bearer abc");
    connect("/?token=abc").close();
  }

  @Test
  void errorsKeepTheirSqlState() throws SQLException {
    try (Connection connection = connect("/");
        Statement statement = connection.createStatement()) {
      assertError("42601", "Line 1, column 1: 'NO' is no verb", () -> statement.executeQuery("NO"));
      assertError(
          "42601", "Line 1, column 1: 'NO' is no verb", () -> connection.prepareStatement("NO"));
      ResultSet rows = statement.executeQuery("FAIL");
      assertTrue(rows.next());
      assertError("22012", "Division by zero", rows::next);
      assertEquals(1, count(statement, "COUNT 1"));
    }
  }

  @Test
  void aResultLeftEarlyIsClosedAtTheServerAndTheConnectionGoesOn() throws SQLException {
    try (Connection connection = connect("/");
        Statement statement = connection.createStatement()) {
      for (int i = 0; i < 5; i++) {
        ResultSet rows = statement.executeQuery("COUNT 2000000");
        for (int row = 0; row < i * 100_000 + 1; row++) {
          assertTrue(rows.next());
        }
        rows.close();
        assertEquals(0, server.openResults());
      }
      assertEquals(10, count(statement, "COUNT 10"));
    }
  }

  @Test
  void twoResultsOfOneConnectionAreReadSideBySide() throws SQLException {
    try (Connection connection = connect("/");
        Statement one = connection.createStatement();
        Statement two = connection.createStatement()) {
      ResultSet left = one.executeQuery("COUNT 500000");
      ResultSet right = two.executeQuery("COUNT 500000");
      for (long i = 0; i < 500_000; i++) {
        assertTrue(left.next() && right.next());
        if (left.getLong(1) != i || right.getLong(1) != i) {
          assertEquals(i, left.getLong(1));
          assertEquals(i, right.getLong(1));
        }
      }
      assertFalse(left.next() || right.next());
    }
  }

  @Test
  void cancelReachesTheServerWhileRowsAreAwaited() throws Exception {
    ExecutorService other = Executors.newSingleThreadExecutor();
    try (Connection connection = connect("/");
        Statement statement = connection.createStatement()) {
      ResultSet rows = statement.executeQuery("SLEEP");
      assertTrue(rows.next());
      Future<?> cancel =
          other.submit(
              (Callable<Void>)
                  () -> {
                    statement.cancel();
                    return null;
                  });
      assertError("57014", "Statement s1 was cancelled", rows::next);
      cancel.get();
      assertEquals(3, count(statement, "COUNT 3"));
    } finally {
      other.shutdownNow();
    }
  }

  @Test
  void aLostSessionIsOpenedAgainWithItsSettings() throws SQLException {
    try (Connection connection = connect("/?timeZone=Asia/Tokyo");
        Statement statement = connection.createStatement();
        PreparedStatement prepared = connection.prepareStatement("VALUES ?")) {
      connection.setSchema("metadata");
      statement.execute("SET time_zone = 'Europe/Berlin'");
      statement.execute("SET asOf = x");
      connection.setSchema("research");
      server.expireSessions();
      assertEquals(3, count(statement, "COUNT 3"));
      assertEquals(
          "{asOf=x, schema=research, timeZone=Europe/Berlin}",
          server.onlySession().settings().toString());
      server.expireSessions();
      prepared.setInt(1, 1);
      assertTrue(prepared.executeQuery().next());
      server.expireSessions();
      assertTrue(connection.isValid(5));
      assertEquals("research", server.onlySession().settings().get("schema"));
    }
  }

  @Test
  void aSessionThatCannotHaveItsSettingsBackStaysLost() throws SQLException {
    try (Connection connection = connect("/");
        Statement statement = connection.createStatement()) {
      connection.setSchema("research");
      statement.execute("/* zone */ SET time_zone = 'Asia/Tokyo'");
      server.expireSessions();
      server.refuseSettings(true);
      assertError("3F000", "The schema is gone", () -> statement.executeQuery("COUNT 1"));
      assertError("3F000", "The schema is gone", () -> statement.executeQuery("COUNT 1"));
      server.refuseSettings(false);
      assertEquals(1, count(statement, "COUNT 1"));
      assertEquals("research", connection.getSchema());
    }
  }

  @Test
  void aFetchWithoutAnswerIsNotRepeated() throws SQLException {
    try (Connection connection = connect("/");
        Statement statement = connection.createStatement()) {
      server.loseFetches();
      ResultSet rows = statement.executeQuery("COUNT 5000000");
      SQLException e =
          assertThrows(
              SQLException.class,
              () -> {
                long next = 0;
                while (rows.next()) {
                  assertEquals(next++, rows.getLong(1));
                }
              });
      assertEquals("08006", e.getSQLState());
      assertEquals(1, server.requests().stream().filter("fetch"::equals).count());
    }
  }

  @Test
  void aServerThatWasRestartedIsFoundAgain() throws Exception {
    try (Connection connection = connect("/");
        Statement statement = connection.createStatement()) {
      assertEquals(3, count(statement, "COUNT 3"));
      int port = server.port();
      server.close();
      assertFalse(connection.isValid(5));
      assertError(
          "08006",
          "The session was lost at statement s2. No server answers at 127.0.0.1:"
              + port
              + ": connection refused",
          () -> statement.executeQuery("COUNT 1"));
      server = new TestServer(port);
      assertEquals(3, count(statement, "COUNT 3"));
    }
  }

  @Test
  void rowsOnTheirWayAreLostAndNeverRepeated() throws SQLException {
    try (Connection connection = connect("/");
        Statement statement = connection.createStatement()) {
      ResultSet rows = statement.executeQuery("COUNT 5000000");
      assertTrue(rows.next());
      server.expireSessions();
      SQLException e =
          assertThrows(
              SQLException.class,
              () -> {
                long next = 1;
                while (rows.next()) {
                  assertEquals(next++, rows.getLong(1));
                }
              });
      assertEquals("08006", e.getSQLState());
      assertEquals(
          "The server lost the session; the rest of statement s1 cannot be read, run it again",
          e.getMessage());
      assertThrows(SQLException.class, rows::next);
    }
  }

  @Test
  void aServerThatDiesAmongRowsIsAnError() throws Exception {
    try (Connection connection = connect("/");
        Statement statement = connection.createStatement()) {
      ResultSet rows = statement.executeQuery("SLEEP");
      assertTrue(rows.next());
      ExecutorService other = Executors.newSingleThreadExecutor();
      Future<?> stopped = other.submit(server::close);
      SQLException e = assertThrows(SQLException.class, rows::next);
      assertTrue(List.of("08006", "57014").contains(e.getSQLState()), e.toString());
      stopped.get();
      other.shutdown();
    }
  }

  @Test
  void nobodyThereOrSomebodyElseIsSaidClearly() throws Exception {
    int free;
    try (ServerSocket socket = new ServerSocket(0)) {
      free = socket.getLocalPort();
    }
    assertError(
        "08001",
        "No server answers at 127.0.0.1:" + free + ": connection refused",
        () -> DriverManager.getConnection("jdbc:datanode://127.0.0.1:" + free + "/"));
    assertError(
        "08001",
        "No server answers at nosuch.invalid:8765: the host is not known",
        () -> DriverManager.getConnection("jdbc:datanode://nosuch.invalid/"));
    String both = "127.0.0.1:" + free + ",127.0.0.1:" + server.port();
    DriverManager.getConnection("jdbc:datanode://" + both + "/").close();

    ExecutorService other = Executors.newSingleThreadExecutor();
    try (ServerSocket stranger = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      for (String greeting : new String[] {"SSH-2.0-OpenSSH\r\n", "HTTP/1.1 404 No\r\n\r\n"}) {
        Future<?> greeted =
            other.submit(
                (Callable<Void>)
                    () -> {
                      try (Socket socket = stranger.accept()) {
                        socket
                            .getOutputStream()
                            .write(greeting.getBytes(StandardCharsets.US_ASCII));
                        socket.shutdownOutput();
                        socket.getInputStream().readAllBytes();
                      }
                      return null;
                    });
        String url = "jdbc:datanode://127.0.0.1:" + stranger.getLocalPort() + "/";
        SQLException e = assertThrows(SQLException.class, () -> DriverManager.getConnection(url));
        assertTrue(List.of("08001", "08P01").contains(e.getSQLState()), e.toString());
        assertTrue(e.getMessage().contains("127.0.0.1:"), e.getMessage());
        greeted.get();
      }
    } finally {
      other.shutdownNow();
    }
  }

  @Test
  void aServerThatSaysNothingIsGivenUpAfterTheTimeout() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      String url = "jdbc:datanode://127.0.0.1:" + silent.getLocalPort() + "/?socketTimeout=1";
      assertError(
          "08001",
          "No server answers at 127.0.0.1:" + silent.getLocalPort() + ": no bytes came in time",
          () -> DriverManager.getConnection(url));
    }
  }

  private static void assertError(String state, String message, Executable call) {
    SQLException e = assertThrows(SQLException.class, call);
    assertEquals(message, e.getMessage());
    assertEquals(state, e.getSQLState());
  }
}
