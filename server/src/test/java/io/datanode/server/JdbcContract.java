package io.datanode.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.datanode.jdbc.DataNodeDataSource;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TimeZone;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.springframework.jdbc.BadSqlGrammarException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * What a JDBC application sees, the same whether the data is opened in its process or at a server:
 * a subclass only says where to connect to.
 *
 * <p>The nodes: {@code prices}, three assets with 10,000 minutes each, a NULL close in every tenth
 * row; {@code instants}, moments at which zones go wrong; {@code kinds}, a column of each type.
 */
@Isolated("changes the default zone of the JVM")
@Timeout(120)
abstract class JdbcContract {
  private static final String ENDLESS =
      "SELECT count(*) FROM prices a, prices b, prices c WHERE a.volume + b.volume < c.volume";

  private static final String[] INSTANTS = {
    "1899-12-30T00:00:00Z",
    "1969-12-31T23:59:59.999999Z",
    "1970-01-01T00:00:00.000001Z",
    "2011-12-30T12:00:00Z",
    "2024-03-10T02:30:00.5Z",
    "2024-03-10T07:30:00.123456Z",
    "2024-03-31T01:30:00Z",
    "2024-10-27T00:30:00.000001Z",
    "2024-11-03T05:30:00.999999Z",
    "2024-11-03T06:30:00.999999Z",
    "2038-01-19T03:14:08Z",
    "9999-12-31T23:59:59.999999Z"
  };

  @TempDir static Path folder;

  private final TimeZone jvmZone = TimeZone.getDefault();

  /** The URL to connect to, without settings. */
  abstract String url() throws SQLException;

