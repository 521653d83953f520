package io.datanode.differential;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datanode.DataNodes;
import io.datanode.Rows;
import io.datanode.differential.Targets.Difference;
import io.datanode.search.SearchRequest;
import io.datanode.testing.OddNodes;
import io.datanode.testing.OddNodes.Place;
import io.datanode.testing.SqlFixture;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What becomes known later changes no answer about the past. The same question is asked of nodes
 * that hold what was known at a time and nothing else, and, as of that time, of nodes to which all
 * that came later has been added: later rows, later versions of the same rows, and versions of
 * which nobody knows when they became known.
 *
 * <p>{@code -Ddatanode.differential.queries=N} runs so many random queries, {@code
 * -Ddatanode.differential.seed=S} others.
 */
class PastAnswersTest {
  private static final long SEED = Long.getLong("datanode.differential.seed", 20_240_310L);
  private static final long QUERIES = Long.getLong("datanode.differential.queries", 3_400L) / 28;

  /** Some rows are of this very instant, and some of a microsecond later. */
  private static final String KNOWN_BY = "2024-03-10T07:00:00Z";

  private static final String[] FORGET = {
    later("DELETE FROM ticks WHERE time_index > %s"),
    later("DELETE FROM spans WHERE time_index > %s"),
    later("DELETE FROM single WHERE time_index > %s"),
    later("DELETE FROM fundamentals WHERE published_at > %s"),
    later("DELETE FROM restated WHERE known_at > %s OR known_at IS NULL")
  };

  private static final String[] ADD = {
    later(
        "INSERT INTO ticks SELECT id + 64, asset_identifier, %s + id * INTERVAL '1 microsecond'"
            + " + INTERVAL '1 microsecond', 7, ratio, extreme, amount, wide, size, whole, volume,"
            + " flag, 'later', day, moment, seen_at FROM ticks WHERE id < 30"),
    later(
        "INSERT INTO fundamentals SELECT id + 28, asset_identifier, time_index,"
            + " %s + INTERVAL '1 microsecond', 7, revenue, rating, 'later' FROM fundamentals"),
    later(
        "INSERT INTO restated SELECT id + 36, asset_identifier, time_index,"
            + " %s + INTERVAL '1 microsecond', 7, rating, 'later' FROM restated"),
    "INSERT INTO restated SELECT id + 72, asset_identifier, time_index, NULL, 7, rating, 'never'"
        + " FROM restated WHERE id < 12",
    "INSERT INTO nothing SELECT id, asset_identifier, time_index, price, label, size FROM ticks"
        + " WHERE time_index > TIMESTAMPTZ '2024-03-10 07:00:00+00'"
  };

  private static final Map<MarketPlace, Path> GROWN = new LinkedHashMap<>();
  private static Path then;

  private static String later(String sql) {
    return sql.formatted("TIMESTAMPTZ '2024-03-10 07:00:00+00'");
  }

  /** Where the nodes are to which rows were added. */
  private enum MarketPlace {
    DUCKDB(Place.DUCKDB, Place.DUCKDB),
    POSTGRESQL(Place.POSTGRESQL, Place.POSTGRESQL),
    TICKS_IN_PARQUET(Place.PARQUET, Place.POSTGRESQL),
    TICKS_IN_POSTGRESQL(Place.POSTGRESQL, Place.DUCKDB);

    private final Place ticks;
    private final Place others;

    MarketPlace(Place ticks, Place others) {
      this.ticks = ticks;
      this.others = others;
    }
  }

  @BeforeAll
  static void write(@TempDir Path folder) throws Exception {
    Path forgotten = Files.createDirectory(folder.resolve("then"));
    OddNodes.writeFiles(forgotten, FORGET);
    then = OddNodes.catalog(forgotten, "catalog.yaml", places(MarketPlace.DUCKDB), "");
    OddNodes.writeFiles(folder, ADD);
    String postgreSql = OddNodes.inPostgreSql(ADD);
    for (MarketPlace place : MarketPlace.values()) {
      GROWN.put(place, OddNodes.catalog(folder, place.name() + ".yaml", places(place), postgreSql));
    }
  }

  private static Map<String, Place> places(MarketPlace place) {
    Map<String, Place> places = new LinkedHashMap<>();
    for (String node : OddNodes.NODES) {
      places.put(node, node.equals("ticks") || node.equals("nothing") ? place.ticks : place.others);
    }
    return places;
  }

