package io.datanode.plan.bars;

import static io.datanode.testing.SqlFixture.sql;

import io.datanode.testing.MarketNodes.Place;
import io.datanode.testing.OwnNodes;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Widths of TIME_BUCKET that are bound to parameters. */
class BucketParametersTest {
  private static final Map<Place, Path> CATALOGS = new EnumMap<>(Place.class);

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
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "DUCKDB, PT0S, Storage 'book': Can't bucket using zero days",
        "DUCKDB, -PT5M, Storage 'book': Period must be greater than 0",
        "POSTGRESQL, PT0S, Storage 'desk': stride must be greater than zero",
        "POSTGRESQL, -PT5M, Storage 'desk': stride must be greater than zero"
      })
  void aWidthIsGreaterThanZero(Place place, String width, String message) {
    sql("SELECT TIME_BUCKET(CAST(? AS INTERVAL MINUTE), t) FROM trades")
        .over(catalog(place))
        .with(width)
        .fails(message, "22023");
  }
}