  @BeforeAll
  static void write() throws SQLException {
    try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duckdb.createStatement()) {
      statement.execute("SET TimeZone = 'UTC'");
      copy(
          statement,
          "prices",
          "SELECT TIMESTAMPTZ '2024-01-01 00:00:00+00' + to_minutes(CAST(i // 3 AS BIGINT))"
              + " AS time_index, ['AAPL', 'IBM', 'SAP'][1 + i % 3] AS asset_identifier,"
              + " 100 + i / 10 AS open, CASE WHEN i % 10 = 0 THEN NULL ELSE 100.5 + i / 10 END"
              + " AS close, CAST(i AS BIGINT) AS volume FROM range(30000) r(i)");
      copy(
          statement,
          "instants",
          "SELECT unnest([TIMESTAMPTZ '"
              + String.join("', TIMESTAMPTZ '", INSTANTS)
              + "']) AS time_index, unnest(range("
              + INSTANTS.length
              + ")) AS number");
      copy(
          statement,
          "kinds",
          "SELECT TIMESTAMPTZ '2024-01-02 03:04:05.123456+00' AS time_index, TRUE AS flag,"
              + " CAST(1 AS TINYINT) AS tiny, CAST(2 AS SMALLINT) AS small, 3 AS whole,"
              + " CAST(4 AS BIGINT) AS big, CAST(0.1 AS FLOAT) AS single,"
              + " CAST('NaN' AS DOUBLE) AS nan, CAST('-inf' AS DOUBLE) AS infinite,"
              + " CAST(1.25 AS DECIMAL(10, 2)) AS amount,"
              + " CAST('1234567890123456789012345678.0123456789' AS DECIMAL(38, 10)) AS huge,"
              + " 'é' AS words, DATE '1500-02-28' AS day, TIME '23:59:59.999999' AS clock,"
              + " TIMESTAMP '2024-03-10 02:30:00.000001' AS wall, CAST(NULL AS DOUBLE) AS nothing,"
              + " '' AS blank");
    }
  }

  private static void copy(Statement duckdb, String node, String query) throws SQLException {
    Path file = folder.resolve(node + ".parquet");
    duckdb.execute("COPY (" + query + ") TO '" + file + "' (FORMAT parquet)");
  }

  @AfterEach
  void restoreZone() {
    TimeZone.setDefault(jvmZone);
  }

  final Connection connect(String settings) throws SQLException {
    return DriverManager.getConnection(url() + settings);
  }

  final Connection connect() throws SQLException {
    return connect("");
  }

  // Values

  @Test
  void valuesOfEveryTypeArriveUnchanged() throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT * FROM kinds")) {
      assertTrue(row.next());
      Instant instant = Instant.parse("2024-01-02T03:04:05.123456Z");
      assertEquals(instant, row.getTimestamp("time_index").toInstant());
      assertEquals("2024-01-02 03:04:05.123456+00", row.getString("time_index"));
      assertEquals(true, row.getObject("flag"));
      assertEquals(1, row.getObject("tiny"));
      assertEquals(2, row.getObject("small"));
      assertEquals(3, row.getObject("whole"));
      assertEquals(4L, row.getObject("big"));
      assertEquals(0.1f, row.getObject("single"));
      assertEquals("0.1", row.getString("single"));
      assertTrue(Double.isNaN(row.getDouble("nan")));
      assertEquals(Double.NEGATIVE_INFINITY, row.getDouble("infinite"));
      assertEquals(new BigDecimal("1.25"), row.getBigDecimal("amount"));
      assertEquals(
          new BigDecimal("1234567890123456789012345678.0123456789"), row.getObject("huge"));
      assertEquals("é", row.getString("words"));
      assertEquals(LocalDate.of(1500, 2, 28), row.getObject("day", LocalDate.class));
      assertEquals("1500-02-28", row.getDate("day").toString());
      assertEquals("23:59:59.999999", row.getString("clock"));
      LocalDateTime wall = LocalDateTime.of(2024, 3, 10, 2, 30, 0, 1000);
      assertEquals(wall, row.getObject("wall", LocalDateTime.class));
      assertEquals(0, row.getDouble("nothing"));
      assertTrue(row.wasNull());
      assertEquals("", row.getString("blank"));
      assertFalse(row.wasNull());
      assertFalse(row.next());
    }
  }

  @Test
  void columnsAreDescribedForTools() throws SQLException {
    try (Connection connection = connect();
        PreparedStatement statement =
            connection.prepareStatement("SELECT time_index, close AS c, volume + 1 FROM prices")) {
      ResultSetMetaData before = statement.getMetaData();
      try (ResultSet rows = statement.executeQuery()) {
        for (ResultSetMetaData about : new ResultSetMetaData[] {before, rows.getMetaData()}) {
          assertEquals(3, about.getColumnCount());
          assertEquals("time_index", about.getColumnLabel(1));
          assertEquals("nodes", about.getSchemaName(1));
          assertEquals("prices", about.getTableName(1));
          assertEquals(Types.TIMESTAMP, about.getColumnType(1));
          assertEquals(Timestamp.class.getName(), about.getColumnClassName(1));
          assertEquals("c", about.getColumnLabel(2));
          assertEquals("close", about.getColumnName(2));
          assertEquals(ResultSetMetaData.columnNullable, about.isNullable(2));
          assertEquals(Types.BIGINT, about.getColumnType(3));
          assertEquals("", about.getTableName(3));
          for (int i = 1; i <= 3; i++) {
            assertTrue(about.getColumnDisplaySize(i) > 0);
            assertTrue(about.getPrecision(i) > 0);
          }
        }
      }
    }
  }

  @Test
  void instantsAreTheSameInEveryZoneOfJvmAndSession() throws SQLException {
    for (String jvm : new String[] {"UTC", "America/New_York", "Asia/Kolkata", "Pacific/Apia"}) {
      TimeZone.setDefault(TimeZone.getTimeZone(jvm));
      for (String zone : new String[] {"UTC", "America/New_York", "Europe/London"}) {
        try (Connection connection = connect("?timeZone=" + zone);
            Statement statement = connection.createStatement();
            ResultSet rows =
                statement.executeQuery("SELECT time_index FROM instants ORDER BY number")) {
          for (String text : INSTANTS) {
            Instant instant = Instant.parse(text);
            assertTrue(rows.next());
            assertEquals(instant, rows.getTimestamp(1).toInstant());
            assertEquals(instant, rows.getObject(1, Instant.class));
            assertEquals(instant, rows.getObject(1, OffsetDateTime.class).toInstant());
            assertEquals(
                instant.atZone(java.time.ZoneId.of(zone)).toLocalDateTime(),
                rows.getObject(1, LocalDateTime.class));
            for (Object parameter :
                new Object[] {
                  instant, Timestamp.from(instant), instant.atOffset(ZoneOffset.ofHours(5))
                }) {
              assertEquals(1, countAt(connection, parameter), text + " in " + jvm + ", " + zone);
            }
          }
        }
      }
    }
  }

  private static long countAt(Connection connection, Object instant) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT count(*) FROM instants WHERE time_index = ?")) {
      statement.setObject(1, instant);
      return only(statement.executeQuery());
    }
  }

  private static long only(ResultSet rows) throws SQLException {
    assertTrue(rows.next());
    long value = rows.getLong(1);
    assertFalse(rows.next());
    return value;
  }

  // Statements

  @Test
  void aPreparedStatementRunsAgainWithOtherValues() throws SQLException {
    try (Connection connection = connect();
        PreparedStatement statement =
            connection.prepareStatement(
                "SELECT count(*) FROM prices WHERE asset_identifier = ? AND volume < ?")) {
      assertEquals(2, statement.getParameterMetaData().getParameterCount());
      assertEquals(Types.VARCHAR, statement.getParameterMetaData().getParameterType(1));
      assertEquals(Types.BIGINT, statement.getParameterMetaData().getParameterType(2));
      for (int i = 1; i <= 3; i++) {
        statement.setString(1, "SAP");
        statement.setInt(2, 3000 * i);
        assertEquals(1000L * i, only(statement.executeQuery()));
      }
      statement.setNull(1, Types.VARCHAR);
      assertEquals(0, only(statement.executeQuery()));
      statement.clearParameters();
      assertState("07001", statement::executeQuery);
    }
  }

  @Test
  void strictPushdownRefusesToReadAWholeNode() throws Exception {
    try (Connection connection = connect("?strictPushdown=time");
        Statement statement = connection.createStatement()) {
      assertState("54000", () -> statement.executeQuery("SELECT count(*) FROM prices"));
      assertState("54000", () -> connection.prepareStatement("SELECT * FROM prices LIMIT 1"));
      statement.executeQuery("SELECT count(*) FROM prices WHERE time_index > DATE '2024-01-01'");
      statement.execute("SET strictPushdown = 'time,asset'");
      assertState(
          "54000",
          () ->
              statement.executeQuery(
                  "SELECT count(*) FROM prices WHERE time_index > DATE '2024-01-01'"));
      assertState("22023", () -> statement.execute("SET strictPushdown = 'month'"));
      statement.execute("RESET strictPushdown");
      statement.executeQuery("SELECT count(*) FROM prices WHERE time_index > DATE '2024-01-01'");
    }
    assertState("22023", () -> connect("?strictPushdown=month"));
  }

  @Test
  void aStatementKnowsRowsFromNone() throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      assertTrue(statement.execute("SELECT 1"));
      assertFalse(statement.getMoreResults());
      assertEquals(-1, statement.getUpdateCount());
      assertEquals(0, statement.executeUpdate("SET time_zone = 'Asia/Tokyo'"));
      try (ResultSet row = statement.executeQuery("SELECT time_index FROM kinds")) {
        assertTrue(row.next());
        assertEquals("2024-01-02 12:04:05.123456+09", row.getString(1));
      }
      statement.execute("RESET time_zone");
      try (ResultSet row = statement.executeQuery("SELECT time_index FROM kinds")) {
        assertTrue(row.next());
        assertEquals("2024-01-02 03:04:05.123456+00", row.getString(1));
      }
      assertState("42000", () -> statement.executeUpdate("SELECT 1"));
      assertState("42000", () -> statement.executeQuery("SET time_zone = 'UTC'"));
    }
  }

  @Test
  void schemasAreChecked() throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      assertEquals("nodes", connection.getSchema());
      connection.setSchema("metadata");
      assertEquals("metadata", connection.getSchema());
      assertTrue(statement.executeQuery("SELECT * FROM nodes").next());
      SQLException e = assertThrows(SQLException.class, () -> connection.setSchema("nosuch"));
      assertEquals("3F000", e.getSQLState());
      assertEquals("metadata", connection.getSchema());
      connection.setSchema("nodes");
      assertEquals(30_000, only(statement.executeQuery("SELECT count(*) FROM prices")));
    }
  }

  @Test
  void rowsAreNeverCutExceptByMaxRows() throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      for (int fetchSize : new int[] {0, 1, 100, 1_000_000}) {
        statement.setFetchSize(fetchSize);
        long volume = 0;
        try (ResultSet rows = statement.executeQuery("SELECT volume FROM prices ORDER BY volume")) {
          while (rows.next()) {
            assertEquals(volume++, rows.getLong(1));
          }
        }
        assertEquals(30_000, volume);
      }
      statement.setMaxRows(2);
      try (ResultSet rows = statement.executeQuery("SELECT * FROM prices")) {
        assertTrue(rows.next());
        assertTrue(rows.next());
        assertFalse(rows.next());
      }
      assertState("22023", () -> statement.setFetchSize(-1));
    }
  }

  @Test
  void largeResultsArriveWholeAndCanBeLeftEarly() throws SQLException {
    String sql = "SELECT a.volume, b.asset_identifier FROM prices a, prices b WHERE b.volume < 40";
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      long sum = 0;
      long count = 0;
      try (ResultSet rows = statement.executeQuery(sql)) {
        while (rows.next()) {
          sum += rows.getLong(1);
          count += rows.getString(2).length() > 0 ? 1 : 0;
        }
      }
      assertEquals(1_200_000, count);
      assertEquals(40L * 30_000 * 29_999 / 2, sum);
      for (int i = 0; i < 3; i++) {
        try (ResultSet rows = statement.executeQuery(sql)) {
          for (int row = 0; row <= 100_000 * i; row++) {
            assertTrue(rows.next());
          }
        }
      }
      assertEquals(1, only(statement.executeQuery("SELECT 1")));
    }
  }

  @Test
  void resultsOfOneConnectionAreReadSideBySide() throws SQLException {
    String sql = "SELECT volume FROM prices ORDER BY volume";
    try (Connection connection = connect();
        Statement one = connection.createStatement();
        Statement two = connection.createStatement();
        ResultSet left = one.executeQuery(sql);
        ResultSet right = two.executeQuery(sql)) {
      for (long i = 0; i < 30_000; i++) {
        assertTrue(left.next() && right.next());
        assertEquals(i, left.getLong(1));
        assertEquals(i, right.getLong(1));
      }
      assertFalse(left.next() || right.next());
    }
  }

  @Test
  void threadsShareAConnection() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(16);
    try (Connection connection = connect()) {
      Callable<Long> query =
          () -> {
            try (PreparedStatement statement =
                connection.prepareStatement("SELECT count(*) FROM prices WHERE volume < ?")) {
              statement.setLong(1, 500);
              return only(statement.executeQuery());
            }
          };
      for (Future<Long> count : threads.invokeAll(Collections.nCopies(50, query))) {
        assertEquals(500, count.get());
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void cancelAndTimeoutStopTheWorkAndLeaveTheStatementUsable() throws Exception {
    ExecutorService other = Executors.newSingleThreadExecutor();
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      Future<Boolean> running = other.submit(() -> statement.executeQuery(ENDLESS).next());
      while (!running.isDone()) {
        statement.cancel();
        Thread.sleep(50);
      }
      Exception e = assertThrows(Exception.class, running::get);
      assertEquals("57014", assertInstanceOf(SQLException.class, e.getCause()).getSQLState());
      assertEquals(1, only(statement.executeQuery("SELECT 1")));

      statement.setQueryTimeout(1);
      SQLException timeout =
          assertThrows(SQLTimeoutException.class, () -> statement.executeQuery(ENDLESS).next());
      assertEquals("57014", timeout.getSQLState());
      statement.setQueryTimeout(0);
      assertEquals(1, only(statement.executeQuery("SELECT 1")));
      statement.cancel();
      assertEquals(1, only(statement.executeQuery("SELECT 1")));
    } finally {
      other.shutdownNow();
    }
  }

  @Test
  void aScrollableResultIsForwardOnlyWithAWarning() throws SQLException {
    try (Connection connection = connect();
        PreparedStatement statement =
            connection.prepareStatement(
                "SELECT * FROM prices",
                ResultSet.TYPE_SCROLL_INSENSITIVE,
                ResultSet.CONCUR_READ_ONLY)) {
      assertNotNull(statement.getWarnings());
      try (ResultSet rows = statement.executeQuery()) {
        assertEquals(ResultSet.TYPE_FORWARD_ONLY, rows.getType());
        assertTrue(rows.next());
        assertState("0A000", rows::last);
      }
    }
  }

  // Errors

  @Test
  void errorsHaveTheirSqlStateAndLeaveTheConnectionUsable() throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      assertState("42601", () -> statement.executeQuery("SELEC 1"));
      assertState("42601", () -> connection.prepareStatement("SELECT FROM WHERE"));
      assertState("42601", () -> statement.executeQuery("SELECT 1 AS \"a\0b\""));
      assertState("42601", () -> statement.executeQuery("SELECT 1 AS a\0b"));
      assertState("42P01", () -> statement.executeQuery("SELECT * FROM nosuch"));
      assertState("42703", () -> statement.executeQuery("SELECT closing FROM prices"));
      assertState("0A000", () -> statement.executeUpdate("DELETE FROM prices"));
      assertState("0A000", () -> statement.executeUpdate("CREATE TABLE x (a INTEGER)"));
      assertState("22018", () -> statement.executeQuery("SELECT CAST('x' AS INTEGER)").next());
      SQLException e =
          assertThrows(
              SQLException.class, () -> statement.executeQuery("SELECT closing FROM prices"));
      assertTrue(e.getMessage().contains("close"), e.getMessage());
      assertEquals(1, only(statement.executeQuery("SELECT 1")));
      assertState("22023", () -> connect("?timezon=UTC"));
    }
  }

  static void assertState(String state, Executable call) {
    SQLException e = assertThrows(SQLException.class, call);
    assertEquals(state, e.getSQLState(), e.getMessage());
  }

  // Metadata

  @Test
  void metadataAnswersEveryMethod() throws Exception {
    try (Connection connection = connect()) {
      DatabaseMetaData metadata = connection.getMetaData();
      for (String text : new String[] {null, "%", "prices", "pri_es\\_", ""}) {
        for (Method method : DatabaseMetaData.class.getMethods()) {
          if (method.getName().equals("unwrap") || method.getName().equals("supportsSharding")) {
            continue;
          }
          Object[] arguments =
              Arrays.stream(method.getParameterTypes())
                  .map(
                      type ->
                          type == String.class
                              ? text
                              : type == int.class
                                  ? (Object) 1
                                  : type == boolean.class ? (Object) true : null)
                  .toArray();
          try {
            Object answer = method.invoke(metadata, arguments);
            assertNotNull(answer, method.toString());
            if (answer instanceof ResultSet) {
              readAll((ResultSet) answer);
            }
          } catch (InvocationTargetException e) {
            fail(method + " threw " + e.getCause(), e);
          }
        }
      }
    }
  }

  private static void readAll(ResultSet rows) throws SQLException {
    int columns = rows.getMetaData().getColumnCount();
    while (rows.next()) {
      for (int i = 1; i <= columns; i++) {
        rows.getObject(i);
        rows.getString(i);
      }
    }
    rows.close();
  }

  @Test
  void metadataHasTheColumnsOfJdbc() throws SQLException {
    try (Connection connection = connect()) {
      DatabaseMetaData metadata = connection.getMetaData();
      assertColumns(2, "TABLE_SCHEM", metadata.getSchemas());
      assertColumns(10, "TABLE_CAT", metadata.getTables(null, "nodes", "%", null));
      assertColumns(24, "TABLE_CAT", metadata.getColumns(null, "nodes", "%", "%"));
      assertColumns(6, "TABLE_CAT", metadata.getPrimaryKeys(null, "nodes", "prices"));
      assertColumns(14, "PKTABLE_CAT", metadata.getImportedKeys(null, "nodes", "prices"));
      assertColumns(14, "PKTABLE_CAT", metadata.getExportedKeys(null, "nodes", "prices"));
      assertColumns(13, "TABLE_CAT", metadata.getIndexInfo(null, "nodes", "prices", true, true));
      assertColumns(8, "SCOPE", metadata.getBestRowIdentifier(null, "nodes", "prices", 0, true));
      assertColumns(18, "TYPE_NAME", metadata.getTypeInfo());
      assertColumns(6, "FUNCTION_CAT", metadata.getFunctions(null, null, "%"));
      assertColumns(17, "FUNCTION_CAT", metadata.getFunctionColumns(null, null, "%", "%"));
      assertColumns(4, "NAME", metadata.getClientInfoProperties());
      assertColumns(1, "TABLE_CAT", metadata.getCatalogs());
      assertColumns(1, "TABLE_TYPE", metadata.getTableTypes());
    }
  }

  private static void assertColumns(int count, String first, ResultSet rows) throws SQLException {
    assertEquals(count, rows.getMetaData().getColumnCount());
    assertEquals(first, rows.getMetaData().getColumnLabel(1));
    rows.close();
  }

  @Test
  void nodesAreTablesWithColumnsAndKeys() throws SQLException {
    try (Connection connection = connect()) {
      DatabaseMetaData metadata = connection.getMetaData();
      Set<String> tables = new TreeSet<>();
      try (ResultSet rows = metadata.getTables(null, "nodes", "%", new String[] {"TABLE"})) {
        while (rows.next()) {
          tables.add(rows.getString("TABLE_NAME"));
        }
      }
      assertEquals(Set.of("instants", "kinds", "prices"), tables);
      List<String> columns = new ArrayList<>();
      try (ResultSet rows = metadata.getColumns(null, "nodes", "prices", "%")) {
        while (rows.next()) {
          columns.add(rows.getString("COLUMN_NAME"));
        }
      }
      assertEquals(List.of("time_index", "asset_identifier", "open", "close", "volume"), columns);
      assertEquals("\"", metadata.getIdentifierQuoteString());
      assertFalse(metadata.getSQLKeywords().isEmpty());
      assertFalse(metadata.getDatabaseProductVersion().isEmpty());
      assertEquals(url(), metadata.getURL().replaceFirst("/$", ""));
    }
  }

  // What applications put on top of JDBC

  private DataSource pool(int size) throws SQLException {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(url());
    config.setMaximumPoolSize(size);
    config.setReadOnly(true);
    config.setSchema("nodes");
    config.setAutoCommit(false);
    config.setConnectionInitSql("SET time_zone = 'Asia/Tokyo'");
    return new HikariDataSource(config);
  }

  @Test
  void hikariPoolsConnections() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try (HikariDataSource pool = (HikariDataSource) pool(2)) {
      Callable<String> query =
          () -> {
            try (Connection connection = pool.getConnection();
                PreparedStatement statement =
                    connection.prepareStatement("SELECT time_index FROM kinds WHERE whole = ?")) {
              statement.setInt(1, 3);
              ResultSet row = statement.executeQuery();
              assertTrue(row.next());
              connection.commit();
              return row.getString(1);
            }
          };
      for (Future<String> shown : threads.invokeAll(Collections.nCopies(40, query))) {
        assertEquals("2024-01-02 12:04:05.123456+09", shown.get());
      }
      try (Connection connection = pool.getConnection()) {
        assertTrue(connection.isReadOnly());
        assertTrue(connection.isValid(5));
        assertTrue(connection.isWrapperFor(io.datanode.jdbc.session.Session.class));
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void jdbcTemplateQueries() throws SQLException {
    DataNodeDataSource source = new DataNodeDataSource(url());
    JdbcTemplate template = new JdbcTemplate(source);
    assertEquals(
        30_000, template.queryForObject("SELECT count(*) FROM prices", Long.class).longValue());
    assertEquals(
        Timestamp.from(Instant.parse("2024-01-01T00:00:00Z")),
        template.queryForObject("SELECT min(time_index) FROM prices", Timestamp.class));
    assertEquals(
        Instant.parse("2024-01-01T00:00:00Z"),
        template.queryForObject("SELECT min(time_index) FROM prices", Instant.class));
    List<Map<String, Object>> rows =
        template.queryForList(
            "SELECT asset_identifier, count(*) AS n FROM prices WHERE volume < ?"
                + " GROUP BY asset_identifier ORDER BY asset_identifier",
            300);
    assertEquals(
        "[{asset_identifier=AAPL, n=100}, {asset_identifier=IBM, n=100},"
            + " {asset_identifier=SAP, n=100}]",
        rows.toString());
    template.setMaxRows(5);
    template.setFetchSize(1);
    assertEquals(5, template.query("SELECT * FROM prices", (row, i) -> row.getLong(5)).size());

    NamedParameterJdbcTemplate named = new NamedParameterJdbcTemplate(source);
    Map<String, Object> parameters =
        Map.of(
            "assets", List.of("SAP", "IBM"),
            "from", Instant.parse("2024-01-01T01:00:00Z"),
            "to", OffsetDateTime.parse("2024-01-01T03:00:00+01:00"));
    assertEquals(
        120,
        named
            .queryForObject(
                "SELECT count(*) FROM prices WHERE asset_identifier IN (:assets)"
                    + " AND time_index >= :from AND time_index < :to",
                parameters,
                Long.class)
            .longValue());

    BadSqlGrammarException e =
        assertThrows(
            BadSqlGrammarException.class,
            () -> template.queryForList("SELECT closing FROM prices"));
    assertEquals("42703", e.getSQLException().getSQLState());

    TransactionTemplate transaction =
        new TransactionTemplate(new DataSourceTransactionManager(source));
    transaction.setReadOnly(true);
    transaction.setTimeout(30);
    Integer one = transaction.execute(status -> template.queryForObject("SELECT 1", Integer.class));
    assertEquals(Integer.valueOf(1), one);
  }
}
