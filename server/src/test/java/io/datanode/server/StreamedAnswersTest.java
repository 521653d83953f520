package io.datanode.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.datanode.jdbc.session.Result;
import io.datanode.jdbc.session.Session;
import io.datanode.jdbc.session.StatementCall;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How rows travel: while they are read, compressed or not, to clients that stall, go or fail. */
@Timeout(60)
class StreamedAnswersTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Takes hours to read. */
  private static final String ENDLESS = "SELECT i, 'row ' || i FROM range(100000000000) t(i)";

  /** Fails at its millionth row, far behind what DuckDB buffers. */
  private static final String BREAKS =
      "SELECT i, CAST(CASE WHEN i = 1000000 THEN 'none' ELSE '1' END AS INTEGER) AS one"
          + " FROM range(2000000) t(i)";

  private final AtomicLong batchesRead = new AtomicLong();
  private volatile boolean stalls;
  private TestServer server;

  @BeforeEach
  void start() throws SQLException {
    server =
        TestServer.start(
            ServerSettings.defaults().at("127.0.0.1", 0),
            (user, settings) -> observed(new DuckDbSession(user, settings)));
  }

  @AfterEach
  void stopped() throws InterruptedException {
    nothingIsLeft();
    server.close();
  }

  private void nothingIsLeft() throws InterruptedException {
    RestRequests.awaitRest(server);
    assertEquals(0, server.server().sessions().size());
    assertEquals(0, server.server().sessions().runningStatements());
    assertEquals(0, DuckDbSession.RUNNING.get());
  }

  /** The same session, whose results count their batches and can stall after the first. */
  private Session observed(Session session) {
    return wrapped(
        Session.class,
        session,
        (method, arguments, run) ->
            method.equals("execute")
                ? observed(session, (StatementCall) arguments[0], (Result) run.call())
                : run.call());
  }

  private Result observed(Session session, StatementCall call, Result result) {
    return wrapped(
        Result.class,
        result,
        (method, arguments, run) -> {
          if (method.equals("next") && batchesRead.getAndIncrement() > 0 && stalls) {
            return session.execute(
                new StatementCall(call.id(), DuckDbSession.BLOCK, List.of(), 0, 0));
          }
          return run.call();
        });
  }

  private interface Observer {
    Object call(String method, Object[] arguments, Callable<Object> run) throws Exception;
  }

  private static <T> T wrapped(Class<T> type, T target, Observer observer) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> {
              try {
                return observer.call(
                    method.getName(), arguments, () -> method.invoke(target, arguments));
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            }));
  }

  private static String request(String sql) {
    return JSON.createObjectNode().put("sql", sql).toString();
  }

  private HttpResponse<InputStream> open(String sql, String... headers) throws Exception {
    return RestRequests.open(server, "/v1/query", request(sql), headers);
  }

  /** Reads until the connection breaks. */
  private static String readUntilBroken(HttpResponse<InputStream> answer) {
    assertEquals(200, answer.statusCode());
    InputStream in = answer.body();
    ByteArrayOutputStream read = new ByteArrayOutputStream();
    assertThrows(IOException.class, () -> in.transferTo(read));
    return read.toString(StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @ValueSource(strings = {"application/json", "text/csv"})
  void theFirstRowsComeBeforeTheLastOnesAreRead(String format) throws Exception {
    HttpResponse<InputStream> answer = open(ENDLESS, "Accept", format);
    assertEquals(200, answer.statusCode());
    try (InputStream body = answer.body()) {
      String start = new String(body.readNBytes(20_000), StandardCharsets.UTF_8);
      assertTrue(start.contains("row 500"), start);
    }
    // Closing it stops the statement; see nothingIsLeft().
  }

  @Test
  void whoReadsSlowlyIsWaitedFor() throws Exception {
    HttpResponse<InputStream> answer = open(ENDLESS);
    long before;
    do {
      before = batchesRead.get();
      Thread.sleep(300);
    } while (batchesRead.get() > before);
    // Some megabytes are on their way, and no more: a batch is about 45 kB.
    assertTrue(before < 1_000, before + " batches read");
    answer.body().close();
  }

  @Test
  void whoReadsNothingDoesNotHoldUpTheEndOfTheServer() throws Exception {
    HttpResponse<InputStream> answer = open(ENDLESS);
    while (batchesRead.get() < 10) {
      Thread.sleep(5);
    }
    server.close();
    assertThrows(
        IOException.class, () -> answer.body().transferTo(OutputStream.nullOutputStream()));
  }

  @Test
  void whoReadsNoErrorHoldsNothing() throws Exception {
    HttpResponse<InputStream> answer = open(BREAKS.replace("1000000 THEN", "10000 THEN"));
    nothingIsLeft();
    answer.body().close();
  }

  @Test
  void anErrorOnTheWayIsTheLastMemberOfJsonAndBreaksTheConnection() throws Exception {
    String answer;
    try (Socket socket = send(request(BREAKS))) {
      answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
    // A whole answer would end with an empty chunk.
    assertFalse(answer.endsWith("\r\n0\r\n\r\n"));
    JsonNode json = JSON.readTree(unchunked(answer));
    assertEquals("data_exception", json.at("/error/code").textValue());
    assertEquals("22000", json.at("/error/sqlstate").textValue());
    assertTrue(json.get("rows").size() > 100_000);
    assertFalse(json.has("row_count"));
  }

  @Test
  void anErrorOnTheWayBreaksTheConnectionOfCsv() throws Exception {
    String body = readUntilBroken(open(BREAKS, "Accept", "text/csv"));
    assertTrue(body.startsWith("i,one\r\n0,1\r\n1,1\r\n"), body.substring(0, 20));
  }

  @Test
  void anErrorOnTheWayLeavesGzipWithoutItsEnd() throws Exception {
    InputStream body = open(BREAKS, "Accept", "text/csv", "Accept-Encoding", "gzip").body();
    ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    assertThrows(IOException.class, () -> body.transferTo(compressed));
    InputStream rows = new GZIPInputStream(new ByteArrayInputStream(compressed.toByteArray()));
    assertThrows(EOFException.class, rows::readAllBytes);
  }

  @Test
  void aClientThatGoesBeforeTheFirstRowStopsTheStatement() throws Exception {
    try (Socket socket = send(request(DuckDbSession.BLOCK))) {
      while (DuckDbSession.RUNNING.get() == 0) {
        Thread.sleep(5);
      }
    }
  }

  @Test
  void aClientThatGoesWhileTheStorageWorksOnStopsTheStatement() throws Exception {
    stalls = true;
    HttpResponse<InputStream> answer = open(ENDLESS);
    answer.body().readNBytes(1_000);
    while (batchesRead.get() < 2) {
      Thread.sleep(5);
    }
    answer.body().close();
  }

  @Test
  void whoSpeaksAnOldProtocolIsRefused() throws Exception {
    try (Socket socket = new Socket("127.0.0.1", server.server().port())) {
      byte[] body = request("SELECT 1").getBytes(StandardCharsets.UTF_8);
      OutputStream out = socket.getOutputStream();
      out.write(
          ("POST /v1/query HTTP/1.0\r\nHost: 127.0.0.1\r\nContent-Length: "
                  + body.length
                  + "\r\n\r\n")
              .getBytes(StandardCharsets.US_ASCII));
      out.write(body);
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertTrue(answer.startsWith("HTTP/1.1 505 "), answer);
      assertTrue(answer.contains("set proxy_http_version 1.1"), answer);
    }
  }

  /** The body of a response with {@code Transfer-Encoding: chunked} and without its last chunk. */
  private static String unchunked(String response) {
    StringBuilder body = new StringBuilder();
    int at = response.indexOf("\r\n\r\n") + 4;
    while (at < response.length()) {
      int sizeEnd = response.indexOf("\r\n", at);
      int size = Integer.parseInt(response.substring(at, sizeEnd), 16);
      body.append(response, sizeEnd + 2, sizeEnd + 2 + size);
      at = sizeEnd + 2 + size + 2;
    }
    return body.toString();
  }

  private Socket send(String request) throws IOException {
    byte[] body = request.getBytes(StandardCharsets.UTF_8);
    Socket socket = new Socket("127.0.0.1", server.server().port());
    OutputStream out = socket.getOutputStream();
    out.write(
        ("POST /v1/query HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: "
                + body.length
                + "\r\n\r\n")
            .getBytes(StandardCharsets.US_ASCII));
    out.write(body);
    return socket;
  }

  @Test
  void bothWaysCanBeCompressed() throws Exception {
    HttpResponse<byte[]> answer =
        RestRequests.postBytes(
            server,
            "/v1/query",
            gzip(
                request("SELECT 'a' AS a, i FROM range(10000) t(i)")
                    .getBytes(StandardCharsets.UTF_8)),
            "Content-Encoding",
            "gzip",
            "Accept-Encoding",
            "deflate, gzip;q=0.5");
    assertEquals("gzip", answer.headers().firstValue("Content-Encoding").orElseThrow());
    assertTrue(answer.body().length < 60_000, answer.body().length + " bytes");
    byte[] plain = new GZIPInputStream(new ByteArrayInputStream(answer.body())).readAllBytes();
    assertEquals(10_000, JSON.readTree(plain).get("row_count").intValue());
  }

  @Test
  void whoRefusesCompressionGetsNone() throws Exception {
    HttpResponse<byte[]> answer =
        RestRequests.postBytes(
            server,
            "/v1/query",
            request("SELECT 1").getBytes(StandardCharsets.UTF_8),
            "Accept-Encoding",
            "gzip;q=0, *");
    assertTrue(answer.headers().firstValue("Content-Encoding").isEmpty());
    assertTrue(new String(answer.body(), StandardCharsets.UTF_8).contains("\"row_count\":1"));
  }

  @Test
  void aBodyThatUnpacksToMoreThanIsTakenIsRefused() throws Exception {
    byte[] bomb = gzip(new byte[ServerSettings.defaults().requests().maxBytes() + 1]);
    assertTrue(bomb.length < 100_000);
    HttpResponse<byte[]> answer =
        RestRequests.postBytes(server, "/v1/query", bomb, "Content-Encoding", "gzip");
    assertEquals(413, answer.statusCode());
    JsonNode error = JSON.readTree(answer.body()).get("error");
    assertEquals("too_large", error.get("kind").textValue());
    assertTrue(error.get("message").textValue().contains("uncompressed, than the 67108864 bytes"));
  }

  @Test
  void aCompressedBodyThatIsCutOffIsRefused() throws Exception {
    byte[] whole = gzip(request("SELECT 1").getBytes(StandardCharsets.UTF_8));
    HttpResponse<byte[]> answer =
        RestRequests.postBytes(
            server,
            "/v1/query",
            Arrays.copyOf(whole, whole.length - 9),
            "Content-Encoding",
            "gzip");
    assertEquals(400, answer.statusCode());
    assertTrue(
        new String(answer.body(), StandardCharsets.UTF_8)
            .contains("The body is no whole gzip stream: its end is missing"));
  }

  @Test
  void anotherCompressionIsRefused() throws Exception {
    HttpResponse<byte[]> answer =
        RestRequests.postBytes(server, "/v1/query", new byte[] {1}, "Content-Encoding", "br");
    assertEquals(415, answer.statusCode());
    assertEquals("gzip", answer.headers().firstValue("Accept-Encoding").orElseThrow());
  }

  private static byte[] gzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (OutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    }
    return out.toByteArray();
  }
}
