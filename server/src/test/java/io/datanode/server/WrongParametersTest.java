package io.datanode.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A value of {@code POST /v1/query} that its place in the SQL does not take, or that makes no sense
 * for a setting, is named by pointer.
 */
@Timeout(60)
class WrongParametersTest {
  @RegisterExtension static final MarketServer market = new MarketServer();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "close > ? AND volume > ?     | 1, \"x\"        | /parameters/1 | 22018"
            + " | Parameter 2 (BIGINT) is 'x'; expected a whole number",
        "time_index > ?               | \"yesterday\" | /parameters/0 | 22007"
            + " | Parameter 1 (TIMESTAMP(6) WITH LOCAL TIME ZONE) is 'yesterday'; expected a timestamp such as"
            + " 2024-01-31T09:30:00Z, or 2024-01-31 09:30:00 in the session's zone",
        "close + CAST(? AS DECIMAL(5, 2)) > 0 | \"1O\" | /parameters/0 | 22018"
            + " | Parameter 1 (DECIMAL(5, 2)) is '1O'; expected a number",
        "close > ?                    | 1, 2         | /parameters   | 07001"
            + " | The statement takes 1 parameter; 2 were given",
      })
  void aWrongParameterIsNamedByPointer(
      String where, String parameters, String pointer, String state, String message)
      throws Exception {
    JsonNode error =
        error(
            "{\"sql\": \"SELECT close FROM daily_prices WHERE "
                + where
                + "\", \"parameters\": ["
                + parameters
                + "]}");
    assertEquals(message, error.get("message").textValue());
    assertEquals(pointer, error.get("pointer").textValue());
    assertEquals(state, error.get("sqlstate").textValue());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "timezone     | Mars | 22023 | timeZone is 'Mars'; expected a zone such as Europe/Paris, UTC or +01:00",
        "schema       | nope | 3F000 | There is no schema 'nope'; the schemas are nodes, research, metadata",
        "pushdown     | some | 22023 | pushdown is 'some'; expected on or off",
        "asOf         | then | 22023 | asOf is 'then'; expected an instant such as 2024-01-05T07:00:00Z, or a time"
            + " in the session's zone such as 2024-01-05 08:00:00",
        "replayfrom   | then | 22023 | replayFrom is 'then'; expected an instant such as 2024-01-05T07:00:00Z, or a"
            + " time in the session's zone such as 2024-01-05 08:00:00",
        "replaySpeed  | 0    | 22023 | Setting 'replaySpeed' is '0'; expected a number greater than zero",
        "memory~Limit | 1GB  | 22023 | 'memory~Limit' cannot be set by a client of a server; what can is timeZone,"
            + " schema, timestampType, applicationName, queryTimeout, pushdown, strictPushdown, strictPointInTime,"
            + " maxShippedRows, asOf, asOfDelay, replayFrom, replaySpeed",
      })
  void aWrongSettingIsNamedByPointer(String name, String value, String state, String message)
      throws Exception {
    JsonNode error =
        error(
            "{\"sql\": \"SELECT 1\", \"settings\": {\"applicationName\": \"desk\", \"%s\": \"%s\"}}"
                .formatted(name, value));
    assertEquals(message, error.get("message").textValue());
    assertEquals("/settings/" + name.replace("~", "~0"), error.get("pointer").textValue());
    assertEquals(state, error.get("sqlstate").textValue());
  }

  private static JsonNode error(String request) throws Exception {
    HttpResponse<String> answer = RestRequests.post(market.server(), "/v1/query", request);
    assertEquals(400, answer.statusCode(), answer.body());
    return new ObjectMapper().readTree(answer.body()).get("error");
  }
}
