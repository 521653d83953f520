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
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A stitched node granted without the nodes it is made of, which stay unknown. */
class StitchedGrantsTest {
  @TempDir Path folder;
  private Engine engine;
  private TestServer server;

  @BeforeEach
  void start() throws Exception {
    Files.writeString(
        folder.resolve("old.csv"), "time_index,asset_identifier,close\n2025-01-02,SAP,1.5\n");
    Files.writeString(
        folder.resolve("new.csv"), "time_index,asset_identifier,close\n2026-01-02,SAP,2.5\n");
    Files.writeString(
        folder.resolve("catalog.yaml"),
        """
        storages:
          lake: { type: duckdb, path: . }
        nodes:
          - { identifier: vendor_a, namespace: hidden, storage: lake, files: old.csv,
              time_index: time_index, asset: asset_identifier }
          - { identifier: vendor_b, namespace: hidden, storage: lake, files: new.csv,
              time_index: time_index, asset: asset_identifier }
          - identifier: prices
            stitch:
              parts: [hidden.vendor_a, hidden.vendor_b]
              overlap: live
        """);
    Path grants =
        Files.writeString(folder.resolve("grants.yaml"), "grants:\n  - nodes: [prices]\n");
    engine = Engine.open(folder.resolve("catalog.yaml").toString(), Map.of());
    Access access = Users.access("bob").with(new WatchedFile<>(grants, Grants::read));
    server = TestServer.start(ServerSettings.defaults().at("127.0.0.1", 0).with(access), engine);
  }

  @AfterEach
  void stop() {
    server.close();
    engine.close();
  }

  private String rows(String sql) throws SQLException {
    StringBuilder texts = new StringBuilder();
    try (Connection connection =
            DriverManager.getConnection(server.server().jdbcUrl(), "bob", "secret-of-bob");
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      int columns = rows.getMetaData().getColumnCount();
      while (rows.next()) {
        for (int i = 1; i <= columns; i++) {
          texts.append(rows.getString(i)).append(' ');
        }
        texts.append('\n');
      }
    }
    return texts.toString();
  }

  @Test
  void itsRowsAreThere() throws SQLException {
    assertEquals("2 4.0 \n", rows("SELECT COUNT(*), SUM(close) FROM prices"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "EXPLAIN PLAN FOR SELECT * FROM prices",
        "EXPLAIN PLAN AS JSON FOR SELECT * FROM prices",
        "EXPLAIN PLAN AS SEARCH FOR SELECT * FROM prices",
        "EXPLAIN LEAKAGE FOR SELECT * FROM prices",
        "SELECT * FROM metadata.nodes",
        "SELECT * FROM metadata.columns",
        "SELECT * FROM metadata.node_status"
      })
  void itsPartsAreNotNamed(String sql) throws SQLException {
    String shown = rows(sql);
    assertFalse(shown.isEmpty());
    for (String hidden : new String[] {"vendor_a", "vendor_b", "hidden"}) {
      assertFalse(shown.contains(hidden), shown);
    }
  }

  @Test
  void itsPartsCannotBeRead() throws Exception {
    SQLException error =
        assertThrows(SQLException.class, () -> rows("SELECT * FROM hidden.vendor_a"));
    SQLException absent =
        assertThrows(SQLException.class, () -> rows("SELECT * FROM hiddex.vendor_a"));
    assertEquals(absent.getMessage().replace("hiddex", "hidden"), error.getMessage());
    HttpResponse<String> node =
        server.http("GET", "/v1/nodes/prices", "", "Authorization", Users.authorization("bob"));
    assertEquals(200, node.statusCode());
    assertTrue(node.body().contains("\"identifier\":\"prices\""), node.body());
    assertFalse(node.body().contains("vendor_"), node.body());
  }
}
