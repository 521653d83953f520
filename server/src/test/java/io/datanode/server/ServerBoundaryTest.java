package io.datanode.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.datanode.engine.Engine;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a client says, it reaches nodes and nothing else: no file, host, class or storage. */
class ServerBoundaryTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String CONTENT = "content of a file of the server";

  @TempDir static Path folder;
  private static Path file;
  private static Engine engine;
  private static TestServer server;

  @BeforeAll
  static void start() throws Exception {
    file = Files.writeString(folder.resolve("file.csv"), "a,b\n1," + CONTENT + "\n");
    engine = SmallMarket.open(Files.createDirectory(folder.resolve("market")));
    server = TestServer.start(engine);
  }

  @AfterAll
  static void stop() {
    server.close();
    engine.close();
  }

  /** {@code FILE} stands for a file that the server can read. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT * FROM read_csv('FILE')",
        "SELECT * FROM TABLE(read_csv('FILE'))",
        "SELECT * FROM read_text('FILE')",
        "SELECT * FROM read_blob('FILE')",
        "SELECT * FROM read_parquet('FILE')",
        "SELECT * FROM read_json_auto('FILE')",
        "SELECT * FROM glob('/*')",
        "SELECT * FROM 'FILE'",
        "SELECT * FROM \"FILE\"",
        "SELECT * FROM nodes.\"FILE\"",
        "FROM 'FILE'",
        "SELECT getenv('HOME')",
        "SELECT * FROM duckdb_settings()",
        "SELECT * FROM duckdb_secrets()",
        "SELECT * FROM query('SELECT 1')",
        "SELECT * FROM sqlite_scan('FILE', 'a')",
        "SELECT * FROM postgres_scan('host=127.0.0.1', 'public', 'a')",
        "SELECT pg_read_file('FILE')",
        "SELECT pg_ls_dir('/')",
        "SELECT lo_import('FILE')",
        "SELECT * FROM dblink('host=127.0.0.1', 'SELECT 1')",
        "SELECT EXTRACTVALUE('<a/>', '/a')",
        "SELECT XMLTRANSFORM('<a/>', '<a/>')",
        "COPY daily_prices TO 'FILE'",
        "COPY (SELECT * FROM daily_prices) TO 'FILE'",
        "EXPORT DATABASE 'FILE'",
        "ATTACH 'FILE' AS other",
        "INSTALL httpfs",
        "LOAD httpfs",
        "PRAGMA database_list",
        "CREATE TABLE other AS SELECT 1 AS a",
        "CREATE FUNCTION f AS 'java.lang.Runtime' USING JAR 'FILE'",
        "CREATE SECRET s (TYPE s3)",
        "INSERT INTO daily_prices SELECT * FROM daily_prices",
        "UPDATE daily_prices SET close = 0",
        "DELETE FROM daily_prices",
        "DROP TABLE daily_prices",
        "ALTER SYSTEM SET \"model\" = 'inline:{}'",
        "SET memory_limit = '1GB'",
        "SET spill_directory = 'FILE'",
        "SET threads = 1",
        "SET model = 'inline:{}'",
        "SET search_path = 'main'",
        "SELECT 1; ATTACH 'FILE' AS other",
        "SELECT * FROM daily_prices WHERE asset_identifier = '' UNION SELECT * FROM 'FILE'"
      })
  void statementsReachNothingElse(String statement) throws Exception {
    String sql = statement.replace("FILE", file.toString());
    SQLException error;
    try (Connection connection = DriverManager.getConnection(server.server().jdbcUrl());
        Statement one = connection.createStatement()) {
      error = assertThrows(SQLException.class, () -> one.execute(sql));
    }
    assertTrue(
        List.of("42", "0A", "22", "25").contains(error.getSQLState().substring(0, 2)),
        () -> error.getSQLState() + " " + error.getMessage());
    HttpResponse<String> plain =
        RestRequests.post(server, "/v1/query", JSON.createObjectNode().put("sql", sql).toString());
    assertEquals(400, plain.statusCode(), plain.body());
    assertFalse(plain.body().contains(CONTENT), plain.body());
    assertTrue(Files.readString(file).contains(CONTENT), "the file was changed");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../file.csv",
        "FILE",
        "daily_prices\" UNION SELECT * FROM 'FILE' --",
        "read_csv('FILE')",
        "daily_prices.parquet"
      })
  void namesOfNodesAreNames(String name) throws Exception {
    String identifier = name.replace("FILE", file.toString());
    HttpResponse<String> search =
        RestRequests.post(
            server,
            "/v1/search",
            JSON.createObjectNode().put("node_identifier", identifier).toString());
    assertEquals(400, search.statusCode() == 404 ? 400 : search.statusCode(), search.body());
    assertFalse(search.body().contains(CONTENT), search.body());
    String path =
        "/v1/nodes/"
            + java.net.URLEncoder.encode(identifier, java.nio.charset.StandardCharsets.UTF_8)
                .replace("+", "%20");
    int status = server.http("GET", path, "").statusCode();
    assertTrue(status == 404 || status == 400, path + " " + status);
  }

  /** Avatica's own driver takes names of classes, key stores and proxies from a URL. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "factory",
        "httpclient_factory",
        "httpclient_impl",
        "lb_strategy",
        "bearer_token_provider_class",
        "truststore",
        "truststore_password",
        "keystore",
        "keytab",
        "token_file",
        "tokenfile",
        "hostname_verification",
        "transparent_reconnection",
        "avatica_password",
        "serialization",
        "model",
        "url"
      })
  void theDriverTakesItsOwnSettingsOnly(String key) {
    SQLException error =
        assertThrows(
            SQLException.class,
            () -> DriverManager.getConnection(server.server().jdbcUrl() + "/?" + key + "=x"));
    assertEquals("22023", error.getSQLState(), error::getMessage);
    assertTrue(error.getMessage().contains("There is no setting '" + key + "'"), error::getMessage);
  }

  /** The answer is whole, and the file is not in it. */
  @Test
  void nodesAreStillThere() throws Exception {
    HttpResponse<String> nodes = server.http("GET", "/v1/nodes", "");
    assertEquals(200, nodes.statusCode());
    assertFalse(nodes.body().contains("file.csv"), nodes.body());
  }
}
