package io.datanode.engine;

import static io.datanode.engine.OpenEngine.ENDLESS;
import static io.datanode.engine.OpenEngine.ENDLESS_ROWS;
import static io.datanode.engine.OpenEngine.fails;
import static io.datanode.engine.OpenEngine.failure;
import static io.datanode.engine.OpenEngine.inBackground;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datanode.jdbc.batch.ColumnType;
import io.datanode.jdbc.session.Result;
import io.datanode.jdbc.session.Session;
import io.datanode.jdbc.session.StatementCall;
import io.datanode.plan.Plan;
import io.datanode.plan.Plan.ParameterSource;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How a session runs plans: values, limits, cancel, shipping, errors, and what is left after. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class EngineSessionTest {
  private static final Instant NOW = Instant.parse("2024-03-01T12:00:00.123456789Z");

  @TempDir Path folder;

  private final ScriptedPlanner planner =
      new ScriptedPlanner()
          .embedded("SELECT 42", List.of(), ColumnType.INTEGER)
          .embedded(ENDLESS, List.of(), ColumnType.BIGINT)
          .embedded(ENDLESS_ROWS, List.of(), ColumnType.BIGINT);

  private final TurnableClock clock = new TurnableClock(NOW);
  private OpenEngine open;
  private Session session;

  @BeforeEach
  void open() throws SQLException {
    open = OpenEngine.scripted(folder, planner, clock, Map.of("timeZone", "America/New_York"));
    session = open.session();
  }

  @AfterEach
  void close() throws SQLException {
    open.close();
  }

  @Test
  void givesRowsAndRemembersTheStatement() throws SQLException {
    assertEquals(List.of("42"), run("SELECT 42"));
    QueryLog.Entry entry = open.lastEntry();
    assertEquals("ann", entry.user);
    assertEquals("SELECT 42", entry.storageSql());
    assertEquals(1, entry.rows());
    assertEquals(QueryLog.Outcome.OK, entry.outcome());
    assertEquals("America/New_York", entry.settings().get("timeZone"));
  }

  @Test
  void parametersAreBoundAsTheStatementWantsThem() throws SQLException {
    String sql = "SELECT ?, ?, epoch_us(?)";
    planner.embedded(
        sql,
        List.of(
            new ParameterSource.User(1, ColumnType.VARCHAR),
            new ParameterSource.User(0, ColumnType.BIGINT),
            new ParameterSource.User(2, ColumnType.INSTANT)),
        ColumnType.VARCHAR,
        ColumnType.BIGINT,
        ColumnType.BIGINT);
    assertEquals(List.of("SAP|7|1704205800000000"), run(sql, "7", "SAP", "2024-01-02 09:30:00"));
    fails(
        "22018",
        "Parameter 1 (BIGINT) is 'seven'; expected a whole number",
        () -> run(sql, "seven", "SAP", null));
    fails("07001", "The statement takes 3 parameters; 1 was given", () -> run(sql, 7L));
    fails("07001", "The statement takes 0 parameters; 1 was given", () -> run("SELECT 42", 7L));
  }

  @Test
  void oneStatementHasOneTime() throws SQLException {
    String sql = "SELECT epoch_us(?), ?, CAST(? AS VARCHAR)";
    planner.embedded(
        sql,
        List.of(
            new ParameterSource.StatementTime(ColumnType.INSTANT),
            new ParameterSource.StatementTime(ColumnType.DATE),
            new ParameterSource.StatementTime(ColumnType.TIMESTAMP)),
        ColumnType.BIGINT,
        ColumnType.DATE,
        ColumnType.VARCHAR);
    assertEquals(List.of("1709294400123456|19783|2024-03-01 07:00:00.123456"), run(sql));
  }

  @Test
  void rowLimitIsPushedAndKept() throws SQLException {
    String sql = "SELECT range FROM range(10) LIMIT ?";
    planner.embedded(
        sql, List.of(new ParameterSource.MaxRows(ColumnType.BIGINT)), ColumnType.BIGINT);
    assertEquals(List.of("0", "1", "2"), open.rows(new StatementCall("s", sql, List.of(), 3, 0)));
    assertEquals(10, run(sql).size());
    assertEquals(
        List.of("0", "1", "2"), open.rows(new StatementCall("s", ENDLESS_ROWS, List.of(), 3, 0)));
  }

  @Test
  void cancelStopsAStatementThatComputesAndTheSessionGoesOn() throws Exception {
    Future<?> running = inBackground(() -> run(ENDLESS));
    untilRunning();
    session.cancel("s");
    SQLException told = cancelled(running);
    assertEquals("Statement cancelled by its user", told.getMessage());
    assertEquals(QueryLog.Outcome.CANCELLED, open.lastEntry().outcome());
    assertEquals(List.of("42"), run("SELECT 42"));
    session.cancel("s");
    assertEquals(List.of("42"), run("SELECT 42"));
  }

  @Test
  void cancelBetweenBatchesStopsTheRows() throws SQLException {
    Result result = session.execute(call("s", ENDLESS_ROWS));
    assertTrue(result.next().rowCount() > 0);
    session.cancel("s");
    SQLTimeoutException first = assertThrows(SQLTimeoutException.class, result::next);
    assertEquals("57014", first.getSQLState());
    // Whoever asks again must not take the failure for the end of the rows.
    assertThrows(SQLTimeoutException.class, result::next);
    result.close();
    assertEquals(0, open.session().openStatements());
  }

  @Test
  void timeoutStopsAStatement() throws SQLException {
    fails(
        "57014",
        "Statement stopped by its timeout of 1 s; set a longer queryTimeout, or ask for less",
        () -> open.rows(new StatementCall("s", ENDLESS, List.of(), 0, 1)));
    session.set("queryTimeout", "1");
    fails(
        "57014",
        "Statement stopped by its timeout of 1 s; set a longer queryTimeout, or ask for less",
        () -> run(ENDLESS));
    assertEquals(List.of("42"), run("SELECT 42"));
  }

  @Test
  void closingAResultEarlyFreesEverything() throws SQLException {
    Result result = session.execute(call("s", ENDLESS_ROWS));
    assertTrue(result.next().rowCount() > 0);
    assertEquals(1, open.session().openStatements());
    result.close();
    result.close();
    assertEquals(0, open.session().openStatements());
    fails("24000", "The result is closed", result::next);
  }

  @Test
  void closingTheSessionStopsWhatRuns() throws Exception {
    Future<?> running = inBackground(() -> run(ENDLESS));
    untilRunning();
    session.close();
    assertEquals(
        "Statement stopped because its connection was closed", cancelled(running).getMessage());
    assertFalse(session.isValid(1));
    fails("08003", "The connection is closed", () -> run("SELECT 42"));
  }

  @Test
  void twoStatementsOfASessionNeedTwoIds() throws SQLException {
    try (Result first = session.execute(call("s", ENDLESS_ROWS))) {
      fails("22023", "Statement 's' is still running in this session", () -> run("SELECT 42"));
      try (Result second = session.execute(call("t", "SELECT 42"))) {
        assertEquals(1, second.next().rowCount());
      }
      assertTrue(first.next().rowCount() > 0);
    }
  }

  @Test
  void piecesAreShippedUnderNamesOfTheirOwnAndDroppedAfter() throws Exception {
    String piece = "SELECT range, range * 1.5, 'x' || range, NULL FROM range(3000)";
    String root = "SELECT count(*), sum(b), max(c), count(d) FROM \"piece\"";
    planner.plan(
        "pieces",
        ScriptedPlanner.query(
            root,
            List.of(),
            List.of(
                new Plan.Shipment(
                    "piece",
                    List.of("a", "b", "c", "d"),
                    List.of(
                        ColumnType.BIGINT,
                        ColumnType.DOUBLE,
                        ColumnType.VARCHAR,
                        ColumnType.INSTANT),
                    ScriptedPlanner.query(
                            piece,
                            List.of(),
                            List.of(),
                            ColumnType.BIGINT,
                            ColumnType.DOUBLE,
                            ColumnType.VARCHAR,
                            ColumnType.INSTANT)
                        .root(),
                    null)),
            ColumnType.BIGINT,
            ColumnType.DOUBLE,
            ColumnType.VARCHAR,
            ColumnType.BIGINT));
    List<Future<List<String>>> all = new ArrayList<>();
    ExecutorService threads = Executors.newFixedThreadPool(8);
    for (int i = 0; i < 16; i++) {
      String id = "p" + i;
      all.add(threads.submit(() -> open.rows(call(id, "pieces"))));
    }
    for (Future<List<String>> each : all) {
      assertEquals(List.of("3000|6747750.0|x999|0"), each.get());
    }
    threads.shutdown();
    assertEquals("", open.tablesLeft());
    assertTrue(open.lastEntry().storageSql().startsWith(piece));
  }

  @Test
  void piecesAreDroppedWhenTheRootFails() throws SQLException {
    planner.plan(
        "broken",
        ScriptedPlanner.query(
            "SELECT nothing FROM \"piece\"",
            List.of(),
            List.of(
                new Plan.Shipment(
                    "piece", List.of("name"), List.of(ColumnType.VARCHAR), null, "storages")),
            ColumnType.VARCHAR));
    assertThrows(SQLException.class, () -> run("broken"));
    assertEquals("", open.tablesLeft());
    assertEquals(QueryLog.Outcome.ERROR, open.lastEntry().outcome());
  }

  @Test
  void nodesAreNotDescribedAnewAgainAndAgainForWhatIsBroken() throws SQLException {
    planner.plan(
        "broken view",
        ScriptedPlanner.query("SELECT * FROM gone", List.of(), List.of(), ColumnType.BIGINT));
    long before = open.engine().nodes().version();
    for (int i = 0; i < 3; i++) {
      SQLException failure = assertThrows(SQLException.class, () -> run("broken view"));
      assertEquals("42P01", failure.getSQLState(), failure.getMessage());
      assertEquals(before + 1, open.engine().nodes().version());
    }
    clock.pass(Duration.ofMinutes(2));
    assertThrows(SQLException.class, () -> run("broken view"));
    assertEquals(before + 2, open.engine().nodes().version());
  }

  @Test
  void failureOfOursIsToldWithoutItsInnards() {
    // A plan without parameter 2 of the user, which no planner makes.
    planner.plan(
        "defect",
        new Plan.Query(
            ScriptedPlanner.query("x", List.of(), List.of()).shape(),
            new Plan.StorageStatement(
                Plan.StorageStatement.EMBEDDED,
                "SELECT ?",
                List.of(new ParameterSource.User(1, ColumnType.BIGINT)),
                List.of(ColumnType.BIGINT)),
            List.of()));
    fails(
        "XX000",
        "Internal error in statement s; the log has its details under that name",
        () -> run("defect"));
  }

  @Test
  void settingsChangeByStatementAndCall() throws SQLException {
    planner.plan(
        "SET timeZone = 'Asia/Tokyo'",
        new Plan.SetSetting(
            ScriptedPlanner.query("x", List.of(), List.of()).shape(), "timeZone", "Asia/Tokyo"));
    try (Result none = session.execute(call("s", "SET timeZone = 'Asia/Tokyo'"))) {
      assertTrue(none.columns().isEmpty());
      assertNull(none.next());
    }
    assertEquals("Asia/Tokyo", session.info().timeZone().getId());
    session.set("timeZone", null);
    assertEquals("America/New_York", session.info().timeZone().getId());
    fails(
        "22023",
        "There is no setting 'tmeZone'; did you mean 'timeZone'?",
        () -> {
          session.set("tmeZone", "UTC");
          return null;
        });
  }

  @Test
  void manySessionsRunSideBySideAndLeaveNothing() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(16);
    List<Future<Boolean>> all = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      int number = i;
      all.add(
          threads.submit(
              () -> {
                try (Session own = open.engine().session("u" + number, Map.of())) {
                  if (number % 3 == 0) {
                    try (Result early = own.execute(call("e", ENDLESS_ROWS))) {
                      return early.next().rowCount() > 0;
                    }
                  }
                  return Read.rows(own.execute(call("q", "SELECT 42"))).equals(List.of("42"));
                }
              }));
    }
    for (Future<Boolean> each : all) {
      assertTrue(each.get());
    }
    threads.shutdown();
    assertEquals(1, open.engine().openSessions());
    assertEquals("", open.tablesLeft());
  }

  private List<String> run(String sql, Object... parameters) throws SQLException {
    return open.rows(new StatementCall("s", sql, java.util.Arrays.asList(parameters), 0, 0));
  }

  private static StatementCall call(String id, String sql) {
    return new StatementCall(id, sql, List.of(), 0, 0);
  }

  private void untilRunning() throws InterruptedException {
    while (open.session().openStatements() == 0) {
      Thread.sleep(1);
    }
  }

  private static SQLException cancelled(Future<?> running) {
    SQLException told = assertInstanceOf(SQLTimeoutException.class, failure(running));
    assertEquals("57014", told.getSQLState());
    return told;
  }
}
