package io.datanode.engine;

import static io.datanode.engine.OpenEngine.ENDLESS;
import static io.datanode.engine.OpenEngine.ENDLESS_ROWS;
import static io.datanode.engine.OpenEngine.fails;
import static io.datanode.engine.OpenEngine.failure;
import static io.datanode.engine.OpenEngine.inBackground;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datanode.DataNodeException;
import io.datanode.jdbc.SqlState;
import io.datanode.jdbc.batch.ColumnType;
import io.datanode.jdbc.session.Result;
import io.datanode.jdbc.session.Session;
import io.datanode.jdbc.session.StatementCall;
import io.datanode.jdbc.session.StatementShape;
import io.datanode.plan.Plan;
import io.datanode.plan.Plan.KeySet;
import io.datanode.plan.Plan.ParameterSource;
import io.datanode.plan.Plan.Reduction;
import io.datanode.plan.Plan.Shipment;
import io.datanode.plan.Plan.StorageStatement;
import io.datanode.schema.NodeGrants;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * How the pieces of a query come into the embedded engine: in which order, reduced by what, and
 * what is left when they do not come. The pieces are statements of the embedded engine itself.
 */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ShippingTest {
  private static final String MARK = "\uFDD0";

  @TempDir Path folder;

  private final ScriptedPlanner planner = new ScriptedPlanner();
  private OpenEngine open;
  private Session session;

  @BeforeEach
  void open() throws SQLException {
    open = OpenEngine.scripted(folder, planner, Clock.systemUTC(), Map.of());
    session = open.session();
  }

  @AfterEach
  void nothingIsLeft() throws Exception {
    assertEquals("", open.tablesLeft());
    assertEquals(0, open.openQueries());
    open.close();
  }

  @Test
  void keysOfASmallPieceGoIntoTheStatementOfABigOne() throws SQLException {
    plan(reducedBy("SELECT * FROM (VALUES (3), (5), (NULL), (3)) t(k)", 10, Reduction.Use.KEYS));
    assertEquals(List.of("3|300", "3|300", "5|500"), run());
    QueryLog.Entry log = open.lastEntry();
    assertTrue(
        log.storageSql().contains("FROM range(1000) AS t(k) WHERE list_contains(?, k)"),
        log.storageSql());
    assertEquals(4 + 2, log.shippedRows(), log.pieces());
    assertTrue(
        log.pieces().matches("embedded to small: 4 rows in .* ms\nembedded to big: 2 rows in .*"),
        log.pieces());
  }

  @Test
  void tooManyKeysBecomeTheLeastAndTheGreatest() throws SQLException {
    plan(reducedBy("SELECT 10 * range FROM range(1, 5)", 3, Reduction.Use.KEYS));
    assertEquals(List.of("10|1000", "20|2000", "30|3000", "40|4000"), run());
    assertTrue(open.lastEntry().storageSql().contains("WHERE k BETWEEN ? AND ?"));
    assertEquals(4 + 31, open.lastEntry().shippedRows());
  }

  @Test
  void exactlyAsManyKeysAsAllowedAreAList() throws SQLException {
    plan(reducedBy("SELECT 10 * range FROM range(1, 5)", 4, Reduction.Use.KEYS));
    assertEquals(4, run().size());
    assertEquals(4 + 4, open.lastEntry().shippedRows());
  }

  @Test
  void oneSidedBounds() throws SQLException {
    plan(reducedBy("SELECT unnest([990, 995])", 10, Reduction.Use.AT_LEAST));
    assertEquals(List.of("990|99000", "995|99500"), run());
    assertEquals(2 + 10, open.lastEntry().shippedRows());
    plan(reducedBy("SELECT unnest([4, 9])", 10, Reduction.Use.AT_MOST));
    assertEquals(List.of("4|400", "9|900"), run());
    assertEquals(2 + 10, open.lastEntry().shippedRows());
  }

  @Test
  void withoutKeysNothingIsRead() throws SQLException {
    plan(reducedBy("SELECT 1 WHERE FALSE", 10, Reduction.Use.KEYS));
    assertEquals(List.of(), run());
    assertTrue(open.lastEntry().storageSql().contains("FROM range(1000) AS t(k) WHERE FALSE"));
    Plan.Query plan = reducedBy("SELECT NULL", 10, Reduction.Use.KEYS);
    plan(
        new Plan.Query(
            plan.shape(),
            plan.root(),
            List.of(plan.shipments().get(0), emptied(plan.shipments().get(1))),
            plan.keySets(),
            List.of(),
            List.of()));
    assertEquals(List.of(), run());
    assertTrue(
        !open.lastEntry().storageSql().contains("range(1000)"), open.lastEntry().storageSql());
  }

  private static Shipment emptied(Shipment shipment) {
    StorageStatement statement = shipment.statement();
    Reduction reduction = statement.reductions().get(0);
    return new Shipment(
        shipment.table(),
        shipment.columnNames(),
        shipment.columnTypes(),
        new StorageStatement(
            statement.storage(),
            statement.sql(),
            statement.parameters(),
            statement.columns(),
            List.of(
                new Reduction(
                    reduction.keySet(),
                    reduction.use(),
                    reduction.mark(),
                    reduction.withKeys(),
                    reduction.withBounds(),
                    true))),
        null);
  }

  @Test
  void keysThatNoParameterCanHoldLeaveNothingOut() throws SQLException {
    String instants =
        "SELECT unnest([TIMESTAMPTZ 'infinity', TIMESTAMPTZ '2024-01-01 00:00:00+00'])";
    for (int limit : new int[] {1, 10}) {
      plan(
          ScriptedPlanner.query(
              "SELECT count(*) FROM \"big\" b JOIN \"small\" s ON b.k = s.k",
              List.of(),
              List.of(
                  shipment("small", List.of(), ColumnType.INSTANT, instants),
                  shipment(
                      "big",
                      List.of(reduction(Reduction.Use.KEYS)),
                      ColumnType.INSTANT,
                      "SELECT k FROM (" + instants + ") t(k) WHERE " + MARK)),
              ColumnType.BIGINT),
          keySet(ColumnType.INSTANT, limit));
      assertEquals(List.of("2"), run());
      assertTrue(
          open.lastEntry().storageSql().contains("WHERE TRUE"), open.lastEntry().storageSql());
    }
  }

  @Test
  void whatAUserWritesIsNeverTakenForAMarkOrATable() throws SQLException {
    String text = "'" + MARK + " and \"small\" and ''" + MARK + "'";
    plan(
        ScriptedPlanner.query(
            "SELECT b.k, ' \"big\" ' FROM \"big\" b",
            List.of(),
            List.of(
                shipment("small", List.of(), ColumnType.VARCHAR, "SELECT 'a'"),
                shipment(
                    "big",
                    List.of(reduction(Reduction.Use.KEYS)),
                    ColumnType.VARCHAR,
                    "SELECT s FROM (SELECT 'a' AS k, " + text + " AS s) WHERE " + MARK)),
            ColumnType.VARCHAR,
            ColumnType.VARCHAR),
        keySet(ColumnType.VARCHAR, 10));
    assertEquals(List.of(MARK + " and \"small\" and '" + MARK + "| \"big\" "), run());
  }

  @Test
  void explainShowsEveryStatementAndWhatReducesIt() throws SQLException {
    Plan.Query query = reducedBy("SELECT 3", 100_000, Reduction.Use.KEYS);
    Shipment big = query.shipments().get(1);
    Plan.Query estimated =
        new Plan.Query(
            query.shape(),
            query.root(),
            List.of(
                query.shipments().get(0),
                new Shipment(
                    "big",
                    big.columnNames(),
                    big.columnTypes(),
                    big.statement(),
                    null,
                    1234.5,
                    List.of(new Plan.ReadNode("prices", List.of())))),
            query.keySets(),
            List.of(),
            List.of());
    StatementShape text =
        ScriptedPlanner.query("x", List.of(), List.of(), ColumnType.VARCHAR).shape();
    planner.plan("lines", new Plan.Explain(text, estimated, false));
    assertEquals(
        List.of(
            "root on embedded",
            "  SELECT b.k, b.k * 100 FROM \"big\" b JOIN \"small\" s ON b.k = s.k ORDER BY 1",
            "shipped on embedded, into small",
            "  SELECT 3",
            "shipped on embedded, into big, about 1,235 rows",
            "  SELECT k FROM range(1000) AS t(k) WHERE list_contains(?, k)",
            "  ?1 = found on the way (BIGINT, all keys 8, if there are more than 100,000: k BETWEEN"
                + " ? AND ?)",
            "keys 8 on embedded, from small",
            "  SELECT DISTINCT k FROM \"small\" WHERE k IS NOT NULL LIMIT 100001",
            "bounds 8 on embedded, if there are more than 100,000",
            "  SELECT min(k), max(k) FROM \"small\"",
            "everything is pushed"),
        open.rows(new StatementCall("s", "lines", List.of(), 0, 0)));
    planner.plan("json", new Plan.Explain(text, estimated, true));
    String json = open.rows(new StatementCall("s", "json", List.of(), 0, 0)).get(0);
    assertTrue(json.contains("\"into\":\"big\",\"estimatedRows\":1235"), json);
    assertTrue(json.contains("\"role\":\"keys\",\"keySet\":8,\"limit\":100000"), json);
  }

  @Test
  void piecesRunBesideEachOther() throws Exception {
    List<Shipment> endless = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      endless.add(shipment("p" + i, List.of(), ColumnType.BIGINT, ENDLESS));
    }
    plan(ScriptedPlanner.query("SELECT 1", List.of(), endless, ColumnType.INTEGER));
    Future<?> running = inBackground(this::run);
    // A piece holds one connection to read and one to write.
    untilOpenQueries(8);
    Thread.sleep(50);
    assertEquals(8, open.openQueries());
    session.cancel("s");
    assertEquals("Statement cancelled by its user", failure(running).getMessage());
    assertEquals(QueryLog.Outcome.CANCELLED, open.lastEntry().outcome());
  }

  @Test
  void cancelReachesAPieceWhoseRowsAreBeingShipped() throws Exception {
    plan(
        ScriptedPlanner.query(
            "SELECT 1",
            List.of(),
            List.of(shipment("p", List.of(), ColumnType.BIGINT, ENDLESS_ROWS)),
            ColumnType.INTEGER));
    session.set("maxShippedRows", "0");
    Future<?> running = inBackground(this::run);
    untilOpenQueries(2);
    session.cancel("s");
    assertEquals("57014", failure(running).getSQLState());
  }

  @Test
  void theTimeLimitReachesEveryPiece() throws SQLException {
    plan(
        ScriptedPlanner.query(
            "SELECT 1",
            List.of(),
            List.of(
                shipment("p", List.of(), ColumnType.BIGINT, ENDLESS),
                shipment("q", List.of(), ColumnType.BIGINT, ENDLESS)),
            ColumnType.INTEGER));
    fails(
        "57014",
        "Statement stopped by its timeout of 1 s; set a longer queryTimeout, or ask for less",
        () -> open.rows(new StatementCall("s", "q", List.of(), 0, 1)));
  }

  @Test
  void theFirstFailureStopsTheOthersAndIsTheOneThatIsTold() throws Exception {
    plan(
        ScriptedPlanner.query(
            "SELECT 1",
            List.of(),
            List.of(
                shipment("p", List.of(), ColumnType.BIGINT, ENDLESS),
                shipment("q", List.of(), ColumnType.BIGINT, ENDLESS_ROWS),
                shipment("r", List.of(), ColumnType.BIGINT, "SELECT 'x'::BIGINT")),
            ColumnType.INTEGER));
    session.set("maxShippedRows", "0");
    SQLException failure = assertThrows(SQLException.class, this::run);
    assertEquals("22018", failure.getSQLState(), failure.getMessage());
    assertTrue(failure.getMessage().contains("'x'"), failure.getMessage());
    assertEquals(QueryLog.Outcome.ERROR, open.lastEntry().outcome());
  }

  @Test
  void aStorageThatIsNotThereIsNamed() {
    plan(
        ScriptedPlanner.query(
            "SELECT 1",
            List.of(),
            List.of(
                shipment("p", List.of(), ColumnType.BIGINT, "SELECT 1"),
                new Shipment(
                    "q",
                    List.of("k"),
                    List.of(ColumnType.BIGINT),
                    new StorageStatement("desk", "SELECT 1", List.of(), List.of(ColumnType.BIGINT)),
                    null)),
            ColumnType.INTEGER));
    SQLException failure = assertThrows(SQLException.class, this::run);
    assertTrue(failure.getMessage().contains("'desk'"), failure.getMessage());
  }

  @Test
  void moreRowsThanTheSessionAllowsAreRefusedAndTheMissingConditionIsNamed() throws SQLException {
    StorageStatement statement =
        new StorageStatement(
            StorageStatement.EMBEDDED, ENDLESS_ROWS, List.of(), List.of(ColumnType.BIGINT));
    plan(
        ScriptedPlanner.query(
            "SELECT count(*) FROM \"p\"",
            List.of(),
            List.of(
                new Shipment(
                    "p",
                    List.of("k"),
                    List.of(ColumnType.BIGINT),
                    statement,
                    null,
                    1e12,
                    List.of(
                        new Plan.ReadNode("daily_prices", List.of("time_index", "asset")),
                        new Plan.ReadNode("assets", List.of())))),
            ColumnType.BIGINT));
    session.set("maxShippedRows", "100000");
    fails(
        "54000",
        "More than 100,000 rows would have to be shipped to join storages; stopped at rows of node"
            + " 'daily_prices' and 'assets' of storage 'embedded'; add a condition on time_index"
            + " or asset of 'daily_prices', or raise the setting maxShippedRows",
        this::run);
  }

  @Test
  void theLimitCountsTheRowsOfAllPieces() throws SQLException {
    List<Shipment> pieces = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      pieces.add(shipment("p" + i, List.of(), ColumnType.BIGINT, "SELECT range FROM range(1000)"));
    }
    plan(ScriptedPlanner.query("SELECT 1", List.of(), pieces, ColumnType.INTEGER));
    session.set("maxShippedRows", "5000");
    assertEquals(List.of("1"), run());
    session.set("maxShippedRows", "4999");
    SQLException failure = assertThrows(SQLException.class, this::run);
    assertEquals("54000", failure.getSQLState());
    assertTrue(
        failure.getMessage().endsWith("; ask for less, or raise the setting maxShippedRows"),
        failure.getMessage());
  }

  @Test
  void shippedRowsCountAsMemoryOfTheUserUntilTheResultIsClosed() throws SQLException {
    LimitedMemory memory = new LimitedMemory(5 * 8 * 1000);
    session =
        open.engine().session("alice", NodeGrants.ALL, Map.of(), new SessionBounds(0, memory));
    List<Shipment> pieces = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      pieces.add(shipment("p" + i, List.of(), ColumnType.BIGINT, "SELECT range FROM range(1000)"));
    }
    plan(ScriptedPlanner.query("SELECT 1", List.of(), pieces, ColumnType.INTEGER));
    Result result = session.execute(new StatementCall("counted", "q", List.of(), 0, 0));
    assertEquals(5 * 8 * 1000, memory.held.get());
    result.close();
    assertEquals(0, memory.held.get());

    pieces.add(shipment("text", List.of(), ColumnType.VARCHAR, "SELECT 'one more'"));
    plan(ScriptedPlanner.query("SELECT 1", List.of(), pieces, ColumnType.INTEGER));
    fails(
        "53200", "full", () -> session.execute(new StatementCall("refused", "q", List.of(), 0, 0)));
    assertEquals(0, memory.held.get());
  }

  private static final class LimitedMemory implements MemoryAccount {
    final AtomicLong held = new AtomicLong();
    private final long limit;

    LimitedMemory(long limit) {
      this.limit = limit;
    }

    @Override
    public void take(long bytes) {
      if (held.addAndGet(bytes) > limit) {
        held.addAndGet(-bytes);
        throw new DataNodeException(SqlState.OUT_OF_MEMORY, "full");
      }
    }

    @Override
    public void giveBack(long bytes) {
      held.addAndGet(-bytes);
    }
  }

  @Test
  void aStatementRunsAgainAndManyAtOnce() throws Exception {
    plan(reducedBy("SELECT * FROM (VALUES (3), (5)) t(k)", 10, Reduction.Use.KEYS));
    ExecutorService threads = Executors.newFixedThreadPool(8);
    List<Future<List<String>>> all = new ArrayList<>();
    for (int i = 0; i < 64; i++) {
      String id = "s" + i;
      all.add(threads.submit(() -> open.rows(new StatementCall(id, "q", List.of(), 0, 0))));
    }
    for (Future<List<String>> each : all) {
      assertEquals(List.of("3|300", "5|500"), each.get());
    }
    threads.shutdown();
  }

  @Test
  void aResultClosedEarlyDropsWhatWasShipped() throws SQLException {
    plan(
        ScriptedPlanner.query(
            "SELECT a.k FROM \"p\" a, \"p\" b, \"p\" c",
            List.of(),
            List.of(shipment("p", List.of(), ColumnType.BIGINT, "SELECT range FROM range(10000)")),
            ColumnType.BIGINT));
    try (var result = session.execute(new StatementCall("s", "q", List.of(), 0, 0))) {
      assertTrue(result.next().rowCount() > 0);
      assertTrue(open.tablesLeft().startsWith("p_"), open.tablesLeft());
    }
  }

  @Test
  void closingTheEngineWhilePiecesAreShippedEndsThem() throws Exception {
    plan(
        ScriptedPlanner.query(
            "SELECT 1",
            List.of(),
            List.of(
                shipment("p", List.of(), ColumnType.BIGINT, ENDLESS_ROWS),
                shipment("q", List.of(), ColumnType.BIGINT, ENDLESS)),
            ColumnType.INTEGER));
    session.set("maxShippedRows", "0");
    Future<?> running = inBackground(this::run);
    untilOpenQueries(4);
    open.engine().close();
    assertEquals("57014", failure(running).getSQLState());
    assertEquals(0, open.openQueries());
    open();
  }

  /** Ships {@code small}, then what of 1000 rows matches it, and joins them. */
  private static Plan.Query reducedBy(String small, int limit, Reduction.Use use) {
    Plan.Query query =
        ScriptedPlanner.query(
            "SELECT b.k, b.k * 100 FROM \"big\" b JOIN \"small\" s ON b.k = s.k ORDER BY 1",
            List.of(),
            List.of(
                shipment("small", List.of(), ColumnType.BIGINT, small),
                shipment(
                    "big",
                    List.of(reduction(use)),
                    ColumnType.BIGINT,
                    "SELECT k FROM range(1000) AS t(k) WHERE " + MARK)),
            ColumnType.BIGINT,
            ColumnType.BIGINT);
    return with(query, keySet(ColumnType.BIGINT, limit));
  }

  private static Reduction reduction(Reduction.Use use) {
    switch (use) {
      case AT_LEAST:
        return new Reduction(7, use, MARK, null, "k >= ?");
      case AT_MOST:
        return new Reduction(7, use, MARK, null, "k <= ?");
      default:
        return new Reduction(7, use, MARK, "list_contains(?, k)", "k BETWEEN ? AND ?");
    }
  }

  private static KeySet keySet(ColumnType type, int limit) {
    return new KeySet(
        7,
        new StorageStatement(
            StorageStatement.EMBEDDED,
            "SELECT DISTINCT k FROM \"small\" WHERE k IS NOT NULL LIMIT " + (limit + 1),
            List.of(),
            List.of(type)),
        new StorageStatement(
            StorageStatement.EMBEDDED,
            "SELECT min(k), max(k) FROM \"small\"",
            List.of(),
            List.of(type, type)),
        type,
        limit,
        List.of("small"));
  }

  private static Shipment shipment(
      String table, List<Reduction> reductions, ColumnType type, String sql) {
    List<ParameterSource> parameters = new ArrayList<>();
    for (int i = 0; i < reductions.size(); i++) {
      parameters.add(new ParameterSource.Keys(i, type));
    }
    return new Shipment(
        table,
        List.of("k"),
        List.of(type),
        new StorageStatement(StorageStatement.EMBEDDED, sql, parameters, List.of(type), reductions),
        null);
  }

  private static Plan.Query with(Plan.Query query, KeySet keySet) {
    return new Plan.Query(
        query.shape(), query.root(), query.shipments(), List.of(keySet), List.of(), List.of());
  }

  private void plan(Plan.Query query) {
    planner.plan("q", query);
  }

  private void plan(Plan.Query query, KeySet keySet) {
    plan(with(query, keySet));
  }

  private List<String> run() throws SQLException {
    return open.rows(new StatementCall("s", "q", List.of(), 0, 0));
  }

  private void untilOpenQueries(int count) throws InterruptedException {
    while (open.openQueries() < count) {
      Thread.sleep(1);
    }
  }
}
