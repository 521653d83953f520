package io.datanode.calcite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Date;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.calcite.jdbc.CalciteConnection;
import org.apache.calcite.runtime.Hook;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nodes in a plain Calcite connection, beside the same files read by plain DuckDB. */
class DataNodeSchemaFactoryTest {
  @TempDir static Path folder;

  private static Connection calcite;
  private static Connection duckdb;

  @BeforeAll
  static void open() throws SQLException, IOException {
    duckdb = DriverManager.getConnection("jdbc:duckdb:");
    run("SET TimeZone = 'UTC'");
    file(
        "prices",
        "SELECT TIMESTAMPTZ '2024-03-10 00:30:00+00' + INTERVAL (i // 4) HOUR AS time_index,"
            + " 'A' || (i % 4) AS asset_identifier, 100 + i * 0.5::DOUBLE AS \"close\","
            + " CASE WHEN i % 5 = 0 THEN NULL ELSE i * 10 END::BIGINT AS volume,"
            + " i::INTEGER AS n, (i * 0.01)::DECIMAL(18, 2) AS fee,"
            + " DATE '2024-03-10' + (i // 40)::INTEGER AS session_day,"
            + " TIME '09:30:00' + INTERVAL (i) MINUTE AS at,"
            + " TIMESTAMP '2024-03-10 02:30:00' AS local_time, i % 2 = 0 AS even,"
            + " uuid_nil AS id, INTERVAL (i) DAY AS age, [i, i + 1] AS pair"
            + " FROM range(200) t(i), (SELECT '00000000-0000-0000-0000-000000000001'::UUID"
            + " AS uuid_nil)");
    file(
        "assets",
        "SELECT * FROM (VALUES ('A0', 'Газпром', 'EUR'), ('A1', '東京', 'JPY'), ('A2', NULL, 'EUR'),"
            + " ('A9', 'O''Hara', 'USD')) t(asset_identifier, name, currency)");
    file(
        "ratings",
        "SELECT * FROM (VALUES (TIMESTAMPTZ '2024-03-10 01:30:00+00', 'A0', 1),"
            + " (TIMESTAMPTZ '2024-03-10 05:00:00+00', 'A0', 2),"
            + " (TIMESTAMPTZ '2024-03-10 03:30:00+00', 'A1', 3),"
            + " (TIMESTAMPTZ '2024-03-11 03:30:00+00', 'A1', 4),"
            + " (TIMESTAMPTZ '2024-03-10 03:30:00+00', NULL, 5),"
            + " (NULL, 'A2', 6)) t(time_index, asset_identifier, rating)");
    file(
        "reports",
        "SELECT * FROM (VALUES"
            + " (TIMESTAMPTZ '2024-03-31 00:00:00+00', 'A0', TIMESTAMPTZ '2024-04-20 08:00:00+00', 1),"
            + " (TIMESTAMPTZ '2024-03-31 00:00:00+00', 'A0', TIMESTAMPTZ '2024-05-02 08:00:00+00', 2),"
            + " (TIMESTAMPTZ '2024-03-31 00:00:00+00', 'A1', TIMESTAMPTZ '2024-04-21 08:00:00+00', 3))"
            + " t(time_index, asset_identifier, published_at, eps)");
    calcite = connect("\"threads\": 2");
  }

  @AfterAll
  static void close() throws SQLException {
    closeEngine(calcite);
    calcite.close();
    duckdb.close();
  }

  private static void file(String name, String query) throws SQLException {
    Path file = folder.resolve(name + ".parquet");
    run("COPY (" + query + ") TO '" + file + "'");
    run("CREATE VIEW " + name + " AS FROM '" + file + "'");
  }

  private static void run(String sql) throws SQLException {
    try (Statement statement = duckdb.createStatement()) {
      statement.execute(sql);
    }
  }

  private static Connection connect(String operands) throws SQLException {
    return connect(folder, operands);
  }

