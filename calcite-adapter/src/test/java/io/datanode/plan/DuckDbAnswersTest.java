package io.datanode.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random queries give the same rows through the planner as when DuckDB is given the same text. They
 * keep to SQL that means the same in both; what means something else here is in the scripts.
 *
 * <p>{@code -Ddatanode.duckdbAnswers.queries=100000 -Ddatanode.duckdbAnswers.seed=7} runs more, or
 * others.
 */
class DuckDbAnswersTest {
  private static final int QUERIES = Integer.getInteger("datanode.duckdbAnswers.queries", 600);
  private static final long SEED = Long.getLong("datanode.duckdbAnswers.seed", 20_240_102L);

  private static final List<String> DATA =
      List.of(
          "SET TimeZone = 'UTC'",
          """
          CREATE TABLE a AS
          SELECT (i % 7)::INTEGER AS k, i::BIGINT AS n,
            CASE i % 11 WHEN 0 THEN NULL WHEN 1 THEN 'NaN'::DOUBLE WHEN 2 THEN 'Infinity'::DOUBLE
              WHEN 3 THEN '-Infinity'::DOUBLE WHEN 4 THEN -0.0 ELSE (i * 37 % 101) / 8.0 END AS d,
            CASE i % 9 WHEN 0 THEN NULL WHEN 1 THEN '' WHEN 2 THEN 'ä"''b' WHEN 3 THEN 'A '
              ELSE chr((97 + i % 5)::INTEGER) || i % 3 END AS s,
            CASE WHEN i % 13 = 0 THEN NULL ELSE i % 4 = 1 END AS f,
            TIMESTAMPTZ '2024-03-10 06:59:59.999999+00' + to_microseconds(i * 1800000001) AS t
          FROM range(60) AS r(i)""",
          """
          CREATE TABLE b AS
          SELECT (i % 5)::INTEGER AS k, (i * 3)::BIGINT AS m, CASE WHEN i % 6 = 0 THEN NULL
            ELSE (i % 17) / 4.0 END AS e, CASE WHEN i % 4 = 0 THEN NULL ELSE 'b' || i % 3 END AS u,
            TIMESTAMPTZ '2024-03-10 05:00:00+00' + to_microseconds(i * 3600000000) AS w
          FROM range(25) AS r(i)""");

  private final Random random = new Random(SEED);

