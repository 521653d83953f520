package io.datanode.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datanode.testing.CatalogPerPlace;
import io.datanode.testing.MarketNodes.Place;
import io.datanode.testing.OwnNodes;
import io.datanode.testing.SqlFixture;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What KaizenFlow's replayed market data gives at a time of its clock, by the numbers of its cases.
 * Its reads show all versions that are known, which is {@code "bars$versions"} of a session in the
 * past: seven bars of two assets, one of them revised at 14:33:00, one known late at 14:34:30.
 *
 * @see "kaizenflow, market_data/replayed_market_data.py at commit 545f66ef6"
 */
class KaizenReplayTest {
  private static final String ALL =
      "SELECT CAST(time_index AS TIME(0)), asset_id, CAST(timestamp_db AS TIME(0)), close"
          + " FROM \"bars$versions\" WHERE time_index >= TIMESTAMP '2022-01-03 14:30:00'"
          + " AND time_index < TIMESTAMP '2022-01-03 14:40:00' ORDER BY 1, 2, 3";

  private static final CatalogPerPlace CATALOGS = new CatalogPerPlace(KaizenReplayTest::written);

  private static Path written(Place place) {
    return OwnNodes.catalog(
        place,
        List.of(
            "CREATE TABLE bars (time_index TIMESTAMPTZ, timestamp_db TIMESTAMPTZ,"
                + " asset_id BIGINT, close DOUBLE PRECISION)",
            """
                    INSERT INTO bars VALUES
                      ('2022-01-03 14:31:00+00', '2022-01-03 14:31:02+00', 101, 100.0),
                      ('2022-01-03 14:31:00+00', '2022-01-03 14:31:03+00', 202, 50.0),
                      ('2022-01-03 14:32:00+00', '2022-01-03 14:32:02+00', 101, 101.0),
                      ('2022-01-03 14:32:00+00', '2022-01-03 14:34:30+00', 202, 51.0),
                      ('2022-01-03 14:31:00+00', '2022-01-03 14:33:00+00', 101, 100.5),
                      ('2022-01-03 14:33:00+00', '2022-01-03 14:33:02+00', 101, 102.0),
                      ('2022-01-03 14:33:00+00', '2022-01-03 14:33:01+00', 202, 52.0)"""),
        Map.of(
            "bars",
            List.of(
                "time_index: time_index", "identity: [asset_id]", "knowledge_time: timestamp_db")));
  }

