package io.datanode.server;

import io.datanode.engine.Engine;
import io.datanode.engine.SessionBounds;
import io.datanode.jdbc.SqlState;
import io.datanode.jdbc.session.Session;
import io.datanode.schema.Nodes;
import io.datanode.server.access.Login;
import io.datanode.server.access.User;
import io.datanode.server.http.AvaticaEndpoint;
import io.datanode.server.http.ClientPresence;
import io.datanode.server.http.ClientWatches;
import io.datanode.server.http.ConnectionRoom;
import io.datanode.server.http.Endpoint;
import io.datanode.server.http.HealthEndpoint;
import io.datanode.server.http.MetricsEndpoint;
import io.datanode.server.http.RequestBodies;
import io.datanode.server.http.Router;
import io.datanode.server.http.SlowHeads;
import io.datanode.server.http.UnreadableRequests;
import io.datanode.server.http.WireEndpoint;
import io.datanode.server.metrics.ServerMetrics;
import io.datanode.server.rest.RestEndpoints;
import io.datanode.server.session.RequestRate;
import io.datanode.server.session.SessionFactory;
import io.datanode.server.session.Sessions;
import io.datanode.server.tls.ServerTls;
import io.datanode.server.tls.TlsFiles;
import java.io.IOException;
import java.net.BindException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A server for sessions of an engine. Started by {@link #start}; stopped by {@link #close}, which
 * lets running requests end first. The engine stays open: whoever opened it closes it.
 */
public final class DataNodeServer implements AutoCloseable {
  private static final Logger LOGGER = LoggerFactory.getLogger(DataNodeServer.class);
  private static final int SHORT_THREADS = 256;

  private final ServerSettings settings;
  private final Login login;
  private final @Nullable ServerTls tls;
  private final ServerMetrics metrics = new ServerMetrics();
  private final ClientWatches watches = new ClientWatches();
  private final Sessions sessions;
  private final RequestBodies bodies;
  private final SlowHeads heads;
  private final ConnectionRoom room;
  private final ClientPresence presence;
  private final Server jetty;
  private final ServerConnector connector;
  private final ThreadPoolExecutor statementThreads;
  private final ThreadPoolExecutor shortThreads;
  private final ScheduledExecutorService timer;

  private DataNodeServer(
      ServerSettings settings,
      SessionFactory factory,
      @Nullable Function<User, Nodes> nodes,
      Callable<?> readiness,
      InstantSource clock)
      throws SQLException {
    this.settings = settings;
    boolean onlyLocal = settings.onlyLocal();
    login = new Login(settings.access().authenticators(), clock);
    if (!onlyLocal) {
      requireProtection(settings);
    }
    timer = timer();
    sessions = new Sessions(withDefaults(factory), settings.limits(), clock, timer, metrics);
    statementThreads = threads("statement", settings.statementThreads());
    shortThreads = threads("request", SHORT_THREADS);
    presence = new ClientPresence(timer, shortThreads);
    metrics.watch(sessions, Map.of("statement", statementThreads, "request", shortThreads));

    QueuedThreadPool networkThreads = new QueuedThreadPool(32, 4);
    networkThreads.setName("network");
    networkThreads.setDaemon(true);
    jetty = new Server(networkThreads);
    jetty.setStopTimeout(0);
    HttpConfiguration http = new HttpConfiguration();
    http.setSendServerVersion(false);
    http.setSendDateHeader(false);
    TlsFiles tlsFiles = settings.access().tls();
    tls = tlsFiles == null ? null : new ServerTls(tlsFiles);
    HttpConnectionFactory plain = new HttpConnectionFactory(http);
    connector =
        tls == null
            ? new ServerConnector(jetty, 1, 2, plain)
            : new ServerConnector(jetty, 1, 2, encrypted(tls, http, plain));
    connector.setHost(settings.host());
    connector.setPort(settings.port());
    // Kept-alive connections of pools, and clients that pause while rows wait for them.
    connector.setIdleTimeout(settings.limits().statementIdle().toMillis());
    jetty.addConnector(connector);
    RequestLimits requests = settings.requests();
    bodies = new RequestBodies(requests.maxBytes(), requests.arrival(), clock);
    heads = new SlowHeads(requests.arrival(), clock);
    room = new ConnectionRoom(requests.connections());
    room.limit(connector);
    jetty.setErrorHandler(new UnreadableRequests());
    jetty.setHandler(
        new Router(
            endpoints(nodes, readiness),
            Map.<Endpoint.Lane, Executor>of(
                Endpoint.Lane.STATEMENT, statementThreads, Endpoint.Lane.SHORT, shortThreads),
            login,
            new RequestRate(settings.limits().user().requestsPerSecond(), clock),
            metrics,
            watches,
            bodies,
            heads,
            sessions.holdings(),
            onlyLocal));
  }

  private static void requireProtection(ServerSettings settings) throws SQLException {
    String reach = "Host '" + settings.host() + "' can be reached from other machines, ";
    if (settings.access().authenticators().isEmpty()) {
      throw SqlState.CONFIGURATION_ERROR.exception(
          reach
              + "and this server does not know its users; give --users, --tokens or --jwt-keys, or"
              + " listen on 127.0.0.1 and reach it through an SSH tunnel or an authenticating proxy");
    }
    if (settings.access().tls() == null && !settings.access().plaintext()) {
      throw SqlState.CONFIGURATION_ERROR.exception(
          reach
              + "and passwords and rows could be read on their way; give --tls-certificate and"
              + " --tls-key, or put a proxy that speaks TLS in front and say so with"
              + " --insecure-plaintext");
    }
  }

  private static ConnectionFactory[] encrypted(
      ServerTls tls, HttpConfiguration http, HttpConnectionFactory plain) {
    http.addCustomizer(new SecureRequestCustomizer(false));
    return new ConnectionFactory[] {
      new SslConnectionFactory(tls.context(), plain.getProtocol()), plain
    };
  }

  private SessionFactory withDefaults(SessionFactory factory) {
    return new SessionFactory() {
      @Override
      public Session open(String user, Map<String, String> given) throws SQLException {
        return factory.open(user, complete(given));
      }

      @Override
      public Session open(User user, Map<String, String> given, SessionBounds bounds)
          throws SQLException {
        return factory.open(user, complete(given), bounds);
      }

      @Override
      public boolean goesOn(User user, Session session) {
        return factory.goesOn(user, session);
      }

      private Map<String, String> complete(Map<String, String> given) {
        Map<String, String> values = new LinkedHashMap<>(settings.sessionDefaults());
        values.putAll(given);
        return values;
      }
    };
  }

  private Map<String, Endpoint> endpoints(
      @Nullable Function<User, Nodes> nodes, Callable<?> readiness) {
    Callable<?> ready =
        () -> {
          sessions.requireGoingOn();
          return readiness.call();
        };
    Map<String, Endpoint> endpoints = new LinkedHashMap<>();
    endpoints.put("POST /", new AvaticaEndpoint(sessions));
    endpoints.put("POST /jdbc/v1/*", new WireEndpoint(sessions, shortThreads, presence));
    endpoints.putAll(
        RestEndpoints.of(
            sessions, nodes, settings.inPast(), shortThreads, settings.requests().maxBytes()));
    endpoints.put("GET /health", HealthEndpoint.up());
    endpoints.put("GET /metrics", new MetricsEndpoint(metrics));
    endpoints.put("GET /ready", HealthEndpoint.ready(ready, !login.required()));
    return endpoints;
  }

  /**
   * Starts serving an engine, which stays open.
   *
   * @throws SQLException with a message for the user if the address cannot be listened on
   */
  public static DataNodeServer start(ServerSettings settings, Engine engine, InstantSource clock)
      throws SQLException {
    EngineSessions sessions = new EngineSessions(engine, settings.access());
    DataNodeServer server =
        start(settings, sessions, sessions::nodes, () -> engine.nodes().snapshot(), clock);
    server.metrics.watch(engine);
    return server;
  }

  /**
   * Starts serving sessions of any kind: SQL, but no searches and no list of nodes.
   *
   * @param factory opens the sessions of clients
   * @param readiness throws if the catalog cannot be read
   * @throws SQLException with a message for the user if the address cannot be listened on
   */
  public static DataNodeServer start(
      ServerSettings settings, SessionFactory factory, Callable<?> readiness, InstantSource clock)
      throws SQLException {
    return start(settings, factory, null, readiness, clock);
  }

  private static DataNodeServer start(
      ServerSettings settings,
      SessionFactory factory,
      @Nullable Function<User, Nodes> nodes,
      Callable<?> readiness,
      InstantSource clock)
      throws SQLException {
    DataNodeServer server = new DataNodeServer(settings, factory, nodes, readiness, clock);
    try {
      server.jetty.start();
    } catch (Exception e) {
      server.close();
      throw cannotListen(settings, e);
    }
    long seconds = expiryInterval(settings).toSeconds();
    server.timer.scheduleWithFixedDelay(server::closeIdle, seconds, seconds, TimeUnit.SECONDS);
    server.timer.scheduleWithFixedDelay(
        server.watches::look, ClientWatches.MILLIS, ClientWatches.MILLIS, TimeUnit.MILLISECONDS);
    ServerTls tls = server.tls;
    if (tls != null) {
      server.timer.scheduleWithFixedDelay(tls::renew, 1, 1, TimeUnit.SECONDS);
    }
    server.timer.scheduleWithFixedDelay(server::refuseSlow, 1, 1, TimeUnit.SECONDS);
    LOGGER.info("Listening on {}", server.httpUrl());
    return server;
  }

  private static Duration expiryInterval(ServerSettings settings) {
    Duration shortest = settings.limits().statementIdle();
    if (shortest.compareTo(settings.limits().sessionIdle()) > 0) {
      shortest = settings.limits().sessionIdle();
    }
    return Duration.ofSeconds(Math.max(1, Math.min(30, shortest.toSeconds() / 4)));
  }

  private static SQLException cannotListen(ServerSettings settings, Exception e) {
    String address = settings.host() + ":" + settings.port();
    Throwable cause = e instanceof IOException && e.getCause() != null ? e.getCause() : e;
    if (cause instanceof BindException) {
      return SqlState.CONNECTION_FAILED.exception(
          "Cannot listen on "
              + address
              + ": "
              + (settings.port() != 0 ? "the port is in use; give another with --port, or" : "give")
              + " --port 0 for any that is free",
          e);
    }
    return SqlState.CONNECTION_FAILED.exception(
        "Cannot listen on " + address + ": " + cause.getMessage(), e);
  }

  /** Ends what has not arrived in time, and what stands in the way of others. */
  void refuseSlow() {
    try {
      bodies.refuseSlow();
      heads.hangUp(connector.getConnectedEndPoints());
      room.make(connector.getConnectedEndPoints(), presence::forget);
    } catch (RuntimeException e) {
      LOGGER.error("Hanging up on slow clients failed; trying again later", e);
    }
  }

  private void closeIdle() {
    try {
      sessions.closeIdle();
    } catch (RuntimeException e) {
      LOGGER.error("Closing idle sessions failed; trying again later", e);
    }
  }

  /** The port it listens on. */
  public int port() {
    return connector.getLocalPort();
  }

  /** Where HTTP requests go, for example {@code http://127.0.0.1:8765}. */
  public String httpUrl() {
    return (tls == null ? "http://" : "https://") + hostAndPort();
  }

  /** What to paste into a JDBC tool. */
  public String jdbcUrl() {
    return "jdbc:datanode://" + hostAndPort() + (tls == null ? "" : "/?ssl=true");
  }

  private String hostAndPort() {
    String host = settings.host().contains(":") ? "[" + settings.host() + "]" : settings.host();
    return host + ":" + port();
  }

  /** The sessions of all clients. */
  public Sessions sessions() {
    return sessions;
  }

  /** Threads that run a statement or read its rows now. */
  int busyStatementThreads() {
    return statementThreads.getActiveCount();
  }

  /** Connections of clients, whether or not they carry a request. */
  int connections() {
    return connector.getConnectedEndPoints().size();
  }

  /** Clients that have not come to the end of a request's head. */
  int awaitedClients() {
    return heads.awaited();
  }

  /** Requests whose body has not arrived. */
  int arrivingRequests() {
    return bodies.arriving();
  }

  /** True if no request is being worked on. */
  boolean atRest() {
    return statementThreads.getActiveCount() == 0 && shortThreads.getActiveCount() == 0;
  }

  /**
   * Stops: takes no new sessions and statements, lets those that run be read to their end for a
   * while, then breaks off. Until then {@code /ready} says that it is shutting down.
   */
  @Override
  public void close() {
    presence.stop();
    sessions.stop();
    long deadline = System.nanoTime() + settings.drain().toNanos();
    while (!(atRest() && sessions.runningStatements() == 0) && System.nanoTime() < deadline) {
      try {
        TimeUnit.MILLISECONDS.sleep(20);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        break;
      }
    }
    // Wakes those that wait for clients which take no rows; statements are stopped by the next
    // line.
    statementThreads.shutdownNow();
    sessions.close();
    try {
      jetty.stop();
    } catch (Exception e) {
      LOGGER.warn("The HTTP server did not stop cleanly: {}", e.getMessage());
    }
    shortThreads.shutdownNow();
    // Last, because statements that still end want it.
    timer.shutdownNow();
    login.close();
    metrics.close();
  }

  private static ThreadPoolExecutor threads(String name, int max) {
    return new ThreadPoolExecutor(
        0, max, 60, TimeUnit.SECONDS, new SynchronousQueue<>(), named(name));
  }

  /** Limits that were not reached are forgotten at once, not when they would have been. */
  private static ScheduledExecutorService timer() {
    ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, named("expiry"));
    timer.setRemoveOnCancelPolicy(true);
    return timer;
  }

  private static ThreadFactory named(String name) {
    AtomicInteger count = new AtomicInteger();
    return task -> {
      Thread thread = new Thread(task, name + "-" + count.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }
}
