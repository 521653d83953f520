package io.datanode.engine;

import static io.datanode.testing.SqlFixture.sql;

import io.datanode.testing.MarketNodes.Place;
import io.datanode.testing.OwnNodes;
import io.datanode.testing.SqlFixture;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Which bars KaizenFlow reads for an interval and for the last minutes of a clock, by the numbers
 * of its cases. Where it differs, the test says so.
 *
 * <ul>
 *   <li>{@code minute} (cases R): the sixty bars of one asset that end from 09:31 to 10:30 in New
 *       York, each known as soon as it ends; prices are rounded to six digits;
 *   <li>{@code quotes} (cases T): the starts of five bars of two assets;
 *   <li>{@code crypto} (cases M): bars of two symbols that end from 09:31 on; the close is 101 in
 *       the first five minutes of ten, else 100, the volume counts the bars.
 * </ul>
 *
 * @see "kaizenflow at commit 545f66ef6: market_data/test/test_replayed_market_data.py,
 *     helpers/test/test_hpandas.py, market_data/test/test_im_client_market_data.py"
 */
class KaizenIntervalsTest {
  private static final double[] PRICES = {
    999.87454,
    1000.325254,
    1000.557248,
    1000.655907,
    1000.311925,
    999.96792,
    999.526004,
    999.89218,
    999.993295,
    1000.201367,
    999.721952,
    1000.191862,
    1000.524304,
    1000.236643,
    999.918468,
    999.601873,
    999.406115,
    999.430872,
    999.362817,
    999.154046,
    999.265899,
    998.905393,
    998.697537,
    998.563899,
    998.519969,
    998.805145,
    998.504819,
    998.519053,
    998.611468,
    998.157918,
    998.265463,
    997.935987,
    997.501039,
    997.949924,
    998.415556,
    998.723954,
    998.528567,
    998.12624,
    998.310473,
    998.250625,
    997.872663,
    997.86784,
    997.402229,
    997.811549,
    997.570329,
    997.732851,
    997.544562,
    997.56463,
    997.611341,
    997.296195,
    997.76578,
    998.040913,
    998.480412,
    998.875239,
    998.973139,
    999.395013,
    998.983506,
    998.679489,
    998.224716,
    998.050046
  };

  private static final Map<Place, Path> CATALOGS = new EnumMap<>(Place.class);

  private static synchronized Path catalog(Place place) {
    return CATALOGS.computeIfAbsent(place, KaizenIntervalsTest::made);
  }

  private static Path made(Place place) {
    StringJoiner minute = new StringJoiner(",", "INSERT INTO minute VALUES ", "");
    for (int i = 0; i < PRICES.length; i++) {
      String end = end(i);
      minute.add("(" + end + ", " + end + ", 1000, " + PRICES[i] + ")");
    }
    StringJoiner crypto = new StringJoiner(",", "INSERT INTO crypto VALUES ", "");
    for (int i = 0; i < 40; i++) {
      for (String symbol : List.of("binance::BTC_USDT", "binance::ADA_USDT")) {
        crypto.add(
            "(" + end(i) + ", '" + symbol + "', " + (i % 10 < 5 ? 101 : 100) + ", " + i + ")");
      }
    }
    crypto.add("(TIMESTAMPTZ '2000-01-01 14:34:00.0005+00', 'late::ONE', 7, 0)");
    Map<String, List<String>> nodes = new LinkedHashMap<>();
    nodes.put(
        "minute",
        List.of(
            "index_names: [end_datetime, asset_id]",
            "knowledge_time: timestamp_db",
            "cadence: 1m"));
    nodes.put("quotes", List.of("index_names: [start_time, egid]"));
    nodes.put("crypto", List.of("index_names: [end_ts, full_symbol]", "cadence: 1m"));
    return OwnNodes.catalog(
        place,
        List.of(
            "CREATE TABLE minute (end_datetime TIMESTAMPTZ, timestamp_db TIMESTAMPTZ,"
                + " asset_id BIGINT, last_price DOUBLE PRECISION)",
            minute.toString(),
            "CREATE TABLE quotes (start_time TIMESTAMPTZ, egid BIGINT, close DOUBLE PRECISION)",
            """
            INSERT INTO quotes VALUES
              ('2022-01-04 21:38:00+00', 13684, 1146.48), ('2022-01-04 21:38:00+00', 17085, 179.45),
              ('2022-01-04 21:37:00+00', 13684, 1146.26), ('2022-01-04 21:37:00+00', 17085, 179.42),
              ('2022-01-04 21:36:00+00', 13684, 1146.00), ('2022-01-04 21:36:00+00', 17085, 179.46),
              ('2022-01-04 21:35:00+00', 13684, 1146.00), ('2022-01-04 21:35:00+00', 17085, 179.42),
              ('2022-01-04 21:34:00+00', 17085, 179.42), ('2022-01-04 21:34:00+00', 13684, 1146.00)""",
            "CREATE TABLE crypto (end_ts TIMESTAMPTZ, full_symbol TEXT, close DOUBLE PRECISION,"
                + " volume BIGINT)",
            crypto.toString()),
        nodes);
  }

