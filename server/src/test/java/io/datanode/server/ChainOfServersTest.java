package io.datanode.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.datanode.engine.Engine;
import io.datanode.jdbc.SqlState;
import io.datanode.server.access.Access;
import io.datanode.server.access.Authenticator;
import io.datanode.server.access.Credentials;
import io.datanode.server.access.User;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A desk whose server has the nodes of a second one, which has them of a third. The revenue of SAP
 * was known as 7.0 from the 5th, and corrected to 7.7 on the 9th.
 */
@Timeout(60)
class ChainOfServersTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String REVENUE = "SELECT revenue FROM fundamentals";

  @TempDir Path folder;
  private volatile boolean expired;
  private Engine firstEngine;
  private Engine secondEngine;
  private Engine thirdEngine;
  private TestServer first;
  private TestServer second;
  private TestServer third;

  @BeforeEach
  void start() throws Exception {
    try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duckdb.createStatement()) {
      statement.execute("SET TimeZone = 'UTC'");
      statement.execute(
          "COPY (SELECT * FROM (VALUES (TIMESTAMPTZ '2023-12-31 00:00:00+00', 'SAP',"
              + " TIMESTAMPTZ '2024-01-05 07:00:00+00', 7.0::DOUBLE), (TIMESTAMPTZ '2023-12-31"
              + " 00:00:00+00', 'SAP', TIMESTAMPTZ '2024-01-09 18:05:00+00', 7.7))"
              + " v(period_end, asset_identifier, published_at, revenue)) TO '"
              + folder.resolve("fundamentals.parquet")
              + "'");
    }
    firstEngine =
        engine(
            "first",
            "{ type: duckdb, path: . }",
            "files: fundamentals.parquet, time_index: period_end, identity: [asset_identifier],"
                + " knowledge_time: published_at");
    first =
        TestServer.start(
            ServerSettings.defaults()
                .at("127.0.0.1", 0)
                .with(new Access(List.of(new Tokens()), false)),
            firstEngine);
    secondEngine =
        engine(
            "second",
            "{ type: datanode, url: \"" + first.url() + "\", token: desk }",
            "table: fundamentals");
    second = TestServer.start(secondEngine);
    thirdEngine =
        engine("third", "{ type: datanode, url: \"" + second.url() + "\" }", "table: fundamentals");
    third = TestServer.start(thirdEngine);
  }

  /** Takes any token, until they expire. */
  private final class Tokens implements Authenticator {
    @Override
    public Optional<Verified> verify(Credentials credentials) throws SQLException {
      if (!(credentials instanceof Credentials.Token)) {
        return Optional.empty();
      }
      if (expired) {
        throw SqlState.INVALID_AUTHORIZATION.exception("The token expired at noon");
      }
      return Optional.of(new Verified(new User("desk", Set.of()), Instant.MAX));
    }

    @Override
    public long version() {
      return expired ? 1 : 0;
    }
  }

  private Engine engine(String name, String storage, String node) throws Exception {
    Path catalog =
        Files.writeString(
            folder.resolve(name + ".yaml"),
            "storages:\n  s: %s\nnodes:\n  - { identifier: fundamentals, storage: s, %s }\n"
                .formatted(storage, node));
    return Engine.open(catalog.toString(), Map.of());
  }

  @AfterEach
  void stop() {
    third.close();
    thirdEngine.close();
    second.close();
    secondEngine.close();
    first.close();
    firstEngine.close();
  }

  private JsonNode post(int status, String path, String body, String... headers) throws Exception {
    HttpResponse<String> answer = RestRequests.post(third, path, body, headers);
    assertEquals(status, answer.statusCode(), answer.body());
    return JSON.readTree(answer.body());
  }

  private static String sql(String sql) {
    return "{\"sql\": \"" + sql + "\"}";
  }

  @ParameterizedTest
  @CsvSource({
    "2024-01-04T00:00:00Z, []",
    "2024-01-09T18:04:59Z, [[7.0]]",
    "2024-01-09T18:05:00Z, [[7.7]]"
  })
  void thePastOfTheThirdIsThatOfTheFirst(String asOf, String rows) throws Exception {
    String query = sql(REVENUE + " FOR SYSTEM_TIME AS OF TIMESTAMP '" + asOf + "'");
    assertEquals(rows, post(200, "/v1/query", query).get("rows").toString());
    assertEquals(rows, post(200, "/v1/query", sql(REVENUE), "As-Of", asOf).get("rows").toString());
    JsonNode found =
        post(
            200,
            "/v1/search",
            "{\"node_unique_identifier\": \"fundamentals\", \"as_of\": \"" + asOf + "\"}");
    StringBuilder revenues = new StringBuilder();
    found
        .get("results")
        .forEach(row -> revenues.append("[").append(row.get("base__revenue")).append("]"));
    assertEquals(rows, "[" + revenues + "]");
  }

  @Test
  void nothingLaterThanTheSessionIsToldFromFarEither() throws Exception {
    JsonNode error =
        post(
                400,
                "/v1/query",
                sql(REVENUE + " FOR SYSTEM_TIME AS OF TIMESTAMP '2024-01-09T00:00:00Z'"),
                "As-Of",
                "2024-01-06T00:00:00Z")
            .get("error");
    assertTrue(error.get("message").textValue().contains("2024-01-06"), error.toString());
  }

  @Test
  void aTokenThatHasExpiredIsToldWithItsStorageUntilAnotherIsTaken() throws Exception {
    assertEquals("[[7.7]]", post(200, "/v1/query", sql(REVENUE)).get("rows").toString());
    expired = true;
    JsonNode error =
        post(500, "/v1/query", sql("SELECT MAX(revenue) FROM fundamentals")).get("error");
    assertEquals("28000", error.get("sqlstate").textValue(), error.toString());
    assertEquals("server_error", error.get("kind").textValue(), error.toString());
    assertTrue(error.get("message").textValue().contains("Storage 's'"), error.toString());
    expired = false;
    assertEquals("[[7.7]]", post(200, "/v1/query", sql(REVENUE)).get("rows").toString());
  }
}
