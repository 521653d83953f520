package io.datanode.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datanode.DataNodeException;
import io.datanode.jdbc.batch.ColumnBatch;
import io.datanode.jdbc.batch.ColumnType;
import io.datanode.jdbc.batch.LongVector;
import io.datanode.node.TableSource;
import io.datanode.storage.StorageQuery.Parameter;
import io.datanode.testing.StorageRows;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.TimeZone;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What every storage does, whatever holds its rows. A storage says how it is opened and how its
 * engine spells the few things that differ; the rest is here once.
 *
 * <p>To add a storage, say in {@code lakehouse}, write a package {@code storage.lakehouse} with a
 * {@link StorageProvider} that is listed in {@code META-INF/services}, a {@link Storage}, and a
 * {@link io.datanode.storage.sql.StorageDialect}; then extend this class, which fails wherever the
 * new storage does not yet behave:
 *
 * <pre>{@code
 * class LakehouseStorageTest extends StorageContract {
 *   @Override
 *   protected Storage open(Path directory) throws Exception {
 *     String url = Lakehouse.start(directory);      // a real engine, no mock
 *     Lakehouse.run(url, SCRIPT);                   // the tables that the tests read
 *     return new LakehouseStorageProvider().open("house", Map.of("url", url), embedded);
 *   }
 *
 *   @Override
 *   protected int connectionsInUse() {              // 0 after each test, or something leaks
 *     return ((LakehouseStorage) storage).connectionsInUse();
 *   }
 * }
 * }</pre>
 *
 * <p>{@link #bytes}, {@link #endless} and {@link #series} may be overridden where the engine writes
 * byte strings otherwise, has no {@code generate_series}, or would keep all its rows first. What a
 * storage has of its own, its types, its settings and the ways in which its server fails, it tests
 * in classes beside: for PostgreSQL these are {@code PostgreSqlTablesTest}, {@code
 * PostgreSqlTlsTest} and {@code PostgreSqlFailuresTest}. That its SQL gives the same rows as every
 * other storage's is proved by the scripts and the differential tests, to which it is added in
 * {@code testing.OddNodes}.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 120, unit = TimeUnit.SECONDS)
