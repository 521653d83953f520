package io.datanode.plan.bars;

import static io.datanode.testing.SqlFixture.sql;

import io.datanode.testing.MarketNodes.Place;
import io.datanode.testing.OwnNodes;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Widths of TIME_BUCKET that are bound to parameters. */
class BucketParametersTest {
  private static final Map<Place, Path> CATALOGS = new EnumMap<>(Place.class);

  private static final String TOO_SHORT =
      "TIME_BUCKET was given a computed width of zero or less; expected one greater than zero, for"
          + " example INTERVAL '5' MINUTE, or PT5M for a parameter";

  private static synchronized Path catalog(Place place) {
    return CATALOGS.computeIfAbsent(
        place,
        where ->
            OwnNodes.catalog(
                where,
                List.of(
                    "CREATE TABLE trades (t TIMESTAMPTZ, price INTEGER)",
                    "INSERT INTO trades VALUES ('2024-03-31 00:07:00+00', 1), ('2024-03-31"
                        + " 22:30:00+00', 2)"),
                Map.of("trades", List.of("time_index: t"))));
  }

  /** In Zurich clocks went forward at 01:00 that day in UTC, and the next day began at 22:00. */
  @ParameterizedTest
  @EnumSource
  void aWidthIsCountedAsItsTypeSays(Place place) {
    buckets(place, "INTERVAL MINUTE", "PT5M", "2024-03-31 01:05:00+01", "2024-04-01 00:30:00+02");
    buckets(place, "INTERVAL DAY", "P1D", "2024-03-31 00:00:00+01", "2024-04-01 00:00:00+02");
    buckets(place, "INTERVAL MONTH", "P1M", "2024-03-01 00:00:00+01", "2024-04-01 00:00:00+02");
  }

  private static void buckets(Place place, String type, String width, String... expected) {
    sql("SELECT TIME_BUCKET(CAST(? AS " + type + "), t) FROM trades ORDER BY t")
        .over(catalog(place))
        .set("timeZone=Europe/Zurich")
        .with(width)
        .returns(expected);
  }

  @ParameterizedTest
  @EnumSource
  void aWidthIsGreaterThanZero(Place place) {
    for (String width : List.of("PT0S", "-PT5M")) {
      sql("SELECT TIME_BUCKET(CAST(? AS INTERVAL MINUTE), t) FROM trades")
          .over(catalog(place))
          .with(width)
          .fails(TOO_SHORT, "22023");
    }
    sql("SELECT TIME_BUCKET((price - 1) * INTERVAL '1' MINUTE, t) FROM trades")
        .over(catalog(place))
        .fails((place == Place.OTHER_CATALOG ? "Storage 'other': " : "") + TOO_SHORT, "22023");
  }
}
