package io.datanode.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datanode.server.session.SessionLimits;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What one user may take, and what is said beyond it. */
class LimitsTest {
  private static final String SLOW =
      "SELECT COUNT(*) FROM range(10000000) a(i), range(10000) b(j) WHERE a.i + b.j = -1";

  private static SessionLimits limits(long rows, Duration time, int requestsPerSecond) {
    SessionLimits some = SessionLimits.defaults();
    return new SessionLimits(
        some.sessionIdle(),
        some.statementIdle(),
        some.sessions(),
        some.statementsPerSession(),
        some.runningPerUser(),
        rows,
        time,
        requestsPerSecond);
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