public abstract class StorageContract {
  /** Statements that make the tables; what engines spell alike. */
  protected static final List<String> SCRIPT =
      List.of(
          "CREATE TABLE texts (id INTEGER NOT NULL PRIMARY KEY, text_value VARCHAR)",
          "INSERT INTO texts VALUES"
              + " (1, 'it''s \"quoted\" \\ backslash'),"
              + " (2, 'Größe 価格 цена שלום'),"
              + " (3, '📈 up 👩‍👩‍👧'),"
              + " (4, ''),"
              + " (5, NULL),"
              + " (6, 'trailing blanks   '),"
              + " (7, 'twelve bytes'),"
              + " (8, 'thirteen byte'),"
              + " (9, 'one\nline and\ttab')",
          "CREATE TABLE times (id INTEGER, d DATE, t TIME, ts TIMESTAMP, tz TIMESTAMPTZ)",
          "INSERT INTO times VALUES"
              + " (1, '1970-01-01', '00:00:00', '1970-01-01 00:00:00', '1970-01-01 00:00:00+00'),"
              + " (2, '2024-02-29', '23:59:59.999999', '2024-02-29 23:59:59.999999',"
              + " '2024-02-29 23:59:59.999999+00'),"
              + " (3, '2024-03-31', '02:30:00', '2024-03-31 02:30:00', '2024-03-31 02:30:00+00'),"
              + " (4, '2024-10-27', '02:30:00', '2024-10-27 02:30:00', '2024-10-27 02:30:00+02'),"
              + " (5, '0001-01-01', '00:00:00.000001', '0001-01-01 00:00:00',"
              + " '0001-01-01 00:00:00+00'),"
              + " (6, '1500-02-28', '12:00:00', '1500-02-28 12:00:00', '1500-02-28 12:00:00+00'),"
              + " (7, '9999-12-31', '12:00:00', '9999-12-31 23:59:59.999999',"
              + " '9999-12-31 23:59:59.999999+00'),"
              + " (8, 'infinity', NULL, 'infinity', 'infinity'),"
              + " (9, '-infinity', NULL, '-infinity', '-infinity'),"
              + " (10, NULL, NULL, NULL, NULL),"
              + " (11, '2011-12-30', '12:00:00', '2011-12-30 12:00:00', '1969-12-31 23:59:59.999999+00')",
          "CREATE TABLE numbers (id INTEGER, b BOOLEAN, s SMALLINT, i INTEGER, l BIGINT, r REAL,"
              + " d DOUBLE PRECISION, m DECIMAL(9, 2), p DECIMAL(18, 6), w DECIMAL(38, 10))",
          "INSERT INTO numbers VALUES"
              + " (1, TRUE, 32767, 2147483647, 9223372036854775807, 1.5, 'NaN', 1234567.89,"
              + " 123456789012.345678, 9999999999999999999999999999.9999999999),"
              + " (2, FALSE, -32768, -2147483648, -9223372036854775808, 'Infinity', 'Infinity',"
              + " -9999999.99, -999999999999.999999, -9999999999999999999999999999.9999999999),"
              + " (3, NULL, 0, 0, 0, '-Infinity', '-Infinity', 0, 0, 0.0000000001),"
              + " (4, NULL, NULL, NULL, NULL, 'NaN', '-0.0', NULL, NULL, NULL),"
              + " (5, TRUE, 1, 1, 1, 0.1, 0.1, 0.1, 0.1, 0.1)",
          "CREATE TABLE others (id INTEGER, u UUID, j JSON, bin BYTEA, a INTEGER[], n VARCHAR[],"
              + " f DOUBLE PRECISION[])",
          "INSERT INTO others (id, u, j, a, n, f) VALUES"
              + " (1, '00112233-4455-6677-8899-aabbccddeeff', '{\"k\": [1, null]}',"
              + " ARRAY[1, NULL, 3], ARRAY['a,b', NULL, '', 'é\"'],"
              + " ARRAY[CAST(1.5 AS DOUBLE PRECISION), 'NaN', '-Infinity', NULL]),"
              + " (2, 'ffffffff-ffff-ffff-ffff-ffffffffffff', NULL, NULL, NULL, NULL),"
              + " (3, NULL, NULL, CAST(ARRAY[] AS INTEGER[]), CAST(ARRAY[] AS VARCHAR[]), ARRAY[0])",
          "CREATE TABLE assets (asset_identifier VARCHAR PRIMARY KEY, title VARCHAR NOT NULL)",
          "INSERT INTO assets VALUES ('SAP', 'SAP SE'), ('BMW', 'BMW AG')",
          "CREATE TABLE prices (time_index TIMESTAMPTZ, asset_identifier VARCHAR,"
              + " \"close\" DOUBLE PRECISION, PRIMARY KEY (time_index, asset_identifier),"
              + " FOREIGN KEY (asset_identifier) REFERENCES assets (asset_identifier))",
          "INSERT INTO prices VALUES ('2024-01-02 00:00:00+00', 'SAP', 139.5),"
              + " ('2024-01-02 00:00:00+00', 'BMW', 99.1), ('2024-01-03 00:00:00+00', 'SAP', 140)",
          "COMMENT ON TABLE prices IS 'Daily bars'",
          "COMMENT ON COLUMN prices.\"close\" IS 'Official close, it''s adjusted'",
          "CREATE TABLE \"Odd Name\" (\"a \"\"b\"\" c\" INTEGER, \"select\" INTEGER)",
          "INSERT INTO \"Odd Name\" VALUES (1, 2)");

  @TempDir static Path directory;

  protected Storage storage;

  /** Opens a storage in whose engine {@link #SCRIPT} has been run. */
  protected abstract Storage open(Path directory) throws Exception;

  /** How many connections to the engine are in use now; those of half-read results count. */
  protected abstract int connectionsInUse();

  /** A literal of a byte string, to be cast to BYTEA. */
  protected String bytes(byte[] value) {
    return "'\\x" + HexFormat.of().formatHex(value) + "'";
  }

  /** How the engine spells a type of the script. */
  protected String typeName(String type) {
    return type;
  }

  /** What gives the numbers from 1 on as column {@code x} of {@code g}, to stand in FROM. */
  protected String numbers(int rows) {
    return "generate_series(1, " + rows + ") g(x)";
  }

  /** A query of one row that takes hours. */
  protected String endless() {
    return "SELECT count(*) FROM generate_series(1, 1000000) a(x), generate_series(1, 1000000) b(y)"
        + " WHERE x * y % 7 = 3";
  }

  /** A statement that gives the numbers from 1 on, one row each, without keeping them first. */
  protected String series(long rows) {
    return "SELECT CAST(x AS BIGINT) FROM generate_series(1, " + rows + ") g(x)";
  }

  @BeforeAll
  void openStorage() throws Exception {
    storage = open(directory);
  }

  @AfterAll
  void closeStorage() {
    assertEquals(0, connectionsInUse(), "connections that were not given back");
    storage.close();
  }

  /** The full name of a table, for use in SQL. */
  protected String table(String name) {
    return storage.describe(new TableSource.Table(List.of(name))).path().stream()
        .map(part -> '"' + part.replace("\"", "\"\"") + '"')
        .collect(Collectors.joining("."));
  }

