package io.datanode.server;

import static io.datanode.server.DuckDbSession.BLOCK;
import static io.datanode.server.StockAvaticaClientTest.waitUntilRunning;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datanode.jdbc.session.MetadataCall;
import io.datanode.jdbc.wire.Frame;
import io.datanode.jdbc.wire.FrameReader;
import io.datanode.jdbc.wire.MetadataRequest;
import io.datanode.jdbc.wire.SetRequest;
import io.datanode.jdbc.wire.WireFormat;
import io.datanode.server.session.SessionLimits;
import java.net.Socket;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The binary protocol of our own driver, frame by frame. */
@Timeout(120)
class WireProtocolTest {
  private static final long CREDIT = 8 << 20;

  private TestServer server;

  @BeforeEach
  void start() throws SQLException {
    server = TestServer.start();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private WireClient open() throws Exception {
    return WireClient.open(server.server(), Map.of());
  }

  @Test
  void aResultComesInOneAnswer() throws Exception {
    WireClient client = open();
    FrameReader last =
        client.send(
            WireFormat.EXECUTE,
            WireClient.execute("1", "SELECT range FROM range(100000) ORDER BY 1", CREDIT));
    assertEquals(Frame.END, last.kind());
    assertEquals(100_000, client.numbers.size());
    assertEquals(99_999, client.numbers.get(99_999));
    assertEquals(0, server.server().sessions().runningStatements());
  }

  @Test
  void aSmallResultIsSentAsOneBodyOfKnownLength() throws Exception {
    WireClient client = open();
    byte[] few = WireClient.execute("1", "SELECT range FROM range(10)", CREDIT);
    assertTrue(client.post(WireFormat.EXECUTE, few).headers().map().containsKey("content-length"));
    byte[] many = WireClient.execute("2", "SELECT range FROM range(10000)", CREDIT);
    assertFalse(
        client.post(WireFormat.EXECUTE, many).headers().map().containsKey("content-length"));
  }

  @Test
  void rowsBeyondTheCreditAreFetched() throws Exception {
    WireClient client = open();
    FrameReader last =
        client.send(
            WireFormat.EXECUTE,
            WireClient.execute(
                "1", "SELECT CAST(hash(range) >> 2 AS BIGINT) FROM range(50000)", 10_000));
    int answers = 1;
    while (last.kind() == Frame.MORE) {
      assertEquals(1, server.server().sessions().runningStatements());
      last = client.send(WireFormat.FETCH, WireClient.fetch("1", 10_000));
      answers++;
    }
    assertEquals(Frame.END, last.kind());
    assertEquals(50_000, client.numbers.size());
    assertTrue(answers > 2, answers + " answers");
  }

  @Test
  void anUnknownSessionIsToldApart() throws Exception {
    FrameReader answer =
        new WireClient(server.server()).send(WireFormat.PREPARE, WireFormat.text("SELECT 1"));
    assertEquals(Frame.UNKNOWN_SESSION, answer.kind());
  }

  @Test
  void errorsKeepTheirSqlState() throws Exception {
    FrameReader answer =
        open().send(WireFormat.EXECUTE, WireClient.execute("1", "SELECT * FROM nosuch", CREDIT));
    assertEquals(Frame.ERROR, answer.kind());
    assertEquals("42P01", answer.error().getSQLState());
    assertEquals(0, server.server().sessions().runningStatements());
  }

  @Test
  void aWrongBodyIsAProtocolError() throws Exception {
    FrameReader answer = open().send(WireFormat.EXECUTE, new byte[] {9, 9, 9});
    assertEquals("08P01", answer.error().getSQLState());
  }

  @Test
  void settingsOfTheServerCannotBeSetByAClient() {
    SQLException error =
        assertThrows(
            SQLException.class,
            () -> WireClient.open(server.server(), Map.of("spillDirectory", "/")));
    assertEquals("22023", error.getSQLState());
  }

  @Test
  void theSessionSaysWhatIsInForce() throws Exception {
    WireClient client = open();
    FrameReader set =
        client.send(WireFormat.SET, WireFormat.set(new SetRequest("schema", "research")));
    assertEquals(Frame.INFO, set.kind());
    assertEquals("research", set.info().schema());
    FrameReader wrong =
        client.send(WireFormat.SET, WireFormat.set(new SetRequest("schema", "nosuch")));
    assertEquals("3F000", wrong.error().getSQLState());
    assertEquals(Frame.DONE, client.send(WireFormat.PING, WireFormat.text("5")).kind());
    assertEquals(Frame.DONE, client.send(WireFormat.CLOSE, WireFormat.text("")).kind());
    assertEquals(Frame.UNKNOWN_SESSION, client.send(WireFormat.PING, WireFormat.text("5")).kind());
  }

  @Test
  void cancelStopsTheStatementInDuckDb() throws Exception {
    WireClient client = open();
    List<FrameReader> outcome = new ArrayList<>();
    Thread slow =
        new Thread(
            () -> {
              try {
                outcome.add(
                    client.send(
                        WireFormat.EXECUTE,
                        WireClient.execute("1", StockAvaticaClientTest.SLOW, CREDIT)));
              } catch (Exception e) {
                throw new AssertionError(e);
              }
            });
    slow.start();
    waitUntilRunning(1);
    assertEquals(Frame.DONE, client.send(WireFormat.CANCEL, WireFormat.text("1")).kind());
    slow.join();
    assertEquals("57014", outcome.get(0).error().getSQLState());
    waitUntilRunning(0);
  }

  @Test
  void aClientThatVanishesStopsItsStatement() throws Exception {
    WireClient client = open();
    try (Socket socket =
        client.start(
            WireFormat.EXECUTE,
            WireClient.execute(
                "1", "SELECT CAST(hash(range) >> 2 AS BIGINT) FROM range(1000000000)", CREDIT))) {
      waitUntilRunning(1);
      socket.getInputStream().readNBytes(1_000);
    }
    waitUntilRunning(0);
    while (server.server().sessions().runningStatements() > 0) {
      Thread.sleep(5);
    }
  }

  @Test
  void aClientThatVanishesBeforeTheFirstRowStopsItsStatement() throws Exception {
    WireClient client = open();
    Socket socket = client.start(WireFormat.EXECUTE, WireClient.execute("1", BLOCK, CREDIT));
    waitUntilRunning(1);
    socket.close();
    waitUntilRunning(0);
  }

  @Test
  void aReaderThatPausesHoldsNoThread() throws Exception {
    WireClient client = open();
    List<Socket> paused = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      paused.add(
          client.start(
              WireFormat.EXECUTE,
              WireClient.execute(
                  "p" + i,
                  "SELECT CAST(hash(range) >> 2 AS BIGINT) FROM range(1000000000)",
                  CREDIT)));
    }
    waitUntilRunning(5);
    waitUntilThreadsAreFree();
    assertEquals(5, server.server().sessions().runningStatements());
    server.passAtRest(Duration.ofMinutes(31));
    assertEquals(0, server.server().sessions().runningStatements());
    for (Socket socket : paused) {
      socket.close();
    }
  }

