package io.datanode.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datanode.DataNodeException;
import io.datanode.DataNodes;
import io.datanode.Rows;
import io.datanode.read.UpdateStatistics;
import io.datanode.search.SearchRequest;
import io.datanode.testing.MarketNodes;
import io.datanode.testing.MarketNodes.Place;
import io.datanode.testing.SqlFixture;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The routes to rows other than one SQL statement, walked by a session in the past. Of SAP the
 * report of 0.61 for the third quarter was restated to 0.60 on 2024-01-05 at 07:00, and the fourth
 * quarter was reported on 2024-01-09.
 */
class SessionInPastTest {
  private static final String BEFORE = "2024-01-05T06:59:59.999999Z";
  private static final String EPS =
      "SELECT eps FROM fundamentals WHERE asset_identifier = 'SAP' ORDER BY time_index";

  private static Connection connect(Place place, String settings) throws SQLException {
    return DriverManager.getConnection(SqlFixture.url(MarketNodes.catalog(place)) + settings);
  }

  private static DataNodes nodes(Place place, String settings) {
    return DataNodes.open(SqlFixture.url(MarketNodes.catalog(place)) + settings);
  }

  private static List<Object> values(ResultSet rows) throws SQLException {
    List<Object> values = new ArrayList<>();
    try (rows) {
      while (rows.next()) {
        values.add(rows.getObject(1));
      }
    }
    return values;
  }

  private static List<Object> values(Statement statement, String sql) throws SQLException {
    return values(statement.executeQuery(sql));
  }

  @ParameterizedTest
  @EnumSource
  void goesIntoThePastAndComesBack(Place place) throws SQLException {
    try (Connection connection = connect(place, "");
        Statement statement = connection.createStatement()) {
      assertEquals(List.of(0.6, 0.98), values(statement, EPS));
      statement.execute("SET as_of = TIMESTAMP '2024-01-05 06:59:59.999999'");
      assertEquals(List.of(0.61), values(statement, EPS));
      statement.execute("SET as_of = TIMESTAMP '2024-01-05 07:00:00'");
      assertEquals(List.of(0.6), values(statement, EPS));
      statement.execute("SET as_of_delay = INTERVAL '1' SECOND");
      assertEquals(List.of(0.61), values(statement, EPS));
      statement.execute("RESET as_of_delay");
      assertEquals(List.of(0.6), values(statement, EPS));
      statement.execute("RESET as_of");
      assertEquals(List.of(0.6, 0.98), values(statement, EPS));
    }
  }

