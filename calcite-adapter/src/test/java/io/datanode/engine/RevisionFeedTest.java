package io.datanode.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.datanode.testing.MarketNodes.Place;
import io.datanode.testing.OwnNodes;
import io.datanode.testing.SqlFixture;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.StringJoiner;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A feed of revisions is replayed day by day: on each day questions are asked of what has arrived
 * until then, and the answers are kept. Asked again at the end, in every storage, as of each day,
 * the questions have the same answers. Some bars of the feed arrive late, some are restated, some
 * deleted, which is a version that says so, and the past of one asset is only filled in later.
 */
class RevisionFeedTest {
  private static final int DAYS = 5;
  private static final String NOW = "";

  /** Questions; {@code %s} is where a time can be named. */
  private static final List<String> QUESTIONS =
      List.of(
          "SELECT time_index, asset, close FROM bars%s AS b WHERE NOT deleted ORDER BY 1, 2",
          "SELECT asset, COUNT(*), SUM(close), MAX(known_at) FROM bars%s AS b WHERE close > 100"
              + " GROUP BY asset ORDER BY 1",
          "SELECT * FROM \"bars$versions\"%s AS b ORDER BY 1, 2, 3",
          "SELECT * FROM \"bars$latest\"%s AS b ORDER BY 1, 2",
          "SELECT asset, time_index, close FROM bars%s AS b WHERE NOT deleted QUALIFY ROW_NUMBER()"
              + " OVER (PARTITION BY asset ORDER BY time_index DESC) = 1 ORDER BY 1",
          "SELECT bucket, asset, OHLCV(close, size) FROM (SELECT * FROM TABLE(RESAMPLE((SELECT *"
              + " FROM bars%s AS b WHERE NOT deleted), DESCRIPTOR(time_index), INTERVAL '2' DAY)))"
              + " AS r GROUP BY bucket, asset ORDER BY 1, 2",
          "SELECT * FROM TABLE(GRID((SELECT time_index, asset, close FROM bars%s AS b),"
              + " DESCRIPTOR(time_index), INTERVAL '12' HOUR, fill => 'previous')) AS g"
              + " ORDER BY 1, 2",
          "SELECT t.traded, t.asset, b.time_index, b.close FROM trades AS t LEFT ASOF JOIN bars AS b"
              + " MATCH_CONDITION b.time_index <= t.traded ON b.asset = t.asset ORDER BY 1, 2",
          "SELECT t.traded, t.asset, b.time_index, b.known_at, b.close FROM trades AS t LEFT ASOF JOIN"
              + " bars AS b MATCH_CONDITION b.time_index <= t.traded AND b.known_at <= t.traded"
              + " ON b.asset = t.asset ORDER BY 1, 2",
          "SELECT t.traded, b.close FROM trades AS t JOIN bars AS b ON b.asset = t.asset"
              + " WHERE b.time_index = (SELECT MAX(time_index) FROM bars) ORDER BY 1, 2",
          "SELECT asset_identifier, first_time, last_time, row_count, last_knowledge_time"
              + " FROM metadata.node_status WHERE identifier = 'bars' ORDER BY 1");

  private static final Map<String, String> FROZEN = new LinkedHashMap<>();
  private static final Map<Place, Path> CATALOGS = new LinkedHashMap<>();

  /**
   * What arrived on a day.
   *
   * @param day on which it was known, from 1
   * @param values of the row, as SQL
   */
  private record Arrival(String table, int day, String values) {}

  private static final List<Arrival> FEED = feed();

  private static List<Arrival> feed() {
    Random random = new Random(20_240_603);
    List<Arrival> feed = new ArrayList<>();
    for (int day = 1; day <= DAYS; day++) {
      for (String asset : List.of("AAPL", "MSFT", "SAP")) {
        int late = random.nextInt(4) == 0 ? random.nextInt(3) : 0;
        feed.add(bar(asset, day, day + late, 16, random));
        if (day > 2 && random.nextInt(3) == 0) {
          feed.add(bar(asset, 1 + random.nextInt(day - 1), day, 18, random));
        }
        feed.add(
            new Arrival(
                "trades", day, "(" + time(day, 10 + random.nextInt(10)) + ", '" + asset + "')"));
      }
    }
    for (int day = 1; day <= DAYS; day++) {
      feed.add(bar("TSLA", day, Math.max(day, 5), 20, random));
    }
    return feed;
  }

