package io.datanode.schema;

import com.github.benmanes.caffeine.cache.Ticker;
import io.datanode.DataNodeException;
import io.datanode.catalog.CachingCatalog;
import io.datanode.catalog.CatalogSnapshot;
import io.datanode.catalog.Catalogs;
import io.datanode.catalog.StorageDeclaration;
import io.datanode.jdbc.Setting;
import io.datanode.jdbc.SqlState;
import io.datanode.node.DataNode;
import io.datanode.node.Nearest;
import io.datanode.node.NodeName;
import io.datanode.node.Stitch;
import io.datanode.storage.EmbeddedEngine;
import io.datanode.storage.Storage;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The nodes of one catalog, with the storages that hold them. Listing asks no storage; resolving a
 * node asks its own, once per time to live, and in the background after the first time.
 */
public final class CatalogNodes implements Nodes {
  private final CachingCatalog catalog;
  private final Storages storages;
  private final KnownNodes known;

  /** A storage may be another catalog opened in this process, which may lead back here. */
  private final ThreadLocal<Set<NodeName>> beingDescribed = ThreadLocal.withInitial(HashSet::new);

  private final Map<NodeName, ResolvedNode> stitchedNodes = new ConcurrentHashMap<>();
  private final AtomicLong version = new AtomicLong(1);
  private volatile @Nullable CatalogSnapshot seen;

  private CatalogNodes(
      String location, Duration timeToLive, Storages storages, Ticker ticker, Executor executor) {
    this.storages = storages;
    this.known =
        new KnownNodes(
            new Declarations(), storages, timeToLive, ticker, executor, version::incrementAndGet);
    boolean opened = false;
    try {
      this.catalog =
          new CachingCatalog(Catalogs.open(location, storages), timeToLive, ticker, executor);
      catalog.snapshot();
      opened = true;
    } finally {
      if (!opened) {
        storages.close();
      }
    }
  }

  /**
   * Opens the catalog at a location.
   *
   * @param location a folder, a data file, a DuckDB file or a catalog file
   * @param settings engine settings by key; {@link Setting#CATALOG_TTL} is read
   * @param embedded where storages that need no server live; not closed by this
   * @throws DataNodeException if there is no catalog, or it is wrong
   */
  public static CatalogNodes open(
      String location, Map<String, String> settings, EmbeddedEngine embedded) {
    return open(
        location,
        settings,
        new Storages(embedded, Storages.installed()),
        Ticker.systemTicker(),
        ForkJoinPool.commonPool());
  }

  /** As above, with the storages, the clock and the executor of background work given. */
  static CatalogNodes open(
      String location,
      Map<String, String> settings,
      Storages storages,
      Ticker ticker,
      Executor executor) {
    String ttl =
        settings.getOrDefault(Setting.CATALOG_TTL.key(), Setting.CATALOG_TTL.defaultValue());
    Duration timeToLive;
    try {
      timeToLive = Duration.parse(ttl);
    } catch (DateTimeParseException e) {
      throw wrongTtl(ttl);
    }
    if (timeToLive.isNegative()) {
      throw wrongTtl(ttl);
    }
    return new CatalogNodes(location, timeToLive, storages, ticker, executor);
  }

  private static DataNodeException wrongTtl(String ttl) {
    return new DataNodeException(
        SqlState.INVALID_PARAMETER,
        "Setting catalogTtl is '"
            + ttl
            + "'; expected an ISO 8601 duration, for example PT1M, or PT0S to remember nothing");
  }

  /** Where the catalog is, for people. */
  public String location() {
    return catalog.location();
  }

  @Override
  public CatalogSnapshot snapshot() {
    CatalogSnapshot now = catalog.snapshot();
    if (now != seen) {
      synchronized (version) {
        if (now != seen) {
          seen = now;
          version.incrementAndGet();
        }
      }
    }
    return now;
  }

  @Override
  public long version() {
    snapshot();
    return version.get();
  }

  @Override
  public Optional<ResolvedNode> resolve(NodeName name) {
    CatalogSnapshot snapshot = snapshot();
    Optional<DataNode> node = snapshot.find(name);
    if (node.isEmpty()) {
      known.forget(name);
      return Optional.empty();
    }
    if (!beingDescribed.get().add(name)) {
      throw new DataNodeException(
          SqlState.CONFIGURATION_ERROR,
          "Node '"
              + name
              + "' is read from itself, through storage '"
              + node.get().storage()
              + "'");
    }
    try {
      if (node.get().stitch().isPresent()) {
        return Optional.of(stitched(node.get(), node.get().stitch().get(), snapshot));
      }
      return Optional.of(known.get(node.get(), snapshot));
    } finally {
      beingDescribed.get().remove(name);
    }
  }

