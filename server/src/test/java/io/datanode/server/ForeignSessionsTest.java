package io.datanode.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datanode.jdbc.wire.Frame;
import io.datanode.jdbc.wire.FrameReader;
import io.datanode.jdbc.wire.SetRequest;
import io.datanode.jdbc.wire.WireFormat;
import java.net.http.HttpResponse;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Mallory tries to use what alice has opened, by every id there is. */
class ForeignSessionsTest {
  private static final String LONG = "SELECT i FROM range(3000000) numbers(i)";

  private TestServer server;

  @BeforeEach
  void start() throws SQLException {
    server =
        TestServer.start(
            ServerSettings.defaults().at("127.0.0.1", 0).with(Users.access("alice", "mallory")),
            DuckDbSession::new);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private String avatica(String user, String request) throws Exception {
    HttpResponse<String> answer =
        server.http(
            "POST",
            "/",
            request,
            "Content-Type",
            "application/json",
            "Authorization",
            Users.authorization(user));
    return answer.body();
  }

  private static String open(String connection, String info) {
    return """
        {"request": "openConnection", "connectionId": "%s", "info": %s}"""
        .formatted(connection, info);
  }

  /** A result of alice with unread rows; gives back the number of its statement. */
  private String resultOfAlice() throws Exception {
    avatica("alice", open("of-alice", "{}"));
    String created =
        avatica("alice", "{\"request\": \"createStatement\", \"connectionId\": \"of-alice\"}");
    String statement = created.replaceFirst("(?s).*\"statementId\":(\\d+).*", "$1");
    String first =
        avatica(
            "alice",
            """
            {"request": "prepareAndExecute", "connectionId": "of-alice", "statementId": %s,
             "sql": "%s", "maxRowsInFirstFrame": 10, "maxRowCount": -1}"""
                .formatted(statement, LONG));
    assertTrue(first.contains("\"rows\":[[0],[1]"), first);
    return statement;
  }

  private String next(String user, String connection, String statement, int offset)
      throws Exception {
    return avatica(
        user,
        """
        {"request": "fetch", "connectionId": "%s", "statementId": %s, "offset": %d,
         "fetchMaxRowCount": 10}"""
            .formatted(connection, statement, offset));
  }

  /** Seven stands for the number of the statement. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"statementId\": 7, \"request\": \"fetch\", \"offset\": 10, \"fetchMaxRowCount\": 10",
        "\"statementId\": 7, \"request\": \"prepareAndExecute\", \"sql\": \"SELECT 1\", \"maxRowCount\": -1",
        "\"request\": \"createStatement\"",
        "\"request\": \"prepare\", \"sql\": \"SELECT 1\", \"maxRowCount\": -1",
        "\"statementId\": 7, \"request\": \"closeStatement\"",
        "\"request\": \"connectionSync\", \"connProps\":"
            + " {\"connProps\": \"connPropsImpl\", \"schema\": \"x\"}",
        "\"request\": \"commit\"",
        "\"request\": \"databaseProperties\"",
        "\"request\": \"getTables\""
      })
  void aConnectionOfAvaticaIsOfItsUser(String request) throws Exception {
    String statement = resultOfAlice();
    String answer =
        avatica(
            "mallory", "{\"connectionId\": \"of-alice\", " + request.replace("7", statement) + "}");
    // Avatica's code for a connection that is not there.
    assertTrue(answer.contains("\"errorCode\":1,\"sqlState\":\"08003\""), answer);
    assertTrue(next("alice", "of-alice", statement, 10).contains("\"rows\":[[10],[11]"));
  }

  @Test
  void closingAConnectionOfAnotherDoesNothing() throws Exception {
    String statement = resultOfAlice();
    avatica("mallory", "{\"request\": \"closeConnection\", \"connectionId\": \"of-alice\"}");
    assertTrue(next("alice", "of-alice", statement, 10).contains("\"rows\":[[10],[11]"));
  }

  @Test
  void aStatementIsNotFoundThroughAnotherConnection() throws Exception {
    String statement = resultOfAlice();
    avatica("mallory", open("of-mallory", "{}"));
    String answer = next("mallory", "of-mallory", statement, 10);
    assertTrue(answer.contains("08006"), answer);
    assertFalse(answer.contains("\"rows\""), answer);
    assertTrue(next("alice", "of-alice", statement, 10).contains("\"rows\":[[10],[11]"));
  }

  @Test
  void theIdOfAConnectionOfAnotherIsFreeToUse() throws Exception {
    resultOfAlice();
    String opened = avatica("mallory", open("of-alice", "{}"));
    assertFalse(opened.contains("error"), opened);
    assertEquals(2, server.server().sessions().size());
  }

  @Test
  void whoLoggedInCannotCallHimselfAnother() throws Exception {
    String opened = avatica("mallory", open("1", "{\"user\": \"alice\", \"password\": \"x\"}"));
    assertFalse(opened.contains("error"), opened);
    assertEquals(List.of("mallory"), server.server().sessions().users());
  }

  @Test
  void ourOwnSessionsAreOfTheirUser() throws Exception {
    WireClient alice = WireClient.open(server.server(), Map.of(), "alice");
    FrameReader first = alice.send(WireFormat.EXECUTE, WireClient.execute("s", LONG, 1));
    assertEquals(Frame.MORE, first.kind());
    WireClient thief = alice.as("mallory");
    for (Map.Entry<String, byte[]> request :
        Map.of(
                WireFormat.FETCH, WireClient.fetch("s", 1),
                WireFormat.EXECUTE, WireClient.execute("s", "SELECT 1 AS i", 1),
                WireFormat.PREPARE, WireFormat.text("SELECT 1"),
                WireFormat.CANCEL, WireFormat.text("s"),
                WireFormat.CLOSE_STATEMENT, WireFormat.text("s"),
                WireFormat.SET, WireFormat.set(new SetRequest("schema", "main")),
                WireFormat.PING, WireFormat.text("1"),
                WireFormat.CLOSE, new byte[0])
            .entrySet()) {
      assertEquals(
          Frame.UNKNOWN_SESSION,
          thief.send(request.getKey(), request.getValue()).kind(),
          request::getKey);
    }
    int before = alice.numbers.size();
    alice.send(WireFormat.FETCH, WireClient.fetch("s", 1));
    assertTrue(alice.numbers.size() > before);
    assertEquals(before, alice.numbers.get(before).intValue(), "no row was taken by the other");
  }

  @Test
  void statementsOfAnotherSessionAreNotThere() throws Exception {
    WireClient alice = WireClient.open(server.server(), Map.of(), "alice");
    alice.send(WireFormat.EXECUTE, WireClient.execute("s", LONG, 1));
    WireClient mallory = WireClient.open(server.server(), Map.of(), "mallory");
    assertEquals(Frame.ERROR, mallory.send(WireFormat.FETCH, WireClient.fetch("s", 1)).kind());
    mallory.send(WireFormat.CANCEL, WireFormat.text("s"));
    mallory.send(WireFormat.CLOSE_STATEMENT, WireFormat.text("s"));
    int before = alice.numbers.size();
    alice.send(WireFormat.FETCH, WireClient.fetch("s", 1));
    assertTrue(alice.numbers.size() > before);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "model",
        "jdbcUrl",
        "jdbcDriver",
        "schemaFactory",
        "schemaType",
        "typeSystem",
        "parserFactory",
        "factory",
        "httpclient_impl",
        "lb_strategy",
        "truststore",
        "keytab",
        "url",
        "catalogTtl",
        "memoryLimit",
        "spillDirectory"
      })
  void aClientChoosesNoClassesFilesOrHosts(String key) throws Exception {
    String value = "inline:{}";
    SQLException ours =
        assertThrows(
            SQLException.class,
            () -> WireClient.open(server.server(), Map.of(key, value), "alice"));
    assertEquals("22023", ours.getSQLState(), ours::getMessage);
    String stock = avatica("alice", open("1", "{\"%s\": \"%s\"}".formatted(key, value)));
    boolean refused = stock.contains("\"sqlState\":\"22023\"");
    // Avatica's own names, which its client keeps to itself, are passed over.
    assertTrue(
        refused
            || List.of("factory", "httpclient_impl", "lb_strategy", "truststore", "keytab", "url")
                .contains(key),
        stock);
    HttpResponse<String> plain =
        server.http(
            "POST",
            "/v1/query",
            "{\"sql\": \"SELECT 1\", \"settings\": {\"%s\": \"%s\"}}".formatted(key, value),
            "Content-Type",
            "application/json",
            "Authorization",
            Users.authorization("alice"));
    assertEquals(400, plain.statusCode(), plain.body());
  }
}
