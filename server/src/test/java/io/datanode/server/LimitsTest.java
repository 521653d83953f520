package io.datanode.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datanode.engine.Engine;
import io.datanode.jdbc.wire.Frame;
import io.datanode.jdbc.wire.FrameReader;
import io.datanode.jdbc.wire.WireFormat;
import io.datanode.server.session.Holdings;
import io.datanode.server.session.SessionLimits;
import io.datanode.server.session.StatementLimits;
import io.datanode.server.session.UserLimits;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What one user may take, and what is said beyond it. */
class LimitsTest {
  private static final String SLOW =
      "SELECT COUNT(*) FROM range(10000000) a(i), range(10000) b(j) WHERE a.i + b.j = -1";

  private static SessionLimits limits(long rows, Duration time, int requestsPerSecond) {
    SessionLimits some = SessionLimits.defaults();
    return some.with(new StatementLimits(rows, time, 0))
        .with(
            new UserLimits(
                some.user().sessions(),
                some.user().runningStatements(),
                some.user().memory(),
                requestsPerSecond));
  }

  private static Connection connect(TestServer server) throws SQLException {
    return DriverManager.getConnection(server.server().jdbcUrl());
  }

  private static HttpResponse<String> query(TestServer server, String sql) throws Exception {
    return server.http(
        "POST", "/v1/query", "{\"sql\": \"" + sql + "\"}", "Content-Type", "application/json");
  }

  private static int count(ResultSet rows) throws SQLException {
    int count = 0;
    while (rows.next()) {
      count++;
    }
    return count;
  }

  @Test
  void aStatementGivesNoMoreRowsThanAllowed() throws Exception {
    try (TestServer server = TestServer.start(limits(10_000, Duration.ZERO, 0));
        Connection connection = connect(server);
        Statement statement = connection.createStatement()) {
      assertEquals(10_000, count(statement.executeQuery("SELECT i FROM range(10000) numbers(i)")));
      SQLException error =
          assertThrows(
              SQLException.class,
              () -> count(statement.executeQuery("SELECT i FROM range(10001) numbers(i)")));
      assertEquals("53400", error.getSQLState());
      assertTrue(
          error.getMessage().startsWith("The result has more rows than the 10000"),
          error.getMessage());
      assertEquals(1, count(statement.executeQuery("SELECT 1")));
    }
  }

  @Test
  void plainHttpHasTheSameLimit() throws Exception {
    try (TestServer server = TestServer.start(limits(10, Duration.ZERO, 0))) {
      assertEquals(200, query(server, "SELECT i FROM range(10) numbers(i)").statusCode());
      HttpResponse<String> refused = query(server, "SELECT i FROM range(11) numbers(i)");
      assertEquals(429, refused.statusCode());
      assertTrue(refused.body().contains("53400"), refused.body());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"json", "protobuf"})
  void stockAvaticaClientsHaveTheSameLimit(String serialization) throws Exception {
    try (TestServer server = TestServer.start(limits(1_000, Duration.ZERO, 0));
        Connection connection = server.avatica(serialization);
        Statement statement = connection.createStatement()) {
      SQLException error =
          assertThrows(
              SQLException.class,
              () -> count(statement.executeQuery("SELECT i FROM range(5000) numbers(i)")));
      assertTrue(String.valueOf(error.getMessage()).contains("1000"), error::getMessage);
    }
  }

  @Test
  void aStatementWorksNoLongerThanAllowed() throws Exception {
    try (TestServer server = TestServer.start(limits(0, Duration.ofMillis(300), 0));
        Connection connection = connect(server);
        Statement statement = connection.createStatement()) {
      SQLException error =
          assertThrows(SQLException.class, () -> count(statement.executeQuery(SLOW)));
      assertEquals("57014", error.getSQLState());
      assertEquals(
          "The statement took longer than the 0.3 s this server allows; add a condition",
          error.getMessage());
      assertEquals(504, query(server, SLOW).statusCode());
      assertEquals(1, count(statement.executeQuery("SELECT 1")));
    }
  }

  @Test
  void aClientThatReadsSlowlyIsNotHeldToThat() throws Exception {
    try (TestServer server = TestServer.start(limits(0, Duration.ofSeconds(2), 0));
        Connection connection = connect(server);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT i FROM range(3000000) numbers(i)")) {
      assertTrue(rows.next());
      Thread.sleep(2_500);
      assertEquals(2_999_999, count(rows));
    }
  }

