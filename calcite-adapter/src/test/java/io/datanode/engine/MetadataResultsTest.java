package io.datanode.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datanode.jdbc.session.MetadataCall;
import io.datanode.jdbc.session.MetadataCall.Method;
import io.datanode.jdbc.session.ResultColumn;
import io.datanode.schema.CatalogNodes;
import io.datanode.storage.EmbeddedEngine;
import io.datanode.storage.EmbeddedEngineProvider;
import io.datanode.testing.MarketNodes;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What tools are told of schemas, tables, columns and keys. */
class MetadataResultsTest {
  private static EmbeddedEngine embedded;
  private static CatalogNodes nodes;

  @BeforeAll
  static void open() {
    embedded = ServiceLoader.load(EmbeddedEngineProvider.class).findFirst().get().open(Map.of());
    nodes = CatalogNodes.open(MarketNodes.catalog().toString(), Map.of(), embedded);
  }

  @AfterAll
  static void close() {
    nodes.close();
    embedded.close();
  }

  @Test
  void thereAreNoCatalogs() throws SQLException {
    assertEquals("TABLE_CAT", columns(Method.CATALOGS));
    assertEquals(List.of(), rows(Method.CATALOGS));
    assertEquals(List.of(), rows(Method.SCHEMAS, "market", null));
  }

  @Test
  void schemasAreNamespacesAndMetadata() throws SQLException {
    assertEquals("TABLE_SCHEM TABLE_CATALOG", columns(Method.SCHEMAS));
    List<String> all = List.of("metadata|NULL", "nodes|NULL", "reference|NULL");
    assertEquals(all, rows(Method.SCHEMAS));
    assertEquals(all, rows(Method.SCHEMAS, "", "%"));
    assertEquals(List.of("nodes|NULL"), rows(Method.SCHEMAS, null, "node_"));
  }

  @Test
  void tablesAreSortedByTypeThenName() throws SQLException {
    assertEquals(
        "TABLE_CAT TABLE_SCHEM TABLE_NAME TABLE_TYPE REMARKS TYPE_CAT TYPE_SCHEM TYPE_NAME"
            + " SELF_REFERENCING_COL_NAME REF_GENERATION",
        columns(Method.TABLES));
    assertEquals(
        List.of(
            "metadata.assets SYSTEM TABLE",
            "metadata.columns SYSTEM TABLE",
            "metadata.node_status SYSTEM TABLE",
            "metadata.nodes SYSTEM TABLE",
            "metadata.queries SYSTEM TABLE",
            "metadata.storages SYSTEM TABLE",
            "nodes.daily_prices TABLE",
            "nodes.fundamentals TABLE",
            "nodes.fx_rates TABLE",
            "nodes.minute_bars TABLE",
            "nodes.oddities TABLE",
            "reference.assets TABLE"),
        rows(Method.TABLES, null, null, "%", null).stream()
            .map(row -> row.split("\\|"))
            .map(row -> row[1] + "." + row[2] + " " + row[3])
            .toList());
  }

  @Test
  void patternsAndTypesChooseTables() throws SQLException {
    String prices =
        "NULL|nodes|daily_prices|TABLE|Adjusted daily bars, one row per asset and exchange"
            + " session.|NULL|NULL|NULL|NULL|NULL";
    assertEquals(List.of(prices), rows(Method.TABLES, null, "nodes", "daily\\_prices", null));
    assertEquals(List.of(prices), rows(Method.TABLES, "", "%", "%prices", List.of("TABLE")));
    assertEquals(List.of(), rows(Method.TABLES, null, null, "%prices", List.of("VIEW")));
    assertEquals(List.of(), rows(Method.TABLES, null, "", "%", null));
    assertEquals(6, rows(Method.TABLES, null, null, null, List.of("SYSTEM TABLE")).size());
    assertEquals(List.of("SYSTEM TABLE", "TABLE"), rows(Method.TABLE_TYPES));
  }

