package io.datanode.schema;

import io.datanode.storage.EmbeddedEngine;
import io.datanode.storage.EmbeddedEngineProvider;
import io.datanode.testing.TemporaryFolders;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Opens nodes of a folder, anew for each test: with a clock that is turned by hand, work in the
 * background that runs when told to, and storages that count what they are asked.
 */
final class OpenedNodes implements BeforeEachCallback, AfterEachCallback {
  private final Deque<Runnable> background = new ArrayDeque<>();
  private final List<CatalogNodes> opened = new ArrayList<>();
  private Path directory;
  private EmbeddedEngine embedded;
  private CountingStorageProvider storages;
  private DuckDbFiles files;
  private long nanos;

  @Override
  public void beforeEach(ExtensionContext context) throws Exception {
    directory = TemporaryFolders.create("nodes");
    embedded =
        ServiceLoader.load(EmbeddedEngineProvider.class).findFirst().orElseThrow().open(Map.of());
    storages = new CountingStorageProvider(Storages.installed());
    files = new DuckDbFiles(directory);
  }

  @Override
  public void afterEach(ExtensionContext context) throws Exception {
    opened.forEach(CatalogNodes::close);
    embedded.close();
    files.close();
  }

  Path directory() {
    return directory;
  }

  DuckDbFiles files() {
    return files;
  }

  CountingStorageProvider storages() {
    return storages;
  }

  /**
   * Opens the nodes of a catalog.
   *
   * @param location within the folder; empty for the folder itself
   */
  CatalogNodes open(String location, Map<String, String> settings) {
    CatalogNodes nodes =
        CatalogNodes.open(
            directory.resolve(location).toString(),
            settings,
            new Storages(embedded, storages.all()),
            () -> nanos,
            background::add);
    opened.add(nodes);
    return nodes;
  }

  void advance(Duration duration) {
    nanos += duration.toNanos();
  }

  void runBackgroundWork() {
    while (!background.isEmpty()) {
      background.pop().run();
    }
  }
}
