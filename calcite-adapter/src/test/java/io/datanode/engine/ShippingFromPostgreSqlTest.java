package io.datanode.engine;

import static io.datanode.engine.OpenEngine.failure;
import static io.datanode.engine.OpenEngine.inBackground;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datanode.jdbc.session.Session;
import io.datanode.jdbc.session.StatementCall;
import io.datanode.testing.PostgreSql;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Joins of files with tables of a real PostgreSQL, and what becomes of them when it fails. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class ShippingFromPostgreSqlTest {
  private static final String JOIN =
      "SELECT s.sector, COUNT(*), SUM(p.volume) FROM prices p JOIN sectors s ON s.asset = p.asset"
          + " GROUP BY s.sector ORDER BY 1";
  private static final String ENDLESS_JOIN =
      "SELECT s.sector, t.n FROM sectors s JOIN endless t ON t.asset <> s.asset";

  private static final String BUSY = "state <> 'idle'";

  private static String url;

  @TempDir Path folder;

  private OpenEngine open;
  private Session session;

  @BeforeAll
  static void fill() {
    url = PostgreSql.newDatabase();
    PostgreSql.run(
        url,
        "CREATE TABLE prices (time_index TIMESTAMPTZ, asset TEXT, volume BIGINT)",
        "INSERT INTO prices SELECT TIMESTAMPTZ '2024-01-01 00:00:00+00' + m * INTERVAL '1 minute',"
            + " 'A' || a, a * m FROM generate_series(1, 10) a, generate_series(1, 100) m",
        "CREATE VIEW endless AS SELECT n, 'A' || n % 10 AS asset"
            + " FROM generate_series(1, 50000) n, generate_series(1, 50000) m",
        "CREATE VIEW broken AS SELECT 1 / (volume - 50) AS n, asset FROM prices");
  }

  @BeforeEach
  void open() throws Exception {
    open(url);
  }

  private void open(String postgreSql) throws Exception {
    Path catalog =
        Files.writeString(
            folder.resolve("catalog.yaml"),
            """
            storages:
              lake: { type: duckdb, path: . }
              desk: { type: postgresql, url: "%s" }
            nodes:
              - { identifier: sectors, storage: lake, files: sectors.parquet }
              - { identifier: prices, storage: desk, table: public.prices, time_index: time_index, asset: asset }
              - { identifier: endless, storage: desk, table: public.endless }
              - { identifier: broken, storage: desk, table: public.broken }
            """
                .formatted(postgreSql));
    OpenEngine.write(
        folder.resolve("sectors.parquet"),
        "SELECT 'A' || i AS asset, CASE WHEN i < 4 THEN 'Energy' ELSE 'Other' END AS sector"
            + " FROM range(1, 8) t(i)");
    open = OpenEngine.over(catalog);
    session = open.session();
  }

  @AfterEach
  void nothingIsLeft() throws Exception {
    assertEquals("", open.tablesLeft());
    assertEquals(0, open.openQueries());
    assertEquals(List.of(), afterAMoment(BUSY));
    open.close();
    assertEquals(List.of(), afterAMoment("TRUE"));
  }

  @Test
  void whatIsShippedIsAddedUpBeforeEachTimeTheStatementRuns() throws SQLException {
    for (int i = 0; i < 5; i++) {
      assertEquals(List.of("Energy|300|30300", "Other|400|111100"), rows(JOIN));
    }
    // One row per asset, added up in PostgreSQL.
    assertTrue(open.lastEntry().shippedRows() <= 10, open.lastEntry().pieces());
  }

  @Test
  void manyRunAtOnce() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(6);
    List<Future<List<String>>> all = new ArrayList<>();
    for (int i = 0; i < 24; i++) {
      String id = "q" + i;
      all.add(threads.submit(() -> open.rows(new StatementCall(id, JOIN, List.of(), 0, 0))));
    }
    for (Future<List<String>> each : all) {
      assertEquals(List.of("Energy|300|30300", "Other|400|111100"), each.get());
    }
    threads.shutdown();
  }

  @Test
  void aFailureInTheOtherStorageIsToldWithItsName() {
    SQLException failure =
        assertThrows(
            SQLException.class,
            () -> rows("SELECT SUM(b.n) FROM broken b JOIN sectors s ON s.asset = b.asset"));
    assertEquals("22012", failure.getSQLState());
    assertTrue(failure.getMessage().contains("'desk'"), failure.getMessage());
  }

  @Test
  void cancelReachesTheOtherStorage() throws Exception {
    rows("SET max_shipped_rows = 0");
    Future<?> running = inBackground(() -> rows(ENDLESS_JOIN));
    untilBusy();
    session.cancel("s");
    assertEquals("Statement cancelled by its user", failure(running).getMessage());
  }

  @Test
  void theTimeLimitReachesTheOtherStorage() throws SQLException {
    rows("SET max_shipped_rows = 0");
    rows("SET query_timeout = 1");
    SQLException failure = assertThrows(SQLException.class, () -> rows(ENDLESS_JOIN));
    assertEquals("57014", failure.getSQLState());
  }

  @Test
  void aConnectionThatIsCutWhileRowsComeIsOneErrorAndTheNextStatementWorks() throws Exception {
    rows("SET max_shipped_rows = 0");
    Future<?> running = inBackground(() -> rows(ENDLESS_JOIN));
    untilBusy();
    while (!running.isDone()) {
      // A statement that has given no rows yet is tried once more on another connection.
      PostgreSql.run(
          url,
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname ="
              + " current_database() AND pid <> pg_backend_pid()");
      Thread.sleep(100);
    }
    SQLException failure = failure(running);
    assertTrue(failure.getMessage().contains("'desk'"), failure.getMessage());
    assertTrue(
        List.of("57P03", "08006", "57P01").contains(failure.getSQLState()), failure.getSQLState());
    assertEquals(2, rows(JOIN).size());
  }

  @Test
  void aStorageThatIsDownIsNamedAndTheOthersGoOn() throws Exception {
    nothingIsLeft();
    // Nothing listens at port 1.
    open("jdbc:postgresql://localhost:1/none?user=postgres");
    SQLException failure = assertThrows(SQLException.class, () -> rows(JOIN));
    assertEquals("57P03", failure.getSQLState(), failure.getMessage());
    assertTrue(failure.getMessage().contains("'desk'"), failure.getMessage());
    assertEquals(List.of("7"), rows("SELECT COUNT(*) FROM sectors"));
  }

  @Test
  void moreRowsThanAllowedNameTheNodeAndWhatItLacks() throws SQLException {
    rows("SET max_shipped_rows = 500");
    SQLException failure =
        assertThrows(
            SQLException.class,
            () ->
                rows(
                    "SELECT p.volume, s.sector FROM prices p LEFT JOIN sectors s ON s.asset ="
                        + " p.asset"));
    assertEquals("54000", failure.getSQLState());
    assertTrue(failure.getMessage().contains("node 'prices'"), failure.getMessage());
    assertTrue(
        failure.getMessage().contains("add a condition on time_index or asset of 'prices'"),
        failure.getMessage());
  }

  private List<String> rows(String sql) throws SQLException {
    return open.rows(new StatementCall("s", sql, List.of(), 0, 0));
  }

  private static void untilBusy() throws Exception {
    while (connections(BUSY).isEmpty()) {
      Thread.sleep(5);
    }
  }

  /** What is connected once that is nothing, or after ten seconds: a server takes a moment. */
  private static List<String> afterAMoment(String condition) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (!connections(condition).isEmpty() && System.nanoTime() < end) {
      Thread.sleep(10);
    }
    return connections(condition);
  }

  private static List<String> connections(String condition) throws SQLException {
    List<String> connections = new ArrayList<>();
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT concat_ws(' | ', application_name, state, wait_event, state_change, now(),"
                    + " query) FROM pg_stat_activity WHERE datname = current_database() AND"
                    + " backend_type = 'client backend' AND query NOT LIKE '%pg_stat_activity%' AND "
                    + condition)) {
      while (rows.next()) {
        connections.add(rows.getString(1));
      }
    }
    return connections;
  }
}