  @Test
  void aUserWhoSendsTooManyRequestsIsToldSo() throws Exception {
    ServerSettings settings =
        ServerSettings.defaults()
            .at("127.0.0.1", 0)
            .with(limits(0, Duration.ZERO, 1))
            .with(Users.access("alice", "bob"));
    try (TestServer server = TestServer.start(settings, DuckDbSession::new)) {
      for (int i = 0; i < 10; i++) {
        assertEquals(200, metrics(server, "alice").statusCode());
      }
      HttpResponse<String> refused = metrics(server, "alice");
      assertEquals(429, refused.statusCode());
      assertEquals("1", refused.headers().firstValue("Retry-After").orElse(""));
      assertTrue(refused.body().contains("53300"), refused.body());
      SQLException ours =
          assertThrows(
              SQLException.class,
              () ->
                  DriverManager.getConnection(
                      server.server().jdbcUrl(), "alice", "secret-of-alice"));
      assertEquals("53300", ours.getSQLState(), ours::getMessage);
      assertEquals(200, metrics(server, "bob").statusCode());
      server.pass(Duration.ofSeconds(1));
      assertEquals(200, metrics(server, "alice").statusCode());
      assertEquals(200, server.http("GET", "/health", "").statusCode());
    }
  }

  private static SessionLimits limits(UserLimits user) {
    return SessionLimits.defaults().with(user);
  }

  @Test
  void aUserHasNoMoreConnectionsThanAllowed() throws Exception {
    ServerSettings settings =
        ServerSettings.defaults()
            .at("127.0.0.1", 0)
            .with(limits(new UserLimits(50, 100, 0, 0)))
            .with(Users.access("alice", "bob"));
    try (TestServer server = TestServer.start(settings, DuckDbSession::new)) {
      // Opened and abandoned, over and over, as by a program that never closes anything.
      WireClient alice = WireClient.open(server.server(), Map.of(), "alice");
      for (int i = 1; i < 10_000; i++) {
        FrameReader answer = alice.send(WireFormat.OPEN, WireFormat.settings(Map.of()));
        if (i < 50) {
          assertEquals(Frame.OPENED, answer.kind());
        } else {
          assertEquals("53300", answer.error().getSQLState());
        }
      }
      assertEquals(50, server.server().sessions().size());
      WireClient.open(server.server(), Map.of(), "bob");
      server.passAtRest(SessionLimits.defaults().sessionIdle().plusSeconds(1));
      assertEquals(0, server.server().sessions().size());
      WireClient.open(server.server(), Map.of(), "alice");
    }
  }

  @Test
  void answersThatNobodyReadsTakeNoMoreMemoryThanAllowed() throws Exception {
    ServerSettings settings =
        ServerSettings.defaults()
            .at("127.0.0.1", 0)
            .with(limits(new UserLimits(100, 100, 1 << 20, 0)))
            .with(Users.access("alice", "bob"));
    try (TestServer server = TestServer.start(settings, DuckDbSession::new)) {
      WireClient alice = WireClient.open(server.server(), Map.of(), "alice");
      String endless = "SELECT CAST(hash(range) >> 2 AS BIGINT) FROM range(1000000000)";
      Holdings holdings = server.server().sessions().holdings();
      try (Socket unread =
          alice.start(WireFormat.EXECUTE, WireClient.execute("1", endless, 32 << 20))) {
        // What stops it is the limit: the credit would be much more.
        while (server.server().sessions().runningStatements() > 0 || holdings.bytes() <= 1 << 20) {
          Thread.sleep(5);
        }
        SQLException refused =
            assertThrows(SQLException.class, () -> query(server, "alice", "SELECT 1"));
        assertEquals("53200", refused.getSQLState(), refused::getMessage);
        assertTrue(refused.getMessage().contains("--max-user-memory"), refused::getMessage);
        query(server, "bob", "SELECT 1");
        assertEquals(1, unread.getInputStream().readNBytes(1).length);
      }
      while (holdings.bytes() > 0) {
        Thread.sleep(5);
      }
      query(server, "alice", "SELECT 1");
    }
  }