  /** When the bar with this number, from 0, ends. */
  private static String end(int bar) {
    return String.format(
        "TIMESTAMPTZ '2000-01-01 %02d:%02d:00+00'", 14 + (31 + bar) / 60, (31 + bar) % 60);
  }

  /** Asks at a time of the clock in New York. */
  private static SqlFixture at(Place place, String now, String query) {
    return sql(query)
        .over(catalog(place))
        .set("timeZone=America/New_York")
        .set("asOf=2000-01-01T" + now + "-05:00");
  }

  /** The bars that began in the last minutes, which those are that ended since. */
  private static String last(String interval) {
    return "SELECT CAST(end_datetime AS TIME(0)), CAST(start_time AS TIME(0)), last_price FROM minute"
        + " WHERE start_time >= CURRENT_TIMESTAMP - INTERVAL "
        + interval
        + " AND start_time < CURRENT_TIMESTAMP ORDER BY 1";
  }

  private static final String B31 = "09:31:00|09:30:00|999.87454";
  private static final String B32 = "09:32:00|09:31:00|1000.325254";
  private static final String B33 = "09:33:00|09:32:00|1000.557248";
  private static final String B34 = "09:34:00|09:33:00|1000.655907";
  private static final String B35 = "09:35:00|09:34:00|1000.311925";
  private static final String B36 = "09:36:00|09:35:00|999.96792";
  private static final String B37 = "09:37:00|09:36:00|999.526004";
  private static final String B38 = "09:38:00|09:37:00|999.89218";

  @ParameterizedTest
  @EnumSource
  void r01TheLastFiveMinutesAreFiveBars(Place place) {
    at(place, "09:35:00", last("'5' MINUTE")).returns(B31, B32, B33, B34, B35);
  }

  @ParameterizedTest
  @EnumSource
  void r02TheLastMinuteIsTheBarThatHasJustEnded(Place place) {
    at(place, "09:35:00", last("'1' MINUTE")).returns(B35);
  }

  @ParameterizedTest
  @EnumSource
  void r04TheLastDayIsAllThatHasEnded(Place place) {
    at(
            place,
            "10:00:00",
            "SELECT COUNT(*), MIN(end_datetime), MAX(end_datetime) FROM minute WHERE start_time >="
                + " CURRENT_TIMESTAMP - INTERVAL '1' DAY AND start_time < CURRENT_TIMESTAMP")
        .returns("30|2000-01-01 09:31:00-05|2000-01-01 10:00:00-05");
  }

  @ParameterizedTest
  @EnumSource
  void r05BeforeTheFirstBarEndsThereIsNone(Place place) {
    at(place, "09:30:00", last("'5' MINUTE")).returns();
  }

  @ParameterizedTest
  @EnumSource
  void r06TheFirstBarIsSeenAtItsEndAndTheFeedIsOnline(Place place) {
    at(place, "09:31:00", last("'5' MINUTE")).returns(B31);
    at(
            place,
            "09:31:00",
            "SELECT last_time_any, is_online_any FROM metadata.node_status"
                + " WHERE identifier = 'minute'")
        .returns("2000-01-01 09:31:00-05|true");
  }

