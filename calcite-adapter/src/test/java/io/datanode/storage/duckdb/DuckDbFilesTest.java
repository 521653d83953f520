package io.datanode.storage.duckdb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datanode.DataNodeException;
import io.datanode.jdbc.batch.ColumnBatch;
import io.datanode.jdbc.batch.ColumnType;
import io.datanode.jdbc.batch.LongVector;
import io.datanode.jdbc.batch.TextVector;
import io.datanode.node.EpochUnit;
import io.datanode.node.TableSource;
import io.datanode.node.TableSource.Conversion;
import io.datanode.node.TableSource.FileFormat;
import io.datanode.storage.RunningQuery;
import io.datanode.storage.Storage;
import io.datanode.storage.StorageColumn;
import io.datanode.storage.StorageQuery;
import io.datanode.storage.TableDescription;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Parquet and CSV files as tables. */
class DuckDbFilesTest {
  @TempDir Path folder;
  private EmbeddedDuckDb engine;
  private Storage storage;

  @BeforeEach
  void open() {
    engine = EmbeddedDuckDb.open(Map.of());
    storage = new DuckDbStorageProvider().open("lake", Map.of("path", folder.toString()), engine);
  }

  @AfterEach
  void close() {
    assertEquals(0, engine.openQueries());
    storage.close();
    engine.close();
  }

