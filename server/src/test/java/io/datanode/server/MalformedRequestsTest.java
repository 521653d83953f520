package io.datanode.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.datanode.engine.Engine;
import io.datanode.jdbc.session.MetadataCall;
import io.datanode.jdbc.wire.FrameReader;
import io.datanode.jdbc.wire.MetadataRequest;
import io.datanode.jdbc.wire.SetRequest;
import io.datanode.jdbc.wire.WireFormat;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.calcite.avatica.remote.ProtobufTranslationImpl;
import org.apache.calcite.avatica.remote.Service;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Requests to every endpoint that are changed at random: bytes replaced, removed, repeated, cut
 * off. Each must be answered, without a word of the inside of the server, and leave nothing behind.
 * Runs for {@code -Dmalformed.seconds}, five by default; a failure names the seed of its request.
 */
class MalformedRequestsTest {
  private static final int SECONDS = Integer.getInteger("malformed.seconds", 5);
  private static final long FIRST_SEED = Long.getLong("malformed.seed", 20_260_105L);

  /** What every answer but those of a long statement comes within. */
  private static final int PATIENCE_MILLIS = 60_000;

  @TempDir Path folder;
  private Engine engine;
  private TestServer server;
  private final List<Sample> samples = new ArrayList<>();

  /** A request that is right. */
  private record Sample(String method, String path, String headers, byte[] body) {
    byte[] bytes() {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      out.writeBytes(
          (method
                  + " "
                  + path
                  + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
                  + headers
                  + "Content-Length: "
                  + body.length
                  + "\r\n\r\n")
              .getBytes(StandardCharsets.ISO_8859_1));
      out.writeBytes(body);
      return out.toByteArray();
    }
  }

  @BeforeEach
  void start() throws Exception {
    engine = SmallMarket.open(folder);
    server = TestServer.start(engine);
    json(
        "/v1/query",
        "{\"sql\": \"SELECT * FROM daily_prices WHERE close > ?\","
            + " \"parameters\": [101.5], \"max_rows\": 5, \"settings\": {\"timeZone\": \"UTC\"}}");
    json(
        "/v1/search",
        "{\"node_identifier\": \"daily_prices\", \"limit\": 3, \"offset\": 0,"
            + " \"filters\": [{\"field\": \"close\", \"op\": \"gt\", \"value\": 101}]}");
    json(
        "/v1/nodes/daily_prices/between-dates",
        "{\"start_date\": \"2026-01-03\", \"end_date\": \"2026-01-05\"}");
    json("/v1/nodes/daily_prices/last-observation", "{}");
    json("/", "{\"request\": \"openConnection\", \"connectionId\": \"c\", \"info\": {}}");
    json(
        "/",
        "{\"request\": \"prepareAndExecute\", \"connectionId\": \"c\", \"statementId\": 1,"
            + " \"sql\": \"SELECT 1\", \"maxRowsInFirstFrame\": 10, \"maxRowCount\": -1}");
    json("/", "{\"request\": \"getTables\", \"connectionId\": \"c\", \"schemaPattern\": \"%\"}");
    protobuf(new Service.OpenConnectionRequest("p", java.util.Map.of("schema", "nodes")));
    protobuf(new Service.PrepareRequest("p", "SELECT * FROM daily_prices", -1));
    protobuf(new Service.FetchRequest("p", 1, 0, 100));
    for (String path :
        List.of(
            "/v1/nodes",
            "/v1/nodes/daily_prices?x=1",
            "/openapi.json",
            "/health",
            "/ready",
            "/metrics")) {
      samples.add(new Sample("GET", path, "Accept: application/json\r\n", new byte[0]));
    }
    String session = Sessions.idOf(server);
    ours(session, WireFormat.OPEN, WireFormat.settings(java.util.Map.of("schema", "nodes")));
    ours(session, WireFormat.EXECUTE, WireClient.execute("s", "SELECT 1 AS one", 1_000));
    ours(session, WireFormat.FETCH, WireClient.fetch("s", 1_000));
    ours(session, WireFormat.PREPARE, WireFormat.text("SELECT * FROM daily_prices"));
    ours(session, WireFormat.SET, WireFormat.set(new SetRequest("schema", "nodes")));
    ours(session, WireFormat.PING, WireFormat.text("1"));
    ours(session, WireFormat.CANCEL, WireFormat.text("s"));
    ours(session, WireFormat.CLOSE_STATEMENT, WireFormat.text("s"));
    ours(
        session,
        WireFormat.METADATA,
        WireFormat.metadata(
            new MetadataRequest(
                "m", new MetadataCall(MetadataCall.Method.SCHEMAS, List.of("", "%")), 1_000)));
  }

  /** Opens a session of our own protocol. */
  private static final class Sessions {
    static String idOf(TestServer server) throws Exception {
      byte[] opened =
          new WireClient(server.server())
              .post(WireFormat.OPEN, WireFormat.settings(java.util.Map.of()))
              .body();
      FrameReader frame = new FrameReader();
      frame.read(new ByteArrayInputStream(opened));
      return frame.opened().sessionId();
    }
  }