  /** All rows of a query, each value as {@link StorageRows} gives it. */
  protected List<List<@Nullable Object>> rows(
      String sql, List<ColumnType> columns, Parameter... parameters) {
    return new StorageRows(storage).rows(sql, columns, parameters);
  }

  /** The first column of a query. */
  protected List<@Nullable Object> column(String sql, ColumnType type, Parameter... parameters) {
    return new StorageRows(storage).column(sql, type, parameters);
  }

  protected @Nullable Object value(String sql, ColumnType type, Parameter... parameters) {
    List<@Nullable Object> values = column(sql, type, parameters);
    assertEquals(1, values.size(), sql);
    return values.get(0);
  }

  private static void inZones(Runnable check) {
    TimeZone before = TimeZone.getDefault();
    try {
      for (String zone : List.of("UTC", "America/New_York", "Asia/Kolkata", "Pacific/Apia")) {
        TimeZone.setDefault(TimeZone.getTimeZone(zone));
        check.run();
      }
    } finally {
      TimeZone.setDefault(before);
    }
  }

  private DataNodeException refused(String sql, ColumnType type, Parameter... parameters) {
    return assertThrows(DataNodeException.class, () -> column(sql, type, parameters));
  }

  @Nested
  @DisplayName("Values read are the values stored")
  class Reading {
    @Test
    void textKeepsQuotesScriptsEmojiBlanksAndTheEmptyString() {
      assertEquals(
          Arrays.asList(
              "it's \"quoted\" \\ backslash",
              "Größe 価格 цена שלום",
              "📈 up 👩‍👩‍👧",
              "",
              null,
              "trailing blanks   ",
              "twelve bytes",
              "thirteen byte",
              "one\nline and\ttab"),
          column("SELECT text_value FROM " + table("texts") + " ORDER BY id", ColumnType.VARCHAR));
    }

    @Test
    void instantsKeepMicrosecondsAndInfinityUnderAnyZoneOfTheJvm() {
      String sql = "SELECT tz FROM " + table("times") + " ORDER BY id";
      inZones(
          () ->
              assertEquals(
                  Arrays.asList(
                      "1970-01-01T00:00:00Z",
                      "2024-02-29T23:59:59.999999Z",
                      "2024-03-31T02:30:00Z",
                      "2024-10-27T00:30:00Z",
                      "0001-01-01T00:00:00Z",
                      "1500-02-28T12:00:00Z",
                      "9999-12-31T23:59:59.999999Z",
                      "infinity",
                      "-infinity",
                      null,
                      "1969-12-31T23:59:59.999999Z"),
                  column(sql, ColumnType.INSTANT)));
    }

    @Test
    void timestampsDatesAndTimesAreWallClockUnderAnyZoneOfTheJvm() {
      String sql = "SELECT ts, d, t FROM " + table("times") + " ORDER BY id";
      inZones(
          () ->
              assertEquals(
                  List.of(
                      Arrays.asList("1970-01-01T00:00", "1970-01-01", "00:00"),
                      Arrays.asList("2024-02-29T23:59:59.999999", "2024-02-29", "23:59:59.999999"),
                      Arrays.asList("2024-03-31T02:30", "2024-03-31", "02:30"),
                      Arrays.asList("2024-10-27T02:30", "2024-10-27", "02:30"),
                      Arrays.asList("0001-01-01T00:00", "0001-01-01", "00:00:00.000001"),
                      Arrays.asList("1500-02-28T12:00", "1500-02-28", "12:00"),
                      Arrays.asList("9999-12-31T23:59:59.999999", "9999-12-31", "12:00"),
                      Arrays.asList("infinity", "infinity", null),
                      Arrays.asList("-infinity", "-infinity", null),
                      Arrays.asList(null, null, null),
                      Arrays.asList("2011-12-30T12:00", "2011-12-30", "12:00")),
                  rows(sql, List.of(ColumnType.TIMESTAMP, ColumnType.DATE, ColumnType.TIME))));
    }

    @Test
    void integersReachTheirBounds() {
      assertEquals(
          List.of(
              Arrays.asList(true, 32767L, 2147483647L, Long.MAX_VALUE),
              Arrays.asList(false, -32768L, -2147483648L, Long.MIN_VALUE),
              Arrays.asList(null, 0L, 0L, 0L),
              Arrays.asList(null, null, null, null),
              Arrays.asList(true, 1L, 1L, 1L)),
          rows(
              "SELECT b, s, i, l FROM " + table("numbers") + " ORDER BY id",
              List.of(
                  ColumnType.BOOLEAN, ColumnType.SMALLINT, ColumnType.INTEGER, ColumnType.BIGINT)));
    }