  private static Connection connect(Path catalog, String operands) throws SQLException {
    String model =
        "inline:{version: '1.0', defaultSchema: 'market', schemas: [{name: 'market', type: 'custom',"
            + " factory: 'io.datanode.calcite.DataNodeSchemaFactory', operand: {catalog: '"
            + catalog
            + "'"
            + (operands.isEmpty() ? "" : ", " + operands)
            + "}}]}";
    Properties properties = new Properties();
    properties.setProperty("model", model);
    properties.setProperty("lex", "JAVA");
    return DriverManager.getConnection("jdbc:calcite:", properties);
  }

  private static void closeEngine(Connection connection) throws SQLException {
    try {
      connection
          .unwrap(CalciteConnection.class)
          .getRootSchema()
          .getSubSchema("market")
          .unwrap(AutoCloseable.class)
          .close();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** A statement for both, and what Calcite sends to the storage for it. */
  private record Sent(String sql, List<String> statements) {
    Sent sends(String part) {
      assertTrue(
          statements.stream().anyMatch(statement -> flat(statement).contains(part)),
          () -> part + " is not in " + statements);
      return this;
    }

    Sent sendsNo(String part) {
      assertTrue(
          statements.stream().noneMatch(statement -> flat(statement).contains(part)),
          () -> part + " is in " + statements);
      return this;
    }

    private static String flat(String statement) {
      return statement.replaceAll("\\s+", " ");
    }
  }

  /** Runs a statement in both, and compares the rows. */
  private static Sent sameAs(String calciteSql, String duckdbSql, Object... parameters)
      throws SQLException {
    List<String> statements = new ArrayList<>();
    List<String> got;
    try (Hook.Closeable hook = Hook.QUERY_PLAN.<String>addThread(statements::add)) {
      got = rows(calcite, calciteSql, parameters);
    }
    List<String> expected = rows(duckdb, duckdbSql, parameters);
    if (!calciteSql.contains("ORDER BY")) {
      got.sort(null);
      expected.sort(null);
    }
    assertEquals(String.join("\n", expected), String.join("\n", got), () -> "sent " + statements);
    return new Sent(calciteSql, statements);
  }

  private static Sent same(String sql, Object... parameters) throws SQLException {
    return sameAs(sql, sql.replace("`", "\""), parameters);
  }

  private static List<String> rows(Connection connection, String sql, Object... parameters)
      throws SQLException {
    List<String> rows = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < parameters.length; i++) {
        statement.setObject(i + 1, parameters[i]);
      }
      try (ResultSet result = statement.executeQuery()) {
        int columns = result.getMetaData().getColumnCount();
        while (result.next()) {
          StringBuilder row = new StringBuilder();
          for (int i = 1; i <= columns; i++) {
            String text = result.getString(i);
            row.append(i == 1 ? "" : "|").append(text == null ? null : plain(text));
          }
          rows.add(row.toString());
        }
      }
    }
    return rows;
  }

  /** Both print times and numbers, each in its own way. */
  private static String plain(String text) {
    return text.replaceAll("(\\d\\d:\\d\\d:\\d\\d)(\\.0+)?(\\+00(:00)?|Z)?$", "$1")
        .replaceAll("^(-?\\d+)\\.0+$", "$1");
  }

  @Test
  void filterOnTheTimeIndexAndTheAssetIsSent() throws SQLException {
    same("SELECT `close` FROM prices WHERE time_index >= TIMESTAMP '2024-03-10 12:30:00'"
            + " AND asset_identifier = 'A1'")
        .sends("WHERE \"time_index\" >= TIMESTAMP '2024-03-10 12:30:00.000' AND")
        .sends("\"asset_identifier\" = 'A1'");
  }

  @Test
  void ofVersionsTheNewestIsRead() throws SQLException {
    assertEquals(
        List.of("A0|2", "A1|3"),
        rows(calcite, "SELECT asset_identifier, eps FROM reports ORDER BY 1"));
    assertEquals(List.of(), rows(calcite, "SELECT eps FROM reports WHERE eps = 1"));
    assertEquals(List.of("2"), rows(calcite, "SELECT COUNT(*) FROM reports"));
  }

