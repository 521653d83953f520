package io.datanode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datanode.jdbc.batch.ColumnBatch;
import io.datanode.jdbc.batch.DoubleVector;
import io.datanode.predicate.F;
import io.datanode.read.Interval;
import io.datanode.read.UpdateStatistics;
import io.datanode.read.Window;
import io.datanode.search.FoundNode;
import io.datanode.search.JoinSpec;
import io.datanode.search.SearchRequest;
import io.datanode.search.Target;
import io.datanode.testing.MarketNodes;
import io.datanode.testing.MarketNodes.Place;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Reading nodes from Java; what docs/java.md shows is here, and runs. */
class DataNodesTest {
  private static final Instant start = Instant.parse("2024-01-04T00:00:00Z");
  private static final Instant end = Instant.parse("2024-01-08T00:00:00Z");
  private static DataNodes nodes;

  @BeforeAll
  static void open() {
    nodes = DataNodes.open(url(Place.DUCKDB));
  }

  @AfterAll
  static void close() {
    nodes.close();
  }

  private static String url(Place place) {
    return "jdbc:datanode:" + MarketNodes.catalog(place);
  }

  record Price(Instant timeIndex, String assetIdentifier, double close, Long volume) {}

  @ParameterizedTest
  @EnumSource
  void rowsBetweenDatesAsRecords(Place place) {
    try (DataNodes nodes = DataNodes.open(url(place))) {
      List<Price> prices =
          nodes
              .node("daily_prices")
              .between(start, end, Interval.CLOSED_OPEN)
              .assets("SAP", "JPM")
              .columns("close", "volume")
              .records(Price.class);
      assertEquals(
          List.of(
              new Price(start, "JPM", 172.25, 3000L),
              new Price(start, "SAP", 142.25, 3000L),
              new Price(start.plus(Duration.ofDays(1)), "SAP", 143.25, 4000L)),
          prices);
    }
  }

  @Test
  void rowsAsMaps() {
    List<Map<String, Object>> rates =
        nodes.node("fx_rates").between(LocalDate.parse("2024-01-08"), null).maps();
    assertEquals(
        "[{date=2024-01-08, currency=EUR, rate=1.0946}, {date=2024-01-11, currency=EUR, rate=1.0987}]",
        rates.toString());
    assertEquals(LocalDate.parse("2024-01-08"), rates.get(0).get("date"));
  }

  @Test
  void rowsAsAStream() {
    try (Stream<Price> prices = nodes.node("daily_prices").assets("SAP").stream(Price.class)) {
      double highest = prices.mapToDouble(Price::close).max().orElseThrow();
      assertEquals(149.25, highest);
    }
  }

  @Test
  void rowsAsColumns() {
    double[] sum = new double[1];
    nodes
        .node("daily_prices")
        .assets("SAP")
        .columns("close")
        .batches(
            batch -> {
              DoubleVector close = (DoubleVector) batch.column(2);
              for (int row = 0; row < batch.rowCount(); row++) {
                sum[0] += close.get(row);
              }
            });
    assertEquals(1447.5, sum[0]);
  }

  @Test
  void aWindowForEachAsset() {
    List<Window> windows =
        List.of(
            Window.of("asset_identifier", "SAP", start, start),
            new Window(Map.of("asset_identifier", "JPM"), start, end, Interval.OPEN_CLOSED));
    List<Price> prices = nodes.node("daily_prices").in(windows).records(Price.class);
    assertEquals("SAP 142.25, JPM 174.25", shown(prices));
  }

  private static String shown(List<Price> prices) {
    return prices.stream()
        .map(price -> price.assetIdentifier() + " " + price.close())
        .collect(Collectors.joining(", "));
  }

  @Test
  void theLastObservationOfEachAsset() {
    List<Price> last = nodes.node("daily_prices").lastObservation().records(Price.class);
    List<Price> known = nodes.node("daily_prices").latestAsOf(end).records(Price.class);
    assertEquals("AAPL 194.25, ASML 689.25, JPM 179.25, SAP 149.25", shown(last));
    assertEquals("AAPL 189.25, ASML 684.25, JPM 174.25, SAP 144.25", shown(known));
  }

