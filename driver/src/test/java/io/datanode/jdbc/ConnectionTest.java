package io.datanode.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datanode.jdbc.session.Session;
import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Connections and statements over a session in this process. */
class ConnectionTest {
  private Connection connection;

  @BeforeEach
  void open() throws SQLException {
    connection = DriverManager.getConnection("jdbc:datanode:memory-connection");
  }

  @AfterEach
  void close() throws SQLException {
    connection.close();
  }

  private static MemorySession session() {
    return MemorySession.OPENED.get("memory-connection");
  }

  @Test
  void aPreparedStatementKnowsItsParametersAndNamesTheOneThatIsMissing() throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement("VALUES (?, ?)")) {
      assertEquals(2, statement.getParameterMetaData().getParameterCount());
      assertEquals(2, statement.getMetaData().getColumnCount());
      statement.setLong(2, 5);
      assertError("07001", "Parameter 1 of 2 has no value", statement::executeQuery);
      assertError(
          "22023", "There is no parameter 3; the statement has 2", () -> statement.setInt(3, 1));
      statement.setString(1, "a");
      try (ResultSet rows = statement.executeQuery()) {
        assertTrue(rows.next());
        assertEquals("a", rows.getString("text"));
        assertTrue(rows.next());
        assertEquals("Long", rows.getString("class"));
        assertFalse(rows.next());
      }
      statement.clearParameters();
      assertError("07001", "Parameter 1 of 2 has no value", statement::execute);
    }
  }

  @Test
  void aStatementCanBeRunAgainAndClosesTheResultBefore() throws SQLException {
    try (Statement statement = connection.createStatement()) {
      ResultSet first = statement.executeQuery("COUNT 3");
      ResultSet second = statement.executeQuery("COUNT 4");
      assertTrue(first.isClosed());
      assertError("24000", "ResultSet is closed", first::next);
      int rows = 0;
      while (second.next()) {
        rows++;
      }
      assertEquals(4, rows);
    }
  }

  @Test
  void executeTellsRowsFromNone() throws SQLException {
    try (Statement statement = connection.createStatement()) {
      assertTrue(statement.execute("COUNT 1"));
      assertEquals(-1, statement.getUpdateCount());
      assertNotNull(statement.getResultSet());
      assertFalse(statement.getMoreResults());
      assertNull(statement.getResultSet());
      assertEquals(-1, statement.getUpdateCount());

      assertFalse(statement.execute("SET schema = metadata"));
      assertEquals(0, statement.getUpdateCount());
      assertNull(statement.getResultSet());
      assertEquals(0, statement.executeUpdate("SET schema = nodes"));

      assertError(
          "42000",
          "executeUpdate was given a query; use executeQuery to read its rows",
          () -> statement.executeUpdate("COUNT 1"));
      assertError(
          "42000",
          "executeQuery was given a statement that gives no rows, such as SET; use execute",
          () -> statement.executeQuery("SET schema = nodes"));
      assertError(
          "42601",
          "Line 1, column 1: 'DELETE' is no verb",
          () -> statement.executeUpdate("DELETE FROM x"));
    }
  }

  @Test
  void aBatchRefusesQueriesAndSaysHowFarItCame() throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.addBatch("SET schema = metadata");
      statement.addBatch("COUNT 1");
      BatchUpdateException e = assertThrows(BatchUpdateException.class, statement::executeBatch);
      assertEquals(1, e.getUpdateCounts().length);
      assertEquals("42000", e.getSQLState());
      assertEquals(0, statement.executeBatch().length);
    }
  }

  @Test
  void maxRowsEndTheResultAndReachTheSession() throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.setMaxRows(3000);
      statement.setQueryTimeout(7);
      statement.setFetchSize(0);
      assertError(
          "22023", "The fetch size is -1; expected 0 or greater", () -> statement.setFetchSize(-1));
      assertError(
          "22023",
          "The limit of rows is -1; expected 0 or greater",
          () -> statement.setMaxRows(-1));
      int rows = 0;
      try (ResultSet result = statement.executeQuery("COUNT 10000")) {
        while (result.next()) {
          assertEquals(rows++, result.getLong(1));
          assertEquals(rows, result.getRow());
        }
      }
      assertEquals(3000, rows);
      assertEquals(3000, session().calls().get(0).maxRows());
      assertEquals(7, session().calls().get(0).timeoutSeconds());
    }
  }

  @Test
  void cancelReachesARunningStatementAndLeavesItUsable() throws Exception {
    ExecutorService other = Executors.newSingleThreadExecutor();
    try (Statement statement = connection.createStatement()) {
      ResultSet rows = statement.executeQuery("SLEEP");
      assertTrue(rows.next());
      Future<?> cancel =
          other.submit(
              (Callable<Void>)
                  () -> {
                    statement.cancel();
                    return null;
                  });
      assertError("57014", "Statement s1 was cancelled", rows::next);
      assertError("57014", "Statement s1 was cancelled", rows::next);
      cancel.get();
      assertTrue(statement.executeQuery("COUNT 1").next());
      statement.cancel();
    } finally {
      other.shutdownNow();
    }
  }

  @Test
  void closeOnCompletionClosesTheStatementWithItsResult() throws SQLException {
    Statement statement = connection.createStatement();
    statement.closeOnCompletion();
    ResultSet rows = statement.executeQuery("COUNT 1");
    assertEquals(statement, rows.getStatement());
    rows.close();
    assertTrue(statement.isClosed());
    assertError("24000", "Statement is closed", () -> statement.executeQuery("COUNT 1"));
    assertError("24000", "Statement is closed", statement::getFetchSize);
  }

  @Test
  void closingTheConnectionClosesAllOfItAndTheSession() throws SQLException {
    Statement statement = connection.createStatement();
    ResultSet rows = statement.executeQuery("COUNT 1");
    connection.close();
    connection.close();
    assertTrue(statement.isClosed());
    assertTrue(rows.isClosed());
    assertTrue(session().closed());
    assertFalse(connection.isValid(1));
    assertError("08003", "Connection is closed", connection::createStatement);
    assertError("08003", "Connection is closed", () -> connection.prepareStatement("COUNT 1"));
    assertError("08003", "Connection is closed", connection::getMetaData);
    assertError("08003", "Connection is closed", connection::getSchema);
    assertError("08003", "Connection is closed", connection::getAutoCommit);
  }

  @Test
  void hintsAreKeptAndDoNoHarm() throws SQLException {
    assertTrue(connection.isReadOnly());
    connection.setReadOnly(false);
    assertFalse(connection.isReadOnly());
    assertTrue(connection.getAutoCommit());
    connection.setAutoCommit(false);
    connection.commit();
    connection.rollback();
    assertFalse(connection.getAutoCommit());
    assertEquals(Connection.TRANSACTION_NONE, connection.getTransactionIsolation());
    connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
    assertEquals(Connection.TRANSACTION_READ_COMMITTED, connection.getTransactionIsolation());
    assertNull(connection.getCatalog());
    connection.setCatalog("x");
    assertNull(connection.getCatalog());
    assertEquals(ResultSet.HOLD_CURSORS_OVER_COMMIT, connection.getHoldability());
    connection.setTypeMap(new HashMap<>());
    assertTrue(connection.getTypeMap().isEmpty());
    assertEquals("{fn UCASE(x)}", connection.nativeSQL("{fn UCASE(x)}"));
    connection.setNetworkTimeout(Runnable::run, 5000);
    assertEquals(5000, connection.getNetworkTimeout());
    assertTrue(connection.isValid(0));
    assertNull(connection.getWarnings());
    assertTrue(connection.isWrapperFor(Session.class));
    assertInstanceOf(MemorySession.class, connection.unwrap(Session.class));
    try (Statement statement = connection.createStatement()) {
      statement.setEscapeProcessing(false);
      statement.setPoolable(true);
      assertTrue(statement.isPoolable());
      assertFalse(statement.getGeneratedKeys().next());
      assertFalse(statement.execute("SET schema = nodes", Statement.NO_GENERATED_KEYS));
      assertEquals("'it''s'", statement.enquoteLiteral("it's"));
    }
  }

  @Test
  void schemaAndClientInfoGoToTheSession() throws SQLException {
    assertEquals("nodes", connection.getSchema());
    connection.setSchema("metadata");
    assertEquals("metadata", connection.getSchema());
    assertError("3F000", "There is no schema 'nosuch'", () -> connection.setSchema("nosuch"));
    assertEquals("metadata", connection.getSchema());
    connection.setSchema(null);
    assertEquals("nodes", connection.getSchema());

    connection.setClientInfo("ApplicationName", "report");
    Properties info = new Properties();
    info.setProperty("ApplicationName", "report 2");
    info.setProperty("ClientUser", "ann");
    connection.setClientInfo(info);
    assertEquals("report 2", session().settings().get("applicationName"));
    assertEquals("ann", session().settings().get("clientInfo.ClientUser"));
    assertEquals("ann", connection.getClientInfo("ClientUser"));
    assertEquals(2, connection.getClientInfo().size());
  }

  @Test
  void aScrollableResultBecomesForwardOnlyWithAWarning() throws SQLException {
    try (Statement statement =
        connection.createStatement(ResultSet.TYPE_SCROLL_INSENSITIVE, ResultSet.CONCUR_UPDATABLE)) {
      assertEquals("01000", statement.getWarnings().getSQLState());
      assertEquals("01000", connection.getWarnings().getSQLState());
      connection.clearWarnings();
      ResultSet rows = statement.executeQuery("COUNT 1");
      assertEquals(ResultSet.TYPE_FORWARD_ONLY, rows.getType());
      assertEquals(ResultSet.CONCUR_READ_ONLY, rows.getConcurrency());
      assertThrows(SQLFeatureNotSupportedException.class, rows::last);
    }
    try (PreparedStatement statement =
        connection.prepareStatement(
            "COUNT 1", ResultSet.TYPE_SCROLL_SENSITIVE, ResultSet.CONCUR_READ_ONLY)) {
      assertTrue(statement.executeQuery().next());
    }
    assertError(
        "22023",
        "A result set of type 1, concurrency 2 and holdability 1 is none JDBC knows; expected"
            + " constants of java.sql.ResultSet",
        () -> connection.createStatement(1, 2));
  }

  @Test
  void positionsAreRight() throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("COUNT 2")) {
      assertError(
          "24000", "ResultSet is before its first row; call next() first", () -> rows.getLong(1));
      assertTrue(rows.isBeforeFirst());
      assertEquals(0, rows.getRow());
      rows.next();
      assertTrue(rows.isFirst());
      assertFalse(rows.isBeforeFirst());
      rows.next();
      assertEquals(2, rows.getRow());
      assertFalse(rows.isAfterLast());
      assertFalse(rows.next());
      assertFalse(rows.next());
      assertTrue(rows.isAfterLast());
      assertError("24000", "ResultSet is after its last row", () -> rows.getLong(1));
      ResultSet empty = statement.executeQuery("COUNT 0");
      assertFalse(empty.isBeforeFirst());
      assertFalse(empty.isAfterLast());
      assertFalse(empty.next());
    }
  }

  @Test
  void whatIsNotOfferedSaysSoWithASqlState() throws SQLException {
    try (Statement statement = connection.createStatement()) {
      ResultSet rows = statement.executeQuery("COUNT 1");
      rows.next();
      Executable[] calls = {
        () -> connection.prepareCall("{call x}"),
        () -> connection.setSavepoint(),
        () -> connection.createBlob(),
        () -> connection.createStruct("x", new Object[0]),
        () -> connection.prepareStatement("COUNT 1", Statement.RETURN_GENERATED_KEYS),
        () -> statement.execute("COUNT 1", new String[] {"n"}),
        () -> statement.setCursorName("c"),
        () -> rows.updateLong(1, 5),
        () -> rows.absolute(1),
        () -> rows.getBlob(1),
        rows::getCursorName
      };
      for (Executable call : calls) {
        SQLException e = assertThrows(SQLFeatureNotSupportedException.class, call);
        assertEquals("0A000", e.getSQLState());
        assertNotNull(e.getMessage());
      }
    }
  }

  @Test
  void anEngineThatBreaksIsAnSqlException() {
    assertError(
        "XX000",
        "The engine failed with java.lang.IllegalStateException: broken; this is a defect, please"
            + " report it",
        () -> connection.createStatement().executeQuery("BREAK"));
  }

  @Test
  void threadsTakeTurns() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      Callable<Long> query =
          () -> {
            try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("COUNT 5000")) {
              long sum = 0;
              while (rows.next()) {
                sum += rows.getLong(1);
              }
              return sum;
            }
          };
      for (Future<Long> sum : threads.invokeAll(java.util.Collections.nCopies(50, query))) {
        assertEquals(12_497_500L, sum.get());
      }
    } finally {
      threads.shutdownNow();
    }
  }

  static void assertError(String state, String message, Executable call) {
    SQLException e = assertThrows(SQLException.class, call);
    assertEquals(message, e.getMessage());
    assertEquals(state, e.getSQLState());
  }
}
