package io.datanode.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.benmanes.caffeine.cache.Ticker;
import io.datanode.DataNodeException;
import io.datanode.catalog.declaration.CatalogText;
import io.datanode.node.NodeName;
import io.datanode.node.TableSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every catalog does, wherever it finds its nodes. */
public abstract class CatalogContract {
  /** No catalog may look into a storage to list what its own source names. */
  private static final StorageInspector NO_STORAGE =
      new StorageInspector() {
        @Override
        public List<TableSource.Table> tables(StorageDeclaration storage) {
          throw new AssertionError("asked for the tables of " + storage);
        }

        @Override
        public List<String> columns(StorageDeclaration storage, TableSource source) {
          throw new AssertionError("asked for the columns of " + source);
        }
      };

  @TempDir protected Path directory;

  /** Makes the source publish exactly these identifiers in the default namespace. */
  protected abstract void publish(List<String> identifiers) throws IOException;

  /** Makes the source unreadable. */
  protected abstract void breakSource() throws IOException;

  /** Where the source is. */
  protected abstract String location();

  /** What a message about a broken source says of its place. */
  protected String sourceName() {
    return directory.getFileName().toString();
  }

  @Test
  void publishesWhatIsThere() throws IOException {
    publish(List.of("prices", "fundamentals"));
    try (Catalog catalog = open()) {
      CatalogSnapshot snapshot = catalog.snapshot();
      assertEquals(
          List.of("fundamentals", "prices"),
          snapshot.nodesIn("nodes").stream().map(node -> node.name().identifier()).toList());
      assertEquals(List.of("nodes"), snapshot.namespaces());
      assertTrue(location().startsWith(catalog.location()) || catalog.location().contains("/"));
    }
  }

  @Test
  void everyNodeNamesADeclaredStorage() throws IOException {
    publish(List.of("prices"));
    try (Catalog catalog = open()) {
      CatalogSnapshot snapshot = catalog.snapshot();
      snapshot
          .nodes()
          .values()
          .forEach(node -> assertTrue(snapshot.storages().containsKey(node.storage())));
    }
  }

  @Test
  void findsANodeByItsNameOrIgnoringCase() throws IOException {
    publish(List.of("Daily_Prices"));
    try (Catalog catalog = open()) {
      CatalogSnapshot snapshot = catalog.snapshot();
      NodeName exact = new NodeName("nodes", "Daily_Prices");
      assertTrue(snapshot.find(exact).isPresent());
      assertEquals(Optional.empty(), snapshot.find(new NodeName("nodes", "daily_prices")));
      assertEquals(
          List.of(exact), snapshot.namesIgnoringCase(new NodeName("NODES", "DAILY_PRICES")));
    }
  }

  @Test
  void seesWhatIsPublishedLater() throws IOException {
    publish(List.of("prices"));
    try (Catalog catalog = open()) {
      CatalogSnapshot before = catalog.snapshot();
      publish(List.of("prices", "fundamentals"));
      catalog.refresh();
      assertEquals(2, catalog.snapshot().nodes().size());
      assertEquals(1, before.nodes().size());
    }
  }

  @Test
  void snapshotsOfTheSameAreEqual() throws IOException {
    publish(List.of("prices"));
    try (Catalog catalog = open()) {
      CatalogSnapshot before = catalog.snapshot();
      catalog.refresh();
      assertEquals(before, catalog.snapshot());
      publish(List.of("rates"));
      catalog.refresh();
      assertNotEquals(before, catalog.snapshot());
    }
  }

  @Test
  void aBrokenSourceSaysWhere() throws IOException {
    publish(List.of("prices"));
    try (Catalog catalog = open()) {
      breakSource();
      DataNodeException e = assertThrows(DataNodeException.class, catalog::snapshot);
      assertTrue(e.getMessage().contains(sourceName()), e::getMessage);
      assertTrue(List.of("F0000", "58030").contains(e.sqlState()), e::sqlState);
    }
  }

  @Test
  void aBrokenSourceLeavesTheLastGoodSnapshotInUse() throws IOException {
    publish(List.of("prices"));
    try (Catalog catalog =
        new CachingCatalog(open(), Duration.ofMinutes(1), Ticker.disabledTicker(), Runnable::run)) {
      CatalogSnapshot good = catalog.snapshot();
      breakSource();
      catalog.refresh();
      assertSame(good, catalog.snapshot());
      assertTrue(catalog.lastError().isPresent());
      publish(List.of("prices"));
      catalog.refresh();
      assertSame(good, catalog.snapshot());
      assertFalse(catalog.lastError().isPresent());
    }
  }

  @Test
  void tenThousandNodesAreListedWithoutLookingIntoAny() throws IOException {
    publish(IntStream.range(0, 10_000).mapToObj(i -> "table_" + i + "_x").toList());
    try (Catalog catalog = open()) {
      CatalogSnapshot snapshot = catalog.snapshot();
      assertEquals(10_000, snapshot.nodes().size());
      assertTrue(snapshot.find(new NodeName("nodes", "table_4711_x")).isPresent());
    }
  }

  @Test
  void tellsWhereEachNodeIsDeclared() throws IOException {
    publish(List.of("prices", "fundamentals"));
    try (Catalog catalog = open()) {
      CatalogSnapshot snapshot = catalog.snapshot();
      for (NodeName name : snapshot.nodes().keySet()) {
        assertTrue(snapshot.declaredIn(name).isPresent(), name::toString);
      }
    }
  }

  @Test
  void whatIsDeclaredIsWrittenAsTextThatDeclaresTheSame(@TempDir Path other) throws IOException {
    publish(List.of("prices", "fundamentals"));
    try (Catalog catalog = open()) {
      CatalogSnapshot declared = catalog.declared();
      Path copy = Files.writeString(other.resolve("catalog.yaml"), CatalogText.of(declared));
      try (Catalog again = Catalogs.open(copy.toString(), NO_STORAGE)) {
        assertEquals(
            new CatalogChanges(List.of(), List.of(), false),
            CatalogChanges.between(declared, again.declared()));
      }
    }
  }

  private Catalog open() {
    return Catalogs.open(location(), NO_STORAGE);
  }
}
