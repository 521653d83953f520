package io.datanode.engine;

import io.datanode.DataNodeException;
import io.datanode.jdbc.Setting;
import io.datanode.jdbc.SqlState;
import io.datanode.jdbc.session.MetadataCall;
import io.datanode.jdbc.session.Result;
import io.datanode.jdbc.session.Session;
import io.datanode.jdbc.session.SessionInfo;
import io.datanode.jdbc.session.StatementCall;
import io.datanode.jdbc.session.StatementShape;
import io.datanode.node.NodeName;
import io.datanode.plan.MetadataTables;
import io.datanode.plan.Plan;
import io.datanode.plan.PlanSettings;
import io.datanode.schema.NodeGrants;
import io.datanode.schema.Nodes;
import io.datanode.search.OrderedRows;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One user's session with an {@link Engine} in this process. Beyond SQL it runs queries that are
 * built, in the same way: with the same settings, log, limits and errors.
 */
public final class EngineSession implements Session {
  private final Engine engine;
  private final View view;
  private final String user;
  private final SessionSettings initial;
  private final boolean zonedTimestamps;
  private final Runnable onClose;
  private final Map<String, RunningStatement> running = new ConcurrentHashMap<>();
  private final Map<String, StatementResult> results = new ConcurrentHashMap<>();
  private final AtomicBoolean closed = new AtomicBoolean();
  private final Failures failures = new Failures();
  private final SessionTime time;
  private final MemoryAccount memory;
  private volatile SessionSettings settings;

  /**
   * A session that has not run anything.
   *
   * @param values settings by key, as the URL gives them
   * @param bounds what the session is allowed
   * @param onClose called once, when the session has ended
   * @throws DataNodeException 22023 or 3F000 for a setting that makes no sense
   */
  EngineSession(
      Engine engine,
      View view,
      String user,
      Map<String, String> values,
      SessionBounds bounds,
      Runnable onClose) {
    this.engine = engine;
    this.view = view;
    this.user = user;
    this.initial = SessionSettings.of(values, schemas(), bounds.maxShippedRows());
    this.memory = bounds.memory();
    this.time = new SessionTime(SessionClock.of(values, initial.timeZone(), engine.clock()));
    this.settings = time.reached(initial);
    this.zonedTimestamps =
        "with_time_zone".equalsIgnoreCase(values.get(Setting.TIMESTAMP_TYPE.key()));
    this.onClose = onClose;
  }

  /** The engine this is a session of. */
  public Engine engine() {
    return engine;
  }

  /** What its user may see. */
  public NodeGrants grants() {
    return view.grants();
  }

  /** The nodes its user can query. */
  public Nodes nodes() {
    return view.nodes();
  }

  View view() {
    return view;
  }

  String user() {
    return user;
  }

  SessionTime time() {
    return time;
  }

  MemoryAccount memory() {
    return memory;
  }

  Failures failures() {
    return failures;
  }

  /** What settings say of the time the session is in; the same text for the same time. */
  String timeText() {
    return time.text(settings);
  }

  private List<String> schemas() {
    List<String> schemas = new ArrayList<>(view.nodes().snapshot().namespaces());
    schemas.add(MetadataTables.SCHEMA);
    return schemas;
  }

  @Override
  public SessionInfo info() {
    SessionSettings now = settings;
    return new SessionInfo(
        Engine.PRODUCT_NAME, Engine.version(), user, now.schema(), now.timeZone());
  }

  @Override
  public StatementShape prepare(String sql) throws SQLException {
    return failures.guard(
        "preparing a statement",
        () -> {
          checkOpen();
          PlanSettings planned = planSettings(settings, null, false);
          try {
            return view.planner().plan(sql, planned).shape();
          } catch (DataNodeException e) {
            Map<NodeName, String> unreadable =
                UnreadableNodes.mayExplain(e, sql)
                    ? new UnreadableNodes(view.nodes()).found(read -> {})
                    : Map.of();
            if (unreadable.isEmpty()) {
              throw e;
            }
            return view.planner().plan(sql, planned.without(unreadable)).shape();
          }
        });
  }

  PlanSettings planSettings(SessionSettings now, @Nullable Instant asOf, boolean limited) {
    return new PlanSettings(
            now.schema(), now.timeZone(), limited, now.pushdown(), now.strictPushdown())
        .inPast(asOf != null || time.isInPast(now))
        .strictPointInTime(now.strictPointInTime());
  }

  @Override
  public Result execute(StatementCall call) throws SQLException {
    return execute(
        new AskedStatement(
            call.id(),
            call.sql(),
            call.parameters(),
            call.maxRows(),
            call.timeoutSeconds(),
            null,
            settings -> view.planner().plan(call.sql(), settings)));
  }

  /**
   * Runs a query that is built. The result holds resources of the session until it is closed.
   *
   * @throws SQLException as for SQL
   */
  public Result execute(RelationalCall call) throws SQLException {
    return execute(asked(call, call.query().toString(), plan -> plan));
  }

