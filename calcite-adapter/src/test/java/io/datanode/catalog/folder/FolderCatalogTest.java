package io.datanode.catalog.folder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datanode.DataNodeException;
import io.datanode.catalog.Catalog;
import io.datanode.catalog.CatalogContract;
import io.datanode.catalog.CatalogSnapshot;
import io.datanode.catalog.Catalogs;
import io.datanode.catalog.StorageDeclaration;
import io.datanode.catalog.StorageInspector;
import io.datanode.jdbc.SqlState;
import io.datanode.node.DataNode;
import io.datanode.node.NodeName;
import io.datanode.node.TableSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Most files here are empty: nothing but their names is needed to publish them. */
class FolderCatalogTest extends CatalogContract {
  private final Map<String, List<String>> tablesByDatabase = new HashMap<>();
  private final Map<String, List<String>> columnsByFile = new HashMap<>();

  @Override
  protected void publish(List<String> identifiers) throws IOException {
    Path folder = Files.createDirectories(directory.resolve("market-data"));
    try (var files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        Files.delete(file);
      }
    }
    for (String identifier : identifiers) {
      Files.createFile(folder.resolve(identifier + ".parquet"));
    }
  }

  @Override
  protected void breakSource() throws IOException {
    Files.walkFileTree(
        directory.resolve("market-data"),
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path folder, IOException e) throws IOException {
            Files.delete(folder);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  @Override
  protected String location() {
    return directory.resolve("market-data").toString();
  }

  @Test
  void everyFileOfTheFolderIsANode() {
    given("prices.parquet", "rates.csv", "fundamentals.csv.gz", "README.md");
    assertPublished("fundamentals", "prices", "rates");
  }

  @Test
  void hiddenAndTemporaryFilesAreNot() {
    given("prices.parquet", ".prices.parquet", "_SUCCESS", "_old.parquet", "new.parquet.tmp");
    assertPublished("prices");
  }

  @Test
  void aFolderOfPartsIsOneNode() {
    given("prices/part-0.parquet", "prices/part-1.parquet", "prices/_x.parquet", "rates.csv");
    assertPublished("prices", "rates");
    assertEquals(List.of(at("prices/[!._]*.parquet")), files("prices").globs());
  }

  @Test
  void aFolderCalledLikeAFileIsNamedLikeOne() {
    given("prices.parquet/part-00000-9f3c.snappy.parquet");
    assertPublished("prices");
    assertEquals(List.of(at("prices.parquet/*.parquet")), files("prices").globs());
  }

  @Test
  void charactersOfPatternsInNamesStandForThemselves() {
    given("a[1]/x*y/part-0.parquet", "q?.csv");
    assertPublished("a[1].x*y", "q?");
    assertEquals(List.of(at("q[?].csv")), files("q?").globs());
  }

  @Test
  void filesThatDifferInTheirDatesAreOneNode() {
    given("prices/prices_2023.parquet", "prices/prices_2024.parquet");
    assertPublished("prices");
  }

  @Test
  void filesOfTheSameColumnsAreOneNode() {
    given("prices/AAPL.csv", "prices/MSFT.csv");
    columnsByFile.put("AAPL.csv", List.of("date", "close", "volume", "open"));
    columnsByFile.put("MSFT.csv", List.of("Date", "Close", "Volume", "open", "dividend"));
    assertPublished("prices");
  }

  @Test
  void filesOfOtherColumnsAreNodesOfANamespace() {
    given("research/estimates.csv", "research/ratings.csv");
    columnsByFile.put("estimates.csv", List.of("date", "symbol", "eps"));
    columnsByFile.put("ratings.csv", List.of("day", "analyst", "stars"));
    assertPublished("research.estimates", "research.ratings");
  }

  @Test
  void aFolderWithFoldersIsANamespace() {
    given("research/notes.csv", "research/daily/part-0.parquet", "research/eu/daily/0.parquet");
    assertPublished("research.daily", "research.eu_daily", "research.notes");
  }

  @Test
  void foldersNamedByKeysAreColumnsOfOneNode() {
    given("prices/symbol=A/year=2023/0.parquet", "prices/symbol=B/year=2024/0.parquet");
    assertPublished("prices");
    TableSource.Files files = files("prices");
    assertEquals(List.of(at("prices/symbol=*/**/*.parquet")), files.globs());
    assertTrue(files.hivePartitioned());
  }

  @Test
  void foldersNamedByDatesArePartsOfOneNode() {
    given("prices/2023/12/0.parquet", "prices/2024/01/0.parquet");
    assertPublished("prices");
    assertFalse(files("prices").hivePartitioned());
  }

  @Test
  void thePartitionedFolderItselfCanBeOpened() {
    given("year=2023/0.parquet", "year=2024/0.parquet");
    assertPublished("market-data");
  }

  @Test
  void aFolderOfMainSequenceIsReadWithoutItsViews() {
    given(
        "duck_meta.duckdb",
        "prices_0a1b/year=2026/month=01/part-1.parquet",
        "rates_1d/year=2026/month=01/part-1.parquet");
    assertPublished("prices_0a1b", "rates_1d");
    assertEquals(
        open("market-data").nodes().keySet(),
        open("market-data/duck_meta.duckdb").nodes().keySet());
  }

  @Test
  void tilesOfKaizenFlowAreNamedByWhatFollowsTheFormat() {
    String root = "v3/periodic_daily/airflow/downloaded_1min/parquet/ohlcv/futures/v7_3/ccxt/";
    given(
        root + "binance/v1_0_0/currency_pair=BTC_USDT/year=2021/month=12/x-0.parquet",
        root + "okx/v1_0_0/currency_pair=BTC_USDT/year=2021/month=12/x-0.parquet");
    assertPublished("ohlcv_futures_v7_3_ccxt_binance_v1_0_0", "ohlcv_futures_v7_3_ccxt_okx_v1_0_0");
  }

  @Test
  void theTablesOfADatabaseAreNodes() {
    given("desk.duckdb", "prices.parquet");
    tablesByDatabase.put("desk.duckdb", List.of("main.holdings", "main.trades", "risk.limits"));
    assertPublished("holdings", "prices", "trades", "risk.limits");
    assertEquals(List.of("desk", "market-data"), storages());
  }

  @Test
  void aDatabaseFileAloneCanBeOpened() {
    given("desk.duckdb", "prices.parquet");
    tablesByDatabase.put("desk.duckdb", List.of("main.holdings"));
    assertEquals("[holdings]", open("market-data/desk.duckdb").nodes().keySet().toString());
  }

  @Test
  void aDataFileAloneCanBeOpened() {
    given("prices.parquet", "rates.csv");
    assertEquals("[rates]", open("market-data/rates.csv").nodes().keySet().toString());
  }

  @Test
  void aNameThatIsTakenBecomesTheWholeFileName() {
    given("Prices.csv", "prices.parquet", "desk.duckdb", "prices/part-0.parquet");
    tablesByDatabase.put("desk.duckdb", List.of("main.prices"));
    assertPublished("Prices.csv", "desk.prices", "prices", "prices_2");
  }

  @Test
  void aDatabaseThatCannotBeReadDoesNotHideTheOthers() {
    given("desk.duckdb", "prices.parquet");
    CatalogSnapshot snapshot = open("market-data");
    assertEquals("[prices]", snapshot.nodes().keySet().toString());
    assertEquals(Map.of("desk", "desk.duckdb is locked"), snapshot.unreadable());
  }

  @Test
  void tablesAreAskedForAgainOnlyWhenTheFileHasChanged() throws IOException {
    given("desk.duckdb");
    tablesByDatabase.put("desk.duckdb", List.of("main.holdings"));
    try (Catalog catalog = Catalogs.open(location(), inspector())) {
      CatalogSnapshot first = catalog.snapshot();
      tablesByDatabase.clear();
      assertEquals(first, catalog.snapshot());
      Files.writeString(directory.resolve("market-data/desk.duckdb"), "changed");
      assertEquals(1, catalog.snapshot().unreadable().size());
      assertEquals(first.nodes(), catalog.snapshot().nodes(), "what is known stays published");
    }
  }

  @Test
  void aLinkToAFolderAboveIsNotFollowed() throws IOException {
    given("prices.parquet");
    Files.createSymbolicLink(
        directory.resolve("market-data/again"), directory.resolve("market-data"));
    assertPublished("prices");
  }

  @Test
  void aPlaceWithNothingInItSaysSo() {
    given("prices.parquet");
    DataNodeException e = assertThrows(DataNodeException.class, () -> open("market-dat").nodes());
    assertEquals("58030", e.sqlState());
    assertEquals(
        "There is no file or folder '"
            + directory.resolve("market-dat")
            + "'; did you mean 'market-data'?",
        e.getMessage());
  }

  @Test
  void aFileOfAnotherKindSaysWhatIsExpected() {
    given("prices.xlsx");
    DataNodeException e =
        assertThrows(DataNodeException.class, () -> open("market-data/prices.xlsx"));
    assertEquals("F0000", e.sqlState());
    assertTrue(
        e.getMessage().contains("expected a .yaml, .yml or .json file, or a folder"),
        e::getMessage);
  }

  private void given(String... files) {
    try {
      for (String file : files) {
        Path path = directory.resolve("market-data").resolve(file);
        Files.createDirectories(path.getParent());
        Files.createFile(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String at(String below) {
    return directory.resolve("market-data").resolve(below).toString();
  }

  private void assertPublished(String... names) {
    assertEquals(
        List.of(names),
        open("market-data").nodes().keySet().stream().map(NodeName::toString).toList());
  }

  private List<String> storages() {
    return List.copyOf(new TreeMap<>(open("market-data").storages()).keySet());
  }

  private TableSource.Files files(String identifier) {
    DataNode node = open("market-data").find(new NodeName("nodes", identifier)).orElseThrow();
    return (TableSource.Files) node.source();
  }

  private CatalogSnapshot open(String location) {
    try (Catalog catalog = Catalogs.open(directory.resolve(location).toString(), inspector())) {
      return catalog.snapshot();
    }
  }

  /** Says of files what a test has put down for them; see CatalogNodesTest for real ones. */
  private StorageInspector inspector() {
    return new StorageInspector() {
      @Override
      public List<TableSource.Table> tables(StorageDeclaration storage) {
        String file = Path.of(storage.options().get("path")).getFileName().toString();
        List<String> tables = tablesByDatabase.get(file);
        if (tables == null) {
          throw new DataNodeException(SqlState.CANNOT_CONNECT_NOW, file + " is locked");
        }
        return tables.stream()
            .map(table -> new TableSource.Table(List.of(table.split("\\.", -1))))
            .toList();
      }

      @Override
      public List<String> columns(StorageDeclaration storage, TableSource source) {
        String glob = ((TableSource.Files) source).globs().get(0);
        return columnsByFile.getOrDefault(Path.of(glob).getFileName().toString(), List.of());
      }
    };
  }
}
