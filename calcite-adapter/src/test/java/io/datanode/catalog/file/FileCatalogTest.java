package io.datanode.catalog.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datanode.catalog.Catalog;
import io.datanode.catalog.CatalogContract;
import io.datanode.catalog.CatalogSnapshot;
import io.datanode.jdbc.batch.ColumnType;
import io.datanode.node.Column;
import io.datanode.node.DataNode;
import io.datanode.node.EpochUnit;
import io.datanode.node.ForeignKey;
import io.datanode.node.NodeName;
import io.datanode.node.TableSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FileCatalogTest extends CatalogContract {
  @Override
  protected void publish(List<String> identifiers) throws IOException {
    StringBuilder yaml = new StringBuilder("nodes:\n");
    for (String identifier : identifiers) {
      yaml.append("  - identifier: ").append(identifier).append('\n');
      yaml.append("    files: ").append(identifier).append(".parquet\n");
    }
    Files.writeString(Path.of(location()), yaml);
  }

  @Override
  protected void breakSource() throws IOException {
    Files.writeString(Path.of(location()), "nodes: [ { identifer: prices } ]");
  }

  @Override
  protected String location() {
    return directory.resolve("catalog.yaml").toString();
  }

  @Test
  void aNodeMayBeDescribedInFull() {
    CatalogSnapshot catalog =
        read(
            """
            storages:
              lake: { type: duckdb, path: ./data }
              desk: { type: postgresql, url: "jdbc:postgresql://db/markets", user: reader }
            nodes:
              - identifier: assets
                storage: desk
                table: reference.assets
              - identifier: daily_prices
                namespace: markets
                description: Adjusted daily bars.
                storage: lake
                files: "prices/**/*.parquet"
                hidden: [source]
                index_names: [time_index, asset_identifier]
                asset: asset_identifier
                knowledge_time: published_at
                cadence: 1D
                labels: [equities, eod]
                storage_hash: prices_0a1b
                columns:
                  time_index: { stored_name: ts, epoch: ms }
                  close: { dtype: float64, label: Close, description: Official close., unit: USD }
                  volume: { dtype: int, nullable: false }
                  note:
                foreign_keys:
                  - { name: to_assets, columns: asset_identifier, node: assets, node_columns: id }
            assets: { node: assets, key: id }
            """);
    DataNode node = catalog.find(new NodeName("markets", "daily_prices")).orElseThrow();
    assertEquals("lake", node.storage());
    assertEquals("Adjusted daily bars.", node.description());
    assertEquals(
        new TableSource.Files(
            TableSource.FileFormat.PARQUET,
            List.of(directory + "/data/prices/**/*.parquet"),
            true,
            List.of("source")),
        node.source());
    assertEquals("time_index", node.timeIndex());
    assertEquals(List.of("asset_identifier"), node.identity());
    assertEquals("asset_identifier", node.asset());
    assertEquals("published_at", node.knowledgeTime());
    assertEquals("1d", node.cadence());
    assertEquals(List.of("equities", "eod"), node.labels());
    assertEquals("prices_0a1b", node.storageHash());
    assertEquals(
        List.of(
            new Column(
                "time_index",
                "ts",
                ColumnType.INSTANT,
                null,
                null,
                null,
                null,
                EpochUnit.MILLISECONDS,
                true),
            new Column(
                "close",
                "close",
                ColumnType.DOUBLE,
                "float64",
                "Close",
                "Official close.",
                "USD",
                null,
                true),
            new Column(
                "volume", "volume", ColumnType.INTEGER, "int32", null, null, null, null, false),
            Column.of("note", null)),
        node.columns());
    NodeName assets = new NodeName("nodes", "assets");
    assertEquals(
        List.of(new ForeignKey("to_assets", List.of("asset_identifier"), assets, List.of("id"))),
        node.foreignKeys());
    assertEquals(Optional.of(assets), catalog.assetsNode());
    assertEquals(Optional.of("id"), catalog.assetsKey());
    assertEquals(
        new TableSource.Table(List.of("reference", "assets")),
        catalog.find(assets).orElseThrow().source());
    assertEquals(
        Map.of("url", "jdbc:postgresql://db/markets", "user", "reader"),
        catalog.storages().get("desk").options());
  }

  @Test
  void jsonIsReadAsWell() {
    CatalogSnapshot catalog =
        CatalogReader.read(
            directory.resolve("catalog.json"),
            """
            {"nodes": [{"identifier": "rates", "files": "rates.csv", "asset": "currency"}]}
            """,
            name -> null);
    DataNode node = catalog.find(new NodeName("nodes", "rates")).orElseThrow();
    assertEquals(List.of("currency"), node.identity());
    assertEquals(directory + "/rates.csv", node.source().toString());
  }

  @Test
  void withoutStoragesFilesLieBesideTheCatalog() {
    CatalogSnapshot catalog = read("nodes: [ { identifier: rates, files: fx/rates.csv } ]");
    assertEquals(Map.of("path", directory.toString()), catalog.storages().get("files").options());
    DataNode node = catalog.nodes().values().iterator().next();
    assertEquals(directory + "/fx/rates.csv", node.source().toString());
    assertNull(node.timeIndex(), "what is not declared is inferred when the node is used");
    assertNull(node.identity());
  }

  @Test
  void filesOfADatabaseStorageLieBesideTheCatalog() {
    CatalogSnapshot catalog =
        read(
            """
            storages: { desk: { type: duckdb, path: desk.duckdb } }
            nodes: [ { identifier: rates, files: /data/rates.csv }, { identifier: x, files: x.csv } ]
            """);
    assertEquals(
        List.of("/data/rates.csv", directory + "/x.csv"),
        catalog.nodes().values().stream().map(node -> node.source().toString()).toList());
  }

  @Test
  void addressesOnTheNetworkStayAsTheyAre() {
    CatalogSnapshot catalog = read("nodes: [ { identifier: p, files: 's3://lake/p/*.parquet' } ]");
    assertEquals(
        "s3://lake/p/*.parquet", catalog.nodes().values().iterator().next().source().toString());
  }

  @Test
  void quotedPartsOfATableMayHoldDots() {
    CatalogSnapshot catalog =
        read("nodes: [ { identifier: p, table: 'public.\"prices.daily\"' } ]");
    assertEquals(
        new TableSource.Table(List.of("public", "prices.daily")),
        catalog.nodes().values().iterator().next().source());
  }

  @Test
  void secretsComeFromTheEnvironmentAndAreNotPrinted() {
    CatalogSnapshot catalog =
        CatalogReader.read(
            directory.resolve("catalog.yaml"),
            """
            storages:
              desk: { type: postgresql, user: "${ENV:DESK_USER}", password: "x${ENV:DESK}$${y" }
            nodes: [ { identifier: p, table: p } ]
            """,
            Map.of("DESK_USER", "reader", "DESK", "s3cret")::get);
    assertEquals("xs3cret${y", catalog.storages().get("desk").options().get("password"));
    assertFalse(catalog.storages().toString().contains("s3cret"));
  }

  @Test
  void anchorsSaveRepetition() {
    CatalogSnapshot catalog =
        read(
            """
            nodes:
              - identifier: a
                files: a.csv
                columns: &bars
                  close: { dtype: float64 }
              - { identifier: b, files: b.csv, columns: *bars }
            """);
    assertTrue(
        catalog.nodes().values().stream().allMatch(node -> node.column("close").isPresent()));
  }

  @Test
  void aChangeOfTheFileIsSeenAtOnce() throws IOException {
    publish(List.of("prices"));
    try (Catalog catalog = new FileCatalog(Path.of(location()), name -> null)) {
      CatalogSnapshot before = catalog.snapshot();
      assertFalse(catalog.changed());
      publish(List.of("fundamentals"));
      assertTrue(catalog.changed());
      assertNotEquals(before, catalog.snapshot());
      assertFalse(catalog.changed());
    }
  }

  private CatalogSnapshot read(String yaml) {
    return CatalogReader.read(directory.resolve("catalog.yaml"), yaml, name -> null);
  }
}