  private void waitUntilThreadsAreFree() throws InterruptedException {
    while (server.server().busyStatementThreads() > 0) {
      Thread.sleep(5);
    }
  }

  @Test
  void aFetchAfterTheStatementExpiredSaysThatRowsAreLost() throws Exception {
    WireClient client = open();
    FrameReader more =
        client.send(
            WireFormat.EXECUTE,
            WireClient.execute(
                "1", "SELECT CAST(hash(range) >> 2 AS BIGINT) FROM range(100000)", 1));
    assertEquals(Frame.MORE, more.kind());
    waitUntilThreadsAreFree();
    server.passAtRest(Duration.ofMinutes(31));
    FrameReader lost = client.send(WireFormat.FETCH, WireClient.fetch("1", 1));
    assertEquals("08006", lost.error().getSQLState());
  }

  @Test
  void aRepeatedExecuteGivesUpTheEarlierOne() throws Exception {
    WireClient client = open();
    Socket lost = client.start(WireFormat.EXECUTE, WireClient.execute("1", BLOCK, CREDIT));
    waitUntilRunning(1);
    FrameReader last =
        client.send(
            WireFormat.EXECUTE, WireClient.execute("1", "SELECT range FROM range(3)", CREDIT));
    assertEquals(Frame.END, last.kind());
    assertEquals(List.of(0L, 1L, 2L), client.numbers);
    waitUntilRunning(0);
    lost.close();
  }

  @Test
  void metadataAndPingDoNotWaitBehindSlowStatements() throws Exception {
    WireClient client = open();
    List<Socket> slow = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      WireClient own = open();
      slow.add(own.start(WireFormat.EXECUTE, WireClient.execute("1", BLOCK, CREDIT)));
    }
    waitUntilRunning(200);
    FrameReader tables =
        client.send(
            WireFormat.METADATA,
            WireFormat.metadata(
                new MetadataRequest(
                    "m", new MetadataCall(MetadataCall.Method.CATALOGS, List.of()), CREDIT)));
    assertEquals(Frame.END, tables.kind());
    assertEquals(Frame.DONE, client.send(WireFormat.PING, WireFormat.text("1")).kind());
    assertEquals(200, server.http("GET", "/health", "").statusCode());
    for (Socket socket : slow) {
      socket.close();
    }
  }

  @Test
  void aUserCannotRunMoreStatementsThanAllowed() throws Exception {
    SessionLimits few = new SessionLimits(Duration.ofHours(1), Duration.ofHours(1), 3, 10, 1);
    try (TestServer small = TestServer.start(few)) {
      WireClient client = WireClient.open(small.server(), Map.of());
      String sql = "SELECT CAST(hash(range) >> 2 AS BIGINT) FROM range(100000)";
      assertEquals(
          Frame.MORE, client.send(WireFormat.EXECUTE, WireClient.execute("1", sql, 1)).kind());
      FrameReader refused = client.send(WireFormat.EXECUTE, WireClient.execute("2", sql, 1));
      assertEquals("53400", refused.error().getSQLState());
      client.send(WireFormat.CLOSE_STATEMENT, WireFormat.text("1"));
      assertEquals(
          Frame.MORE, client.send(WireFormat.EXECUTE, WireClient.execute("3", sql, 1)).kind());
      WireClient.open(small.server(), Map.of());
      WireClient.open(small.server(), Map.of());
      SQLException tooMany =
          assertThrows(SQLException.class, () -> WireClient.open(small.server(), Map.of()));
      assertEquals("53300", tooMany.getSQLState());
    }
  }
}