  @Override
  public Map<NodeName, ResolvedNode> resolveAll(
      Collection<NodeName> names, BiConsumer<NodeName, DataNodeException> failed) {
    CatalogSnapshot snapshot = snapshot();
    Map<NodeName, ResolvedNode> resolved = new LinkedHashMap<>();
    List<DataNode> unknown = new ArrayList<>();
    List<DataNode> old = new ArrayList<>();
    for (NodeName name : names) {
      DataNode node = snapshot.find(name).orElse(null);
      if (node != null && node.stitch().isEmpty()) {
        ResolvedNode before = known.peek(node, snapshot);
        if (before == null) {
          unknown.add(node);
        } else if (known.isOld(name)) {
          old.add(node);
          resolved.put(name, before);
        }
      }
    }
    Set<NodeName> broken = new HashSet<>();
    BiConsumer<NodeName, DataNodeException> breaks =
        (name, e) -> {
          broken.add(name);
          failed.accept(name, e);
        };
    resolved.putAll(known.learn(unknown, snapshot, breaks));
    known.relearn(old, snapshot);
    for (NodeName name : names) {
      if (!resolved.containsKey(name) && !broken.contains(name)) {
        try {
          resolve(name).ifPresent(node -> resolved.put(name, node));
        } catch (DataNodeException e) {
          breaks.accept(name, e);
        }
      }
    }
    return resolved;
  }

  /** Made anew if a part is no longer as it was. */
  private ResolvedNode stitched(DataNode node, Stitch stitch, CatalogSnapshot snapshot) {
    List<ResolvedNode> parts = new ArrayList<>();
    for (NodeName part : stitch.parts()) {
      parts.add(
          resolve(part)
              .orElseThrow(
                  () ->
                      new DataNodeException(
                          SqlState.UNDEFINED_NODE,
                          "Node '"
                              + node.name()
                              + "' is stitched from node '"
                              + part
                              + "', which is not published")));
    }
    ResolvedNode before = stitchedNodes.get(node.name());
    if (before != null && before.node().equals(node) && before.parts().equals(parts)) {
      return before;
    }
    ResolvedNode made = new StitchedNode(node, stitch, parts).resolved(snapshot);
    stitchedNodes.put(node.name(), made);
    version.incrementAndGet();
    return made;
  }

  @Override
  public Storage storage(String name) {
    return storage(name, snapshot());
  }

  private Storage storage(String name, CatalogSnapshot snapshot) {
    Map<String, StorageDeclaration> declared = snapshot.storages();
    StorageDeclaration declaration = declared.get(name);
    if (declaration == null) {
      throw new DataNodeException(
          SqlState.CONFIGURATION_ERROR,
          "Catalog '"
              + location()
              + "' declares no storage '"
              + name
              + "'"
              + Nearest.hint(name, "its storages", declared.keySet()));
    }
    return storages.open(declaration);
  }

  @Override
  public List<StorageState> storageStates() {
    CatalogSnapshot snapshot = snapshot();
    Optional<String> catalogError =
        catalog.lastError().map(error -> "The catalog cannot be read: " + error);
    List<StorageState> states = new ArrayList<>();
    for (StorageDeclaration declaration : snapshot.storages().values()) {
      Optional<Storage> open = storages.opened(declaration);
      String error =
          storages
              .failure(declaration.name())
              .or(() -> Optional.ofNullable(snapshot.unreadable().get(declaration.name())))
              .or(() -> catalogError)
              .orElse("");
      states.add(
          new StorageState(
              declaration.name(),
              declaration.type(),
              open.map(Storage::location).orElse(""),
              open.isPresent(),
              declaration.where(),
              error));
    }
    return states;
  }

  @Override
  public List<String> problems() {
    List<String> problems = new ArrayList<>();
    CatalogSnapshot snapshot = snapshot();
    List<String> down = new ArrayList<>();
    catalog.lastError().ifPresent(problems::add);
    for (String name : snapshot.storages().keySet()) {
      try {
        storage(name).check();
        storages.answered(name);
      } catch (DataNodeException e) {
        down.add(name);
        storages.failed(name, e);
        problems.add(e.getMessage());
      }
    }
    snapshot.unreadable().entrySet().stream()
        .filter(unreadable -> !down.contains(unreadable.getKey()))
        .forEach(unreadable -> problems.add(unreadable.getValue()));
    List<NodeName> readable =
        snapshot.nodes().values().stream()
            .filter(node -> readable(node, snapshot, down))
            .map(DataNode::name)
            .toList();
    Map<NodeName, String> broken = new HashMap<>();
    resolveAll(readable, (name, e) -> broken.put(name, "Node '" + name + "': " + e.getMessage()));
    readable.stream().filter(broken::containsKey).map(broken::get).forEach(problems::add);
    return problems;
  }

  private static boolean readable(DataNode node, CatalogSnapshot snapshot, List<String> down) {
    return node.stitch()
        .map(
            stitch ->
                stitch.parts().stream()
                    .flatMap(part -> snapshot.find(part).stream())
                    .allMatch(part -> readable(part, snapshot, down)))
        .orElse(!down.contains(node.storage()));
  }

  @Override
  public void refresh() {
    catalog.refresh();
    known.forgetAll();
    stitchedNodes.clear();
    version.incrementAndGet();
  }

  @Override
  public void close() {
    catalog.close();
    storages.close();
  }

  private final class Declarations implements KnownNodes.Declared {
    @Override
    public CatalogSnapshot snapshot() {
      return CatalogNodes.this.snapshot();
    }

    @Override
    public Storage storage(String name, CatalogSnapshot snapshot) {
      return CatalogNodes.this.storage(name, snapshot);
    }
  }
}
