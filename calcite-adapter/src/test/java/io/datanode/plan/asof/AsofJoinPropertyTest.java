package io.datanode.plan.asof;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.datanode.plan.asof.AsofOracle.Direction;
import io.datanode.plan.asof.AsofOracle.Row;
import io.datanode.testing.MarketNodes;
import io.datanode.testing.OwnNodes;
import io.datanode.testing.SqlFixture;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.StringJoiner;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Random as-of joins over rows with equal times, equal keys and NULLs give in every storage, and
 * across storages, what comparing each row with each gives. More cases with {@code
 * -Ddatanode.asof.cases=10000}.
 */
class AsofJoinPropertyTest {
  private static final int CASES = Integer.getInteger("datanode.asof.cases", 150);
  private static final long SEED = Long.getLong("datanode.asof.seed", 20_240_102L);

  private static final List<Row> FEW = rows(new Random(1), 40, 24);
  // So many that PostgreSQL does not look each of them up.
  private static final List<Row> MANY = rows(new Random(2), 1_500, 400);
  private static final List<Row> RIGHT = rows(new Random(3), 90, 24);

  private static final Map<MarketNodes.Place, Path> CATALOGS = new LinkedHashMap<>();

  private static List<Row> rows(Random random, int count, int minutes) {
    List<Row> rows = new ArrayList<>();
    for (int id = 0; id < count; id++) {
      rows.add(
          new Row(
              id,
              random.nextInt(8) == 0 ? null : "" + (char) ('a' + random.nextInt(3)),
              random.nextInt(8) == 0 ? null : random.nextInt(2),
              random.nextInt(10) == 0 ? null : random.nextInt(minutes),
              random.nextInt(10) == 0 ? null : random.nextInt(minutes),
              random.nextInt(6) == 0 ? null : random.nextInt(10)));
    }
    return rows;
  }

  private static synchronized Path catalog(MarketNodes.Place place) {
    return CATALOGS.computeIfAbsent(
        place,
        where -> {
          List<String> statements = new ArrayList<>();
          Map<String, List<String>> nodes = new LinkedHashMap<>();
          Map<String, List<Row>> tables = new LinkedHashMap<>();
          tables.put("r", RIGHT);
          tables.put("few", FEW);
          tables.put("many", MANY);
          tables.forEach(
              (name, rows) -> {
                statements.add(
                    "CREATE TABLE "
                        + name
                        + " (k TEXT, j INTEGER, t TIMESTAMPTZ, known TIMESTAMPTZ, v INTEGER,"
                        + " id INTEGER)");
                StringJoiner values =
                    new StringJoiner(", ", "INSERT INTO " + name + " VALUES ", "");
                rows.forEach(row -> values.add(values(row)));
                statements.add(values.toString());
                nodes.put(name, List.of("time_index: t"));
              });
          return OwnNodes.catalog(where, statements, nodes);
        });
  }

  private static String values(Row row) {
    return "("
        + (row.key() == null ? "NULL" : "'" + row.key() + "'")
        + ", "
        + row.lot()
        + ", "
        + time(row.time())
        + ", "
        + time(row.known())
        + ", "
        + row.value()
        + ", "
        + row.id()
        + ")";
  }

  private static String time(@Nullable Integer minutes) {
    return minutes == null
        ? "NULL"
        : String.format("TIMESTAMPTZ '2024-03-31 %02d:%02d:00+00'", minutes / 60, minutes % 60);
  }

  /** A random join, as SQL and as what the oracle takes. */
  private static final class Case {
    private final Random random;
    private final List<Row> lefts;
    private final String leftName;
    private final List<String> match = new ArrayList<>();
    private final List<String> on = new ArrayList<>();
    private final List<String> where = new ArrayList<>();
    private final boolean outer;
    private Direction direction = new Direction(true, false, true);
    private BiPredicate<Row, Row> condition = (left, right) -> true;
    private Predicate<Row> leftKept = row -> true;
    private Predicate<Row> rightKept = row -> true;
    private Predicate<String> shown = row -> true;
    private String right = "r";

    Case(long seed) {
      random = new Random(seed);
      boolean many = random.nextInt(4) == 0;
      lefts = many ? MANY : FEW;
      leftName = many ? "many" : "few";
      outer = random.nextBoolean();
      keys();
      direction();
      clock();
      conditions();
    }

    private boolean chance(int in) {
      return random.nextInt(in) == 0;
    }

    private void and(BiPredicate<Row, Row> more) {
      condition = condition.and(more);
    }

    private void keys() {
      if (!chance(5)) {
        on.add(chance(2) ? "r.k = l.k" : "l.k = r.k");
        and((left, right) -> AsofOracle.equal(left.key(), right.key()));
      }
      if (chance(3)) {
        on.add("l.j = r.j");
        and((left, right) -> AsofOracle.equal(left.lot(), right.lot()));
      }
    }

