package io.datanode.storage.postgresql;

import static io.datanode.testing.SqlFixture.sql;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.datanode.testing.PostgreSql;
import io.datanode.testing.SqlFixture;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is asked of PostgreSQL: SQL here, the SQL sent, the rows. */
class PostgreSqlDialectTest {
  private static final List<String> TABLES =
      List.of(
          """
          CREATE TABLE prices AS
          SELECT timestamptz '2024-01-02 00:00:00+00' + i * interval '1 day' AS t, k,
            10.0::float8 * b + i AS close, (i + 1)::bigint AS volume,
            CASE WHEN i = 1 THEN NULL ELSE 'note ' || i END AS note
          FROM generate_series(0, 2) AS r(i), (VALUES ('B', 2), ('a', 1)) AS l(k, b)""",
          "CREATE INDEX ON prices (k, t)",
          """
          CREATE TABLE reports AS
          SELECT k, t, CAST(eps AS numeric(10, 2)) AS eps FROM (VALUES
            ('B', timestamptz '2024-01-01 12:00:00+00', 1.5),
            ('B', timestamptz '2024-01-03 00:00:00+00', 2.5),
            ('B', NULL, 9.5),
            (NULL, timestamptz '2024-01-01 12:00:00+00', 9.5),
            ('a', timestamptz '2024-01-03 06:00:00+00', 3.5)) AS v(k, t, eps)""",
          "CREATE INDEX ON reports (k, t)",
          """
          CREATE TABLE ticks AS
          SELECT CASE i % 4 WHEN 0 THEN 'B' WHEN 1 THEN 'a' WHEN 2 THEN 'c' END AS k, i AS n,
            CASE WHEN i % 50 <> 7 THEN timestamptz '2024-01-01 00:00:00+00'
              + i * interval '20 minutes' END AS t
          FROM generate_series(0, 1999) AS r(i)""",
          "ANALYZE");

  private static final String CATALOG =
      """
      storages:
        desk: { type: postgresql, url: "%s" }
      nodes:
        - { identifier: prices, storage: desk, table: public.prices, time_index: t, identity: [k] }
        - { identifier: reports, storage: desk, table: public.reports, time_index: t, identity: [k] }
        - { identifier: ticks, storage: desk, table: public.ticks, time_index: t, identity: [n] }
      """;

  private static String url;
  private static Path catalog;
  private static Path linguistic;

  @BeforeAll
  static void fill(@TempDir Path folder) throws Exception {
    url = PostgreSql.newDatabase();
    catalog = catalog(folder.resolve("binary.yaml"), url);
    linguistic =
        catalog(
            folder.resolve("linguistic.yaml"),
            PostgreSql.newDatabase(
                "LOCALE_PROVIDER icu ICU_LOCALE 'en-US' LC_COLLATE 'C' LC_CTYPE 'C'"));
  }

  private static Path catalog(Path file, String database) throws Exception {
    PostgreSql.run(database, TABLES.toArray(new String[0]));
    Files.writeString(file, CATALOG.formatted(database));
    return file;
  }

  private static SqlFixture query(String text) {
    return sql(text).over(catalog);
  }

  @Test
  void filtersGroupsAndSortsAreOneStatement() {
    query("SELECT k, SUM(volume) AS v FROM prices WHERE close > 11 GROUP BY k ORDER BY v DESC")
        .sends(
            """
            SELECT "k", SUM("volume") AS "v"
            FROM "public"."prices"
            WHERE "close" > CAST(11.0 AS DOUBLE PRECISION)
            GROUP BY "k"
            ORDER BY SUM("volume") DESC NULLS FIRST""")
        .returns("B|6", "a|3");
  }