  @Test
  void randomQueriesGiveTheRowsOfDuckDb(@TempDir Path folder) throws Exception {
    Path nodes = folder.resolve("nodes.duckdb");
    Path copy = folder.resolve("copy.duckdb");
    try (Connection writer = DriverManager.getConnection("jdbc:duckdb:" + nodes);
        Statement statement = writer.createStatement()) {
      for (String sql : DATA) {
        statement.execute(sql);
      }
    }
    Files.copy(nodes, copy);
    try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:" + copy);
        Statement utc = duckdb.createStatement();
        Connection ours = DriverManager.getConnection("jdbc:datanode:" + nodes)) {
      utc.execute("SET TimeZone = 'UTC'");
      for (int i = 0; i < QUERIES; i++) {
        String sql = query();
        assertEquals(
            outcome(duckdb, sql), outcome(ours, sql), "seed " + SEED + ", query " + i + ": " + sql);
      }
    }
  }

  private String query() {
    return switch (random.nextInt(6)) {
      case 0 -> plain();
      case 1 -> grouped();
      case 2 -> joined();
      case 3 -> windowed();
      case 4 -> nested();
      default -> set();
    };
  }

  private String plain() {
    return "SELECT n, "
        + number(2)
        + " AS x, "
        + text(2)
        + " AS y FROM a WHERE "
        + condition(2)
        + " ORDER BY n"
        + limit();
  }

  private String grouped() {
    String key = pick("k", "s", "f", "k + 1", "CASE WHEN f THEN 'yes' ELSE 'no' END", "k % 2");
    return "SELECT "
        + key
        + " AS g, "
        + aggregate()
        + " AS x, COUNT(*) AS c FROM a WHERE "
        + condition(1)
        + " GROUP BY "
        + key
        + pick("", " HAVING COUNT(*) > 2")
        + " ORDER BY g NULLS LAST";
  }

  private String joined() {
    return "SELECT a.n, b.m, "
        + pick("a.d + b.e", "a.s || b.u", "b.w", "COALESCE(b.u, a.s)")
        + " AS x FROM a "
        + pick("JOIN", "LEFT JOIN", "FULL JOIN", "RIGHT JOIN")
        + " b ON a.k = b.k AND "
        + pick("a.n > b.m", "b.e < 3", "a.t >= b.w", "TRUE")
        + " WHERE "
        + pick("a.d IS NOT NULL", "b.m IS NULL OR b.m < 30", "a.n < 40", "TRUE")
        + " ORDER BY a.n NULLS LAST, b.m NULLS LAST"
        + limit();
  }

  private String windowed() {
    return "SELECT n, "
        + pick("SUM(n)", "COUNT(s)", "MIN(d)", "MAX(s)", "AVG(n)")
        + " OVER (PARTITION BY "
        + pick("k", "f", "k, f")
        + " ORDER BY n"
        + pick("", " ROWS BETWEEN 2 PRECEDING AND 1 FOLLOWING", " ROWS UNBOUNDED PRECEDING")
        + ") AS x, "
        + pick("ROW_NUMBER()", "RANK()", "LAG(n, 2)", "FIRST_VALUE(s)", "LEAD(d)")
        + " OVER (ORDER BY n DESC) AS y FROM a WHERE "
        + condition(1)
        + " ORDER BY n"
        + limit();
  }

  private String nested() {
    return switch (random.nextInt(5)) {
      case 0 ->
          "SELECT n FROM a WHERE "
              + pick("", "NOT ")
              + "EXISTS (SELECT 1 FROM b WHERE b.k = a.k"
              + " AND "
              + pick("b.m > a.n", "b.e < a.d", "b.u IS NULL")
              + ") ORDER BY n";
      case 1 ->
          "SELECT n, (SELECT "
              + pick("MAX(m)", "COUNT(*)", "MIN(u)")
              + " FROM b WHERE b.k = a.k AND b.m < a.n) AS x FROM a WHERE "
              + condition(1)
              + " ORDER BY n";
      case 2 ->
          "SELECT SUM(x) AS s, COUNT(*) AS c FROM (SELECT n AS x FROM a WHERE "
              + condition(1)
              + " ORDER BY n DESC LIMIT "
              + (1 + random.nextInt(9))
              + ") AS q";
      case 3 ->
          "SELECT k, MAX(c) AS m FROM (SELECT k, f, COUNT(*) AS c FROM a GROUP BY k, f) AS q"
              + " WHERE c > 1 GROUP BY k ORDER BY k";
      default ->
          "SELECT n FROM a WHERE n "
              + pick("IN", "NOT IN")
              + " (SELECT m FROM b WHERE "
              + pick("e > 1", "u = 'b1'", "k = 2")
              + ") AND "
              + condition(1)
              + " ORDER BY n"
              + limit();
    };
  }

  private String set() {
    return "SELECT x FROM (SELECT k AS x FROM a WHERE "
        + condition(1)
        + " "
        + pick("UNION", "UNION ALL", "INTERSECT", "EXCEPT")
        + " SELECT k FROM b WHERE "
        + pick("e > 1", "u IS NOT NULL", "m < 20")
        + ") AS q ORDER BY x";
  }

  private String aggregate() {
    return pick(
        "SUM(n)",
        "MIN(d)",
        "MAX(d)",
        "COUNT(DISTINCT s)",
        "MIN(s)",
        "SUM(n) FILTER (WHERE f)",
        "MAX(t)",
        "COUNT(d)",
        "BOOL_OR(f)",
        "MEDIAN(n)",
        "ARG_MAX(n, t)");
  }

  private String number(int depth) {
    if (depth == 0) {
      return pick("n", "k", "d", "3", "-2", "0.5", "NULLIF(k, 3)");
    }
    Supplier<String> part = () -> number(depth - 1);
    return switch (random.nextInt(5)) {
      case 0 -> "(" + part.get() + pick(" + ", " - ", " * ") + part.get() + ")";
      case 1 -> "COALESCE(" + part.get() + ", " + part.get() + ")";
      case 2 ->
          "CASE WHEN "
              + condition(depth - 1)
              + " THEN "
              + part.get()
              + " ELSE "
              + part.get()
              + " END";
      case 3 -> "ABS(" + part.get() + ")";
      default -> part.get();
    };
  }

  private String text(int depth) {
    if (depth == 0) {
      return pick("s", "'x'", "''", "'ä''\"'", "NULLIF(s, '')");
    }
    return switch (random.nextInt(4)) {
      case 0 -> "(" + text(depth - 1) + " || " + text(depth - 1) + ")";
      case 1 -> pick("UPPER", "LOWER", "REVERSE", "TRIM") + "(" + text(depth - 1) + ")";
      case 2 -> "SUBSTRING(" + text(depth - 1) + " FROM 1 FOR 2)";
      default -> text(depth - 1);
    };
  }

  private String condition(int depth) {
    if (depth == 0) {
      return pick(
          "d > 3",
          "d = d",
          "d < 1e300",
          "s = 'A '",
          "s IS NULL",
          "f",
          "NOT f",
          "f IS NOT TRUE",
          "n BETWEEN 5 AND 40",
          "k IN (1, 3, 5)",
          "s NOT IN ('a0', '')",
          "s LIKE 'a%'",
          "s >= 'b'",
          "t >= TIMESTAMPTZ '2024-03-10 07:30:00.000001+00'"
              .replace("TIMESTAMPTZ", "TIMESTAMP")
              .replace("+00", ""),
          "t < DATE '2024-03-11'",
          "d IS DISTINCT FROM NULL",
          "k <> 2",
          "n % 3 = 1");
    }
    return switch (random.nextInt(4)) {
      case 0 -> "(" + condition(depth - 1) + " AND " + condition(depth - 1) + ")";
      case 1 -> "(" + condition(depth - 1) + " OR " + condition(depth - 1) + ")";
      case 2 -> "NOT (" + condition(depth - 1) + ")";
      default -> condition(depth - 1);
    };
  }

  private String limit() {
    return pick("", "", " LIMIT 7", " LIMIT 5 OFFSET 3");
  }

  private String pick(String... choices) {
    return choices[random.nextInt(choices.length)];
  }

  /** The rows in order, or that the query fails; NaN, infinities and NULL as they are. */
  private static List<String> outcome(Connection connection, String sql) {
    List<String> rows = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      int columns = result.getMetaData().getColumnCount();
      while (result.next()) {
        StringBuilder row = new StringBuilder();
        for (int i = 1; i <= columns; i++) {
          row.append(shown(result, i)).append(" | ");
        }
        rows.add(row.toString());
      }
    } catch (SQLException e) {
      return List.of("fails");
    }
    return rows;
  }

  private static String shown(ResultSet result, int column) throws SQLException {
    Object value = result.getObject(column);
    if (value instanceof Number number) {
      double plain = number.doubleValue();
      return Double.isNaN(plain) || Double.isInfinite(plain)
          ? "" + plain
          : String.format("%.9g", plain);
    }
    if (value instanceof java.sql.Timestamp || value instanceof java.time.OffsetDateTime) {
      return String.valueOf(result.getObject(column, java.time.OffsetDateTime.class).toInstant());
    }
    return String.valueOf(value);
  }

  @Test
  void everyKindOfQueryIsAmongThem() {
    TreeSet<String> starts = new TreeSet<>();
    for (int i = 0; i < 100; i++) {
      starts.add(query().replaceAll("[^A-Z ]", "").replaceAll(" +", " "));
    }
    assertEquals(true, starts.size() > 30, starts.size() + " shapes");
  }
}