  private static void query(TestServer server, String user, String sql) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection(server.server().jdbcUrl(), user, "secret-of-" + user);
        Statement statement = connection.createStatement()) {
      assertEquals(1, count(statement.executeQuery(sql)));
    }
  }

  @Test
  void requestsOfAUserTakeNoMoreMemoryThanAllowed() throws Exception {
    ServerSettings settings =
        ServerSettings.defaults()
            .at("127.0.0.1", 0)
            .with(limits(new UserLimits(100, 100, 1_000, 0)));
    try (TestServer server = TestServer.start(settings, DuckDbSession::new)) {
      HttpResponse<String> refused = query(server, "SELECT " + " ".repeat(2_000) + "1");
      assertEquals(429, refused.statusCode());
      assertTrue(refused.body().contains("53200"), refused.body());
      assertEquals(200, query(server, "SELECT 1").statusCode());
      RestRequests.awaitRest(server);
      assertEquals(0, server.server().sessions().holdings().bytes());
    }
  }

  @Test
  void aClientCannotShipMoreRowsThanTheServerAllows(@TempDir Path folder) throws Exception {
    ServerSettings settings =
        ServerSettings.defaults()
            .at("127.0.0.1", 0)
            .with(SessionLimits.defaults().with(new StatementLimits(0, Duration.ZERO, 1_000)));
    try (Engine engine = SmallMarket.open(folder);
        TestServer server = TestServer.start(settings, engine);
        Connection connection = connect(server);
        Statement statement = connection.createStatement()) {
      statement.execute("SET max_shipped_rows = 1000");
      for (String rows : new String[] {"1001", "0"}) {
        String expected =
            "Setting 'maxShippedRows' is '"
                + rows
                + "'; this server allows a connection 1 to 1000 rows";
        SQLException set =
            assertThrows(
                SQLException.class, () -> statement.execute("SET max_shipped_rows = " + rows));
        assertEquals("22023", set.getSQLState(), set::getMessage);
        assertTrue(set.getMessage().contains(expected), set::getMessage);
        SQLException url =
            assertThrows(
                SQLException.class,
                () ->
                    DriverManager.getConnection(
                        server.server().jdbcUrl() + "/?maxShippedRows=" + rows));
        assertTrue(url.getMessage().contains(expected), url::getMessage);
        HttpResponse<String> plain =
            server.http(
                "POST",
                "/v1/query",
                "{\"sql\": \"SELECT 1\", \"settings\": {\"maxShippedRows\": \"" + rows + "\"}}");
        assertEquals(400, plain.statusCode());
        assertTrue(plain.body().contains(expected), plain.body());
        // Avatica throws what is no SQLException from getConnection.
        Exception avatica =
            assertThrows(
                Exception.class,
                () -> {
                  try (Connection stock = server.avatica("json", "maxShippedRows", rows);
                      Statement one = stock.createStatement()) {
                    one.executeQuery("SELECT 1");
                  }
                });
        assertTrue(avatica.getMessage().contains(expected), avatica::getMessage);
      }
    }
  }

  private static HttpResponse<String> metrics(TestServer server, String user) throws Exception {
    return server.http("GET", "/metrics", "", "Authorization", Users.authorization(user));
  }

  @Test
  void metricsCountWhatTheServerDoes() throws Exception {
    try (TestServer server = TestServer.start();
        Connection connection = connect(server);
        Statement statement = connection.createStatement()) {
      assertEquals(5_000, count(statement.executeQuery("SELECT i FROM range(5000) numbers(i)")));
      assertThrows(SQLException.class, () -> statement.executeQuery("SELECT nothing"));
      server.http("GET", "/v1/no/such/path", "");
      RestRequests.awaitRest(server);
      String text = server.http("GET", "/metrics", "").body();
      for (String line :
          new String[] {
            "datanode_rows_total 5000.0",
            "datanode_sessions 1.0",
            "datanode_statements_running 0.0",
            "datanode_statements_seconds_count{outcome=\"ok\"} 1",
            "datanode_statements_seconds_count{outcome=\"error\"} 1",
            "datanode_http_requests_seconds_count{endpoint=\"POST /jdbc/v1/*\",status=\"200\"} 3",
            "datanode_http_requests_seconds_count{endpoint=\"none\",status=\"404\"} 1",
            "datanode_threads_max{pool=\"statement\"} 512.0",
          }) {
        assertTrue(text.contains(line + "\n"), () -> line + " in\n" + text);
      }
      assertTrue(text.contains("datanode_statements_seconds_bucket{outcome=\"ok\",le="), text);
      assertTrue(text.contains("jvm_memory_used_bytes{area=\"heap\""), text);
      assertTrue(
          text.contains("datanode_http_response_bytes_total{endpoint=\"POST /jdbc/v1/*\"}"), text);
    }
  }
}