    private void direction() {
      int tolerance = chance(2) ? 1 + random.nextInt(5) : -1;
      String before = "l.t - INTERVAL '" + tolerance + "' MINUTE";
      String after = "l.t + INTERVAL '" + tolerance + "' MINUTE";
      int which = random.nextInt(6);
      boolean equal = chance(2);
      List<String> bounds = new ArrayList<>();
      if (which < 3) {
        direction = new Direction(true, false, equal);
        String operator = equal ? "<=" : "<";
        match.add(
            chance(2) ? "r.t " + operator + " l.t" : "l.t >" + operator.substring(1) + " r.t");
        bounds.add(chance(2) ? "r.t >= " + before : before + " <= r.t");
      } else if (which < 5) {
        direction = new Direction(false, true, equal);
        String operator = equal ? ">=" : ">";
        match.add(
            chance(2) ? "r.t " + operator + " l.t" : "l.t <" + operator.substring(1) + " r.t");
        bounds.add("r.t <= " + after);
      } else {
        direction = new Direction(true, true, equal);
        match.add(chance(2) ? "NEAREST(r.t, l.t)" : "NEAREST(l.t, r.t)");
        if (!equal) {
          match.add("r.t <> l.t");
        }
        bounds.add("r.t BETWEEN " + before + " AND " + after);
      }
      if (tolerance > 0) {
        (chance(2) ? match : on).addAll(bounds);
        and((left, right) -> Math.abs(left.time() - right.time()) <= tolerance);
      }
    }

    /** A second clock: another time of the right row, at the same left time, a lag, or another. */
    private void clock() {
      if (!chance(2)) {
        return;
      }
      int lag = chance(2) ? 0 : random.nextInt(5) - 2;
      if (chance(4)) {
        match.add("r.known <= l.known");
        and((left, right) -> notAfter(right.known(), left.known()));
        return;
      }
      String operator = chance(3) ? "<" : "<=";
      match.add(
          "r.known "
              + operator
              + " l.t"
              + (lag == 0
                  ? ""
                  : (lag < 0 ? " - " : " + ") + "INTERVAL '" + Math.abs(lag) + "' MINUTE"));
      int later = operator.equals("<") ? lag - 1 : lag;
      and((left, right) -> notAfter(right.known(), left.time() + later));
    }

    private static boolean notAfter(@Nullable Integer first, @Nullable Integer second) {
      return first != null && second != null && first <= second;
    }

    private static boolean over(@Nullable Integer value, int bound) {
      return value != null && value > bound;
    }

    private void conditions() {
      if (chance(4)) {
        on.add("l.v > 3");
        and((left, right) -> over(left.value(), 3));
      }
      if (chance(4)) {
        on.add("r.v > 2");
        and((left, right) -> over(right.value(), 2));
      }
      if (chance(4)) {
        right = "(SELECT * FROM r WHERE v > 4)";
        rightKept = row -> over(row.value(), 4);
      }
      if (chance(4)) {
        where.add("l.v < 8");
        leftKept = row -> row.value() != null && row.value() < 8;
      }
      if (chance(4)) {
        where.add("r.v < 7");
        shown =
            pair -> {
              String id = pair.substring(pair.indexOf('|') + 1);
              Integer value = id.equals("null") ? null : RIGHT.get(Integer.parseInt(id)).value();
              return value != null && value < 7;
            };
      }
    }

    String sql() {
      return "SELECT l.id, r.id FROM "
          + leftName
          + " AS l "
          + (outer ? "LEFT ASOF JOIN " : "ASOF JOIN ")
          + right
          + " AS r MATCH_CONDITION "
          + String.join(" AND ", match)
          + " ON "
          + (on.isEmpty() ? "TRUE" : String.join(" AND ", on))
          + (where.isEmpty() ? "" : " WHERE " + String.join(" AND ", where))
          + " ORDER BY l.id";
    }

    List<String> expected() {
      List<Row> left = lefts.stream().filter(leftKept).collect(Collectors.toList());
      List<Row> rights = RIGHT.stream().filter(rightKept).collect(Collectors.toList());
      return AsofOracle.join(left, rights, outer, direction, condition).stream()
          .filter(shown)
          .collect(Collectors.toList());
    }
  }

  @ParameterizedTest
  @EnumSource(MarketNodes.Place.class)
  void joinsWhatComparingAllRowsGives(MarketNodes.Place place) throws SQLException {
    try (Connection connection = DriverManager.getConnection(SqlFixture.url(catalog(place)));
        Statement statement = connection.createStatement()) {
      for (int i = 0; i < CASES; i++) {
        Case join = new Case(SEED + i);
        String sql = join.sql();
        List<String> rows = new ArrayList<>();
        try (ResultSet result = statement.executeQuery(sql)) {
          while (result.next()) {
            rows.add(result.getString(1) + "|" + result.getString(2));
          }
        } catch (SQLException e) {
          throw new AssertionError("case " + i + ": " + sql, e);
        }
        assertEquals(join.expected(), rows, "case " + i + ": " + sql);
      }
    }
  }
}
