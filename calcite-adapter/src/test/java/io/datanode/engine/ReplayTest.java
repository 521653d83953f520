package io.datanode.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.datanode.DataNodeException;
import io.datanode.jdbc.session.StatementCall;
import io.datanode.testing.MarketNodes;
import io.datanode.testing.MarketNodes.Place;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A replay of 5 January 2024 from 06:59, in which each second is a minute. SAP restates its
 * earnings of the third quarter at 07:00, from 0.61 to 0.60.
 */
class ReplayTest {
  private static final Map<String, String> REPLAY =
      Map.of("replayFrom", "2024-01-05T06:59:00Z", "replaySpeed", "60");

  private static final String EPS = "SELECT eps FROM fundamentals WHERE asset_identifier = 'SAP'";

  private final TurnableClock clock = new TurnableClock(Instant.parse("2026-03-01T12:00:00Z"));

  private OpenEngine replay(Place place, Map<String, String> settings) {
    return OpenEngine.over(MarketNodes.catalog(place), clock, settings);
  }

  private static List<String> rows(OpenEngine open, String sql, Object... parameters)
      throws SQLException {
    return open.rows(new StatementCall("s", sql, List.of(parameters), 0, 0));
  }

  @ParameterizedTest
  @EnumSource
  void aStatementThatIsRunAgainSeesWhatIsKnownByThen(Place place) throws SQLException {
    String counts =
        "SELECT (SELECT COUNT(*) FROM \"fundamentals$versions\"),"
            + " (SELECT COUNT(*) FROM daily_prices WHERE asset_identifier = 'SAP'),"
            + " (SELECT COUNT(*) FROM \"fundamentals$latest\" WHERE eps = 0.60),"
            + " (SELECT COUNT(*) FROM metadata.nodes WHERE row_estimate IS NOT NULL)";
    try (OpenEngine open = replay(place, REPLAY)) {
      assertEquals(List.of("0.61"), rows(open, EPS));
      assertEquals(List.of("2|4|0|0"), rows(open, counts));
      clock.pass(Duration.ofNanos(999_999_000));
      assertEquals(List.of("0.61"), rows(open, EPS));
      clock.pass(Duration.ofNanos(1_000));
      assertEquals(List.of("0.6"), rows(open, EPS));
      assertEquals(List.of("3|4|1|0"), rows(open, counts));
      clock.pass(Duration.ofDays(1));
      // 60 days of the replay later.
      assertEquals(List.of("5|10|0|0"), rows(open, counts));
    }
  }

  /** Each look at this clock finds it a minute of the replay later. */
  @ParameterizedTest
  @EnumSource
  void theClockStandsStillWithinAStatement(Place place) throws SQLException {
    String everywhere =
        "SELECT COUNT(DISTINCT t) FROM ("
            + "SELECT CURRENT_TIMESTAMP AS t FROM daily_prices"
            + " UNION ALL SELECT CURRENT_TIMESTAMP FROM fundamentals"
            + " UNION ALL SELECT NOW() FROM fx_rates)";
    String known =
        "SELECT COUNT(*) FROM fundamentals FOR SYSTEM_TIME AS OF CURRENT_TIMESTAMP AS f"
            + " JOIN daily_prices p ON p.asset_identifier = f.asset_identifier"
            + " WHERE f.published_at > CURRENT_TIMESTAMP OR p.time_index > CURRENT_TIMESTAMP";
    try (OpenEngine open = replay(place, REPLAY)) {
      clock.passAtEachLook(Duration.ofSeconds(1));
      for (int i = 0; i < 3; i++) {
        assertEquals(List.of("1"), rows(open, everywhere));
        assertEquals(List.of("0"), rows(open, known));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aTimeThatTheClockHasNotReachedIsRefusedAndTheReplayGoesOn(Place place) throws SQLException {
    try (OpenEngine open = replay(place, REPLAY)) {
      SQLException later =
          assertThrows(
              SQLException.class, () -> rows(open, "SET as_of = TIMESTAMP '2024-01-05 07:00:00'"));
      assertEquals(
          "asOf 2024-01-05T07:00:00Z is future peeking: the session sees what was known by"
              + " 2024-01-05T06:59:00Z; expected that time or an earlier one",
          later.getMessage());
      assertEquals("22023", later.getSQLState());
      assertEquals(List.of("0.61"), rows(open, EPS));

      rows(open, "SET as_of = TIMESTAMP '2024-01-05 06:59:00'");
      clock.pass(Duration.ofSeconds(1));
      assertEquals(List.of("0.61"), rows(open, EPS));
      rows(open, "RESET as_of");
      assertEquals(List.of("0.6"), rows(open, EPS));

      rows(open, "SET as_of_delay = INTERVAL '1' MINUTE");
      assertEquals(List.of("0.61"), rows(open, EPS));
      clock.pass(Duration.ofSeconds(1));
      assertEquals(List.of("0.6"), rows(open, EPS));
    }
  }

  @ParameterizedTest
  @EnumSource
  void aNamedTimeIsCheckedAgainstTheClockOfEachRun(Place place) throws SQLException {
    String asOf = "SELECT eps FROM fundamentals FOR SYSTEM_TIME AS OF ? WHERE eps < 1";
    Instant restated = Instant.parse("2024-01-05T07:00:00Z");
    try (OpenEngine open = replay(place, REPLAY)) {
      SQLException peeks = assertThrows(SQLException.class, () -> rows(open, asOf, restated));
      assertEquals("22023", peeks.getSQLState());
      assertEquals(List.of("0.61"), rows(open, asOf, restated.minusSeconds(60)));
      clock.pass(Duration.ofSeconds(1));
      assertEquals(List.of("0.6"), rows(open, asOf, restated));
      assertEquals(List.of("0.61"), rows(open, asOf, restated.minusNanos(1_000)));
      assertEquals(List.of(), rows(open, asOf, Instant.parse("2001-01-01T00:00:00Z")));
    }
  }

  @ParameterizedTest
  @EnumSource(names = "DUCKDB")
  void noReplayBeginsBeforeTheTimeItIsIn(Place place) {
    DataNodeException later =
        assertThrows(
            DataNodeException.class,
            () ->
                replay(
                    place,
                    Map.of("replayFrom", "2024-01-05T06:59:00Z", "asOf", "2024-01-06T00:00:00Z")));
    assertEquals("22023", later.sqlState());
  }
}