  @Test
  void textSortsByCodePointWhateverTheDatabaseDoes() {
    query("SELECT k FROM prices WHERE k >= 'B' GROUP BY k ORDER BY k")
        .sends(
            """
            SELECT "k"
            FROM "public"."prices"
            WHERE "k" >= 'B'
            GROUP BY "k"
            ORDER BY "k" NULLS LAST""")
        .returns("B", "a");
    query("SELECT k FROM prices WHERE k >= 'B' GROUP BY k ORDER BY k")
        .over(linguistic)
        .sends(
            """
            SELECT "k"
            FROM "public"."prices"
            WHERE "k" COLLATE "C" >= 'B' COLLATE "C"
            GROUP BY "k"
            ORDER BY "k" COLLATE "C" NULLS LAST""")
        .returns("B", "a");
    query("SELECT MIN(k) AS low, MAX(k) AS high FROM prices").over(linguistic).returns("B|a");
    query("SELECT k FROM prices UNION SELECT 'C' ORDER BY 1")
        .over(linguistic)
        .returns("B", "C", "a");
  }

  @Test
  void likeHasNoEscapeCharacterUnlessOneIsNamed() {
    query("SELECT COUNT(*) AS n FROM prices WHERE note LIKE 'note\\_0'")
        .sends(
            """
            SELECT COUNT(*) AS "n"
            FROM "public"."prices"
            WHERE "note" LIKE E'note\\\\_0' ESCAPE ''""")
        .returns("0");
    query("SELECT COUNT(*) AS n FROM prices WHERE note LIKE ?").with("note _").returns("4");
  }

  @Test
  void floatingPointDivisionByZeroIsInfinity() {
    query("SELECT close / (volume - 1e0) AS q FROM prices WHERE k = 'a' ORDER BY t")
        .returns("Infinity", "11.0", "6.0");
  }

  @Test
  void meansAreDouble() {
    query("SELECT AVG(volume) AS m, AVG(eps) AS e FROM prices JOIN reports USING (k)")
        .sendsPart("(CAST(SUM(\"t0\".\"volume\") AS DOUBLE PRECISION) / NULLIF(COUNT(")
        .returns("2.0|4.25");
  }

  @Test
  void theLastValueThatIsNotNullIsCountedOut() {
    query(
            "SELECT t, LAST_VALUE(note) IGNORE NULLS OVER (ORDER BY t) AS filled FROM prices"
                + " WHERE k = 'a' ORDER BY t")
        .returns(
            "2024-01-02 00:00:00+00|note 0",
            "2024-01-03 00:00:00+00|note 0",
            "2024-01-04 00:00:00+00|note 2");
  }

  @Test
  void firstAndLastAreTheEndsOfASortedArray() {
    query("SELECT LAST(note, t) AS l, FIRST(close, t) AS f FROM prices WHERE k = 'B'")
        .sends(
            """
            SELECT (ARRAY_AGG("note" ORDER BY "t" DESC) FILTER (WHERE "note" IS NOT NULL AND "t" IS NOT NULL))[1] AS "l", (ARRAY_AGG("close" ORDER BY "t") FILTER (WHERE "close" IS NOT NULL AND "t" IS NOT NULL))[1] AS "f"
            FROM "public"."prices"
            WHERE "k" = 'B'""")
        .returns("note 2|20.0");
  }

  @Test
  void bucketsNeedNoExtension() {
    query(
            "SELECT TIME_BUCKET(INTERVAL '2' DAY, t) AS b, COUNT(*) AS n FROM prices GROUP BY 1 ORDER BY 1")
        .sends(
            """
            SELECT DATE_BIN(INTERVAL '48' HOUR, "t", TIMESTAMPTZ '2000-01-03 00:00:00+00') AS "b", COUNT(*) AS "n"
            FROM "public"."prices"
            GROUP BY DATE_BIN(INTERVAL '48' HOUR, "t", TIMESTAMPTZ '2000-01-03 00:00:00+00')
            ORDER BY DATE_BIN(INTERVAL '48' HOUR, "t", TIMESTAMPTZ '2000-01-03 00:00:00+00') NULLS LAST""")
        .returns("2024-01-01 00:00:00+00|2", "2024-01-03 00:00:00+00|4");
  }