  @ParameterizedTest
  @EnumSource
  void r07TheOldestBarDropsOut(Place place) {
    at(place, "09:36:00", last("'5' MINUTE")).returns(B32, B33, B34, B35, B36);
  }

  @ParameterizedTest
  @EnumSource
  void r08bTheFeedIsOfflineThreeMinutesAfterItsLastBar(Place place) {
    at(
            place,
            "10:33:00",
            "SELECT last_time_any, is_online_any FROM metadata.node_status"
                + " WHERE identifier = 'minute'")
        .returns("2000-01-01 10:30:00-05|false");
  }

  /** An interval of bars by their ends. */
  private static String ended(String condition) {
    return "SELECT CAST(end_datetime AS TIME(0)), CAST(start_time AS TIME(0)), last_price FROM minute"
        + " WHERE "
        + condition
        + " ORDER BY 1";
  }

  @ParameterizedTest
  @EnumSource
  void r09AnIntervalThatEndsInTheFutureEndsNow(Place place) {
    at(
            place,
            "09:35:00",
            ended(
                "end_datetime >= TIMESTAMP '2000-01-01 09:30:00'"
                    + " AND end_datetime < TIMESTAMP '2000-01-01 09:45:00'"))
        .returns(B31, B32, B33, B34, B35);
  }

  @ParameterizedTest
  @EnumSource
  void r11TheBarThatBeginsAtATime(Place place) {
    at(place, "09:45:00", ended("start_time = TIMESTAMP '2000-01-01 09:35:00'")).returns(B36);
  }

  @ParameterizedTest
  @EnumSource
  void r12TheBarThatBeginsAfterNowIsNotSeen(Place place) {
    at(place, "09:45:00", ended("start_time = TIMESTAMP '2000-01-01 09:50:00'")).returns();
  }

  @ParameterizedTest
  @EnumSource
  void r13ClosedAndHalfClosedIntervals(Place place) {
    at(
            place,
            "10:00:00",
            ended(
                "end_datetime BETWEEN TIMESTAMP '2000-01-01 09:35:00'"
                    + " AND TIMESTAMP '2000-01-01 09:38:00'"))
        .returns(B35, B36, B37, B38);
    at(
            place,
            "10:00:00",
            ended(
                "end_datetime > TIMESTAMP '2000-01-01 09:35:00'"
                    + " AND end_datetime <= TIMESTAMP '2000-01-01 09:38:00'"))
        .returns(B36, B37, B38);
  }

  @ParameterizedTest
  @EnumSource
  void r14AClosedIntervalOfOneInstantHoldsItsBar(Place place) {
    at(
            place,
            "10:00:00",
            ended(
                "end_datetime BETWEEN TIMESTAMP '2000-01-01 09:35:00'"
                    + " AND TIMESTAMP '2000-01-01 09:35:00'"))
        .returns(B35);
  }

  /** An error there; here it is an interval without rows. */
  @ParameterizedTest
  @EnumSource
  void r15AHalfOpenIntervalOfOneInstantHoldsNothing(Place place) {
    at(
            place,
            "10:00:00",
            ended(
                "end_datetime >= TIMESTAMP '2000-01-01 09:35:00'"
                    + " AND end_datetime < TIMESTAMP '2000-01-01 09:35:00'"))
        .returns();
  }

  @ParameterizedTest
  @EnumSource
  void r17ADelayHidesWhatBecameKnownWithinIt(Place place) {
    at(place, "09:35:00", last("'5' MINUTE")).set("asOfDelay=PT60S").returns(B31, B32, B33, B34);
  }

  @ParameterizedTest
  @EnumSource
  void r18TheDelayMayBePassedOver(Place place) {
    at(
            place,
            "09:35:00",
            ended(
                    "end_datetime >= TIMESTAMP '2000-01-01 09:30:00'"
                        + " AND end_datetime < TIMESTAMP '2000-01-01 09:45:00'")
                .replaceFirst("SELECT", "SELECT /*+ ignore_delay */"))
        .set("asOfDelay=PT60S")
        .returns(B31, B32, B33, B34, B35);
  }

