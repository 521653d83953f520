package io.datanode.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import io.datanode.server.session.SessionLimits;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The document at {@code /openapi.json} beside what the server really answers. */
@Timeout(120)
class OpenApiTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String SLOW =
      "SELECT COUNT(*) FROM daily_prices a, daily_prices b, daily_prices c, daily_prices d,"
          + " daily_prices e WHERE a.close + b.close + c.close + d.close > e.close";

  /** By path: a request that is answered. */
  private static final Map<String, String> POSTS =
      Map.of(
          "/v1/query",
          "{\"sql\": \"SELECT *, ARRAY[1] AS l, NULL AS n FROM daily_prices WHERE close < ?\","
              + " \"parameters\": [103], \"settings\": {\"timeZone\": \"Asia/Tokyo\"},"
              + " \"max_rows\": 5, \"timeout_seconds\": 30}",
          "/v1/search",
          "{\"node_unique_identifier\": \"daily_prices\", \"joins\": [{\"name\": \"caps\","
              + " \"node_unique_identifier\": \"research.market_caps\", \"type\": \"full\","
              + " \"on\": [\"time_index\", \"asset_identifier\"]}], \"filter\":"
              + " {\"type\": \"group\", \"items\": [{\"type\": \"condition\","
              + " \"field\": \"asset_identifier\", \"op\": \"in\", \"value\": [\"SAP\"]}]},"
              + " \"limit\": 3}",
          "/v1/nodes/{identifier}/between-dates",
          "{\"start_date\": 1767301200.5, \"end_date\": \"2026-01-05\", \"less_or_equal\": false,"
              + " \"dimension_range_map\": [{\"coordinate\": {\"asset_identifier\": \"SAP\"},"
              + " \"start_date\": null}], \"columns\": [\"close\"], \"limit\": 2}",
          "/v1/nodes/{identifier}/last-observation",
          "{\"dimension_filters\": {\"asset_identifier\": [\"SAP\"]}, \"as_of\": \"2026-01-05\"}");

  @RegisterExtension static final MarketServer market = new MarketServer();
  private static JsonNode document;
  private final Set<String> seen = new TreeSet<>();

  @BeforeAll
  static void start() throws SQLException, IOException, InterruptedException {
    HttpResponse<String> answer = market.server().http("GET", "/openapi.json", "");
    assertEquals(200, answer.statusCode());
    assertEquals("application/json", answer.headers().firstValue("Content-Type").orElseThrow());
    document = JSON.readTree(answer.body());
  }

  @Test
  void everyAnswerThatIsDocumentedIsAnsweredSo() throws Exception {
    for (String path : POSTS.keySet()) {
      for (String format :
          new String[] {"application/json", "text/csv", "application/vnd.apache.arrow.stream"}) {
        post(market.server(), path, POSTS.get(path), "Accept", format);
      }
      post(market.server(), path, "[");
      post(market.server(), path, POSTS.get(path), "Accept", "image/png");
      post(market.server(), path, POSTS.get(path), "Content-Type", "text/plain");
      if (!path.equals("/v1/query")) {
        check(
            "post",
            path,
            market.server(),
            path.replace("{identifier}", "nowhere"),
            POSTS.get(path).replace("daily_prices", "nowhere"));
      }
      oldProtocol(path);
    }
    post(market.server(), "/v1/query", "{\"sql\": \"" + SLOW + "\", \"timeout_seconds\": 1}");
    try (TestServer strict = tight()) {
      for (String path : POSTS.keySet()) {
        post(strict, path, "{\"x\": \"" + "x".repeat(2_000) + "\"}");
        post(strict, path, POSTS.get(path));
      }
    }
    get("/v1/nodes", "/v1/nodes?namespace=research");
    get("/v1/nodes", "/v1/nodes?name=x");
    get("/v1/nodes", "/v1/nodes", "Accept", "text/csv");
    for (String found : new String[] {"/v1/nodes/description-search", "/v1/nodes/column-search"}) {
      get(found, found + "?q=close&namespace=nodes");
      get(found, found + "?q=%20");
      get(found, found + "?q=close", "Accept", "text/csv");
    }
    String descriptions = "/v1/nodes/description-search";
    post(market.server(), descriptions, "{\"q\": \"bars\", \"trigram_k\": 5, \"w_emb\": 0.35}");
    post(market.server(), descriptions, "{\"q\": \"bars\", \"q_embedding\": [0.1]}");
    post(market.server(), descriptions, "{\"q\": \"bars\"}", "Accept", "text/csv");
    post(market.server(), descriptions, "{\"q\": \"bars\"}", "Content-Type", "text/plain");
    try (TestServer strict = tight()) {
      post(strict, descriptions, "{\"q\": \"" + "x".repeat(2_000) + "\"}");
    }
    get("/v1/nodes/{identifier}", "/v1/nodes/daily_prices");
    get("/v1/nodes/{identifier}", "/v1/nodes/research.market_caps");
    get("/v1/nodes/{identifier}", "/v1/nodes/nowhere");
    get("/v1/nodes/{identifier}", "/v1/nodes/daily_prices?x=1");
    get("/v1/nodes/{identifier}", "/v1/nodes/daily_prices", "Accept", "text/csv");

    assertEquals(documented(), seen);
  }

  @Test
  void theRequestsOfTheDocumentAreThoseThatAreTaken() {
    POSTS.forEach(
        (path, request) -> {
          try {
            validate(
                document
                    .at("/paths/" + escaped(path) + "/post/requestBody/content")
                    .get("application/json")
                    .get("schema"),
                JSON.readTree(request));
          } catch (IOException e) {
            throw new AssertionError(e);
          }
        });
  }

  @Test
  void whatIsNoEndpointIsAnsweredByAnErrorToo() throws Exception {
    HttpResponse<String> nothing = market.server().http("GET", "/v2", "");
    assertEquals(404, nothing.statusCode());
    validate(schemaOf("Error"), JSON.readTree(nothing.body()));
    HttpResponse<String> method = market.server().http("DELETE", "/v1/query", "");
    assertEquals(405, method.statusCode());
    validate(schemaOf("Error"), JSON.readTree(method.body()));
  }

  private static JsonNode schemaOf(String name) {
    return JSON.createObjectNode().put("$ref", "#/components/schemas/" + name);
  }

  /** A server that takes small requests and no sessions. */
  private static TestServer tight() throws SQLException {
    SessionLimits limits = SessionLimits.defaults();
    ServerSettings defaults = ServerSettings.defaults();
    return TestServer.start(
        new ServerSettings(
            "127.0.0.1",
            0,
            new SessionLimits(
                limits.sessionIdle(),
                limits.statementIdle(),
                0,
                limits.statementsPerSession(),
                limits.user().runningStatements()),
            defaults.statementThreads(),
            1_000,
            defaults.drain()),
        market.engine());
  }

  /** All operations with their statuses, as {@code post /v1/query 200 text/csv}. */
  private static Set<String> documented() {
    Set<String> all = new TreeSet<>();
    for (Map.Entry<String, JsonNode> path : document.get("paths").properties()) {
      for (Map.Entry<String, JsonNode> operation : path.getValue().properties()) {
        for (Map.Entry<String, JsonNode> response :
            operation.getValue().get("responses").properties()) {
          if (!response.getKey().equals("default")) {
            resolved(response.getValue())
                .get("content")
                .fieldNames()
                .forEachRemaining(
                    type ->
                        all.add(
                            operation.getKey()
                                + " "
                                + path.getKey()
                                + " "
                                + response.getKey()
                                + " "
                                + type));
          }
        }
      }
    }
    return all;
  }

  private static JsonNode resolved(JsonNode node) {
    return node.has("$ref") ? document.at(node.get("$ref").textValue().substring(1)) : node;
  }

  private static String escaped(String path) {
    return path.replace("/", "~1");
  }

  private void post(TestServer to, String path, String body, String... headers) throws Exception {
    check("post", path, to, path.replace("{identifier}", "daily_prices"), body, headers);
  }

  private void get(String path, String realPath, String... headers) throws Exception {
    check(path, market.server().http("GET", realPath, "", headers), "get");
  }

  private void check(
      String operation, String path, TestServer to, String realPath, String body, String... headers)
      throws Exception {
    check(path, RestRequests.post(to, realPath, body, headers), operation);
  }

  private void check(String path, HttpResponse<String> answer, String operation)
      throws IOException {
    String type = answer.headers().firstValue("Content-Type").orElseThrow().replaceFirst(";.*", "");
    check(operation, path, answer.statusCode(), type, answer.body());
  }

  private void check(String operation, String path, int status, String type, String body)
      throws IOException {
    JsonNode response =
        resolved(document.at("/paths/" + escaped(path) + "/" + operation + "/responses/" + status));
    assertTrue(
        response.at("/content/" + escaped(type)).isObject(),
        () -> operation + " " + path + " answers " + status + " " + type + ": " + body);
    if (type.equals("application/json")) {
      validate(response.at("/content/application~1json/schema"), JSON.readTree(body));
    }
    seen.add(operation + " " + path + " " + status + " " + type);
  }

  private static void validate(JsonNode schema, JsonNode value) {
    ObjectNode whole = schema.deepCopy();
    whole.set("components", document.get("components"));
    JsonSchema compiled =
        JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(whole);
    Set<ValidationMessage> problems = compiled.validate(value);
    assertTrue(problems.isEmpty(), () -> problems + " in " + value);
  }

  private void oldProtocol(String path) throws IOException {
    byte[] body = POSTS.get(path).getBytes(StandardCharsets.UTF_8);
    try (Socket socket = new Socket("127.0.0.1", market.server().server().port())) {
      OutputStream out = socket.getOutputStream();
      out.write(
          ("POST "
                  + path.replace("{identifier}", "daily_prices")
                  + " HTTP/1.0\r\nHost: 127.0.0.1\r\nContent-Length: "
                  + body.length
                  + "\r\n\r\n")
              .getBytes(StandardCharsets.US_ASCII));
      out.write(body);
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      int status = Integer.parseInt(answer.split(" ", 3)[1]);
      check(
          "post",
          path,
          status,
          "application/json",
          answer.substring(answer.indexOf("\r\n\r\n") + 4));
    }
  }
}
