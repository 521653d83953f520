package io.datanode.storage.postgresql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datanode.DataNodeException;
import io.datanode.jdbc.batch.ColumnType;
import io.datanode.node.EpochUnit;
import io.datanode.node.TableSource;
import io.datanode.node.TableSource.Conversion;
import io.datanode.storage.StorageColumn;
import io.datanode.storage.TableDescription;
import io.datanode.testing.PostgreSql;
import io.datanode.testing.StorageRows;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is published of a PostgreSQL database, and what its own types become. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PostgreSqlTablesTest {
  private PostgreSqlStorage storage;
  private StorageRows reader;

  @BeforeAll
  void openStorage() {
    String url = PostgreSql.newDatabase();
    PostgreSql.run(
        url,
        "CREATE TYPE side AS ENUM ('sell', 'buy')",
        "CREATE DOMAIN price AS numeric(12, 4) CHECK (VALUE > 0)",
        "CREATE DOMAIN close_price AS price NOT NULL",
        "CREATE EXTENSION citext",
        "CREATE TABLE own (id int, padded char(6), n name, ci citext, side side, sides side[],"
            + " free numeric, huge numeric(50, 10), hundreds numeric(5, -2), tiny numeric(2, 5),"
            + " p close_price, j json, jb jsonb, span interval, clock timetz, days daterange,"
            + " place point, host inet, bits bit(3), price money, o oid, x xml, c \"char\","
            + " whole text COLLATE \"en-x-icu\")",
        "INSERT INTO own VALUES (1, 'AB', 'a name', 'MiXed', 'buy', '{buy,NULL,sell}', 1.5,"
            + " 12.0000000001, 1200, 0.00012, 3.5, '{\"a\" : 1}', '{\"a\" : 1}',"
            + " '1 year 2 mons 3 days 04:05:06.7', '10:00:00+02', '[2024-01-01,2024-01-05)',"
            + " '(1,2)', '10.0.0.1', B'101', 12.5, 4294967295, '<a/>', 'z', 'b')",
        "INSERT INTO own (id, padded, side, p) VALUES (2, 'ab  ', 'sell', 1)",
        "CREATE TABLE times (id int, d date, ts timestamp, tz timestamptz)",
        "INSERT INTO times VALUES (1, '0044-03-15 BC', '0044-03-15 12:00:00.000001 BC',"
            + " '0044-03-15 12:00:00 BC UTC'), (2, '12024-02-29', '12024-02-29 00:00:00',"
            + " '12024-02-29 00:00:00 UTC'), (3, 'infinity', '-infinity', 'infinity')",
        "CREATE TABLE numbers (id int, n numeric)",
        "INSERT INTO numbers VALUES (1, 'NaN'), (2, 'Infinity'), (3, '-Infinity'),"
            + " (4, 0.1234567890123456789), (5, 123456789012345678901), (6, 0), (7, -12.5),"
            + " (8, 10000), (9, 100000000.0001), (10, 0.00010000), (11, 99999999999999999999.5)",
        "CREATE TABLE epochs (id int, s bigint, ms bigint, us bigint, ns bigint, f double precision,"
            + " utc timestamp, day date, flag boolean)",
        "INSERT INTO epochs VALUES (1, 1704067200, 1704067200123, 1704067200123456,"
            + " 1704067200123456789, 1704067200.5, '2024-01-01 00:00:00', '2024-01-01', true),"
            + " (2, -1, -1, -1, -1, -0.5, '1969-12-31 23:59:59', '1969-12-31', false),"
            + " (3, 32503680000, 32503680000999, 32503680000999999, 9223372036854775807, 1e9,"
            + " NULL, NULL, NULL)",
        "CREATE SCHEMA \"Research Desk\"",
        "CREATE TABLE \"Research Desk\".\"Fair Value\" (\"Time Index\" timestamptz, v real)",
        "CREATE COLLATION any_case (provider = icu, locale = 'und-u-ks-level2',"
            + " deterministic = false)",
        "CREATE TABLE collated (id int, icu text COLLATE \"en-x-icu\", any_case text COLLATE"
            + " any_case, c text COLLATE \"C\")",
        "INSERT INTO collated VALUES (1, 'b', 'abc', 'x'), (2, 'B', 'ABC', 'x'), (3, 'a', 'd', 'x')",
        "CREATE SCHEMA other",
        "CREATE TABLE other.hidden (id int)",
        "CREATE TABLE prices (time_index timestamptz NOT NULL, asset_identifier text NOT NULL,"
            + " close float8, PRIMARY KEY (asset_identifier, time_index))"
            + " PARTITION BY RANGE (time_index)",
        "CREATE TABLE prices_2023 PARTITION OF prices"
            + " FOR VALUES FROM ('2023-01-01') TO ('2024-01-01')",
        "CREATE TABLE prices_2024 PARTITION OF prices"
            + " FOR VALUES FROM ('2024-01-01') TO ('2025-01-01')",
        "INSERT INTO prices SELECT timestamptz '2023-01-01' + i * interval '1 hour', 'SAP', i"
            + " FROM generate_series(0, 9999) i",
        "CREATE TABLE fresh AS SELECT generate_series(1, 50000) AS id",
        "CREATE TABLE orders (id int PRIMARY KEY, asset text, at timestamptz,"
            + " FOREIGN KEY (asset, at) REFERENCES prices (asset_identifier, time_index))",
        "CREATE VIEW latest AS SELECT * FROM prices WHERE time_index >= '2024-01-01'",
        "COMMENT ON VIEW latest IS 'This year''s prices'",
        "CREATE MATERIALIZED VIEW means AS SELECT asset_identifier, avg(close) AS mean"
            + " FROM prices GROUP BY 1",
        "ANALYZE prices",
        "ANALYZE means");
    storage = new PostgreSqlStorage(ConnectionSettings.of("desk", Map.of("url", url)));
    reader = new StorageRows(storage);
  }

  @AfterAll
  void closeStorage() {
    assertEquals(0, storage.connectionsInUse(), "connections that were not given back");
    storage.close();
  }

  private TableDescription describe(String... path) {
    return storage.describe(new TableSource.Table(List.of(path)));
  }

  /** A column of a table as the node shows it, ordered by id. */
  private List<Object> shown(TableDescription table, String column) {
    ColumnType type =
        table.columns().stream()
            .filter(c -> c.name().equals(column))
            .findFirst()
            .orElseThrow()
            .type();
    String from = table.query() == null ? Names.quoted(table.path()) : "(" + table.query() + ") q";
    return reader.column("SELECT \"" + column + "\" FROM " + from + " ORDER BY id", type);
  }

  @Test
  void partitionsOtherSchemasInsidesAndExtensionsAreNoTablesToPublish() {
    List<String> names = storage.tables().stream().map(TableSource.Table::toString).toList();
    assertEquals(
        List.of(
            "Research Desk.Fair Value",
            "other.hidden",
            "public.collated",
            "public.epochs",
            "public.fresh",
            "public.latest",
            "public.means",
            "public.numbers",
            "public.orders",
            "public.own",
            "public.prices",
            "public.times"),
        names);
  }

  @Test
  void theTypesOfPostgreSqlHaveTypesHere() {
    Map<String, String> types =
        describe("own").columns().stream()
            .collect(Collectors.toMap(StorageColumn::name, c -> c.type().toString()));
    Map<String, String> expected = new java.util.HashMap<>();
    expected.put("id", "INTEGER");
    for (String text : List.of("padded", "n", "ci", "side", "c", "whole")) {
      expected.put(text, "VARCHAR");
    }
    for (String other : List.of("span", "clock", "days", "place", "host", "bits", "price", "x")) {
      expected.put(other, "OTHER");
    }
    expected.put("sides", "VARCHAR ARRAY");
    expected.put("free", "DECIMAL(38, 18)");
    expected.put("huge", "DECIMAL(38, 10)");
    expected.put("hundreds", "DECIMAL(7, 0)");
    expected.put("tiny", "DECIMAL(5, 5)");
    expected.put("p", "DECIMAL(12, 4)");
    expected.put("j", "JSON");
    expected.put("jb", "JSON");
    expected.put("o", "BIGINT");
    assertEquals(expected, types);
  }

  @Test
  void nativeTypesAndNullabilityOfDomainsAreKnown() {
    Map<String, StorageColumn> columns =
        describe("own").columns().stream()
            .collect(Collectors.toMap(StorageColumn::name, Function.identity()));
    assertEquals("close_price", columns.get("p").nativeType());
    assertFalse(columns.get("p").nullable());
    assertEquals("character(6)", columns.get("padded").nativeType());
    assertTrue(columns.get("padded").nullable());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "padded   | AB",
        "n        | a name",
        "ci       | MiXed",
        "side     | buy",
        "j        | {\"a\" : 1}",
        "jb       | {\"a\": 1}",
        "span     | 1 year 2 mons 3 days 04:05:06.7",
        "clock    | 10:00:00+02",
        "days     | [2024-01-01,2024-01-05)",
        "place    | (1,2)",
        "host     | 10.0.0.1/32",
        "bits     | 101",
        "price    | $12.50",
        "x        | <a/>",
        "c        | z",
        "whole    | b"
      })
  void whatSqlHereHasNoTypeForIsText(String column, String text) {
    assertEquals(text, shown(describe("own"), column).get(0));
  }

  @Test
  void numbersOfOwnTypesKeepTheirValues() {
    TableDescription own = describe("own");
    assertEquals(new BigDecimal("1.500000000000000000"), shown(own, "free").get(0));
    assertEquals(new BigDecimal("12.0000000001"), shown(own, "huge").get(0));
    assertEquals(new BigDecimal("1200"), shown(own, "hundreds").get(0));
    assertEquals(new BigDecimal("0.00012"), shown(own, "tiny").get(0));
    assertEquals(new BigDecimal("3.5000"), shown(own, "p").get(0));
    assertEquals(4294967295L, shown(own, "o").get(0));
    assertEquals(Arrays.asList("buy", null, "sell"), shown(own, "sides").get(0));
  }

  /** An enum would be ordered as declared, CHAR(n) compared without blanks, citext without case. */
  @Test
  void whatIsShownAsTextComparesAsText() {
    String own = "(" + describe("own").query() + ") q";
    assertEquals(
        List.of("buy", "sell"),
        reader.column("SELECT side FROM " + own + " ORDER BY side", ColumnType.VARCHAR));
    assertEquals(
        List.of("AB", "ab"),
        reader.column("SELECT padded FROM " + own + " ORDER BY padded", ColumnType.VARCHAR));
    assertEquals(
        List.of(),
        reader.column("SELECT ci FROM " + own + " WHERE ci = 'mixed'", ColumnType.VARCHAR));
    assertEquals(
        List.of(1L),
        reader.column(
            "SELECT COUNT(*) FROM (SELECT j, jb FROM " + own + " WHERE id = 1 GROUP BY 1, 2) g",
            ColumnType.BIGINT));
  }

  /** Nobody writes COLLATE later in a database that compares by code point itself. */
  @Test
  void columnsOfOtherCollationsCompareByCodePoint() {
    String query = String.valueOf(describe("collated").query());
    String collated = "(" + query + ") q";
    assertEquals(
        List.of("B", "a", "b"),
        reader.column("SELECT icu FROM " + collated + " ORDER BY icu", ColumnType.VARCHAR));
    assertEquals(
        List.of("abc"),
        reader.column(
            "SELECT any_case FROM " + collated + " WHERE any_case = 'abc'", ColumnType.VARCHAR));
    assertTrue(query.contains("\"any_case\" COLLATE \"C\""), query);
    assertFalse(query.contains("\"c\" COLLATE"), query);
  }

  @Test
  void yearsBeforeChristAndAfter9999() {
    TableDescription times = describe("times");
    assertEquals(List.of("-0043-03-15", "+12024-02-29", "infinity"), shown(times, "d"));
    assertEquals(
        List.of("-0043-03-15T12:00:00.000001", "+12024-02-29T00:00", "-infinity"),
        shown(times, "ts"));
    assertEquals(
        List.of("-0043-03-15T12:00:00Z", "+12024-02-29T00:00:00Z", "infinity"), shown(times, "tz"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1 | holds NaN, which DECIMAL(38, 18) does not have",
        "2 | holds Infinity",
        "3 | holds -Infinity",
        "4 | more than 18 digits after the point",
        "5 | out of range for DECIMAL(38, 18)"
      })
  void aNumericThatDoesNotFitIsNeverCut(int id, String message) {
    DataNodeException failure =
        assertThrows(
            DataNodeException.class,
            () ->
                reader.column(
                    "SELECT n FROM numbers WHERE id = " + id, ColumnType.decimal(38, 18)));
    assertEquals("22003", failure.sqlState());
    assertTrue(failure.getMessage().contains("column 'n'"), failure.getMessage());
    assertTrue(failure.getMessage().contains(message), failure.getMessage());
    assertTrue(failure.getMessage().contains("dtype: float64"), failure.getMessage());
  }

  @Test
  void aNumericDeclaredAsFloatReadsEverything() {
    TableDescription table =
        storage.describe(
            new TableSource.Table(
                List.of("numbers"), Map.of("n", new Conversion(ColumnType.DOUBLE, null))));
    assertEquals(
        List.of(
            Double.NaN,
            Double.POSITIVE_INFINITY,
            Double.NEGATIVE_INFINITY,
            0.12345678901234568,
            1.2345678901234568e20,
            0.0,
            -12.5,
            10000.0,
            100000000.0001,
            0.0001,
            1e20),
        shown(table, "n"));
    assertEquals(ColumnType.DOUBLE, table.columns().get(1).type());
  }

  @Test
  void numericGroupsOfFourDigitsAreJoinedAtAnyScale() {
    String rows = " FROM numbers WHERE id BETWEEN 6 AND 10 ORDER BY id";
    for (int scale : List.of(4, 5, 6, 7, 8, 18)) {
      ColumnType type = ColumnType.decimal(scale == 18 ? 38 : 18, scale);
      assertEquals(
          List.of("0", "-12.5", "10000", "100000000.0001", "0.0001").stream()
              .map(text -> new BigDecimal(text).setScale(scale))
              .toList(),
          reader.column("SELECT n" + rows, type),
          "scale " + scale);
    }
    assertEquals(
        List.of(new BigDecimal("100000000000000000000")),
        reader.column("SELECT n FROM numbers WHERE id = 11", ColumnType.decimal(38, 0)),
        "what is computed is rounded as a cast rounds");
  }

  @ParameterizedTest
  @CsvSource({
    "s,  SECONDS,      2024-01-01T00:00:00Z,        1969-12-31T23:59:59Z,"
        + " 3000-01-01T00:00:00Z",
    "ms, MILLISECONDS, 2024-01-01T00:00:00.123Z,    1969-12-31T23:59:59.999Z,"
        + " 3000-01-01T00:00:00.999Z",
    "us, MICROSECONDS, 2024-01-01T00:00:00.123456Z, 1969-12-31T23:59:59.999999Z,"
        + " 3000-01-01T00:00:00.999999Z",
    "ns, NANOSECONDS,  2024-01-01T00:00:00.123456Z, 1969-12-31T23:59:59.999999Z,"
        + " 2262-04-11T23:47:16.854775Z",
    "f,  SECONDS,      2024-01-01T00:00:00.500Z,    1969-12-31T23:59:59.500Z,"
        + " 2001-09-09T01:46:40Z"
  })
  void numbersSince1970AreInstants(
      String column, EpochUnit unit, String first, String second, String third) {
    TableDescription table =
        storage.describe(
            new TableSource.Table(
                List.of("epochs"), Map.of(column, new Conversion(ColumnType.INSTANT, unit))));
    assertEquals(List.of(first, second, third), shown(table, column));
  }

  @Test
  void declaredConversions() {
    TableDescription table =
        storage.describe(
            new TableSource.Table(
                List.of("epochs"),
                Map.of(
                    "utc", new Conversion(ColumnType.INSTANT, null),
                    "day", new Conversion(ColumnType.INSTANT, null),
                    "flag", new Conversion(ColumnType.SMALLINT, null),
                    "f", new Conversion(ColumnType.BIGINT, null),
                    "s", new Conversion(ColumnType.VARCHAR, null))));
    assertEquals(
        Arrays.asList("2024-01-01T00:00:00Z", "1969-12-31T23:59:59Z", null), shown(table, "utc"));
    assertEquals(
        Arrays.asList("2024-01-01T00:00:00Z", "1969-12-31T00:00:00Z", null), shown(table, "day"));
    assertEquals(Arrays.asList(1L, 0L, null), shown(table, "flag"));
    assertEquals(List.of(1704067200L, 0L, 1000000000L), shown(table, "f"), "casts cut");
    assertEquals(List.of("1704067200", "-1", "32503680000"), shown(table, "s"));
  }

  @Test
  void anEpochOfTextIsRefused() {
    DataNodeException failure =
        assertThrows(
            DataNodeException.class,
            () ->
                storage.describe(
                    new TableSource.Table(
                        List.of("own"),
                        Map.of("n", new Conversion(ColumnType.INSTANT, EpochUnit.SECONDS)))));
    assertEquals("F0000", failure.sqlState());
    assertTrue(failure.getMessage().contains("column 'n'"), failure.getMessage());
  }

  @Test
  void aTableThatNeedsNoCastIsReadByItsName() {
    assertNull(describe("prices").query());
    assertNotNull(describe("own").query());
  }

  @Test
  void quotedNames() {
    TableDescription odd = describe("Research Desk", "Fair Value");
    assertEquals(List.of("Research Desk", "Fair Value"), odd.path());
    assertEquals("Time Index", odd.columns().get(0).name());
  }

  @Test
  void rowsAreCountedOverPartitionsAndEstimatedWhereNobodyCounted() {
    assertEquals(10_000, describe("prices").rowEstimate());
    assertEquals(1, describe("means").rowEstimate());
    long fresh = describe("fresh").rowEstimate();
    assertTrue(fresh > 25_000 && fresh < 100_000, fresh + " rows in a table never analyzed");
    long view = describe("latest").rowEstimate();
    assertTrue(view > 500 && view < 3000, view + " rows in a view");
  }

  @Test
  void keysOfPartitionedTables() {
    assertEquals(List.of("asset_identifier", "time_index"), describe("prices").primaryKey());
    TableDescription orders = describe("orders");
    assertEquals(1, orders.foreignKeys().size());
    TableDescription.StoredForeignKey key = orders.foreignKeys().get(0);
    assertEquals(List.of("asset", "at"), key.columns());
    assertEquals(List.of("public", "prices"), key.targetPath());
    assertEquals(List.of("asset_identifier", "time_index"), key.targetColumns());
  }

  @Test
  void commentsOfViews() {
    assertEquals("This year's prices", describe("latest").comment());
  }

  @Test
  void aNameWithoutSchemaIsLookedUpOnTheSearchPath() {
    assertEquals(List.of("public", "prices"), describe("prices").path());
    DataNodeException failure = assertThrows(DataNodeException.class, () -> describe("hidden"));
    assertEquals("42P01", failure.sqlState());
    assertTrue(
        failure.getMessage().contains("on its search path; did you mean 'other.hidden'?"),
        failure.getMessage());
  }

  @Test
  void aMisspeltNameHasTheNearest() {
    DataNodeException failure =
        assertThrows(DataNodeException.class, () -> describe("public", "price"));
    assertEquals("42P01", failure.sqlState());
    assertTrue(
        failure.getMessage().contains("did you mean 'public.prices'?"), failure.getMessage());
  }
}
