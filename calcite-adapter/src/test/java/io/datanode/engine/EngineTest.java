package io.datanode.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datanode.DataNodeException;
import io.datanode.jdbc.session.MetadataCall;
import io.datanode.jdbc.session.Session;
import io.datanode.jdbc.session.StatementCall;
import io.datanode.testing.MarketNodes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Engines over catalogs: shared by connections, alive with broken nodes, quick with many. */
class EngineTest {
  private static final SharedEngines ENGINES = new SharedEngines(Engine::open);

  @TempDir Path folder;

  @Test
  void connectionsToOnePlaceShareAnEngine() throws IOException {
    Path catalog = MarketNodes.write(folder);
    Path other = Files.createSymbolicLink(folder.resolve("other.yaml"), catalog);
    EngineSession first = open(catalog, Map.of());
    EngineSession second = open(other, Map.of());
    assertEquals(1, ENGINES.size());
    EngineSession third = open(catalog, Map.of("threads", "1"));
    assertEquals(2, ENGINES.size());
    first.close();
    first.close();
    assertTrue(second.isValid(1));
    second.close();
    third.close();
    assertEquals(0, ENGINES.size());
  }

  private static EngineSession open(Path catalog, Map<String, String> engineSettings) {
    return ENGINES.session(catalog.toString(), engineSettings, "", Map.of());
  }

  @Test
  void whatCannotBeOpenedLeavesNothing() {
    DataNodeException failure =
        assertThrows(DataNodeException.class, () -> open(folder.resolve("missing"), Map.of()));
    assertTrue(failure.getMessage().contains("missing"), failure.getMessage());
    assertEquals(0, ENGINES.size());
    Path catalog = MarketNodes.write(folder);
    DataNodeException setting =
        assertThrows(
            DataNodeException.class,
            () -> ENGINES.session(catalog.toString(), Map.of(), "", Map.of("timeZone", "Mars")));
    assertEquals("22023", setting.sqlState());
    assertEquals(0, ENGINES.size());
  }

  @Test
  void nodesThatAreBrokenDoNotHideTheOthers() throws Exception {
    Path catalog = MarketNodes.write(folder);
    Files.writeString(folder.resolve("lake/fundamentals.parquet"), "no parquet");
    Files.delete(folder.resolve("book.duckdb"));
    try (Engine engine = Engine.open(catalog.toString(), Map.of());
        Session session = engine.session("", Map.of())) {
      List<String> nodes =
          rows(session, "SELECT identifier, error IS NULL FROM metadata.nodes ORDER BY identifier");
      assertEquals(
          List.of(
              "assets|0",
              "daily_prices|1",
              "fundamentals|0",
              "fx_rates|1",
              "minute_bars|1",
              "oddities|1"),
          nodes);
      assertEquals(
          7,
          Read.rows(
                  session.metadata(
                      new MetadataCall(
                          MetadataCall.Method.COLUMNS,
                          Arrays.asList(null, null, "daily_prices", "%"))))
              .size());
      assertEquals(
          List.of(),
          Read.rows(
              session.metadata(
                  new MetadataCall(
                      MetadataCall.Method.COLUMNS,
                      Arrays.asList(null, null, "fundamentals", "%")))));
      assertEquals(List.of("39"), rows(session, "SELECT COUNT(*) FROM daily_prices"));
      SQLException unreadable =
          assertThrows(
              SQLException.class, () -> rows(session, "SELECT COUNT(*) FROM fundamentals"));
      assertEquals("58030", unreadable.getSQLState());
      assertTrue(unreadable.getMessage().contains("fundamentals.parquet"), unreadable.getMessage());
      SQLException missing =
          assertThrows(SQLException.class, () -> rows(session, "SELECT * FROM reference.assets"));
      assertEquals("58030", missing.getSQLState());
    }
  }

  @Test
  void closingTheEngineEndsItsSessions() throws SQLException {
    Engine engine = Engine.open(MarketNodes.write(folder).toString(), Map.of());
    Session session = engine.session("ann", Map.of());
    assertEquals(1, engine.openSessions());
    engine.close();
    engine.close();
    assertFalse(session.isValid(1));
    SQLException closed = assertThrows(SQLException.class, () -> rows(session, "SELECT 1"));
    assertEquals("08003", closed.getSQLState());
    assertThrows(DataNodeException.class, () -> engine.session("bob", Map.of()));
  }

  @Test
  void aNodeIsRepointedWhileConnectionsAreOpen() throws Exception {
    Path catalog = MarketNodes.write(folder);
    try (Engine engine = Engine.open(catalog.toString(), Map.of());
        Session session = engine.session("", Map.of())) {
      assertEquals(List.of("39"), rows(session, "SELECT COUNT(*) FROM daily_prices"));
      try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
          Statement statement = duckdb.createStatement()) {
        statement.execute(
            "COPY (SELECT * FROM '${lake}/daily_prices.parquet' LIMIT 5) TO '${lake}/v2.parquet'"
                .replace("${lake}", folder.resolve("lake").toString()));
      }
      Files.writeString(
          catalog,
          Files.readString(catalog).replace("files: daily_prices.parquet", "files: v2.parquet"));
      rows(session, "CALL metadata.refresh()");
      assertEquals(List.of("5"), rows(session, "SELECT COUNT(*) FROM daily_prices"));
    }
  }

  @Test
  void tenThousandNodesAreListedWithoutTouchingTheirStorage() throws Exception {
    StringBuilder catalog = new StringBuilder("nodes:\n");
    for (int i = 0; i < 10_000; i++) {
      catalog
          .append("  - identifier: node_")
          .append(i)
          .append("\n    files: missing_")
          .append(i)
          .append(".parquet\n");
    }
    catalog.append("  - identifier: prices\n    files: prices.parquet\n");
    Path file = Files.writeString(folder.resolve("catalog.yaml"), catalog);
    try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duckdb.createStatement()) {
      statement.execute(
          "COPY (SELECT 1 AS a) TO '" + folder.resolve("prices.parquet") + "' (FORMAT parquet)");
    }
    try (Engine engine = Engine.open(file.toString(), Map.of());
        Session session = engine.session("", Map.of())) {
      assertEquals(
          10_001,
          Read.rows(
                  session.metadata(
                      new MetadataCall(
                          MetadataCall.Method.TABLES,
                          Arrays.asList(null, "nodes", "%", List.of("TABLE")))))
              .size());
      assertEquals(List.of("1"), rows(session, "SELECT a FROM prices"));
    }
  }

  private static List<String> rows(Session session, String sql) throws SQLException {
    return Read.rows(session.execute(new StatementCall("s", sql, List.of(), 0, 0)));
  }
}
