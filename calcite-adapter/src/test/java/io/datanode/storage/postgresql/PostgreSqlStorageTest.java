package io.datanode.storage.postgresql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datanode.DataNodeException;
import io.datanode.jdbc.batch.ColumnBatch;
import io.datanode.jdbc.batch.ColumnType;
import io.datanode.jdbc.batch.LongVector;
import io.datanode.storage.ResultSize;
import io.datanode.storage.RunningQuery;
import io.datanode.storage.Storage;
import io.datanode.storage.StorageContract;
import io.datanode.storage.StorageQuery;
import io.datanode.storage.StorageQuery.Parameter;
import io.datanode.testing.PostgreSql;
import io.datanode.testing.StorageRows;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class PostgreSqlStorageTest extends StorageContract {
  private String url;

  @Override
  protected Storage open(Path directory) {
    url = PostgreSql.newDatabase();
    PostgreSql.run(url, SCRIPT.toArray(new String[0]));
    return new PostgreSqlStorage(ConnectionSettings.of("desk", Map.of("url", url)));
  }

  @Override
  protected int connectionsInUse() {
    return ((PostgreSqlStorage) storage).connectionsInUse();
  }

  /** PostgreSQL keeps all rows of a function in FROM before it gives the first. */
  @Override
  protected String series(long rows) {
    return "SELECT CAST(generate_series(1, " + rows + ") AS BIGINT)";
  }

  /** Statements with parameters are read through a cursor, others are copied. */
  @Nested
  class WithParameters {
    private RunningQuery series(long rows) {
      return storage.execute(
          new StorageQuery(
              "SELECT generate_series(1, CAST(? AS bigint))",
              List.of(new Parameter(ColumnType.BIGINT, rows)),
              List.of(ColumnType.BIGINT)));
    }

    private long sum(long rows) {
      long sum = 0;
      try (RunningQuery query = series(rows)) {
        for (ColumnBatch batch = query.next(); batch != null; batch = query.next()) {
          for (int row = 0; row < batch.rowCount(); row++) {
            sum += ((LongVector) batch.column(0)).get(row);
          }
        }
        assertNull(query.next(), "the end stays the end");
      }
      return sum;
    }

    /** Rows that PostgreSQL aggregates, with a row limit as the planner says. */
    private RunningQuery groups(long rows, ResultSize size) {
      return storage.execute(
          new StorageQuery(
              "SELECT n % CAST(? AS bigint), count(*) FROM generate_series(1, 300000) AS n GROUP BY 1",
              List.of(new Parameter(ColumnType.BIGINT, rows)),
              List.of(ColumnType.BIGINT, ColumnType.BIGINT),
              size));
    }

    /** Groups are asked for at once; if there are too many for that, a cursor reads them. */
    @Test
    void groupsComeOnceHoweverManyThereAre() {
      ResultSize groups = new ResultSize(ResultSize.UNKNOWN, true, true);
      for (long rows : List.of(3L, 300_000L, 3L, 300_000L)) {
        assertEquals(rows, count(groups(rows, groups)), rows + " groups");
      }
      assertEquals(0, connectionsInUse());
    }

    private long count(RunningQuery query) {
      long count = 0;
      try (query) {
        for (ColumnBatch batch = query.next(); batch != null; batch = query.next()) {
          count += batch.rowCount();
        }
      }
      return count;
    }

    /** A cursor would keep PostgreSQL from using parallel workers. */
    @Test
    void groupsAreMadeByParallelWorkers() {
      PostgreSql.run(
          url,
          "CREATE TABLE ticks AS SELECT n AS price FROM generate_series(1, 100000) AS n",
          "CREATE FUNCTION process() RETURNS int LANGUAGE plpgsql PARALLEL SAFE"
              + " AS 'BEGIN RETURN pg_backend_pid(); END'",
          "ANALYZE ticks");
      String parallel =
          url
              + (url.contains("?") ? "&" : "?")
              + "options=-c%20parallel_setup_cost=0%20-c%20min_parallel_table_scan_size=0"
              + "%20-c%20parallel_leader_participation=off";
      try (Storage own =
          new PostgreSqlStorage(ConnectionSettings.of("parallel", Map.of("url", parallel)))) {
        assertTrue(byWorkers(own, new ResultSize(ResultSize.UNKNOWN, true, true)));
        assertTrue(byWorkers(own, new ResultSize(10, false, false)));
        assertFalse(byWorkers(own, ResultSize.OF_ANY));
      }
    }

    /** True if the process that read the rows is none of those that connections have. */
    private boolean byWorkers(Storage own, ResultSize size) {
      Parameter process =
          new Parameter(
              ColumnType.BIGINT,
              number(
                  own,
                  new StorageQuery(
                      "SELECT max(process()) FROM ticks WHERE price > ?",
                      List.of(new Parameter(ColumnType.BIGINT, 0L)),
                      List.of(ColumnType.BIGINT),
                      size)));
      return number(
              own,
              new StorageQuery(
                  "SELECT count(*) FROM pg_stat_activity WHERE pid = ?",
                  List.of(process),
                  List.of(ColumnType.BIGINT)))
          == 0;
    }

    private long number(Storage own, StorageQuery query) {
      try (RunningQuery running = own.execute(query)) {
        return ((LongVector) running.next().column(0)).get(0);
      }
    }

    /** After few rows no cursor is expected to be needed; if one is, every row still comes once. */
    @Test
    void fewRowsMayBecomeManyAndFewAgain() {
      for (long rows : List.of(3L, 3L, 100_000L, 3L, 3L, 5_000L, 5_001L, 0L, 4_999L, 1_000_000L)) {
        assertEquals(rows * (rows + 1) / 2, sum(rows), rows + " rows");
      }
      assertEquals(0, connectionsInUse());
    }

    @Test
    void aHalfReadResultIsFreedByClosing() {
      RunningQuery query = series(1_000_000_000_000L);
      assertNotNull(query.next());
      assertEquals(1, connectionsInUse());
      query.close();
      assertEquals(0, connectionsInUse());
      assertEquals(6, sum(3));
    }

    @Test
    void cancelStopsACountFromAnotherThread() throws Exception {
      RunningQuery query =
          storage.execute(
              new StorageQuery(
                  endless() + " AND x > ?",
                  List.of(new Parameter(ColumnType.BIGINT, 0L)),
                  List.of(ColumnType.BIGINT)));
      CompletableFuture<String> state =
          CompletableFuture.supplyAsync(
              () -> assertThrows(DataNodeException.class, query::next).sqlState());
      while (connectionsInUse() == 0) {
        Thread.sleep(5);
      }
      query.cancel();
      assertEquals("57014", state.get(10, TimeUnit.SECONDS));
      assertEquals(0, connectionsInUse());
      assertEquals(6, sum(3));
    }

    @Test
    void anErrorOnALateRowIsNotTheEnd() {
      DataNodeException failure =
          assertThrows(
              DataNodeException.class,
              () ->
                  column(
                      "SELECT 1 / (CAST(? AS bigint) - generate_series(1, 900000))",
                      ColumnType.BIGINT,
                      new Parameter(ColumnType.BIGINT, 800_000L)));
      assertEquals("22012", failure.sqlState());
      assertEquals(6, sum(3));
    }

    @Test
    void aHundredThousandKeysAreOneParameter() {
      List<Object> keys = new ArrayList<>();
      for (long i = 0; i < 100_000; i++) {
        keys.add(i * 2);
      }
      assertEquals(
          50_000L,
          value(
              "SELECT COUNT(*) FROM generate_series(CAST(0 AS bigint), 99999) g(x)"
                  + " WHERE x = ANY(CAST(? AS bigint[]))",
              ColumnType.BIGINT,
              new Parameter(ColumnType.array(ColumnType.BIGINT), keys)));
    }

    @Test
    void keysOfEveryTypeComeInArrays() {
      List<Parameter> lists =
          List.of(
              list(ColumnType.VARCHAR, "a\"b", "c\\d", "{x,y}", "NULL", " "),
              list(ColumnType.DOUBLE, Double.NaN, Double.NEGATIVE_INFINITY, 0.1),
              list(ColumnType.decimal(38, 10), new BigDecimal("-0.0000000001")),
              list(ColumnType.INSTANT, Instant.parse("2024-01-01T00:00:00.000001Z")),
              list(ColumnType.DATE, LocalDate.of(-43, 3, 15)),
              list(ColumnType.TIMESTAMP, LocalDateTime.of(-43, 3, 15, 1, 2)),
              list(ColumnType.UUID, UUID.fromString("00112233-4455-6677-8899-aabbccddeeff")),
              list(ColumnType.BOOLEAN, true, false));
      List<List<Object>> read = new ArrayList<>();
      for (Parameter list : lists) {
        read.add(
            column(
                "SELECT unnest(CAST(? AS " + NativeType.name(list.type()) + "))",
                list.type().element(),
                list));
      }
      assertEquals(
          List.of(
              List.of("a\"b", "c\\d", "{x,y}", "NULL", " "),
              List.of(Double.NaN, Double.NEGATIVE_INFINITY, 0.1),
              List.of(new BigDecimal("-0.0000000001")),
              List.of("2024-01-01T00:00:00.000001Z"),
              List.of("-0043-03-15"),
              List.of("-0043-03-15T01:02"),
              List.of("00112233-4455-6677-8899-aabbccddeeff"),
              List.of(true, false)),
          read);
    }

    private Parameter list(ColumnType element, Object... values) {
      return new Parameter(ColumnType.array(element), List.of(values));
    }

    /** Each time the driver parses the statement again, and would ask for text. */
    @Test
    void theTypesOfParametersMayChangeFromRunToRun() {
      List<Parameter> ones =
          List.of(
              new Parameter(ColumnType.BIGINT, 1L),
              new Parameter(ColumnType.decimal(3, 1), new BigDecimal("1.0")),
              new Parameter(ColumnType.DOUBLE, 1.0));
      for (String time : List.of("now()", "localtimestamp")) {
        for (int i = 0; i < 9; i++) {
          List<Object> times =
              column(
                  "SELECT " + time + " FROM generate_series(1.0, 2.0) AS n WHERE n > ?",
                  ColumnType.INSTANT,
                  ones.get(i % 3));
          assertEquals(1, times.size(), time + ", run " + i);
        }
      }
    }

    @Test
    void whatDoesNotFitNamesItsColumn() {
      for (int i = 0; i < 2; i++) {
        DataNodeException failure =
            assertThrows(
                DataNodeException.class,
                () ->
                    column(
                        "SELECT CAST('NaN' AS numeric) AS close WHERE CAST(? AS boolean)",
                        ColumnType.decimal(38, 18),
                        new Parameter(ColumnType.BOOLEAN, true)));
        assertEquals("22003", failure.sqlState());
        assertTrue(failure.getMessage().contains("column 'close' holds NaN"));
      }
    }
  }

  @Test
  void aHalfReadResultLeavesAConnectionThatCanBeUsed() {
    PostgreSqlStorage one =
        new PostgreSqlStorage(ConnectionSettings.of("one", Map.of("url", url, "pool_size", "1")));
    try {
      StorageRows reader = new StorageRows(one);
      Object backend = reader.column("SELECT pg_backend_pid()", ColumnType.BIGINT).get(0);
      for (int i = 0; i < 5; i++) {
        try (RunningQuery query =
            one.execute(
                new StorageQuery(series(1L << 40), List.of(), List.of(ColumnType.BIGINT)))) {
          assertNotNull(query.next());
        }
        assertEquals(List.of(backend), reader.column("SELECT pg_backend_pid()", ColumnType.BIGINT));
      }
    } finally {
      one.close();
    }
  }

  /** After five runs PostgreSQL itself may keep to one plan for any values. */
  @Test
  void longStatementsArePlannedForTheirValuesAndShortOnesAreKept() {
    PostgreSqlStorage one =
        new PostgreSqlStorage(ConnectionSettings.of("one", Map.of("url", url, "pool_size", "1")));
    try {
      StorageRows reader = new StorageRows(one);
      for (String seconds : List.of("0.06", "0")) {
        for (int i = 0; i < 7; i++) {
          reader.column(
              "SELECT CAST(? AS bigint) FROM pg_sleep(" + seconds + ")",
              ColumnType.BIGINT,
              new Parameter(ColumnType.BIGINT, (long) i));
        }
      }
      assertEquals(
          List.of("SELECT CAST($1 AS bigint) FROM pg_sleep(0)"),
          reader.column(
              "SELECT statement FROM pg_prepared_statements WHERE statement LIKE '%pg_sleep(0%'",
              ColumnType.VARCHAR));
    } finally {
      one.close();
    }
  }

  @Test
  void connectionsSayWhoTheyAreAndReadInUtcOnly() {
    assertEquals(
        List.of("datanode", "UTC", "on"),
        rows(
                "SELECT current_setting('application_name'), current_setting('TimeZone'),"
                    + " current_setting('transaction_read_only')",
                List.of(ColumnType.VARCHAR, ColumnType.VARCHAR, ColumnType.VARCHAR))
            .get(0));
  }

  @Test
  void factsOfTheServerAreKnown() {
    try (ConnectionPool pool =
        new ConnectionPool(ConnectionSettings.of("facts", Map.of("url", url)))) {
      assertEquals(new ServerFacts(18, true), new Introspection(pool).facts());
    }
    assertTrue(Introspection.isBinary("C", "c"));
    assertTrue(Introspection.isBinary("POSIX", null));
    assertTrue(Introspection.isBinary("PG_UNICODE_FAST", "b"));
    assertFalse(Introspection.isBinary("en_US.UTF-8", "c"));
    assertFalse(Introspection.isBinary("C", "i"));
  }
}