    @Test
    void floatingPointKeepsNaNInfinityAndNegativeZero() {
      assertEquals(
          List.of(
              List.of(1.5, Double.NaN),
              List.of(Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY),
              List.of(Double.NEGATIVE_INFINITY, Double.NEGATIVE_INFINITY),
              List.of(Double.NaN, -0.0),
              List.of((double) 0.1f, 0.1)),
          rows(
              "SELECT r, d FROM " + table("numbers") + " ORDER BY id",
              List.of(ColumnType.REAL, ColumnType.DOUBLE)));
    }

    @Test
    void decimalsKeepAllDigits() {
      assertEquals(
          List.of(
              Arrays.asList(
                  new BigDecimal("1234567.89"),
                  new BigDecimal("123456789012.345678"),
                  new BigDecimal("9999999999999999999999999999.9999999999")),
              Arrays.asList(
                  new BigDecimal("-9999999.99"),
                  new BigDecimal("-999999999999.999999"),
                  new BigDecimal("-9999999999999999999999999999.9999999999")),
              Arrays.asList(
                  new BigDecimal("0.00"),
                  new BigDecimal("0.000000"),
                  new BigDecimal("0.0000000001")),
              Arrays.asList(null, null, null),
              Arrays.asList(
                  new BigDecimal("0.10"),
                  new BigDecimal("0.100000"),
                  new BigDecimal("0.1000000000"))),
          rows(
              "SELECT m, p, w FROM " + table("numbers") + " ORDER BY id",
              List.of(
                  ColumnType.decimal(9, 2),
                  ColumnType.decimal(18, 6),
                  ColumnType.decimal(38, 10))));
    }

    @Test
    void uuidsJsonAndArraysWithNulls() {
      List<List<@Nullable Object>> rows =
          rows(
              "SELECT u, j, a, n, f FROM " + table("others") + " ORDER BY id",
              List.of(
                  ColumnType.UUID,
                  ColumnType.JSON,
                  ColumnType.array(ColumnType.INTEGER),
                  ColumnType.array(ColumnType.VARCHAR),
                  ColumnType.array(ColumnType.DOUBLE)));
      assertEquals(
          Arrays.asList(
              "00112233-4455-6677-8899-aabbccddeeff",
              "{\"k\": [1, null]}",
              Arrays.asList(1L, null, 3L),
              Arrays.asList("a,b", null, "", "é\""),
              Arrays.asList(1.5, Double.NaN, Double.NEGATIVE_INFINITY, null)),
          rows.get(0));
      assertEquals(
          Arrays.asList("ffffffff-ffff-ffff-ffff-ffffffffffff", null, null, null, null),
          rows.get(1));
      assertEquals(Arrays.asList(null, null, List.of(), List.of(), List.of(0.0)), rows.get(2));
    }

    @Test
    void byteStringsOfAllBytes() {
      byte[] all = new byte[256];
      for (int i = 0; i < all.length; i++) {
        all[i] = (byte) i;
      }
      assertEquals(
          HexFormat.of().formatHex(all),
          value(
              "SELECT CAST(" + bytes(all) + " AS " + typeName("BYTEA") + ")",
              ColumnType.VARBINARY));
    }

    @Test
    void columnsBecomeTheTypesAskedFor() {
      String numbers = table("numbers");
      assertEquals(32767L, value("SELECT s FROM " + numbers + " WHERE id = 1", ColumnType.BIGINT));
      assertEquals(1.0, value("SELECT i FROM " + numbers + " WHERE id = 5", ColumnType.DOUBLE));
      assertEquals(
          new BigDecimal("0.1000"),
          value("SELECT m FROM " + numbers + " WHERE id = 5", ColumnType.decimal(38, 4)));
      assertEquals(
          6442450945L,
          value(
              "SELECT SUM(CAST(i AS BIGINT)) + 4294967297 FROM " + numbers + " WHERE id IN (1, 5)",
              ColumnType.BIGINT));
      assertEquals(
          "2024-02-29T00:00:00Z",
          value("SELECT d FROM " + table("times") + " WHERE id = 2", ColumnType.INSTANT));
    }

    @Test
    void orderOfTheStatementIsTheOrderOfTheRows() {
      List<@Nullable Object> ids =
          column(
              "SELECT CAST(x AS VARCHAR) FROM (SELECT x FROM "
                  + numbers(100_000)
                  + ") q ORDER BY q.x DESC",
              ColumnType.BIGINT);
      assertEquals(100_000, ids.size());
      for (int i = 0; i < ids.size(); i++) {
        assertEquals(100_000L - i, ids.get(i));
      }
    }
  }

  @Nested
  @DisplayName("Parameters arrive exactly")
  class Binding {
    private @Nullable Object echo(String cast, ColumnType type, @Nullable Object bound) {
      return value("SELECT CAST(? AS " + typeName(cast) + ")", type, new Parameter(type, bound));
    }