  private static Arrival bar(String asset, int day, int known, int hour, Random random) {
    boolean deleted = hour == 18 && random.nextInt(3) == 0;
    String values =
        String.join(
            ", ",
            time(day, 16),
            "'" + asset + "'",
            time(known, hour),
            deleted ? "NULL" : String.valueOf(90 + random.nextInt(200) / 8.0),
            deleted ? "NULL" : String.valueOf(random.nextInt(100)),
            String.valueOf(deleted));
    return new Arrival("bars", known, "(" + values + ")");
  }

  private static String time(int day, int hour) {
    return String.format("TIMESTAMPTZ '2024-06-%02d %02d:00:00+00'", day, hour);
  }

  private static Path catalog(Place place, int until) {
    List<String> statements =
        new ArrayList<>(
            List.of(
                "CREATE TABLE bars (time_index TIMESTAMPTZ, asset TEXT, known_at TIMESTAMPTZ,"
                    + " close DOUBLE PRECISION, size INTEGER, deleted BOOLEAN)",
                "CREATE TABLE trades (traded TIMESTAMPTZ, asset TEXT)"));
    for (String table : List.of("bars", "trades")) {
      StringJoiner rows = new StringJoiner(", ", "INSERT INTO " + table + " VALUES ", "");
      FEED.stream()
          .filter(arrival -> arrival.table().equals(table) && arrival.day() <= until)
          .forEach(arrival -> rows.add(arrival.values()));
      statements.add(rows.toString());
    }
    Map<String, List<String>> nodes = new LinkedHashMap<>();
    nodes.put("trades", List.of("index_names: [traded, asset]"));
    nodes.put("bars", List.of("index_names: [time_index, asset]", "knowledge_time: known_at"));
    return OwnNodes.catalog(place, statements, nodes);
  }

  private static String endOf(int day) {
    return String.format("2024-06-%02dT23:59:59.999999Z", day);
  }

  @BeforeAll
  static void askOnEachDay() {
    for (int day = 1; day <= DAYS; day++) {
      Path arrived = catalog(Place.DUCKDB, day);
      for (String question : QUESTIONS) {
        FROZEN.put(day + question, answer(arrived, NOW, question.replace("%s", "")));
      }
    }
  }

  private static String answer(Path catalog, String asOf, String question) {
    return String.join("\n", SqlFixture.sql(question).over(catalog).set("asOf=" + asOf).rows());
  }

  private static synchronized Path last(Place place) {
    return CATALOGS.computeIfAbsent(place, where -> catalog(where, Integer.MAX_VALUE));
  }

  @Test
  void theAnswersDifferFromDayToDay() {
    for (String question : QUESTIONS) {
      assertNotEquals(FROZEN.get(4 + question), FROZEN.get(5 + question), question);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aSessionInThePastHasTheAnswersOfTheDay(Place place) {
    for (int day = 1; day <= DAYS; day++) {
      for (String question : QUESTIONS) {
        assertEquals(
            FROZEN.get(day + question),
            answer(last(place), endOf(day), question.replace("%s", "")),
            () -> question);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aQueryThatNamesTheTimeHasTheAnswersOfTheDay(Place place) {
    for (int day = 1; day <= DAYS; day++) {
      String time = " FOR SYSTEM_TIME AS OF TIMESTAMP '" + endOf(day) + "'";
      for (String question : QUESTIONS) {
        if (question.contains("%s")) {
          assertEquals(
              FROZEN.get(day + question),
              answer(last(place), NOW, question.replace("%s", time)),
              () -> question);
        }
      }
    }
  }
}
