package io.datanode.catalog.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datanode.catalog.Catalog;
import io.datanode.catalog.CatalogContract;
import io.datanode.catalog.CatalogSnapshot;
import io.datanode.catalog.InvalidCatalogException;
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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
        Optional.of(directory + "/catalog.yaml:8"),
        catalog.declaredIn(new NodeName("markets", "daily_prices")));
    assertEquals(
        Map.of("url", "jdbc:postgresql://db/markets", "user", "reader"),
        catalog.storages().get("desk").options());
  }

  @Test
  void theExampleOfTheDocumentationIsRight() throws IOException {
    // Surefire runs in the folder of the module.
    String page = Files.readString(Path.of("..", "docs", "catalog.md"));
    Matcher example = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL).matcher(page);
    assertTrue(example.find());
    CatalogSnapshot catalog =
        FileCatalog.parse(
            Path.of("/data/catalog.yaml"), example.group(1), Map.of("DESK_FOLDER", "/desk")::get);
    assertEquals(
        "[assets, daily_prices, research.fundamentals]", catalog.nodes().keySet().toString());
  }

  @Test
  void jsonIsReadAsWell() {
    CatalogSnapshot catalog =
        FileCatalog.parse(
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
        FileCatalog.parse(
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
  void whatIsDeclaredKeepsItsReferences() throws IOException {
    Files.writeString(
        Path.of(location()),
        """
        storages:
          lake: { type: duckdb, path: "${ENV:LAKE}" }
          near: { type: duckdb, path: "./$${x}" }
          desk: { type: postgresql, user: "${ENV:DESK_USER}", password: "${ENV:DESK_PASSWORD}" }
        nodes: [ { identifier: p, storage: lake, files: "p/*.parquet" } ]
        """);
    try (Catalog catalog = new FileCatalog(Path.of(location()), name -> null)) {
      CatalogSnapshot declared = catalog.declared();
      assertEquals(
          Map.of("user", "${ENV:DESK_USER}", "password", "${ENV:DESK_PASSWORD}"),
          declared.storages().get("desk").options());
      assertEquals(directory + "/$${x}", declared.storages().get("near").options().get("path"));
      assertEquals(
          "${ENV:LAKE}/p/*.parquet",
          declared.nodes().values().iterator().next().source().toString());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "password: s3cret | 39 | 'password' of storage 'desk' is written out, so everybody who reads"
            + " the catalog could read it; expected a reference to an environment variable, for"
            + " example ${ENV:DESK_PASSWORD}",
        "api_token: 'x${ENV:T}' | 40 | 'api_token' of storage 'desk' is written out, so everybody"
            + " who reads the catalog could read it; expected a reference to an environment"
            + " variable, for example ${ENV:DESK_API_TOKEN}",
        "url: 'jdbc:postgresql://db/x?user=a&password=s3cret' | 34 | 'url' of storage 'desk' has a"
            + " password written out in it; expected the key password with a reference to an"
            + " environment variable, for example ${ENV:DESK_PASSWORD}",
        "url: 'postgresql://a:s3cret@db/x' | 34 | 'url' of storage 'desk' has a password written"
            + " out in it; expected the key password with a reference to an environment variable,"
            + " for example ${ENV:DESK_PASSWORD}"
      })
  void aSecretWrittenOutIsNotCopied(String option, int column, String problem) throws IOException {
    Files.writeString(
        Path.of(location()),
        "storages:\n  desk: { type: postgresql, " + option + " }\nnodes: []\n");
    try (Catalog catalog = new FileCatalog(Path.of(location()), name -> null)) {
      InvalidCatalogException e = assertThrows(InvalidCatalogException.class, catalog::declared);
      assertEquals(location() + ":2:" + column + ": " + problem, e.getMessage());
    }
  }

  @Test
  void foldersMayBeColumnsOrNot() {
    CatalogSnapshot catalog =
        read(
            """
            nodes:
              - { identifier: by_key, files: "p/*/0.parquet" }
              - { identifier: by_hand, files: "p/a=b/0.parquet", partitioned: false }
            """);
    assertEquals(
        List.of(false, true),
        catalog.nodes().values().stream()
            .map(node -> ((TableSource.Files) node.source()).hivePartitioned())
            .toList());
  }

  @Test
  void aNameWithDotsIsQuotedWhereOthersReferToIt() {
    CatalogSnapshot catalog =
        read(
            """
            nodes:
              - { identifier: v1.prices, namespace: a.b, files: p.csv }
              - identifier: q
                table: [public, public]
                foreign_keys: [ { columns: x, node: '"a.b".v1.prices' } ]
            """);
    NodeName target = new NodeName("a.b", "v1.prices");
    assertEquals(
        target,
        catalog.find(new NodeName("nodes", "q")).orElseThrow().foreignKeys().get(0).target());
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
    return FileCatalog.parse(directory.resolve("catalog.yaml"), yaml, name -> null);
  }
}