  @Test
  void howFarEachAssetHasCome() {
    UpdateStatistics statistics = nodes.node("daily_prices").statistics();
    assertEquals(Instant.parse("2024-01-15T00:00:00Z"), statistics.latest());
    assertEquals(
        List.of("AAPL", "ASML", "JPM", "SAP"),
        statistics.progress().stream()
            .map(each -> each.coordinate().get("asset_identifier"))
            .toList());
  }

  @Test
  void pagesOfASearch() {
    SearchRequest request =
        SearchRequest.of("daily_prices")
            .join(JoinSpec.inner("fx", Target.node("fundamentals")).on("asset_identifier"))
            .filter(F.eq("asset_identifier", "SAP"))
            .page(2, 0);
    try (Rows rows = nodes.search(request)) {
      assertEquals(2, rows.maps().count());
      assertEquals(2, rows.nextOffset().getAsLong());
    }
  }

  record Known(Instant timeIndex, String assetIdentifier, double baseClose) {}

  @Test
  void aSearchAsRecords() {
    SearchRequest request =
        SearchRequest.of("daily_prices")
            .filter(F.and(F.in("asset_identifier", List.of("SAP")), F.gt("close", 148)));
    try (Rows rows = nodes.search(request);
        Stream<Known> known = rows.records(Known.class)) {
      assertEquals(List.of(148.25, 149.25), known.map(Known::baseClose).toList());
    }
  }

  @Test
  void sqlAsRecords() {
    record Highest(String asset, Double high) {}
    try (Rows rows =
        nodes.query(
            "SELECT asset_identifier AS asset, MAX(high) AS high FROM daily_prices"
                + " WHERE asset_identifier = ? GROUP BY 1",
            "SAP")) {
      assertEquals(List.of(new Highest("SAP", 150.25)), rows.records(Highest.class).toList());
    }
  }

  @Test
  void aReaderIsNeverChanged() {
    NodeReader all = nodes.node("daily_prices").columns();
    NodeReader sap = all.assets("SAP");
    assertEquals(10, sap.maps().size());
    assertEquals(39, all.maps().size());
    assertEquals(0, all.assets().maps().size());
    assertEquals(List.of("time_index", "asset_identifier"), all.indexNames());
  }