    @Test
    void integersAndBooleans() {
      assertEquals(Long.MAX_VALUE, echo("BIGINT", ColumnType.BIGINT, Long.MAX_VALUE));
      assertEquals(Long.MIN_VALUE, echo("BIGINT", ColumnType.BIGINT, Long.MIN_VALUE));
      assertEquals(-2147483648L, echo("INTEGER", ColumnType.INTEGER, -2147483648L));
      assertEquals(32767L, echo("SMALLINT", ColumnType.SMALLINT, 32767L));
      assertEquals(true, echo("BOOLEAN", ColumnType.BOOLEAN, true));
    }

    @ParameterizedTest
    @ValueSource(
        doubles = {
          0.1,
          -0.0,
          Double.MIN_VALUE,
          Double.MAX_VALUE,
          Double.NaN,
          Double.POSITIVE_INFINITY,
          Double.NEGATIVE_INFINITY
        })
    void floatingPoint(double number) {
      assertEquals(number, echo("DOUBLE PRECISION", ColumnType.DOUBLE, number));
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "0", "-0.0000000001", "9999999999999999999999999999.9999999999",
          "-9999999999999999999999999999.9999999999", "1E+3", "123456789.5"
        })
    void decimals(String number) {
      assertEquals(
          new BigDecimal(number).setScale(10),
          echo("DECIMAL(38, 10)", ColumnType.decimal(38, 10), new BigDecimal(number)));
    }

    @Test
    void text() {
      for (String text : List.of("", "it's", "a\\b", "価格 📈", "'; DROP TABLE texts; --", "  ")) {
        assertEquals(text, echo("VARCHAR", ColumnType.VARCHAR, text));
      }
    }

    @Test
    void timesUnderAnyZoneOfTheJvm() {
      inZones(
          () -> {
            for (String instant :
                List.of(
                    "1970-01-01T00:00:00Z",
                    "2024-03-31T01:30:00.000001Z",
                    "0001-01-01T00:00:00Z",
                    "9999-12-31T23:59:59.999999Z",
                    "1969-12-31T23:59:59.999999Z")) {
              assertEquals(
                  instant, echo("TIMESTAMPTZ", ColumnType.INSTANT, Instant.parse(instant)));
            }
            for (String dateTime :
                List.of("2024-03-31T02:30", "2011-12-30T12:00", "1500-02-28T12:00:00.000001")) {
              assertEquals(
                  dateTime, echo("TIMESTAMP", ColumnType.TIMESTAMP, LocalDateTime.parse(dateTime)));
            }
            for (String date :
                List.of("2011-12-30", "1582-10-10", "0001-01-01", "9999-12-31", "1970-01-01")) {
              assertEquals(date, echo("DATE", ColumnType.DATE, LocalDate.parse(date)));
            }
            for (String time : List.of("00:00", "23:59:59.999999", "02:30")) {
              assertEquals(time, echo("TIME", ColumnType.TIME, LocalTime.parse(time)));
            }
          });
    }

    @Test
    void infiniteTimes() {
      for (InfiniteTime time : InfiniteTime.values()) {
        String text = time.toString();
        assertEquals(text, echo("TIMESTAMPTZ", ColumnType.INSTANT, time.as(ColumnType.INSTANT)));
        assertEquals(text, echo("TIMESTAMP", ColumnType.TIMESTAMP, time.as(ColumnType.TIMESTAMP)));
        assertEquals(text, echo("DATE", ColumnType.DATE, time.as(ColumnType.DATE)));
      }
      assertEquals(
          List.of("infinity", "1970-01-01T00:00:00Z", "-infinity"),
          echo(
              "TIMESTAMPTZ[]",
              ColumnType.array(ColumnType.INSTANT),
              List.of(Instant.MAX, Instant.EPOCH, Instant.MIN)));
    }

    @Test
    void uuidsBytesJsonAndArrays() {
      UUID uuid = UUID.fromString("ffeeddcc-bbaa-9988-7766-554433221100");
      assertEquals(uuid.toString(), echo("UUID", ColumnType.UUID, uuid));
      byte[] bytes = {0, 1, -1, 39, 92};
      assertEquals(HexFormat.of().formatHex(bytes), echo("BYTEA", ColumnType.VARBINARY, bytes));
      assertEquals("{\"a\": 1}", echo("JSON", ColumnType.JSON, "{\"a\": 1}"));
      assertEquals(
          Arrays.asList(1L, null, 3L),
          echo("INTEGER[]", ColumnType.array(ColumnType.INTEGER), Arrays.asList(1L, null, 3L)));
      assertEquals(
          List.of("a'b", ""),
          echo("VARCHAR[]", ColumnType.array(ColumnType.VARCHAR), List.of("a'b", "")));
    }

