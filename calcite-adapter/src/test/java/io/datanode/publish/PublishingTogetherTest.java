package io.datanode.publish;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.datanode.DataNodeException;
import io.datanode.file.FileReplacement;
import io.datanode.node.TableSource;
import io.datanode.publish.PublishRequest.NewNode;
import io.datanode.publish.PublishingCatalog.Place;
import io.datanode.storage.WriteMode;
import io.datanode.testing.PostgreSql;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who reads while somebody publishes, who publishes too, and what fails on the way. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PublishingTogetherTest {
  private static final int REPLACEMENTS = 5;
  private static final int ROWS = 20_000;
  private static final int DAYS = 100;

  @TempDir Path folder;

  /** Rows of minutes that all have one value. */
  private static RowSource version(PublishingCatalog catalog, int value) {
    return catalog.csv(
        "time_index,asset_identifier,version", rows(Duration.ofMinutes(1), ROWS, ",SAP," + value));
  }

  private static RowSource daysOf(PublishingCatalog catalog, String asset) {
    return catalog.csv("time_index,asset_identifier", rows(Duration.ofDays(1), DAYS, "," + asset));
  }

  private static String[] rows(Duration step, int count, String values) {
    Instant start = Instant.parse("2024-01-02T00:00:00Z");
    return IntStream.range(0, count)
        .mapToObj(i -> start.plus(step.multipliedBy(i)) + values)
        .toArray(String[]::new);
  }

  @ParameterizedTest
  @EnumSource(
      names = {"FOLDER", "POSTGRESQL"},
      value = Place.class)
  void aReaderSeesOneVersionOrTheOtherAndNoMixture(Place place) throws Exception {
    PublishingCatalog catalog = PublishingCatalog.at(place, folder);
    catalog.create("minutes", version(catalog, 0));
    ExecutorService publisher = Executors.newSingleThreadExecutor();
    try (Connection connection = DriverManager.getConnection("jdbc:datanode:" + catalog.file());
        Statement statement = connection.createStatement()) {
      Future<?> done =
          publisher.submit(
              () -> {
                for (int i = 1; i <= REPLACEMENTS; i++) {
                  catalog.change(WriteMode.REPLACE, "minutes", version(catalog, i));
                }
              });
      Set<String> seen = new HashSet<>();
      boolean last;
      do {
        last = done.isDone();
        seen.add(
            oneRow(
                statement,
                "SELECT COUNT(*), MIN(version) = MAX(version), COUNT(DISTINCT time_index)"
                    + " FROM minutes"));
      } while (!last);
      done.get();
      assertEquals(Set.of(ROWS + " true " + ROWS), seen);
      assertEquals(
          String.valueOf(REPLACEMENTS), oneRow(statement, "SELECT MAX(version) FROM minutes"));
    } finally {
      publisher.shutdown();
    }
  }

  private static String oneRow(Statement statement, String sql) throws SQLException {
    try (ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      List<String> values = new ArrayList<>();
      for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
        values.add(rows.getString(i));
      }
      return String.join(" ", values);
    }
  }

  @Test
  void whoPublishesToATableOfPostgreSqlWaitsForTheOther() throws Exception {
    PublishingCatalog catalog = PublishingCatalog.at(Place.POSTGRESQL, folder);
    catalog.create("prices", daysOf(catalog, "S0"));
    ExecutorService publishers = Executors.newFixedThreadPool(2);
    List<Future<Published>> published = new ArrayList<>();
    for (String asset : List.of("A", "B")) {
      published.add(
          publishers.submit(
              () -> catalog.change(WriteMode.UPSERT, "prices", daysOf(catalog, asset))));
    }
    for (Future<Published> each : published) {
      assertEquals(0, each.get().replaced());
    }
    publishers.shutdown();
    publishers.awaitTermination(1, TimeUnit.MINUTES);
    catalog
        .sql("SELECT COUNT(*), COUNT(DISTINCT asset_identifier) FROM prices")
        .returns(3 * DAYS + "|3");
  }

  @Test
  void whoPublishesToAFileThatIsBeingWrittenIsRefused() {
    PublishingCatalog catalog = PublishingCatalog.at(Place.FOLDER, folder);
    catalog.create("prices", daysOf(catalog, "A"));
    Path file = folder.resolve("data/prices.parquet");
    try (FileReplacement other = FileReplacement.of(file)) {
      DataNodeException refused =
          assertThrows(
              DataNodeException.class,
              () -> catalog.change(WriteMode.APPEND, "prices", daysOf(catalog, "B")));
      assertEquals("57P03", refused.sqlState());
      assertEquals(
          "Somebody else is writing '" + other.file() + "'; run it again when that is done",
          refused.getMessage());
    }
    catalog.change(WriteMode.APPEND, "prices", daysOf(catalog, "B"));
    catalog.sql("SELECT COUNT(*) FROM prices").returns(String.valueOf(2 * DAYS));
    assertEquals(List.of("prices.parquet"), catalog.files());
  }

  @Test
  void aCatalogThatIsBeingWrittenKeepsANewNodeOut() {
    PublishingCatalog catalog = PublishingCatalog.at(Place.FOLDER, folder);
    try (FileReplacement other = FileReplacement.of(catalog.file())) {
      DataNodeException refused =
          assertThrows(
              DataNodeException.class, () -> catalog.create("prices", daysOf(catalog, "A")));
      assertEquals("57P03", refused.sqlState(), refused::getMessage);
    }
    assertEquals(List.of(), catalog.files());
  }

  @ParameterizedTest
  @EnumSource
  void whatFailsOnTheWayLeavesNothing(Place place) {
    PublishingCatalog catalog = PublishingCatalog.at(place, folder);
    String text = catalog.text();
    List<String> files = catalog.files();
    String identifier = place == Place.FOLDER ? "p".repeat(300) : "prices";
    TableSource table =
        place == Place.FOLDER ? null : new TableSource.Table(List.of("nowhere", "prices"));
    NewNode node = new NewNode(null, table, null, null, null, null, null, List.of());
    assertThrows(
        DataNodeException.class, () -> catalog.create(identifier, daysOf(catalog, "SAP"), node));
    assertEquals(text, catalog.text());
    assertEquals(files, catalog.files());
  }

  @Test
  void aRowThatTheDatabaseRefusesLeavesTheTableAsItWas() {
    PublishingCatalog catalog = PublishingCatalog.at(Place.POSTGRESQL, folder);
    catalog.create("prices", daysOf(catalog, "SAP"));
    PostgreSql.run(catalog.url(), "ALTER TABLE prices ADD CHECK (asset_identifier <> 'bad')");
    DataNodeException failure =
        assertThrows(
            DataNodeException.class,
            () -> catalog.change(WriteMode.REPLACE, "prices", daysOf(catalog, "bad")));
    assertEquals("23514", failure.sqlState(), failure::getMessage);
    catalog.sql("SELECT DISTINCT asset_identifier FROM prices").returns("SAP");
  }
}
