package io.datanode.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Avatica's JSON protocol as programs in other languages write it by hand, message by message;
 * {@code examples/avatica.py} is one.
 */
@Timeout(60)
class AvaticaJsonTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @RegisterExtension static final MarketServer market = new MarketServer();

  private static JsonNode ask(int status, String message) throws Exception {
    HttpResponse<String> answer =
        market.server().http("POST", "/", message, "Content-Type", "application/json");
    assertEquals(status, answer.statusCode(), answer.body());
    return JSON.readTree(answer.body());
  }

  @Test
  void aQueryWithAParameterReadInFrames() throws Exception {
    ask(200, "{\"request\": \"openConnection\", \"connectionId\": \"c1\", \"info\": {}}");
    JsonNode statement =
        ask(
                200,
                "{\"request\": \"prepare\", \"connectionId\": \"c1\", \"maxRowCount\": -1, \"sql\":"
                    + " \"SELECT time_index, close FROM daily_prices WHERE asset_identifier = ?"
                    + " ORDER BY time_index\"}")
            .get("statement");
    JsonNode result =
        ask(
                200,
                "{\"request\": \"execute\", \"maxRowCount\": 30, \"statementHandle\": "
                    + statement
                    + ", \"parameterValues\": [{\"type\": \"STRING\", \"value\": \"SAP\"}]}")
            .get("results")
            .get(0);
    assertEquals("time_index", result.at("/signature/columns/0/label").asText());
    assertEquals(93, result.at("/signature/columns/0/type/id").asInt());
    List<Double> closes = new ArrayList<>();
    JsonNode frame = result.get("firstFrame");
    // 2026-01-01T21:00:00Z
    assertEquals(1_767_301_200_000L, frame.at("/rows/0/0").asLong());
    frame.get("rows").forEach(row -> closes.add(row.get(1).asDouble()));
    assertFalse(frame.get("done").asBoolean());
    while (!frame.get("done").asBoolean()) {
      frame =
          ask(
                  200,
                  "{\"request\": \"fetch\", \"connectionId\": \"c1\", \"statementId\": "
                      + result.get("statementId")
                      + ", \"offset\": "
                      + closes.size()
                      + ", \"fetchMaxRowCount\": 30}")
              .get("frame");
      frame.get("rows").forEach(row -> closes.add(row.get(1).asDouble()));
    }
    assertEquals(40, closes.size());
    assertEquals(100.5, closes.get(0));
    assertEquals(139.5, closes.get(39));
    ask(
        200,
        "{\"request\": \"closeStatement\", \"connectionId\": \"c1\", \"statementId\": "
            + result.get("statementId")
            + "}");
    ask(200, "{\"request\": \"closeConnection\", \"connectionId\": \"c1\"}");
  }

  @Test
  void anErrorHasItsSqlStateAndNoStackTrace() throws Exception {
    ask(200, "{\"request\": \"openConnection\", \"connectionId\": \"c2\", \"info\": {}}");
    JsonNode error =
        ask(
            500,
            "{\"request\": \"prepare\", \"connectionId\": \"c2\", \"maxRowCount\": -1, \"sql\":"
                + " \"SELECT closing FROM daily_prices\"}");
    assertEquals("42703", error.get("sqlState").asText());
    assertTrue(error.get("errorMessage").asText().contains("no column 'closing'"), error::toString);
    assertEquals(error.get("errorMessage"), error.at("/exceptions/0"));
    ask(200, "{\"request\": \"closeConnection\", \"connectionId\": \"c2\"}");
  }
}
