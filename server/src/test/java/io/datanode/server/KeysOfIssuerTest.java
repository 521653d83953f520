package io.datanode.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.sun.net.httpserver.HttpServer;
import io.datanode.server.access.Access;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tokens whose issuer publishes its keys at an address. */
class KeysOfIssuerTest {
  private static RSAKey first;
  private static RSAKey second;

  private final AtomicInteger asked = new AtomicInteger();
  private volatile String published = "";
  private volatile int status = 200;
  private HttpServer issuer;
  private TestServer server;

  @BeforeAll
  static void makeKeys() throws Exception {
    first = Issuer.newKey("first");
    second = Issuer.newKey("second");
  }

  @BeforeEach
  void start() throws Exception {
    issuer = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    issuer.createContext(
        "/keys",
        exchange -> {
          asked.incrementAndGet();
          byte[] body = published.getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().set("Content-Type", "application/json");
          exchange.sendResponseHeaders(status, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    issuer.start();
    Access access =
        new Access(List.of(Issuer.trusted("http://127.0.0.1:" + port() + "/keys")), false);
    server =
        TestServer.start(
            ServerSettings.defaults().at("127.0.0.1", 0).with(access), DuckDbSession::new);
  }

  private int port() {
    return issuer.getAddress().getPort();
  }

  @AfterEach
  void stop() {
    server.close();
    issuer.stop(0);
  }

  private void publish(RSAKey... keys) {
    List<JWK> all = Arrays.stream(keys).map(key -> (JWK) key.toPublicJWK()).toList();
    published = new JWKSet(all).toString();
  }

  private static String token(RSAKey key, String user) throws Exception {
    return Issuer.signed(key, Issuer.claims(user).build());
  }

  private HttpResponse<String> query(String token) throws Exception {
    return RestRequests.selectOne(server, "Bearer " + token);
  }

  @Test
  void keysAreReadFromTheIssuer() throws Exception {
    publish(first);
    assertEquals(200, query(token(first, "carol")).statusCode());
    assertEquals(200, query(token(first, "dave")).statusCode());
    assertEquals(1, asked.get());
    assertEquals(401, query(token(second, "carol")).statusCode());
    Properties info = new Properties();
    info.setProperty("token", token(first, "erin"));
    try (Connection connection = DriverManager.getConnection(server.server().jdbcUrl(), info);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT 1")) {
      assertTrue(rows.next());
    }
  }

  /** An issuer that has a new key signs with it at once; servers find it by its name. */
  @Test
  void aNewKeyIsFoundWithoutRestart() throws Exception {
    publish(first);
    assertEquals(200, query(token(first, "carol")).statusCode());
    publish(first, second);
    assertEquals(200, query(token(second, "carol")).statusCode());
    assertEquals(2, asked.get());
    assertEquals(200, query(token(first, "dave")).statusCode());
  }

  @Test
  void knownKeysOutliveTheirIssuer() throws Exception {
    publish(first);
    assertEquals(200, query(token(first, "carol")).statusCode());
    status = 500;
    published = "the database is down";
    assertEquals(200, query(token(first, "dave")).statusCode());
  }

  @Test
  void withoutKeysNobodyIsLetInAndTheReasonIsOneSentence() throws Exception {
    status = 500;
    published = "the database is down";
    HttpResponse<String> answer = query(token(first, "carol"));
    assertEquals(503, answer.statusCode());
    assertTrue(answer.body().contains("57P03"), answer.body());
    assertTrue(
        answer.body().contains("Tokens cannot be checked now, as the keys of their issuer cannot"),
        answer.body());
    assertFalse(answer.body().contains("/keys"), answer.body());
    status = 200;
    publish(first);
    assertEquals(200, query(token(first, "carol")).statusCode());
  }

  @Test
  void anIssuerThatIsNotThereIsTheSame() throws Exception {
    issuer.stop(0);
    HttpResponse<String> answer = query(token(first, "carol"));
    assertEquals(503, answer.statusCode());
    assertTrue(answer.body().contains("57P03"), answer.body());
  }

  @Test
  void keysThatAreNoneAreTheSame() throws Exception {
    published = "{}";
    assertEquals(503, query(token(first, "carol")).statusCode());
  }

  @Test
  void anAddressThatOthersCouldChangeIsRefused() {
    SQLException error =
        assertThrows(SQLException.class, () -> Issuer.trusted("http://login.example.com/keys"));
    assertEquals("F0000", error.getSQLState());
    assertTrue(error.getMessage().endsWith("expected https"), error::getMessage);
  }
}
