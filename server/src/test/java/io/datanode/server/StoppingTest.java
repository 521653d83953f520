package io.datanode.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A server that is told to stop: what runs ends, what is new is refused, and it says so. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class StoppingTest {
  /** Several answers of the server long. */
  private static final int ROWS = 3_000_000;

  private static final String MANY = "SELECT i FROM range(" + ROWS + ") t(i)";

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private DataNodeServer server;
  private Connection connection;

  @BeforeEach
  void start() throws SQLException {
    server = start(Duration.ofMinutes(5));
    connection = DriverManager.getConnection(server.jdbcUrl());
  }

  private static DataNodeServer start(Duration drain) throws SQLException {
    ServerSettings some = ServerSettings.defaults().at("127.0.0.1", 0);
    return DataNodeServer.start(
        new ServerSettings(
            some.host(),
            some.port(),
            some.limits(),
            some.statementThreads(),
            some.requests().maxBytes(),
            drain),
        DuckDbSession::new,
        () -> true,
        InstantSource.system());
  }

  @AfterEach
  void stop() throws SQLException {
    connection.close();
    server.close();
    threads.shutdownNow();
  }

  private HttpResponse<String> ready() throws Exception {
    return TestServer.http(server, "GET", "/ready", "");
  }

  private void awaitStopping() throws Exception {
    while (ready().statusCode() == 200) {
      Thread.sleep(5);
    }
  }

  private static int count(ResultSet rows) throws SQLException {
    int count = 0;
    while (rows.next()) {
      count++;
    }
    return count;
  }

  @Test
  void whatRunsIsReadToItsEndAndWhatIsNewIsRefused() throws Exception {
    String url = server.jdbcUrl();
    try (Statement statement = connection.createStatement()) {
      ResultSet rows = statement.executeQuery(MANY);
      assertTrue(rows.next());
      assertEquals(200, ready().statusCode());
      Future<?> stopped = threads.submit(server::close);
      awaitStopping();

      assertEquals(503, ready().statusCode());
      assertTrue(ready().body().contains("The server is shutting down"), ready().body());
      assertTrue(ready().body().contains("57P03"), ready().body());
      assertEquals(200, TestServer.http(server, "GET", "/health", "").statusCode());
      refused(() -> DriverManager.getConnection(server.jdbcUrl()));
      try (Statement another = connection.createStatement()) {
        refused(() -> another.executeQuery("SELECT 1"));
      }
      HttpResponse<String> query =
          TestServer.http(server, "POST", "/v1/query", "{\"sql\": \"SELECT 1\"}");
      assertEquals(503, query.statusCode());
      assertTrue(query.body().contains("57P03"), query.body());

      assertFalse(stopped.isDone());
      assertEquals(ROWS - 1, count(rows));
      stopped.get();
    }
    SQLException gone = assertThrows(SQLException.class, () -> DriverManager.getConnection(url));
    assertEquals("08001", gone.getSQLState(), gone::getMessage);
  }

  private static void refused(org.junit.jupiter.api.function.Executable call) {
    SQLException refused = assertThrows(SQLException.class, call);
    assertEquals("57P03", refused.getSQLState(), refused::getMessage);
    assertTrue(refused.getMessage().contains("shutting down"), refused::getMessage);
  }

  @Test
  void aStockAvaticaClientIsRefusedToo() throws Exception {
    try (Statement statement = connection.createStatement()) {
      ResultSet rows = statement.executeQuery(MANY);
      assertTrue(rows.next());
      Future<?> stopped = threads.submit(server::close);
      awaitStopping();
      HttpResponse<String> answer =
          TestServer.http(
              server,
              "POST",
              "/",
              "{\"request\": \"openConnection\", \"connectionId\": \"c\", \"info\": {}}");
      // 500 as Avatica has it; it repeats a 503 for ever.
      assertEquals(500, answer.statusCode());
      assertTrue(answer.body().contains("57P03"), answer.body());
      assertEquals(ROWS - 1, count(rows));
      stopped.get();
    }
  }

  @Test
  void whoHasSeveralServersGoesToAnother() throws Exception {
    try (DataNodeServer other = start(Duration.ZERO);
        Statement statement = connection.createStatement()) {
      ResultSet rows = statement.executeQuery(MANY);
      assertTrue(rows.next());
      Future<?> stopped = threads.submit(server::close);
      awaitStopping();
      String both =
          "jdbc:datanode://127.0.0.1:" + server.port() + ",127.0.0.1:" + other.port() + "/";
      try (Connection moved = DriverManager.getConnection(both)) {
        assertEquals(1, other.sessions().size());
        assertTrue(moved.isValid(10));
      }
      rows.close();
      stopped.get();
    }
  }

  @Test
  void anOpenConnectionMovesToAnotherAndReadsOnWhatItBegan() throws Exception {
    try (DataNodeServer other = start(Duration.ZERO)) {
      String both =
          "jdbc:datanode://127.0.0.1:" + server.port() + ",127.0.0.1:" + other.port() + "/";
      try (Connection moving = DriverManager.getConnection(both);
          Statement statement = moving.createStatement();
          Statement beside = moving.createStatement()) {
        ResultSet rows = statement.executeQuery(MANY);
        assertTrue(rows.next());
        assertEquals(0, other.sessions().size());
        Future<?> stopped = threads.submit(server::close);
        awaitStopping();
        try (ResultSet one = beside.executeQuery("SELECT 1")) {
          assertTrue(one.next());
        }
        assertEquals(1, other.sessions().size());
        assertTrue(moving.isValid(10));
        assertTrue(moving.getMetaData().getTables(null, null, "%", null).next());
        assertEquals(ROWS - 1, count(rows));
        stopped.get();
      }
    }
  }

  /** The grace is over at some time: a client that reads no more does not keep the server up. */
  @Test
  void whoDoesNotReadOnIsBrokenOff() throws Exception {
    try (DataNodeServer hasty = start(Duration.ofMillis(50));
        Connection slow = DriverManager.getConnection(hasty.jdbcUrl());
        Statement statement = slow.createStatement()) {
      ResultSet rows = statement.executeQuery("SELECT i FROM range(100000000000) t(i)");
      assertTrue(rows.next());
      hasty.close();
      assertEquals(0, hasty.sessions().size());
      SQLException broken = assertThrows(SQLException.class, () -> count(rows));
      assertEquals("08006", broken.getSQLState(), broken::getMessage);
    }
  }
}