  /** There the knowledge time keeps the zone of its source; here all times are in the session's. */
  @ParameterizedTest
  @EnumSource
  void r20TimesAreShownInTheZoneOfTheSession(Place place) {
    sql("SELECT end_datetime, start_time, timestamp_db, last_price FROM minute"
            + " WHERE end_datetime <= TIMESTAMP '2000-01-01 14:32:00' ORDER BY 1")
        .over(catalog(place))
        .set("asOf=2000-01-01T09:35:00-05:00")
        .returns(
            "2000-01-01 14:31:00+00|2000-01-01 14:30:00+00|2000-01-01 14:31:00+00|999.87454",
            "2000-01-01 14:32:00+00|2000-01-01 14:31:00+00|2000-01-01 14:32:00+00|1000.325254");
  }

  private static final String Q38 = "21:38:00|13684|1146.48\n21:38:00|17085|179.45";
  private static final String Q37 = "21:37:00|13684|1146.26\n21:37:00|17085|179.42";
  private static final String Q36 = "21:36:00|13684|1146.0\n21:36:00|17085|179.46";
  private static final String Q35 = "21:35:00|13684|1146.0\n21:35:00|17085|179.42";

  private static SqlFixture quotes(Place place, String condition) {
    return sql("SELECT CAST(start_time AS TIME(0)), egid, close FROM quotes WHERE "
            + condition
            + " ORDER BY 1 DESC, 2")
        .over(catalog(place));
  }

  @ParameterizedTest
  @EnumSource
  void t01BothEndsBelongToAClosedInterval(Place place) {
    quotes(
            place,
            "start_time BETWEEN TIMESTAMP '2022-01-04 21:35:00' AND TIMESTAMP '2022-01-04 21:38:00'")
        .returns(Q38, Q37, Q36, Q35);
  }

  @ParameterizedTest
  @EnumSource
  void t03TheRightEndDoesNotBelongToAHalfOpenInterval(Place place) {
    quotes(
            place,
            "start_time >= TIMESTAMP '2022-01-04 21:35:00'"
                + " AND start_time < TIMESTAMP '2022-01-04 21:38:00'")
        .returns(Q37, Q36, Q35);
  }

  @ParameterizedTest
  @EnumSource
  void t04NeitherEndBelongsToAnOpenInterval(Place place) {
    quotes(
            place,
            "start_time > TIMESTAMP '2022-01-04 21:35:00'"
                + " AND start_time < TIMESTAMP '2022-01-04 21:38:00'")
        .returns(Q37, Q36);
  }

  @ParameterizedTest
  @EnumSource
  void t07BoundsOfOneZoneChooseTimesShownInAnother(Place place) {
    sql("SELECT CAST(start_time AS TIME(0)), egid FROM quotes WHERE start_time BETWEEN"
            + " TIMESTAMP '2022-01-04 21:35:00Z' AND TIMESTAMP '2022-01-04 21:36:00Z' ORDER BY 1, 2")
        .over(catalog(place))
        .set("timeZone=America/New_York")
        .returns("16:35:00|13684", "16:35:00|17085", "16:36:00|13684", "16:36:00|17085");
  }

  /** Count, first and last row of an interval of bars, in the order of ends and numbers. */
  private static SqlFixture crypto(Place place, String condition) {
    return sql("SELECT CAST(end_ts AS TIME(0)), ASSET_ID(full_symbol), close, volume,"
            + " CAST(start_time AS TIME(0)), COUNT(*) OVER () FROM crypto WHERE full_symbol LIKE"
            + " 'binance::%' AND "
            + condition
            + " QUALIFY ROW_NUMBER() OVER (ORDER BY end_ts, ASSET_ID(full_symbol)) <= 3"
            + " OR ROW_NUMBER() OVER (ORDER BY end_ts DESC, ASSET_ID(full_symbol) DESC) = 1"
            + " ORDER BY 1, 2")
        .over(catalog(place))
        .set("timeZone=America/New_York");
  }

