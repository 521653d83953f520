package io.datanode.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.datanode.testing.PostgreSql;
import io.datanode.testing.SqlFixture;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every function gives the same over a node in PostgreSQL, and runs there unless listed here. */
class PostgreSqlFunctionsTest {
  /** What the embedded engine does over nodes of PostgreSQL, and what EXPLAIN says of it. */
  static final Map<String, String> NOT_PUSHED =
      new TreeMap<>(
          Map.of(
              "INITCAP", "PostgreSQL has no INITCAP with this meaning",
              "KURTOSIS", "PostgreSQL has no KURTOSIS",
              "LEVENSHTEIN", "PostgreSQL has no LEVENSHTEIN with this meaning",
              "LOG2", "PostgreSQL has no LOG2 with this meaning",
              "PRODUCT", "PostgreSQL has no PRODUCT",
              "SKEWNESS", "PostgreSQL has no SKEWNESS"));

  private static final String CATALOG =
      """
      storages:
        desk: { type: postgresql, url: "%s" }
      nodes:
        - { identifier: one, storage: desk, table: public.one, identity: [x] }
        - { identifier: points, storage: desk, table: public.points, identity: [x] }
      """;

  private static Connection connection;

  @BeforeAll
  static void open(@TempDir Path folder) throws Exception {
    String database = PostgreSql.newDatabase();
    PostgreSql.run(
        database,
        "CREATE TABLE one AS SELECT 1 AS x",
        "CREATE TABLE points AS SELECT x, y, t, x > 1 AS b, CASE WHEN x <> 2 THEN x END AS z"
            + " FROM (VALUES (1, 10, 4), (2, 20, 3), (3, 35, 2), (4, 35, 1)) AS v(x, y, t)");
    Path catalog = Files.writeString(folder.resolve("catalog.yaml"), CATALOG.formatted(database));
    connection = DriverManager.getConnection(SqlFixture.url(catalog));
  }

  @AfterAll
  static void close() throws SQLException {
    connection.close();
  }

  static Stream<String> scalars() {
    return FunctionsTest.scalars();
  }

  static Stream<String> aggregates() {
    return FunctionsTest.aggregates();
  }

  static Stream<String> windows() {
    return FunctionsTest.windows();
  }

  @ParameterizedTest
  @MethodSource("scalars")
  void scalarFunctionGives(String line) throws Exception {
    gives(line, "SELECT %s FROM one");
  }

  @ParameterizedTest
  @MethodSource("aggregates")
  void aggregateFunctionGives(String line) throws Exception {
    gives(line, "SELECT %s FROM points");
  }

  @ParameterizedTest
  @MethodSource("windows")
  void windowFunctionGives(String line) throws Exception {
    gives(line, "SELECT w FROM (SELECT x, %s AS w FROM points) AS s WHERE x = 3");
  }

  private static void gives(String line, String statement) throws Exception {
    FunctionsTest.gives(connection, line, statement);
    String[] parts = line.split(" => ");
    assertEquals(
        NOT_PUSHED.getOrDefault(parts[0], "pushed"),
        reason(statement.replace("%s", parts[1])),
        parts[1]);
  }

  /** Why something is not pushed. */
  private static String reason(String query) throws Exception {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("EXPLAIN PLAN AS JSON FOR " + query)) {
      result.next();
      JsonNode notPushed = new ObjectMapper().readTree(result.getString(1)).get("notPushed");
      return notPushed.isEmpty() ? "pushed" : notPushed.get(0).get("why").asText();
    }
  }
}
