package io.datanode.schema;

import com.github.benmanes.caffeine.cache.CacheLoader;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
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
import io.datanode.storage.TableDescriber;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The nodes of one catalog, with the storages that hold them. Listing asks no storage; resolving a
 * node asks its own, once per time to live, and in the background after the first time.
 */
public final class CatalogNodes implements Nodes {
  private static final int NODES_REMEMBERED = 50_000;

  private final CachingCatalog catalog;
  private final Storages storages;
  private final boolean remembers;
  private final LoadingCache<NodeName, Known> known;

  /** A storage may be another catalog opened in this process, which may lead back here. */
  private final ThreadLocal<Set<NodeName>> beingDescribed = ThreadLocal.withInitial(HashSet::new);

  private final Map<NodeName, ResolvedNode> stitchedNodes = new ConcurrentHashMap<>();
  private final AtomicLong version = new AtomicLong(1);
  private final Executor executor;
  private final AtomicBoolean relearning = new AtomicBoolean();
  private volatile @Nullable CatalogSnapshot seen;

  /**
   * A node as it was resolved, with the part of the snapshot that went into it beside its own
   * declaration.
   */
  private record Known(
      ResolvedNode resolved, @Nullable NodeName assetsNode, @Nullable String assetsKey) {
    static Known of(ResolvedNode resolved, CatalogSnapshot snapshot) {
      return new Known(
          resolved, snapshot.assetsNode().orElse(null), snapshot.assetsKey().orElse(null));
    }

    /** True if plans made with one hold with the other: all but the number of rows is the same. */
    boolean sameShape(Known other) {
      ResolvedNode a = resolved;
      ResolvedNode b = other.resolved;
      return a.node().equals(b.node())
          && a.storage() == b.storage()
          && a.table().path().equals(b.table().path())
          && a.columns().equals(b.columns())
          && a.key().equals(b.key())
          && Objects.equals(a.timeIndex(), b.timeIndex())
          && Objects.equals(a.knowledgeTime(), b.knowledgeTime())
          && Objects.equals(a.snapshotBy(), b.snapshotBy())
          && Objects.equals(a.tieBreak(), b.tieBreak())
          && a.foreignKeys().equals(b.foreignKeys());
    }

    boolean fits(DataNode node, Storage storage, CatalogSnapshot snapshot) {
      return resolved.node().equals(node)
          && resolved.storage() == storage
          && Objects.equals(assetsNode, snapshot.assetsNode().orElse(null))
          && Objects.equals(assetsKey, snapshot.assetsKey().orElse(null));
    }
  }

