package io.datanode.server;

import static io.datanode.server.JdbcContract.assertState;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datanode.server.BothRoads.Road;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The calls that graphical tools make when somebody connects, opens the tree, looks at a table and
 * its diagram, and runs a first query: in the order of DBeaver's generic driver, of Tableau's
 * "Other databases (JDBC)" and of LibreOffice Base; and how many round trips to the server they
 * take.
 */
@Timeout(120)
class ToolsFirstHourTest {
  @TempDir static Path folder;
  private static BothRoads roads;

  @BeforeAll
  static void open() throws Exception {
    roads = BothRoads.toDemo(folder.resolve("demo"));
  }

  @AfterAll
  static void close() throws Exception {
    roads.close();
  }

  @BeforeEach
  void forgetRequests() {
    roads.proxy().requests();
  }

  /**
   * Asserts which requests were sent to the server since the last time; in process there are none.
   */
  private static void assertRequests(Road road, String... requests) {
    List<String> sent = roads.proxy().requests();
    assertEquals(road == Road.REMOTE ? List.of(requests) : List.of(), sent);
  }

  private static List<String> texts(ResultSet rows, String... columns) throws SQLException {
    List<String> texts = new ArrayList<>();
    try (rows) {
      while (rows.next()) {
        List<String> row = new ArrayList<>();
        for (String column : columns) {
          row.add(rows.getString(column));
        }
        texts.add(String.join(" ", row));
      }
    }
    return texts;
  }

  @Test
  void connectingAndTheFirstQueryAreTwoRoundTrips() throws SQLException {
    try (Connection connection = roads.connect(Road.REMOTE, "");
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT * FROM assets")) {
      while (rows.next()) {
        assertNotNull(rows.getString("asset_identifier"));
      }
      assertRequests(Road.REMOTE, "open", "execute");
    }
    assertRequests(Road.REMOTE, "close");
  }

