package io.datanode.engine;

import io.datanode.DataNodeException;
import io.datanode.jdbc.SqlState;
import io.datanode.jdbc.batch.ColumnBatch;
import io.datanode.jdbc.batch.LongVector;
import io.datanode.jdbc.session.Result;
import io.datanode.node.NodeName;
import io.datanode.plan.Plan;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * One run of a statement in a session, from its plan to its first rows. One thread.
 *
 * @param now the settings when it began
 */
record StatementRun(
    EngineSession session,
    SessionSettings now,
    AskedStatement call,
    RunningStatement statement,
    QueryLog.Entry log) {

  /**
   * Runs it. If nodes cannot be read, it runs without them, if it can.
   *
   * @throws DataNodeException for all that is wrong with it
   */
  Result result() {
    try {
      return run();
    } catch (DataNodeException e) {
      if (!UnreadableNodes.mayExplain(e, call.text())) {
        throw e;
      }
      Map<NodeName, String> unreadable = new UnreadableNodes(session.nodes()).found(this::probe);
      if (unreadable.isEmpty()) {
        throw e;
      }
      return of(call.without(unreadable)).run();
    }
  }

  private StatementRun of(AskedStatement other) {
    return new StatementRun(session, now, other, statement, log);
  }

  private Result run() {
    Plan plan = statement.step(this::plan);
    checkParameters(plan);
    if (plan instanceof Plan.WaitFor) {
      return ended(waited((Plan.WaitFor) plan));
    }
    QueryRun.Arguments arguments = arguments(plan);
    if (plan instanceof Plan.Query) {
      return queryOfTablesAsTheyAre((Plan.Query) plan, arguments);
    }
    return ended(answer(plan, arguments));
  }

  /** A result that needs nothing of the session. */
  private Result ended(Result result) {
    log.end(QueryLog.Outcome.OK, null, null);
    session.ended(call.id());
    return result;
  }

  /** Reads the first rows of a query and forgets them. */
  private void probe(String sql) {
    StatementRun probe =
        of(
            new AskedStatement(
                call.id(),
                sql,
                List.of(),
                0,
                0,
                null,
                each -> session.view().planner().plan(sql, each)));
    Plan.Query plan = (Plan.Query) statement.step(probe::plan);
    try (QueryRun run = probe.query(probe.arguments(plan))) {
      run.start(plan);
    }
  }

  private Plan plan() {
    return call.plan(now, session.planSettings(now, call.asOf(), call.maxRows() > 0));
  }

  private QueryRun query(QueryRun.Arguments arguments) {
    return session.engine().run(session.view().metadata(session.user()), statement, log, arguments);
  }

  /** The clock of the session is read anew each time, and so is what it sees. */
  private Result waited(Plan.WaitFor wait) {
    Instant began = session.time().of(now, null, false).now();
    WaitingLoop.End end =
        new WaitingLoop(wait.timeout(), statement)
            .run(
                () -> {
                  try (QueryRun run = query(arguments(wait.condition()))) {
                    ColumnBatch answer = run.start(wait.condition());
                    return answer != null && ((LongVector) answer.column(0)).get(0) == 1;
                  }
                });
    RowsBuilder rows = RowsBuilder.of(wait.shape().columns());
    rows.add(began, session.time().of(now, null, false).now(), end.iterations(), end.ready());
    return made(wait, rows);
  }

  private QueryRun.Arguments arguments(Plan plan) {
    Plan.Query query =
        plan instanceof Plan.Explain
            ? ((Plan.Explain) plan).query()
            : plan instanceof Plan.Query ? (Plan.Query) plan : null;
    Plan.Past past = query == null ? Plan.Past.NONE : query.past();
    QueryRun.Arguments arguments =
        new QueryRun.Arguments(
            call.parameters(),
            session.time().of(now, call.asOf(), past.ignoresDelay()),
            call.maxRows(),
            now.maxShippedRows(),
            session.memory(),
            new ParameterValues(now.timeZone()));
    boolean given = call.parameters().size() == plan.shape().parameters().size();
    return given
        ? statement.step(
            () -> session.engine().readTimes().found(past.times(), arguments, statement))
        : arguments.at(arguments.times().naming(Collections.nCopies(past.times().size(), null)));
  }

  /**
   * Runs a query. If a storage says that a table or column is not there, or not of that type, it
   * was changed after its node was described: nodes are then described anew, and the statement is
   * planned and run once more.
   */
  private Result queryOfTablesAsTheyAre(Plan.Query plan, QueryRun.Arguments arguments) {
    ChangedTables changed = session.engine().changedTables();
    try {
      return rows(plan, arguments);
    } catch (DataNodeException e) {
      if (!changed.mayExplain(e, plan)) {
        throw e;
      }
      session.engine().nodes().refresh();
      Plan again = statement.step(this::plan);
      if (again.equals(plan) || !(again instanceof Plan.Query)) {
        changed.doNotExplain(e, plan);
        throw e;
      }
      checkParameters(again);
      return rows((Plan.Query) again, arguments);
    }
  }

  private Result rows(Plan.Query plan, QueryRun.Arguments arguments) {
    QueryRun run = query(arguments);
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
            session.failures(),
            first,
            call.maxRows(),
            () -> session.ended(call.id()));
    if (first != null) {
      session.opened(call.id(), result);
    }
    return result;
  }

  private Result answer(Plan plan, QueryRun.Arguments arguments) {
    if (plan instanceof Plan.SetSetting) {
      Plan.SetSetting change = (Plan.SetSetting) plan;
      session.change(change.key(), change.value());
    } else if (plan instanceof Plan.Refresh) {
      session.engine().nodes().refresh();
    }
    RowsBuilder rows = RowsBuilder.of(plan.shape().columns());
    if (plan instanceof Plan.Explain) {
      Plan.Explain explain = (Plan.Explain) plan;
      Explanation explanation = new Explanation(explain.query(), arguments);
      if (explain.json()) {
        rows.add(explanation.json());
      } else {
        explanation.lines().forEach(rows::add);
      }
    } else if (plan instanceof Plan.ExplainLeakage) {
      ((Plan.ExplainLeakage) plan).rows().forEach(row -> rows.add(row.toArray()));
    } else if (plan instanceof Plan.ExplainSearch) {
      new SearchExplanation((Plan.ExplainSearch) plan, arguments).lines().forEach(rows::add);
    }
    return made(plan, rows);
  }

  private Result made(Plan plan, RowsBuilder rows) {
    log.rows(rows.rows().size());
    return new MadeResult(plan.shape().columns(), now.timeZone(), rows.batches());
  }

  private void checkParameters(Plan plan) {
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
}
