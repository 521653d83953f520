package io.datanode.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datanode.DataNodeException;
import io.datanode.node.ForeignKey;
import io.datanode.node.NodeName;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CatalogNodesTest {
  private static final String PRICES =
      "SELECT TIMESTAMPTZ '2024-01-02 21:00:00Z' AS time_index, 'AAPL' AS asset_identifier,"
          + " 185.64 :: DOUBLE AS close, 82488700 :: BIGINT AS volume";

  @RegisterExtension final OpenedNodes opened = new OpenedNodes();

  @Test
  void filesFoldersAndTablesOfAFolderAreNodes() {
    opened
        .files()
        .write("daily_prices.parquet", PRICES)
        .write("rates.csv", "SELECT DATE '2024-01-02' AS date, 'EUR' AS currency, 1.09 AS rate")
        .write("bars/part-0.parquet", PRICES)
        .write("bars/part-1.parquet", PRICES + ", 1.5 AS vwap")
        .database("desk.duckdb", "CREATE TABLE limits (book VARCHAR, amount DECIMAL(18, 2))");
    CatalogNodes nodes = nodes("");
    assertEquals(
        "[bars, daily_prices, limits, rates]", nodes.snapshot().nodes().keySet().toString());
    assertEquals(
        """
        time_index TIMESTAMP(6) WITH LOCAL TIME ZONE
        asset_identifier VARCHAR
        close DOUBLE
        volume BIGINT""",
        columns(nodes, "daily_prices"));
    assertEquals("date DATE\ncurrency VARCHAR\nrate DOUBLE", columns(nodes, "rates"));
    assertEquals("book VARCHAR\namount DECIMAL(18, 2)", columns(nodes, "limits"));
    assertTrue(columns(nodes, "bars").endsWith("vwap DECIMAL(2, 1)"), "of every part");
    ResolvedNode prices = resolve(nodes, "daily_prices");
    assertEquals(List.of("time_index", "asset_identifier"), prices.key());
    assertEquals("asset_identifier", prices.asset());
    assertEquals("'time_index' is a name in use for it", prices.inferred().get("time_index"));
  }

  @Test
  void aFolderOfMainSequenceHidesItsPartitionsAndIsReadWhereItLies() {
    opened
        .files()
        .write(
            "prices_0a1b/year=2026/month=01/part-1.parquet",
            PRICES + ", '2026' AS year, '1' AS month")
        .write(
            "prices_0a1b/year=2026/month=02/part-2.parquet",
            PRICES + ", 1.5 AS vwap, 2026 AS year, 2 AS month")
        .database(
            "duck_meta.duckdb",
            "CREATE VIEW elsewhere AS SELECT 1 AS x",
            "CREATE VIEW prices_0a1b AS SELECT 2 AS y");
    CatalogNodes nodes = nodes("");
    assertEquals("[prices_0a1b]", nodes.snapshot().nodes().keySet().toString());
    assertEquals(
        """
        time_index TIMESTAMP(6) WITH LOCAL TIME ZONE
        asset_identifier VARCHAR
        close DOUBLE
        volume BIGINT
        vwap DECIMAL(2, 1)""",
        columns(nodes, "prices_0a1b"));
  }

  @Test
  void tilesOfKaizenFlowShowInstantsAndPairs() {
    String tile =
        "SELECT 1640994900000 AS timestamp, 40000.5 AS close, 'binance' AS exchange_id,"
            + " TIMESTAMPTZ '2022-01-01 00:10:00Z' AS knowledge_timestamp,"
            + " TIMESTAMPTZ '2021-12-31 23:55:00Z' AS __index_level_0__";
    opened
        .files()
        .write("ohlcv/currency_pair=BTC_USDT/year=2021/month=12/0.parquet", tile)
        .write("ohlcv/currency_pair=ETH_USDT/year=2022/month=1/0.parquet", tile);
    CatalogNodes nodes = nodes("");
    assertEquals(
        """
        timestamp TIMESTAMP(6) WITH LOCAL TIME ZONE
        close DECIMAL(6, 1)
        exchange_id VARCHAR
        knowledge_timestamp TIMESTAMP(6) WITH LOCAL TIME ZONE
        currency_pair VARCHAR""",
        columns(nodes, "ohlcv"));
    ResolvedNode node = resolve(nodes, "ohlcv");
    assertEquals(List.of("timestamp", "exchange_id", "currency_pair"), node.key());
    assertEquals("knowledge_timestamp", node.knowledgeTime());
    assertEquals(
        "'timestamp' is a name in use for it; its numbers are milliseconds since 1970, by the size"
            + " of one",
        node.inferred().get("time_index"));
  }

  @ParameterizedTest
  @CsvSource({
    "1640994900, its numbers are seconds since 1970",
    "1640994900000000, its numbers are microseconds since 1970",
    "1640994900000000000, its numbers are nanoseconds since 1970"
  })
  void theUnitOfAnEpochColumnIsSeenFromItsSize(long value, String words) {
    opened.files().write("ticks.parquet", "SELECT " + value + " :: BIGINT AS ts, 1.5 AS price");
    ResolvedNode node = resolve(nodes(""), "ticks");
    assertEquals("ts", node.timeIndex());
    assertTrue(node.inferred().get("time_index").contains(words));
  }

  @Test
  void anIndexWithoutNameIsShownIfItIsTheOnlyTime() {
    opened
        .files()
        .write(
            "p.parquet",
            "SELECT 1.5 AS close, TIMESTAMPTZ '2024-01-02 00:00:00Z' AS __index_level_0__");
    assertEquals("__index_level_0__", resolve(nodes(""), "p").timeIndex());
  }

  @Test
  void yearsAreShownIfNothingElseSaysTheTime() {
    opened.files().write("census/year=2020/0.parquet", "SELECT 'CH' AS country, 8600000 AS people");
    assertTrue(columns(nodes(""), "census").contains("year BIGINT"));
  }

  @Test
  void aTimeNamedUtcIsAnInstant() {
    opened
        .files()
        .write(
            "p.parquet", "SELECT TIMESTAMP '2024-01-02 00:00:00' AS timestamp_utc, 1.5 AS close");
    assertTrue(columns(nodes(""), "p").startsWith("timestamp_utc TIMESTAMP(6) WITH LOCAL"));
  }

  @Test
  void keysAndCommentsOfADatabaseAreTaken() {
    opened
        .files()
        .database(
            "desk.duckdb",
            "CREATE TABLE funds (fund VARCHAR PRIMARY KEY, name VARCHAR)",
            "CREATE TABLE navs (day DATE, fund VARCHAR REFERENCES funds (fund), nav DOUBLE,"
                + " PRIMARY KEY (day, fund))",
            "COMMENT ON TABLE navs IS 'Net asset values'",
            "COMMENT ON COLUMN navs.nav IS 'Per share'");
    ResolvedNode navs = resolve(nodes("desk.duckdb"), "navs");
    assertEquals(List.of("day", "fund"), navs.key());
    assertEquals("Net asset values", navs.table().comment());
    assertEquals("Per share", navs.column("NAV").orElseThrow().description());
    ForeignKey key = navs.foreignKeys().get(0);
    assertEquals(new NodeName("nodes", "funds"), key.target());
    assertEquals(List.of("fund"), key.columns());
  }

  @Test
  void declaredTypesNamesAndRolesDecide() {
    opened
        .files()
        .write(
            "p.parquet",
            "SELECT 1704229200 AS t, 'AAPL' AS sym, '185.64' AS px, 7 AS size, 'x' AS junk")
        .text(
            "catalog.yaml",
            """
            nodes:
              - identifier: assets
                files: p.parquet
                identity: sym
              - identifier: prices
                files: p.parquet
                time_index: time_index
                asset: symbol
                only_declared_columns: true
                columns:
                  time_index: { stored_name: t, epoch: s }
                  symbol: { stored_name: sym, label: Symbol }
                  close: { stored_name: px, dtype: float64, unit: USD }
                  size: { dtype: int64 }
            assets: { node: assets, key: sym }
            """);
    CatalogNodes nodes = nodes("catalog.yaml");
    assertEquals(
        """
        time_index TIMESTAMP(6) WITH LOCAL TIME ZONE
        symbol VARCHAR
        close DOUBLE
        size BIGINT""",
        columns(nodes, "prices"));
    ResolvedNode prices = resolve(nodes, "prices");
    assertEquals(List.of("time_index", "symbol"), prices.key());
    assertEquals("px", prices.column("close").orElseThrow().storedName());
    assertEquals("USD", prices.column("close").orElseThrow().unit());
    assertEquals(Map.of(), prices.inferred());
    assertEquals(
        List.of(
            new ForeignKey(
                "prices_symbol_fkey",
                List.of("symbol"),
                new NodeName("nodes", "assets"),
                List.of("sym"))),
        prices.foreignKeys());
    assertEquals(List.of(), resolve(nodes, "assets").foreignKeys());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "columns: { clos: } | 42703 | Column 'clos' of node 'prices' is declared, but the table has"
            + " no column 'clos'; did you mean 'close'?",
        "columns: { close: { dtype: uuid } } | 42804 | Column 'close' of node 'prices' is declared"
            + " uuid, but is stored as DOUBLE, which cannot become one",
        "columns: { volume: { dtype: datetime } } | 42804 | Column 'volume' of node 'prices' is"
            + " declared timestamp with time zone, but is stored as BIGINT; if the number counts"
            + " from 1970, say what: epoch: s, ms, us or ns",
        "time_index: close | 42804 | Column 'close' of node 'prices' is to be a time, but is stored"
            + " as DOUBLE; give it dtype: datetime or date, or for a number since 1970 epoch: ms",
        "time_index: tme_index | 42703 | Column 'tme_index', declared as time_index, is not in node"
            + " 'prices'; did you mean 'time_index'?",
        "columns: { CLOSE: { stored_name: volume } } | F0000 | Node 'prices' would have two columns"
            + " 'CLOSE'; give one of them another name by stored_name, or set"
            + " only_declared_columns"
      })
  void aDeclarationThatDoesNotFitTheTableSaysWhy(String keys, String state, String message) {
    opened
        .files()
        .write("p.parquet", PRICES)
        .text("catalog.yaml", "nodes:\n  - identifier: prices\n    files: p.parquet\n    " + keys);
    CatalogNodes nodes = nodes("catalog.yaml");
    DataNodeException e = assertThrows(DataNodeException.class, () -> resolve(nodes, "prices"));
    assertEquals(message, e.getMessage());
    assertEquals(state, e.sqlState());
    assertEquals(List.of("Node 'prices': " + message), nodes.problems());
  }

  @Test
  void aNodeMayBePointedElsewhereWhileItIsInUse() {
    opened.files().write("v1.parquet", PRICES).write("v2.parquet", PRICES + ", 1.5 AS vwap");
    opened.files().text("catalog.yaml", "nodes: [ { identifier: prices, files: v1.parquet } ]");
    CatalogNodes nodes = nodes("catalog.yaml");
    ResolvedNode before = resolve(nodes, "prices");
    long version = nodes.version();
    assertEquals(version, nodes.version());
    assertSame(before, resolve(nodes, "prices"));
    opened.files().text("catalog.yaml", "nodes: [ { identifier: prices,  files: v2.parquet } ]");
    assertTrue(nodes.version() > version);
    assertTrue(resolve(nodes, "prices").column("vwap").isPresent());
    assertNotEquals(before.table().path(), resolve(nodes, "prices").table().path());
  }

  @Test
  void aBrokenCatalogLeavesTheLastGoodOneInUseAndIsSeenInTheStates() {
    opened.files().write("p.parquet", PRICES);
    opened.files().text("catalog.yaml", "nodes: [ { identifier: prices, files: p.parquet } ]");
    CatalogNodes nodes = nodes("catalog.yaml");
    ResolvedNode before = resolve(nodes, "prices");
    long version = nodes.version();
    opened
        .files()
        .text("catalog.yaml", "nodes: [ { identifer: prices, files: p.parquet } ] # oops");
    assertSame(before, resolve(nodes, "prices"));
    assertEquals(version, nodes.version());
    String error = nodes.storageStates().get(0).error();
    assertTrue(
        error.startsWith(
            "The catalog cannot be read: " + opened.directory() + "/catalog.yaml:1:12: "),
        error);
    opened.files().text("catalog.yaml", "nodes: [ { identifier: prices, files: p.parquet } ]");
    assertEquals("", nodes.storageStates().get(0).error());
    assertEquals(List.of(), nodes.problems());
  }

  @Test
  void whatATableLooksLikeIsLookedUpAgainInTheBackground() {
    opened.files().write("prices.parquet", PRICES);
    CatalogNodes nodes = nodes("");
    ResolvedNode before = resolve(nodes, "prices");
    long version = nodes.version();
    opened.advance(Duration.ofSeconds(30));
    assertSame(before, resolve(nodes, "prices"));
    opened.advance(Duration.ofSeconds(90));
    assertSame(before, resolve(nodes, "prices"), "nobody waits");
    opened.runBackgroundWork();
    assertEquals(version, nodes.version(), "the table is as it was");
    opened.files().write("prices.parquet", PRICES + ", 1.5 AS vwap");
    opened.advance(Duration.ofSeconds(90));
    resolve(nodes, "prices");
    opened.runBackgroundWork();
    assertTrue(nodes.version() > version);
    assertTrue(resolve(nodes, "prices").column("vwap").isPresent());
  }

  @Test
  void refreshForgetsEverything() {
    opened.files().write("prices.parquet", PRICES);
    CatalogNodes nodes = nodes("");
    ResolvedNode before = resolve(nodes, "prices");
    long version = nodes.version();
    opened.files().write("prices.parquet", PRICES + ", 1.5 AS vwap").write("rates.parquet", PRICES);
    nodes.refresh();
    assertTrue(nodes.version() > version);
    assertNotSame(before, resolve(nodes, "prices"));
    assertTrue(resolve(nodes, "prices").column("vwap").isPresent());
    assertTrue(nodes.resolve(new NodeName("nodes", "rates")).isPresent());
  }

  @Test
  void withoutTimeToLiveNothingIsRemembered() {
    opened.files().write("prices.parquet", PRICES);
    CatalogNodes nodes = nodes("", Map.of("catalogTtl", "PT0S"));
    resolve(nodes, "prices");
    long version = nodes.version();
    opened.files().write("prices.parquet", PRICES + ", 1.5 AS vwap");
    assertTrue(resolve(nodes, "prices").column("vwap").isPresent());
    assertTrue(nodes.version() > version);
  }

  @Test
  void ofTenThousandNodesOnlyTheOneInUseIsDescribed() {
    opened.files().write("p.parquet", PRICES);
    StringBuilder yaml = new StringBuilder("nodes:\n");
    for (int i = 0; i < 10_000; i++) {
      yaml.append("  - identifier: node_").append(i).append('\n');
      yaml.append("    description: Bars of book ").append(i).append('\n');
      yaml.append("    files: p.parquet\n    time_index: time_index\n");
    }
    opened.files().text("catalog.yaml", yaml.toString());
    CatalogNodes nodes = nodes("catalog.yaml");
    assertEquals(10_000, nodes.snapshot().nodesIn("nodes").size());
    assertEquals(0, opened.storages().described());
    resolve(nodes, "node_4711");
    resolve(nodes, "node_4711");
    assertEquals(1, opened.storages().described());
  }

  @Test
  void anUnknownNodeIsNotThere() {
    opened.files().write("prices.parquet", PRICES);
    assertEquals(Optional.empty(), nodes("").resolve(new NodeName("nodes", "price")));
  }

  @Test
  void aFileThatIsGoneIsOneClearSentence() throws Exception {
    opened.files().write("prices.parquet", PRICES).write("rates.parquet", PRICES);
    opened.files().text("catalog.yaml", "nodes: [ { identifier: prices, files: price.parquet } ]");
    DataNodeException e =
        assertThrows(DataNodeException.class, () -> resolve(nodes("catalog.yaml"), "prices"));
    assertEquals("58030", e.sqlState());
    assertTrue(e.getMessage().contains("price.parquet"), e::getMessage);
  }

  @Test
  void aDatabaseThatIsNoneIsReportedAndTheRestIsPublished() {
    opened.files().write("prices.parquet", PRICES).text("desk.duckdb", "no database");
    CatalogNodes nodes = nodes("");
    assertEquals("[prices]", nodes.snapshot().nodes().keySet().toString());
    assertEquals(1, nodes.problems().stream().filter(text -> text.contains("desk")).count());
    assertTrue(
        nodes.storageStates().stream()
            .anyMatch(state -> state.name().equals("desk") && !state.error().isEmpty()));
  }

  @Test
  void aStorageIsOpenedWhenItIsFirstUsed() {
    opened.files().write("prices.parquet", PRICES);
    CatalogNodes nodes = nodes("");
    String name = opened.directory().getFileName().toString();
    assertEquals(
        List.of(
            new Nodes.StorageState(name, "duckdb", "", false, opened.directory().toString(), "")),
        nodes.storageStates());
    resolve(nodes, "prices");
    assertTrue(nodes.storageStates().get(0).open());
    assertSame(nodes.storage(name), nodes.storage(name));
  }

  @Test
  void aStorageIsOpenedAnewWhenItsDeclarationChanges() {
    opened.files().write("a/p.parquet", PRICES).write("b/p.parquet", PRICES + ", 1.5 AS vwap");
    String yaml =
        "storages: { lake: { type: duckdb, path: %s } }\n"
            + "nodes: [ { identifier: prices, files: p.parquet } ]\n";
    opened.files().text("catalog.yaml", yaml.formatted("a"));
    CatalogNodes nodes = nodes("catalog.yaml");
    ResolvedNode before = resolve(nodes, "prices");
    opened.files().text("catalog.yaml", yaml.formatted("./b"));
    ResolvedNode after = resolve(nodes, "prices");
    assertNotSame(before.storage(), after.storage());
    assertTrue(after.column("vwap").isPresent());
    assertNull(before.column("vwap").orElse(null));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "type: duckbd | Storage 'lake' in %s:1 has type 'duckbd', which is not known; did you mean"
            + " 'duckdb'?",
        "type: duckdb, pth: x | %s:1: Storage 'lake' has an option 'pth'; type duckdb knows only"
            + " path"
      })
  void aStorageDeclaredWronglySaysWhere(String declaration, String message) {
    opened
        .files()
        .text(
            "catalog.yaml",
            "storages: { lake: { "
                + declaration
                + " } }\nnodes: [ { identifier: prices, files: p.parquet } ]");
    CatalogNodes nodes = nodes("catalog.yaml");
    DataNodeException e = assertThrows(DataNodeException.class, () -> resolve(nodes, "prices"));
    assertEquals(message.formatted(opened.directory().resolve("catalog.yaml")), e.getMessage());
    assertEquals("F0000", e.sqlState());
    assertEquals(List.of(e.getMessage()), nodes.problems());
  }

  @Test
  void aStorageNobodyDeclaresNamesTheNearest() {
    opened
        .files()
        .write("prices.parquet", PRICES)
        .text("catalog.yaml", "storages: { lake: { type: duckdb } }");
    DataNodeException e =
        assertThrows(DataNodeException.class, () -> nodes("catalog.yaml").storage("laek"));
    assertEquals(
        "Catalog '"
            + opened.directory().resolve("catalog.yaml")
            + "' declares no storage 'laek'; did you mean 'lake'?",
        e.getMessage());
  }

  @Test
  void aTimeToLiveThatIsNoneSaysWhatIsExpected() {
    DataNodeException e =
        assertThrows(DataNodeException.class, () -> nodes("", Map.of("catalogTtl", "1 minute")));
    assertEquals("22023", e.sqlState());
    assertEquals(
        "Setting catalogTtl is '1 minute'; expected an ISO 8601 duration, for example PT1M, or PT0S"
            + " to remember nothing",
        e.getMessage());
  }

  @Test
  void aFolderWithACatalogFileIsReadByIt() throws Exception {
    opened
        .files()
        .write("p.parquet", PRICES)
        .text("catalog.yml", "nodes: [{identifier: x, files: p.parquet}]");
    assertEquals("[x]", nodes("").snapshot().nodes().keySet().toString());
    Files.delete(opened.directory().resolve("catalog.yml"));
    assertEquals("[p]", nodes("").snapshot().nodes().keySet().toString());
  }

  private CatalogNodes nodes(String location) {
    return nodes(location, Map.of());
  }

  private CatalogNodes nodes(String location, Map<String, String> settings) {
    return opened.open(location, settings);
  }

  private static ResolvedNode resolve(CatalogNodes nodes, String identifier) {
    return nodes.resolve(new NodeName("nodes", identifier)).orElseThrow();
  }

  private static String columns(CatalogNodes nodes, String identifier) {
    return resolve(nodes, identifier).columns().stream()
        .map(column -> column.name() + " " + column.type())
        .collect(Collectors.joining("\n"));
  }
}