  @Test
  void manyThreadsReadAtOnce() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<Integer>> counts = new ArrayList<>();
      for (String asset : List.of("SAP", "JPM", "AAPL", "ASML", "SAP", "JPM", "AAPL", "ASML")) {
        counts.add(
            threads.submit(
                () -> {
                  int rows = 0;
                  for (int i = 0; i < 20; i++) {
                    rows += nodes.node("daily_prices").assets(asset).maps().size();
                  }
                  return rows;
                }));
      }
      List<Integer> found = new ArrayList<>();
      for (Future<Integer> count : counts) {
        found.add(count.get());
      }
      assertEquals(List.of(200, 180, 200, 200, 200, 180, 200, 200), found);
    } finally {
      threads.shutdownNow();
    }
  }

  record Tight(String assetIdentifier, int close) {}

  record Other(String assetIdentifier, double closing) {}

  record Amount(long id, boolean flag) {}

  @Test
  void failuresSayWhatIsWrong() {
    fails(
        "42P01 There is no node 'daily_price'; did you mean 'daily_prices'?",
        () -> nodes.node("daily_price"));
    fails(
        "42703 /columns/0: There is no column 'closing' in node 'daily_prices'; its columns are"
            + " time_index, asset_identifier, open, high, low, close, volume",
        () -> nodes.node("daily_prices").columns("closing").maps());
    fails(
        "42703 There is no column for component 'closing' of record Other; the columns are"
            + " time_index, asset_identifier, open, high, low, close, volume",
        () -> nodes.node("daily_prices").records(Other.class));
    fails(
        "22004 Column 'flag' is NULL in a row; component 'flag' of record Amount is of type boolean,"
            + " which has no null",
        () -> nodes.node("oddities").records(Amount.class));
    fails(
        "22023 This is no URL of data nodes; expected jdbc:datanode:<place>",
        () -> DataNodes.open("jdbc:postgresql://desk/market"));
    assertEquals(
        List.of(new Tight("SAP", 149)),
        nodes.node("daily_prices").assets("SAP").lastObservation().records(Tight.class));
  }

  @Test
  void assetsAreAskedOfNodesThatHaveThem(@TempDir Path folder) throws SQLException {
    try (Connection duckdb =
            DriverManager.getConnection("jdbc:duckdb:" + folder.resolve("r.duckdb"));
        Statement statement = duckdb.createStatement()) {
      statement.execute("CREATE TABLE rates (time_index TIMESTAMPTZ, rate DOUBLE)");
    }
    try (DataNodes own = DataNodes.open("jdbc:datanode:" + folder.resolve("r.duckdb"))) {
      fails(
          "42703 Node 'rates' has no asset column, nor another identity column to ask for",
          () -> own.node("rates").assets("EUR"));
    }
  }

  @ParameterizedTest
  @EnumSource
  void nodesAreFoundByTheirColumns(Place place) {
    try (DataNodes nodes = DataNodes.open(url(place))) {
      List<FoundNode> withClose = nodes.searchColumns("close");
      assertEquals(List.of("daily_prices [close]"), namesOf(withClose));
      assertEquals(List.of("daily_prices [close]"), namesOf(nodes.searchColumns("OFFICIAL")));
      assertEquals(
          List.of("fx_rates [currency]", "reference.assets [currency]"),
          namesOf(nodes.searchColumns(" Currency ")));
      assertEquals(List.of(), nodes.searchColumns("%"));
    }
  }

  @ParameterizedTest
  @EnumSource
  void nodesAreFoundByWhatIsSaidOfThem(Place place) {
    try (DataNodes nodes = DataNodes.open(url(place))) {
      List<FoundNode> restated = nodes.searchDescriptions("restated figures");
      assertEquals("fundamentals []", namesOf(restated).get(0));
      assertEquals("Reported figures, with restatements.", restated.get(0).description());
      assertEquals(List.of(), nodes.searchDescriptions("xyz"));
    }
  }

  @Test
  void commentsOfTablesAreSearchedWhereTheCatalogSaysNothing() {
    FoundNode traded = nodes.searchDescriptions("assets that are traded").get(0);
    assertEquals("reference.assets", traded.node().name().toString());
    assertEquals("The assets that are traded.", traded.description());
  }

  @Test
  void aSearchForNodesNeedsWords() {
    fails("22023 /q: q is required; expected words to search for", () -> nodes.searchColumns(" "));
    fails(
        "22023 /q: q is required; expected words to search for",
        () -> nodes.searchDescriptions(""));
  }

  private static List<String> namesOf(List<FoundNode> found) {
    return found.stream().map(each -> each.node().name() + " " + each.columns()).toList();
  }

  private static void fails(String message, Runnable work) {
    DataNodeException failure = assertThrows(DataNodeException.class, work::run);
    assertEquals(message, failure.sqlState() + " " + failure.getMessage());
  }

  @Test
  void whatIsNotReadToTheEndIsStoppedByClosing() {
    try (DataNodes own = DataNodes.open(url(Place.DUCKDB))) {
      Rows rows = own.query("SELECT * FROM daily_prices a, daily_prices b, daily_prices c");
      ColumnBatch first = rows.nextBatch();
      assertTrue(first.rowCount() > 0);
      rows.close();
      assertThrows(DataNodeException.class, rows::nextBatch);
      Rows none = own.node("daily_prices").assets().rows();
      assertNull(none.nextBatch());
    }
  }

  /** Every example of the page is in this class, word for word but for its indentation. */
  @Test
  void thePageShowsWhatRunsHere() throws IOException {
    Path root = Path.of("").toAbsolutePath().getParent();
    String page = Files.readString(root.resolve("docs/java.md"));
    String tests =
        plain(
            Files.readString(
                root.resolve("calcite-adapter/src/test/java/io/datanode/DataNodesTest.java")));
    Matcher examples = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL).matcher(page);
    int count = 0;
    while (examples.find()) {
      for (String statement : examples.group(1).split("\n\n", -1)) {
        assertTrue(tests.contains(plain(statement)), statement);
      }
      count++;
    }
    assertEquals(9, count);
  }

  private static String plain(String text) {
    return text.replaceAll("\\s+", "");
  }
}
