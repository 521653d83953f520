package io.datanode.schema;

import com.github.benmanes.caffeine.cache.CacheLoader;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import com.github.benmanes.caffeine.cache.Ticker;
import io.datanode.DataNodeException;
import io.datanode.catalog.CatalogSnapshot;
import io.datanode.catalog.StorageDeclaration;
import io.datanode.jdbc.SqlState;
import io.datanode.node.DataNode;
import io.datanode.node.NodeName;
import io.datanode.storage.Storage;
import io.datanode.storage.TableDescriber;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What storages have said of nodes. Each is asked once per time to live, and in the background
 * after the first time. Thread-safe.
 */
final class KnownNodes {
  private static final int NODES_REMEMBERED = 50_000;

  /** Where nodes are declared now. */
  interface Declared {
    CatalogSnapshot snapshot();

    /**
     * The storage of this name, opened if need be.
     *
     * @throws DataNodeException if there is none, or it cannot be opened
     */
    Storage storage(String name, CatalogSnapshot snapshot);
  }

  private final Declared declared;
  private final Storages storages;
  private final Executor executor;
  private final Runnable changed;
  private final boolean remembers;
  private final LoadingCache<NodeName, KnownNode> known;
  private final AtomicBoolean relearning = new AtomicBoolean();

  /**
   * Nothing yet.
   *
   * @param timeToLive zero to ask each time
   * @param executor of background work
   * @param changed told when plans made with what was known may not hold any more
   */
  KnownNodes(
      Declared declared,
      Storages storages,
      Duration timeToLive,
      Ticker ticker,
      Executor executor,
      Runnable changed) {
    this.declared = declared;
    this.storages = storages;
    this.executor = executor;
    this.changed = changed;
    this.remembers = !timeToLive.isZero();
    Caffeine<Object, Object> builder =
        Caffeine.newBuilder().maximumSize(NODES_REMEMBERED).ticker(ticker).executor(executor);
    if (remembers) {
      builder.refreshAfterWrite(timeToLive);
    }
    this.known =
        remembers ? builder.build(loader()) : builder.build(name -> describe(name).orElse(null));
  }

  private CacheLoader<NodeName, KnownNode> loader() {
    return new CacheLoader<>() {
      @Override
      public @Nullable KnownNode load(NodeName name) {
        return describe(name).orElse(null);
      }

      @Override
      public @Nullable KnownNode reload(NodeName name, KnownNode before) {
        try {
          Optional<KnownNode> now = describe(name);
          now.ifPresent(after -> compare(before, after));
          return now.orElse(null);
        } catch (DataNodeException e) {
          // Forgotten, so that who asks next is told what is wrong now.
          changed.run();
          return null;
        }
      }
    };
  }

  /**
   * The node, asked for if it is not known, not remembered, or declared otherwise than it was.
   *
   * @throws DataNodeException if its storage cannot be asked, or the node is not as declared
   */
  ResolvedNode get(DataNode node, CatalogSnapshot snapshot) {
    NodeName name = node.name();
    KnownNode before = known.getIfPresent(name);
    if (!remembers && before != null) {
      return learnt(before, describe(node, snapshot)).resolved();
    }
    KnownNode now = known.get(name);
    if (now == null || !now.fits(node, declared.storage(node.storage(), snapshot), snapshot)) {
      now = describe(node, snapshot);
      known.put(name, now);
    }
    return now.resolved();
  }

  /** What is known of a node without asking; null if that is nothing, or no longer fits. */
  @Nullable ResolvedNode peek(DataNode node, CatalogSnapshot snapshot) {
    KnownNode before = known.policy().getIfPresentQuietly(node.name());
    return remembers && before != null && fits(before, node, snapshot) ? before.resolved() : null;
  }

  private boolean fits(KnownNode before, DataNode node, CatalogSnapshot snapshot) {
    StorageDeclaration declaration = snapshot.storages().get(node.storage());
    return declaration != null
        && storages
            .opened(declaration)
            .filter(storage -> before.fits(node, storage, snapshot))
            .isPresent();
  }

  /** True if what is known of a node is due to be asked for again. */
  boolean isOld(NodeName name) {
    return known
        .policy()
        .refreshAfterWrite()
        .flatMap(
            after -> after.ageOf(name).map(age -> age.compareTo(after.getRefreshesAfter()) >= 0))
        .orElse(false);
  }

  /** Asks for many nodes at once. */
  Map<NodeName, ResolvedNode> learn(
      List<DataNode> nodes,
      CatalogSnapshot snapshot,
      BiConsumer<NodeName, DataNodeException> failed) {
    Map<NodeName, ResolvedNode> learnt = new HashMap<>();
    new NodesTogether(nodes)
        .describe(
            name -> declared.storage(name, snapshot),
            (node, storage, tables) -> {
              KnownNode before = known.policy().getIfPresentQuietly(node.name());
              KnownNode now = learnt(before, describe(node, storage, tables, snapshot));
              learnt.put(node.name(), now.resolved());
            },
            (node, e) -> {
              noteFailure(node, e);
              failed.accept(node.name(), e);
            });
    return learnt;
  }

  /** As the cache does it for a single node: in the background, and what fails is forgotten. */
  void relearn(List<DataNode> old, CatalogSnapshot snapshot) {
    if (!old.isEmpty() && relearning.compareAndSet(false, true)) {
      executor.execute(
          () -> {
            try {
              learn(
                  old,
                  snapshot,
                  (name, e) -> {
                    known.invalidate(name);
                    changed.run();
                  });
            } finally {
              relearning.set(false);
            }
          });
    }
  }

  /** Forgets a node that is no longer published. */
  void forget(NodeName name) {
    known.invalidate(name);
  }

  /** Forgets all nodes. */
  void forgetAll() {
    known.invalidateAll();
  }

  private KnownNode learnt(@Nullable KnownNode before, KnownNode now) {
    known.put(now.resolved().node().name(), now);
    if (before != null) {
      compare(before, now);
    }
    return now;
  }

  private void compare(KnownNode before, KnownNode now) {
    if (!before.sameShape(now)) {
      changed.run();
    }
  }

  private Optional<KnownNode> describe(NodeName name) {
    CatalogSnapshot snapshot = declared.snapshot();
    return snapshot.find(name).map(node -> describe(node, snapshot));
  }

  private KnownNode describe(DataNode node, CatalogSnapshot snapshot) {
    try {
      Storage storage = declared.storage(node.storage(), snapshot);
      return describe(node, storage, storage::describe, snapshot);
    } catch (DataNodeException e) {
      noteFailure(node, e);
      throw e;
    }
  }

  private KnownNode describe(
      DataNode node, Storage storage, TableDescriber tables, CatalogSnapshot snapshot) {
    KnownNode now = KnownNode.of(NodeResolver.resolve(node, storage, tables, snapshot), snapshot);
    storages.answered(node.storage());
    return now;
  }

  private void noteFailure(DataNode node, DataNodeException e) {
    if (e.sqlState().equals(SqlState.CANNOT_CONNECT_NOW.code())) {
      storages.failed(node.storage(), e);
    }
  }
}