  /**
   * Calcite finds only names that are listed, unless the model says that it is not to keep them.
   */
  @Test
  void withoutCacheOfNamesVersionsAndNewestRowsAreRead(@TempDir Path other) throws Exception {
    Path catalog =
        Files.writeString(
            other.resolve("catalog.yaml"),
            """
            storages:
              lake: { type: duckdb, path: %s }
            nodes:
              - { identifier: ratings, files: ratings.parquet }
              - identifier: members
                files: ratings.parquet
                index_names: [time_index, asset_identifier]
                snapshot_by: []
              - identifier: reports
                files: reports.parquet
                index_names: [time_index, asset_identifier]
                knowledge_time: published_at
                tie_break: []
            """
                .formatted(folder));
    Connection own = connect(catalog, "");
    try {
      assertEquals(List.of("3"), rows(own, "SELECT COUNT(*) FROM `reports$versions`"));
      assertEquals(
          List.of("A0|2", "A1|3"),
          rows(own, "SELECT asset_identifier, eps FROM `reports$latest` ORDER BY 1"));
      assertEquals(
          List.of("2", "4", "5"), rows(own, "SELECT rating FROM `ratings$latest` ORDER BY 1"));
      assertEquals(List.of(), rows(own, "SELECT rating FROM `ratings$latest` WHERE rating = 1"));
      assertEquals(List.of("4"), rows(own, "SELECT rating FROM `members$latest`"));

      String known =
          "SELECT r.rating, e.eps FROM ratings r LEFT ASOF JOIN %s e"
              + " MATCH_CONDITION e.published_at >= r.time_index"
              + " ON e.asset_identifier = r.asset_identifier ORDER BY 1";
      assertEquals(
          List.of("1|1", "2|1", "3|3", "4|3", "5|null", "6|null"),
          rows(own, known.formatted("`reports$versions`")));
      for (String newest : List.of("reports", "`reports$latest`", "(SELECT * FROM reports)")) {
        SQLException refused =
            assertThrows(SQLException.class, () -> rows(own, known.formatted(newest)));
        assertTrue(
            messages(refused)
                .contains(
                    "The as-of join compares the knowledge time of 'reports', of which only the"
                        + " newest versions are read; read the table reports$versions to compare all"
                        + " of them"),
            () -> messages(refused));
      }
    } finally {
      closeEngine(own);
      own.close();
    }
  }

  @Test
  void thePastIsRefusedRatherThanReadAsItIsNow() {
    SQLException refused =
        assertThrows(
            SQLException.class,
            () ->
                rows(
                    calcite,
                    "SELECT eps FROM reports FOR SYSTEM_TIME AS OF TIMESTAMP '2024-04-30 00:00:00'"));
    assertTrue(
        refused.getCause().getMessage().contains("is not a temporal table"),
        refused.getCause()::getMessage);
  }

  @Test
  void allTypesAreRead() throws SQLException {
    sameAs(
        "SELECT time_index, asset_identifier, `close`, volume, n, fee, session_day, `at`,"
            + " local_time, even, id FROM prices",
        "SELECT time_index::TIMESTAMP::VARCHAR, * EXCLUDE (time_index, age, pair)"
            + " REPLACE (strftime(DATE '2024-01-01' + \"at\", '%H:%M:%S') AS \"at\","
            + " local_time::VARCHAR AS local_time) FROM prices");
  }

  @Test
  void typesThatCalciteCannotReadAreText() throws SQLException {
    assertEquals(
        List.of("7 days|[7, 8]"), rows(calcite, "SELECT age, pair FROM prices WHERE n = 7"));
    assertEquals(List.of("14"), rows(calcite, "SELECT n FROM prices WHERE UPPER(age) = '14 DAYS'"));
  }

  @Test
  void projectionReadsOnlyItsColumns() throws SQLException {
    same("SELECT n + 1, `close` * 2 FROM prices WHERE n < 10")
        .sends("SELECT \"n\" + 1, \"close\" * 2");
  }

  @Test
  void aggregateIsSent() throws SQLException {
    same("SELECT asset_identifier, COUNT(*), COUNT(volume), SUM(volume), MIN(`close`), MAX(`close`),"
            + " AVG(`close`), SUM(fee), SUM(n), MAX(session_day) FROM prices"
            + " GROUP BY asset_identifier")
        .sends("GROUP BY \"asset_identifier\"")
        .sends("SUM(\"volume\")");
  }

