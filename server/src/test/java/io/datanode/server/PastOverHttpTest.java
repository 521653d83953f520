package io.datanode.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Requests in the past, by the header {@code As-Of}, by a setting and by what the server gives its
 * sessions, and sessions that replay it. Of {@code daily_prices} the first bars of three assets are
 * at 2026-01-01 21:00, and a day is between one and the next.
 */
@Timeout(60)
class PastOverHttpTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String AS_OF = "2026-01-03T20:59:59.999999Z";
  private static final String COUNT = "{\"sql\": \"SELECT COUNT(*) AS n FROM daily_prices\"%s}";

  @RegisterExtension static final MarketServer market = new MarketServer();

  private static JsonNode post(int status, String path, String body, String... headers)
      throws Exception {
    HttpResponse<String> answer = RestRequests.post(market.server(), path, body, headers);
    assertEquals(status, answer.statusCode(), answer.body());
    return JSON.readTree(answer.body());
  }

  @Test
  void aQueryIsInThePastOfItsHeader() throws Exception {
    String now = COUNT.formatted("");
    assertEquals(120, post(200, "/v1/query", now).at("/rows/0/0").intValue());
    assertEquals(6, post(200, "/v1/query", now, "As-Of", AS_OF).at("/rows/0/0").intValue());
  }

  @Test
  void theSettingOfARequestComesBeforeItsHeader() throws Exception {
    String sooner = COUNT.formatted(", \"settings\": {\"asOf\": \"2026-01-02T00:00:00Z\"}");
    assertEquals(3, post(200, "/v1/query", sooner, "As-Of", AS_OF).at("/rows/0/0").intValue());
  }

  @Test
  void searchesAndFixedReadsAreInThePastOfTheirHeader() throws Exception {
    JsonNode found =
        post(200, "/v1/search", "{\"node_unique_identifier\": \"daily_prices\"}", "As-Of", AS_OF);
    assertEquals(6, found.get("results").size(), found.toString());
    JsonNode read = post(200, "/v1/nodes/daily_prices/between-dates", "{}", "As-Of", AS_OF);
    assertEquals(6, read.get("results").size(), read.toString());
    JsonNode last = post(200, "/v1/nodes/daily_prices/last-observation", "{}", "As-Of", AS_OF);
    assertEquals(3, last.size(), last.toString());
    last.forEach(row -> assertTrue(row.toString().contains("2026-01-02T21:00:00"), row.toString()));
  }

  @Test
  void aSearchOfALaterTimeIsFuturePeeking() throws Exception {
    JsonNode error =
        post(
                400,
                "/v1/search",
                "{\"node_unique_identifier\": \"daily_prices\", \"as_of\": \"2026-01-05T00:00:00Z\"}",
                "As-Of",
                AS_OF)
            .get("error");
    assertTrue(error.get("message").textValue().contains("future peeking"), error.toString());
  }

  @Test
  void aHeaderThatIsNoInstantIsAnError() throws Exception {
    JsonNode error = post(400, "/v1/query", COUNT.formatted(""), "As-Of", "yesterday").get("error");
    assertTrue(
        error.get("message").textValue().contains("expected an instant such as"), error.toString());
  }

  @Test
  void aNodeDoesNotTellHowManyRowsItHasNow() throws Exception {
    assertEquals(120, described(market.server()).intValue());
    assertTrue(described(market.server(), "As-Of", AS_OF).isNull());
  }

  @Test
  void nodesOfAServerWhoseSessionsAreInThePastDoNotTellItEither() throws Exception {
    ServerSettings defaults = ServerSettings.defaults();
    ServerSettings past =
        new ServerSettings(
            "127.0.0.1",
            0,
            defaults.limits(),
            defaults.statementThreads(),
            defaults.requests(),
            defaults.drain(),
            Map.of("asOf", AS_OF),
            defaults.access());
    try (TestServer other = TestServer.start(past, market.engine())) {
      assertTrue(described(other).isNull());
      HttpResponse<String> count = RestRequests.post(other, "/v1/query", COUNT.formatted(""));
      assertEquals(6, JSON.readTree(count.body()).at("/rows/0/0").intValue());
    }
  }

  private static JsonNode described(TestServer asked, String... headers) throws Exception {
    HttpResponse<String> answer = asked.http("GET", "/v1/nodes/daily_prices", "", headers);
    assertEquals(200, answer.statusCode(), answer.body());
    return JSON.readTree(answer.body()).get("row_estimate");
  }

  /** A day of the replay is a second, then a day of it is a day. */
  @Test
  void aReplayShowsWhatItsClockHasReached() throws SQLException {
    for (int speed : new int[] {86_400, 1}) {
      Instant from = Instant.parse("2026-01-01T20:59:59.999Z");
      long opening = System.nanoTime();
      try (Connection connection =
              DriverManager.getConnection(
                  market.server().server().jdbcUrl()
                      + "?replayFrom="
                      + from
                      + "&replaySpeed="
                      + speed);
          Statement statement = connection.createStatement()) {
        Instant before = from;
        for (int i = 0; i < 5; i++) {
          Instant reached = reached(statement);
          assertFalse(reached.isBefore(before), reached + " is before " + before);
          before = reached;
        }
        // It runs no faster than it was told, seen from a clock that began before it.
        Duration passed = Duration.ofNanos(System.nanoTime() - opening).multipliedBy(speed);
        assertFalse(before.isAfter(from.plus(passed)), before + " after " + passed);
        assertTrue(before.isAfter(from), "The clock of the replay stands still");
      }
    }
  }

  /** The clock of one statement, by which it sees as many bars as there are up to then. */
  private static Instant reached(Statement statement) throws SQLException {
    try (ResultSet row =
        statement.executeQuery(
            "SELECT CURRENT_TIMESTAMP, COUNT(*), MAX(time_index) FROM daily_prices")) {
      row.next();
      Instant clock = row.getObject(1, OffsetDateTime.class).toInstant();
      long days =
          Math.floorDiv(
              Duration.between(Instant.parse("2025-12-31T21:00:00Z"), clock).toMillis(),
              Duration.ofDays(1).toMillis());
      assertEquals(Math.min(days, 40) * 3, row.getLong(2), () -> "bars seen at " + clock);
      return clock;
    }
  }
}
