package io.datanode.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datanode.DataNodeException;
import io.datanode.DataNodes;
import io.datanode.engine.Engine;
import io.datanode.predicate.F;
import io.datanode.read.Interval;
import io.datanode.search.SearchRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Java API over the nodes of a server. */
class DataNodesOfServerTest {
  @TempDir Path folder;

  private Engine engine;
  private TestServer server;

  record Price(Instant timeIndex, String assetIdentifier, double close) {}

  @BeforeEach
  void startServer() throws Exception {
    try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duckdb.createStatement()) {
      statement.execute("SET TimeZone = 'UTC'");
      statement.execute(
          "COPY (SELECT TIMESTAMPTZ '2024-01-01 00:00:00.000001+00' + to_days(i // 4) AS time_index,"
              + " 'A' || i % 4 AS asset_identifier, i / 2 AS close FROM range(40) AS r(i)) TO '"
              + folder.resolve("prices.parquet")
              + "'");
    }
    Files.writeString(
        folder.resolve("catalog.yaml"),
        """
        storages:
          own: { type: duckdb, path: . }
        nodes:
          - identifier: prices
            namespace: desk.equities
            description: Closing prices.
            storage: own
            files: prices.parquet
            storage_hash: prices_1
            time_index: time_index
            asset: asset_identifier
            labels: [eod, equity]
        """);
    engine = Engine.open(folder.resolve("catalog.yaml").toString(), Map.of());
    server = TestServer.start(engine);
  }

  @AfterEach
  void stopServer() {
    server.close();
    engine.close();
  }

  @Test
  void readsSearchesAndQueriesWhatTheServerPublishes() throws Exception {
    try (DataNodes nodes = DataNodes.open(server.server().jdbcUrl())) {
      assertEquals(
          List.of(
              new Price(Instant.parse("2024-01-02T00:00:00.000001Z"), "A1", 2.5),
              new Price(Instant.parse("2024-01-03T00:00:00.000001Z"), "A1", 4.5)),
          nodes
              .node("desk.equities.prices")
              .between(
                  Instant.parse("2024-01-02T00:00:00Z"),
                  Instant.parse("2024-01-04T00:00:00Z"),
                  Interval.CLOSED_OPEN)
              .assets("A1")
              .records(Price.class));

      SearchRequest request =
          SearchRequest.of("desk.equities.prices").filter(F.gt("close", 18)).page(2, 0);
      try (var page = nodes.search(request)) {
        List<Object> closes = new ArrayList<>();
        page.maps().forEach(row -> closes.add(row.get("base__close")));
        assertEquals(List.of(18.5, 19.0), closes);
        assertEquals(OptionalLong.of(2), page.nextOffset());
      }
      try (var rows =
          nodes.query(
              "SELECT COUNT(*) AS n FROM \"desk.equities\".prices WHERE asset_identifier = ?",
              "A3")) {
        assertEquals(List.of(Map.of("n", 10L)), rows.maps().toList());
      }
      try (var rows =
          nodes.query(
              "SELECT storage_hash, labels, time_index, identity, description"
                  + " FROM metadata.nodes")) {
        assertEquals(
            Map.of(
                "storage_hash", "prices_1",
                "labels", "eod, equity",
                "time_index", "time_index",
                "identity", "asset_identifier",
                "description", "Closing prices."),
            rows.maps().findFirst().orElseThrow());
      }
    }
  }

  /** The server's log shows one statement with the condition and the limit in it. */
  @Test
  void theServerDoesTheWork() throws Exception {
    try (DataNodes nodes = DataNodes.open(server.server().jdbcUrl())) {
      nodes.node("prices").assets("A2").between(null, Instant.parse("2024-01-03T00:00:00Z")).maps();
    }
    try (Connection connection = DriverManager.getConnection(server.server().jdbcUrl());
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT sql, row_count FROM metadata.queries WHERE sql LIKE '%prices%WHERE%'"
                    + " AND sql NOT LIKE '%metadata.%'")) {
      assertTrue(rows.next());
      assertTrue(rows.getString(1).contains("\"asset_identifier\" ="), rows.getString(1));
      assertEquals(2, rows.getLong(2));
      assertFalse(rows.next());
    }
  }

  @Test
  void aServerThatIsNotThereIsNamed() {
    String url = server.server().jdbcUrl();
    server.close();
    DataNodeException refused =
        assertThrows(DataNodeException.class, () -> DataNodes.open(url + "?password=never-shown"));
    assertEquals("08001", refused.sqlState(), refused.getMessage());
    assertTrue(refused.getMessage().contains(url), refused.getMessage());
    assertFalse(refused.getMessage().contains("never-shown"), refused.getMessage());
  }
}
