package io.datanode.plan.bars;

import static io.datanode.testing.SqlFixture.sql;

import io.datanode.testing.BarNodes;
import io.datanode.testing.MarketNodes.Place;
import io.datanode.testing.SqlFixture;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What KaizenFlow's own code gives for bars, grids and names of assets, asked in SQL. Each test has
 * the number of the case it repeats.
 */
class KaizenBarsTest {
  private static final String RESAMPLED =
      " FROM TABLE(RESAMPLE(TABLE minutes, DESCRIPTOR(time_index), INTERVAL '5' MINUTE))"
          + " GROUP BY bucket ORDER BY bucket";

  private static SqlFixture bars(Place place, String query) {
    return sql(query).over(BarNodes.catalog(place));
  }

  @ParameterizedTest
  @EnumSource(Place.class)
  void g01BarsHoldTheirEndAndAreNamedByIt(Place place) {
    bars(place, "SELECT bucket, OHLCV(open, high, low, close, volume)" + RESAMPLED)
        .returns(
            "2022-01-03 14:35:00+00|10.0|15.0|9.0|14.5|15.0",
            "2022-01-03 14:40:00+00|15.0|16.0|14.0|null|null");
  }

  @ParameterizedTest
  @EnumSource(Place.class)
  void g02AveragesOfTheBars(Place place) {
    bars(place, "SELECT bucket, ROUND(VWAP(close, volume), 10), TWAP(close)" + RESAMPLED)
        .returns("2022-01-03 14:35:00+00|13.1666666667|12.5", "2022-01-03 14:40:00+00|null|null");
  }

  @ParameterizedTest
  @EnumSource(Place.class)
  void g04GapsBecomeRowsWithoutValues(Place place) {
    bars(
            place,
            "SELECT bucket, open, volume FROM TABLE(GRID((SELECT bucket, full_symbol,"
                + " OHLCV(open, high, low, close, volume) FROM TABLE(RESAMPLE((SELECT * FROM minutes"
                + " WHERE volume IN (1, 2, 5)), DESCRIPTOR(time_index), INTERVAL '1' MINUTE))"
                + " GROUP BY bucket, full_symbol), DESCRIPTOR(bucket), INTERVAL '1' MINUTE))"
                + " ORDER BY bucket")
        .returns(
            "2022-01-03 14:31:00+00|10.0|1.0",
            "2022-01-03 14:32:00+00|11.0|2.0",
            "2022-01-03 14:33:00+00|null|null",
            "2022-01-03 14:34:00+00|null|null",
            "2022-01-03 14:35:00+00|14.0|5.0");
  }

  @ParameterizedTest
  @EnumSource(Place.class)
  void g05TheEndOfABarIsInItAndTheNextMinuteInTheNext(Place place) {
    bars(
            place,
            "SELECT time_index, bucket FROM TABLE(RESAMPLE((SELECT time_index - INTERVAL '1' MINUTE"
                + " AS time_index FROM minutes WHERE volume <= 2), DESCRIPTOR(time_index),"
                + " INTERVAL '5' MINUTE)) ORDER BY 1")
        .returns(
            "2022-01-03 14:30:00+00|2022-01-03 14:30:00+00",
            "2022-01-03 14:31:00+00|2022-01-03 14:35:00+00");
  }

  @ParameterizedTest
  @EnumSource(Place.class)
  void g06AndG07TheGridOfEachSymbolBeginsWithItAndLeavesOutWhatIsBetween(Place place) {
    bars(
            place,
            "SELECT time_index, close FROM TABLE(GRID((SELECT * FROM gaps WHERE close <= 3 OR"
                + " full_symbol LIKE 'kucoin%'), DESCRIPTOR(time_index), INTERVAL '1' MINUTE))"
                + " ORDER BY full_symbol, time_index")
        .returns(
            "2022-01-01 00:01:00+00|1.0",
            "2022-01-01 00:02:00+00|null",
            "2022-01-01 00:03:00+00|3.0",
            "2022-01-01 00:00:30+00|100.0",
            "2022-01-01 00:01:30+00|null",
            "2022-01-01 00:02:30+00|null",
            "2022-01-01 00:03:30+00|null",
            "2022-01-01 00:04:30+00|108.0");
  }

  @ParameterizedTest
  @EnumSource(Place.class)
  void b01AndB04TheBarOfAnInstant(Place place) {
    bars(
            place,
            "SELECT TIME_BUCKET(INTERVAL '15' MINUTE, TIMESTAMP '2021-09-09T08:00:05Z'"
                + " + INTERVAL '450' SECOND), TIME_BUCKET(INTERVAL '15' MINUTE,"
                + " TIMESTAMP '2021-09-09T07:59:55Z') FROM lone")
        .returns("2021-09-09 08:00:00+00|2021-09-09 07:45:00+00");
  }

  @ParameterizedTest
  @EnumSource(Place.class)
  void i01NumbersOfAssets(Place place) {
    bars(place, "SELECT ASSET_ID(full_symbol) FROM symbols WHERE id <= 11 ORDER BY id")
        .returns(
            "1467591036",
            "1464553467",
            "3303714233",
            "3187272957",
            "2002879833",
            "2568064341",
            "2870803583",
            "1329043685",
            "1508924190",
            "9172582977",
            "2819497684");
  }

  @ParameterizedTest
  @EnumSource(Place.class)
  void i02PartsOfFullSymbols(Place place) {
    bars(
            place,
            "SELECT full_symbol, EXCHANGE(full_symbol), SYMBOL(full_symbol) FROM symbols"
                + " WHERE id IN (8, 10, 12, 13, 14, 15, 16) ORDER BY id")
        .returns(
            "binance::1INCH_USDT|binance|1INCH_USDT",
            "::||",
            "bi1nance::BTC2USDT|null|null",
            "binance:BTC_USDT|null|null",
            "a::|a|",
            "BINANCE::btc_usdt|BINANCE|btc_usdt",
            "binance::BTC-PERP|null|null");
  }

  @ParameterizedTest
  @EnumSource(Place.class)
  void w01LevelsOfABookSideBySide(Place place) {
    bars(
            place,
            "SELECT time_index, MAX(price) FILTER (WHERE level = 1) AS \"level_1.bid_price\","
                + " MAX(price) FILTER (WHERE level = 2) AS \"level_2.bid_price\","
                + " MAX(size) FILTER (WHERE level = 2) AS \"level_2.bid_size\""
                + " FROM (SELECT l.time_index, v.level, v.price, v.size FROM lone AS l CROSS JOIN"
                + " (VALUES (1, 2.31, 1.0), (2, 3.22, 2.0), (3, 2.33, 3.0)) AS v(level, price, size))"
                + " AS b GROUP BY time_index")
        .returns("2022-01-01 00:01:00+00|2.31|3.22|2.0");
  }
}