  @Test
  void theYearBeforeYearOneIsZero() {
    query(
            "SELECT EXTRACT(YEAR FROM x) AS y, EXTRACT(DECADE FROM x) AS d,"
                + " DATE_TRUNC('century', x) AS c FROM (SELECT CAST(t AS TIMESTAMP)"
                + " - INTERVAL '2100' YEAR(4) AS x FROM prices WHERE volume = 1 AND k = 'a') AS q")
        .sendsPart("CASE WHEN EXTRACT(YEAR FROM")
        .returns("-76|-7|0001-01-01 00:00:00 BC");
  }

  @Test
  void centuriesBeginWithTheirRoundYear() {
    query("SELECT DATE_TRUNC('century', MAX(CAST(t AS TIMESTAMP))) AS c FROM prices")
        .sendsPart("DATE_TRUNC('year'")
        .returns("2000-01-01 00:00:00");
  }

  @Test
  void theNewestRowOfEachKeyIsPickedByTheIndex() {
    SqlFixture newest =
        query(
            "SELECT k, t, close FROM prices"
                + " QUALIFY ROW_NUMBER() OVER (PARTITION BY k ORDER BY t DESC) = 1 ORDER BY k");
    newest
        .sendsPart("SELECT DISTINCT ON (\"k\") \"k\", \"t\", \"close\"")
        .sendsPart("ORDER BY \"k\" DESC NULLS FIRST, \"t\" DESC NULLS FIRST")
        .returns("B|2024-01-04 00:00:00+00|22.0", "a|2024-01-04 00:00:00+00|12.0");
  }

  @Test
  void theNearestRowIsLookedUpForEachOfFewLeftRows() {
    query(
            "SELECT p.k, p.t, r.eps FROM prices p LEFT ASOF JOIN reports r"
                + " MATCH_CONDITION r.t <= p.t ON r.k = p.k WHERE p.close <> 22 ORDER BY 1, 2")
        .sendsPart("LEFT JOIN LATERAL (SELECT \"k\", \"t\", \"eps\"")
        .sendsPart("ORDER BY \"t\" DESC\nLIMIT 1)")
        .returns(
            "B|2024-01-02 00:00:00+00|1.50",
            "B|2024-01-03 00:00:00+00|2.50",
            "a|2024-01-02 00:00:00+00|null",
            "a|2024-01-03 00:00:00+00|null",
            "a|2024-01-04 00:00:00+00|3.50");
  }

  @Test
  void manyLeftRowsAreMergedWithTheRightOnesInOrderOfTime() {
    for (String comparison : List.of("<=", "<", ">=", ">")) {
      for (String kind : List.of("", "LEFT ")) {
        String join =
            "SELECT COUNT(*) AS n, COUNT(r.eps) AS met, SUM(l.n * COALESCE(r.eps, 1)) AS sum FROM %s"
                + kind
                + "ASOF JOIN reports r MATCH_CONDITION r.t "
                + comparison
                + " l.t ON r.k = l.k";
        // The order of a limit says nothing about rows, but keeps the right side from being read
        // twice and so from being merged.
        String lookedUp =
            join.replace(
                "ASOF JOIN reports r",
                "ASOF JOIN (SELECT * FROM reports ORDER BY eps LIMIT 100) r");
        query(join.formatted("ticks l "))
            .sendsPart("UNION ALL")
            .returns(query(lookedUp.formatted("ticks l ")).rows().toArray(new String[0]));
      }
    }
  }

  @Test
  void mergedRowsMayHaveNoKey() {
    query(
            "SELECT COUNT(r.eps) AS met, MIN(l.n) AS first FROM ticks l ASOF JOIN reports r"
                + " MATCH_CONDITION r.t <= l.t ON TRUE")
        .sendsPart("UNION ALL")
        .returns("1925|36");
  }

