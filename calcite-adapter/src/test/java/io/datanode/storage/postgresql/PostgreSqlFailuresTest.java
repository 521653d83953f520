package io.datanode.storage.postgresql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datanode.DataNodeException;
import io.datanode.jdbc.batch.ColumnBatch;
import io.datanode.jdbc.batch.ColumnType;
import io.datanode.node.TableSource;
import io.datanode.storage.RunningQuery;
import io.datanode.storage.StorageQuery;
import io.datanode.storage.StorageQuery.Parameter;
import io.datanode.testing.PostgreSql;
import io.datanode.testing.StorageRows;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What goes wrong with a server is one sentence with a SQLSTATE, passes by itself when its cause
 * does, and keeps no connection.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class PostgreSqlFailuresTest {
  private static final String PASSWORD = "s3cret-Pa55word";

  private String url;
  private final List<PostgreSqlStorage> opened = new ArrayList<>();

  @BeforeAll
  void makeDatabase() {
    url = PostgreSql.newDatabase();
    PostgreSql.run(
        url,
        "CREATE TABLE prices (id int PRIMARY KEY, close float8)",
        "INSERT INTO prices SELECT i, i FROM generate_series(1, 100) i",
        "CREATE TABLE secret AS SELECT 1 AS id");
  }

  @AfterEach
  void noConnectionIsKept() {
    for (PostgreSqlStorage storage : opened) {
      assertEquals(0, storage.connectionsInUse(), "connections that were not given back");
      storage.close();
    }
    opened.clear();
  }

  private PostgreSqlStorage storage(String at, String... options) {
    Map<String, String> all = new HashMap<>(Map.of("url", at));
    for (int i = 0; i < options.length; i += 2) {
      all.put(options[i], options[i + 1]);
    }
    PostgreSqlStorage storage = new PostgreSqlStorage(ConnectionSettings.of("desk", all));
    opened.add(storage);
    return storage;
  }

  private static Object value(PostgreSqlStorage storage, String sql) {
    return new StorageRows(storage).column(sql, ColumnType.BIGINT).get(0);
  }

  private static RunningQuery run(PostgreSqlStorage storage, String sql) {
    return storage.execute(new StorageQuery(sql, List.of(), List.of(ColumnType.BIGINT)));
  }

  private static long drain(RunningQuery query) {
    long rows = 0;
    for (ColumnBatch batch = query.next(); batch != null; batch = query.next()) {
      rows += batch.rowCount();
    }
    return rows;
  }

  /** The failure of a query, checked to be one line that names the storage and shows no secret. */
  private static DataNodeException refused(PostgreSqlStorage storage, String sql) {
    return checked(assertThrows(DataNodeException.class, () -> value(storage, sql)));
  }

  private static DataNodeException checked(DataNodeException failure) {
    assertTrue(failure.getMessage().contains("desk"), failure.getMessage());
    assertFalse(failure.getMessage().contains("\n"), failure.getMessage());
    StringWriter trace = new StringWriter();
    failure.printStackTrace(new PrintWriter(trace));
    assertFalse(trace.toString().contains(PASSWORD), "the password is shown");
    return failure;
  }

  private static void says(DataNodeException failure, String state, String... words) {
    assertEquals(state, failure.sqlState(), failure.getMessage());
    for (String word : words) {
      assertTrue(failure.getMessage().contains(word), failure.getMessage());
    }
  }

  @Nested
  @DisplayName("What a catalog declares wrongly")
  class Declarations {
    private DataNodeException wrong(Map<String, String> options) {
      return checked(
          assertThrows(
              DataNodeException.class,
              () -> new PostgreSqlStorageProvider().open("desk", options, null)));
    }

    @Test
    void anUnknownOptionHasTheNearest() {
      says(
          wrong(Map.of("url", url, "pasword", PASSWORD)),
          "F0000",
          "'pasword'",
          "did you mean 'password'?");
    }

    @Test
    void aMissingUrl() {
      says(wrong(Map.of("user", "reader")), "F0000", "has no url", "jdbc:postgresql://");
    }

    @Test
    void aUrlOfAnotherKind() {
      says(wrong(Map.of("url", "jdbc:mysql://db/markets")), "F0000", "jdbc:mysql://db/markets");
    }

    @Test
    void aUrlThatHoldsAPasswordIsNotShown() {
      says(
          wrong(Map.of("url", "jdbc:postgresql://reader:" + PASSWORD + "@db/markets")),
          "F0000",
          "url with '@'");
      says(wrong(Map.of("url", "jdbc:pg://db/markets?password=" + PASSWORD)), "F0000", "url");
    }

    @Test
    void numbersAndDurationsHaveTheirForms() {
      says(wrong(Map.of("url", url, "pool_size", "0")), "F0000", "pool_size is '0'", "1 to 9999");
      says(
          wrong(Map.of("url", url, "statement_timeout", "soon")),
          "F0000",
          "statement_timeout is 'soon'",
          "30s");
    }
  }

  @Nested
  @DisplayName("Logging in")
  class LoggingIn {
    @Test
    void aWrongPasswordIsNotShown() throws IOException {
      try (EmbeddedPostgres server = passwordServer()) {
        String there = server.getJdbcUrl("postgres", "postgres");
        String right = there + "&password=" + PASSWORD;
        assertEquals(1L, value(storage(right), "SELECT 1"));
        assertEquals(1L, value(storage(there, "password", PASSWORD), "SELECT 1"));
        PostgreSqlStorage wrong = storage(there, "password", "not " + PASSWORD);
        says(refused(wrong, "SELECT 1"), "28P01", "check its user and password", "\"postgres\"");
        says(refused(storage(right + "x"), "SELECT 1"), "28P01");
        assertFalse(storage(right).location().contains(PASSWORD));
      }
    }

    private EmbeddedPostgres passwordServer() throws IOException {
      EmbeddedPostgres server = EmbeddedPostgres.builder().setServerConfig("fsync", "off").start();
      PostgreSql.run(
          server.getJdbcUrl("postgres", "postgres"),
          "ALTER USER postgres PASSWORD '" + PASSWORD + "'",
          "CREATE TEMP TABLE hba (line text)",
          "DO $$ BEGIN EXECUTE format('COPY (SELECT ''host all all all scram-sha-256'') TO %L',"
              + " current_setting('hba_file')); END $$",
          "SELECT pg_reload_conf()");
      return server;
    }

    @Test
    void anUnknownDatabase() {
      says(
          refused(storage(url.replaceAll("/test_[0-9]+", "/no_such_db")), "SELECT 1"),
          "3D000",
          "\"no_such_db\" does not exist");
    }

    @Test
    void anUnknownUser() {
      says(
          refused(storage(url.replaceAll("user=[a-z]+", "user=nobody_there")), "SELECT 1"),
          "28000",
          "nobody_there");
    }

    @Test
    void tlsThatTheServerDoesNotOffer() {
      says(
          refused(storage(url, "sslmode", "require"), "SELECT 1"), "57P03", "does not support SSL");
    }
  }

  @Nested
  @DisplayName("Reading what is not there, or not allowed")
  class Reading {
    @Test
    void aMissingTable() {
      says(refused(storage(url), "SELECT id FROM gone"), "42P01", "\"gone\"", "metadata.refresh()");
    }

    @Test
    void permissionDeniedNamesTheTable() {
      PostgreSql.run(url, "CREATE ROLE outsider LOGIN");
      PostgreSqlStorage storage = storage(url.replaceAll("user=[a-z]+", "user=outsider"));
      says(refused(storage, "SELECT id FROM secret"), "42501", "secret");
      assertEquals(
          List.of("id"),
          storage.describe(new TableSource.Table(List.of("secret"))).columns().stream()
              .map(column -> column.name())
              .toList(),
          "what a table looks like may be known to all");
      assertEquals(-1, storage.describe(new TableSource.Table(List.of("secret"))).rowEstimate());
      assertTrue(storage.tables().isEmpty(), "what may not be read is not published");
    }

    @Test
    void nothingCanBeWritten() {
      PostgreSql.run(
          url,
          "CREATE FUNCTION write(v int) RETURNS bigint LANGUAGE sql VOLATILE AS"
              + " $$ INSERT INTO prices VALUES (-v, v) RETURNING CAST(id AS bigint) $$");
      PostgreSqlStorage storage = storage(url);
      says(refused(storage, "SELECT write(1)"), "25006", "read-only");
      for (int i = 0; i < 2; i++) {
        DataNodeException failure =
            assertThrows(
                DataNodeException.class,
                () ->
                    new StorageRows(storage)
                        .column(
                            "SELECT write(CAST(? AS int))",
                            ColumnType.BIGINT,
                            new Parameter(ColumnType.BIGINT, 2L)));
        says(checked(failure), "25006", "read-only");
      }
    }

    @Test
    void aColumnDroppedUnderARunningServer() {
      PostgreSql.run(url, "CREATE TABLE dropping AS SELECT 1 AS id, 2 AS v");
      PostgreSqlStorage storage = storage(url);
      String sql = "SELECT v FROM dropping";
      assertEquals(2L, value(storage, sql));
      PostgreSql.run(url, "ALTER TABLE dropping DROP COLUMN v");
      says(refused(storage, sql), "42703", "\"v\" does not exist", "metadata.refresh()");
      assertEquals(
          1, storage.describe(new TableSource.Table(List.of("dropping"))).columns().size());
    }

    @Test
    void aTypeChangedUnderARunningServerIsReadAsTheOldOneIfItCanBe() {
      PostgreSql.run(url, "CREATE TABLE changing AS SELECT 1 AS v");
      PostgreSqlStorage storage = storage(url, "pool_size", "1");
      String sql = "SELECT v FROM changing";
      assertEquals(1L, value(storage, sql));
      PostgreSql.run(url, "ALTER TABLE changing ALTER v TYPE numeric USING 7");
      assertEquals(7L, value(storage, sql));
      PostgreSql.run(url, "ALTER TABLE changing ALTER v TYPE text USING 'seven'");
      says(refused(storage, sql), "22P02", "seven");
      assertEquals(
          ColumnType.VARCHAR,
          storage.describe(new TableSource.Table(List.of("changing"))).columns().get(0).type());
    }

    @Test
    void aStatementTimeout() {
      PostgreSqlStorage storage = storage(url, "statement_timeout", "200ms");
      says(refused(storage, "SELECT 1 FROM pg_sleep(30)"), "57014", "statement_timeout is 200 ms");
      assertEquals(1L, value(storage, "SELECT 1"));
    }

    @Test
    void aConflictOfAReplicaOrATransactionCanBeRunAgain() {
      PostgreSql.run(
          url,
          "CREATE FUNCTION conflict() RETURNS bigint LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION"
              + " 'canceling statement due to conflict with recovery' USING ERRCODE = '40001',"
              + " DETAIL = 'User query might have needed to see row versions that must be"
              + " removed.'; END $$");
      says(
          refused(storage(url), "SELECT conflict()"),
          "40001",
          "conflict with recovery; User query might have needed",
          "run it again");
    }
  }

  @Nested
  @DisplayName("A pool that is used up")
  class Exhaustion {
    @Test
    void waitingIsBoundedAndNamesTheSetting() {
      PostgreSqlStorage storage = storage(url, "pool_size", "2", "pool_timeout", "300ms");
      try (RunningQuery first = run(storage, "SELECT generate_series(1, 1000000)");
          RunningQuery second = run(storage, "SELECT generate_series(1, 1000000)")) {
        assertNotNull(first.next());
        assertNotNull(second.next());
        DataNodeException failure =
            assertTimeoutPreemptively(Duration.ofSeconds(10), () -> refused(storage, "SELECT 1"));
        says(failure, "53300", "all 2 connections", "300 ms", "pool_size (2)");
      }
      assertEquals(1L, value(storage, "SELECT 1"));
    }

    @Test
    void whoWaitsCanBeCancelled() throws Exception {
      PostgreSqlStorage storage = storage(url, "pool_size", "1", "pool_timeout", "60s");
      try (RunningQuery first = run(storage, "SELECT generate_series(1, 1000000)")) {
        assertNotNull(first.next());
        RunningQuery waiting = run(storage, "SELECT 1");
        CompletableFuture<String> state =
            CompletableFuture.supplyAsync(
                () -> assertThrows(DataNodeException.class, waiting::next).sqlState());
        Thread.sleep(100);
        waiting.cancel();
        assertEquals("57014", state.get(10, TimeUnit.SECONDS));
      }
    }

    @Test
    void aServerWithoutFreeConnections() {
      PostgreSql.run(url, "CREATE ROLE narrow LOGIN CONNECTION LIMIT 1");
      PostgreSql.run(url, "GRANT SELECT ON prices TO narrow");
      String narrow = url.replaceAll("user=[a-z]+", "user=narrow");
      PostgreSqlStorage storage = storage(narrow, "pool_size", "5", "pool_timeout", "500ms");
      try (RunningQuery first = run(storage, "SELECT generate_series(1, 1000000)")) {
        assertNotNull(first.next());
        says(refused(storage, "SELECT 1"), "53300", "all 1 connections");
        says(refused(storage(narrow), "SELECT 1"), "53300", "too many connections");
      }
      assertEquals(1L, value(storage, "SELECT 1"));
    }
  }

  @Nested
  @DisplayName("A server that comes and goes")
  class ComingAndGoing {
    @TempDir Path directory;

    private EmbeddedPostgres start(int port) {
      try {
        return EmbeddedPostgres.builder()
            .setPort(port)
            .setDataDirectory(directory.resolve("data"))
            .setCleanDataDirectory(false)
            .setServerConfig("fsync", "off")
            .start();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private int freePort() {
      try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        return socket.getLocalPort();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Test
    void aServerThatIsDownIsSaidAtOnceAndFoundWhenItComes() throws IOException {
      int port = freePort();
      String there = "jdbc:postgresql://localhost:" + port + "/postgres?user=postgres";
      PostgreSqlStorage storage = storage(there);
      DataNodeException failure =
          assertTimeoutPreemptively(Duration.ofSeconds(10), () -> refused(storage, "SELECT 1"));
      says(failure, "57P03", "is not available", "localhost:" + port + "/postgres", "refused");
      says(checked(assertThrows(DataNodeException.class, storage::check)), "57P03");
      says(checked(assertThrows(DataNodeException.class, storage::dialect)), "57P03");
      says(checked(assertThrows(DataNodeException.class, storage::tables)), "57P03");
      try (EmbeddedPostgres server = start(port)) {
        assertEquals(port, server.getPort());
        assertEquals(1L, value(storage, "SELECT 1"));
        storage.check();
      }
      says(
          assertTimeoutPreemptively(Duration.ofSeconds(10), () -> refused(storage, "SELECT 1")),
          "57P03",
          "is not available");
    }

    @Test
    void aRestartIsNotSeenByTheNextStatement() throws IOException {
      int port = freePort();
      String there = "jdbc:postgresql://localhost:" + port + "/postgres?user=postgres";
      PostgreSqlStorage storage = storage(there);
      try (EmbeddedPostgres server = start(port)) {
        assertEquals(port, server.getPort());
        List<RunningQuery> running = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
          running.add(run(storage, "SELECT generate_series(1, 3)"));
        }
        for (RunningQuery query : running) {
          assertNotNull(query.next());
          query.close();
        }
      }
      try (EmbeddedPostgres server = start(port)) {
        assertEquals(port, server.getPort());
        for (int i = 0; i < 5; i++) {
          assertEquals(1L, value(storage, "SELECT 1"));
        }
      }
    }

    @Test
    void aServerGoingDownWhileRowsAreReadIsAnError() throws IOException {
      int port = freePort();
      String there = "jdbc:postgresql://localhost:" + port + "/postgres?user=postgres";
      PostgreSqlStorage storage = storage(there);
      RunningQuery query;
      try (EmbeddedPostgres server = start(port)) {
        assertEquals(port, server.getPort());
        query = run(storage, "SELECT generate_series(1, 100000000)");
        assertNotNull(query.next());
      }
      DataNodeException failure =
          assertTimeoutPreemptively(
              Duration.ofSeconds(20),
              () -> assertThrows(DataNodeException.class, () -> drain(query)));
      says(checked(failure), "08006", "was lost", "run it again");
      assertEquals(0, storage.connectionsInUse());
      query.close();
    }
  }

  @Test
  void aBackendThatIsTerminatedBeforeItsFirstRowIsReplaced() throws SQLException {
    PostgreSqlStorage storage = storage(url, "pool_size", "1", "application_name", "victim");
    assertEquals(1L, value(storage, "SELECT 1"));
    try (Connection admin = DriverManager.getConnection(url)) {
      admin
          .createStatement()
          .execute(
              "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                  + " WHERE application_name = 'victim'");
    }
    assertEquals(2L, value(storage, "SELECT 2"));
  }

  @Test
  void aBackendThatIsTerminatedBetweenRowsIsAnError() throws SQLException {
    PostgreSqlStorage storage = storage(url, "application_name", "victim");
    try (RunningQuery query = run(storage, "SELECT generate_series(1, 100000000)")) {
      assertNotNull(query.next());
      try (Connection admin = DriverManager.getConnection(url)) {
        admin
            .createStatement()
            .execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    + " WHERE application_name = 'victim'");
      }
      says(checked(assertThrows(DataNodeException.class, () -> drain(query))), "08006", "was lost");
    }
  }

  @Test
  void closingAStorageEndsWhatRuns() throws Exception {
    PostgreSqlStorage storage =
        new PostgreSqlStorage(ConnectionSettings.of("desk", Map.of("url", url)));
    RunningQuery query = run(storage, "SELECT 1 FROM pg_sleep(60)");
    CompletableFuture<String> state =
        CompletableFuture.supplyAsync(
            () -> assertThrows(DataNodeException.class, query::next).sqlState());
    while (storage.connectionsInUse() == 0) {
      Thread.sleep(5);
    }
    storage.close();
    assertEquals("57014", state.get(10, TimeUnit.SECONDS));
    assertEquals(
        "08003",
        assertThrows(DataNodeException.class, () -> value(storage, "SELECT 1")).sqlState());
  }
}
