package io.datanode.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rows as Arrow streams, read by Arrow's own library. */
@Timeout(60)
class ArrowOverHttpTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String ARROW = "application/vnd.apache.arrow.stream";
  private static TestServer server;

  @BeforeAll
  static void start() throws SQLException {
    server = TestServer.start();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static byte[] arrow(String sql, String zone) throws Exception {
    ObjectNode request = JSON.createObjectNode().put("sql", sql);
    request.putObject("settings").put("timeZone", zone);
    HttpResponse<byte[]> answer =
        RestRequests.postBytes(
            server,
            "/v1/query",
            request.toString().getBytes(StandardCharsets.UTF_8),
            "Accept",
            ARROW);
    assertEquals(200, answer.statusCode(), () -> new String(answer.body(), StandardCharsets.UTF_8));
    assertEquals(ARROW, answer.headers().firstValue("Content-Type").orElseThrow());
    return answer.body();
  }

  /** The schema and, as text, the values of the first column. */
  private record Column(String type, List<String> values) {}

  private static Column column(byte[] stream) throws IOException {
    try (BufferAllocator memory = new RootAllocator();
        ArrowStreamReader reader =
            new ArrowStreamReader(new ByteArrayInputStream(stream), memory)) {
      String type = reader.getVectorSchemaRoot().getSchema().getFields().get(0).toString();
      List<String> values = new ArrayList<>();
      while (reader.loadNextBatch()) {
        FieldVector vector = reader.getVectorSchemaRoot().getVector(0);
        for (int row = 0; row < vector.getValueCount(); row++) {
          Object value = vector.getObject(row);
          values.add(
              value instanceof byte[] bytes
                  ? HexFormat.of().formatHex(bytes)
                  : String.valueOf(value));
        }
      }
      return new Column(type, values);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "TRUE                                    | v: Bool                                | true",
        "CAST(-128 AS TINYINT)                   | v: Int(8, true)                        | -128",
        "CAST(-32768 AS SMALLINT)                | v: Int(16, true)                       | -32768",
        "CAST(-2147483648 AS INTEGER)            | v: Int(32, true)                       | -2147483648",
        "CAST(-9223372036854775807 AS BIGINT)    | v: Int(64, true)                       | -9223372036854775807",
        "CAST('0.1' AS FLOAT)                    | v: FloatingPoint(SINGLE)               | 0.1",
        "CAST('NaN' AS DOUBLE)                   | v: FloatingPoint(DOUBLE)               | NaN",
        "CAST('-0.10' AS DECIMAL(10, 2))         | v: Decimal(10, 2, 128)                 | -0.10",
        "CAST('-12345678901234567890.1234567890' AS DECIMAL(38, 10)) | v: Decimal(38, 10, 128)"
            + "| -12345678901234567890.1234567890",
        "'Zürich 𝄞'                              | v: Utf8                                | Zürich 𝄞",
        "''                                      | v: Utf8                                | ``",
        "CAST('\\xAA\\x00' AS BLOB)              | v: Binary                              | aa00",
        "DATE '1969-12-31'                       | v: Date(DAY)                           | -1",
        "TIME '00:00:00.25'                      | v: Time(MICROSECOND, 64)               | 250000",
        "TIMESTAMP '2024-01-02 09:30:00.000001'  | v: Timestamp(MICROSECOND, null)        | 2024-01-02T09:30:00.000001",
        "TIMESTAMPTZ '2024-01-02 09:30:00.5+01'  | v: Timestamp(MICROSECOND, Europe/Berlin) | 1704184200500000",
        "INTERVAL 1 HOUR                         | v: Duration(MICROSECOND)               | PT1H2M3.5S",
        "[1, NULL, 3]                            | v: List<item: Int(32, true)>           | [1,null,3]",
        "[['a'], []]                             | v: List<item: List<item: Utf8>>        | [[\"a\"],[]]",
      })
  void everyTypeIsThatOfArrow(String expression, String type, String value) throws Exception {
    Column column =
        column(
            arrow(
                "SELECT " + expression + " AS v UNION ALL SELECT NULL ORDER BY 1",
                "Europe/Berlin"));
    assertEquals(type, column.type());
    assertEquals(List.of(value, "null"), column.values());
  }

  @Test
  void utcIsCalledSo() throws Exception {
    Column column = column(arrow("SELECT TIMESTAMPTZ '2024-01-02 09:30:00Z' AS t", "UTC"));
    assertEquals("t: Timestamp(MICROSECOND, UTC)", column.type());
    Column zulu = column(arrow("SELECT TIMESTAMPTZ '2024-01-02 09:30:00Z' AS t", "Z"));
    assertEquals("t: Timestamp(MICROSECOND, UTC)", zulu.type());
  }

  @Test
  void manyRowsKeepTheirOrderAndTheirNulls() throws Exception {
    Column column =
        column(
            arrow(
                "SELECT CASE WHEN i % 7 = 3 THEN NULL ELSE 'row ' || i END AS v"
                    + " FROM range(100000) t(i) ORDER BY i",
                "UTC"));
    assertEquals(100_000, column.values().size());
    for (int i = 0; i < 100_000; i++) {
      assertEquals(i % 7 == 3 ? "null" : "row " + i, column.values().get(i));
    }
  }

  @Test
  void noRowsHaveTheirSchema() throws Exception {
    Column column = column(arrow("SELECT 1 AS v WHERE FALSE", "UTC"));
    assertEquals("v: Int(32, true)", column.type());
    assertEquals(List.of(), column.values());
  }

  @Test
  void aStreamThatBreaksHasNoEnd() throws Exception {
    HttpResponse<InputStream> answer =
        RestRequests.open(
            server,
            "/v1/query",
            JSON.createObjectNode()
                .put(
                    "sql",
                    "SELECT i, CAST(CASE WHEN i = 1000000 THEN 'none' ELSE '1' END AS INTEGER)"
                        + " FROM range(2000000) t(i)")
                .toString(),
            "Accept",
            ARROW);
    assertEquals(200, answer.statusCode());
    try (InputStream body = answer.body();
        BufferAllocator memory = new RootAllocator();
        ArrowStreamReader reader = new ArrowStreamReader(body, memory)) {
      assertTrue(reader.loadNextBatch());
      assertThrows(
          IOException.class,
          () -> {
            while (reader.loadNextBatch()) {
              assertFalse(reader.getVectorSchemaRoot().getRowCount() == 0);
            }
          });
    }
  }
}
