package io.datanode.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Searches, fixed reads and the catalog over plain HTTP, on the market.engine(). */
@Timeout(60)
class SearchOverHttpTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Runs for minutes. */
  private static final String SLOW =
      "SELECT COUNT(*) FROM daily_prices a, daily_prices b, daily_prices c, daily_prices d,"
          + " daily_prices e WHERE a.close + b.close + c.close + d.close > e.close";

  @RegisterExtension static final MarketServer market = new MarketServer();

  @AfterEach
  void nothingIsLeft() throws InterruptedException {
    RestRequests.awaitRest(market.server());
    assertEquals(0, market.server().server().sessions().size());
    assertEquals(0, market.server().server().sessions().runningStatements());
    assertEquals(0, market.engine().openSessions());
  }

  private static String answer(int status, String path, String body, String... headers)
      throws Exception {
    HttpResponse<String> answer = RestRequests.post(market.server(), path, body, headers);
    assertEquals(status, answer.statusCode(), answer.body());
    return answer.body();
  }

  private static JsonNode json(int status, String path, String body) throws Exception {
    return JSON.readTree(answer(status, path, body));
  }

  private static JsonNode error(int status, String path, String body) throws Exception {
    return json(status, path, body).get("error");
  }

  private static JsonNode get(int status, String path) throws Exception {
    HttpResponse<String> answer = market.server().http("GET", path, "");
    assertEquals(status, answer.statusCode(), answer.body());
    return JSON.readTree(answer.body());
  }

  @Test
  void aSearchIsAnsweredInTheShapeOfTheReference() throws Exception {
    String page =
        answer(
            200,
            "/v1/search",
            """
            {"node_unique_identifier": "daily_prices",
             "filter": {"type": "condition", "field": "asset_identifier", "op": "eq", "value": "SAP"},
             "limit": 2, "offset": 0}
            """);
    assertEquals(
        JSON.readTree(
            """
            {"index_names": ["time_index", "asset_identifier"],
             "data_node_storage_map": {"base": {
               "identifier": "daily_prices",
               "storage_hash": "prices_0123456789abcdef0123456789abcdef",
               "description": "Daily bars.",
               "sourcetableconfiguration": {
                 "time_index_name": "time_index",
                 "index_names": ["time_index", "asset_identifier"],
                 "column_dtypes_map": {
                   "time_index": "timestamp with time zone", "asset_identifier": "string",
                   "close": "float64", "volume": "int64"}}}},
             "results": [
               {"time_index": "2026-01-01T21:00:00Z", "asset_identifier": "SAP",
                "base__close": 100.5, "base__volume": null},
               {"time_index": "2026-01-02T21:00:00Z", "asset_identifier": "SAP",
                "base__close": 101.5, "base__volume": 1754078400000000001}],
             "next_offset": 2}
            """),
        JSON.readTree(page));
  }

  @Test
  void everyRowIsOnOnePage() throws Exception {
    Set<String> seen = new LinkedHashSet<>();
    long offset = 0;
    int pages = 0;
    while (true) {
      JsonNode page =
          json(
              200,
              "/v1/search",
              "{\"node_unique_identifier\": \"daily_prices\", \"limit\": 35, \"offset\": "
                  + offset
                  + "}");
      page.get("results")
          .forEach(
              row ->
                  assertTrue(
                      seen.add(
                          row.get("time_index").textValue()
                              + " "
                              + row.get("asset_identifier").textValue())));
      pages++;
      if (page.get("next_offset").isNull()) {
        break;
      }
      offset = page.get("next_offset").longValue();
    }
    assertEquals(4, pages);
    assertEquals(120, seen.size());
    List<String> sorted = new ArrayList<>(seen);
    sorted.sort(null);
    assertEquals(sorted, List.copyOf(seen));
  }

  @Test
  void joinsPrefixTheirColumns() throws Exception {
    JsonNode page =
        json(
            200,
            "/v1/search",
            """
            {"node_unique_identifier": "daily_prices",
             "joins": [{"name": "caps", "node_unique_identifier": "research.market_caps",
                        "type": "inner", "on": ["time_index", "asset_identifier"]}],
             "limit": 1}
            """);
    assertEquals(
        JSON.readTree(
            """
            {"time_index": "2026-01-01T21:00:00Z", "asset_identifier": "AAPL",
             "base__close": 100.5, "base__volume": null, "caps__market_cap": 1000.00}
            """),
        page.at("/results/0"));
    assertEquals(
        "numeric",
        page.at("/data_node_storage_map/caps/sourcetableconfiguration/column_dtypes_map/market_cap")
            .textValue());
  }

  @Test
  void aSearchCanBeCsv() throws Exception {
    assertEquals(
        "time_index,asset_identifier,base__close,base__volume\r\n"
            + "2026-01-01T21:00:00Z,AAPL,100.5,\r\n",
        answer(
            200,
            "/v1/search",
            "{\"node_unique_identifier\": \"daily_prices\", \"limit\": 1}",
            "Accept",
            "text/csv"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{}                                              | 400 | ``            | Exactly one of storage_hash or node_unique_identifier must be provided.",
        "{\"node_unique_identifier\": \"daily_price\"}   | 404 | /node_unique_identifier | did you mean 'daily_prices'?",
        "{\"node_unique_identifier\": \"daily_prices\", \"filter\":"
            + " {\"type\": \"condition\", \"field\": \"clse\", \"op\": \"gt\", \"value\": 1}}"
            + "| 400 | /filter/field | did you mean 'close'?",
        "{\"node_unique_identifier\": \"daily_prices\", \"filter\":"
            + " {\"type\": \"condition\", \"field\": \"close\", \"op\": \"gt\", \"value\": \"x\"}}"
            + "| 400 | /filter/value | 'x'",
        "{\"node_unique_identifier\": \"daily_prices\", \"offset\": -1} | 400 | /offset | greater than or equal to 0",
        "{\"node_unique_identifier\": | 400 | /node_unique_identifier | not JSON",
      })
  void whatIsWrongInASearchIsNamedByPointer(String body, int status, String pointer, String message)
      throws Exception {
    JsonNode error = error(status, "/v1/search", body);
    assertEquals(pointer, error.get("pointer").textValue(), error.toString());
    assertTrue(error.get("message").textValue().contains(message), error.toString());
  }

  @Test
  void unknownKeysArePassedOverUnlessStrict() throws Exception {
    String body = "{\"node_unique_identifier\": \"daily_prices\", \"columns\": [\"close\"]}";
    assertEquals(50, json(200, "/v1/search", body).get("results").size());
    assertEquals("/columns", error(400, "/v1/search?strict=true", body).get("pointer").textValue());
    assertEquals(
        "Query parameter 'strict' is given more than once",
        error(400, "/v1/search?strict=true&strict=false", body).get("message").textValue());
    assertTrue(
        error(400, "/v1/search?strikt=true", body)
            .get("message")
            .textValue()
            .contains("did you mean 'strict'?"));
  }

  @Test
  void deepFiltersAreRefused() throws Exception {
    String group = "{\"type\":\"group\",\"logic\":\"and\",\"items\":[";
    JsonNode error =
        error(
            400,
            "/v1/search",
            "{\"node_unique_identifier\":\"daily_prices\",\"filter\":"
                + group.repeat(10_000)
                + "]}".repeat(10_000)
                + "}");
    assertTrue(error.get("pointer").textValue().startsWith("/filter/items/0"), error.toString());
  }

  @Test
  void rowsBetweenDatesComeWithTheTypesOfTheirColumns() throws Exception {
    JsonNode page =
        json(
            200,
            "/v1/nodes/daily_prices/between-dates",
            """
            {"start_date": 1767301200.0, "end_date": "2026-01-03T21:00:00Z",
             "great_or_equal": false, "less_or_equal": true,
             "dimension_filters": {"asset_identifier": ["SAP"]}, "columns": ["volume"]}
            """);
    assertEquals(
        JSON.readTree(
            """
            {"index_names": ["time_index", "asset_identifier"],
             "column_dtypes_map": {"time_index": "timestamp with time zone",
                "asset_identifier": "string", "close": "float64", "volume": "int64"},
             "results": [
               {"time_index": "2026-01-02T21:00:00Z", "asset_identifier": "SAP",
                "volume": 1754078400000000001},
               {"time_index": "2026-01-03T21:00:00Z", "asset_identifier": "SAP",
                "volume": 1754078400000000002}],
             "next_offset": null}
            """),
        page);
  }

  @Test
  void theLastObservationIsAListOfRows() throws Exception {
    assertEquals(
        JSON.readTree(
            """
            [{"time_index": "2026-01-31T21:00:00Z", "asset_identifier": "AAPL", "market_cap": 1003.00},
             {"time_index": "2026-01-31T21:00:00Z", "asset_identifier": "SAP", "market_cap": 1003.00}]
            """),
        json(200, "/v1/nodes/research.market_caps/last-observation", "{}"));
  }

  @Test
  void whatIsWrongInAFixedReadIsNamedByPointer() throws Exception {
    JsonNode dimension =
        error(
            400,
            "/v1/nodes/daily_prices/between-dates",
            "{\"dimension_filters\": {\"close\": [1]}}");
    assertEquals("/dimension_filters/close", dimension.get("pointer").textValue());
    for (String seconds : List.of("1e999999999", "1e-999999999")) {
      JsonNode time =
          error(400, "/v1/nodes/daily_prices/between-dates", "{\"start_date\": " + seconds + "}");
      assertEquals("/start_date", time.get("pointer").textValue());
    }
    JsonNode node = error(404, "/v1/nodes/daily_price/last-observation", "{}");
    assertEquals("undefined_node", node.get("code").textValue());
  }

  @Test
  void theNodesAreListed() throws Exception {
    JsonNode all = get(200, "/v1/nodes");
    assertEquals(2, all.get("count").intValue());
    assertEquals(
        JSON.readTree(
            """
            {"identifier": "daily_prices", "namespace": "nodes", "description": "Daily bars.",
             "labels": ["prices"], "cadence": "1d", "storage": "lake",
             "storage_hash": "prices_0123456789abcdef0123456789abcdef"}
            """),
        all.at("/results/0"));
    JsonNode research = get(200, "/v1/nodes?namespace=research");
    assertEquals(1, research.get("count").intValue());
    assertEquals("market_caps", research.at("/results/0/identifier").textValue());
  }

  @Test
  void theListCanBeCompressed() throws Exception {
    HttpResponse<byte[]> answer = RestRequests.getBytes(market.server(), "/v1/nodes", "gzip");
    assertEquals("gzip", answer.headers().firstValue("Content-Encoding").orElseThrow());
    JsonNode all =
        JSON.readTree(new GZIPInputStream(new ByteArrayInputStream(answer.body())).readAllBytes());
    assertEquals(2, all.get("count").intValue());
  }

  @Test
  void aNodeIsDescribed() throws Exception {
    JsonNode node = get(200, "/v1/nodes/daily_prices");
    assertEquals("time_index", node.get("time_index").textValue());
    assertEquals(JSON.readTree("[\"time_index\", \"asset_identifier\"]"), node.get("index_names"));
    assertEquals(
        JSON.readTree(
            """
            {"name": "close", "dtype": "float64", "type": "DOUBLE", "nullable": true, "role": null,
             "label": "Close", "description": "Official close.", "unit": "USD"}
            """),
        node.at("/columns/2"));
    JsonNode key = get(200, "/v1/nodes/research.market_caps").at("/foreign_keys/0");
    assertEquals(JSON.readTree("[\"asset_identifier\"]"), key.get("source_columns"));
    assertEquals("nodes", key.get("target_namespace").textValue());
    assertEquals("daily_prices", key.get("target_identifier").textValue());
    assertEquals(JSON.readTree("[\"asset_identifier\"]"), key.get("target_columns"));
  }

  @Test
  void aNodeThatIsNotThereIsA404WithTheNearest() throws Exception {
    JsonNode error = get(404, "/v1/nodes/dayly_prices").get("error");
    assertEquals("not_found", error.get("kind").textValue());
    assertEquals("42P01", error.get("sqlstate").textValue());
    assertTrue(error.get("message").textValue().contains("did you mean 'daily_prices'?"));
  }

  @ParameterizedTest
  @CsvSource({
    "GET,    /v1/search,                               POST",
    "GET,    /v1/nodes/daily_prices/between-dates,     POST",
    "POST,   /v1/nodes/daily_prices,                   'GET, HEAD'",
    "DELETE, /v1/nodes,                                'GET, HEAD'",
  })
  void otherMethodsAreRefused(String method, String path, String allowed) throws Exception {
    HttpResponse<String> answer = market.server().http(method, path, "");
    assertEquals(405, answer.statusCode(), answer.body());
    assertEquals(allowed, answer.headers().firstValue("Allow").orElseThrow());
    assertFalse(answer.body().isEmpty());
  }

  @Test
  void sqlErrorsHaveTheirLineAndColumn() throws Exception {
    JsonNode error =
        error(400, "/v1/query", "{\"sql\": \"SELECT close,\\n closing FROM daily_prices\"}");
    assertEquals("undefined_column", error.get("code").textValue());
    assertEquals(2, error.get("line").intValue());
    assertEquals(2, error.get("column").intValue());
    assertEquals("/sql", error.get("pointer").textValue());
  }

  @Test
  void aStatementThatTakesTooLongIsStopped() throws Exception {
    JsonNode error = error(504, "/v1/query", "{\"sql\": \"" + SLOW + "\", \"timeout_seconds\": 1}");
    assertEquals("timeout", error.get("kind").textValue());
    assertEquals("query_canceled", error.get("code").textValue());
  }

  @Test
  void aClientThatGoesStopsTheWorkOfTheStorage() throws Exception {
    try (Socket socket = new Socket("127.0.0.1", market.server().server().port())) {
      String body = "{\"sql\": \"" + SLOW + "\"}";
      socket
          .getOutputStream()
          .write(
              ("POST /v1/query HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: "
                      + body.length()
                      + "\r\n\r\n"
                      + body)
                  .getBytes(StandardCharsets.US_ASCII));
      while (outcomes().get("running") == null) {
        Thread.sleep(20);
      }
    }
    while (outcomes().get("running") != null) {
      Thread.sleep(20);
    }
    assertTrue(outcomes().get("cancelled") > 0, outcomes().toString());
  }

  /** How many of the slow statements have which outcome, as the engine logs them. */
  private static Map<String, Integer> outcomes() throws Exception {
    Map<String, Integer> outcomes = new HashMap<>();
    JSON.readTree(
            answer(
                200,
                "/v1/query",
                "{\"sql\": \"SELECT outcome FROM metadata.queries WHERE sql = ?\","
                    + " \"parameters\": [\""
                    + SLOW
                    + "\"]}"))
        .get("rows")
        .forEach(row -> outcomes.merge(row.get(0).textValue(), 1, Integer::sum));
    return outcomes;
  }
}
