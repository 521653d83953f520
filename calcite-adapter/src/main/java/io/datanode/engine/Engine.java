package io.datanode.engine;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.datanode.DataNodeException;
import io.datanode.Product;
import io.datanode.jdbc.SqlState;
import io.datanode.plan.PlanCounts;
import io.datanode.plan.QueryPlanner;
import io.datanode.plan.SqlPlanner;
import io.datanode.schema.CatalogNodes;
import io.datanode.schema.DeclaredCatalog;
import io.datanode.schema.NodeGrants;
import io.datanode.schema.Nodes;
import io.datanode.storage.ConnectionCounts;
import io.datanode.storage.EmbeddedEngine;
import io.datanode.storage.EmbeddedEngineProvider;
import java.time.Clock;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs SQL over the nodes of one catalog, for any number of sessions. Thread-safe.
 *
 * <p>It has one thread of its own, for time limits, and some to ship pieces of one query beside
 * each other; else a query runs in the thread that asks for its rows, and in those of its storage.
 */
public final class Engine implements AutoCloseable {
  /** The name that clients are shown. */
  public static final String PRODUCT_NAME = Product.NAME;

  /** Sets of grants whose plans are remembered. */
  private static final int VIEWS = 100;

  /** How long closing waits for a piece that a storage does not let go. */
  private static final long PATIENCE_SECONDS = 10;

  private final Nodes nodes;
  private final EmbeddedEngine embedded;
  private final View everything;
  private final Cache<NodeGrants, View> views = Caffeine.newBuilder().maximumSize(VIEWS).build();
  private final QueryLog queryLog;
  private final Clock clock;
  private final ChangedTables changedTables;
  private final ScheduledThreadPoolExecutor timer;
  private final ExecutorService shipping;
  private final Set<EngineSession> sessions = ConcurrentHashMap.newKeySet();
  private volatile boolean open = true;

