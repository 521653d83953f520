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
 * A value of {@code POST /v1/query} that its place in the SQL does not take is named by pointer.
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
    HttpResponse<String> answer =
        RestRequests.post(
            market.server(),
            "/v1/query",
            "{\"sql\": \"SELECT close FROM daily_prices WHERE "
                + where
                + "\", \"parameters\": ["
                + parameters
                + "]}");
    assertEquals(400, answer.statusCode());
    JsonNode error = new ObjectMapper().readTree(answer.body()).get("error");
    assertEquals(message, error.get("message").textValue());
    assertEquals(pointer, error.get("pointer").textValue());
    assertEquals(state, error.get("sqlstate").textValue());
  }
}
