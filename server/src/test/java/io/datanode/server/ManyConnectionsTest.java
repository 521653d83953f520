package io.datanode.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Connections that are opened and left, to a server that takes a thousand. */
@Timeout(60)
class ManyConnectionsTest {
  private static final int MOST = 1_000;

  private final List<Socket> left = new ArrayList<>();
  private TestServer server;

  @BeforeEach
  void start() throws Exception {
    ServerSettings some = ServerSettings.defaults().at("127.0.0.1", 0);
    server =
        TestServer.start(
            new ServerSettings(
                some.host(),
                some.port(),
                some.limits(),
                some.statementThreads(),
                new RequestLimits(some.requests().maxBytes(), some.requests().arrival(), MOST),
                some.drain(),
                some.sessionDefaults(),
                some.access()),
            DuckDbSession::new);
  }

  @AfterEach
  void stop() throws IOException {
    for (Socket socket : left) {
      socket.close();
    }
    server.close();
  }

  private void leave(int count) throws IOException {
    for (int i = 0; i < count; i++) {
      Socket socket = new Socket("127.0.0.1", server.server().port());
      socket.setSoTimeout(20_000);
      left.add(socket);
    }
  }

  @Test
  void othersAreServedBesideThem() throws Exception {
    try (Connection connection = DriverManager.getConnection(server.server().jdbcUrl());
        Statement statement = connection.createStatement();
        ResultSet begun = statement.executeQuery("SELECT range FROM range(3000000)")) {
      assertTrue(begun.next());
      // The server's timer makes room every second; more come than there is room for.
      for (int i = 0; i < 5; i++) {
        leave(MOST / 2);
        try (Connection another = DriverManager.getConnection(server.server().jdbcUrl())) {
          assertTrue(another.isValid(10));
        }
        assertTrue(server.server().connections() <= MOST);
      }
      int rows = 1;
      while (begun.next()) {
        rows++;
      }
      assertEquals(3_000_000, rows);
      assertTrue(connection.isValid(10));
    }
  }

  @Test
  void whoHasWaitedLongestIsHungUpOn() throws Exception {
    leave(MOST / 10);
    awaitConnections(MOST / 10);
    leave(MOST * 8 / 10 - 1);
    awaitConnections(MOST * 9 / 10 - 1);
    leave(1);
    // The server looks every second.
    awaitConnections(MOST * 8 / 10);
    for (Socket first : left.subList(0, MOST / 10)) {
      assertEquals(-1, first.getInputStream().read());
    }
    Socket last = left.get(left.size() - 1);
    last.getOutputStream()
        .write(
            "GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    assertEquals('H', last.getInputStream().read());
  }

  private void awaitConnections(int count) throws InterruptedException {
    while (server.server().connections() != count) {
      Thread.sleep(5);
    }
  }
}
