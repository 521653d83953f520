package io.datanode.plan.asof;

import static io.datanode.testing.SqlFixture.sql;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.datanode.testing.MarketNodes.Place;
import io.datanode.testing.OwnNodes;
import io.datanode.testing.SqlFixture;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.StringJoiner;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * As-of joins by two clocks of which one is strict: times a microsecond apart, equal times, NULL
 * and both infinities give what comparing each row with each gives.
 */
class AsofMixedClocksTest {
  private static final int LEAST = Integer.MIN_VALUE;

  private static final int GREATEST = Integer.MAX_VALUE;

  /** In microseconds, and infinities. */
  private static final Integer[] TIMES = {null, LEAST, 1, 2, 3, 1_001, 1_002, 1_003, GREATEST};

  private static final List<Row> LEFT = rows(new Random(5), 1_200);
  private static final List<Row> RIGHT = rows(new Random(6), 40);

  private static final Map<Place, Path> CATALOGS = new EnumMap<>(Place.class);

  private record Row(int id, int key, @Nullable Integer time, @Nullable Integer known) {}

  private static List<Row> rows(Random random, int count) {
    List<Row> rows = new ArrayList<>();
    for (int id = 0; id < count; id++) {
      rows.add(
          new Row(
              id,
              random.nextInt(9),
              TIMES[random.nextInt(TIMES.length)],
              TIMES[random.nextInt(TIMES.length)]));
    }
    return rows;
  }

  private static String time(@Nullable Integer time) {
    if (time == null) {
      return "NULL";
    }
    String text = time == LEAST ? "-infinity" : "2024-03-31 00:00:00.%06d+00".formatted(time);
    return "CAST('" + (time == GREATEST ? "infinity" : text) + "' AS TIMESTAMPTZ)";
  }

  private static synchronized Path catalog(Place place) {
    return CATALOGS.computeIfAbsent(
        place,
        where -> {
          List<String> statements = new ArrayList<>();
          Map<String, List<String>> nodes = new LinkedHashMap<>();
          Map.of("l", LEFT, "r", RIGHT)
              .forEach(
                  (name, rows) -> {
                    statements.add(
                        "CREATE TABLE "
                            + name
                            + " (id INTEGER, k INTEGER, t TIMESTAMPTZ, known TIMESTAMPTZ)");
                    StringJoiner values =
                        new StringJoiner(", ", "INSERT INTO " + name + " VALUES ", "");
                    for (Row row : rows) {
                      values.add(
                          "(%d, %d, %s, %s)"
                              .formatted(row.id, row.key, time(row.time), time(row.known)));
                    }
                    statements.add(values.toString());
                    nodes.put(name, List.of("time_index: t"));
                  });
          return OwnNodes.catalog(where, statements, nodes);
        });
  }

  static Stream<Arguments> clocks() {
    return Stream.of(Place.values())
        .flatMap(
            place ->
                Stream.of(
                    Arguments.of(place, "<=", "<", 0),
                    Arguments.of(place, "<", "<=", 1_000),
                    Arguments.of(place, ">=", ">", 0),
                    Arguments.of(place, ">", ">=", -1_000)));
  }

  private static boolean meets(
      @Nullable Integer first, String operator, @Nullable Integer second, int lag) {
    if (first == null || second == null) {
      return false;
    }
    boolean infinite = second == LEAST || second == GREATEST;
    int order = Integer.compare(first, infinite ? second : second + lag);
    return operator.startsWith("<")
        ? order < 0 || (order == 0 && operator.equals("<="))
        : order > 0 || (order == 0 && operator.equals(">="));
  }

  @ParameterizedTest
  @MethodSource("clocks")
  void matchWhatComparingAllRowsGives(Place place, String time, String known, int lag) {
    List<String> expected = new ArrayList<>();
    for (Row left : LEFT) {
      RIGHT.stream()
          .filter(right -> right.key == left.key)
          .filter(right -> meets(right.time, time, left.time, 0))
          .filter(right -> meets(right.known, known, left.time, lag))
          .max(
              Comparator.<Row>comparingLong(r -> (time.startsWith("<") ? 1L : -1L) * r.time)
                  .thenComparing(r -> r.known)
                  .thenComparing(r -> r.id))
          .ifPresent(right -> expected.add(left.id + "|" + right.time));
    }
    assertEquals(true, expected.size() > 100);
    SqlFixture query =
        sql("SELECT l.id, CASE WHEN r.t > TIMESTAMP '2030-01-01' THEN "
                + GREATEST
                + " WHEN r.t < TIMESTAMP '2000-01-01' THEN "
                + LEAST
                + " ELSE EXTRACT(MICROSECOND FROM r.t) END FROM l ASOF JOIN r MATCH_CONDITION r.t "
                + time
                + " l.t AND r.known "
                + known
                + " l.t"
                + (lag == 0 ? "" : (lag > 0 ? " + " : " - ") + "INTERVAL '0.001' SECOND")
                + " ON r.k = l.k ORDER BY l.id")
            .over(catalog(place));
    assertEquals(expected, query.rows());
    // To look each left row up takes as long as both sides are in proportion, multiplied.
    assertEquals(false, query.explanation().toString().contains("LATERAL"));
  }
}
