package io.datanode.plan.time;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.datanode.testing.MarketNodes.Place;
import io.datanode.testing.OwnNodes;
import io.datanode.testing.SqlFixture;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Which version of a row is read: ties, unknown knowledge times, publication lags, random data. */
class NodeVersionsTest {
  private static final int ROWS = 400;
  private static final Map<Place, Path> CATALOGS = new EnumMap<>(Place.class);

  private static Connection connect(Place place, String settings) throws SQLException {
    Path catalog;
    synchronized (CATALOGS) {
      catalog = CATALOGS.computeIfAbsent(place, NodeVersionsTest::catalog);
    }
    return DriverManager.getConnection(SqlFixture.url(catalog) + settings);
  }

  private static Path catalog(Place place) {
    List<String> statements =
        new ArrayList<>(
            List.of(
                """
                CREATE TABLE ties (t TIMESTAMPTZ, a TEXT, k TIMESTAMPTZ, v DOUBLE PRECISION, w TEXT)""",
                """
                INSERT INTO ties VALUES
                  ('2024-01-01 00:00:00+00', 'same time', '2024-01-02 00:00:00+00', 1, 'x'),
                  ('2024-01-01 00:00:00+00', 'same time', '2024-01-02 00:00:00+00', 2, 'a'),
                  ('2024-01-01 00:00:00+00', 'same time', '2024-01-02 00:00:00+00', 2, 'b'),
                  ('2024-01-01 00:00:00+00', 'not a number', '2024-01-02 00:00:00+00', 'NaN', 'x'),
                  ('2024-01-01 00:00:00+00', 'not a number', '2024-01-02 00:00:00+00', 'Infinity', 'y'),
                  ('2024-01-01 00:00:00+00', 'a null', '2024-01-02 00:00:00+00', NULL, 'x'),
                  ('2024-01-01 00:00:00+00', 'a null', '2024-01-02 00:00:00+00', 'NaN', 'y'),
                  ('2024-01-01 00:00:00+00', 'unknown', NULL, 9, 'x'),
                  ('2024-01-01 00:00:00+00', 'unknown', '2024-01-02 00:00:00+00', 1, 'x'),
                  ('2024-01-01 00:00:00+00', 'never known', NULL, 9, 'x'),
                  ('2024-01-01 00:00:00+00', NULL, '2024-01-02 00:00:00+00', 1, 'no asset'),
                  ('2024-01-01 00:00:00+00', NULL, '2024-01-03 00:00:00+00', 2, 'no asset')""",
                "CREATE TABLE lagged (t TIMESTAMPTZ, a TEXT, v INTEGER)",
                """
                INSERT INTO lagged VALUES
                  ('2024-01-01 00:00:00+00', 'x', 1), ('2024-01-01 01:00:00+00', 'x', 2),
                  ('2024-01-01 02:00:00.000001+00', 'x', 3)""",
                """
                CREATE TABLE days (d DATE, v INTEGER)""",
                "INSERT INTO days VALUES ('2024-01-01', 1), ('2024-01-02', 2), ('2024-01-03', 3)",
                """
                CREATE TABLE facts (t TIMESTAMPTZ, a TEXT, k TIMESTAMPTZ, v INTEGER)"""));
    Random dice = new Random(7);
    for (int i = 0; i < ROWS; i++) {
      statements.add(
          String.format(
              "INSERT INTO facts VALUES ('2024-01-01 %02d:00:00+00', %s, %s, %s)",
              dice.nextInt(10),
              dice.nextInt(12) == 0 ? "NULL" : "'a" + dice.nextInt(6) + "'",
              dice.nextInt(15) == 0
                  ? "NULL"
                  : String.format(
                      "'2024-01-01 %02d:%02d:00+00'", dice.nextInt(24), dice.nextInt(4)),
              dice.nextInt(10) == 0 ? "NULL" : String.valueOf(dice.nextInt(50))));
    }
    return OwnNodes.catalog(
        place,
        statements,
        Map.of(
            "ties", List.of("time_index: t", "identity: [a]", "knowledge_time: k"),
            "facts", List.of("time_index: t", "identity: [a]", "knowledge_time: k"),
            "lagged", List.of("time_index: t", "identity: [a]", "knowledge_time: time_index + 1h"),
            "days", List.of("time_index: d", "identity: []", "knowledge_time: time_index + 1d")));
  }