  @Test
  void aPreparedQueryIsOneRoundTripEachTime() throws SQLException {
    try (Connection connection = roads.connect(Road.REMOTE, "");
        PreparedStatement statement =
            connection.prepareStatement("SELECT * FROM daily_prices WHERE asset_identifier = ?")) {
      roads.proxy().requests();
      for (String asset : new String[] {"AAPL", "nosuch", "SAP"}) {
        statement.setString(1, asset);
        try (ResultSet rows = statement.executeQuery()) {
          while (rows.next()) {
            assertEquals(asset, rows.getString("asset_identifier"));
          }
        }
        assertRequests(Road.REMOTE, "execute");
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Road.class)
  void whatSqlTellsOfTheDatabaseMayStandForTheCatalog(Road road) throws SQLException {
    try (Connection connection = roads.connect(road, "");
        Statement statement = connection.createStatement();
        ResultSet told =
            statement.executeQuery(
                "SELECT DISTINCT table_catalog, CURRENT_DATABASE() FROM information_schema.tables")) {
      assertTrue(told.next());
      assertEquals(told.getString(1), told.getString(2));
      String database = told.getString(1);
      DatabaseMetaData metadata = connection.getMetaData();
      List<String> all = texts(metadata.getTables(null, "nodes", "%", null), "TABLE_NAME");
      assertTrue(all.contains("daily_prices"), all::toString);
      assertEquals(all, texts(metadata.getTables(database, "nodes", "%", null), "TABLE_NAME"));
      assertEquals(
          List.of("asset_identifier", "time_index"),
          texts(metadata.getPrimaryKeys(database, "nodes", "daily_prices"), "COLUMN_NAME"));
      assertEquals(
          texts(metadata.getSchemas(), "TABLE_SCHEM"),
          texts(metadata.getSchemas(database, null), "TABLE_SCHEM"));
      assertEquals(List.of(), texts(metadata.getTables("other", null, "%", null), "TABLE_NAME"));
    }
  }

  @ParameterizedTest
  @EnumSource(Road.class)
  void dbeaver(Road road) throws SQLException {
    try (Connection main = roads.connect(road, "applicationName=DBeaver");
        Connection editor = roads.connect(road, "")) {
      assertRequests(road, "open", "open");
      main.setReadOnly(true);
      assertTrue(main.getAutoCommit());
      assertEquals(Connection.TRANSACTION_NONE, main.getTransactionIsolation());
      assertNull(main.getCatalog());
      assertEquals("nodes", main.getSchema());
      DatabaseMetaData metadata = main.getMetaData();
      assertEquals("DataNode SQL", metadata.getDatabaseProductName());
      assertFalse(metadata.getDatabaseProductVersion().isEmpty());
      assertEquals("\"", metadata.getIdentifierQuoteString());
      assertEquals("\\", metadata.getSearchStringEscape());
      assertTrue(metadata.storesMixedCaseIdentifiers());
      assertTrue(metadata.supportsSchemasInDataManipulation());
      assertTrue(metadata.supportsSchemasInTableDefinitions());
      assertFalse(metadata.supportsCatalogsInDataManipulation());
      assertTrue(metadata.isCatalogAtStart());
      assertFalse(metadata.supportsTransactions());
      assertRequests(road);

      // What the editor completes: one request for the five lists.
      assertTrue(metadata.getSQLKeywords().contains("QUALIFY"));
      assertTrue(metadata.getNumericFunctions().contains("ABS"));
      assertNotNull(metadata.getStringFunctions());
      assertNotNull(metadata.getSystemFunctions());
      assertNotNull(metadata.getTimeDateFunctions());
      assertRequests(road, "metadata");

      // The tree, level by level.
      assertTrue(texts(metadata.getTypeInfo(), "TYPE_NAME").contains("DOUBLE"));
      assertRequests(road, "metadata");
      assertEquals(List.of(), texts(metadata.getCatalogs(), "TABLE_CAT"));
      assertRequests(road, "metadata");
      assertEquals(
          List.of("metadata", "nodes"), texts(metadata.getSchemas(null, "%"), "TABLE_SCHEM"));
      assertRequests(road, "metadata");
      assertEquals(
          List.of("assets", "daily_prices", "fundamentals", "fx_rates", "holdings", "minute_bars"),
          texts(metadata.getTables(null, "nodes", "%", null), "TABLE_NAME"));
      assertRequests(road, "metadata");

      // A table: DBeaver shows the folders of keys for tables only, not for views.
      assertEquals(
          List.of("TABLE"),
          texts(metadata.getTables(null, "nodes", "daily\\_prices", null), "TABLE_TYPE"));
      assertRequests(road, "metadata");
      assertEquals(
          "time_index TIMESTAMP WITH LOCAL TIME ZONE",
          texts(
                  metadata.getColumns(null, "nodes", "daily\\_prices", "%"),
                  "COLUMN_NAME",
                  "TYPE_NAME")
              .get(0));
      assertRequests(road, "metadata");
      assertEquals(
          List.of("asset_identifier 2", "time_index 1"),
          texts(metadata.getPrimaryKeys(null, "nodes", "daily_prices"), "COLUMN_NAME", "KEY_SEQ"));
      assertRequests(road, "metadata");
      assertEquals(
          List.of("assets asset_identifier"),
          texts(
              metadata.getImportedKeys(null, "nodes", "daily_prices"),
              "PKTABLE_NAME",
              "FKCOLUMN_NAME"));
      assertRequests(road, "metadata");
      assertEquals(
          Set.of("daily_prices", "fundamentals", "fx_rates", "holdings", "minute_bars"),
          new TreeSet<>(texts(metadata.getExportedKeys(null, "nodes", "assets"), "FKTABLE_NAME")));
      assertRequests(road, "metadata");
      assertFalse(
          texts(metadata.getIndexInfo(null, "nodes", "daily_prices", false, true), "INDEX_NAME")
              .isEmpty());
      assertRequests(road, "metadata");

      // The diagram of the schema asks for the keys of all tables at once.
      Set<String> lines =
          new TreeSet<>(
              texts(metadata.getImportedKeys(null, "nodes", "%"), "FKTABLE_NAME", "PKTABLE_NAME"));
      assertEquals(
          Set.of(
              "daily_prices assets",
              "fundamentals assets",
              "fx_rates assets",
              "holdings assets",
              "minute_bars assets"),
          lines);
      assertRequests(road, "metadata");
      assertTrue(
          new TreeSet<>(texts(metadata.getPrimaryKeys(null, "nodes", "%"), "TABLE_NAME"))
              .containsAll(List.of("daily_prices", "fundamentals", "minute_bars")));
      assertRequests(road, "metadata");

      // A table is shown, 200 rows of it.
      try (Statement statement = editor.createStatement()) {
        statement.setFetchSize(200);
        statement.setQueryTimeout(60);
        statement.setMaxRows(200);
        assertTrue(statement.execute("SELECT * FROM nodes.daily_prices;"));
        int count = 0;
        try (ResultSet rows = statement.getResultSet()) {
          ResultSetMetaData about = rows.getMetaData();
          assertEquals("nodes", about.getSchemaName(1));
          assertEquals("daily_prices", about.getTableName(1));
          assertEquals("time_index", about.getColumnName(1));
          while (rows.next()) {
            assertNotNull(rows.getTimestamp(1));
            assertNotNull(rows.getDate(1));
            assertNotNull(rows.getString(1));
            for (int i = 1; i <= about.getColumnCount(); i++) {
              rows.getObject(i);
            }
            count++;
          }
        }
        assertEquals(200, count);
        assertFalse(statement.getMoreResults());
        assertEquals(-1, statement.getUpdateCount());
      }
      assertRequests(road, "execute");
      try (Statement statement = editor.createStatement();
          ResultSet row = statement.executeQuery("SELECT count(*) FROM nodes.daily_prices")) {
        assertTrue(row.next());
        assertEquals(2_580, row.getLong(1));
        assertFalse(row.next());
      }
      assertRequests(road, "execute");
      assertTrue(editor.isValid(5));
      assertRequests(road, "ping");
    }
    assertRequests(road, "close", "close");
  }

  @ParameterizedTest
  @EnumSource(Road.class)
  void tableau(Road road) throws SQLException {
    try (Connection connection = roads.connect(road, "");
        Statement statement = connection.createStatement()) {
      DatabaseMetaData metadata = connection.getMetaData();
      assertTrue(metadata.supportsANSI92EntryLevelSQL());
      metadata.supportsANSI92IntermediateSQL();
      metadata.supportsANSI92FullSQL();
      connection.setClientInfo("ApplicationName", "Tableau");

      // Probes for temporary tables: a clean refusal, and the session goes on.
      assertState(
          "0A000",
          () ->
              statement.execute(
                  "CREATE LOCAL TEMPORARY TABLE \"XT01\" (\"COL\" INTEGER) ON COMMIT PRESERVE"
                      + " ROWS"));
      assertState("0A000", () -> statement.execute("DROP TABLE \"XT01\""));
      assertState(
          "42601", () -> statement.execute("SELECT * INTO \"XT01\" FROM (SELECT 1 AS col) t"));

      for (String sql :
          new String[] {
            "SELECT * FROM \"nodes\".\"daily_prices\" \"daily_prices\" WHERE 1=0",
            "SELECT 'test' AS \"c\" FROM \"nodes\".\"assets\" \"assets\" HAVING (COUNT(1) > 0)",
            "SELECT \"t\".\"asset_identifier\" AS \"asset_identifier\","
                + " SUM(\"t\".\"close\") AS \"sum:close:ok\", SUM(1) AS \"n\""
                + " FROM \"nodes\".\"daily_prices\" \"t\" GROUP BY 1 ORDER BY 1 ASC",
            "SELECT \"c\".\"x\" FROM (SELECT close AS x FROM daily_prices) \"c\" LIMIT 5",
            "SELECT CAST(\"t\".\"time_index\" AS TIMESTAMP) AS \"thr:time_index:ok\","
                + " CASE WHEN (\"t\".\"close\" > 100) THEN 1 ELSE 0 END AS \"b\""
                + " FROM \"nodes\".\"daily_prices\" \"t\" GROUP BY 1, 2",
            "SELECT a.name FROM assets a JOIN daily_prices p"
                + " ON a.asset_identifier IS NOT DISTINCT FROM p.asset_identifier"
                + " WHERE a.asset_identifier IN ("
                + "'X', ".repeat(300)
                + "'SAP') GROUP BY 1"
          }) {
        try (ResultSet rows = statement.executeQuery(sql)) {
          ResultSetMetaData about = rows.getMetaData();
          for (int i = 1; i <= about.getColumnCount(); i++) {
            assertTrue(about.getColumnDisplaySize(i) > 0, sql);
            assertTrue(about.getColumnDisplaySize(i) <= 65_535, sql);
          }
          while (rows.next()) {
            rows.getObject(1);
          }
        }
      }

      // Custom SQL is described before it is run. A nullable column must never be called NOT NULL.
      try (PreparedStatement custom =
          connection.prepareStatement(
              "SELECT p.time_index, a.asset_identifier AS other, SUM(p.close) AS s"
                  + " FROM daily_prices p LEFT JOIN assets a"
                  + " ON a.asset_identifier = p.asset_identifier GROUP BY 1, 2")) {
        ResultSetMetaData about = custom.getMetaData();
        assertEquals(Types.TIMESTAMP, about.getColumnType(1));
        assertEquals(ResultSetMetaData.columnNullable, about.isNullable(2));
        assertEquals(Types.DOUBLE, about.getColumnType(3));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Road.class)
  void libreOfficeBase(Road road) throws SQLException {
    try (Connection connection = roads.connect(road, "")) {
      DatabaseMetaData metadata = connection.getMetaData();
      assertTrue(metadata.isReadOnly());
      assertFalse(metadata.supportsAlterTableWithAddColumn());
      assertNotNull(metadata.getCatalogSeparator());
      assertEquals(0, metadata.getMaxColumnsInSelect());
      assertTrue(
          texts(
                  metadata.getTables(
                      null, "%", "%", new String[] {"TABLE", "VIEW", "SYSTEM TABLE"}),
                  "TABLE_SCHEM",
                  "TABLE_NAME")
              .containsAll(List.of("nodes daily_prices", "metadata nodes")));
      metadata.getTablePrivileges(null, "nodes", "daily_prices").close();

      // A table window wants to scroll and update, and takes what it gets.
      try (Statement statement =
              connection.createStatement(
                  ResultSet.TYPE_SCROLL_INSENSITIVE, ResultSet.CONCUR_UPDATABLE);
          ResultSet rows = statement.executeQuery("SELECT * FROM \"nodes\".\"fx_rates\"")) {
        assertEquals(ResultSet.CONCUR_READ_ONLY, statement.getResultSetConcurrency());
        assertEquals(ResultSet.CONCUR_READ_ONLY, rows.getConcurrency());
        assertEquals(ResultSet.TYPE_FORWARD_ONLY, rows.getType());
        assertTrue(rows.next());
        assertFalse(rows.wasNull());
        assertState("0A000", () -> rows.updateString(2, "EUR"));
        assertTrue(rows.next());
      }
      // A form finds its row again by key.
      try (PreparedStatement one =
          connection.prepareStatement(
              "SELECT * FROM \"nodes\".\"assets\" WHERE ( \"asset_identifier\" = ? )")) {
        one.setObject(1, "SAP", Types.VARCHAR);
        try (ResultSet row = one.executeQuery()) {
          row.next();
          assertFalse(row.next());
        }
      }
    }
  }
}
