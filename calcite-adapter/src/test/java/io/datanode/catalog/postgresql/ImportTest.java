package io.datanode.catalog.postgresql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datanode.DataNodeException;
import io.datanode.catalog.Catalog;
import io.datanode.catalog.CatalogChanges;
import io.datanode.catalog.CatalogSnapshot;
import io.datanode.catalog.InvalidCatalogException;
import io.datanode.node.NodeName;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an import writes, and what it refuses. */
class ImportTest {
  private static final String MARKET =
      """
      storages:
        lake: { type: duckdb, path: ./data }
        desk: { type: duckdb, path: "${ENV:DESK}/desk.duckdb" }
      nodes:
        - identifier: assets
          storage: lake
          files: assets.parquet
        - identifier: prices
          storage: lake
          files: "prices/*.parquet"
          asset: symbol
          columns: { close: { dtype: "numeric(12,4)", unit: USD } }
          foreign_keys: [ { columns: symbol, node: assets } ]
        - { identifier: limits, namespace: risk, storage: desk, table: risk.limits }
      assets: { node: assets, key: symbol }
      """;

  @TempDir Path folder;
  private TestDatabase database;

  @BeforeEach
  void create() {
    database = new TestDatabase(folder).withEnvironment(Map.of("DESK", "/desk")).migrated();
  }

  @Test
  void saysWhatIsAddedChangedAndRemoved() {
    assertEquals(
        "CatalogChanges[storages=[+desk, +lake], nodes=[+assets, +prices, +risk.limits],"
            + " assets=true]",
        words(database.importing(MARKET)));
    String changed =
        MARKET
            .replace("type: duckdb, path: ./data", "type: duckdb, path: ./other")
            .replace("table: risk.limits", "table: risk.limits_v2, cadence: 1d")
            .replace("identifier: prices", "identifier: daily_prices")
            .replace("key: symbol }", "key: figi }");
    assertEquals(
        "CatalogChanges[storages=[~lake path], nodes=[~assets table or files, +daily_prices,"
            + " -prices, ~risk.limits table or files cadence], assets=true]",
        words(database.importing(changed)));
  }

  @Test
  void theSameAgainWritesNothing() {
    database.importing(MARKET);
    String before = database.ask("SELECT content_version FROM datanode.catalog_state");
    assertTrue(database.importing(MARKET).isEmpty());
    assertEquals(before, database.ask("SELECT content_version FROM datanode.catalog_state"));
  }

  @Test
  void oneImportIsOneVersion() {
    long before =
        Long.parseLong(database.ask("SELECT content_version FROM datanode.catalog_state"));
    database.importing(MARKET);
    assertEquals(
        Long.toString(before + 1),
        database.ask("SELECT content_version FROM datanode.catalog_state"));
  }

  @Test
  void aDryRunTellsTheSameAndWritesNothing() {
    String told = words(database.importing(MARKET, true));
    assertEquals("0", database.ask("SELECT count(*) FROM datanode.nodes"));
    assertEquals(told, words(database.importing(MARKET)));
  }

  @Test
  void aDryRunNeedsNoTables() {
    database = new TestDatabase(folder);
    assertFalse(database.importing(MARKET, true).isEmpty());
    assertEquals("0", database.ask("SELECT count(*) FROM pg_tables WHERE schemaname = 'datanode'"));
  }

  @Test
  void mistakesInTheFileAreToldAsTheFileItselfTellsThem() {
    String wrong = MARKET.replace("unit: USD", "unti: USD").replace("${ENV:DESK}", "/desk");
    InvalidCatalogException told =
        assertThrows(InvalidCatalogException.class, () -> database.importing(wrong));
    try (Catalog file = database.file(wrong)) {
      InvalidCatalogException itself =
          assertThrows(InvalidCatalogException.class, () -> file.snapshot().nodes());
      assertEquals(itself.getMessage(), told.getMessage());
      assertTrue(told.getMessage().contains("catalog.yaml:12:"), told::getMessage);
    }
    assertEquals("0", database.ask("SELECT count(*) FROM datanode.storages"));
  }

  @Test
  void aPasswordWrittenOutIsRefusedWithWhatToDo() {
    InvalidCatalogException e =
        assertThrows(
            InvalidCatalogException.class,
            () ->
                database.importing(
                    "storages: { desk: { type: postgresql, password: s3cret } }\nnodes: []"));
    assertTrue(
        e.getMessage()
            .endsWith(
                "catalog.yaml:1:49: 'password' of storage 'desk' is written out, so everybody who"
                    + " reads the catalog could read it; expected a reference to an environment"
                    + " variable, for example ${ENV:DESK_PASSWORD}"),
        e::getMessage);
  }

  @Test
  void neitherCanAPasswordBeWrittenWithSql() {
    database.run("INSERT INTO datanode.storages VALUES ('desk', 'postgresql')");
    IllegalStateException e =
        assertThrows(
            IllegalStateException.class,
            () ->
                database.run(
                    "INSERT INTO datanode.storage_options VALUES ('desk', 'sslPassword', 'x')"));
    assertTrue(e.getMessage().contains("secrets_are_references"), e::getMessage);
  }

