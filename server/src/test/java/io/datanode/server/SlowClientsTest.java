package io.datanode.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Clients that take their time to say what they want: thirty seconds, as servers have it. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class SlowClientsTest {
  private static final Duration NOT_YET = Duration.ofSeconds(29);
  private static final Duration TOO_LATE = Duration.ofSeconds(2);
  private static final String HEALTH = "GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";

  private TestServer server;

  @BeforeEach
  void start() throws Exception {
    server = TestServer.start();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private Socket connect() throws IOException {
    return new Socket("127.0.0.1", server.server().port());
  }

  private static void send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    socket.getOutputStream().flush();
  }

  /** Whether the server has hung up; what the client has sent is there by then. */
  private static boolean hungUp(Socket socket) throws IOException {
    try {
      return socket.getInputStream().read() < 0;
    } catch (IOException e) {
      return true;
    }
  }

  private void pass(Duration time) {
    server.pass(time);
    server.server().refuseSlow();
  }

  /** The first look at a connection is when its time begins. */
  private void look() {
    server.server().refuseSlow();
  }

  private void answers(Socket socket, String request) throws IOException {
    send(socket, request);
    assertEquals("HTTP/1.1 200 OK", line(socket.getInputStream()));
    InputStream in = socket.getInputStream();
    int length = 0;
    for (String header = line(in); !header.isEmpty(); header = line(in)) {
      if (header.startsWith("Content-Length: ")) {
        length = Integer.parseInt(header.substring("Content-Length: ".length()));
      }
    }
    assertEquals(length, in.readNBytes(length).length);
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
      line.append(c == '\r' ? "" : (char) c);
    }
    return line.toString();
  }

  /** Waits until the server has this many connections. */
  private void awaitConnections(int count) throws InterruptedException {
    while (server.server().connections() != count) {
      Thread.sleep(5);
    }
  }

  @Test
  void whoSendsNothingIsHungUpOn() throws Exception {
    try (Socket socket = connect()) {
      awaitConnections(1);
      look();
      pass(NOT_YET);
      awaitConnections(1);
      pass(TOO_LATE);
      assertTrue(hungUp(socket));
    }
  }

  @Test
  void whoSendsAByteOfTheHeadNowAndThenIsHungUpOn() throws Exception {
    try (Socket socket = connect()) {
      awaitConnections(1);
      look();
      for (int i = 0; i < 29; i++) {
        send(socket, HEALTH.substring(i, i + 1));
        pass(Duration.ofSeconds(1));
      }
      pass(TOO_LATE);
      assertTrue(hungUp(socket));
    }
  }

  @Test
  void theNextRequestOfAConnectionHasItsOwnTime() throws Exception {
    try (Socket socket = connect()) {
      answers(socket, HEALTH);
      look();
      // Nothing is owed: a pool keeps its connections.
      pass(Duration.ofMinutes(5));
      answers(socket, HEALTH);
      send(socket, HEALTH.substring(0, 10));
      awaitPartOfAHead();
      pass(NOT_YET);
      send(socket, HEALTH.substring(10));
      assertEquals("HTTP/1.1 200 OK", line(socket.getInputStream()));
    }
  }

  @Test
  void whoBeginsTheNextRequestAndDoesNotEndItIsHungUpOn() throws Exception {
    try (Socket socket = connect()) {
      answers(socket, HEALTH);
      send(socket, HEALTH.substring(0, 10));
      awaitPartOfAHead();
      pass(NOT_YET);
      pass(TOO_LATE);
      assertTrue(hungUp(socket));
    }
  }

  /** Waits until the server has seen that a client owes the rest of a head. */
  private void awaitPartOfAHead() throws InterruptedException {
    while (server.server().awaitedClients() == 0) {
      look();
      Thread.sleep(5);
    }
  }

  @Test
  void aBodyThatComesTooSlowlyIsRefused() throws Exception {
    try (Socket socket = connect()) {
      send(
          socket,
          "POST /v1/query HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100000\r\n\r\n{\"sql\"");
      awaitBody();
      pass(NOT_YET);
      assertEquals(1, server.server().arrivingRequests());
      pass(TOO_LATE);
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertTrue(answer.startsWith("HTTP/1.1 408"), answer);
      assertTrue(answer.contains("\"sqlstate\":\"08006\""), answer);
      assertTrue(answer.contains("The request came too slowly: 6 bytes"), answer);
      assertEquals(0, server.server().sessions().holdings().bytes());
    }
  }

  @Test
  void aLargeBodyMayTakeLongerIfItComesSteadily() throws Exception {
    String body = "{\"sql\": \"SELECT 1\"" + " ".repeat(100_000);
    try (Socket socket = connect()) {
      send(
          socket,
          "POST /v1/query HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: "
              + (body.length() + 1)
              + "\r\n\r\n"
              + body);
      while (server.server().sessions().holdings().bytes() < body.length()) {
        Thread.sleep(5);
      }
      pass(Duration.ofSeconds(100));
      send(socket, "}");
      assertEquals("HTTP/1.1 200 OK", line(socket.getInputStream()));
    }
  }

  private void awaitBody() throws InterruptedException {
    while (server.server().sessions().holdings().bytes() == 0) {
      Thread.sleep(5);
    }
  }
}