  private CatalogNodes(
      String location, Duration timeToLive, Storages storages, Ticker ticker, Executor executor) {
    this.storages = storages;
    this.executor = executor;
    this.remembers = !timeToLive.isZero();
    Caffeine<Object, Object> builder =
        Caffeine.newBuilder().maximumSize(NODES_REMEMBERED).ticker(ticker).executor(executor);
    if (remembers) {
      builder.refreshAfterWrite(timeToLive);
    }
    this.known =
        remembers ? builder.build(loader()) : builder.build(name -> describe(name).orElse(null));
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
      known.invalidate(name);
      return Optional.empty();
    }
    Known before = known.getIfPresent(name);
    if (!remembers && before != null && node.get().stitch().isEmpty()) {
      Known now = describe(node.get(), snapshot);
      learnt(name, before, now);
      return Optional.of(now.resolved());
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
      return Optional.of(described(name, node.get(), snapshot).resolved());
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
        Known before = known.policy().getIfPresentQuietly(name);
        if (!remembers || before == null || !fits(before, node, snapshot)) {
          unknown.add(node);
        } else if (isOld(name)) {
          old.add(node);
          resolved.put(name, before.resolved());
        }
      }
    }
    Set<NodeName> broken = new HashSet<>();
    BiConsumer<NodeName, DataNodeException> breaks =
        (name, e) -> {
          broken.add(name);
          failed.accept(name, e);
        };
    learn(unknown, snapshot, breaks).forEach((name, now) -> resolved.put(name, now.resolved()));
    relearn(old, snapshot);
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

  private boolean fits(Known before, DataNode node, CatalogSnapshot snapshot) {
    StorageDeclaration declaration = snapshot.storages().get(node.storage());
    return declaration != null
        && storages
            .opened(declaration)
            .filter(storage -> before.fits(node, storage, snapshot))
            .isPresent();
  }

  private boolean isOld(NodeName name) {
    return known
        .policy()
        .refreshAfterWrite()
        .flatMap(
            after -> after.ageOf(name).map(age -> age.compareTo(after.getRefreshesAfter()) >= 0))
        .orElse(false);
  }

  private Map<NodeName, Known> learn(
      List<DataNode> nodes,
      CatalogSnapshot snapshot,
      BiConsumer<NodeName, DataNodeException> failed) {
    Map<NodeName, Known> learnt = new HashMap<>();
    new NodesTogether(nodes)
        .describe(
            name -> storage(name, snapshot),
            (node, storage, tables) -> {
              Known now = describe(node, storage, tables, snapshot);
              Known before = known.policy().getIfPresentQuietly(node.name());
              known.put(node.name(), now);
              if (before != null) {
                bumpIfOther(before, now);
              }
              learnt.put(node.name(), now);
            },
            (node, e) -> {
              noteFailure(node, e);
              failed.accept(node.name(), e);
            });
    return learnt;
  }

  /** As the cache does it for a single node: in the background, and what fails is forgotten. */
  private void relearn(List<DataNode> old, CatalogSnapshot snapshot) {
    if (!old.isEmpty() && relearning.compareAndSet(false, true)) {
      executor.execute(
          () -> {
            try {
              learn(
                  old,
                  snapshot,
                  (name, e) -> {
                    known.invalidate(name);
                    version.incrementAndGet();
                  });
            } finally {
              relearning.set(false);
            }
          });
    }
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

  private Known described(NodeName name, DataNode node, CatalogSnapshot snapshot) {
    Known now = known.get(name);
    if (now == null || !now.fits(node, storage(node.storage(), snapshot), snapshot)) {
      now = describe(node, snapshot);
      known.put(name, now);
    }
    return now;
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
    known.invalidateAll();
    stitchedNodes.clear();
    version.incrementAndGet();
  }

  @Override
  public void close() {
    catalog.close();
    storages.close();
  }

  private CacheLoader<NodeName, Known> loader() {
    return new CacheLoader<>() {
      @Override
      public @Nullable Known load(NodeName name) {
        return describe(name).orElse(null);
      }

      @Override
      public @Nullable Known reload(NodeName name, Known before) {
        try {
          Optional<Known> now = describe(name);
          now.ifPresent(after -> bumpIfOther(before, after));
          return now.orElse(null);
        } catch (DataNodeException e) {
          // Forgotten, so that who asks next is told what is wrong now.
          version.incrementAndGet();
          return null;
        }
      }
    };
  }

  private void learnt(NodeName name, Known before, Known now) {
    bumpIfOther(before, now);
    known.put(name, now);
  }

  private void bumpIfOther(Known before, Known now) {
    if (!before.sameShape(now)) {
      version.incrementAndGet();
    }
  }

  private Optional<Known> describe(NodeName name) {
    CatalogSnapshot snapshot = snapshot();
    return snapshot.find(name).map(node -> describe(node, snapshot));
  }

  private Known describe(DataNode node, CatalogSnapshot snapshot) {
    try {
      Storage storage = storage(node.storage(), snapshot);
      return describe(node, storage, storage::describe, snapshot);
    } catch (DataNodeException e) {
      noteFailure(node, e);
      throw e;
    }
  }

  private Known describe(
      DataNode node, Storage storage, TableDescriber tables, CatalogSnapshot snapshot) {
    Known now = Known.of(NodeResolver.resolve(node, storage, tables, snapshot), snapshot);
    storages.answered(node.storage());
    return now;
  }

  private void noteFailure(DataNode node, DataNodeException e) {
    if (e.sqlState().equals(SqlState.CANNOT_CONNECT_NOW.code())) {
      storages.failed(node.storage(), e);
    }
  }
}