  @Test
  void aggregateOfTimesIsRead() throws SQLException {
    sameAs(
        "SELECT MIN(time_index), MAX(time_index), MAX(`at`) FROM prices",
        "SELECT MIN(time_index)::TIMESTAMP::VARCHAR, MAX(time_index)::TIMESTAMP::VARCHAR, strftime(DATE '2024-01-01' + MAX(\"at\"), '%H:%M:%S') FROM prices");
  }

  @Test
  void averageOfWholeNumbersIsCalcites() throws SQLException {
    assertEquals(List.of("99"), rows(calcite, "SELECT AVG(n) FROM prices"));
  }

  @Test
  void divisionOfWholeNumbersIsCutAsInCalcite() throws SQLException {
    assertEquals(List.of("3"), rows(calcite, "SELECT n / 2 FROM prices WHERE n = 7"));
    assertEquals(List.of("2"), rows(calcite, "SELECT COUNT(*) FROM prices WHERE n / 2 = 7"));
  }

  @Test
  void sortAndLimitAreSent() throws SQLException {
    sameAs(
            "SELECT time_index, volume FROM prices ORDER BY volume DESC, time_index, n LIMIT 7",
            "SELECT time_index::TIMESTAMP::VARCHAR, volume FROM prices ORDER BY volume DESC NULLS FIRST,"
                + " time_index, n LIMIT 7")
        .sends("ORDER BY")
        .sends("LIMIT 7");
    sameAs(
        "SELECT time_index, n FROM prices ORDER BY time_index DESC, n LIMIT 5 OFFSET 3",
        "SELECT time_index::TIMESTAMP::VARCHAR, n FROM prices ORDER BY time_index DESC, n LIMIT 5 OFFSET 3");
  }

  @Test
  void joinOfTwoNodesIsOneStatement() throws SQLException {
    Sent sent =
        same(
            "SELECT p.asset_identifier, a.name, COUNT(*), MAX(p.`close`) FROM prices p"
                + " JOIN assets a ON p.asset_identifier = a.asset_identifier"
                + " WHERE p.n < 100 GROUP BY p.asset_identifier, a.name");
    assertEquals(1, sent.statements().size());
    sent.sends("INNER JOIN");
  }

