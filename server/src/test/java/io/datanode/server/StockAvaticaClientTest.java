package io.datanode.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datanode.server.session.SessionLimits;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.Date;
import java.sql.ParameterMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Time;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.avatica.AvaticaConnection;
import org.apache.calcite.avatica.AvaticaStatement;
import org.apache.calcite.avatica.remote.Service;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a stock Avatica client sees; it is Avatica's own driver that asks. */
@Timeout(120)
class StockAvaticaClientTest {
  private TestServer server;

  @BeforeEach
  void start() throws SQLException {
    server = TestServer.start();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"json", "protobuf"})
  void everyTypeArrives(String serialization) throws SQLException {
    try (Connection connection = server.avatica(serialization);
        ResultSet row =
            connection
                .createStatement()
                .executeQuery(
                    "SELECT true, 1::TINYINT, -2::SMALLINT, 3::INTEGER, 9007199254740993::BIGINT,"
                        + " 1.5::FLOAT, 100.7472::DOUBLE, 12.50::DECIMAL(9, 2),"
                        + " 12345678901234567890123456789012345.678::DECIMAL(38, 3), 'Gr\u00fc\u00dfe',"
                        + " '\\xAA\\x00'::BLOB, DATE '2024-02-29', TIME '01:02:03.004',"
                        + " TIMESTAMP '2024-03-10 02:30:00.123456',"
                        + " TIMESTAMPTZ '2024-03-10 02:30:00.123456+00',"
                        + " 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::UUID, [1::BIGINT, NULL, 3],"
                        + " INTERVAL '1:02:03.5', NULL::DOUBLE")) {
      assertTrue(row.next());
      assertTrue(row.getBoolean(1));
      assertEquals(1, row.getByte(2));
      assertEquals(-2, row.getShort(3));
      assertEquals(3, row.getInt(4));
      assertEquals(9007199254740993L, row.getLong(5));
      assertEquals(1.5f, row.getFloat(6));
      assertEquals(100.7472, row.getDouble(7));
      assertEquals(new BigDecimal("12.50"), row.getBigDecimal(8));
      assertEquals(new BigDecimal("12345678901234567890123456789012345.678"), row.getBigDecimal(9));
      assertEquals("Gr\u00fc\u00dfe", row.getString(10));
      assertArrayEquals(new byte[] {(byte) 0xaa, 0}, row.getBytes(11));
      assertEquals("2024-02-29", row.getString(12));
      assertEquals("01:02:03.004", row.getString(13));
      assertEquals("2024-03-10 02:30:00.123", row.getString(14));
      assertEquals("2024-03-10 02:30:00.123", row.getString(15));
      assertEquals(Instant.parse("2024-03-10T02:30:00.123Z").toEpochMilli(), row.getLong(15));
      assertEquals("a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11", row.getString(16));
      assertArrayEquals(new Object[] {1L, null, 3L}, (Object[]) row.getArray(17).getArray());
      assertEquals("0 01:02:03.5", row.getString(18));
      assertEquals(0, row.getDouble(19));
      assertTrue(row.wasNull());
      assertFalse(row.next());
    }
  }

  @Test
  void microsecondsArriveAsTextWhenAskedFor() throws SQLException {
    try (Connection connection = server.avatica("protobuf", "timestampType", "with_time_zone");
        ResultSet row =
            connection
                .createStatement()
                .executeQuery("SELECT TIMESTAMPTZ '2024-03-10 02:30:00.123456+00' AS t")) {
      assertTrue(row.next());
      assertEquals(Types.TIMESTAMP_WITH_TIMEZONE, row.getMetaData().getColumnType(1));
      assertEquals("2024-03-10T02:30:00.123456Z", row.getString("t"));
    }
  }

  @Test
  void numbersThatAreNoneSurviveInProtobuf() throws SQLException {
    try (Connection connection = server.avatica("protobuf");
        ResultSet row = connection.createStatement().executeQuery(NOT_FINITE)) {
      assertTrue(row.next());
      assertTrue(Double.isNaN(row.getDouble(1)));
      assertEquals(Double.POSITIVE_INFINITY, row.getDouble(2));
      assertEquals(Double.NEGATIVE_INFINITY, row.getDouble(3));
      assertTrue(Float.isNaN(row.getFloat(4)));
    }
  }

  /** Avatica's JSON client has no way to take NaN as a number: it is text, and never NULL or 0. */
  @Test
  void numbersThatAreNoneSurviveInJsonAsFarAsItCan() throws SQLException {
    try (Connection connection = server.avatica("json");
        ResultSet row = connection.createStatement().executeQuery(NOT_FINITE)) {
      assertTrue(row.next());
      assertEquals("NaN", row.getString(1));
      assertEquals(Double.POSITIVE_INFINITY, row.getDouble(2));
      assertEquals(Double.NEGATIVE_INFINITY, row.getDouble(3));
    }
  }

  private static final String NOT_FINITE =
      "SELECT 'NaN'::DOUBLE, 'Infinity'::DOUBLE, '-Infinity'::DOUBLE, 'NaN'::FLOAT";

  @ParameterizedTest
  @ValueSource(strings = {"json", "protobuf"})
  void fetchSizeZeroGivesAllRows(String serialization) throws SQLException {
    try (Connection connection = server.avatica(serialization);
        Statement statement = connection.createStatement()) {
      for (int fetchSize : new int[] {0, 1, 100, 100_000}) {
        statement.setFetchSize(fetchSize);
        int rows = fetchSize == 1 ? 1_100 : 25_000;
        try (ResultSet result =
            statement.executeQuery("SELECT range FROM range(" + rows + ") ORDER BY 1")) {
          assertEquals(rows, countInOrder(result), "fetch size " + fetchSize);
        }
      }
    }
  }

  private static int countInOrder(ResultSet result) throws SQLException {
    int count = 0;
    while (result.next()) {
      assertEquals(count++, result.getLong(1));
    }
    return count;
  }

  @Test
  void maxRowsLimitsTheResult() throws SQLException {
    try (Connection connection = server.avatica("protobuf");
        Statement statement = connection.createStatement()) {
      statement.setMaxRows(2);
      assertEquals(2, countInOrder(statement.executeQuery("SELECT range FROM range(1000)")));
    }
  }

  @Test
  void aStatementRunsAgainAndAgain() throws SQLException {
    try (Connection connection = server.avatica("protobuf");
        Statement statement = connection.createStatement();
        PreparedStatement prepared =
            connection.prepareStatement(
                "SELECT range FROM range(9) WHERE range < CAST(? AS BIGINT)")) {
      for (int i = 1; i <= 3; i++) {
        assertEquals(3, countInOrder(statement.executeQuery("SELECT range FROM range(3)")));
        prepared.setLong(1, i);
        assertEquals(i, countInOrder(prepared.executeQuery()));
      }
    }
  }

  @Test
  void statementsWithoutRowsGiveAnUpdateCount() throws SQLException {
    try (Connection connection = server.avatica("protobuf");
        Statement statement = connection.createStatement()) {
      assertFalse(statement.execute("SET schema = 'research'"));
      assertEquals(0, statement.getUpdateCount());
    }
  }

  /** The stock server loses a statement and has it run again, skipping rows by number. */
  @Test
  void aLostResultIsAnErrorAndNeverStitched() throws Exception {
    try (Connection connection = server.avatica("protobuf");
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("SELECT random() FROM range(100000)")) {
      assertTrue(result.next());
      server.passAtRest(Duration.ofMinutes(31));
      RuntimeException lost =
          assertThrows(
              RuntimeException.class,
              () -> {
                while (result.next()) {}
              });
      assertTrue(lost.getMessage().contains("The rest of the result is lost"), lost.getMessage());
    }
  }

  @Test
  void anIdleStatementIsMadeAnewWhenItRunsAgain() throws Exception {
    try (Connection connection = server.avatica("protobuf");
        Statement statement = connection.createStatement();
        PreparedStatement prepared =
            connection.prepareStatement(
                "SELECT range FROM range(9) WHERE range < CAST(? AS BIGINT)")) {
      server.passAtRest(Duration.ofMinutes(31));
      assertEquals(2, countInOrder(statement.executeQuery("SELECT range FROM range(2)")));
      prepared.setLong(1, 2);
      assertEquals(2, countInOrder(prepared.executeQuery()));
    }
  }

  @Test
  void leakedConnectionsAndTheirResultsAreClosed() throws Exception {
    Connection leaked = server.avatica("protobuf");
    ResultSet rows = leaked.createStatement().executeQuery("SELECT range FROM range(100000)");
    assertTrue(rows.next());
    assertEquals(1, server.server().sessions().runningStatements());
    server.passAtRest(Duration.ofMinutes(31));
    assertEquals(0, server.server().sessions().runningStatements());
    assertEquals(1, server.server().sessions().size());
    server.passAtRest(Duration.ofHours(2));
    assertEquals(0, server.server().sessions().size());
    RuntimeException gone = assertThrows(RuntimeException.class, leaked::createStatement);
    assertTrue(gone.getMessage().contains("idle for too long"), gone.getMessage());
  }

  @Test
  void whatIsInUseIsNeverClosed() throws Exception {
    try (AvaticaConnection connection = (AvaticaConnection) server.avatica("protobuf")) {
      Statement statement = connection.createStatement();
      Thread slow =
          new Thread(() -> assertThrows(SQLException.class, () -> statement.executeQuery(SLOW)));
      slow.start();
      waitUntilRunning(1);
      server.pass(Duration.ofDays(1));
      assertEquals(1, server.server().sessions().size());
      assertEquals(1, DuckDbSession.RUNNING.get());
      close(connection, statement);
      slow.join();
    }
  }

  /** Closes a statement that a thread waits in; the client's own close would wait, too. */
  private static void close(AvaticaConnection connection, Statement statement) {
    connection
        .getService()
        .apply(
            new Service.CloseStatementRequest(
                connection.id, ((AvaticaStatement) statement).getId()));
  }

  static final String SLOW =
      "SELECT count(*) FROM range(1000000) a, range(1000000) b WHERE a.range + b.range = 7";

  static void waitUntilRunning(int statements) throws InterruptedException {
    while (DuckDbSession.RUNNING.get() != statements) {
      Thread.sleep(5);
    }
  }

  @Test
  void aConnectionCannotReachTheStatementsOfAnother() throws SQLException {
    try (AvaticaConnection mine = (AvaticaConnection) server.avatica("protobuf");
        AvaticaConnection other = (AvaticaConnection) server.avatica("protobuf");
        Statement statement = mine.createStatement();
        ResultSet secret = statement.executeQuery("SELECT range FROM range(100000)")) {
      int id = ((AvaticaStatement) statement).getId();
      Service service = other.getService();
      RuntimeException refused =
          assertThrows(
              RuntimeException.class,
              () -> service.apply(new Service.FetchRequest(other.id, id, 1_000, 10)));
      assertTrue(refused.getMessage().contains("lost"), refused.getMessage());
      service.apply(new Service.CloseStatementRequest(other.id, id));
      assertEquals(100_000, countInOrder(secret));
    }
  }

  @Test
  void statementIdsCannotBeGuessed() throws SQLException {
    try (Connection connection = server.avatica("protobuf")) {
      int first = ((AvaticaStatement) connection.createStatement()).getId();
      int second = ((AvaticaStatement) connection.createStatement()).getId();
      assertNotEquals(first + 1, second);
    }
  }

  /** The stock server hands them to the engine's connect, with "model" and all. */
  @Test
  void propertiesOfAClientDoNotReachTheEngine() {
    for (String property : List.of("model", "spillDirectory", "memoryLimit")) {
      RuntimeException refused =
          assertThrows(
              RuntimeException.class, () -> server.avatica("protobuf", property, "inline:{}"));
      assertTrue(
          refused.getMessage().contains("'" + property + "' cannot be set by a client"),
          refused.getMessage());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"json", "protobuf"})
  void errorsKeepMessageAndSqlStateAndShowNoStackTrace(String serialization) throws SQLException {
    try (Connection connection = server.avatica(serialization);
        Statement statement = connection.createStatement()) {
      SQLException error =
          assertThrows(SQLException.class, () -> statement.executeQuery("SELECT * FROM nosuch"));
      assertEquals("42P01", error.getSQLState());
      assertTrue(error.getMessage().contains("nosuch does not exist"), error.getMessage());
      StringWriter printed = new StringWriter();
      error.printStackTrace(new PrintWriter(printed));
      assertFalse(printed.toString().contains("io.datanode.server.avatica"), printed.toString());
      assertEquals(1, countInOrder(statement.executeQuery("SELECT range FROM range(1)")));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"json", "protobuf"})
  void metadataCallsWork(String serialization) throws SQLException {
    try (Connection connection = server.avatica(serialization)) {
      try (ResultSet tables = connection.getMetaData().getTables(null, null, "%", null)) {
        assertTrue(tables.next());
        assertEquals("daily_prices", tables.getString("TABLE_NAME"));
        assertEquals("Daily bars.", tables.getString("REMARKS"));
        assertTrue(tables.next());
        assertFalse(tables.next());
      }
      try (ResultSet schemas = connection.getMetaData().getSchemas()) {
        assertTrue(schemas.next());
        assertEquals("nodes", schemas.getString(1));
      }
      assertFalse(connection.getMetaData().getCatalogs().next());
      assertEquals("ABS,MOD", connection.getMetaData().getNumericFunctions());
    }
  }

  @Test
  void preparedStatementsDescribeThemselves() throws SQLException {
    try (Connection connection = server.avatica("protobuf");
        PreparedStatement statement =
            connection.prepareStatement(
                "SELECT CAST(? AS DECIMAL(9, 2)) AS price, CAST(? AS TIMESTAMPTZ) AS t")) {
      ResultSetMetaData columns = statement.getMetaData();
      assertEquals(2, columns.getColumnCount());
      assertEquals("price", columns.getColumnLabel(1));
      assertEquals(Types.DECIMAL, columns.getColumnType(1));
      assertEquals(9, columns.getPrecision(1));
      assertEquals(2, columns.getScale(1));
      assertEquals(Types.TIMESTAMP, columns.getColumnType(2));
      ParameterMetaData parameters = statement.getParameterMetaData();
      assertEquals(2, parameters.getParameterCount());
      assertEquals(Types.TIMESTAMP, parameters.getParameterType(2));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"json", "protobuf"})
  void parametersOfEveryKindArrive(String serialization) throws SQLException {
    try (Connection connection = server.avatica(serialization);
        PreparedStatement statement =
            connection.prepareStatement(
                "SELECT CAST(? AS VARCHAR), CAST(? AS BIGINT), CAST(? AS DOUBLE),"
                    + " CAST(? AS DECIMAL(9, 2)), CAST(? AS DATE), CAST(? AS TIMESTAMPTZ),"
                    + " CAST(? AS BOOLEAN), CAST(? AS VARCHAR), CAST(? AS BLOB),"
                    + " CAST(? AS TIME)")) {
      statement.setString(1, "SAP");
      statement.setLong(2, 9007199254740993L);
      statement.setDouble(3, 0.1);
      statement.setBigDecimal(4, new BigDecimal("12.34"));
      statement.setDate(5, Date.valueOf("2024-02-29"));
      statement.setTimestamp(6, Timestamp.from(Instant.parse("2024-03-10T02:30:00.123Z")));
      statement.setBoolean(7, true);
      statement.setNull(8, Types.VARCHAR);
      statement.setBytes(9, "x".getBytes(UTF_8));
      statement.setTime(10, new Time(3_723_000));
      try (ResultSet row = statement.executeQuery()) {
        assertTrue(row.next());
        assertEquals("SAP", row.getString(1));
        assertEquals(9007199254740993L, row.getLong(2));
        assertEquals(0.1, row.getDouble(3));
        assertEquals(new BigDecimal("12.34"), row.getBigDecimal(4));
        assertEquals("2024-02-29", row.getString(5));
        assertEquals("2024-03-10 02:30:00.123", row.getString(6));
        assertTrue(row.getBoolean(7));
        assertEquals(null, row.getString(8));
        assertArrayEquals("x".getBytes(UTF_8), row.getBytes(9));
        assertEquals("01:02:03.000", row.getString(10));
      }
    }
  }

  @Test
  void aParameterThatIsNotSetIsAnError() throws SQLException {
    try (Connection connection = server.avatica("json");
        PreparedStatement statement = connection.prepareStatement("SELECT CAST(? AS BIGINT)")) {
      SQLException error = assertThrows(SQLException.class, statement::executeQuery);
      assertEquals("22023", error.getSQLState());
      assertTrue(error.getMessage().contains("Parameter 1 is not set"), error.getMessage());
    }
  }

  /** With the stock server one refused setting makes the whole connection unusable. */
  @Test
  void aRefusedSchemaIsReportedOnceAndTheConnectionStaysUsable() throws SQLException {
    try (Connection connection = server.avatica("protobuf")) {
      connection.setSchema("research");
      connection.createStatement().close();
      assertEquals("research", connection.getSchema());
      connection.setSchema("nosuch");
      RuntimeException refused = assertThrows(RuntimeException.class, connection::createStatement);
      assertTrue(
          refused.getMessage().contains("There is no schema 'nosuch'"), refused.getMessage());
      connection.createStatement().close();
      assertEquals("research", connection.getSchema());
      connection.setReadOnly(false);
      connection.setAutoCommit(false);
      connection.createStatement().close();
      connection.commit();
      connection.rollback();
    }
  }

  @Test
  void aReconnectedClientDoesNotGoOnInAnotherResult() throws Exception {
    SessionLimits limits = SessionLimits.defaults();
    try (Connection connection = server.avatica("protobuf", "transparent_reconnection", "true");
        ResultSet result =
            connection.createStatement().executeQuery("SELECT random() FROM range(100000)")) {
      assertTrue(result.next());
      server.passAtRest(limits.sessionIdle().plusMinutes(1));
      RuntimeException lost =
          assertThrows(
              RuntimeException.class,
              () -> {
                while (result.next()) {}
              });
      assertTrue(lost.getMessage().contains("The rest of the result is lost"), lost.getMessage());
    }
  }

  @Test
  void closingAStatementStopsItInDuckDb() throws Exception {
    try (AvaticaConnection connection = (AvaticaConnection) server.avatica("protobuf")) {
      Statement statement = connection.createStatement();
      List<SQLException> outcome = new ArrayList<>();
      Thread slow =
          new Thread(
              () ->
                  outcome.add(
                      assertThrows(SQLException.class, () -> statement.executeQuery(SLOW))));
      slow.start();
      waitUntilRunning(1);
      close(connection, statement);
      slow.join();
      assertEquals("57014", outcome.get(0).getSQLState());
      waitUntilRunning(0);
    }
  }
}