  @Test
  void columnsTellTypeAndMeaning() throws SQLException {
    assertEquals(
        "TABLE_CAT TABLE_SCHEM TABLE_NAME COLUMN_NAME DATA_TYPE TYPE_NAME COLUMN_SIZE"
            + " BUFFER_LENGTH DECIMAL_DIGITS NUM_PREC_RADIX NULLABLE REMARKS COLUMN_DEF"
            + " SQL_DATA_TYPE SQL_DATETIME_SUB CHAR_OCTET_LENGTH ORDINAL_POSITION IS_NULLABLE"
            + " SCOPE_CATALOG SCOPE_SCHEMA SCOPE_TABLE SOURCE_DATA_TYPE IS_AUTOINCREMENT"
            + " IS_GENERATEDCOLUMN",
        columns(Method.COLUMNS));
    assertEquals(
        List.of(
            "time_index 93 TIMESTAMP WITH LOCAL TIME ZONE NULL",
            "asset_identifier 12 VARCHAR NULL",
            "open 8 DOUBLE NULL",
            "high 8 DOUBLE NULL",
            "low 8 DOUBLE NULL",
            "close 8 DOUBLE Close: Official close. [USD]",
            "volume -5 BIGINT NULL"),
        rows(Method.COLUMNS, null, "nodes", "daily\\_prices", "%").stream()
            .map(row -> row.split("\\|"))
            .map(row -> row[3] + " " + row[4] + " " + row[5] + " " + row[11])
            .toList());
    assertEquals(
        List.of(
            "NULL|reference|assets|currency|12|VARCHAR|65535|NULL|NULL|NULL|1|Currency of its"
                + " prices.|NULL|12|NULL|65535|4|YES|NULL|NULL|NULL|NULL|NO|NO"),
        rows(Method.COLUMNS, null, null, "assets", "curr%"));
  }

  @Test
  void columnsOfAllTablesComeInOrder() throws SQLException {
    List<String> tables =
        rows(Method.COLUMNS, null, null, null, null).stream()
            .map(row -> row.split("\\|"))
            .map(row -> row[1] + "." + row[2])
            .distinct()
            .toList();
    assertEquals(tables.stream().sorted().toList(), tables);
    assertEquals(12, tables.size());
  }

  @Test
  void keysAreTimeIndexAndIdentity() throws SQLException {
    assertEquals(
        "TABLE_CAT TABLE_SCHEM TABLE_NAME COLUMN_NAME KEY_SEQ PK_NAME",
        columns(Method.PRIMARY_KEYS));
    assertEquals(
        List.of(
            "NULL|nodes|daily_prices|asset_identifier|2|daily_prices_key",
            "NULL|nodes|daily_prices|time_index|1|daily_prices_key"),
        rows(Method.PRIMARY_KEYS, null, "nodes", "daily_prices"));
    assertEquals(
        List.of(
            "NULL|nodes|fundamentals|asset_identifier|2|fundamentals_key",
            "NULL|nodes|fundamentals|time_index|1|fundamentals_key"),
        rows(Method.PRIMARY_KEYS, null, null, "fundamentals"));
    assertEquals(
        List.of("daily_prices", "fundamentals", "fx_rates", "minute_bars", "oddities"),
        rows(Method.PRIMARY_KEYS, null, "nodes", "%").stream()
            .map(row -> row.split("\\|")[2])
            .distinct()
            .sorted()
            .toList());
  }

  @Test
  void assetsAreReferredTo() throws SQLException {
    String fromPrices =
        "NULL|reference|assets|asset_identifier|NULL|nodes|daily_prices|asset_identifier|1|3|3|";
    List<String> imported = rows(Method.IMPORTED_KEYS, null, "nodes", "daily_prices");
    assertEquals(1, imported.size());
    assertTrue(imported.get(0).startsWith(fromPrices), imported.get(0));
    assertTrue(imported.get(0).endsWith("|assets_key|7"), imported.get(0));
    assertTrue(
        rows(Method.EXPORTED_KEYS, null, "reference", "assets").stream()
            .map(row -> row.split("\\|")[6])
            .toList()
            .containsAll(List.of("daily_prices", "fundamentals", "minute_bars")));
    assertEquals(
        imported,
        rows(Method.CROSS_REFERENCE, null, "reference", "assets", null, "nodes", "daily_prices"));
    assertEquals(List.of(), rows(Method.EXPORTED_KEYS, null, "nodes", "daily_prices"));
  }

  @Test
  void indexesTellTheKeyAndTheNumberOfRows() throws SQLException {
    assertEquals(
        List.of(
            "NULL|nodes|daily_prices|0|NULL|NULL|0|0|NULL|NULL|39|0|NULL",
            "NULL|nodes|daily_prices|0|NULL|daily_prices_key|3|1|time_index|A|39|0|NULL",
            "NULL|nodes|daily_prices|0|NULL|daily_prices_key|3|2|asset_identifier|A|39|0|NULL"),
        rows(Method.INDEX_INFO, null, "nodes", "daily_prices", false, true));
    assertEquals(
        List.of(
            "2|time_index|93|TIMESTAMP WITH LOCAL TIME ZONE|32|NULL|6|1",
            "2|asset_identifier|12|VARCHAR|65535|NULL|NULL|1"),
        rows(Method.BEST_ROW_IDENTIFIER, null, "nodes", "daily_prices", 2, true));
  }

