package io.datanode.plan.placement;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datanode.engine.Engine;
import io.datanode.jdbc.session.Result;
import io.datanode.jdbc.session.Session;
import io.datanode.jdbc.session.StatementCall;
import io.datanode.testing.MarketNodes.Place;
import io.datanode.testing.OddNodes;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A great LIMIT without ORDER BY: DuckDB collects its rows before it gives the first. */
class RowCutTest {
  /** 64³ rows. */
  private static final String ROWS =
      "SELECT a.amount, b.label FROM ticks a CROSS JOIN ticks b CROSS JOIN ticks c";

  @ParameterizedTest
  @EnumSource(Place.class)
  void givesAsManyRowsAsTheLimitSays(Place place) throws Exception {
    try (Connection connection = connection(place);
        Statement statement = connection.createStatement()) {
      assertEquals(10_000, rows(statement, ROWS + " LIMIT 10000"));
      assertEquals(10_001, rows(statement, ROWS + " LIMIT 10001"));
      assertEquals(12_289, rows(statement, ROWS + " FETCH FIRST 12289 ROWS ONLY"));
      assertEquals(64 * 64 * 64, rows(statement, ROWS + " LIMIT 1000000"));
      assertEquals(2_144, rows(statement, ROWS + " LIMIT 20000 OFFSET 260000"));
      assertEquals(
          11_000, rows(statement, "SELECT * FROM (" + ROWS + " LIMIT 11000) AS t LIMIT 30000"));
      assertEquals(
          11_000, rows(statement, "SELECT * FROM (" + ROWS + " LIMIT 30000) AS t LIMIT 11000"));
      assertEquals(20_000, rows(statement, "SELECT 1 FROM (" + ROWS + ") AS t LIMIT 20000"));
      statement.setMaxRows(7);
      assertEquals(7, rows(statement, ROWS + " LIMIT 20000"));
      try (PreparedStatement prepared = connection.prepareStatement(ROWS + " LIMIT ?")) {
        prepared.setLong(1, 10_500);
        assertEquals(10_500, rows(prepared.executeQuery()));
      }
    }
  }

  @Test
  void duckDbIsNotAskedForGreatLimits() throws Exception {
    try (Connection connection = connection(Place.DUCKDB)) {
      String great = plan(connection, ROWS + " LIMIT 10001");
      assertTrue(great.startsWith("root on book, first 10,001 rows read"), great);
      assertFalse(great.contains("LIMIT"), great);
      String small = plan(connection, ROWS + " LIMIT 10000");
      assertTrue(small.contains("LIMIT 10000"), small);
      String sorted = plan(connection, ROWS + " ORDER BY 1 LIMIT 10001");
      assertTrue(sorted.contains("LIMIT 10001"), sorted);
    }
    try (Connection connection = connection(Place.POSTGRESQL)) {
      String streamed = plan(connection, ROWS + " LIMIT 10001");
      assertTrue(streamed.contains("LIMIT 10001"), streamed);
    }
  }

  /** So that a reader of the last row need not wait for a storage to say that it was the last. */
  @Test
  void theEndOfFewRowsIsKnownWithTheLastOfThem() throws Exception {
    try (Engine engine = Engine.open(OddNodes.catalog(Place.DUCKDB).toString(), Map.of());
        Session session = engine.session("ann", Map.of())) {
      assertTrue(endKnown(session, 1, "SELECT 1"));
      assertTrue(endKnown(session, 3, "VALUES (1), (2), (3)"));
      assertTrue(endKnown(session, 1, "SELECT count(*) + 1 FROM ticks"));
      assertTrue(endKnown(session, 2, "SELECT * FROM ticks ORDER BY 1 LIMIT 2"));
      assertFalse(endKnown(session, 1, "SELECT count(*) FROM ticks WHERE 1 = 0 HAVING 1 = 1"));
      assertFalse(
          endKnown(session, 2, "SELECT count(*) FROM ticks GROUP BY GROUPING SETS ((), ())"));
      assertFalse(endKnown(session, 44, "SELECT * FROM ticks WHERE amount < 3 LIMIT 100"));
    }
  }

  /** Whether the end of a result with so many rows is known before it is asked for. */
  private static boolean endKnown(Session session, int rows, String sql) throws SQLException {
    try (Result result = session.execute(new StatementCall(sql, sql, List.of(), 0, 0))) {
      assertFalse(result.atEnd());
      int read = 0;
      while (read < rows) {
        read += result.next().rowCount();
      }
      assertEquals(rows, read, sql);
      boolean known = result.atEnd();
      assertNull(result.next(), sql);
      return known;
    }
  }

  private static Connection connection(Place place) throws Exception {
    return DriverManager.getConnection("jdbc:datanode:" + OddNodes.catalog(place));
  }

  private static String plan(Connection connection, String sql) throws SQLException {
    StringBuilder plan = new StringBuilder();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("EXPLAIN PLAN FOR " + sql)) {
      while (rows.next()) {
        plan.append(rows.getString(1)).append('\n');
      }
    }
    return plan.toString();
  }

  private static int rows(Statement statement, String sql) throws SQLException {
    return rows(statement.executeQuery(sql));
  }

  private static int rows(ResultSet result) throws SQLException {
    try (result) {
      int rows = 0;
      while (result.next()) {
        rows++;
      }
      return rows;
    }
  }
}