  @Test
  void randomQueriesAboutThePastGiveWhatWasKnownThen() throws SQLException {
    List<Target> targets = new ArrayList<>();
    try (Target known = new Target("known then", then, "threads=1")) {
      for (Map.Entry<MarketPlace, Path> place : GROWN.entrySet()) {
        targets.add(new Target("grown in " + place.getKey(), place.getValue(), "threads=1"));
      }
      int rows = 0;
      for (long number = 0; number < QUERIES; number++) {
        RandomQuery made = new QueryGenerator(SEED, number).generate();
        RandomQuery query =
            new RandomQuery(made.sql(), made.ordered(), made.exact(), made.zone(), KNOWN_BY);
        rows += agree(known, targets, query) > 0 ? 1 : 0;
      }
      assertTrue(rows > QUERIES / 4, rows + " of the queries give rows");
    } finally {
      for (Target target : targets) {
        target.close();
      }
    }
  }

  /** The number of rows in which all agree. */
  private static int agree(Target known, List<Target> others, RandomQuery query) {
    Answer first = known.run(query);
    for (Target grown : others) {
      Answer answer = grown.run(query);
      assertTrue(
          Answer.agree(first, answer, query.ordered(), query.exact()),
          () ->
              "Query "
                  + query.sql().text()
                  + "\n"
                  + new Difference(known, first, grown, answer).shown());
    }
    return first instanceof Answer.Rows found ? found.rows().size() : 0;
  }

  private static final List<String> ROUTES =
      List.of(
          "SELECT * FROM ticks",
          "SELECT * FROM \"ticks$latest\"",
          "SELECT * FROM restated",
          "SELECT * FROM \"restated$versions\"",
          "SELECT * FROM \"restated$latest\"",
          "SELECT * FROM \"restated$versions\" FOR SYSTEM_TIME AS OF TIMESTAMP '2024-03-10 07:00:00Z'",
          "SELECT * FROM restated FOR SYSTEM_TIME AS OF CURRENT_TIMESTAMP",
          "SELECT * FROM ticks_until_march",
          "SELECT * FROM ticks_by_end",
          "SELECT * FROM ticks_of_history",
          "SELECT * FROM \"ticks_of_live$latest\"",
          "SELECT * FROM metadata.node_status",
          "SELECT identifier, row_estimate, error FROM metadata.nodes",
          "SELECT MIN(time_index), MAX(time_index), COUNT(*), COUNT(DISTINCT label) FROM ticks",
          "SELECT l.id, r.id, r.eps FROM ticks AS l LEFT ASOF JOIN restated AS r MATCH_CONDITION"
              + " r.time_index <= l.time_index ON r.asset_identifier = l.asset_identifier",
          "SELECT l.id, r.id, r.eps FROM ticks AS l LEFT ASOF JOIN restated AS r MATCH_CONDITION"
              + " r.known_at >= l.time_index ON r.asset_identifier = l.asset_identifier",
          "SELECT l.id, r.id FROM ticks AS l LEFT ASOF JOIN ticks AS r MATCH_CONDITION"
              + " NEAREST(r.time_index, l.time_index) AND r.time_index <> l.time_index ON TRUE",
          "SELECT bucket, asset_identifier, OHLCV(price, volume) FROM TABLE(RESAMPLE(TABLE ticks,"
              + " DESCRIPTOR(time_index), INTERVAL '1' MONTH)) GROUP BY bucket, asset_identifier",
          "SELECT * FROM TABLE(GRID((SELECT * FROM restated WHERE time_index >= DATE '2023-01-01'),"
              + " DESCRIPTOR(time_index), INTERVAL '6' HOUR, fill => 'previous')) AS g",
          "SELECT id FROM restated WHERE eps > (SELECT AVG(eps) FROM restated)",
          "SELECT DISTINCT asset_identifier FROM ticks UNION SELECT note FROM restated");

  @ParameterizedTest
  @EnumSource
  void everyRouteToRowsEndsAtTheTime(MarketPlace place) throws SQLException {
    try (Target known = new Target("known then", then, "");
        Target grown = new Target("grown in " + place, GROWN.get(place), "")) {
      for (String route : ROUTES) {
        agree(
            known,
            List.of(grown),
            new RandomQuery(Sql.clause(route), false, true, "UTC", KNOWN_BY));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void searchesEndAtTheTime(MarketPlace place) {
    for (String node : List.of("ticks", "restated", "fundamentals", "spans", "ticks_by_end")) {
      assertEquals(found(then, node), found(GROWN.get(place), node), node);
    }
  }

  private static List<String> found(Path catalog, String node) {
    try (DataNodes past = DataNodes.open(SqlFixture.url(catalog) + "?asOf=" + KNOWN_BY);
        Rows rows = past.search(SearchRequest.of(node))) {
      return rows.maps().map(Object::toString).sorted().toList();
    }
  }
}
