package io.datanode.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.datanode.engine.Engine;
import io.datanode.server.ValidRequests.Sample;
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
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Requests to every endpoint that are changed at random: bytes and words replaced, removed,
 * repeated, cut off. Each must be answered, without a word of the inside of the server, and leave
 * nothing behind: no session, statement, busy thread, held memory or used connection.
 *
 * <p>Runs for a few seconds, or for {@code -Ddatanode.fuzz.minutes}; a failure names the seed of
 * its request, which {@code -Ddatanode.fuzz.seed} begins with.
 */
class MalformedRequestsTest {
  private static final Duration TIME =
      Integer.getInteger("datanode.fuzz.minutes") == null
          ? Duration.ofSeconds(5)
          : Duration.ofMinutes(Integer.getInteger("datanode.fuzz.minutes"));
  private static final long FIRST_SEED = Long.getLong("datanode.fuzz.seed", 20_260_105L);
  private static final int CLIENTS = 2;

  /** What every answer but those of a long statement comes within. */
  private static final int PATIENCE_MILLIS = 60_000;

  @TempDir Path folder;
  private Engine engine;
  private TestServer server;
  private List<Sample> samples;

  @BeforeEach
  void start() throws Exception {
    engine = SmallMarket.open(folder);
    server = TestServer.start(engine);
    samples = ValidRequests.of(server);
  }

  @AfterEach
  void stop() {
    server.close();
    engine.close();
  }

  @Test
  void whatIsMalformedIsAnsweredAndLeavesNothing() throws Exception {
    for (Sample sample : samples) {
      check(answer(sample.bytes(), false), sample.path(), 0);
    }
    long end = System.nanoTime() + TIME.toNanos();
    AtomicLong seeds = new AtomicLong(FIRST_SEED);
    ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
    List<Future<?>> sending = new ArrayList<>();
    try {
      for (int i = 0; i < CLIENTS; i++) {
        sending.add(
            clients.submit(
                () -> {
                  while (System.nanoTime() < end) {
                    send(seeds.getAndIncrement());
                  }
                  return null;
                }));
      }
      for (Future<?> client : sending) {
        client.get();
      }
    } finally {
      clients.shutdownNow();
    }
    assertTrue(seeds.get() > FIRST_SEED, "no request was sent");
    System.getLogger("fuzz").log(System.Logger.Level.INFO, seeds.get() - FIRST_SEED + " requests");
    nothingIsLeft();
  }

  private void send(long seed) throws IOException {
    Random random = new Random(seed);
    Mutation mutation = new Mutation(random);
    Sample sample = samples.get(random.nextInt(samples.size()));
    boolean body = random.nextInt(4) > 0 && sample.body().length > 0;
    byte[] sent =
        body ? sample.with(mutation.of(sample.body())).bytes() : mutation.of(sample.bytes());
    check(answer(sent, !body), sample.path(), seed);
  }

  private void nothingIsLeft() throws Exception {
    RestRequests.awaitRest(server);
    server.pass(Duration.ofDays(1));
    RestRequests.awaitRest(server);
    assertEquals(0, server.server().sessions().size());
    assertEquals(0, server.server().sessions().runningStatements());
    assertEquals(0, server.server().sessions().holdings().bytes());
    assertEquals(0, server.server().arrivingRequests());
    assertEquals(0, engine.openSessions());
    assertEquals(200, server.http("GET", "/ready", "").statusCode());
    String unfinished =
        "{\"sql\": \"SELECT COUNT(*) AS n FROM metadata.queries WHERE outcome = 'running'\"}";
    String running = RestRequests.post(server, "/v1/query", unfinished).body();
    assertTrue(running.contains("\"rows\":[[1]]"), running);
  }

  @ParameterizedTest(name = "{0}: {2}")
  @CsvSource({"/v1/query, 900000000, 413", "/nowhere, 10, 404"})
  void aRefusalBeforeTheBodyArrivesSaysThatTheConnectionCloses(String path, int length, int status)
      throws IOException {
    String head =
        "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            + "Content-Length: %d\r\n\r\n";
    String answer = answer(head.formatted(path, length).getBytes(StandardCharsets.UTF_8), false);
    assertTrue(answer.startsWith("HTTP/1.1 " + status), answer);
    assertTrue(answer.contains("Connection: close"), answer);
  }

  @ParameterizedTest(name = "{2}")
  @CsvSource({
    "GET /v1/nodes/a%2Fb HTTP/1.1, Host: localhost, 400, Ambiguous URI path separator",
    "GET /v1/nodes/%zz HTTP/1.1,   Host: localhost, 400, Bad Request",
    "GET /v1/nodes HTTP/1.1,       Accept: */*,     400, No Host",
  })
  void aHeadThatIsNoHttpIsAnsweredAsOtherErrorsAre(
      String start, String header, int status, String reason) throws IOException {
    String head = start + "\r\n" + header + "\r\nConnection: close\r\n\r\n";
    String answer = answer(head.getBytes(StandardCharsets.US_ASCII), false);
    assertTrue(answer.startsWith("HTTP/1.1 " + status), answer);
    assertTrue(answer.contains("Content-Type: application/json"), answer);
    assertTrue(
        answer.contains(
            "{\"error\":{\"kind\":\"invalid_request\",\"code\":\"protocol_error\",\"message\":"
                + "\"The request cannot be read: "
                + reason
                + "\",\"sqlstate\":\"08P01\"}}"),
        answer);
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
        List.of(
            "\tat ",
            "Exception:",
            "Error:",
            "XX000",
            "; its log says more",
            "org.eclipse",
            "(class ")) {
      assertFalse(answer.contains(inside), where);
    }
    // A changed path may be that of Avatica's endpoint, too.
    boolean avatica = path.equals("/") || answer.contains("{\"response\":\"error\"");
    if (answer.startsWith("HTTP/1.1 5") && !avatica) {
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
