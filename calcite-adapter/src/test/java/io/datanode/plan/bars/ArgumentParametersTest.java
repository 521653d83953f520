package io.datanode.plan.bars;

import static io.datanode.testing.SqlFixture.sql;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.datanode.testing.BarNodes;
import io.datanode.testing.MarketNodes.Place;
import io.datanode.testing.SqlFixture;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Parameters as arguments of RESAMPLE, GRID, TUMBLE and HOP: they mean what the literal means. */
class ArgumentParametersTest {
  private static final String BARS =
      "SELECT bucket, COUNT(*) FROM TABLE(RESAMPLE(TABLE moments, DESCRIPTOR(time_index), %s))"
          + " GROUP BY bucket ORDER BY bucket LIMIT 50";

  private static final String WINDOWS =
      "SELECT window_start, window_end, COUNT(*) FROM TABLE(%s) GROUP BY 1, 2 ORDER BY 1, 2 LIMIT 50";

  private static final String POINTS =
      "SELECT * FROM TABLE(GRID((SELECT asset, time_index, MIN(id) AS id FROM moments GROUP BY 1, 2),"
          + " DESCRIPTOR(time_index), %s)) ORDER BY asset, time_index LIMIT 50";

  @ParameterizedTest
  @EnumSource(names = {"DUCKDB", "POSTGRESQL", "SPLIT"})
  void widthsAreLengthsOfIso8601(Place place) {
    same(place, BARS, "?", "INTERVAL '90' MINUTE", "PT90M");
    same(place, BARS, "?", "INTERVAL '24' HOUR", "PT24H");
    same(place, BARS, "?", "INTERVAL '0.25' SECOND", "PT0.25S");
    same(place, BARS, "?", "INTERVAL '14' DAY", "P2W");
    same(place, BARS, "width => ?", "INTERVAL '15' MONTH", "P1Y3M");
    same(
        place,
        WINDOWS,
        "TUMBLE(TABLE moments, DESCRIPTOR(time_index), ?, ?)",
        "TUMBLE(TABLE moments, DESCRIPTOR(time_index), INTERVAL '1' DAY, INTERVAL -'2' HOUR)",
        "P1D",
        "PT-2H");
    same(
        place,
        WINDOWS,
        "HOP(TABLE moments, DESCRIPTOR(time_index), ?, ?)",
        "HOP(TABLE moments, DESCRIPTOR(time_index), INTERVAL '20' MINUTE, INTERVAL '1' HOUR)",
        "PT20M",
        "PT1H");
  }

  @Test
  void otherArgumentsAreTextTimesAndNumbers() {
    same(
        Place.DUCKDB,
        BARS,
        "?, closed => ?, origin => ?, zone => ?, label => ?",
        "INTERVAL '7' HOUR, closed => 'left', origin => TIME '09:30', zone => 'Asia/Tehran',"
            + " label => 'left'",
        "PT7H",
        "left",
        LocalTime.of(9, 30),
        "Asia/Tehran",
        "left");
    OffsetDateTime time = OffsetDateTime.parse("2024-03-01T05:00:00+09:00");
    same(
        Place.DUCKDB,
        BARS,
        "?, origin => ?",
        "INTERVAL '36' HOUR, origin => TIMESTAMP '2024-02-29T20:00:00Z'",
        "PT36H",
        time);
    same(
        Place.DUCKDB,
        POINTS,
        "?, start_time => ?, end_time => ?, fill => ?",
        "INTERVAL '1' DAY, start_time => '2024-02-29T20:00:00Z', end_time => '2024-03-20', fill => -1",
        "P1D",
        time,
        "2024-03-20",
        -1);
    same(Place.DUCKDB, POINTS, "?, ?", "INTERVAL '1' MONTH, 'previous'", "P1M", "previous");
  }

  /** Parameters are counted from left to right, wherever they stand. */
  @Test
  void otherParametersKeepTheirPlaces() {
    same(
        Place.DUCKDB,
        "SELECT %s",
        "?, bucket FROM TABLE(RESAMPLE((SELECT * FROM moments WHERE id >= ?),"
            + " DESCRIPTOR(time_index), ?)) WHERE id < ? ORDER BY time_index, id LIMIT ?",
        "'x', bucket FROM TABLE(RESAMPLE((SELECT * FROM moments WHERE id >= 3),"
            + " DESCRIPTOR(time_index), INTERVAL '1' MONTH)) WHERE id < 40 ORDER BY time_index, id"
            + " LIMIT 7",
        "x",
        3,
        "P1M",
        40,
        7);
  }

  private static void same(
      Place place, String query, String arguments, String literals, Object... values) {
    List<String> expected = sql(query.formatted(literals)).over(BarNodes.catalog(place)).rows();
    assertFalse(expected.isEmpty());
    sql(query.formatted(arguments))
        .over(BarNodes.catalog(place))
        .with(values)
        .returns(expected.toArray(String[]::new));
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "NULL",
      quoteCharacter = '"',
      delimiter = '|',
      value = {
        "width => ? | PT0S | 22023 | width is 'PT0S'; expected one greater than zero, for example"
            + " PT5M",
        "width => ? | -P1D | 22023 | width is '-P1D'; expected one greater than zero, for example"
            + " PT5M",
        "width => ? | NULL | 22023 | Parameter 1 is NULL; width needs a value, or leave the argument"
            + " out if it need not be given",
        "width => ? | 5 minutes | 22007 | width is '5 minutes'; expected a length of time in ISO"
            + " 8601: PT5M for minutes and the like, P1D for days of the clocks, P1M for months",
        "width => INTERVAL '1' DAY, zone => ? | Mars | 22023 | 'Mars' is no time zone; expected an"
            + " IANA name such as Europe/Zurich or an offset",
        "width => INTERVAL '1' DAY, label => ? | middle | 22023 | label is 'middle'; expected 'left'"
            + " or 'right'",
        "width => INTERVAL '1' DAY, origin => ? | noon | 22007 | origin is 'noon'; expected a"
            + " constant such as TIME '09:30:00' or TIMESTAMP '2024-01-31 09:30:00'"
      })
  void wrongValuesAreRefused(String arguments, String value, String state, String message) {
    String query = BARS.formatted(arguments);
    SQLException failure =
        assertThrows(
            SQLException.class,
            () -> {
              try (Connection connection =
                      DriverManager.getConnection(SqlFixture.url(BarNodes.catalog(Place.DUCKDB)));
                  PreparedStatement statement = connection.prepareStatement(query)) {
                statement.setString(1, value);
                statement.executeQuery();
              }
            });
    String place = " (line 1, column " + (query.indexOf('?') + 1) + ")";
    assertEquals(message + place, failure.getMessage().lines().findFirst().orElse(""));
    assertEquals(state, failure.getSQLState());
  }
}
