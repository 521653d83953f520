package io.datanode.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datanode.engine.Engine;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A statement that needs more memory than the embedded DuckDB may use. */
@Timeout(120)
class HungryStatementTest {
  /** 69 million numbers, of which an aggregate wants to hold all. */
  private static final String HUNGRY =
      "SELECT CARDINALITY(ARRAY_AGG(a.close + b.close + c.close + d.close)) FROM daily_prices a,"
          + " daily_prices b, daily_prices c, daily_prices d WHERE d.asset_identifier = 'SAP'";

  @TempDir Path folder;

  @Test
  void failsWith53200AndTheServerGoesOn() throws Exception {
    SmallMarket.open(folder).close();
    try (Engine engine =
            Engine.open(
                folder.resolve("catalog.yaml").toString(),
                Map.of("memoryLimit", "60MiB", "threads", "2"));
        TestServer server = TestServer.start(engine);
        Connection connection = DriverManager.getConnection(server.server().jdbcUrl());
        Statement statement = connection.createStatement();
        Statement beside = connection.createStatement();
        ResultSet begun = beside.executeQuery("SELECT close FROM daily_prices")) {
      assertTrue(begun.next());
      for (int i = 0; i < 2; i++) {
        SQLException hungry =
            assertThrows(SQLException.class, () -> statement.executeQuery(HUNGRY).next());
        assertEquals("53200", hungry.getSQLState(), hungry::getMessage);
        assertTrue(hungry.getMessage().contains("memoryLimit"), hungry::getMessage);
        assertEquals(120, count(statement.executeQuery("SELECT close FROM daily_prices")));
      }
      HttpResponse<String> answer =
          TestServer.http(server.server(), "POST", "/v1/query", "{\"sql\": \"" + HUNGRY + "\"}");
      assertEquals(429, answer.statusCode());
      assertTrue(answer.body().contains("53200"), answer.body());
      assertEquals(119, count(begun));
      assertEquals(200, TestServer.http(server.server(), "GET", "/ready", "").statusCode());
    }
  }

  private static int count(ResultSet rows) throws SQLException {
    int count = 0;
    while (rows.next()) {
      count++;
    }
    return count;
  }
}
