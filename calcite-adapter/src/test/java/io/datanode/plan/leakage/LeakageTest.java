package io.datanode.plan.leakage;

import static io.datanode.testing.SqlFixture.sql;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.datanode.testing.MarketNodes;
import io.datanode.testing.SqlFixture;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** EXPLAIN LEAKAGE names the places where values of the future reach rows, and no others. */
class LeakageTest {
  private static final String NONE = "none|null|null";

  /** Severity, kind and place of each leak. */
  private static List<String> leaks(String query) {
    return sql("EXPLAIN LEAKAGE FOR " + query).rows().stream()
        .map(row -> row.split("\\|"))
        .map(row -> row[0] + "|" + row[1] + "|" + row[2])
        .collect(Collectors.toList());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT * FROM daily_prices",
        // What was known at a time that the query states.
        "SELECT * FROM fundamentals FOR SYSTEM_TIME AS OF TIMESTAMP '2024-01-04 00:00:00'",
        "SELECT * FROM \"fundamentals$versions\"",
        "SELECT p.close, a.name FROM daily_prices p JOIN reference.assets a"
            + " ON a.asset_identifier = p.asset_identifier",
        // Both clocks are bounded.
        "SELECT p.close, f.eps FROM daily_prices p ASOF JOIN fundamentals f MATCH_CONDITION"
            + " f.time_index <= p.time_index AND f.published_at <= p.time_index"
            + " ON f.asset_identifier = p.asset_identifier",
        "SELECT p.close, r.rate FROM daily_prices p ASOF JOIN fx_rates r"
            + " MATCH_CONDITION r.date + INTERVAL '1' DAY <= p.time_index ON TRUE",
        "SELECT a.close, b.close FROM daily_prices a JOIN daily_prices b"
            + " ON a.time_index = b.time_index",
        "SELECT a.close, b.close FROM daily_prices a JOIN daily_prices b"
            + " ON b.time_index BETWEEN a.time_index - INTERVAL '5' DAY AND a.time_index",
        // Slower, but lagged by its cadence.
        "SELECT m.price, d.close FROM minute_bars m JOIN daily_prices d"
            + " ON d.time_index + INTERVAL '1' DAY = m.time_index",
        "SELECT AVG(close) OVER (PARTITION BY asset_identifier ORDER BY time_index"
            + " ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) FROM daily_prices",
        "SELECT LAG(close) OVER (PARTITION BY asset_identifier ORDER BY time_index)"
            + " FROM daily_prices",
        "SELECT LEAD(close) OVER (PARTITION BY asset_identifier ORDER BY time_index DESC)"
            + " FROM daily_prices",
        "SELECT RANK() OVER (PARTITION BY time_index ORDER BY close) FROM daily_prices",
        "SELECT window_end, AVG(price) FROM TABLE(HOP(TABLE minute_bars, DESCRIPTOR(time_index),"
            + " INTERVAL '1' MINUTE, INTERVAL '5' MINUTE)) GROUP BY window_end",
        "SELECT window_end, AVG(price) FROM TABLE(HOP(TABLE minute_bars, DESCRIPTOR(time_index),"
            + " INTERVAL '1' DAY, INTERVAL '2' DAY)) GROUP BY window_end",
        "SELECT TIME_BUCKET(INTERVAL '1' HOUR, time_index) + INTERVAL '1' HOUR AS t, AVG(price)"
            + " FROM minute_bars GROUP BY 1",
        "SELECT bucket, AVG(price) FROM TABLE(RESAMPLE(TABLE minute_bars, DESCRIPTOR(time_index),"
            + " INTERVAL '5' MINUTE)) GROUP BY bucket",
        "SELECT * FROM TABLE(GRID(TABLE minute_bars, DESCRIPTOR(time_index), INTERVAL '1' MINUTE,"
            + " fill => 'previous'))",
        // The newest rows, in either form.
        "SELECT * FROM \"daily_prices$latest\"",
        "SELECT * FROM daily_prices QUALIFY ROW_NUMBER() OVER (PARTITION BY asset_identifier"
            + " ORDER BY time_index DESC) = 1",
        "SELECT asset_identifier, MAX(time_index) AS t, AVG(close) FROM daily_prices GROUP BY 1",
        "SELECT p.close, (SELECT AVG(q.close) FROM daily_prices q"
            + " WHERE q.time_index <= p.time_index) FROM daily_prices p"
      })
  void noneWhereNothingLaterReachesARow(String query) {
    assertEquals(List.of(NONE), leaks(query));
  }

  private static void assertLeak(String expected, String query) {
    assertEquals(List.of(expected), leaks(query), query);
  }

  @Test
  void theNewestVersionMayHaveBecomeKnownLater() {
    assertLeak("leak|newest version|fundamentals", "SELECT * FROM fundamentals");
  }

  @Test
  void asofJoinsThatLookAheadOrCompareOneClockOnly() {
    assertLeak(
        "leak|forward as-of join|daily_prices with fx_rates",
        "SELECT r.rate FROM daily_prices p ASOF JOIN fx_rates r"
            + " MATCH_CONDITION r.date >= p.time_index ON TRUE");
    assertLeak(
        "leak|forward as-of join|daily_prices with fx_rates",
        "SELECT r.rate FROM daily_prices p ASOF JOIN fx_rates r"
            + " MATCH_CONDITION NEAREST(r.date, p.time_index) ON TRUE");
    assertLeak(
        "possible|as-of join|daily_prices with fx_rates",
        "SELECT r.rate FROM daily_prices p ASOF JOIN fx_rates r"
            + " MATCH_CONDITION r.date <= p.time_index + INTERVAL '1' DAY ON TRUE");
    assertLeak(
        "leak|later version|daily_prices with fundamentals",
        "SELECT f.eps FROM daily_prices p ASOF JOIN \"fundamentals$versions\" f"
            + " MATCH_CONDITION f.time_index <= p.time_index"
            + " ON f.asset_identifier = p.asset_identifier");
  }

  @Test
  void startsOfWindows() {
    assertLeak(
        "possible|label before the end|window_start",
        "SELECT window_start, AVG(price) FROM TABLE(HOP(TABLE minute_bars, DESCRIPTOR(time_index),"
            + " INTERVAL '1' MINUTE, INTERVAL '5' MINUTE)) GROUP BY window_start");
  }

  /** Where days have 23 to 25 hours, a window of days ends where the day after it begins. */
  @Test
  void endsOfDaysOfTheClocks() {
    sql("EXPLAIN LEAKAGE FOR SELECT window_end, AVG(price) FROM TABLE(TUMBLE(TABLE minute_bars,"
            + " DESCRIPTOR(time_index), INTERVAL '1' DAY, INTERVAL '2' HOUR)) GROUP BY window_end")
        .set("timeZone=America/Havana")
        .returns("none|null|null|no value later than a row's own time can reach it|null|null|null");
  }

  @Test
  void gapsFilledWithWhatComesLater() {
    assertLeak(
        "leak|forward as-of join|minute_bars with minute_bars",
        "SELECT * FROM TABLE(GRID(TABLE minute_bars, DESCRIPTOR(time_index), INTERVAL '1' MINUTE,"
            + " fill => 'linear'))");
  }

  @Test
  void equalTimesOfSlowerDataAndJoinsWithoutBound() {
    assertLeak(
        "leak|equal-time join|minute_bars with daily_prices",
        "SELECT d.close FROM minute_bars m JOIN daily_prices d ON d.time_index = m.time_index");
    assertLeak(
        "possible|equal-time join|daily_prices with fx_rates",
        "SELECT r.rate FROM daily_prices p JOIN fx_rates r ON r.date = p.time_index");
    assertLeak(
        "leak|join without bound|minute_bars with daily_prices",
        "SELECT d.close FROM minute_bars m, daily_prices d"
            + " WHERE CAST(d.time_index AS DATE) = CAST(m.time_index AS DATE)");
    assertLeak(
        "leak|join without bound|daily_prices with daily_prices",
        "SELECT x.m FROM daily_prices p JOIN (SELECT asset_identifier, MAX(close) AS m"
            + " FROM daily_prices GROUP BY 1) x ON x.asset_identifier = p.asset_identifier");
    assertLeak(
        "leak|join without bound|daily_prices with daily_prices",
        "SELECT b.close FROM daily_prices a JOIN daily_prices b"
            + " ON b.time_index = a.time_index + INTERVAL '1' DAY");
  }

  @Test
  void windowsThatTakeInLaterRows() {
    String over = " FROM daily_prices";
    assertLeak(
        "leak|window|LEAD over daily_prices",
        "SELECT LEAD(close) OVER (PARTITION BY asset_identifier ORDER BY time_index)" + over);
    assertLeak(
        "leak|window|LAG over daily_prices",
        "SELECT LAG(close) OVER (ORDER BY time_index DESC)" + over);
    assertLeak(
        "leak|window|SUM over daily_prices",
        "SELECT SUM(close) OVER (PARTITION BY asset_identifier)" + over);
    // Which row is the second newest depends on the one after it.
    assertLeak(
        "leak|window|ROW_NUMBER over daily_prices",
        "SELECT *" + over + " QUALIFY ROW_NUMBER() OVER (ORDER BY time_index DESC) = 2");
    assertLeak(
        "leak|window|RANK over daily_prices",
        "SELECT *" + over + " QUALIFY RANK() OVER (ORDER BY close DESC) = 1");
    assertLeak(
        "leak|window|AVG over daily_prices",
        "SELECT AVG(close) OVER (ORDER BY time_index ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING)"
            + over);
    assertLeak(
        "leak|window|RANK over daily_prices",
        "SELECT RANK() OVER (PARTITION BY asset_identifier ORDER BY close)" + over);
    // Bars of a day are told apart by the day, not by the time.
    assertLeak(
        "leak|window|MAX over daily_prices",
        "SELECT MAX(close) OVER (PARTITION BY CAST(time_index AS DATE))" + over);
  }

  @Test
  void labelsBeforeTheEndOfWhatTheyLabel() {
    assertLeak(
        "leak|label before the end|m",
        "SELECT DATE_TRUNC('month', time_index) AS m, AVG(close) FROM daily_prices GROUP BY 1");
    assertLeak(
        "leak|label before the end|bucket",
        "SELECT bucket, AVG(price) FROM TABLE(RESAMPLE(TABLE minute_bars, DESCRIPTOR(time_index),"
            + " INTERVAL '5' MINUTE, label => 'left')) GROUP BY bucket");
    assertLeak(
        "leak|label before the end|d",
        "SELECT CAST(time_index AS DATE) AS d, close FROM daily_prices");
    assertLeak(
        "leak|label before the end|start_time", "SELECT start_time, close FROM daily_prices");
  }

  @Test
  void subQueriesWithoutBound() {
    assertLeak(
        "leak|sub-query|daily_prices",
        "SELECT close, (SELECT AVG(close) FROM daily_prices) FROM daily_prices");
    assertLeak(
        "leak|sub-query|daily_prices",
        "SELECT close FROM daily_prices WHERE asset_identifier IN (SELECT asset_identifier"
            + " FROM daily_prices WHERE close > 600)");
  }

  @Test
  void strictPointInTimeRefusesALeakByItsFirstPlace() {
    sql("SELECT * FROM fundamentals")
        .set("strictPointInTime=true")
        .fails(
            "strictPointInTime refuses this query: newest version of fundamentals: the newest"
                + " version of each row is read, which may have become known after the time of the"
                + " row; right would be FOR SYSTEM_TIME AS OF a time, SET as_of, or an ASOF JOIN that"
                + " compares published_at (line 1, column 15)\n"
                + "SELECT * FROM fundamentals\n"
                + "              ^",
            "42000");
  }

  /** Severity, kind, line and column of each leak. */
  private static List<String> places(String query) {
    return sql("EXPLAIN LEAKAGE FOR " + query).rows().stream()
        .map(row -> row.split("\\|"))
        .map(row -> row[0] + "|" + row[1] + "|" + row[5] + "|" + row[6])
        .collect(Collectors.toList());
  }

  @Test
  void eachLeakSaysItsLineAndColumn() {
    assertEquals(
        List.of(
            "leak|newest version|3|22",
            "leak|join without bound|3|22",
            "leak|join without bound|3|36",
            "leak|sub-query|4|41",
            "leak|window|2|2"),
        places(
            "SELECT r.date,\n"
                + " LEAD(p.close) OVER (PARTITION BY p.asset_identifier ORDER BY p.time_index)\n"
                + "FROM daily_prices p, fundamentals, fx_rates r\n"
                + "WHERE p.close > (SELECT MAX(price) FROM minute_bars)"));
    assertEquals(
        List.of("leak|label before the end|1|28"),
        places(
            "SELECT DATE_TRUNC('hour', time_index) AS h, AVG(price) FROM minute_bars GROUP BY 1"));
    assertEquals(
        List.of("leak|later version|2|16"),
        places(
            "SELECT f.eps FROM daily_prices p\n"
                + "LEFT ASOF JOIN fundamentals f MATCH_CONDITION f.time_index <= p.time_index"
                + " AND f.published_at <= p.time_index + INTERVAL '1' HOUR"
                + " ON f.asset_identifier = p.asset_identifier"));
    assertEquals(List.of("none|null|null|null"), places("SELECT 1"));
  }

  @Test
  void placesAreThoseOfEachTextThatMeansTheSame() throws SQLException {
    try (Connection connection =
            DriverManager.getConnection(SqlFixture.url(MarketNodes.catalog()));
        Statement statement = connection.createStatement()) {
      for (String blank : List.of(" ", "\n")) {
        try (ResultSet leak =
            statement.executeQuery("EXPLAIN LEAKAGE FOR SELECT *" + blank + "FROM fundamentals")) {
          leak.next();
          assertEquals(blank.equals(" ") ? 1 : 2, leak.getInt("line"));
          assertEquals(blank.equals(" ") ? 35 : 6, leak.getInt("column"));
        }
      }
    }
  }

  @Test
  void howFarNodesReachIsALeakOnlyNextToRowsOfNodes() {
    sql("SELECT COUNT(*) FROM metadata.node_status WHERE identifier = 'fx_rates'")
        .set("strictPointInTime=true")
        .returns("2");
    assertLeak(
        "leak|join without bound|daily_prices with metadata.node_status",
        "SELECT p.close, s.last_time FROM daily_prices p"
            + " JOIN metadata.node_status s ON s.identifier = 'fx_rates'");
  }

  @Test
  void sessionTurnsStrictnessOnAndOff() throws SQLException {
    String lead = "SELECT LEAD(close) OVER (ORDER BY time_index) FROM daily_prices";
    try (Connection connection =
            DriverManager.getConnection(SqlFixture.url(MarketNodes.catalog()));
        Statement statement = connection.createStatement()) {
      statement.execute("SET strict_point_in_time = true");
      SQLException refused =
          org.junit.jupiter.api.Assertions.assertThrows(
              SQLException.class, () -> statement.executeQuery(lead));
      assertEquals("42000", refused.getSQLState());
      statement.executeQuery("SELECT close FROM daily_prices").close();
      statement.execute("RESET strict_point_in_time");
      try (ResultSet rows = statement.executeQuery(lead)) {
        assertEquals(true, rows.next());
      }
    }
  }

  @Test
  void explanationNeedsAQuery() {
    sql("EXPLAIN LEAKAGE FOR")
        .fails("EXPLAIN LEAKAGE needs a query, for example EXPLAIN LEAKAGE FOR SELECT 1", "42601");
  }
}