  @Test
  void referencesAreKeptAndReplacedWhereTheCatalogIsRead() {
    database.importing(MARKET);
    assertEquals(
        "${ENV:DESK}/desk.duckdb",
        database.ask("SELECT value FROM datanode.storage_options WHERE storage = 'desk'"));
    try (PostgreSqlCatalog catalog = database.catalog()) {
      CatalogSnapshot snapshot = catalog.snapshot();
      assertEquals("/desk/desk.duckdb", snapshot.storages().get("desk").options().get("path"));
      assertEquals(
          "${ENV:DESK}/desk.duckdb",
          catalog.declared().storages().get("desk").options().get("path"));
    }
  }

  @Test
  void aVariableThatIsNotSetIsNamedWithItsRow() {
    database.importing(MARKET);
    database.withEnvironment(Map.of());
    try (PostgreSqlCatalog catalog = database.catalog()) {
      DataNodeException e = assertThrows(DataNodeException.class, catalog::snapshot);
      assertTrue(
          e.getMessage()
              .endsWith(
                  ", datanode.storage_options (desk, path): Environment variable DESK is not set"),
          e::getMessage);
    }
  }

  @Test
  void pathsAreStoredAbsoluteAndFilesRelativeToTheirStorage() {
    database.importing(MARKET);
    assertEquals(
        folder + "/data",
        database.ask("SELECT value FROM datanode.storage_options WHERE storage = 'lake'"));
    assertEquals(
        "{prices/*.parquet}",
        database.ask("SELECT files FROM datanode.nodes WHERE identifier = 'prices'"));
    database.run("UPDATE datanode.storage_options SET value = '/lake' WHERE storage = 'lake'");
    try (PostgreSqlCatalog catalog = database.catalog()) {
      assertEquals(
          "/lake/prices/*.parquet",
          catalog
              .snapshot()
              .find(new NodeName("nodes", "prices"))
              .orElseThrow()
              .source()
              .toString());
    }
  }

  @Test
  void whatFailsHalfwayLeavesAllAsItWas() {
    database.importing(MARKET);
    database.run(
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS"
            + " $$ BEGIN RAISE EXCEPTION 'no more columns'; END $$",
        "CREATE TRIGGER refuse BEFORE INSERT ON datanode.columns FOR EACH ROW"
            + " EXECUTE FUNCTION refuse()");
    DataNodeException e =
        assertThrows(
            DataNodeException.class,
            () ->
                database.importing(
                    "nodes: [ { identifier: new, files: n.csv, columns: { x: } } ]"));
    assertTrue(e.getMessage().contains("no more columns"), e::getMessage);
    assertEquals("3", database.ask("SELECT count(*) FROM datanode.nodes"));
    assertEquals("2", database.ask("SELECT count(*) FROM datanode.storages"));
  }

  @Test
  void importsAtTheSameTimeFollowEachOther() {
    List<CompletableFuture<CatalogChanges>> imports = new ArrayList<>();
    try (Catalog one = database.file(nodes("a", 200))) {
      CatalogSnapshot first = one.declared();
      try (Catalog two = database.file(nodes("b", 200))) {
        CatalogSnapshot second = two.declared();
        for (int i = 0; i < 6; i++) {
          CatalogSnapshot declared = i % 2 == 0 ? first : second;
          imports.add(
              CompletableFuture.supplyAsync(
                  () -> {
                    try (PostgreSqlCatalog catalog = database.catalog()) {
                      return catalog.replace(declared, false);
                    }
                  }));
        }
      }
    }
    imports.forEach(CompletableFuture::join);
    assertEquals(
        "1", database.ask("SELECT count(DISTINCT left(identifier, 1)) FROM datanode.nodes"));
    assertEquals("200", database.ask("SELECT count(*) FROM datanode.nodes"));
  }

  @Test
  void damagedRowsAreReplaced() {
    database.importing(MARKET);
    database.run("UPDATE datanode.nodes SET cadence = 'daily'");
    database.importing(MARKET);
    try (PostgreSqlCatalog catalog = database.catalog()) {
      assertEquals(3, catalog.snapshot().nodes().size());
    }
  }

  private static String nodes(String prefix, int count) {
    StringBuilder yaml = new StringBuilder("nodes:\n");
    for (int i = 0; i < count; i++) {
      yaml.append("  - { identifier: ").append(prefix).append(i).append(", table: t }\n");
    }
    return yaml.toString();
  }

  /** Changes in short: + added, ~ changed, - removed. */
  private static String words(CatalogChanges changes) {
    return changes
        .toString()
        .replaceAll("Change\\[kind=ADDED, name=([^,]*), keys=\\[]]", "+$1")
        .replaceAll("Change\\[kind=REMOVED, name=([^,]*), keys=\\[]]", "-$1")
        .replaceAll("Change\\[kind=CHANGED, name=([^,]*), keys=\\[([^,\\]]*)]]", "~$1 $2")
        .replaceAll("Change\\[kind=CHANGED, name=([^,]*), keys=\\[([^,]*), ([^]]*)]]", "~$1 $2 $3");
  }
}