  private static List<String> rows(Connection connection, String sql) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      int columns = result.getMetaData().getColumnCount();
      while (result.next()) {
        StringBuilder row = new StringBuilder();
        for (int i = 1; i <= columns; i++) {
          row.append(i == 1 ? "" : " | ").append(result.getString(i));
        }
        rows.add(row.toString());
      }
    }
    return rows;
  }

  @ParameterizedTest
  @EnumSource
  void ofVersionsKnownAtOneTimeTheOneWithTheGreatestValuesWins(Place place) throws SQLException {
    try (Connection connection = connect(place, "")) {
      assertEquals(
          List.of(
              "a null | null | x",
              "never known | 9.0 | x",
              "not a number | NaN | x",
              "same time | 2.0 | b",
              "unknown | 1.0 | x",
              "null | 2.0 | no asset"),
          rows(connection, "SELECT a, v, w FROM ties ORDER BY a"));
    }
  }

  @ParameterizedTest
  @EnumSource
  void whoseKnowledgeTimeIsNullWasNeverKnown(Place place) throws SQLException {
    try (Connection connection = connect(place, "")) {
      assertEquals(
          List.of("a null", "not a number", "same time", "unknown", "null"),
          rows(
              connection,
              "SELECT a FROM ties FOR SYSTEM_TIME AS OF TIMESTAMP '2024-01-02 00:00:00' ORDER BY a"));
      assertEquals(
          List.of("0"),
          rows(
              connection,
              "SELECT COUNT(*) FROM \"ties$versions\" FOR SYSTEM_TIME AS OF CURRENT_TIMESTAMP"
                  + " WHERE k IS NULL"));
      assertEquals(
          List.of("2"), rows(connection, "SELECT COUNT(*) FROM \"ties$versions\" WHERE k IS NULL"));
    }
  }

  @ParameterizedTest
  @EnumSource
  void aRuleSaysWhenRowsBecameKnown(Place place) throws SQLException {
    try (Connection connection = connect(place, "")) {
      String asOf = "SELECT MAX(v) FROM lagged FOR SYSTEM_TIME AS OF TIMESTAMP '2024-01-01 ";
      assertEquals(List.of("null"), rows(connection, asOf + "00:59:59.999999'"));
      assertEquals(List.of("1"), rows(connection, asOf + "01:00:00'"));
      assertEquals(List.of("2"), rows(connection, asOf + "03:00:00'"));
      assertEquals(List.of("3"), rows(connection, asOf + "03:00:00.000001'"));
      assertEquals(List.of("3"), rows(connection, "SELECT MAX(v) FROM lagged"));
      assertEquals(
          List.of("days | time_index + 1d", "lagged | time_index + 1h"),
          rows(
              connection,
              "SELECT identifier, knowledge_time FROM metadata.nodes"
                  + " WHERE knowledge_time LIKE 'time_index +%' ORDER BY 1"));
    }
    try (Connection past = connect(place, "?asOf=2024-01-01T02:59:59Z")) {
      assertEquals(List.of("2"), rows(past, "SELECT MAX(v) FROM lagged"));
    }
    try (Connection past = connect(place, "?asOf=2024-01-03T00:00:00Z")) {
      assertEquals(List.of("2"), rows(past, "SELECT MAX(v) FROM days"));
    }
  }

  /** The reference answer: only functions that everybody knows, and no view of the node but all. */
  private static String reference(String time) {
    return "SELECT t, a, MAX(k) AS k, MAX(v) AS v FROM (SELECT f.t, f.a, f.k,"
        + " COALESCE(f.v, 1000000) AS v FROM \"facts$versions\" f JOIN (SELECT t, a, MAX(k) AS k"
        + " FROM \"facts$versions\" WHERE k <= TIMESTAMP '"
        + time
        + "' GROUP BY t, a) m ON m.t = f.t AND m.a IS NOT DISTINCT FROM f.a AND m.k = f.k) AS q"
        + " GROUP BY t, a";
  }

  @ParameterizedTest
  @EnumSource
  void randomVersionsAreReadAsDefined(Place place) throws SQLException {
    try (Connection connection = connect(place, "")) {
      for (int hour = 0; hour < 24; hour += 3) {
        String time = String.format("2024-01-01 %02d:02:00", hour);
        List<String> expected =
            rows(connection, "SELECT t, a, k, v FROM (" + reference(time) + ") AS r ORDER BY 1, 2");
        String node = "facts FOR SYSTEM_TIME AS OF TIMESTAMP '" + time + "'";
        String columns = "SELECT t, a, k, COALESCE(v, 1000000) AS v FROM ";
        assertEquals(expected, rows(connection, columns + node + " ORDER BY 1, 2"), time);
        try (Connection past = connect(place, "?asOf=" + time.replace(' ', 'T') + "Z")) {
          assertEquals(expected, rows(past, columns + "facts ORDER BY 1, 2"), time);
        }
        for (String condition :
            List.of(
                "v > 25",
                "a = 'a3'",
                "a IS NULL",
                "t >= TIMESTAMP '2024-01-01 05:00:00'",
                "v = 7 AND a > 'a1'",
                "k > TIMESTAMP '2024-01-01 04:00:00'")) {
          assertEquals(
              rows(
                  connection,
                  "SELECT t, a FROM ("
                      + columns
                      + node
                      + ") AS q WHERE "
                      + condition.replace("v ", "NULLIF(v, 1000000) ")
                      + " ORDER BY 1, 2"),
              rows(
                  connection,
                  "SELECT t, a FROM " + node + " WHERE " + condition + " ORDER BY 1, 2"),
              time + " " + condition);
        }
      }
    }
  }
}