    @Test
    void nullOfEveryType() {
      assertNull(echo("BIGINT", ColumnType.BIGINT, null));
      assertNull(echo("DOUBLE PRECISION", ColumnType.DOUBLE, null));
      assertNull(echo("DECIMAL(38, 10)", ColumnType.decimal(38, 10), null));
      assertNull(echo("VARCHAR", ColumnType.VARCHAR, null));
      assertNull(echo("DATE", ColumnType.DATE, null));
      assertNull(echo("TIME", ColumnType.TIME, null));
      assertNull(echo("TIMESTAMP", ColumnType.TIMESTAMP, null));
      assertNull(echo("TIMESTAMPTZ", ColumnType.INSTANT, null));
      assertNull(echo("UUID", ColumnType.UUID, null));
      assertNull(echo("BYTEA", ColumnType.VARBINARY, null));
    }

    @Test
    void parametersAreComparedWithColumns() {
      String prices = table("prices");
      String sql =
          "SELECT \"close\" FROM "
              + prices
              + " WHERE asset_identifier = ? AND time_index >= ?"
              + " AND time_index < ? ORDER BY time_index";
      Parameter asset = new Parameter(ColumnType.VARCHAR, "SAP");
      Instant start = Instant.parse("2024-01-02T00:00:00Z");
      assertEquals(
          List.of(139.5),
          column(
              sql,
              ColumnType.DOUBLE,
              asset,
              new Parameter(ColumnType.INSTANT, start),
              new Parameter(ColumnType.INSTANT, start.plus(1, ChronoUnit.DAYS))));
      assertEquals(
          List.of(139.5, 140.0),
          column(
              sql,
              ColumnType.DOUBLE,
              asset,
              new Parameter(ColumnType.INSTANT, start),
              new Parameter(ColumnType.INSTANT, start.plus(1, ChronoUnit.DAYS).plusNanos(1000))));
    }

    @Test
    void aLimitIsAParameterToo() {
      assertEquals(
          List.of(1L, 2L),
          column(
              "SELECT id FROM " + table("texts") + " ORDER BY id LIMIT ?",
              ColumnType.INTEGER,
              new Parameter(ColumnType.BIGINT, 2L)));
    }