  private void duckDb(String... statements) throws Exception {
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      statement.execute("SET TimeZone = 'UTC'");
      for (String sql : statements) {
        statement.execute(sql.replace("{}", folder.toString()));
      }
    }
  }

  private void parquet(String name, String query) throws Exception {
    Files.createDirectories(folder.resolve(name).getParent());
    duckDb("COPY (" + query + ") TO '{}/" + name + "' (FORMAT parquet)");
  }

  private void csv(String name, String text) throws IOException {
    Files.createDirectories(folder.resolve(name).getParent());
    Files.writeString(folder.resolve(name), text);
  }

  private TableSource.Files files(FileFormat format, String glob) {
    return new TableSource.Files(format, List.of(folder + "/" + glob), false, List.of());
  }

  private static String table(TableDescription description) {
    return description.path().stream()
        .map(part -> '"' + part + '"')
        .collect(Collectors.joining("."));
  }

  private static Map<String, ColumnType> types(TableDescription description) {
    return description.columns().stream()
        .collect(
            Collectors.toMap(
                StorageColumn::name, StorageColumn::type, (a, b) -> a, LinkedHashMap::new));
  }

  private List<String> texts(String sql) {
    return texts(storage.execute(new StorageQuery(sql, List.of(), List.of(ColumnType.VARCHAR))));
  }

  private static List<String> texts(RunningQuery query) {
    List<String> texts = new ArrayList<>();
    try (query) {
      for (ColumnBatch batch = query.next(); batch != null; batch = query.next()) {
        for (int i = 0; i < batch.rowCount(); i++) {
          texts.add(batch.column(0).isNull(i) ? null : ((TextVector) batch.column(0)).get(i));
        }
      }
    }
    return texts;
  }

  private long number(String sql, ColumnType type) {
    try (RunningQuery query = storage.execute(new StorageQuery(sql, List.of(), List.of(type)))) {
      return ((LongVector) query.next().column(0)).get(0);
    }
  }

  private DataNodeException refused(TableSource source) {
    return assertThrows(DataNodeException.class, () -> storage.describe(source));
  }

  @Nested
  class Parquet {
    @Test
    void everyStoredTypeHasATypeHere() throws Exception {
      parquet(
          "all.parquet",
          "SELECT TRUE AS b, 1::TINYINT AS i8, 1::UTINYINT AS u8, 1::USMALLINT AS u16,"
              + " 1::UINTEGER AS u32, 18446744073709551615::UBIGINT AS u64,"
              + " 1.5::FLOAT AS f, 1.5::DECIMAL(38, 10) AS m, '12:30'::TIME AS t,"
              + " TIMESTAMP '2024-01-01 00:00:00.000001' AS us,"
              + " TIMESTAMPTZ '2024-01-01 00:00:00.000001+00' AS usz,"
              + " TIMESTAMP_MS '2024-01-01 00:00:00.001' AS ms,"
              + " TIMESTAMP_NS '2024-01-01 00:00:00.123456789' AS ns,"
              + " TIMESTAMP_NS '2024-01-01 00:00:00.123456789'::TIMESTAMPTZ_NS AS nsz,"
              + " UUID '00112233-4455-6677-8899-aabbccddeeff' AS u, 'x'::BLOB AS bin,"
              + " [1, 2] AS l, {'a': 1} AS st, INTERVAL 2 MONTH AS iv");
      TableDescription table = storage.describe(files(FileFormat.PARQUET, "all.parquet"));
      assertEquals(
          "{b=BOOLEAN, i8=TINYINT, u8=SMALLINT, u16=INTEGER, u32=BIGINT, u64=DECIMAL(20, 0),"
              + " f=REAL, m=DECIMAL(38, 10), t=TIME(6), us=TIMESTAMP(6),"
              + " usz=TIMESTAMP(6) WITH LOCAL TIME ZONE, ms=TIMESTAMP(6), ns=TIMESTAMP(9),"
              + " nsz=TIMESTAMP(9) WITH LOCAL TIME ZONE, u=UUID, bin=VARBINARY, l=INTEGER ARRAY,"
              + " st=OTHER, iv=OTHER}",
          types(table).toString());
      List<ColumnType> types = List.copyOf(types(table).values());
      String sql = "SELECT * FROM " + table(table);
      try (RunningQuery query = storage.execute(new StorageQuery(sql, List.of(), types))) {
        ColumnBatch row = query.next();
        assertEquals(1_704_067_200_123_456_789L, ((LongVector) row.column(12)).get(0));
        assertEquals(1_704_067_200_123_456_789L, ((LongVector) row.column(13)).get(0));
        assertEquals("{'a': 1}", ((TextVector) row.column(17)).get(0));
        assertEquals("2 months", ((TextVector) row.column(18)).get(0));
      }
    }

    @Test
    void filesAreMatchedByColumnName() throws Exception {
      parquet("p/a.parquet", "SELECT 1 AS x, 'a' AS s");
      parquet("p/b.parquet", "SELECT 'b' AS s, 2.5 AS extra, 2 AS x");
      TableDescription table = storage.describe(files(FileFormat.PARQUET, "p/*.parquet"));
      assertEquals(List.of("x", "s", "extra"), List.copyOf(types(table).keySet()));
      assertEquals(2, table.rowEstimate());
      assertEquals(
          List.of("1a", "2b2.5"),
          texts("SELECT concat(x, s, extra) FROM " + table(table) + " ORDER BY x"));
    }

    @Test
    void hivePartitionsAreColumnsUnlessHidden() throws Exception {
      parquet("h/year=2024/month=01/a.parquet", "SELECT 1 AS x");
      parquet("h/year=2024/month=02/a.parquet", "SELECT 2 AS x");
      TableSource.Files all =
          new TableSource.Files(
              FileFormat.PARQUET, List.of(folder + "/h/**/*.parquet"), true, List.of());
      assertEquals(
          "{month=BIGINT, x=INTEGER, year=BIGINT}",
          new TreeMap<>(types(storage.describe(all))).toString());
      TableDescription hidden = storage.describe(all.withHidden(List.of("year", "Month", "none")));
      assertEquals(List.of("x"), List.copyOf(types(hidden).keySet()));
      assertNotEquals(storage.describe(all).path(), hidden.path());
    }

    @Test
    void identifiersInFolderNamesKeepTheirZeros() throws Exception {
      parquet("z/asset=000660/month=01/a.parquet", "SELECT 1 AS x");
      parquet("z/asset=035420/month=02/a.parquet", "SELECT 2 AS x");
      TableDescription table =
          storage.describe(
              new TableSource.Files(
                  FileFormat.PARQUET, List.of(folder + "/z/**/*.parquet"), true, List.of()));
      assertEquals(ColumnType.VARCHAR, types(table).get("asset"));
      assertEquals(ColumnType.BIGINT, types(table).get("month"));
      assertEquals(
          List.of("000660", "035420"), texts("SELECT asset FROM " + table(table) + " ORDER BY 1"));
    }

    @Test
    void aFileThatArrivesLaterIsRead() throws Exception {
      parquet("p/a.parquet", "SELECT 1 AS x");
      TableSource source = files(FileFormat.PARQUET, "p/*.parquet");
      String sql = "SELECT CAST(x AS VARCHAR) FROM " + table(storage.describe(source));
      assertEquals(List.of("1"), texts(sql));
      parquet("p/b.parquet", "SELECT 2 AS x, 'new' AS y");
      assertEquals(List.of("1", "2"), texts(sql + " ORDER BY 1"));
      assertEquals(List.of("1", "2"), texts(sql + " ORDER BY 1"));
      TableDescription now = storage.describe(source);
      assertEquals(List.of("x", "y"), List.copyOf(types(now).keySet()));
      assertEquals(List.of("1", "2"), texts(sql + " ORDER BY 1"));
      Files.delete(folder.resolve("p/a.parquet"));
      assertEquals(List.of("2"), texts(sql + " ORDER BY 1"));
    }

    @Test
    void aColumnThatChangesItsTypeIsReadAsTheTypeAskedFor() throws Exception {
      parquet("p/a.parquet", "SELECT 1 AS x, 1.5::DECIMAL(9, 2) AS m");
      TableSource source = files(FileFormat.PARQUET, "p/*.parquet");
      String sql = "SELECT x FROM " + table(storage.describe(source)) + " ORDER BY x";
      assertEquals(1, number(sql, ColumnType.INTEGER));
      parquet("p/a.parquet", "SELECT 4294967297 AS x, 1.5::DECIMAL(30, 4) AS m");
      storage.describe(source);
      assertEquals(4294967297L, number(sql, ColumnType.BIGINT));
      DataNodeException failure =
          assertThrows(DataNodeException.class, () -> number(sql, ColumnType.INTEGER));
      assertEquals("22003", failure.sqlState());
    }

    @Test
    void aRunningStatementFinishesWhenItsNodeIsPointedElsewhere() throws Exception {
      parquet("old.parquet", "SELECT CAST(x AS VARCHAR) AS x FROM range(100000) t(x)");
      parquet("new.parquet", "SELECT 'new' AS x");
      TableDescription before = storage.describe(files(FileFormat.PARQUET, "old.parquet"));
      RunningQuery running =
          storage.execute(
              new StorageQuery(
                  "SELECT x FROM " + table(before), List.of(), List.of(ColumnType.VARCHAR)));
      running.next();
      TableDescription after = storage.describe(files(FileFormat.PARQUET, "new.parquet"));
      assertNotEquals(before.path(), after.path());
      assertEquals(List.of("new"), texts("SELECT x FROM " + table(after)));
      assertEquals(100_000 - 2048, texts(running).size());
    }

    @Test
    void epochColumnsBecomeInstants() throws Exception {
      parquet(
          "e.parquet",
          "SELECT 1704067200 AS s, 1704067200123 AS ms, 1704067200123456 AS us,"
              + " 1704067200123456789 AS ns, 1704067200.25::DOUBLE AS f");
      Conversion seconds = new Conversion(ColumnType.INSTANT, EpochUnit.SECONDS);
      TableDescription table =
          storage.describe(
              files(FileFormat.PARQUET, "e.parquet")
                  .withConversions(
                      Map.of(
                          "s", seconds,
                          "ms", new Conversion(ColumnType.INSTANT, EpochUnit.MILLISECONDS),
                          "us", new Conversion(ColumnType.INSTANT, EpochUnit.MICROSECONDS),
                          "ns", new Conversion(ColumnType.INSTANT_NANOS, EpochUnit.NANOSECONDS),
                          "f", seconds)));
      assertEquals(
          "{s=TIMESTAMP(6) WITH LOCAL TIME ZONE, ms=TIMESTAMP(6) WITH LOCAL TIME ZONE,"
              + " us=TIMESTAMP(6) WITH LOCAL TIME ZONE, ns=TIMESTAMP(9) WITH LOCAL TIME ZONE,"
              + " f=TIMESTAMP(6) WITH LOCAL TIME ZONE}",
          types(table).toString());
      String from = " FROM " + table(table);
      assertEquals(1_704_067_200_000_000L, number("SELECT s" + from, ColumnType.INSTANT));
      assertEquals(1_704_067_200_123_000L, number("SELECT ms" + from, ColumnType.INSTANT));
      assertEquals(1_704_067_200_123_456L, number("SELECT us" + from, ColumnType.INSTANT));
      assertEquals(
          1_704_067_200_123_456_789L, number("SELECT ns" + from, ColumnType.INSTANT_NANOS));
      assertEquals(1_704_067_200_250_000L, number("SELECT f" + from, ColumnType.INSTANT));
    }

    @Test
    void aDeclaredEpochMustBeANumber() throws Exception {
      parquet("e.parquet", "SELECT 'now' AS s");
      DataNodeException failure =
          refused(
              files(FileFormat.PARQUET, "e.parquet")
                  .withConversions(
                      Map.of("s", new Conversion(ColumnType.INSTANT, EpochUnit.SECONDS))));
      assertEquals("F0000", failure.sqlState());
      assertEquals(
          "Storage 'lake': column 's' is declared as s since 1970 but is stored as VARCHAR;"
              + " expected a number",
          failure.getMessage());
    }

    @Test
    void missingFilesAre58030() {
      DataNodeException failure = refused(files(FileFormat.PARQUET, "none/*.parquet"));
      assertEquals("58030", failure.sqlState());
      assertEquals(
          "Storage 'lake': No files found that match the pattern \"" + folder + "/none/*.parquet\"",
          failure.getMessage());
    }

    @Test
    void filesThatAreNoParquetAre58030AndNamed() throws Exception {
      csv("p/a.parquet", "this is not what its name says");
      DataNodeException failure = refused(files(FileFormat.PARQUET, "p/*.parquet"));
      assertEquals("58030", failure.sqlState());
      assertTrue(failure.getMessage().contains("/p/a.parquet"), failure.getMessage());
      Files.write(folder.resolve("p/a.parquet"), new byte[0]);
      assertEquals("58030", refused(files(FileFormat.PARQUET, "p/*.parquet")).sqlState());
    }

    @Test
    void aFooterOfNonsenseIs58030AndNamed() throws Exception {
      parquet("p/a.parquet", "SELECT x, 'text' || x AS s FROM range(1000) t(x)");
      byte[] bytes = Files.readAllBytes(folder.resolve("p/a.parquet"));
      for (int i = bytes.length - 200; i < bytes.length - 100; i++) {
        bytes[i] = -1;
      }
      Files.write(folder.resolve("p/a.parquet"), bytes);
      DataNodeException failure = refused(files(FileFormat.PARQUET, "p/*.parquet"));
      assertEquals("58030", failure.sqlState());
    }
  }

  @Nested
  class Csv {
    @Test
    void typesAreFoundAndEmptyTextIsNotNull() throws Exception {
      csv(
          "a.csv",
          "id,s,d,ts,tz,n,f,b\n"
              + "1,,2024-01-01,2024-01-01 10:00:00,2024-01-01T10:00:00Z,1,1.5,true\n"
              + "2,\"\",2024-01-02,2024-01-01 10:00:00.5,2024-01-01T10:00:00+02:00,,nan,false\n"
              + "3,\"x\"\"y\",2024-01-03,,,3,inf,\n");
      TableDescription table = storage.describe(files(FileFormat.CSV, "a.csv"));
      assertEquals(
          "{id=BIGINT, s=VARCHAR, d=DATE, ts=TIMESTAMP(6), tz=TIMESTAMP(6) WITH LOCAL TIME ZONE,"
              + " n=BIGINT, f=DOUBLE, b=BOOLEAN}",
          types(table).toString());
      assertEquals(-1, table.rowEstimate());
      assertEquals(
          Arrays.asList(null, "", "x\"y"), texts("SELECT s FROM " + table(table) + " ORDER BY id"));
    }

    @Test
    void aLateLetterMakesTheColumnText() throws Exception {
      csv("late.csv", "id,v\n" + "1,2\n".repeat(60_000) + "1,abc\n");
      TableDescription table = storage.describe(files(FileFormat.CSV, "late.csv"));
      assertEquals(ColumnType.VARCHAR, types(table).get("v"));
      assertEquals(60_001, number("SELECT count(v) FROM " + table(table), ColumnType.BIGINT));
    }

    @Test
    void aNumberAsTextIsTheNumberNotTheTextOfTheFile() throws Exception {
      csv("n.csv", "id,v\n0007,1.50\n");
      TableDescription table = storage.describe(files(FileFormat.CSV, "n.csv"));
      assertEquals(List.of("1.5"), texts("SELECT CAST(v AS VARCHAR) AS v FROM " + table(table)));
    }

    @Test
    void compressedFilesAndOtherSeparators() throws Exception {
      try (OutputStream out =
          new GZIPOutputStream(Files.newOutputStream(folder.resolve("z.csv.gz")))) {
        out.write("id;name\n1;\"x;y\"\n".getBytes(StandardCharsets.UTF_8));
      }
      TableDescription table = storage.describe(files(FileFormat.CSV, "z.csv.gz"));
      assertEquals(List.of("x;y"), texts("SELECT name FROM " + table(table)));
    }

    @Test
    void filesWithOtherColumnsAreMatchedByName() throws Exception {
      csv("c/a.csv", "id,d,x\n1,31/12/2024,1.5\n");
      csv("c/b.csv", "d,id,y\n30/12/2024,2,hello\n");
      TableDescription table = storage.describe(files(FileFormat.CSV, "c/*.csv"));
      assertEquals("{id=BIGINT, d=DATE, x=DOUBLE, y=VARCHAR}", types(table).toString());
      assertEquals(
          List.of("2024-12-31", "2024-12-30"),
          texts("SELECT CAST(d AS VARCHAR) FROM " + table(table) + " ORDER BY id"));
    }

    @Test
    void allTextAndNoRows() throws Exception {
      csv("n.csv", "name,city\nbob,paris\nann,rome\n");
      TableDescription table = storage.describe(files(FileFormat.CSV, "n.csv"));
      assertEquals(
          List.of("ann", "bob"), texts("SELECT name FROM " + table(table) + " ORDER BY 1"));
      csv("h.csv", "id,v\n");
      table = storage.describe(files(FileFormat.CSV, "h.csv"));
      assertEquals(List.of("id", "v"), List.copyOf(types(table).keySet()));
      assertEquals(0, number("SELECT count(*) FROM " + table(table), ColumnType.BIGINT));
    }

    @Test
    void rowsOfDifferentLengthsAreRefusedNotDropped() throws Exception {
      csv("r.csv", "id,v\n1,2\n3,4,5\n");
      DataNodeException failure = refused(files(FileFormat.CSV, "r.csv"));
      assertEquals("58030", failure.sqlState());
      assertEquals(
          "Storage 'lake': "
              + folder
              + "/r.csv cannot be split into columns: its rows do not all"
              + " have as many fields as its first line, id,v",
          failure.getMessage());
    }

    @Test
    void textThatIsNotUtf8Is58030() throws Exception {
      Files.write(folder.resolve("l.csv"), "id,s\n1,Größe\n".getBytes(StandardCharsets.ISO_8859_1));
      DataNodeException failure = refused(files(FileFormat.CSV, "l.csv"));
      assertEquals("58030", failure.sqlState());
      assertTrue(failure.getMessage().contains("not utf-8"), failure.getMessage());
      assertTrue(failure.getMessage().contains("l.csv"), failure.getMessage());
      assertTrue(failure.getMessage().length() < 400, failure.getMessage());
    }
  }
}