  @Test
  void outerJoinKeepsRowsWithoutMatch() throws SQLException {
    same(
        "SELECT a.asset_identifier, p.n FROM assets a LEFT JOIN prices p"
            + " ON p.asset_identifier = a.asset_identifier AND p.n < 4");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 19, 20, 50})
  void listsOfTextOfAnyLengthAreAnswered(int length) throws SQLException {
    String list =
        IntStream.range(0, length)
            .mapToObj(i -> "'" + (i % 3 == 0 ? "A" + i : "other" + i) + "'")
            .collect(Collectors.joining(", "));
    same("SELECT n FROM prices WHERE asset_identifier IN (" + list + ")");
    same("SELECT n FROM prices WHERE asset_identifier NOT IN (" + list + ")");
  }

  @Test
  void textOfAnyScriptIsReadAndBound() throws SQLException {
    same("SELECT asset_identifier, name FROM assets");
    same("SELECT asset_identifier FROM assets WHERE name = ?", "東京").sends("\"name\" = ?");
    same("SELECT asset_identifier FROM assets WHERE name = 'O''Hara'");
  }

  @Test
  void timestampParameterIsSent() throws SQLException {
    sameAs(
            "SELECT n FROM prices WHERE time_index >= ? AND time_index < ?",
            "SELECT n FROM prices WHERE time_index::TIMESTAMP >= ? AND time_index::TIMESTAMP < ?",
            Timestamp.valueOf("2024-03-10 03:30:00"),
            Timestamp.valueOf("2024-03-11 04:30:00"))
        .sends("\"time_index\" >= MAKE_TIMESTAMP(");
  }

  @Test
  void otherParametersAreSent() throws SQLException {
    same("SELECT n FROM prices WHERE session_day = ?", Date.valueOf("2024-03-12"))
        .sends("\"session_day\" = (DATE '1970-01-01' + CAST(?");
    same("SELECT n FROM prices WHERE `close` > ? AND n < ? AND even = ?", 120.5, 90, true);
    same("SELECT n FROM prices WHERE fee = ?", new java.math.BigDecimal("0.15"));
    same("SELECT n FROM prices WHERE volume > ?", 1500L);
    same("SELECT n FROM prices ORDER BY n LIMIT ?", 3);
  }

  @Test
  void dateIsComparedWithTheTimeIndex() throws SQLException {
    same("SELECT n FROM prices WHERE time_index >= DATE '2024-03-11'").sends("\"time_index\" >=");
    same("SELECT n FROM prices WHERE session_day BETWEEN DATE '2024-03-11' AND DATE '2024-03-12'")
        .sends("\"session_day\" >=");
  }

  @Test
  void unitsOfTimeAreSent() throws SQLException {
    sameAs(
            "SELECT FLOOR(time_index TO DAY), CEIL(time_index TO HOUR), EXTRACT(HOUR FROM time_index),"
                + " CAST(time_index AS DATE) FROM prices",
            "SELECT date_trunc('day', time_index)::TIMESTAMP::VARCHAR, (date_trunc('hour', time_index)"
                + " + INTERVAL 1 HOUR)::TIMESTAMP::VARCHAR, hour(time_index), time_index::DATE FROM prices")
        .sends("DATE_TRUNC('day'");
    sameAs(
            "SELECT FLOOR(time_index TO DAY), SUM(n) FROM prices GROUP BY FLOOR(time_index TO DAY)",
            "SELECT date_trunc('day', time_index)::TIMESTAMP::VARCHAR, SUM(n) FROM prices GROUP BY 1")
        .sends("GROUP BY");
    same("SELECT n FROM prices WHERE time_index + INTERVAL '1' DAY > TIMESTAMP '2024-03-12 12:00:00'")
        .sends("INTERVAL '1' DAY");
  }

  @Test
  void distinctUnionAndHavingAreAnswered() throws SQLException {
    same("SELECT DISTINCT asset_identifier FROM prices");
    same("SELECT asset_identifier FROM prices UNION SELECT asset_identifier FROM assets")
        .sends("UNION");
    same("SELECT asset_identifier, SUM(n) FROM prices GROUP BY asset_identifier HAVING SUM(n) > 5000")
        .sends("HAVING");
    same(
        "SELECT COUNT(DISTINCT asset_identifier) FROM prices WHERE name_of(n) IS NULL"
            .replace("name_of(n)", "volume"));
  }

  @Test
  void whatTheStorageMayNotDoRunsInCalcite() throws SQLException {
    same("SELECT n FROM prices WHERE UPPER(asset_identifier) = 'A1' AND n < 20")
        .sends("\"n\" < 20")
        .sends("SELECT \"asset_identifier\", \"n\" FROM");
    same("SELECT n, ROW_NUMBER() OVER (PARTITION BY asset_identifier order by n DESC) FROM prices");
    same(
        "SELECT n FROM prices p WHERE EXISTS (SELECT 1 FROM assets a WHERE a.asset_identifier ="
            + " p.asset_identifier AND a.currency = 'EUR')");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "r.time_index <= p.time_index",
        "p.time_index >= r.time_index",
        "r.time_index < p.time_index",
        "p.time_index > r.time_index",
        "r.time_index >= p.time_index",
        "p.time_index <= r.time_index",
        "r.time_index > p.time_index",
        "p.time_index < r.time_index"
      })
  void asofJoinIsDoneByTheStorage(String match) throws SQLException {
    for (String left : List.of("", "LEFT ")) {
      sameAs(
              "SELECT p.n, r.rating FROM prices p "
                  + left
                  + "ASOF JOIN ratings r MATCH_CONDITION "
                  + match
                  + " ON p.asset_identifier = r.asset_identifier",
              "SELECT p.n, r.rating FROM prices p ASOF "
                  + left
                  + "JOIN ratings r ON p.asset_identifier = r.asset_identifier AND "
                  + match)
          .sends("ASOF " + left + "JOIN");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "r.t <= p.time_index",
        "p.time_index >= r.t",
        "r.t < p.time_index",
        "p.time_index > r.t",
        "r.t >= p.time_index",
        "p.time_index <= r.t",
        "r.t > p.time_index",
        "p.time_index < r.t"
      })
  void asofJoinThatRunsInCalciteTakesTheNearestRowToo(String match) throws SQLException {
    // UPPER keeps the right side in Calcite.
    String right =
        "(SELECT time_index AS t, UPPER(asset_identifier) AS a, rating FROM ratings"
            + " WHERE time_index IS NOT NULL) r";
    for (String left : List.of("", "LEFT ")) {
      sameAs(
              "SELECT p.n, r.rating FROM prices p "
                  + left
                  + "ASOF JOIN "
                  + right
                  + " MATCH_CONDITION "
                  + match
                  + " ON p.asset_identifier = r.a",
              "SELECT p.n, r.rating FROM prices p ASOF "
                  + left
                  + "JOIN "
                  + right
                  + " ON p.asset_identifier = r.a AND "
                  + match)
          .sendsNo("ASOF");
    }
  }

  @Test
  void namespacesAreSchemasInTheSchema(@TempDir Path other) throws Exception {
    Files.writeString(
        other.resolve("catalog.yaml"),
        """
        storages:
          lake: { type: duckdb, path: %s }
        nodes:
          - identifier: listed
            storage: lake
            files: "assets.parquet"
            columns:
              full_name: { stored_name: name }
          - identifier: ratings
            namespace: research
            storage: lake
            files: "ratings.parquet"
        """
            .formatted(folder));
    try (Connection connection = connect(other.resolve("catalog.yaml"), "")) {
      assertEquals(
          List.of("Газпром", "null", "東京", "O'Hara"),
          rows(
              connection,
              "SELECT full_name FROM listed ORDER BY asset_identifier <> 'A0',"
                  + " asset_identifier <> 'A2', asset_identifier"));
      assertEquals(List.of("6"), rows(connection, "SELECT COUNT(*) FROM market.research.ratings"));
      closeEngine(connection);
    }
  }

  @Test
  void closedEngineSaysSo() throws SQLException {
    Connection connection = connect("");
    closeEngine(connection);
    closeEngine(connection);
    SQLException failure =
        assertThrows(SQLException.class, () -> rows(connection, "SELECT n FROM prices"));
    assertTrue(messages(failure).contains("closed"), () -> messages(failure));
    connection.close();
  }

  @Test
  void unknownOperandNamesTheNearest() {
    Exception failure = assertThrows(Exception.class, () -> connect("memoryLimits: '1GB'"));
    assertTrue(
        messages(failure)
            .contains(
                "Schema 'market' of the model has no operand 'memoryLimits'; did you mean"
                    + " 'memoryLimit'?"),
        () -> messages(failure));
  }

  @Test
  void wrongValueOfAnOperandIsRefused() {
    Exception failure = assertThrows(Exception.class, () -> connect("threads: 'many'"));
    assertTrue(
        messages(failure)
            .contains("Setting 'threads' is 'many'; expected a whole number, 0 or greater"),
        () -> messages(failure));
  }

  @Test
  void missingCatalogIsNamed() {
    Exception failure =
        assertThrows(
            Exception.class, () -> rows(connect(folder.resolve("pricez"), ""), "VALUES 1"));
    assertTrue(messages(failure).contains("pricez"), () -> messages(failure));
  }

  private static String messages(Throwable failure) {
    StringBuilder text = new StringBuilder();
    for (Throwable at = failure; at != null; at = at.getCause()) {
      text.append(at.getMessage()).append('\n');
    }
    return text.toString();
  }

  @Test
  void explainShowsWhatRunsWhere() throws SQLException {
    String plan =
        String.join(
            "\n", rows(calcite, "EXPLAIN PLAN FOR SELECT SUM(volume) FROM prices WHERE n > 5"));
    assertTrue(plan.contains("JdbcAggregate") && plan.contains("JdbcFilter"), plan);
    assertFalse(plan.contains("EnumerableAggregate"), plan);
    assertNull(System.getProperty("calcite.default.charset"));
  }
}