  private static List<String> at(Place place, String time, String sql) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (Connection connection =
            DriverManager.getConnection(
                SqlFixture.url(CATALOGS.in(place)) + "?asOf=2022-01-03T" + time + "Z");
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      while (result.next()) {
        StringBuilder row = new StringBuilder(result.getString(1));
        for (int i = 2; i <= result.getMetaData().getColumnCount(); i++) {
          row.append(' ').append(result.getString(i));
        }
        rows.add(row.toString());
      }
    }
    return rows;
  }

  @ParameterizedTest(name = "K01 in {0}")
  @EnumSource
  void k01BarsAreSeenOnceKnown(Place place) throws SQLException {
    assertEquals(List.of("14:31:00 101 14:31:02 100.0"), at(place, "14:31:02", ALL));
  }

  @ParameterizedTest(name = "K03 in {0}")
  @EnumSource
  void k03BothVersionsAreSeenOnceTheSecondIsKnown(Place place) throws SQLException {
    assertEquals(
        List.of(
            "14:31:00 101 14:31:02 100.0",
            "14:31:00 101 14:33:00 100.5",
            "14:31:00 202 14:31:03 50.0",
            "14:32:00 101 14:32:02 101.0"),
        at(place, "14:33:00", ALL));
  }

  @ParameterizedTest(name = "K04 in {0}")
  @EnumSource
  void k04TheLateBarIsNotSeenYet(Place place) throws SQLException {
    assertEquals(
        List.of(
            "14:31:00 101 14:31:02 100.0",
            "14:31:00 101 14:33:00 100.5",
            "14:31:00 202 14:31:03 50.0",
            "14:32:00 101 14:32:02 101.0",
            "14:33:00 101 14:33:02 102.0",
            "14:33:00 202 14:33:01 52.0"),
        at(place, "14:33:02", ALL));
  }

  @ParameterizedTest(name = "K07 in {0}")
  @EnumSource
  void k07TheLastPriceIsThatOfTheLastBar(Place place) throws SQLException {
    assertEquals(
        List.of("101 102.0", "202 52.0"),
        at(
            place,
            "14:33:02",
            "SELECT asset_id, close FROM bars"
                + " WHERE time_index = (SELECT MAX(time_index) FROM bars) ORDER BY 1"));
  }

  @ParameterizedTest(name = "K09 in {0}")
  @EnumSource
  void k09AverageOverVersionsCountsTheRevisedBarTwice(Place place) throws SQLException {
    String average =
        "SELECT asset_id, AVG(close) FROM %s WHERE time_index > TIMESTAMP '2022-01-03 14:30:00'"
            + " AND time_index <= TIMESTAMP '2022-01-03 14:33:00' GROUP BY asset_id ORDER BY 1";
    assertEquals(
        List.of("101 100.875", "202 51.0"),
        at(place, "14:34:30", String.format(average, "\"bars$versions\"")));
    assertEquals(
        List.of("101 " + (100.5 + 101 + 102) / 3, "202 51.0"),
        at(place, "14:34:30", String.format(average, "bars")));
  }

  @ParameterizedTest(name = "K10 in {0}")
  @EnumSource
  void k10WithoutBoundsTheTimeOfTheSessionStillHolds(Place place) throws SQLException {
    assertEquals(
        List.of("14:31:00 50.0", "14:33:00 52.0"),
        at(
            place,
            "14:33:02",
            "SELECT CAST(time_index AS TIME(0)), close FROM bars WHERE asset_id = 202 ORDER BY 1"));
  }

  @ParameterizedTest(name = "K15 in {0}")
  @EnumSource
  void k15TheAverageOfTheLastWholeBar(Place place) throws SQLException {
    assertEquals(
        List.of("14:32:00 101 100.5", "14:32:00 202 50.0"),
        at(
            place,
            "14:33:02",
            "SELECT CAST(bucket AS TIME(0)), asset_id, TWAP(close)"
                + " FROM TABLE(RESAMPLE(TABLE \"bars$versions\", DESCRIPTOR(time_index),"
                + " INTERVAL '2' MINUTE))"
                + " WHERE bucket = (SELECT TIME_BUCKET(INTERVAL '2' MINUTE, MAX(time_index)) FROM bars)"
                + " GROUP BY bucket, asset_id ORDER BY 2"));
  }

  @ParameterizedTest(name = "C03 in {0}")
  @EnumSource
  void c03TheNewestVersionOfARowIsRead(Place place) throws SQLException {
    assertEquals(
        List.of("101 14:33:00 100.5", "202 14:31:03 50.0"),
        at(
            place,
            "14:40:00",
            "SELECT asset_id, CAST(timestamp_db AS TIME(0)), close FROM bars"
                + " WHERE time_index = TIMESTAMP '2022-01-03 14:31:00' ORDER BY 1"));
  }

  @ParameterizedTest(name = "A02 in {0}")
  @EnumSource
  void a02ALaterTimeIsFuturePeeking(Place place) {
    SQLException peeks =
        assertThrows(
            SQLException.class,
            () ->
                at(
                    place,
                    "14:33:02",
                    "SELECT close FROM bars FOR SYSTEM_TIME AS OF TIMESTAMP '2022-01-03 14:34:30'"));
    assertEquals("22023", peeks.getSQLState());
    assertTrue(peeks.getMessage().contains("future peeking"), peeks.getMessage());
  }
}