  Engine(
      Nodes nodes,
      EmbeddedEngine embedded,
      QueryPlanner planner,
      MetadataSchema metadata,
      QueryLog queryLog,
      Clock clock) {
    this.nodes = nodes;
    this.embedded = embedded;
    Pages pages = new Pages();
    this.everything =
        new View(nodes, planner, new Searches(nodes, pages), pages, metadata, NodeGrants.ALL);
    this.queryLog = queryLog;
    this.clock = clock;
    this.changedTables = new ChangedTables(clock);
    this.timer =
        new ScheduledThreadPoolExecutor(
            1,
            work -> {
              Thread thread = new Thread(work, "datanode-time-limits");
              thread.setDaemon(true);
              return thread;
            },
            new ThreadPoolExecutor.DiscardPolicy());
    AtomicInteger number = new AtomicInteger();
    this.shipping =
        Executors.newCachedThreadPool(
            work -> {
              Thread thread = new Thread(work, "datanode-shipping-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    timer.setRemoveOnCancelPolicy(true);
    timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  /**
   * Opens an engine over the nodes found at a location.
   *
   * @param location a folder, a data file, a {@code .duckdb} file, a catalog file, or {@code
   *     postgresql://host/database}
   * @param settings values by {@link io.datanode.jdbc.Setting} key; those that concern no engine
   *     are passed over
   * @throws DataNodeException if there is no catalog, or it is wrong; F0000 or 58030 mostly
   */
  public static Engine open(String location, Map<String, String> settings) {
    Thread classes = new Thread(SqlPlanner::loadClasses, "datanode-load-planner");
    classes.setDaemon(true);
    classes.start();
    EmbeddedEngine embedded = embedded(settings);
    Nodes nodes = null;
    try {
      nodes = CatalogNodes.open(location, settings, embedded);
      QueryLog log = new QueryLog();
      MetadataSchema metadata = new MetadataSchema(nodes, log);
      return new Engine(
          nodes,
          embedded,
          new SqlPlanner(nodes, metadata, embedded.dialect()),
          metadata,
          log,
          Clock.systemUTC());
    } catch (RuntimeException | Error e) {
      if (nodes != null) {
        nodes.close();
      }
      embedded.close();
      throw e;
    }
  }

  /**
   * Opens a catalog by itself, to copy what it declares or to change it.
   *
   * @param location as above
   * @throws DataNodeException as above
   */
  public static DeclaredCatalog openCatalog(String location) {
    return DeclaredCatalog.open(location, embedded(Map.of()));
  }

  private static EmbeddedEngine embedded(Map<String, String> settings) {
    return ServiceLoader.load(EmbeddedEngineProvider.class, Engine.class.getClassLoader())
        .findFirst()
        .orElseThrow(
            () ->
                new DataNodeException(
                    SqlState.CONFIGURATION_ERROR,
                    "No embedded engine is on the class path; META-INF/services of this jar names"
                        + " one, so the jar has been repacked without its services"))
        .open(settings);
  }

  /** The embedded DuckDB in which its storages live, for those who put rows into tables there. */
  public EmbeddedEngine embedded() {
    return embedded;
  }

  /** The version of this engine. */
  public static String version() {
    return Product.version();
  }

  /**
   * A session for a user.
   *
   * @param user who it is; empty if nobody logged in
   * @param settings values by {@link io.datanode.jdbc.Setting} key; those that concern no session
   *     are passed over
   * @throws DataNodeException 22023 or 3F000 for a setting that makes no sense, 57P01 if the engine
   *     is closed
   */
  public EngineSession session(String user, Map<String, String> settings) {
    return session(user, NodeGrants.ALL, settings, SessionBounds.NONE, () -> {});
  }

  /**
   * A session for a user who may not see everything. What is not granted does not exist for it, by
   * whatever name or way it is asked for.
   *
   * @throws DataNodeException as {@link #session(String, Map)}
   */
  public EngineSession session(String user, NodeGrants grants, Map<String, String> settings) {
    return session(user, grants, settings, SessionBounds.NONE);
  }

  /**
   * A session for a user who may not take everything either.
   *
   * @param bounds what it is allowed, whatever its settings say
   * @throws DataNodeException as {@link #session(String, Map)}; 22023 also for a setting beyond the
   *     bounds
   */
  public EngineSession session(
      String user, NodeGrants grants, Map<String, String> settings, SessionBounds bounds) {
    return session(user, grants, settings, bounds, () -> {});
  }

  EngineSession session(String user, Map<String, String> settings, Runnable onClose) {
    return session(user, NodeGrants.ALL, settings, SessionBounds.NONE, onClose);
  }

  private EngineSession session(
      String user,
      NodeGrants grants,
      Map<String, String> settings,
      SessionBounds bounds,
      Runnable onClose) {
    if (!open) {
      throw new DataNodeException(SqlState.SERVER_SHUTDOWN, "The engine is shut down");
    }
    EngineSession[] self = new EngineSession[1];
    EngineSession session =
        new EngineSession(
            this,
            view(grants),
            user,
            settings,
            bounds,
            () -> {
              sessions.remove(self[0]);
              onClose.run();
            });
    self[0] = session;
    sessions.add(session);
    return session;
  }

  /** The nodes that can be queried now. */
  public Nodes nodes() {
    return nodes;
  }

  /** Those of them that a user with these grants can query. */
  public Nodes nodes(NodeGrants grants) {
    return view(grants).nodes();
  }

  private View view(NodeGrants grants) {
    return grants.equals(NodeGrants.ALL)
        ? everything
        : views.get(grants, some -> View.of(some, nodes, queryLog, embedded));
  }

  /** How often plans were remembered, since it was opened. */
  public PlanCounts planCounts() {
    return views.asMap().values().stream()
        .map(view -> view.planner().counts())
        .reduce(everything.planner().counts(), PlanCounts::plus);
  }

  /** Connections of open storages that have pools, by name of the storage. */
  public Map<String, ConnectionCounts> connections() {
    Map<String, ConnectionCounts> counts = new TreeMap<>();
    for (Nodes.StorageState state : nodes.storageStates()) {
      if (state.open()) {
        nodes.storage(state.name()).connections().ifPresent(each -> counts.put(state.name(), each));
      }
    }
    return counts;
  }

  /** Sessions that are open now. */
  public int openSessions() {
    return sessions.size();
  }

  /** True until {@link #close()}. */
  public boolean isOpen() {
    return open;
  }

  ChangedTables changedTables() {
    return changedTables;
  }

  QueryPlanner planner() {
    return everything.planner();
  }

  ReadTimes readTimes() {
    return new ReadTimes(embedded);
  }

  QueryLog queryLog() {
    return queryLog;
  }

  Clock clock() {
    return clock;
  }

  ScheduledThreadPoolExecutor timer() {
    return timer;
  }

  /**
   * A run of a statement.
   *
   * @param metadata what the user sees of the tables of {@code metadata}
   */
  QueryRun run(
      MetadataSchema metadata,
      RunningStatement statement,
      QueryLog.Entry log,
      QueryRun.Arguments arguments) {
    return new QueryRun(nodes, embedded, metadata, statement, log, arguments, shipping);
  }

  /** Ends all sessions, stops what runs, closes the storages. Calling it again does nothing. */
  @Override
  public void close() {
    synchronized (this) {
      if (!open) {
        return;
      }
      open = false;
    }
    for (EngineSession session : Set.copyOf(sessions)) {
      session.close();
    }
    timer.shutdownNow();
    endShipping();
    try {
      nodes.close();
    } finally {
      embedded.close();
    }
  }

  /** Waits for pieces that have been told to stop: they still use the embedded engine. */
  private void endShipping() {
    shipping.shutdown();
    try {
      shipping.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
