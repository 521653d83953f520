package io.datanode.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.datanode.testing.SqlFixture;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every function gives the same over a node of a storage, and runs there unless it is listed. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class FunctionsContract {
  private Connection connection;

  /**
   * Writes the catalog of two nodes: {@code one}, with a row x = 1, and {@code points}, with four
   * rows of x, y, t, b and z.
   *
   * @return its file
   */
  protected abstract Path catalog(Path folder) throws Exception;

  /** What the embedded engine does over nodes of the storage, and what EXPLAIN says of it. */
  protected abstract Map<String, String> notPushed();

  @BeforeAll
  void open(@TempDir Path folder) throws Exception {
    connection = DriverManager.getConnection(SqlFixture.url(catalog(folder)));
  }

  @AfterAll
  void close() throws SQLException {
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

  private void gives(String line, String statement) throws Exception {
    FunctionsTest.gives(connection, line, statement);
    String[] parts = line.split(" => ");
    assertEquals(
        notPushed().getOrDefault(parts[0], "pushed"),
        reason(statement.replace("%s", parts[1])),
        parts[1]);
  }

  /** Why something is not pushed. */
  private String reason(String query) throws Exception {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("EXPLAIN PLAN AS JSON FOR " + query)) {
      result.next();
      JsonNode notPushed = new ObjectMapper().readTree(result.getString(1)).get("notPushed");
      return notPushed.isEmpty() ? "pushed" : notPushed.get(0).get("why").asText();
    }
  }
}
