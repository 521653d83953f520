package io.datanode.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datanode.engine.Engine;
import io.datanode.server.access.Access;
import io.datanode.server.access.Grants;
import io.datanode.server.access.WatchedFile;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What users see to whom not everything is granted. Bob sees {@code daily_prices}; {@code
 * research.market_caps}, which refers to it, is for alice. What bob is told of it must be what he
 * is told of {@code research.market_xxxx}, which there is not.
 */
class GrantsTest {
  @TempDir Path folder;
  private Path grants;
  private Engine engine;
  private TestServer server;

  @BeforeEach
  void start() throws Exception {
    grants = folder.resolve("grants.yaml");
    Files.writeString(
        grants,
        """
        grants:
          - nodes: [daily_*]
          - role: research
            nodes: ["research.*"]
          - user: carol
            nodes: ["*.*"]
            statements: all
        """);
    engine = SmallMarket.open(Files.createDirectory(folder.resolve("market")));
    Access access =
        Users.access("alice:research", "bob", "carol")
            .with(new WatchedFile<>(grants, Grants::read));
    server = TestServer.start(ServerSettings.defaults().at("127.0.0.1", 0).with(access), engine);
  }

  @AfterEach
  void stop() {
    server.close();
    engine.close();
  }

  private Connection connect(String user) throws SQLException {
    Properties info = new Properties();
    info.setProperty("user", user);
    info.setProperty("password", "secret-of-" + user);
    return DriverManager.getConnection(server.server().jdbcUrl(), info);
  }

  private List<String> rows(String user, String sql) throws SQLException {
    try (Connection connection = connect(user);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      return texts(rows);
    }
  }

  private static List<String> texts(ResultSet rows) throws SQLException {
    List<String> texts = new ArrayList<>();
    int columns = rows.getMetaData().getColumnCount();
    while (rows.next()) {
      List<String> cells = new ArrayList<>();
      for (int i = 1; i <= columns; i++) {
        cells.add(String.valueOf(rows.getString(i)));
      }
      texts.add(String.join(" ", cells));
    }
    return texts;
  }

  @Test
  void privilegesAreThoseThatAreGranted() throws SQLException {
    assertEquals(
        List.of(
            "null nodes daily_prices null alice SELECT NO",
            "null research market_caps null alice SELECT NO"),
        privileges("alice"));
    assertEquals(List.of("null nodes daily_prices null bob SELECT NO"), privileges("bob"));
    try (Connection connection = connect("bob")) {
      DatabaseMetaData metadata = connection.getMetaData();
      assertEquals(
          List.of("null nodes daily_prices close null bob SELECT NO"),
          texts(metadata.getColumnPrivileges(null, "nodes", "daily_prices", "close")));
      assertEquals(
          List.of(), texts(metadata.getColumnPrivileges(null, "research", "market_caps", "%")));
    }
  }

  private List<String> privileges(String user) throws SQLException {
    try (Connection connection = connect(user)) {
      return texts(connection.getMetaData().getTablePrivileges(null, null, "%\\_%s")).stream()
          .filter(row -> !row.contains(" metadata "))
          .toList();
    }
  }

  @Test
  void everyoneSeesWhatIsGranted() throws SQLException {
    String prices = "SELECT COUNT(*) FROM daily_prices";
    String caps = "SELECT COUNT(*) FROM research.market_caps";
    for (String user : List.of("alice", "bob", "carol")) {
      assertEquals(List.of("120"), rows(user, prices));
    }
    assertEquals(List.of("8"), rows("alice", caps));
    assertEquals(List.of("8"), rows("carol", caps));
    assertThrows(SQLException.class, () -> rows("bob", caps));
  }

