package io.datanode.engine;

import io.datanode.DataNodeException;
import io.datanode.jdbc.Setting;
import io.datanode.jdbc.SqlState;
import io.datanode.jdbc.batch.ColumnBatch;
import io.datanode.jdbc.batch.LongVector;
import io.datanode.jdbc.session.MetadataCall;
import io.datanode.jdbc.session.Result;
import io.datanode.jdbc.session.Session;
import io.datanode.jdbc.session.SessionInfo;
import io.datanode.jdbc.session.StatementCall;
import io.datanode.jdbc.session.StatementShape;
import io.datanode.node.NodeName;
import io.datanode.plan.DecimalPlace;
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
import java.util.Collections;
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
  private final SessionClock clock;
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
    this.clock = SessionClock.of(values, initial.timeZone(), engine.clock());
    this.settings = reached(initial);
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

  private PlanSettings planSettings(SessionSettings now, @Nullable Instant asOf, boolean limited) {
    return new PlanSettings(
            now.schema(), now.timeZone(), limited, now.pushdown(), now.strictPushdown())
        .inPast(asOf != null || isInPast(now))
        .strictPointInTime(now.strictPointInTime());
  }

  /** What settings say of the time the session is in; the same text for the same time. */
  String time() {
    SessionSettings now = settings;
    return now.asOf()
        + " "
        + now.asOfDelay()
        + (clock.replays() ? " " + clock.opened() + " " + clock.from() : "");
  }

  /** True if not all that is known now is seen. */
  private boolean isInPast(SessionSettings now) {
    return now.asOf() != null || clock.replays() || !now.asOfDelay().isZero();
  }

  /**
   * What time it is for a statement, and up to when it sees what became known.
   *
   * @param asked the instant it asks to be in, or null
   * @throws DataNodeException 22023 if that is later than the session
   */
  private StatementTimes times(SessionSettings now, @Nullable Instant asked, boolean ignoresDelay) {
    Instant moment = clock.now();
    if (now.asOf() != null) {
      moment = earlier("asOf ", now.asOf(), clock.replays() ? moment : null);
    }
    if (asked != null) {
      moment = earlier("as_of ", asked, isInPast(now) ? moment : null);
    }
    boolean all = asked == null && !isInPast(now);
    return StatementTimes.of(
        moment, all ? null : ignoresDelay ? moment : moment.minus(now.asOfDelay()));
  }

  private static Instant earlier(String what, Instant time, @Nullable Instant limit) {
    if (limit != null && time.isAfter(limit)) {
      throw StatementTimes.peeking(what + time, limit, "");
    }
    return time;
  }

  /**
   * A statement to run, written or built.
   *
   * @param text for the query log
   * @param asOf the instant it is to be in, or null for that of the session
   * @param planning makes its plan, again if need be
   */
  private record Asked(
      String id,
      String text,
      List<@Nullable Object> parameters,
      long maxRows,
      int timeoutSeconds,
      @Nullable Instant asOf,
      Function<PlanSettings, Plan> planning) {
    Plan plan(SessionSettings now, PlanSettings settings) {
      Plan plan = planning.apply(settings);
      Map<Integer, DecimalPlace> unequal =
          new ParameterValues(now.timeZone()).unequal(plan.shape().parameters(), parameters);
      return unequal.isEmpty() ? plan : planning.apply(settings.with(unequal));
    }

    /** The same while these nodes cannot be read. */
    Asked without(Map<NodeName, String> unreadable) {
      return new Asked(
          id,
          text,
          parameters,
          maxRows,
          timeoutSeconds,
          asOf,
          settings -> planning.apply(settings.without(unreadable)));
    }
  }

  @Override
  public Result execute(StatementCall call) throws SQLException {
    return execute(
        new Asked(
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

  private Asked asked(RelationalCall call, String text, Function<Plan.Query, Plan> use) {
    return new Asked(
        call.id(),
        text,
        call.parameters(),
        call.maxRows(),
        call.timeoutSeconds(),
        call.asOf(),
        settings -> use.apply(view.planner().plan(call.query(), settings)));
  }

  private Result execute(Asked call) throws SQLException {
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
      try {
        return run(call, now, statement, log);
      } catch (DataNodeException e) {
        if (!UnreadableNodes.mayExplain(e, call.text())) {
          throw e;
        }
        Map<NodeName, String> unreadable =
            new UnreadableNodes(view.nodes()).found(sql -> probe(sql, now, statement, log));
        if (unreadable.isEmpty()) {
          throw e;
        }
        return run(call.without(unreadable), now, statement, log);
      }
    } catch (RuntimeException | Error e) {
      running.remove(call.id());
      throw failures.of(e, log, statement);
    }
  }

  private Result run(
      Asked call, SessionSettings now, RunningStatement statement, QueryLog.Entry log) {
    Plan plan = statement.step(() -> plan(call, now));
    checkParameters(plan, call);
    if (plan instanceof Plan.WaitFor) {
      Result result = waited((Plan.WaitFor) plan, call, now, statement, log);
      log.end(QueryLog.Outcome.OK, null, null);
      running.remove(call.id());
      return result;
    }
    QueryRun.Arguments arguments = arguments(plan, call, now, statement);
    if (plan instanceof Plan.Query) {
      return queryOfTablesAsTheyAre((Plan.Query) plan, call, now, statement, log, arguments);
    }
    Result result = answer(plan, now, arguments, log);
    log.end(QueryLog.Outcome.OK, null, null);
    running.remove(call.id());
    return result;
  }

  /** Reads the first rows of a query and forgets them. */
  private void probe(
      String sql, SessionSettings now, RunningStatement statement, QueryLog.Entry log) {
    Asked probe =
        new Asked(
            statement.id(), sql, List.of(), 0, 0, null, each -> view.planner().plan(sql, each));
    Plan.Query plan = (Plan.Query) statement.step(() -> plan(probe, now));
    QueryRun.Arguments arguments = arguments(plan, probe, now, statement);
    try (QueryRun run = engine.run(view.metadata(user), statement, log, arguments)) {
      run.start(plan);
    }
  }

  /** The clock of the session is read anew each time, and so is what it sees. */
  private Result waited(
      Plan.WaitFor wait,
      Asked call,
      SessionSettings now,
      RunningStatement statement,
      QueryLog.Entry log) {
    Instant began = times(now, null, false).now();
    WaitingLoop.End end =
        new WaitingLoop(wait.timeout(), statement)
            .run(
                () -> {
                  QueryRun.Arguments arguments = arguments(wait.condition(), call, now, statement);
                  try (QueryRun run = engine.run(view.metadata(user), statement, log, arguments)) {
                    ColumnBatch answer = run.start(wait.condition());
                    return answer != null && ((LongVector) answer.column(0)).get(0) == 1;
                  }
                });
    RowsBuilder rows = RowsBuilder.of(wait.shape().columns());
    rows.add(began, times(now, null, false).now(), end.iterations(), end.ready());
    log.rows(1);
    return new MadeResult(wait.shape().columns(), now.timeZone(), rows.batches());
  }

  private Plan plan(Asked call, SessionSettings now) {
    return call.plan(now, planSettings(now, call.asOf(), call.maxRows() > 0));
  }

  private QueryRun.Arguments arguments(
      Plan plan, Asked call, SessionSettings now, RunningStatement statement) {
    Plan.Query query =
        plan instanceof Plan.Explain
            ? ((Plan.Explain) plan).query()
            : plan instanceof Plan.Query ? (Plan.Query) plan : null;
    Plan.Past past = query == null ? Plan.Past.NONE : query.past();
    QueryRun.Arguments arguments =
        new QueryRun.Arguments(
            call.parameters(),
            times(now, call.asOf(), past.ignoresDelay()),
            call.maxRows(),
            now.maxShippedRows(),
            memory,
            new ParameterValues(now.timeZone()));
    boolean given = call.parameters().size() == plan.shape().parameters().size();
    return given
        ? statement.step(() -> engine.readTimes().found(past.times(), arguments, statement))
        : arguments.at(arguments.times().naming(Collections.nCopies(past.times().size(), null)));
  }

  /**
   * Runs a query. If a storage says that a table or column is not there, or not of that type, it
   * was changed after its node was described: nodes are then described anew, and the statement is
   * planned and run once more.
   */
  private Result queryOfTablesAsTheyAre(
      Plan.Query plan,
      Asked call,
      SessionSettings now,
      RunningStatement statement,
      QueryLog.Entry log,
      QueryRun.Arguments arguments) {
    try {
      return query(plan, call, now, statement, log, arguments);
    } catch (DataNodeException e) {
      if (!engine.changedTables().mayExplain(e, plan)) {
        throw e;
      }
      engine.nodes().refresh();
      Plan again = statement.step(() -> plan(call, now));
      if (again.equals(plan) || !(again instanceof Plan.Query)) {
        engine.changedTables().doNotExplain(e, plan);
        throw e;
      }
      checkParameters(again, call);
      return query((Plan.Query) again, call, now, statement, log, arguments);
    }
  }

  private Result query(
      Plan.Query plan,
      Asked call,
      SessionSettings now,
      RunningStatement statement,
      QueryLog.Entry log,
      QueryRun.Arguments arguments) {
    QueryRun run = engine.run(view.metadata(user), statement, log, arguments);
    ColumnBatch first;
    try {
      first = run.start(plan);
    } catch (RuntimeException | Error e) {
      run.close();
      throw e;
    }
    StatementResult result =
        new StatementResult(
            plan.shape().columns(),
            now.timeZone(),
            run,
            statement,
            log,
            failures,
            first,
            call.maxRows(),
            () -> {
              running.remove(call.id());
              results.remove(call.id());
            });
    if (first != null) {
      results.put(call.id(), result);
      if (closed.get()) {
        result.close();
      }
    }
    return result;
  }

  private Result answer(
      Plan plan, SessionSettings now, QueryRun.Arguments arguments, QueryLog.Entry log) {
    if (plan instanceof Plan.Explain) {
      Plan.Explain explain = (Plan.Explain) plan;
      Explanation explanation = new Explanation(explain.query(), arguments);
      RowsBuilder rows = RowsBuilder.of(explain.shape().columns());
      if (explain.json()) {
        rows.add(explanation.json());
      } else {
        explanation.lines().forEach(rows::add);
      }
      log.rows(rows.rows().size());
      return new MadeResult(explain.shape().columns(), now.timeZone(), rows.batches());
    }
    if (plan instanceof Plan.ExplainLeakage) {
      Plan.ExplainLeakage explain = (Plan.ExplainLeakage) plan;
      RowsBuilder rows = RowsBuilder.of(explain.shape().columns());
      explain.rows().forEach(row -> rows.add(row.toArray()));
      log.rows(rows.rows().size());
      return new MadeResult(explain.shape().columns(), now.timeZone(), rows.batches());
    }
    if (plan instanceof Plan.ExplainSearch) {
      Plan.ExplainSearch explain = (Plan.ExplainSearch) plan;
      RowsBuilder rows = RowsBuilder.of(explain.shape().columns());
      new SearchExplanation(explain, arguments).lines().forEach(rows::add);
      log.rows(rows.rows().size());
      return new MadeResult(explain.shape().columns(), now.timeZone(), rows.batches());
    }
    if (plan instanceof Plan.SetSetting) {
      Plan.SetSetting change = (Plan.SetSetting) plan;
      change(change.key(), change.value());
    } else if (plan instanceof Plan.Refresh) {
      engine.nodes().refresh();
    }
    return new MadeResult(List.of(), now.timeZone(), List.of());
  }

  private static void checkParameters(Plan plan, Asked call) {
    int expected = plan.shape().parameters().size();
    int given = call.parameters().size();
    boolean explains =
        plan instanceof Plan.Explain
            || plan instanceof Plan.ExplainSearch
            || plan instanceof Plan.ExplainLeakage;
    if (given != expected && !(explains && given == 0)) {
      throw new DataNodeException(
          SqlState.MISSING_PARAMETER,
          "The statement takes "
              + (expected == 1 ? "1 parameter" : expected + " parameters")
              + "; "
              + (given == 1 ? "1 was" : given + " were")
              + " given");
    }
  }

  @Override
  public Result metadata(MetadataCall call) throws SQLException {
    return failures.guard(
        "metadata call " + call.method(),
        () -> {
          checkOpen();
          MetadataResults.Rows rows =
              new MetadataResults(view.nodes(), user, zonedTimestamps, isInPast(settings))
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

  private synchronized void change(String key, @Nullable String value) {
    settings = reached(settings.with(key, value, initial, schemas()));
  }

  /** Settings whose time the clock of a replay has reached; no statement could be run otherwise. */
  private SessionSettings reached(SessionSettings wanted) {
    if (wanted.asOf() != null && clock.replays()) {
      earlier("asOf ", wanted.asOf(), clock.now());
    }
    return wanted;
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
