package io.datanode.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datanode.DataNodeException;
import io.datanode.jdbc.SqlState;
import java.net.http.HttpResponse;
import java.sql.SQLException;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

/** The server as plain HTTP: health, errors, limits, and who may reach it. */
class HttpTest {
  @Test
  void healthSaysThatTheProcessIsUp() throws Exception {
    try (TestServer server = TestServer.start()) {
      HttpResponse<String> health = server.http("GET", "/health", "");
      assertEquals(200, health.statusCode());
      assertEquals("{\"status\":\"ok\"}\n", health.body());
    }
  }

  @Test
  void readySaysWhyTheCatalogCannotBeRead() throws Exception {
    try (DataNodeServer server =
        DataNodeServer.start(
            ServerSettings.defaults().at("127.0.0.1", 0),
            DuckDbSession::new,
            () -> {
              throw new DataNodeException(SqlState.FILE_ERROR, "There is no file 'catalog.yaml'");
            },
            InstantSource.system())) {
      HttpResponse<String> ready = TestServer.http(server, "GET", "/ready", "");
      assertEquals(503, ready.statusCode());
      assertTrue(ready.body().contains("There is no file 'catalog.yaml'"), ready.body());
      assertEquals(200, TestServer.http(server, "GET", "/health", "").statusCode());
    }
  }

  @Test
  void anUnknownPathNamesThoseThereAre() throws Exception {
    try (TestServer server = TestServer.start()) {
      HttpResponse<String> answer = server.http("GET", "/v2/nodes", "");
      assertEquals(404, answer.statusCode());
      assertTrue(answer.body().contains("There is nothing at GET /v2/nodes"), answer.body());
      assertTrue(answer.body().contains("\"GET /health\""), answer.body());
    }
  }

  @Test
  void aRequestThatIsTooLargeIsRefused() throws Exception {
    ServerSettings small =
        new ServerSettings(
            "127.0.0.1",
            0,
            ServerSettings.defaults().limits(),
            16,
            1_000,
            ServerSettings.defaults().drain());
    try (TestServer server = TestServer.start(small, DuckDbSession::new)) {
      HttpResponse<String> answer = server.http("POST", "/", "x".repeat(1_001));
      assertEquals(413, answer.statusCode());
      assertTrue(answer.body().contains("larger than the 1000 bytes"), answer.body());
    }
  }

  @Test
  void whatIsNoMessageIsAnErrorWithoutStackTrace() throws Exception {
    try (TestServer server = TestServer.start()) {
      HttpResponse<String> answer = server.http("POST", "/", "{nonsense");
      assertEquals(500, answer.statusCode());
      assertTrue(answer.body().contains("08P01"), answer.body());
      assertFalse(answer.body().contains("\\tat "), answer.body());
    }
  }

  /** A page of another site can make a browser on this machine send requests to it. */
  @Test
  void pagesOfOtherSitesAreRefused() throws Exception {
    try (TestServer server = TestServer.start()) {
      assertEquals(
          403, server.http("GET", "/health", "", "Origin", "http://evil.example").statusCode());
      assertEquals(
          200, server.http("GET", "/health", "", "Origin", server.server().httpUrl()).statusCode());
    }
  }

  @Test
  void aPortInUseIsOneClearSentence() throws Exception {
    try (TestServer server = TestServer.start()) {
      int port = server.server().port();
      SQLException error =
          assertThrows(
              SQLException.class,
              () ->
                  TestServer.start(
                      ServerSettings.defaults().at("127.0.0.1", port), DuckDbSession::new));
      assertEquals(
          "Cannot listen on 127.0.0.1:"
              + port
              + ": the port is in use; give another with --port, or --port 0 for any that is free",
          error.getMessage());
    }
  }

  @Test
  void anAddressThatOthersCanReachIsRefused() {
    SQLException error =
        assertThrows(
            SQLException.class,
            () -> TestServer.start(ServerSettings.defaults().at("0.0.0.0", 0), DuckDbSession::new));
    assertEquals("F0000", error.getSQLState());
    assertTrue(
        error.getMessage().contains("'0.0.0.0' can be reached from other machines"),
        error.getMessage());
  }
}