    @Test
    void aDecimalOfMoreThan38DigitsIsRefused() {
      DataNodeException failure =
          assertThrows(
              DataNodeException.class,
              () ->
                  echo(
                      "DECIMAL(38, 0)",
                      ColumnType.decimal(38, 0),
                      new BigDecimal("123456789012345678901234567890123456789")));
      assertEquals("22003", failure.sqlState());
    }
  }

  @Nested
  @DisplayName("Tables are described without being read")
  class Describing {
    @Test
    void columnsHaveNamesTypesAndComments() {
      TableDescription prices = storage.describe(new TableSource.Table(List.of("prices")));
      assertEquals(
          List.of("time_index", "asset_identifier", "close"),
          prices.columns().stream().map(StorageColumn::name).toList());
      assertEquals(
          List.of(ColumnType.INSTANT, ColumnType.VARCHAR, ColumnType.DOUBLE),
          prices.columns().stream().map(StorageColumn::type).toList());
      assertFalse(prices.columns().get(0).nullable());
      assertTrue(prices.columns().get(2).nullable());
      assertEquals("Official close, it's adjusted", prices.columns().get(2).comment());
      assertEquals("Daily bars", prices.comment());
    }

    @Test
    void keysAreKnown() {
      TableDescription prices = storage.describe(new TableSource.Table(List.of("prices")));
      assertEquals(List.of("time_index", "asset_identifier"), prices.primaryKey());
      assertEquals(1, prices.foreignKeys().size());
      TableDescription.StoredForeignKey key = prices.foreignKeys().get(0);
      assertEquals(List.of("asset_identifier"), key.columns());
      assertEquals(List.of("asset_identifier"), key.targetColumns());
      assertEquals(
          storage.describe(new TableSource.Table(List.of("assets"))).path(), key.targetPath());
    }

    @Test
    void typesOfAllColumns() {
      assertEquals(
          List.of(
              ColumnType.INTEGER,
              ColumnType.BOOLEAN,
              ColumnType.SMALLINT,
              ColumnType.INTEGER,
              ColumnType.BIGINT,
              ColumnType.REAL,
              ColumnType.DOUBLE,
              ColumnType.decimal(9, 2),
              ColumnType.decimal(18, 6),
              ColumnType.decimal(38, 10)),
          types("numbers"));
      assertEquals(
          List.of(
              ColumnType.INTEGER,
              ColumnType.DATE,
              ColumnType.TIME,
              ColumnType.TIMESTAMP,
              ColumnType.INSTANT),
          types("times"));
      assertEquals(
          List.of(
              ColumnType.INTEGER,
              ColumnType.UUID,
              ColumnType.JSON,
              ColumnType.VARBINARY,
              ColumnType.array(ColumnType.INTEGER),
              ColumnType.array(ColumnType.VARCHAR),
              ColumnType.array(ColumnType.DOUBLE)),
          types("others"));
    }

    private List<ColumnType> types(String table) {
      return storage.describe(new TableSource.Table(List.of(table))).columns().stream()
          .map(StorageColumn::type)
          .toList();
    }

    @Test
    void oddNamesAreKept() {
      TableDescription odd = storage.describe(new TableSource.Table(List.of("Odd Name")));
      assertEquals(
          List.of("a \"b\" c", "select"), odd.columns().stream().map(StorageColumn::name).toList());
      assertEquals(2L, value("SELECT \"select\" FROM " + table("Odd Name"), ColumnType.INTEGER));
    }

    @Test
    void tablesAreListed() {
      List<String> names =
          storage.tables().stream().map(t -> t.path().get(t.path().size() - 1)).toList();
      assertTrue(
          names.containsAll(List.of("texts", "times", "numbers", "others", "prices", "assets")),
          names.toString());
      for (TableSource.Table table : storage.tables()) {
        assertFalse(storage.describe(table).columns().isEmpty(), table.toString());
      }
    }

    @Test
    void tablesDescribedTogetherAreDescribedAsEachByItself() {
      List<TableSource> tables = new ArrayList<>(storage.tables());
      TableSource missing = new TableSource.Table(List.of("no_such_table"));
      tables.add(missing);
      TableDescriber together = storage.describer(tables);
      for (TableSource.Table table : storage.tables()) {
        assertEquals(storage.describe(table), together.describe(table));
      }
      DataNodeException failure =
          assertThrows(DataNodeException.class, () -> together.describe(missing));
      assertEquals("42P01", failure.sqlState());
    }

    @Test
    void aMissingTableIs42P01() {
      DataNodeException failure =
          assertThrows(
              DataNodeException.class,
              () -> storage.describe(new TableSource.Table(List.of("no_such_table"))));
      assertEquals("42P01", failure.sqlState());
      assertTrue(failure.getMessage().contains("no_such_table"), failure.getMessage());
    }
  }

  @Nested
  @DisplayName("A running query streams, stops and cleans up")
  class Running {
    private static final int MILLION = 1_000_000;

    @Test
    void aMillionRowsArriveInBatches() {
      long sum = 0;
      int batches = 0;
      try (RunningQuery query = series(MILLION)) {
        for (ColumnBatch batch = query.next(); batch != null; batch = query.next()) {
          assertTrue(batch.rowCount() > 0 && batch.rowCount() <= 100_000);
          batches++;
          for (int row = 0; row < batch.rowCount(); row++) {
            sum += ((LongVector) batch.column(0)).get(row);
          }
        }
        assertNull(query.next(), "the end stays the end");
      }
      assertEquals(MILLION * (MILLION + 1L) / 2, sum);
      assertTrue(batches >= 10, batches + " batches");
    }

    private RunningQuery series(long rows) {
      return storage.execute(
          new StorageQuery(
              StorageContract.this.series(rows), List.of(), List.of(ColumnType.BIGINT)));
    }

    @Test
    void aHalfReadResultIsFreedByClosing() {
      int before = connectionsInUse();
      RunningQuery query = series(1_000_000_000_000L);
      query.next();
      assertEquals(before + 1, connectionsInUse());
      query.close();
      assertEquals(before, connectionsInUse());
      query.close();
    }

    @Test
    void cancelStopsACountFromAnotherThread() throws Exception {
      RunningQuery query =
          storage.execute(new StorageQuery(endless(), List.of(), List.of(ColumnType.BIGINT)));
      CountDownLatch started = new CountDownLatch(1);
      CompletableFuture<String> state =
          CompletableFuture.supplyAsync(
              () -> {
                started.countDown();
                return assertThrows(DataNodeException.class, query::next).sqlState();
              });
      started.await();
      query.cancel();
      assertEquals("57014", state.get(10, TimeUnit.SECONDS));
      query.close();
      assertEquals(1L, value("SELECT 1", ColumnType.INTEGER));
    }

    @Test
    void cancelBetweenBatchesEndsTheStream() {
      try (RunningQuery query = series(1_000_000_000_000L)) {
        query.next();
        query.cancel();
        DataNodeException failure = assertThrows(DataNodeException.class, query::next);
        assertEquals("57014", failure.sqlState());
        assertThrows(DataNodeException.class, query::next, "it stays cancelled");
      }
    }

    @Test
    void cancelBeforeTheFirstRow() {
      try (RunningQuery query = series(1)) {
        query.cancel();
        assertEquals("57014", assertThrows(DataNodeException.class, query::next).sqlState());
      }
    }

    @Test
    void cancelAfterTheEndDoesNothing() {
      try (RunningQuery query = series(1)) {
        query.next();
        assertNull(query.next());
        query.cancel();
        assertNull(query.next());
      }
    }

    @Test
    void closingFromAnotherThreadStopsTheReader() throws Exception {
      RunningQuery query =
          storage.execute(new StorageQuery(endless(), List.of(), List.of(ColumnType.BIGINT)));
      CountDownLatch started = new CountDownLatch(1);
      CompletableFuture<DataNodeException> failure =
          CompletableFuture.supplyAsync(
              () -> {
                started.countDown();
                return assertThrows(DataNodeException.class, query::next);
              });
      started.await();
      Thread.sleep(50);
      query.close();
      assertEquals("57014", failure.get(10, TimeUnit.SECONDS).sqlState());
    }

    @Test
    void anErrorOnALateRowIsNotTheEnd() {
      DataNodeException failure =
          assertThrows(
              DataNodeException.class,
              () ->
                  column(
                      "SELECT CAST(CASE WHEN x = 900000 THEN 'x' ELSE '1' END AS INTEGER)"
                          + " FROM "
                          + numbers(1_000_000),
                      ColumnType.INTEGER));
      assertTrue(List.of("22018", "22P02").contains(failure.sqlState()), failure.sqlState());
      assertTrue(failure.getMessage().contains("'x'") || failure.getMessage().contains("\"x\""));
    }

    @Test
    void manyQueriesRunAtOnceOnOneStorage() {
      List<CompletableFuture<Object>> sums =
          Collections.nCopies(8, "SELECT SUM(x) FROM " + numbers(100_000)).stream()
              .map(
                  sql -> CompletableFuture.<Object>supplyAsync(() -> value(sql, ColumnType.BIGINT)))
              .toList();
      sums.forEach(sum -> assertEquals(5_000_050_000L, sum.join()));
    }

    @Test
    void aRepeatedStatementTakesNewParameters() {
      for (long i = 1; i <= 200; i++) {
        assertEquals(
            i,
            value(
                "SELECT CAST(? AS BIGINT)",
                ColumnType.BIGINT,
                new Parameter(ColumnType.BIGINT, i)));
      }
    }
  }

  @Nested
  @DisplayName("Errors have a SQLSTATE and a sentence")
  class Errors {
    @Test
    void aNumberTooLargeIs22003() {
      DataNodeException failure =
          refused(
              "SELECT CAST(l AS INTEGER) FROM " + table("numbers") + " WHERE id = 1",
              ColumnType.INTEGER);
      assertEquals("22003", failure.sqlState());
    }

    @Test
    void aSumTooLargeForTheColumnIs22003() {
      DataNodeException failure =
          refused(
              "SELECT SUM(l) + 1 FROM " + table("numbers") + " WHERE id IN (1, 5)",
              ColumnType.BIGINT);
      assertEquals("22003", failure.sqlState());
    }

    @Test
    void textThatIsNoNumber() {
      DataNodeException failure =
          refused(
              "SELECT CAST(text_value AS INTEGER) FROM " + table("texts") + " WHERE id = 7",
              ColumnType.INTEGER);
      assertTrue(List.of("22018", "22P02").contains(failure.sqlState()), failure.sqlState());
      assertTrue(failure.getMessage().contains("twelve bytes"), failure.getMessage());
    }

    @Test
    void textThatIsNoDate() {
      DataNodeException failure =
          refused(
              "SELECT CAST(text_value AS DATE) FROM " + table("texts") + " WHERE id = 7",
              ColumnType.DATE);
      assertEquals("22007", failure.sqlState());
    }

    @Test
    void aMessageIsOneLineWithoutTheStatement() {
      DataNodeException failure = refused("SELECT nothing_like_it", ColumnType.INTEGER);
      assertTrue(failure.getMessage().contains("nothing_like_it"), failure.getMessage());
      assertFalse(failure.getMessage().contains("\n"), failure.getMessage());
      assertFalse(failure.getMessage().contains("^"), failure.getMessage());
      assertTrue(failure.getMessage().contains("'" + storage.name() + "'"));
    }

    @Test
    void afterAnErrorTheStorageAnswers() {
      refused("SELECT nothing_like_it", ColumnType.INTEGER);
      assertEquals(1L, value("SELECT 1", ColumnType.INTEGER));
      assertEquals(0, connectionsInUse());
    }
  }

  @Test
  void itSaysWhatItIs() {
    assertFalse(storage.name().isEmpty());
    assertFalse(storage.type().isEmpty());
    assertFalse(storage.location().isEmpty());
    assertTrue(storage.sharesStatementsWith(storage));
    storage.check();
  }
}