  /** SQL with a node that is not granted; the same with one that is not there is told the same. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT * FROM research.market_caps",
        "SELECT market_caps.market_cap FROM research.market_caps",
        "SELECT * FROM \"research\".\"market_caps\"",
        "SELECT * FROM research.market_caps$versions",
        "SELECT * FROM research.market_caps FOR SYSTEM_TIME AS OF TIMESTAMP '2026-01-05 00:00:00'",
        "SELECT * FROM daily_prices p JOIN research.market_caps c USING (asset_identifier)",
        "SELECT * FROM daily_prices WHERE EXISTS (SELECT 1 FROM research.market_caps)",
        "WITH c AS (SELECT * FROM research.market_caps) SELECT COUNT(*) FROM c",
        "EXPLAIN PLAN FOR SELECT * FROM research.market_caps",
        "EXPLAIN PLAN AS JSON FOR SELECT * FROM research.market_caps",
        "EXPLAIN LEAKAGE FOR SELECT * FROM research.market_caps",
        "EXPLAIN PLAN AS SEARCH FOR SELECT * FROM research.market_caps",
        "SELECT * FROM research.\"market_caps$latest\"",
        "SELECT * FROM research.\"market_caps$versions\"",
        "SELECT * FROM TABLE(metadata.wait_for('research.market_caps',"
            + " TIMESTAMP '2026-01-05 00:00:00', INTERVAL '1' SECOND))",
        "SELECT p.close FROM daily_prices p LEFT ASOF JOIN research.market_caps c MATCH_CONDITION"
            + " c.time_index <= p.time_index ON c.asset_identifier = p.asset_identifier",
        "DESCRIBE research.market_caps",
        "TABLE research.market_caps",
        "SELECT * FROM research.market_cap",
        "SELECT * FROM daily_price",
        "SELECT * FROM market_caps",
        "SET schema = 'research'"
      })
  void aNodeThatIsNotGrantedIsOneThatIsNotThere(String sql) {
    // Alice has planned it, which bob must not notice.
    try {
      rows("alice", sql);
    } catch (SQLException e) {
      assertFalse(e.getSQLState().startsWith("XX"), e::getMessage);
    }
    SQLException forbidden = assertThrows(SQLException.class, () -> rows("bob", sql));
    String missing = sql.replace("market_cap", "market_xxx").replace("research", "resxxxxx");
    SQLException absent = assertThrows(SQLException.class, () -> rows("bob", missing));
    assertEquals(absent.getSQLState(), forbidden.getSQLState(), forbidden::getMessage);
    assertEquals(
        absent.getMessage().replace("market_xxx", "market_cap").replace("resxxxxx", "research"),
        forbidden.getMessage());
  }

  @Test
  void suggestionsNameNothingThatIsNotGranted() {
    SQLException error =
        assertThrows(SQLException.class, () -> rows("bob", "SELECT * FROM research.market_capss"));
    assertFalse(error.getMessage().contains("'research.market_caps'"), error.getMessage());
    assertFalse(error.getMessage().contains("market_caps'"), error.getMessage());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT namespace, identifier FROM metadata.nodes",
        "SELECT DISTINCT namespace, identifier FROM metadata.columns",
        "SELECT DISTINCT namespace, identifier FROM metadata.node_status"
      })
  void theCatalogListsWhatIsGranted(String sql) throws SQLException {
    assertEquals(List.of("nodes daily_prices"), rows("bob", sql));
    assertEquals(
        List.of("nodes daily_prices", "research market_caps"),
        rows("alice", sql + " ORDER BY 1, 2"));
  }

  @Test
  void jdbcMetadataListsWhatIsGranted() throws SQLException {
    try (Connection connection = connect("bob")) {
      DatabaseMetaData metadata = connection.getMetaData();
      for (ResultSet rows :
          List.of(
              metadata.getTables(null, null, "%", null),
              metadata.getColumns(null, null, "%", "%"),
              metadata.getSchemas(),
              metadata.getPrimaryKeys(null, "research", "market_caps"),
              metadata.getIndexInfo(null, "research", "market_caps", false, true),
              metadata.getBestRowIdentifier(null, "research", "market_caps", 2, true),
              metadata.getImportedKeys(null, "research", "market_caps"),
              metadata.getExportedKeys(null, "nodes", "daily_prices"),
              metadata.getCrossReference(
                  null, "nodes", "daily_prices", null, "research", "market_caps"))) {
        String all = texts(rows).toString();
        assertFalse(all.contains("market_caps"), all);
        assertFalse(all.contains("research"), all);
      }
    }
    try (Connection connection = connect("alice");
        ResultSet keys = connection.getMetaData().getExportedKeys(null, "nodes", "daily_prices")) {
      assertTrue(texts(keys).toString().contains("market_caps"));
    }
  }

  private HttpResponse<String> http(String user, String method, String path, String body)
      throws Exception {
    return server.http(
        method,
        path,
        body,
        "Content-Type",
        "application/json",
        "Authorization",
        Users.authorization(user));
  }

  @Test
  void plainHttpShowsWhatIsGranted() throws Exception {
    String listed = http("bob", "GET", "/v1/nodes", "").body();
    assertTrue(listed.contains("\"count\":1"), listed);
    assertFalse(listed.contains("market_caps"), listed);
    assertTrue(http("alice", "GET", "/v1/nodes", "").body().contains("\"count\":2"));
    for (String[] request :
        new String[][] {
          {"GET", "/v1/nodes/market_caps", ""},
          {"GET", "/v1/nodes/research.market_caps", ""},
          {"POST", "/v1/nodes/market_caps/last-observation", "{}"},
          {"POST", "/v1/nodes/market_caps/between-dates", "{}"},
          {"POST", "/v1/search", "{\"node_identifier\": \"market_caps\"}"},
          {"POST", "/v1/query", "{\"sql\": \"SELECT * FROM research.market_caps\"}"}
        }) {
      HttpResponse<String> forbidden = http("bob", request[0], request[1], request[2]);
      HttpResponse<String> absent =
          http(
              "bob",
              request[0],
              request[1].replace("market_caps", "market_xxxx"),
              request[2].replace("market_caps", "market_xxxx"));
      assertEquals(absent.statusCode(), forbidden.statusCode(), request[1]);
      assertEquals(absent.body().replace("market_xxxx", "market_caps"), forbidden.body());
    }
  }

  @Test
  void statementsOfOthersAreNotShown() throws SQLException {
    String mine = "SELECT DISTINCT user_name FROM metadata.queries ORDER BY 1";
    rows("alice", "SELECT COUNT(*) FROM research.market_caps");
    assertEquals(List.of("bob"), rows("bob", mine));
    assertEquals(List.of("alice", "bob", "carol"), rows("carol", mine));
  }

  @Test
  void whatIsTakenBackIsGoneAlsoForOpenConnections() throws Exception {
    try (Connection connection = connect("alice");
        Statement statement = connection.createStatement()) {
      String sql = "SELECT COUNT(*) FROM research.market_caps";
      assertEquals(List.of("8"), texts(statement.executeQuery(sql)));
      Files.writeString(grants, "grants:\n  - nodes: [daily_prices]\n");
      awaitChange(grants);
      SQLException error = assertThrows(SQLException.class, () -> statement.executeQuery(sql));
      assertTrue(List.of("42P01", "3F000").contains(error.getSQLState()), error::getMessage);
      assertEquals(
          List.of("120"), texts(statement.executeQuery("SELECT COUNT(*) FROM daily_prices")));
    }
  }

  /** The server looks at its files once in a second. */
  private static void awaitChange(Path file) throws Exception {
    Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2030-01-01T00:00:00Z")));
    Thread.sleep(1_100);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "grants: all",
        "grant: []",
        "grants: [{user: a, role: b, nodes: ['*']}]",
        "grants: [{user: a, node: ['*']}]",
        "grants: [{user: a, nodes: ['*'], statements: some}]"
      })
  void aFileThatIsWrongIsRefused(String text) throws Exception {
    Path file = Files.writeString(folder.resolve("wrong.yaml"), text);
    SQLException error =
        assertThrows(SQLException.class, () -> new WatchedFile<>(file, Grants::read));
    assertEquals("F0000", error.getSQLState());
    assertTrue(error.getMessage().startsWith(file + ":"), error.getMessage());
  }

  @Test
  void withoutGrantsUsersSeeAllNodesAndTheirOwnStatements() throws Exception {
    try (TestServer open =
            TestServer.start(
                ServerSettings.defaults().at("127.0.0.1", 0).with(Users.access("bob", "eve")),
                engine);
        Connection connection =
            DriverManager.getConnection(
                open.server().jdbcUrl() + "/?user=eve&password=secret-of-eve")) {
      Map<String, String> asked =
          Map.of(
              "SELECT COUNT(*) FROM research.market_caps", "[8]",
              "SELECT DISTINCT user_name FROM metadata.queries", "[eve]");
      for (Map.Entry<String, String> each : asked.entrySet()) {
        assertEquals(
            each.getValue(),
            texts(connection.createStatement().executeQuery(each.getKey())).toString());
      }
    }
  }
}
