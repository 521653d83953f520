package io.datanode.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class QueryLogTest {
  private final QueryLog log = new QueryLog();

  @Test
  void keepsTheLastThousand() {
    for (int i = 0; i < QueryLog.SIZE + 5; i++) {
      begin("s" + i, "SELECT 1");
    }
    assertEquals(QueryLog.SIZE, log.entries().size());
    assertEquals("s5", log.entries().get(0).id);
  }

  @Test
  void onlyTheFirstEndCounts() {
    QueryLog.Entry entry = begin("s", "SELECT 1");
    assertEquals(QueryLog.Outcome.RUNNING, entry.outcome());
    entry.end(QueryLog.Outcome.ERROR, "42601", "wrong");
    entry.end(QueryLog.Outcome.OK, null, null);
    assertEquals(QueryLog.Outcome.ERROR, entry.outcome());
    assertEquals("42601", entry.sqlState());
  }

  @Test
  void passwordsAreNotKept() {
    QueryLog.Entry entry = begin("s", "SET password = 'it''s secret'; SET token TO abc");
    assertEquals("SET password = ***; SET token TO ***", entry.sql);
  }

  @Test
  void longTextsAreCut() {
    String sql = begin("s", "SELECT '" + "x".repeat(1_000_000) + "'").sql;
    assertTrue(sql.length() < 20_000);
    assertFalse(sql.endsWith("'"));
  }

  private QueryLog.Entry begin(String id, String sql) {
    return log.begin(id, "ann", "tests", Instant.EPOCH, sql, Map::of);
  }
}
