package io.datanode.server.metrics;

import io.datanode.engine.Engine;
import io.datanode.server.session.Sessions;
import io.datanode.server.session.StatementListener;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadPoolExecutor;

/** Counts requests, statements, rows and bytes of one server. Thread-safe. */
public final class ServerMetrics implements StatementListener, AutoCloseable {
  private static final Duration SHORTEST = Duration.ofMillis(1);
  private static final Duration LONGEST = Duration.ofMinutes(10);

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final JvmGcMetrics collections = new JvmGcMetrics();
  private final Counter rows =
      Counter.builder("datanode.rows").description("Rows handed out to clients").register(registry);

  // Finding a meter in the registry by its name and tags costs more than counting does.
  private final Map<Outcome, Timer> statements = new ConcurrentHashMap<>();
  private final Map<Answered, Timer> requests = new ConcurrentHashMap<>();
  private final Map<String, Counter> bytes = new ConcurrentHashMap<>();

  // Storages come and go, so they are looked for when somebody asks.
  private final MultiGauge connectionsNow =
      MultiGauge.builder("datanode.storage.connections")
          .description("Connections to storages, and statements that wait for one")
          .register(registry);
  private final MultiGauge mostConnections =
      MultiGauge.builder("datanode.storage.connections.max")
          .description("Connections to storages that there may be")
          .register(registry);
  private volatile Runnable connections = () -> {};

  private record Answered(String endpoint, int status) {}

  /** Metrics of the JVM, and of a server as soon as it counts. */
  public ServerMetrics() {
    new JvmMemoryMetrics().bindTo(registry);
    collections.bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ClassLoaderMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
  }

  /** Shows what is open now. */
  public void watch(Sessions sessions, Map<String, ThreadPoolExecutor> threads) {
    Gauge.builder("datanode.sessions", sessions, Sessions::size)
        .description("Open sessions")
        .register(registry);
    Gauge.builder("datanode.users.held", sessions, each -> each.holdings().bytes())
        .description("Requests, answers not taken yet and shipped rows")
        .baseUnit("bytes")
        .register(registry);
    Gauge.builder("datanode.statements.running", sessions, Sessions::runningStatements)
        .description("Statements with unread rows")
        .register(registry);
    threads.forEach(
        (name, pool) -> {
          Gauge.builder("datanode.threads.busy", pool, ThreadPoolExecutor::getActiveCount)
              .description("Threads that work on requests")
              .tag("pool", name)
              .register(registry);
          Gauge.builder("datanode.threads.max", pool, ThreadPoolExecutor::getMaximumPoolSize)
              .description("Threads that may work on requests")
              .tag("pool", name)
              .register(registry);
        });
  }

  /** Shows plans and connections of the engine that is served. */
  public void watch(Engine engine) {
    for (String result : List.of("hit", "miss")) {
      FunctionCounter.builder(
              "datanode.plans",
              engine,
              one -> result.equals("hit") ? one.planCounts().found() : one.planCounts().made())
          .description("Plans asked for, remembered or not")
          .tag("result", result)
          .register(registry);
    }
    connections =
        () -> {
          List<MultiGauge.Row<?>> rowsNow = new ArrayList<>();
          List<MultiGauge.Row<?>> most = new ArrayList<>();
          engine
              .connections()
              .forEach(
                  (storage, counts) -> {
                    rowsNow.add(row(storage, "active", counts.active()));
                    rowsNow.add(row(storage, "idle", counts.idle()));
                    rowsNow.add(row(storage, "waiting", counts.waiting()));
                    most.add(MultiGauge.Row.of(Tags.of("storage", storage), counts.max()));
                  });
          connectionsNow.register(rowsNow, true);
          mostConnections.register(most, true);
        };
  }

  private static MultiGauge.Row<?> row(String storage, String state, int count) {
    return MultiGauge.Row.of(Tags.of("storage", storage, "state", state), count);
  }

  @Override
  public void ended(Outcome outcome, Duration time, long count) {
    statements.computeIfAbsent(outcome, this::statementTimer).record(time);
    rows.increment(count);
  }

  private Timer statementTimer(Outcome outcome) {
    return Timer.builder("datanode.statements")
        .description("Statements from their start to the end of their result")
        .tag("outcome", outcome.name().toLowerCase(Locale.ROOT))
        .publishPercentileHistogram()
        .minimumExpectedValue(SHORTEST)
        .maximumExpectedValue(LONGEST)
        .register(registry);
  }

  /**
   * Counts a request that was answered.
   *
   * @param endpoint method and path under which the endpoint is found, or {@code none}
   * @param bytes of the answer's body
   */
  public void answered(String endpoint, int status, Duration time, long bytes) {
    requests.computeIfAbsent(new Answered(endpoint, status), this::requestTimer).record(time);
    this.bytes.computeIfAbsent(endpoint, this::byteCounter).increment(bytes);
  }

  private Timer requestTimer(Answered answered) {
    return Timer.builder("datanode.http.requests")
        .description("Requests until the end of their answer")
        .tag("endpoint", answered.endpoint())
        .tag("status", Integer.toString(answered.status()))
        .publishPercentileHistogram()
        .minimumExpectedValue(SHORTEST)
        .maximumExpectedValue(LONGEST)
        .register(registry);
  }

  private Counter byteCounter(String endpoint) {
    return Counter.builder("datanode.http.response.bytes")
        .description("Bytes of answers")
        .tag("endpoint", endpoint)
        .register(registry);
  }

  /** All that was counted, in Prometheus' text format. */
  public String text() {
    connections.run();
    return registry.scrape();
  }

  @Override
  public void close() {
    collections.close();
    registry.close();
  }
}