  @ParameterizedTest
  @EnumSource
  void m01ClosedOnTheLeft(Place place) {
    crypto(
            place,
            "end_ts >= TIMESTAMP '2000-01-01 09:35:00' AND end_ts < TIMESTAMP '2000-01-01 09:42:00'")
        .returns(
            "09:35:00|1467591036|101.0|4|09:34:00|14",
            "09:35:00|3303714233|101.0|4|09:34:00|14",
            "09:36:00|1467591036|100.0|5|09:35:00|14",
            "09:41:00|3303714233|101.0|10|09:40:00|14");
  }

  @ParameterizedTest
  @EnumSource
  void m03ClosedOnTheRight(Place place) {
    crypto(
            place,
            "end_ts > TIMESTAMP '2000-01-01 09:35:00' AND end_ts <= TIMESTAMP '2000-01-01 09:42:00'")
        .returns(
            "09:36:00|1467591036|100.0|5|09:35:00|14",
            "09:36:00|3303714233|100.0|5|09:35:00|14",
            "09:37:00|1467591036|100.0|6|09:36:00|14",
            "09:42:00|3303714233|101.0|11|09:41:00|14");
  }

  @ParameterizedTest
  @EnumSource
  void m04Open(Place place) {
    crypto(
            place,
            "end_ts > TIMESTAMP '2000-01-01 09:35:00' AND end_ts < TIMESTAMP '2000-01-01 09:42:00'")
        .returns(
            "09:36:00|1467591036|100.0|5|09:35:00|12",
            "09:36:00|3303714233|100.0|5|09:35:00|12",
            "09:37:00|1467591036|100.0|6|09:36:00|12",
            "09:41:00|3303714233|101.0|10|09:40:00|12");
  }

  @ParameterizedTest
  @EnumSource
  void m06TheAverageOverAnInterval(Place place) {
    sql("SELECT ASSET_ID(full_symbol), ROUND(TWAP(close), 2) FROM crypto"
            + " WHERE full_symbol LIKE 'binance::%' AND end_ts > TIMESTAMP '2000-01-01 09:35:00'"
            + " AND end_ts <= TIMESTAMP '2000-01-01 09:42:00' GROUP BY full_symbol ORDER BY 1")
        .over(catalog(place))
        .set("timeZone=America/New_York")
        .returns("1467591036|100.29", "3303714233|100.29");
  }

  /** There the interval is one of ends whatever column it names; here it is one of starts. */
  @ParameterizedTest
  @EnumSource
  void m09AnIntervalOfStarts(Place place) {
    crypto(
            place,
            "start_time >= TIMESTAMP '2000-01-01 09:35:00'"
                + " AND start_time < TIMESTAMP '2000-01-01 09:42:00'")
        .returns(
            "09:36:00|1467591036|100.0|5|09:35:00|14",
            "09:36:00|3303714233|100.0|5|09:35:00|14",
            "09:37:00|1467591036|100.0|6|09:36:00|14",
            "09:42:00|3303714233|101.0|11|09:41:00|14");
  }

  /** There bars after now are read; here they are not. */
  @ParameterizedTest
  @EnumSource
  void m10BarsAfterNowAreNotSeen(Place place) {
    at(
            place,
            "10:00:00",
            "SELECT CAST(end_ts AS TIME(0)), volume FROM crypto"
                + " WHERE full_symbol = 'binance::BTC_USDT' AND end_ts BETWEEN"
                + " TIMESTAMP '2000-01-01 09:58:00' AND TIMESTAMP '2000-01-01 10:05:00' ORDER BY 1")
        .returns("09:58:00|27", "09:59:00|28", "10:00:00|29");
  }

  /** There a bar half a millisecond behind an open end is lost; here it is not. */
  @ParameterizedTest
  @EnumSource
  void m15AnOpenEndIsOpenByNoMoreThanItself(Place place) {
    sql("SELECT end_ts FROM crypto WHERE full_symbol = 'late::ONE'"
            + " AND end_ts > TIMESTAMP '2000-01-01 14:34:00'")
        .over(catalog(place))
        .returns("2000-01-01 14:34:00.0005+00");
  }
}