  @ParameterizedTest
  @EnumSource
  void aPlanIsSharedAndItsTimeIsNot(Place place) throws SQLException {
    try (Connection now = connect(place, "");
        Connection past = connect(place, "?asOf=" + BEFORE);
        Connection later = connect(place, "?asOf=2024-01-05T07:00:00Z");
        PreparedStatement ofNow = now.prepareStatement(EPS);
        PreparedStatement ofPast = past.prepareStatement(EPS);
        PreparedStatement ofLater = later.prepareStatement(EPS)) {
      for (int run = 0; run < 2; run++) {
        assertEquals(List.of(0.6, 0.98), values(ofNow.executeQuery()));
        assertEquals(List.of(0.61), values(ofPast.executeQuery()));
        assertEquals(List.of(0.6), values(ofLater.executeQuery()));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aPreparedStatementFollowsItsSession(Place place) throws SQLException {
    try (Connection connection = connect(place, "");
        PreparedStatement prepared = connection.prepareStatement(EPS);
        Statement statement = connection.createStatement()) {
      assertEquals(List.of(0.6, 0.98), values(prepared.executeQuery()));
      statement.execute("SET as_of = '" + BEFORE + "'");
      assertEquals(List.of(0.61), values(prepared.executeQuery()));
    }
  }

  @ParameterizedTest
  @EnumSource
  void aParameterNamesTheTime(Place place) throws SQLException {
    String sql = "SELECT COUNT(*) FROM fundamentals FOR SYSTEM_TIME AS OF ?";
    try (Connection now = connect(place, "");
        Connection past = connect(place, "?asOf=" + BEFORE);
        PreparedStatement ofNow = now.prepareStatement(sql);
        PreparedStatement ofPast = past.prepareStatement(sql)) {
      ofNow.setObject(1, OffsetDateTime.parse("2023-10-18T18:05:00Z"));
      assertEquals(List.of(1L), values(ofNow.executeQuery()));
      ofNow.setObject(1, OffsetDateTime.parse("2024-01-09T18:05:00Z"));
      assertEquals(List.of(3L), values(ofNow.executeQuery()));
      ofPast.setObject(1, OffsetDateTime.parse(BEFORE));
      assertEquals(List.of(2L), values(ofPast.executeQuery()));
      ofPast.setObject(1, OffsetDateTime.parse("2024-01-05T07:00:00Z"));
      SQLException peeks = assertThrows(SQLException.class, ofPast::executeQuery);
      assertTrue(peeks.getMessage().contains("future peeking"), peeks.getMessage());
      ofPast.setObject(1, null);
      SQLException none = assertThrows(SQLException.class, ofPast::executeQuery);
      assertTrue(none.getMessage().contains("is NULL"), none.getMessage());
    }
  }

  @ParameterizedTest
  @EnumSource
  void metadataTellsNoSizes(Place place) throws SQLException {
    try (Connection past = connect(place, "?asOf=" + BEFORE);
        ResultSet indexes =
            past.getMetaData().getIndexInfo(null, "nodes", "fundamentals", false, true)) {
      while (indexes.next()) {
        assertEquals(0, indexes.getLong("CARDINALITY"));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void anExplanationTellsNoSizes(Place place) throws SQLException {
    String sql =
        "EXPLAIN PLAN FOR SELECT f.eps FROM fundamentals f JOIN daily_prices p"
            + " ON p.asset_identifier = f.asset_identifier";
    try (Connection past = connect(place, "?asOf=" + BEFORE);
        Statement statement = past.createStatement()) {
      List<Object> lines = values(statement, sql);
      assertFalse(
          lines.stream().anyMatch(line -> line.toString().contains(", about ")), lines.toString());
    }
  }

  @ParameterizedTest
  @EnumSource
  void searchesAreInThePast(Place place) {
    SearchRequest request = SearchRequest.of("fundamentals");
    try (DataNodes past = nodes(place, "?asOf=" + BEFORE);
        DataNodes now = nodes(place, "")) {
      assertEquals(2, count(past.search(request)));
      assertEquals(4, count(now.search(request)));
      SearchRequest earlier = request.asOf(Instant.parse("2023-10-18T18:05:00Z"));
      assertEquals(1, count(past.search(earlier)));
      assertEquals(1, count(now.search(earlier)));
      SearchRequest later = request.asOf(Instant.parse("2024-01-05T07:00:00Z"));
      DataNodeException peeks =
          assertThrows(DataNodeException.class, () -> count(past.search(later)));
      assertTrue(peeks.getMessage().contains("future peeking"), peeks.getMessage());
      assertEquals(2, count(now.search(later)));
    }
  }

  @ParameterizedTest
  @EnumSource
  void fixedReadsAreInThePast(Place place) {
    try (DataNodes past = nodes(place, "?asOf=" + BEFORE)) {
      assertEquals(15, count(past.node("daily_prices").rows()));
      assertEquals(
          4,
          count(
              past.node("daily_prices").latestAsOf(Instant.parse("2030-01-01T00:00:00Z")).rows()));
      UpdateStatistics progress = past.node("daily_prices").statistics();
      assertTrue(
          progress.progress().stream()
              .allMatch(each -> each.latest().toString().compareTo("2024-01-06") < 0),
          progress.toString());
    }
  }

  @ParameterizedTest
  @EnumSource
  void aTimeThatIsNoneIsAnError(Place place) throws SQLException {
    SQLException url =
        assertThrows(SQLException.class, () -> connect(place, "?asOf=yesterday").close());
    assertTrue(url.getMessage().contains("expected an instant such as"), url.getMessage());
    try (Connection connection = connect(place, "");
        Statement statement = connection.createStatement()) {
      SQLException delay =
          assertThrows(SQLException.class, () -> statement.execute("SET as_of_delay = 'PT-1S'"));
      assertTrue(delay.getMessage().contains("expected a length of time"), delay.getMessage());
    }
  }

  private static long count(Rows rows) {
    try (rows) {
      return rows.maps().count();
    }
  }
}