  @AfterEach
  void stop() {
    server.close();
    engine.close();
  }

  private void json(String path, String body) {
    samples.add(
        new Sample(
            "POST",
            path,
            "Content-Type: application/json\r\n",
            body.getBytes(StandardCharsets.UTF_8)));
  }

  private void protobuf(Service.Request request) throws IOException {
    samples.add(
        new Sample(
            "POST",
            "/",
            "Content-Type: application/x-google-protobuf\r\n",
            new ProtobufTranslationImpl().serializeRequest(request)));
  }

  private void ours(String session, String path, byte[] body) {
    samples.add(
        new Sample(
            "POST",
            path,
            "Content-Type: "
                + WireFormat.MEDIA_TYPE
                + "\r\n"
                + WireFormat.SESSION_HEADER
                + ": "
                + session
                + "\r\n",
            body));
  }

  @Test
  void whatIsMalformedIsAnsweredAndLeavesNothing() throws Exception {
    for (Sample sample : samples) {
      check(answer(sample.bytes(), false), sample.path(), 0);
    }
    long end = System.nanoTime() + Duration.ofSeconds(SECONDS).toNanos();
    int count = 0;
    for (long seed = FIRST_SEED; System.nanoTime() < end; seed++) {
      Random random = new Random(seed);
      Sample sample = samples.get(random.nextInt(samples.size()));
      boolean body = random.nextInt(4) > 0 && sample.body().length > 0;
      byte[] sent =
          body
              ? new Sample(
                      sample.method(),
                      sample.path(),
                      sample.headers(),
                      changed(sample.body(), random))
                  .bytes()
              : changed(sample.bytes(), random);
      check(answer(sent, !body), sample.path(), seed);
      count++;
    }
    assertTrue(count > 0, "no request was sent");
    RestRequests.awaitRest(server);
    server.pass(Duration.ofDays(1));
    assertEquals(0, server.server().sessions().size());
    assertEquals(0, server.server().sessions().runningStatements());
    assertEquals(0, engine.openSessions());
    assertEquals(200, server.http("GET", "/ready", "").statusCode());
  }

  private static byte[] changed(byte[] bytes, Random random) {
    byte[] result = bytes.clone();
    for (int times = 1 + random.nextInt(3); times > 0 && result.length > 0; times--) {
      int at = random.nextInt(result.length);
      int length = Math.min(1 + random.nextInt(8), result.length - at);
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      out.write(result, 0, at);
      switch (random.nextInt(5)) {
        case 0:
          byte[] other = new byte[length];
          random.nextBytes(other);
          out.writeBytes(other);
          out.write(result, at + length, result.length - at - length);
          break;
        case 1:
          out.write(result, at + length, result.length - at - length);
          break;
        case 2:
          out.write(result, at, length);
          out.write(result, at, result.length - at);
          break;
        case 3:
          out.write((byte) random.nextInt(256));
          out.write(result, at, result.length - at);
          break;
        default:
          // Cut off here.
          break;
      }
      result = out.toByteArray();
    }
    return result;
  }

  /**
   * What the server says.
   *
   * @param maybeIncomplete true if it may wait for more, as the head was changed; then it is told
   *     that there is no more
   */
  private String answer(byte[] request, boolean maybeIncomplete) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", server.server().port())) {
      socket.setSoTimeout(PATIENCE_MILLIS);
      try {
        socket.getOutputStream().write(request);
        if (maybeIncomplete) {
          socket.shutdownOutput();
        }
        InputStream in = socket.getInputStream();
        return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
      } catch (SocketTimeoutException e) {
        throw e;
      } catch (IOException e) {
        // It hung up before it had read all; that is an answer, too.
        return "";
      }
    }
  }

  private static void check(String answer, String path, long seed) {
    String where = path + ", seed " + seed + ": " + answer;
    for (String inside :
        List.of("\tat ", "Exception:", "Error:", "XX000", "; its log says more", "org.eclipse")) {
      assertFalse(answer.contains(inside), where);
    }
    if (answer.startsWith("HTTP/1.1 5") && !path.equals("/")) {
      // Avatica answers every error with 500; others only with those that say what is the matter.
      String status = answer.substring(9, 12);
      if (!List.of("501", "503", "504", "505").contains(status)) {
        fail(where);
      }
    }
  }

  @Test
  @Timeout(120)
  void aBodyThatNeverComesHoldsUpNobody() throws Exception {
    List<Socket> waiting = new ArrayList<>();
    try {
      for (int i = 0; i < 600; i++) {
        Socket socket = new Socket("127.0.0.1", server.server().port());
        waiting.add(socket);
        socket
            .getOutputStream()
            .write(
                "POST /v1/query HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n\r\n{"
                    .getBytes(StandardCharsets.US_ASCII));
      }
      assertEquals(
          200, RestRequests.post(server, "/v1/query", "{\"sql\": \"SELECT 1\"}").statusCode());
      // No thread waits for what does not come; were one to, this would never end.
      RestRequests.awaitRest(server);
    } finally {
      for (Socket socket : waiting) {
        socket.close();
      }
    }
  }
}
