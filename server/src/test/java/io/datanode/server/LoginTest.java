package io.datanode.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import io.datanode.server.access.Access;
import io.datanode.server.access.PasswordFile;
import io.datanode.server.access.TokenEditor;
import io.datanode.server.access.TokenFile;
import io.datanode.server.access.User;
import io.datanode.server.access.UserEditor;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLInvalidAuthorizationSpecException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may connect, and how: passwords, tokens and JSON Web Tokens on every endpoint. */
class LoginTest {
  /** When the tests take place. */
  private static final Instant NOW = Issuer.NOW;

  private static final String PASSWORD = "correct horse: battery ü";

  @TempDir Path folder;
  private static RSAKey key;
  private static String alice;
  private Path users;
  private Path tokens;
  private String token;
  private TestServer server;

  /** What is slow to make, on purpose. */
  @BeforeAll
  static void makeKeyAndHash(@TempDir Path once) throws Exception {
    key = Issuer.newKey("2026");
    Path file = once.resolve("users");
    new UserEditor(file).add("alice", PASSWORD, Set.of("research"));
    alice = Files.readString(file);
  }

  @BeforeEach
  void start() throws Exception {
    users = folder.resolve("users");
    tokens = folder.resolve("tokens");
    Path keys = folder.resolve("keys.json");
    Files.writeString(users, alice);
    token = new TokenEditor(tokens).add(new User("loader", Set.of()), NOW.plus(Duration.ofDays(1)));
    Files.writeString(keys, new JWKSet(key.toPublicJWK()).toString());
    InstantSource clock = () -> NOW;
    Access access =
        new Access(
            List.of(
                new PasswordFile(users),
                new TokenFile(tokens, clock),
                Issuer.trusted(keys.toString())),
            false);
    server =
        TestServer.start(
            ServerSettings.defaults().at("127.0.0.1", 0).with(access), DuckDbSession::new);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private static String basic(String user, String password) {
    return "Basic "
        + Base64.getEncoder()
            .encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
  }

  private HttpResponse<String> query(String authorization) throws Exception {
    return RestRequests.selectOne(server, authorization);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "POST /",
        "POST /jdbc/v1/open",
        "POST /jdbc/v1/execute",
        "POST /jdbc/v1/cancel",
        "POST /v1/query",
        "GET /metrics",
        "GET /v1/nodes",
        "GET /nothing/here"
      })
  void nothingAnswersStrangers(String request) throws Exception {
    String[] parts = request.split(" ");
    HttpResponse<String> answer = server.http(parts[0], parts[1], "{}");
    assertEquals(401, answer.statusCode());
    assertEquals(
        "Basic realm=\"DataNode SQL\", charset=\"UTF-8\", Bearer realm=\"DataNode SQL\"",
        answer.headers().firstValue("WWW-Authenticate").orElse(""));
    assertTrue(answer.body().contains("28000"), answer.body());
    assertTrue(answer.body().contains("requests of known users only"), answer.body());
  }

  @ParameterizedTest
  @ValueSource(strings = {"/health", "/ready"})
  void healthIsForEverybody(String path) throws Exception {
    assertEquals("{\"status\":\"ok\"}\n", server.http("GET", path, "").body());
  }

  @Test
  void strangersDoNotLearnWhyAServerIsNotReady() throws Exception {
    try (DataNodeServer broken =
        DataNodeServer.start(
            ServerSettings.defaults()
                .at("127.0.0.1", 0)
                .with(new Access(List.of(new PasswordFile(users)), false)),
            DuckDbSession::new,
            () -> {
              throw new IllegalStateException("/srv/secret/catalog.yaml is not there");
            },
            InstantSource.system())) {
      HttpResponse<String> ready = TestServer.http(broken, "GET", "/ready", "");
      assertEquals(503, ready.statusCode());
      assertFalse(ready.body().contains("secret"), ready.body());
    }
  }

  @Test
  void aPasswordOpensTheServer() throws Exception {
    HttpResponse<String> answer = query(basic("alice", PASSWORD));
    assertEquals(200, answer.statusCode(), answer.body());
    assertTrue(answer.body().contains("\"rows\":[[1]]"), answer.body());
  }

  @Test
  void hashesOfOthersAreTaken() throws Exception {
    // Of crypt(3) of Debian 12, and of the tests of the reference implementation of Argon2.
    Files.writeString(
        users,
        Files.readString(users)
            + "# of the old server\n"
            + "bob:$2y$10$abcdefghijklmnopqrstuuCLjRYQzI81Tgdm9HAbJ.rZBOKY7E.Ou\n"
            + "dora:$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ"
            + "$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc\n");
    awaitChange(users);
    assertEquals(401, query(basic("bob", "something else")).statusCode());
    assertEquals(200, query(basic("bob", "bcrypt from htpasswd")).statusCode());
    assertEquals(200, query(basic("dora", "password")).statusCode());
  }

