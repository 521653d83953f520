package io.datanode.storage.duckdb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.OperatingSystemMXBean;
import io.datanode.DataNodeException;
import io.datanode.jdbc.batch.ColumnBatch;
import io.datanode.jdbc.batch.ColumnType;
import io.datanode.jdbc.batch.LongVector;
import io.datanode.jdbc.batch.TextVector;
import io.datanode.node.EpochUnit;
import io.datanode.node.TableSource;
import io.datanode.node.TableSource.Conversion;
import io.datanode.storage.EmbeddedEngineProvider;
import io.datanode.storage.RunningQuery;
import io.datanode.storage.Storage;
import io.datanode.storage.StorageProvider;
import io.datanode.storage.StorageQuery;
import io.datanode.storage.StorageQuery.Parameter;
import io.datanode.storage.TableDescription;
import java.lang.management.ManagementFactory;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The embedded database itself, and {@code .duckdb} files attached to it. */
class EmbeddedDuckDbTest {
  @TempDir Path folder;

  private Path database(String name, String... statements) throws Exception {
    Path file = folder.resolve(name);
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:" + file);
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
    return file;
  }

  private static long number(RunningQuery query) {
    try (query) {
      return ((LongVector) query.next().column(0)).get(0);
    }
  }

  private static StorageQuery query(String sql) {
    return new StorageQuery(sql, List.of(), List.of(ColumnType.BIGINT));
  }

  private static Storage open(EmbeddedDuckDb engine, String name, Path path) {
    return new DuckDbStorageProvider().open(name, Map.of("path", path.toString()), engine);
  }

  private static String table(Storage storage, String name) {
    return storage.describe(new TableSource.Table(List.of(name))).path().stream()
        .map(part -> '"' + part + '"')
        .collect(Collectors.joining("."));
  }

  @Test
  void itIsFoundAsAService() {
    assertTrue(
        ServiceLoader.load(EmbeddedEngineProvider.class).stream()
            .anyMatch(provider -> provider.type() == EmbeddedDuckDbProvider.class));
    assertTrue(
        ServiceLoader.load(StorageProvider.class).stream()
            .anyMatch(provider -> provider.get().type().equals("duckdb")));
  }