  /**
   * Says how a query that is built would run, as {@code EXPLAIN PLAN [AS JSON] FOR} does for SQL.
   *
   * @param json one row of JSON rather than lines of text
   */
  public Result explain(RelationalCall call, boolean json) throws SQLException {
    return execute(
        asked(call, "EXPLAIN PLAN FOR " + call.query(), plan -> Plan.Explain.of(plan, json)));
  }

  /**
   * Runs a search. The result holds resources of the session until it is closed.
   *
   * @throws SQLException as for SQL; if the request is at fault, its cause is an {@link
   *     io.datanode.search.InvalidSearchException}, which says where
   */
  public SearchResult search(SearchCall call) throws SQLException {
    return view.searches().run(this, call);
  }

  /**
   * Says how a search would run, as {@code EXPLAIN PLAN [AS JSON] FOR} does for SQL.
   *
   * @param json one row of JSON rather than lines of text
   */
  public Result explain(SearchCall call, boolean json) throws SQLException {
    return view.searches().explain(this, call, json);
  }

  /**
   * Reads a page of rows. The result holds resources of the session until it is closed.
   *
   * @throws SQLException as for SQL
   */
  public PagedResult page(OrderedRows rows, PageCall call) throws SQLException {
    return view.pages()
        .run(
            this,
            rows,
            call,
            (portions, start, reached) -> new PagedResult(rows, portions, call, start, reached));
  }

  /** Says how a page would be read, as {@code EXPLAIN PLAN AS JSON FOR} does for SQL. */
  public Result explain(OrderedRows rows, PageCall call) throws SQLException {
    return view.pages().explain(this, rows, call, true);
  }

  private AskedStatement asked(RelationalCall call, String text, Function<Plan.Query, Plan> use) {
    return new AskedStatement(
        call.id(),
        text,
        call.parameters(),
        call.maxRows(),
        call.timeoutSeconds(),
        call.asOf(),
        settings -> use.apply(view.planner().plan(call.query(), settings)));
  }

  private Result execute(AskedStatement call) throws SQLException {
    failures.guard("executing a statement", this::checkOpenAndReturn);
    SessionSettings now = settings;
    Instant startedAt = engine.clock().instant().truncatedTo(ChronoUnit.MICROS);
    int timeout = call.timeoutSeconds() > 0 ? call.timeoutSeconds() : now.queryTimeoutSeconds();
    RunningStatement statement = new RunningStatement(call.id(), timeout, engine.timer());
    if (running.putIfAbsent(call.id(), statement) != null) {
      throw SqlState.INVALID_PARAMETER.exception(
          "Statement '" + call.id() + "' is still running in this session");
    }
    QueryLog.Entry log =
        engine
            .queryLog()
            .begin(call.id(), user, now.applicationName(), startedAt, call.text(), now::changed);
    try {
      return new StatementRun(this, now, call, statement, log).result();
    } catch (RuntimeException | Error e) {
      running.remove(call.id());
      throw failures.of(e, log, statement);
    }
  }

  /** Keeps a result until it has {@link #ended} or the session is closed. */
  void opened(String statementId, StatementResult result) {
    results.put(statementId, result);
    if (closed.get()) {
      result.close();
    }
  }

  /** Nothing of a statement is left. */
  void ended(String statementId) {
    running.remove(statementId);
    results.remove(statementId);
  }

  @Override
  public Result metadata(MetadataCall call) throws SQLException {
    return failures.guard(
        "metadata call " + call.method(),
        () -> {
          checkOpen();
          MetadataResults.Rows rows =
              new MetadataResults(view.nodes(), user, zonedTimestamps, time.isInPast(settings))
                  .rows(call);
          return new MadeResult(rows.columns(), settings.timeZone(), rows.batches());
        });
  }

  @Override
  public void set(String key, @Nullable String value) throws SQLException {
    failures.guard(
        "setting " + key,
        () -> {
          checkOpen();
          change(key, value);
          return true;
        });
  }

  synchronized void change(String key, @Nullable String value) {
    settings = time.reached(settings.with(key, value, initial, schemas()));
  }

  @Override
  public void cancel(String statementId) {
    RunningStatement statement = running.get(statementId);
    if (statement != null) {
      statement.stop(RunningStatement.Reason.USER);
    }
  }

  @Override
  public boolean isValid(int timeoutSeconds) {
    return !closed.get() && engine.isOpen();
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      try {
        running.values().forEach(each -> each.stop(RunningStatement.Reason.SESSION_CLOSED));
        new ArrayList<>(results.values()).forEach(StatementResult::close);
      } finally {
        onClose.run();
      }
    }
  }

  /** Statements whose results are open or that run now. */
  int openStatements() {
    return running.size();
  }

  private boolean checkOpenAndReturn() {
    checkOpen();
    return true;
  }

  private void checkOpen() {
    if (closed.get()) {
      throw new DataNodeException(SqlState.CONNECTION_CLOSED, "The connection is closed");
    }
    if (!engine.isOpen()) {
      throw new DataNodeException(SqlState.SERVER_SHUTDOWN, "The engine is shut down");
    }
  }
}
