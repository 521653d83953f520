package io.datanode.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code POST /v1/query}: requests in, rows or errors out, straight on DuckDB. */
@Timeout(60)
class QueryOverHttpTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static TestServer server;

  @BeforeAll
  static void start() throws SQLException {
    server = TestServer.start();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  /** Whatever a request did, nothing of it is left. */
  @AfterEach
  void nothingIsLeft() throws InterruptedException {
    RestRequests.awaitRest(server);
    assertEquals(0, server.server().sessions().size());
    assertEquals(0, server.server().sessions().runningStatements());
    assertEquals(0, DuckDbSession.RUNNING.get());
  }

  private static String rows(String sql, String... headers) throws Exception {
    HttpResponse<String> answer =
        RestRequests.post(
            server, "/v1/query", JSON.createObjectNode().put("sql", sql).toString(), headers);
    assertEquals(200, answer.statusCode(), answer.body());
    return answer.body();
  }

  private static JsonNode error(int status, String body, String... headers) throws Exception {
    HttpResponse<String> answer = RestRequests.post(server, "/v1/query", body, headers);
    assertEquals(status, answer.statusCode(), answer.body());
    return JSON.readTree(answer.body()).get("error");
  }

  @Test
  void rowsComeWithTheirColumns() throws Exception {
    HttpResponse<String> answer =
        RestRequests.post(
            server,
            "/v1/query",
            """
            {"sql": "SELECT CAST(? AS VARCHAR) AS asset, CAST(? AS DOUBLE) AS price",
             "parameters": ["SAP", 181.91]}
            """);
    assertEquals(200, answer.statusCode());
    assertEquals("application/json", answer.headers().firstValue("Content-Type").orElseThrow());
    assertEquals(
        """
        {"columns":[{"name":"asset","type":"VARCHAR","dtype":"string","nullable":true},\
        {"name":"price","type":"DOUBLE","dtype":"float64","nullable":true}],\
        "rows":[["SAP",181.91]],"row_count":1,"truncated":false}
        """,
        answer.body());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "CAST(9223372036854775807 AS BIGINT)                | 9223372036854775807",
        "CAST(-9007199254740993 AS BIGINT)                  | -9007199254740993",
        "CAST('0.10' AS DECIMAL(10, 2))                     | 0.10",
        "CAST('-12345678901234567890.1234567890' AS DECIMAL(38, 10))"
            + "| -12345678901234567890.1234567890",
        "CAST('0.0000000001' AS DECIMAL(38, 10))            | 0.0000000001",
        "CAST(0.1 AS DOUBLE)                                | 0.1",
        "CAST('2e23' AS DOUBLE)                             | 2.0E23",
        "CAST('-0.0' AS DOUBLE)                             | -0.0",
        "CAST('0.1' AS FLOAT)                               | 0.1",
        "CAST('NaN' AS DOUBLE)                              | \"NaN\"",
        "CAST('Infinity' AS DOUBLE)                         | \"Infinity\"",
        "CAST('-Infinity' AS FLOAT)                         | \"-Infinity\"",
        "TRUE                                               | true",
        "CAST(NULL AS INTEGER)                              | null",
        "''                                                 | \"\"",
        "'Zürich \"1\" 𝄞'                                   | \"Zürich \\\"1\\\" 𝄞\"",
        "DATE '2024-02-29'                                  | \"2024-02-29\"",
        "DATE '0044-03-15 (BC)'                             | \"-0043-03-15\"",
        "TIME '09:30:00.25'                                 | \"09:30:00.250000\"",
        "TIMESTAMP '2024-01-02 09:30:00'                    | \"2024-01-02T09:30:00\"",
        "TIMESTAMP '2024-01-02 09:30:00.000001'             | \"2024-01-02T09:30:00.000001\"",
        "TIMESTAMPTZ '2024-01-02 09:30:00.5+01'             | \"2024-01-02T08:30:00.500000Z\"",
        "CAST('\\xAA\\x00' AS BLOB)                         | \"qgA=\"",
        "INTERVAL 1 HOUR                                    | \"PT1H2M3.5S\"",
        "UUID '4ac7a9e9-607c-4c8a-84f3-843f0191e3fd'"
            + "| \"4ac7a9e9-607c-4c8a-84f3-843f0191e3fd\"",
        "[1, NULL, 3]                                       | [1,null,3]",
        "[['a'], []]                                        | [[\"a\"],[]]",
      })
  void valuesKeepAllTheyHave(String expression, String expected) throws Exception {
    String body = rows("SELECT " + expression + " AS v");
    assertTrue(body.contains("\"rows\":[[" + expected + "]],"), body);
  }

  @Test
  void instantsAreShownInTheZoneOfTheRequest() throws Exception {
    HttpResponse<String> answer =
        RestRequests.post(
            server,
            "/v1/query",
            """
            {"sql": "SELECT TIMESTAMPTZ '2024-07-01 12:00:00Z'",
             "settings": {"timeZone": "Europe/Berlin"}}
            """);
    assertTrue(answer.body().contains("[[\"2024-07-01T14:00:00+02:00\"]]"), answer.body());
  }

  @Test
  void moreRowsThanAskedForAreCutAndSaidToBe() throws Exception {
    HttpResponse<String> answer =
        RestRequests.post(
            server, "/v1/query", "{\"sql\": \"SELECT * FROM range(10)\", \"max_rows\": 2}");
    assertTrue(
        answer.body().endsWith("\"rows\":[[0],[1]],\"row_count\":2,\"truncated\":true}\n"),
        answer.body());
    HttpResponse<String> whole =
        RestRequests.post(
            server, "/v1/query", "{\"sql\": \"SELECT * FROM range(2)\", \"max_rows\": 2}");
    assertTrue(
        whole.body().endsWith("\"rows\":[[0],[1]],\"row_count\":2,\"truncated\":false}\n"),
        whole.body());
  }

  @Test
  void csvTellsNullFromEmptyText() throws Exception {
    assertEquals(
        """
        a,b,c,d\r
        1,,"","x, ""y""\r
        z"\r
        """,
        rows(
            "SELECT 1 AS a, CAST(NULL AS VARCHAR) AS b, '' AS c, 'x, \"y\"\r\nz' AS d",
            "Accept",
            "text/csv"));
  }

  @Test
  void csvHasTheSameTextAsJson() throws Exception {
    assertEquals(
        """
        i,d,n,t,l\r
        9007199254740993,0.10,NaN,2024-01-02T08:30:00.500000Z,"[1,null]"\r
        """,
        rows(
            "SELECT CAST(9007199254740993 AS BIGINT) AS i, CAST('0.10' AS DECIMAL(10, 2)) AS d,"
                + " CAST('NaN' AS DOUBLE) AS n, TIMESTAMPTZ '2024-01-02 08:30:00.5Z' AS t,"
                + " [1, NULL] AS l",
            "Accept",
            "text/csv"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "application/json                        | application/json",
        "*/*                                     | application/json",
        "text/*                                  | text/csv; charset=utf-8; header=present",
        "application/json;q=0.5, text/csv        | text/csv; charset=utf-8; header=present",
        "application/json;q=0, */*               | text/csv; charset=utf-8; header=present",
        "image/png, text/csv;q=0.1               | text/csv; charset=utf-8; header=present",
      })
  void theClientChoosesTheFormat(String accept, String contentType) throws Exception {
    HttpResponse<String> answer =
        RestRequests.post(server, "/v1/query", "{\"sql\": \"SELECT 1\"}", "Accept", accept);
    assertEquals(contentType, answer.headers().firstValue("Content-Type").orElseThrow());
  }

  @Test
  void aFormatThatThereIsNotIsRefused() throws Exception {
    JsonNode error = error(406, "{\"sql\": \"SELECT 1\"}", "Accept", "image/png, text/csv;q=0");
    assertEquals("not_acceptable", error.get("kind").textValue());
    assertTrue(error.get("message").textValue().contains("text/csv"), error.toString());
    error(400, "{\"sql\": \"SELECT 1\"}", "Accept", "text/csv; header=\"present");
  }

  @Test
  void aStatementWithoutRowsHasNoColumns() throws Exception {
    assertEquals(
        "{\"columns\":[],\"rows\":[],\"row_count\":0,\"truncated\":false}\n",
        rows("SET schema = 'research'"));
    assertEquals("", rows("SET schema = 'research'", "Accept", "text/csv"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{}                                       | /sql          | '/sql' is missing; expected text",
        "{\"sql\": 7}                             | /sql          | '/sql' is a number; expected text",
        "{\"sql\": \"  \"}                        | /sql          | '/sql' is blank; expected text",
        "{\"sqll\": \"SELECT 1\"}                 | /sqll         | There is no member 'sqll'; did you mean 'sql'?",
        "{\"sql\": \"SELECT 1\", \"parameters\": {}} | /parameters | '/parameters' is an object; expected an array",
        "{\"sql\": \"SELECT 1\", \"parameters\": [1, {\"a\": 1}]} | /parameters/1"
            + "| '/parameters/1' is an object; expected text, a number, true, false, null or an array of such",
        "{\"sql\": \"SELECT 1\", \"parameters\": [1e999999999]} | /parameters/0"
            + "| '/parameters/0' is 1E+999999999, which no numeric type holds",
        "{\"sql\": \"SELECT 1\", \"parameters\": [\"\\ud800\"]} | /parameters/0"
            + "| '/parameters/0' has half a character, a surrogate without the other, at 0",
        "{\"sql\": \"SELECT 1\", \"max_rows\": 0} | /max_rows"
            + "| '/max_rows' is 0; expected a whole number from 1 to 2147483647",
        "{\"sql\": \"SELECT 1\", \"timeout_seconds\": 1.5} | /timeout_seconds"
            + "| '/timeout_seconds' is 1.5; expected a whole number from 1 to 2147483647",
        "{\"sql\": \"SELECT 1\", \"settings\": {\"timeZone\": [1]}} | /settings/timeZone"
            + "| '/settings/timeZone' is an array; expected text or a number",
        "{\"sql\": \"SELECT 1\", \"catalog\": 1} | /catalog | There is no member 'catalog';"
            + " its members are sql, parameters, settings, max_rows, timeout_seconds",
        "[]                                       | ``            | The body is an array; expected an object",
      })
  void whatIsWrongInARequestIsNamedByPointer(String body, String pointer, String message)
      throws Exception {
    JsonNode error = error(400, body);
    assertEquals("invalid_request", error.get("kind").textValue());
    assertEquals(message, error.get("message").textValue());
    assertEquals(pointer, error.get("pointer").textValue());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"sql\": \"SELECT 1\"          | 1 | 19",
        "{\"sql\": \"SELECT 1\"} {}      | 1 | 21",
        "{\"sql\": NaN}                  | 1 | 12",
        "{\"sql\": \"a\", \"sql\": \"b\"} | 1 | 19",
        "``                              | ` ` | ` `",
      })
  void whatIsNoJsonIsNamedByLineAndColumn(String body, String line, String column)
      throws Exception {
    JsonNode error = error(400, body);
    assertEquals("protocol_error", error.get("code").textValue());
    assertEquals("08P01", error.get("sqlstate").textValue());
    if (!body.isEmpty()) {
      assertEquals(line, error.get("line").asText(), error.toString());
      assertEquals(column, error.get("column").asText(), error.toString());
      assertFalse(error.toString().contains("StreamReadFeature"), error.toString());
    }
  }

  @Test
  void aNumberThatNoTypeHoldsIsRefused() throws Exception {
    String sql = "{\"sql\": \"SELECT CAST(? AS BIGINT) AS n\", \"parameters\": [";
    error(400, sql + "1e-9223372036854775809]}");
    error(400, sql + "1e99999999999]}");
    error(400, sql + "1e999999999]}");
    error(400, sql + "-1e999999999]}");
  }

  @Test
  void deepNestingIsRefused() throws Exception {
    JsonNode error =
        error(
            400,
            "{\"sql\": \"SELECT 1\", \"parameters\": "
                + "[".repeat(10_000)
                + "]".repeat(10_000)
                + "}");
    assertTrue(error.get("message").textValue().contains("at most 100 levels"), error.toString());
    assertTrue(error.get("pointer").textValue().startsWith("/parameters/0/0/"), error.toString());
  }

  @Test
  void tooManyValuesAreRefused() throws Exception {
    JsonNode error =
        error(400, "{\"sql\": \"SELECT 1\", \"parameters\": [" + "1,".repeat(2_000_000) + "1]}");
    assertTrue(error.get("message").textValue().contains("2000000 values"), error.toString());
  }

  @Test
  void bytesThatAreNoTextAreRefused() throws Exception {
    byte[] body = "{\"sql\": \"SELECT '?'\"}".getBytes(StandardCharsets.US_ASCII);
    body[17] = (byte) 0xFF;
    HttpResponse<byte[]> answer = RestRequests.postBytes(server, "/v1/query", body);
    assertEquals(400, answer.statusCode());
    assertTrue(
        new String(answer.body(), StandardCharsets.UTF_8)
            .contains("what is at byte 17 is no character"));
  }

  @Test
  void anotherContentTypeIsRefused() throws Exception {
    JsonNode error =
        error(415, "sql=SELECT+1", "Content-Type", "application/x-www-form-urlencoded");
    assertEquals("unsupported_media_type", error.get("kind").textValue());
    assertTrue(error.get("message").textValue().contains("expected application/json"));
    error(415, "{}", "Content-Type", "application/json; charset=iso-8859-1");
    error(415, "{}", "Content-Type", "application/json; charset=\"utf-8");
    error(415, "{}", "Content-Type", "");
    error(415, "{}", "Content-Type", ";");
  }

  @Test
  void anotherMethodIsRefusedWithTheRightOne() throws Exception {
    HttpResponse<String> answer = server.http("GET", "/v1/query", "");
    assertEquals(405, answer.statusCode());
    assertEquals("POST", answer.headers().firstValue("Allow").orElseThrow());
    assertEquals(
        "method_not_allowed",
        JSON.readTree(answer.body()).at("/error/kind").textValue(),
        answer.body());
  }

  @Test
  void wrongSqlIsAnErrorWithItsState() throws Exception {
    JsonNode error = error(400, "{\"sql\": \"SELECT * FROM nowhere\"}");
    assertEquals("undefined_node", error.get("code").textValue());
    assertEquals("42P01", error.get("sqlstate").textValue());
    assertFalse(error.toString().contains("\\tat "), error.toString());
  }

  @Test
  void aSettingOfTheServerCannotBeChanged() throws Exception {
    JsonNode error =
        error(400, "{\"sql\": \"SELECT 1\", \"settings\": {\"memoryLimit\": \"1GB\"}}");
    assertEquals("invalid_parameter", error.get("code").textValue());
    assertEquals("/settings/memoryLimit", error.get("pointer").textValue());
  }

  @Test
  void anErrorInTheFirstRowsHasAStatusOfItsOwn() throws Exception {
    JsonNode error =
        error(400, "{\"sql\": \"SELECT CAST(x AS INTEGER) FROM (VALUES ('1'), ('one')) t(x)\"}");
    assertEquals("data_exception", error.get("code").textValue());
  }
}