  @Test
  void aWrongPasswordAndAnUnknownUserAreToldTheSame() throws Exception {
    HttpResponse<String> wrong = query(basic("alice", "guess"));
    HttpResponse<String> unknown = query(basic("mallory", "guess"));
    assertEquals(401, wrong.statusCode());
    assertEquals(wrong.body(), unknown.body());
    assertTrue(wrong.body().contains("28P01"), wrong.body());
    assertFalse(wrong.body().contains("guess"), wrong.body());
  }

  @Test
  void whoGuessesHasToWait() throws Exception {
    for (int i = 0; i < 5; i++) {
      assertEquals(401, query(basic("alice", "guess" + i)).statusCode());
    }
    HttpResponse<String> answer = query(basic("alice", "guess6"));
    answer = answer.statusCode() == 401 ? query(basic("alice", "guess7")) : answer;
    assertEquals(429, answer.statusCode());
    assertTrue(answer.body().contains("53300"), answer.body());
    assertTrue(answer.body().contains("try again in "), answer.body());
    // Even the right one, or guessing would go on; after a while it is taken again.
    assertEquals(429, query(basic("alice", PASSWORD)).statusCode());
    server.pass(Duration.ofMinutes(1));
    assertEquals(200, query(basic("alice", PASSWORD)).statusCode());
  }

  @Test
  void whoIsKnownDoesNotWaitForThoseWhoGuess() throws Exception {
    assertEquals(200, query(basic("alice", PASSWORD)).statusCode());
    for (int i = 0; i < 8; i++) {
      query(basic("alice", "guess" + i));
    }
    assertEquals(200, query(basic("alice", PASSWORD)).statusCode());
  }

  @Test
  void aRemovedUserIsRefusedAtOnce() throws Exception {
    assertEquals(200, query(basic("alice", PASSWORD)).statusCode());
    new UserEditor(users).remove("alice");
    awaitChange(users);
    assertEquals(401, query(basic("alice", PASSWORD)).statusCode());
  }

  @Test
  void aFileThatIsWrongNowLeavesWhatItSaid() throws Exception {
    Files.writeString(users, "alice:" + PASSWORD + "\n");
    awaitChange(users);
    assertEquals(200, query(basic("alice", PASSWORD)).statusCode());
  }