  @Test
  void whatPostgreSqlWouldAnswerOtherwiseIsDoneByTheEmbeddedEngine() {
    SqlFixture reversed =
        query("SELECT REVERSE(note) AS r FROM prices WHERE volume = 1 AND k = 'a'");
    reversed.returns("0 eton");
    JsonNode reasons = reversed.explanation().get("notPushed");
    assertTrue(
        reasons.toString().contains("would part accents from their letters"), reasons.toString());
  }

  @Test
  void namesThatPostgreSqlWouldCutStayDifferent() {
    String stem = "a column whose name is longer than the sixty-three bytes allowed: ";
    PostgreSqlDialect dialect = new PostgreSqlDialect(new ServerFacts(18, true));
    String first = dialect.quote(stem + "one");
    assertTrue(first.length() <= 65, first);
    assertTrue(!first.equals(dialect.quote(stem + "two")), first);
    query(
            "SELECT \"%1$sone\" + \"%1$stwo\" AS s FROM (SELECT volume AS \"%1$sone\", volume AS \"%1$stwo\" FROM prices GROUP BY volume ORDER BY 1 LIMIT 1) AS q"
                .formatted(stem))
        .returns("2");
  }

  @Test
  void indexAnswersTheLookUpAndThePick() throws SQLException {
    String pick =
        "SELECT DISTINCT ON (k) k, t FROM prices ORDER BY k DESC NULLS FIRST, t DESC NULLS FIRST";
    assertTrue(plan(pick).contains("Index Only Scan Backward"), plan(pick));
    String lookUp = "SELECT eps FROM reports WHERE k = 'B' AND now() >= t ORDER BY t DESC LIMIT 1";
    assertTrue(plan(lookUp).contains("Index Scan Backward"), plan(lookUp));
  }

  private static String plan(String text) throws SQLException {
    StringBuilder plan = new StringBuilder();
    try (var connection = DriverManager.getConnection(url);
        var statement = connection.createStatement()) {
      statement.execute("SET enable_seqscan = off");
      statement.execute("SET enable_sort = off");
      try (ResultSet lines = statement.executeQuery("EXPLAIN " + text)) {
        while (lines.next()) {
          plan.append(lines.getString(1)).append('\n');
        }
      }
    }
    return plan.toString();
  }

  @Test
  void olderServersAreAskedInTheirOwnWords() {
    PostgreSqlDialect old = new PostgreSqlDialect(new ServerFacts(13, true));
    PostgreSqlDialect now = new PostgreSqlDialect(new ServerFacts(18, true));
    String time = "TIMESTAMP '2024-01-02 03:04:05.678901'";
    for (PostgreSqlDialect dialect : List.of(old, now)) {
      String micros =
          dialect.timestampDiff("MICROSECOND", "DATE '1970-01-01'", time, date(), timestamp());
      assertEquals("1704164645678901", value(micros));
    }
    assertTrue(
        !old.timestampDiff("SECOND", time, time, timestamp(), timestamp())
            .contains("* 1000000 AS BIGINT"));
  }

  private static org.apache.calcite.rel.type.RelDataType timestamp() {
    return new io.datanode.schema.NodeTypeFactory()
        .createSqlType(org.apache.calcite.sql.type.SqlTypeName.TIMESTAMP, 6);
  }

  private static org.apache.calcite.rel.type.RelDataType date() {
    return new io.datanode.schema.NodeTypeFactory()
        .createSqlType(org.apache.calcite.sql.type.SqlTypeName.DATE);
  }

  private static String value(String expression) {
    try (var connection = DriverManager.getConnection(url);
        var statement = connection.createStatement();
        ResultSet result = statement.executeQuery("SELECT " + expression)) {
      result.next();
      return result.getString(1);
    } catch (SQLException e) {
      throw new AssertionError(expression, e);
    }
  }
}
