package io.datanode.server;

import static io.datanode.server.JdbcContract.assertState;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datanode.jdbc.wire.WireFormat;
import io.datanode.server.session.SessionLimits;
import io.datanode.server.session.UserLimits;
import java.net.Socket;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Sessions that are open when their client ends without a word. */
@Timeout(60)
class AbandonedSessionsTest {
  private static final int MOST = 5;

  /** Opens sessions as a process does that dies when its sockets are closed. */
  private static List<Socket> open(TestServer server, WireClient client, int count)
      throws Exception {
    List<Socket> sockets = new ArrayList<>();
    int before = server.server().sessions().size();
    for (int i = 0; i < count; i++) {
      Socket socket = client.start(WireFormat.OPEN, WireFormat.settings(Map.of()));
      assertEquals('H', socket.getInputStream().read());
      sockets.add(socket);
    }
    assertEquals(before + count, server.server().sessions().size());
    return sockets;
  }

  private static Connection connect(TestServer server) throws SQLException {
    return DriverManager.getConnection(server.server().jdbcUrl());
  }

  private static void makeRoom(SessionLimits limits) throws Exception {
    try (TestServer server = TestServer.start(limits);
        Connection idle = connect(server)) {
      WireClient client = WireClient.open(server.server(), Map.of());
      for (int round = 0; round < 2; round++) {
        List<Socket> sockets = open(server, client, MOST - server.server().sessions().size());
        assertState("53300", () -> connect(server));
        for (Socket socket : sockets) {
          socket.close();
        }
        List<Connection> others = new ArrayList<>();
        // That a client is gone is certain only a while after its last connection ended.
        while (others.size() < sockets.size()) {
          try {
            others.add(connect(server));
          } catch (SQLException e) {
            assertEquals("53300", e.getSQLState());
            Thread.sleep(20);
          }
        }
        assertEquals(MOST, server.server().sessions().size());
        assertState("53300", () -> connect(server));
        for (Connection other : others) {
          assertTrue(other.isValid(10));
          other.close();
        }
      }
      assertTrue(idle.isValid(10));
    }
  }

  @Test
  void makeRoomForOthersOfTheirUser() throws Exception {
    SessionLimits limits = SessionLimits.defaults();
    makeRoom(limits.with(new UserLimits(MOST, 250, 0, 0)));
  }

  @Test
  void makeRoomForAllOnTheServer() throws Exception {
    SessionLimits limits = SessionLimits.defaults();
    makeRoom(new SessionLimits(limits.sessionIdle(), limits.statementIdle(), MOST, 100, 250));
  }
}