  /** The server looks at its files once in a second. */
  private static void awaitChange(Path file) throws Exception {
    Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2030-01-01T00:00:00Z")));
    Thread.sleep(1_100);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Basic", "Basic !!!", "Basic YWxpY2U=", "Digest abc", "Bearer", "x"})
  void aMalformedHeaderIsOneClearSentence(String header) throws Exception {
    HttpResponse<String> answer = query(header);
    assertEquals(401, answer.statusCode());
    assertTrue(answer.body().contains("Authorization header is malformed"), answer.body());
  }

  @Test
  void aTokenOpensTheServerUntilItExpires() throws Exception {
    assertEquals(200, query("Bearer " + token).statusCode());
    assertEquals(401, query("Bearer " + token + "x").statusCode());
    String old = new TokenEditor(tokens).add(User.named("loader"), NOW.minusSeconds(1));
    awaitChange(tokens);
    HttpResponse<String> expired = query("Bearer " + old);
    assertEquals(401, expired.statusCode());
    assertTrue(expired.body().contains("The token expired at 2026-01-05T11:59:59Z"));
  }

  @Test
  void theFileOfTokensDoesNotHoldThem() throws Exception {
    assertFalse(Files.readString(tokens).contains(token));
    assertFalse(Files.readString(tokens).contains(token.substring(3)));
  }

  private static JWTClaimsSet.Builder claims() {
    return Issuer.claims("carol");
  }

  private static String signed(JWTClaimsSet claims) throws Exception {
    return "Bearer " + Issuer.signed(key, claims);
  }

  @Test
  void aJsonWebTokenOfTheIssuerOpensTheServer() throws Exception {
    assertEquals(200, query(signed(claims().build())).statusCode());
  }

  @Test
  void aJsonWebTokenMustBeForThisServerAndFresh() throws Exception {
    for (JWTClaimsSet wrong :
        List.of(
            claims().audience("another").build(),
            claims().issuer("https://evil.example.com/").build(),
            claims().expirationTime(null).build(),
            claims().subject(null).build(),
            claims().notBeforeTime(Date.from(NOW.plusSeconds(600))).build(),
            claims().subject("forged\nlog line").build())) {
      HttpResponse<String> answer = query(signed(wrong));
      assertEquals(401, answer.statusCode(), wrong::toString);
      assertTrue(answer.body().contains("28000"), answer.body());
    }
    HttpResponse<String> expired =
        query(signed(claims().expirationTime(Date.from(NOW.minusSeconds(61))).build()));
    assertEquals(401, expired.statusCode());
    assertTrue(expired.body().contains("The token has expired"), expired.body());
  }

  /** Tokens without signature, or signed with the public key as if it were a shared secret. */
  @Test
  void aJsonWebTokenWithAnotherAlgorithmIsRefused() throws Exception {
    assertEquals(401, query("Bearer " + new PlainJWT(claims().build()).serialize()).statusCode());
    SignedJWT shared =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.HS256).keyID(key.getKeyID()).build(),
            claims().build());
    shared.sign(new MACSigner(key.toRSAPublicKey().getEncoded()));
    assertEquals(401, query("Bearer " + shared.serialize()).statusCode());
    String forged = Issuer.signed(Issuer.newKey("2026"), claims().build());
    assertEquals(401, query("Bearer " + forged).statusCode());
  }

  private Connection connect(String... properties) throws SQLException {
    Properties info = new Properties();
    for (int i = 0; i < properties.length; i += 2) {
      info.setProperty(properties[i], properties[i + 1]);
    }
    return DriverManager.getConnection(server.server().jdbcUrl(), info);
  }

  @Test
  void theDriverLogsInWithUserAndPassword() throws SQLException {
    try (Connection connection = connect("user", "alice", "password", PASSWORD);
        ResultSet rows = connection.createStatement().executeQuery("SELECT 1")) {
      assertTrue(rows.next());
      assertEquals("alice", connection.getMetaData().getUserName());
      assertFalse(connection.getMetaData().getURL().contains("battery"));
      assertFalse(connection.toString().contains("battery"));
      assertFalse(connection.getClientInfo().toString().contains("battery"));
    }
  }

  @Test
  void theDriverLogsInWithAToken() throws Exception {
    try (Connection connection = connect("token", token)) {
      assertEquals("loader", connection.getMetaData().getUserName());
    }
    String jwt = signed(claims().build()).substring("Bearer ".length());
    try (Connection connection = connect("token", jwt)) {
      assertEquals("carol", connection.getMetaData().getUserName());
    }
  }

  @Test
  void theDriverSaysWhyALoginFails() {
    SQLException none = assertThrows(SQLException.class, this::connect);
    assertEquals("28000", none.getSQLState());
    assertEquals(
        "This server takes requests of known users only; give user and password, or a token",
        none.getMessage());
    SQLException wrong =
        assertThrows(
            SQLInvalidAuthorizationSpecException.class,
            () -> connect("user", "alice", "password", "guess"));
    assertEquals("28P01", wrong.getSQLState());
    assertEquals("Login failed: user or password is wrong", wrong.getMessage());
  }

  @ParameterizedTest
  @ValueSource(strings = {"json", "protobuf"})
  void stockAvaticaClientsLogIn(String serialization) throws Exception {
    Files.writeString(users, "");
    new UserEditor(users).add("dave", "in ASCII only", Set.of());
    awaitChange(users);
    try (Connection connection =
            server.avatica(
                serialization,
                "authentication",
                "BASIC",
                "avatica_user",
                "dave",
                "avatica_password",
                "in ASCII only");
        ResultSet rows = connection.createStatement().executeQuery("SELECT 1")) {
      assertTrue(rows.next());
    }
    try (Connection connection =
            server.avatica(serialization, "authentication", "BEARER", "bearer_token", token);
        ResultSet rows = connection.createStatement().executeQuery("SELECT 1")) {
      assertTrue(rows.next());
    }
  }

  @Test
  void anAddressThatOthersCanReachNeedsAWordForPlaintext() throws Exception {
    ServerSettings reachable = ServerSettings.defaults().at("0.0.0.0", 0);
    SQLException refused =
        assertThrows(
            SQLException.class,
            () ->
                TestServer.start(
                    reachable.with(new Access(List.of(new PasswordFile(users)), false)),
                    DuckDbSession::new));
    assertEquals("F0000", refused.getSQLState());
    assertTrue(refused.getMessage().contains("--insecure-plaintext"), refused.getMessage());
    try (TestServer open =
        TestServer.start(
            reachable.with(new Access(List.of(new PasswordFile(users)), true)),
            DuckDbSession::new)) {
      assertEquals(200, open.http("GET", "/health", "").statusCode());
    }
  }
}