  @Test
  void settingsReachDuckDb() throws Exception {
    try (EmbeddedDuckDb engine =
            EmbeddedDuckDb.open(
                Map.of(
                    "memoryLimit", "256MiB", "threads", "1", "spillDirectory", folder.toString()));
        Connection connection = engine.connect();
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT current_setting('memory_limit'), current_setting('threads'),"
                    + " current_setting('temp_directory'), current_setting('TimeZone'),"
                    + " current_setting('autoload_known_extensions')")) {
      row.next();
      assertEquals("256.0 MiB", row.getString(1));
      assertEquals("1", row.getString(2));
      assertTrue(row.getString(3).startsWith(folder.toString()), row.getString(3));
      assertEquals("UTC", row.getString(4));
      assertEquals("false", row.getString(5));
    }
  }

  @Test
  void aSettingItRefusesIs22023() {
    DataNodeException failure =
        assertThrows(
            DataNodeException.class, () -> EmbeddedDuckDb.open(Map.of("memoryLimit", "plenty")));
    assertEquals("22023", failure.sqlState());
    assertTrue(failure.getMessage().contains("memoryLimit='plenty'"), failure.getMessage());
  }

  @Test
  void oneStatementReadsTablesOfTwoFilesAndAShippedTable() throws Exception {
    Path one = database("one.duckdb", "CREATE TABLE t AS SELECT 1 AS x");
    Path two = database("two.duckdb", "CREATE TABLE t AS SELECT 20 AS x");
    try (EmbeddedDuckDb engine = EmbeddedDuckDb.open(Map.of());
        Storage first = open(engine, "first", one);
        Storage second = open(engine, "second", two);
        Connection connection = engine.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE shipped AS SELECT 300 AS x");
      assertTrue(first.sharesStatementsWith(second));
      assertEquals(
          321,
          number(
              engine.execute(
                  query(
                      "SELECT a.x + b.x + s.x FROM "
                          + table(first, "t")
                          + " a, "
                          + table(second, "t")
                          + " b, shipped s"))));
    }
  }

  @Test
  void storagesOfTwoEnginesDoNotShareStatements() throws Exception {
    Path file = database("one.duckdb", "CREATE TABLE t AS SELECT 1 AS x");
    try (EmbeddedDuckDb a = EmbeddedDuckDb.open(Map.of());
        EmbeddedDuckDb b = EmbeddedDuckDb.open(Map.of());
        Storage first = open(a, "first", file);
        Storage second = open(b, "second", file)) {
      assertFalse(first.sharesStatementsWith(second));
      assertEquals(1, number(first.execute(query("SELECT x FROM " + table(first, "t")))));
      assertEquals(1, number(second.execute(query("SELECT x FROM " + table(second, "t")))));
    }
  }

  @Test
  void aTableWithConversionsIsShownThroughAView() throws Exception {
    Path file =
        database(
            "e.duckdb",
            "CREATE TABLE ticks (ts BIGINT PRIMARY KEY, price VARCHAR)",
            "COMMENT ON COLUMN ticks.ts IS 'When'",
            "INSERT INTO ticks VALUES (1704067200123, '1.25')");
    try (EmbeddedDuckDb engine = EmbeddedDuckDb.open(Map.of());
        Storage storage = open(engine, "desk", file)) {
      TableDescription ticks =
          storage.describe(
              new TableSource.Table(
                  List.of("ticks"),
                  Map.of(
                      "ts", new Conversion(ColumnType.INSTANT, EpochUnit.MILLISECONDS),
                      "price", new Conversion(ColumnType.decimal(9, 4), null))));
      assertEquals(ColumnType.INSTANT, ticks.columns().get(0).type());
      assertEquals("When", ticks.columns().get(0).comment());
      assertEquals(ColumnType.decimal(9, 4), ticks.columns().get(1).type());
      assertEquals(List.of("ts"), ticks.primaryKey());
      String from =
          ticks.path().stream().map(part -> '"' + part + '"').collect(Collectors.joining("."));
      try (RunningQuery query =
          storage.execute(
              new StorageQuery(
                  "SELECT ts, price FROM " + from,
                  List.of(),
                  List.of(ColumnType.INSTANT, ColumnType.decimal(9, 4))))) {
        ColumnBatch row = query.next();
        assertEquals(1_704_067_200_123_000L, ((LongVector) row.column(0)).get(0));
        assertEquals(12_500, ((LongVector) row.column(1)).get(0));
      }
    }
  }

  @Test
  void attachedFilesAreReadOnlyAndLetGo() throws Exception {
    Path file = database("one.duckdb", "CREATE TABLE t AS SELECT 1 AS x");
    try (EmbeddedDuckDb engine = EmbeddedDuckDb.open(Map.of())) {
      try (Storage storage = open(engine, "one", file)) {
        String name = table(storage, "t");
        assertThrows(
            DataNodeException.class, () -> number(storage.execute(query("DELETE FROM " + name))));
      }
      database("one.duckdb", "INSERT INTO t VALUES (2)");
      try (Storage storage = open(engine, "one", file)) {
        assertEquals(
            3, number(storage.execute(query("SELECT SUM(x) FROM " + table(storage, "t")))));
      }
    }
  }

  @Test
  void aFileThatIsNoDatabaseIs58030() throws Exception {
    Path file = folder.resolve("no.duckdb");
    Files.writeString(file, "this is not a database, whatever its name says".repeat(1000));
    try (EmbeddedDuckDb engine = EmbeddedDuckDb.open(Map.of());
        Storage storage = open(engine, "no", file)) {
      DataNodeException failure = assertThrows(DataNodeException.class, storage::check);
      assertEquals("58030", failure.sqlState());
      assertTrue(failure.getMessage().contains("not a valid DuckDB database"), failure.toString());
    }
  }

  @Test
  void aFileThatIsNotThereIs58030UntilItIs() throws Exception {
    Path file = folder.resolve("later.duckdb");
    try (EmbeddedDuckDb engine = EmbeddedDuckDb.open(Map.of());
        Storage storage = open(engine, "later", file)) {
      DataNodeException failure = assertThrows(DataNodeException.class, storage::check);
      assertEquals("58030", failure.sqlState());
      assertEquals("Storage 'later': " + file + " does not exist", failure.getMessage());
      database("later.duckdb", "CREATE TABLE t AS SELECT 1 AS x");
      storage.check();
      assertEquals(1, number(storage.execute(query("SELECT x FROM " + table(storage, "t")))));
    }
  }

  @Test
  void aFileThatAnotherProcessWritesIs57P03() throws Exception {
    Path file = database("busy.duckdb", "CREATE TABLE t AS SELECT 1 AS x");
    Process writer = holdOpen(file);
    try (EmbeddedDuckDb engine = EmbeddedDuckDb.open(Map.of());
        Storage storage = open(engine, "busy", file)) {
      DataNodeException failure = assertThrows(DataNodeException.class, storage::check);
      assertEquals("57P03", failure.sqlState());
      assertTrue(failure.getMessage().contains("busy.duckdb"), failure.getMessage());
      assertTrue(failure.getMessage().contains("lock"), failure.getMessage());
    } finally {
      writer.getOutputStream().close();
      assertTrue(writer.waitFor(30, TimeUnit.SECONDS));
    }
  }

  /** Starts a process that has the file open for writing, and ends when its input does. */
  private static Process holdOpen(Path file) throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Writer.class.getName(),
                file.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    assertNotEquals(-1, process.getInputStream().read(), "the writer did not start");
    return process;
  }

  /** The other process. */
  static final class Writer {
    private Writer() {}

    public static void main(String[] arguments) throws Exception {
      try (Connection connection = DriverManager.getConnection("jdbc:duckdb:" + arguments[0]);
          Statement statement = connection.createStatement()) {
        statement.execute("INSERT INTO t VALUES (2)");
        System.out.write('!');
        System.out.flush();
        assertEquals(-1, System.in.read());
      }
    }
  }

  @Test
  void anUnknownOptionIsNamed() {
    try (EmbeddedDuckDb engine = EmbeddedDuckDb.open(Map.of())) {
      DataNodeException failure =
          assertThrows(
              DataNodeException.class,
              () -> new DuckDbStorageProvider().open("lake", Map.of("pth", "x"), engine));
      assertEquals("F0000", failure.sqlState());
      assertEquals(
          "Storage 'lake' has an option 'pth'; type duckdb knows only path", failure.getMessage());
    }
  }

  @Test
  void aFolderHasNoTables() {
    try (EmbeddedDuckDb engine = EmbeddedDuckDb.open(Map.of());
        Storage storage = open(engine, "lake", folder)) {
      storage.check();
      assertEquals(List.of(), storage.tables());
      DataNodeException failure =
          assertThrows(
              DataNodeException.class,
              () -> storage.describe(new TableSource.Table(List.of("prices"))));
      assertEquals("42P01", failure.sqlState());
    }
  }

  @Test
  void tooLittleMemoryIs53200AndNamesTheSetting() throws Exception {
    try (EmbeddedDuckDb engine =
        EmbeddedDuckDb.open(Map.of("memoryLimit", "60MiB", "spillDirectory", folder.toString()))) {
      DataNodeException failure =
          assertThrows(
              DataNodeException.class,
              () ->
                  number(
                      engine.execute(
                          query(
                              "SELECT max(length(l)) FROM (SELECT list(x) AS l"
                                  + " FROM range(30000000) t(x))"))));
      assertEquals("53200", failure.sqlState(), failure.getMessage());
      assertTrue(
          failure.getMessage().endsWith("; raise the setting memoryLimit or read less at once"),
          failure.getMessage());
      assertEquals(1, number(engine.execute(query("SELECT 1"))));
    }
  }

  @Test
  void withoutALimitMemoryIsLeftForTheHeap() throws Exception {
    try (EmbeddedDuckDb engine = EmbeddedDuckDb.open(Map.of());
        Connection connection = engine.connect();
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT parse_formatted_bytes(current_setting('memory_limit'))")) {
      assertTrue(rows.next());
      long all =
          ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
      long expected = Math.max((all - Runtime.getRuntime().maxMemory()) / 5 * 4, all / 4);
      // DuckDB shows it with one digit after the point.
      assertEquals(expected, rows.getLong(1), expected / 10.0);
    }
  }

  @Test
  void typesThatDependOnParametersAreReadAsWanted() {
    try (EmbeddedDuckDb engine = EmbeddedDuckDb.open(Map.of())) {
      for (Object value : Arrays.asList(1L, null, "7", 2.0, new BigDecimal("3.00"), 4L)) {
        List<String> read = new ArrayList<>();
        for (String sql :
            List.of("SELECT ?", "SELECT COALESCE(?, 9)", "SELECT 9 UNION ALL SELECT ?")) {
          Parameter parameter = new Parameter(ColumnType.VARCHAR, value);
          try (RunningQuery query =
              engine.execute(
                  new StorageQuery(sql, List.of(parameter), List.of(ColumnType.BIGINT)))) {
            for (ColumnBatch batch = query.next(); batch != null; batch = query.next()) {
              for (int i = 0; i < batch.rowCount(); i++) {
                LongVector column = (LongVector) batch.column(0);
                read.add(column.isNull(i) ? "null" : Long.toString(column.get(i)));
              }
            }
          }
        }
        String number = value == null ? "null" : new BigDecimal(value.toString()).intValue() + "";
        assertEquals(List.of(number, value == null ? "9" : number, "9", number), read);
      }
    }
  }

  @Test
  void digitsThatDependOnParametersAreReadAsWanted() {
    try (EmbeddedDuckDb engine = EmbeddedDuckDb.open(Map.of())) {
      for (String factor : List.of("2", "2.5", "2.25", "1.000000001")) {
        ColumnType type = ColumnType.decimal(18, 9);
        try (RunningQuery query =
            engine.execute(
                new StorageQuery(
                    "SELECT CAST(10 AS DECIMAL(4, 1)) * ?",
                    List.of(new Parameter(type, new BigDecimal(factor))),
                    List.of(type)))) {
          assertEquals(
              new BigDecimal(factor).movePointRight(10).longValueExact(),
              ((LongVector) query.next().column(0)).get(0));
        }
      }
    }
  }

  @Test
  void repeatedStringsOfAllLengthsAreTheirOwn() {
    try (EmbeddedDuckDb engine = EmbeddedDuckDb.open(Map.of());
        RunningQuery query =
            engine.execute(
                new StorageQuery(
                    "SELECT x, repeat(chr(CAST(97 + x % 26 AS INTEGER)), CAST(x % 31 AS INTEGER))"
                        + " FROM range(300000) t(x)",
                    List.of(), List.of(ColumnType.BIGINT, ColumnType.VARCHAR)))) {
      for (ColumnBatch batch = query.next(); batch != null; batch = query.next()) {
        for (int i = 0; i < batch.rowCount(); i++) {
          long x = ((LongVector) batch.column(0)).get(i);
          String expected = Character.toString((char) ('a' + x % 26)).repeat((int) (x % 31));
          assertEquals(expected, ((TextVector) batch.column(1)).get(i));
        }
      }
    }
  }

  @Test
  void rowsAreStreamedNotKept() {
    try (EmbeddedDuckDb engine =
            EmbeddedDuckDb.open(
                Map.of("memoryLimit", "100MiB", "spillDirectory", folder.toString()));
        RunningQuery query =
            engine.execute(
                new StorageQuery(
                    "SELECT x, 'a text of some length for row ' || x FROM range(5000000) t(x)",
                    List.of(),
                    List.of(ColumnType.BIGINT, ColumnType.VARCHAR)))) {
      long rows = 0;
      for (ColumnBatch batch = query.next(); batch != null; batch = query.next()) {
        rows += batch.rowCount();
        assertEquals(List.of(), List.of(folder.toFile().list()), "nothing is spilled");
      }
      assertEquals(5_000_000, rows);
    }
  }

  @Test
  void whatDoesNotFitInMemoryIsSpilledAndRemoved() {
    try (EmbeddedDuckDb engine =
        EmbeddedDuckDb.open(
            Map.of("memoryLimit", "80MiB", "threads", "1", "spillDirectory", folder.toString()))) {
      try (RunningQuery query =
          engine.execute(
              query("SELECT x * 7919 % 3000017 AS y FROM range(8000000) t(x) ORDER BY y, x"))) {
        query.next();
        assertEquals(1, folder.toFile().list().length, "a sort of more than 80 MiB spills");
      }
    }
    assertEquals(0, folder.toFile().list().length);
  }

  @Test
  void closingTheEngineStopsWhatRuns() {
    EmbeddedDuckDb engine = EmbeddedDuckDb.open(Map.of());
    RunningQuery query = engine.execute(query("SELECT x FROM range(1000000000000) t(x)"));
    query.next();
    engine.close();
    assertEquals(0, engine.openQueries());
    DataNodeException failure =
        assertThrows(DataNodeException.class, () -> engine.execute(query("SELECT 1")));
    assertEquals("08003", failure.sqlState());
    assertEquals("The engine is closed", failure.getMessage());
  }
}