  @Test
  void everyTypeIsListedInOrderOfItsNumber() throws SQLException {
    List<Integer> numbers =
        rows(Method.TYPE_INFO).stream().map(row -> Integer.valueOf(row.split("\\|")[1])).toList();
    assertEquals(numbers.stream().sorted().toList(), numbers);
    assertTrue(numbers.containsAll(List.of(-5, 3, 8, 12, 16, 91, 92, 93, 2003)));
  }

  @Test
  void clientInfoAndNameLists() throws SQLException {
    assertEquals(
        List.of("ApplicationName", "ClientHostname", "ClientUser"),
        rows(Method.CLIENT_INFO_PROPERTIES).stream().map(row -> row.split("\\|")[0]).toList());
    assertEquals(
        List.of(
            "KEYWORDS",
            "NUMERIC_FUNCTIONS",
            "STRING_FUNCTIONS",
            "SYSTEM_FUNCTIONS",
            "TIME_DATE_FUNCTIONS"),
        rows(Method.NAME_LISTS).stream().map(row -> row.split("\\|")[0]).toList());
  }

  @Test
  void instantsCanBeReportedWithTimeZone() throws SQLException {
    MetadataResults.Rows rows =
        new MetadataResults(nodes, "", true, false)
            .rows(
                new MetadataCall(
                    Method.COLUMNS, Arrays.asList(null, "nodes", "daily_prices", "time_index")));
    assertTrue(
        Read.rows(new MadeResult(rows.columns(), java.time.ZoneOffset.UTC, rows.batches()))
            .get(0)
            .contains("|2014|"));
  }

  @Test
  void whatIsThereMayBeReadAndNothingElse() throws SQLException {
    assertEquals(
        "TABLE_CAT TABLE_SCHEM TABLE_NAME GRANTOR GRANTEE PRIVILEGE IS_GRANTABLE",
        columns(Method.TABLE_PRIVILEGES));
    assertEquals(12, rows(Method.TABLE_PRIVILEGES, null, null, "%").size());
    assertEquals(
        List.of(
            "NULL|nodes|daily_prices|NULL|PUBLIC|SELECT|NO",
            "NULL|nodes|fx_rates|NULL|PUBLIC|SELECT|NO"),
        Stream.of("daily\\_%", "fx%")
            .flatMap(pattern -> privileges("", "nodes", pattern))
            .toList());
    assertEquals(List.of(), rows(Method.TABLE_PRIVILEGES, "market", null, null));
    assertEquals(
        "TABLE_CAT TABLE_SCHEM TABLE_NAME COLUMN_NAME GRANTOR GRANTEE PRIVILEGE IS_GRANTABLE",
        columns(Method.COLUMN_PRIVILEGES));
    assertEquals(
        List.of(
            "NULL|nodes|daily_prices|close|NULL|PUBLIC|SELECT|NO",
            "NULL|nodes|daily_prices|low|NULL|PUBLIC|SELECT|NO",
            "NULL|nodes|daily_prices|open|NULL|PUBLIC|SELECT|NO",
            "NULL|nodes|daily_prices|volume|NULL|PUBLIC|SELECT|NO"),
        rows(Method.COLUMN_PRIVILEGES, null, "nodes", "daily_prices", "%o%"));
    assertEquals(List.of(), rows(Method.COLUMN_PRIVILEGES, null, "nodes", "daily%", null));
  }

  private static Stream<String> privileges(Object... arguments) {
    try {
      return rows(Method.TABLE_PRIVILEGES, arguments).stream();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static MetadataResults.Rows answer(Method method, Object... arguments) {
    return new MetadataResults(nodes, "", false, false)
        .rows(new MetadataCall(method, Arrays.asList(arguments)));
  }

  private static String columns(Method method) {
    return answer(method).columns().stream()
        .map(ResultColumn::label)
        .collect(Collectors.joining(" "));
  }

  private static List<String> rows(Method method, Object... arguments) throws SQLException {
    MetadataResults.Rows rows = answer(method, arguments);
    return Read.rows(new MadeResult(rows.columns(), java.time.ZoneOffset.UTC, rows.batches()));
  }
}
