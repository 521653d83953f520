package io.datanode.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.datanode.jdbc.session.MetadataCall;
import io.datanode.jdbc.session.MetadataCall.Method;
import java.lang.reflect.InvocationTargetException;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** DatabaseMetaData answers every method. */
class DatabaseMetaDataTest {
  private Connection connection;
  private DatabaseMetaData metadata;

  @BeforeEach
  void open() throws SQLException {
    connection = DriverManager.getConnection("jdbc:datanode:memory-metadata?user=ann");
    metadata = connection.getMetaData();
  }

  @AfterEach
  void close() throws SQLException {
    connection.close();
  }

  @Test
  void everyMethodAnswersWhateverItIsGiven() throws Exception {
    for (String text : new String[] {null, "%", "daily\\_prices", ""}) {
      for (java.lang.reflect.Method method : DatabaseMetaData.class.getMethods()) {
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
        if (method.getName().equals("unwrap") || method.getName().startsWith("supportsSharding")) {
          continue;
        }
        try {
          Object answer = method.invoke(metadata, arguments);
          assertNotNull(answer, method.toString());
          if (answer instanceof ResultSet) {
            ResultSet rows = (ResultSet) answer;
            assertTrue(rows.getMetaData().getColumnCount() > 0, method.toString());
            rows.next();
            rows.close();
          }
        } catch (InvocationTargetException e) {
          fail(method + " threw " + e.getCause(), e);
        }
      }
    }
  }

  @Test
  void catalogCallsHandTheirArgumentsToTheSession() throws SQLException {
    metadata.getTables(null, "nodes", "%", new String[] {"TABLE"}).close();
    metadata.getIndexInfo(null, "nodes", "prices", false, true).close();
    List<MetadataCall> calls = MemorySession.OPENED.get("memory-metadata").metadataCalls();
    assertEquals(Method.TABLES, calls.get(0).method());
    assertEquals(Arrays.asList(null, "nodes", "%", List.of("TABLE")), calls.get(0).arguments());
    assertEquals(Method.INDEX_INFO, calls.get(1).method());
    assertEquals(Arrays.asList(null, "nodes", "prices", false, true), calls.get(1).arguments());
  }

  @Test
  void whatDoesNotExistHereHasTheColumnsOfJdbcAndNoRows() throws SQLException {
    assertEquals(
        "PROCEDURE_CAT PROCEDURE_SCHEM PROCEDURE_NAME RESERVED1 RESERVED2 RESERVED3 REMARKS"
            + " PROCEDURE_TYPE SPECIFIC_NAME",
        columns(metadata.getProcedures(null, null, "%")));
    assertEquals(
        "TYPE_CAT TYPE_SCHEM TYPE_NAME CLASS_NAME DATA_TYPE REMARKS BASE_TYPE",
        columns(metadata.getUDTs(null, null, "%", null)));
    assertEquals(20, columns(metadata.getProcedureColumns(null, null, "%", "%")).split(" ").length);
    assertEquals(21, columns(metadata.getAttributes(null, null, "%", "%")).split(" ").length);
    assertEquals(12, columns(metadata.getPseudoColumns(null, null, "%", "%")).split(" ").length);
  }

  private static String columns(ResultSet rows) throws SQLException {
    StringBuilder names = new StringBuilder();
    for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
      names.append(i == 1 ? "" : " ").append(rows.getMetaData().getColumnName(i));
    }
    assertFalse(rows.next());
    return names.toString();
  }

  @Test
  void namesAndVersionsAreReal() throws SQLException {
    assertEquals("DataNode SQL", metadata.getDatabaseProductName());
    assertEquals("3.14.15", metadata.getDatabaseProductVersion());
    assertEquals(3, metadata.getDatabaseMajorVersion());
    assertEquals(14, metadata.getDatabaseMinorVersion());
    assertEquals("DataNode JDBC", metadata.getDriverName());
    assertTrue(metadata.getDriverVersion().matches("[0-9]+\\.[0-9]+\\.[0-9]+.*"));
    assertEquals(4, metadata.getJDBCMajorVersion());
    assertEquals("jdbc:datanode:memory-metadata", metadata.getURL());
    assertEquals(connection, metadata.getConnection());
  }

  @Test
  void factsAreThoseOfTheSqlHere() throws SQLException {
    assertEquals("\"", metadata.getIdentifierQuoteString());
    assertEquals("\\", metadata.getSearchStringEscape());
    assertEquals("ASOF,QUALIFY", metadata.getSQLKeywords());
    assertEquals("", metadata.getSystemFunctions());
    assertTrue(metadata.isReadOnly());
    assertTrue(metadata.storesMixedCaseIdentifiers());
    assertFalse(metadata.storesUpperCaseIdentifiers());
    assertTrue(metadata.nullsAreSortedHigh());
    assertFalse(metadata.nullsAreSortedLow());
    assertTrue(metadata.supportsANSI92EntryLevelSQL());
    assertFalse(metadata.supportsTransactions());
    assertFalse(metadata.supportsBatchUpdates());
    assertTrue(metadata.supportsResultSetType(ResultSet.TYPE_FORWARD_ONLY));
    assertFalse(metadata.supportsResultSetType(ResultSet.TYPE_SCROLL_INSENSITIVE));
    assertTrue(metadata.supportsResultSetHoldability(ResultSet.HOLD_CURSORS_OVER_COMMIT));
    assertFalse(metadata.ownUpdatesAreVisible(ResultSet.TYPE_FORWARD_ONLY));
    assertEquals(Connection.TRANSACTION_NONE, metadata.getDefaultTransactionIsolation());
  }
}
