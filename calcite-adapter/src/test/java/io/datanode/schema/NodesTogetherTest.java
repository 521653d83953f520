package io.datanode.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.datanode.DataNodeException;
import io.datanode.node.NodeName;
import io.datanode.testing.PostgreSql;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Nodes resolved many at a time, as the metadata of tools wants them. */
class NodesTogetherTest {
  private static final String RATES =
      "SELECT TIMESTAMPTZ '2024-01-02 00:00:00Z' AS time_index, 1.09 AS rate";

  @RegisterExtension final OpenedNodes opened = new OpenedNodes();

  private final Map<String, String> failed = new TreeMap<>();

  @Test
  void aStorageIsAskedOnceAboutAllOfItsNodes() {
    String url = PostgreSql.newDatabase();
    PostgreSql.run(
        url,
        "CREATE TABLE prices (time_index timestamptz, asset text, PRIMARY KEY (asset, time_index))",
        "CREATE TABLE fills (time_index timestamptz, asset text, price numeric(12, 4),"
            + " FOREIGN KEY (asset, time_index) REFERENCES prices (asset, time_index))");
    CatalogNodes nodes =
        nodes(
            """
            storages:
              desk: { type: postgresql, url: "%s" }
            nodes:
              - { identifier: prices, storage: desk, table: prices }
              - { identifier: fills, storage: desk, table: public.fills }
              - { identifier: orders, storage: desk, table: public.orders }
            """
                .formatted(url),
            "PT1M");
    Map<NodeName, ResolvedNode> found = all(nodes);
    assertEquals("[nodes.fills, nodes.prices]", names(found));
    assertEquals("DECIMAL(12, 4)", column(found, "fills", "price"));
    assertEquals(
        "[(asset, time_index) to prices]",
        found.get(new NodeName("nodes", "fills")).foreignKeys().stream()
            .map(key -> "(" + String.join(", ", key.columns()) + ") to " + key.target())
            .toList()
            .toString());
    assertEquals(
        Map.of(
            "orders", "42P01 Storage 'desk' at " + address(url) + " has no table 'public.orders'"),
        shortened());
    assertEquals(1, opened.storages().together());
    assertEquals(0, opened.storages().described());
  }

  @Test
  void whatIsRememberedIsNotAskedForAgainAndRenewedTogetherLater() {
    opened.files().write("a.parquet", RATES).write("b.parquet", RATES);
    CatalogNodes nodes =
        nodes(
            "nodes: [ { identifier: a, files: a.parquet }, { identifier: b, files: b.parquet } ]",
            "PT1M");
    Map<NodeName, ResolvedNode> first = all(nodes);
    Map<NodeName, ResolvedNode> second = all(nodes);
    assertEquals(1, opened.storages().together());
    first.forEach((name, node) -> assertSame(node, second.get(name)));

    opened.files().write("b.parquet", RATES + ", 'EUR' AS currency");
    opened.advance(Duration.ofMinutes(2));
    assertEquals("[nodes.a, nodes.b]", names(all(nodes)));
    opened.runBackgroundWork();
    assertEquals(2, opened.storages().together());
    assertEquals("VARCHAR", column(all(nodes), "b", "currency"));
    assertEquals(0, opened.storages().described());
  }

  @Test
  void nothingIsRememberedIfNothingShallBe() {
    opened.files().write("a.parquet", RATES);
    CatalogNodes nodes = nodes("nodes: [ { identifier: a, files: a.parquet } ]", "PT0S");
    all(nodes);
    opened.files().write("a.parquet", RATES + ", 'EUR' AS currency");
    assertEquals("VARCHAR", column(all(nodes), "a", "currency"));
    assertEquals(2, opened.storages().together());
  }

  @Test
  void aStorageThatDoesNotAnswerHidesItsOwnNodesOnly() {
    opened.files().write("a.parquet", RATES);
    CatalogNodes nodes =
        nodes(
            """
            storages:
              desk: { type: postgresql, url: "jdbc:postgresql://127.0.0.1:1/none" }
              lake: { type: duckdb, path: . }
            nodes:
              - { identifier: a, storage: lake, files: a.parquet }
              - { identifier: fills, storage: desk, table: fills }
              - { identifier: orders, storage: desk, table: orders }
            """,
            "PT1M");
    assertEquals("[nodes.a]", names(all(nodes)));
    assertEquals("[fills, orders]", failed.keySet().toString());
    failed.values().forEach(why -> assertEquals("57P03", why.substring(0, 5), why));
  }

  @Test
  void aStitchedNodeComesWithItsParts() {
    opened.files().write("a.parquet", RATES).write("b.parquet", RATES);
    CatalogNodes nodes =
        nodes(
            """
            nodes:
              - { identifier: a, files: a.parquet }
              - { identifier: b, files: b.parquet }
              - identifier: both
                stitch: { parts: [a, b], boundary: history_end }
            """,
            "PT1M");
    assertEquals("[nodes.a, nodes.b, nodes.both]", names(all(nodes)));
    assertEquals(Map.of(), failed);
  }

  private CatalogNodes nodes(String yaml, String timeToLive) {
    opened.files().text("catalog.yaml", yaml);
    return opened.open("catalog.yaml", Map.of("catalogTtl", timeToLive));
  }

  private Map<NodeName, ResolvedNode> all(CatalogNodes nodes) {
    return nodes.resolveAll(nodes.snapshot().nodes().keySet(), this::failed);
  }

  private void failed(NodeName name, DataNodeException e) {
    failed.put(name.identifier(), e.sqlState() + " " + e.getMessage());
  }

  private Map<String, String> shortened() {
    Map<String, String> shortened = new TreeMap<>();
    failed.forEach((name, why) -> shortened.put(name, why.split(";", 2)[0]));
    return shortened;
  }

  private static String address(String url) {
    return url.substring("jdbc:postgresql://".length()).split("\\?", 2)[0];
  }

  private static String names(Map<NodeName, ResolvedNode> nodes) {
    return nodes.keySet().stream()
        .map(name -> name.namespace() + "." + name.identifier())
        .sorted()
        .toList()
        .toString();
  }

  private static String column(
      Map<NodeName, ResolvedNode> nodes, String identifier, String column) {
    return nodes
        .get(new NodeName("nodes", identifier))
        .column(column)
        .orElseThrow()
        .type()
        .toString();
  }
}
