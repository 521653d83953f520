package io.datanode.read;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.datanode.engine.Engine;
import io.datanode.engine.EngineSession;
import io.datanode.jdbc.batch.ColumnBatch;
import io.datanode.jdbc.batch.TextVector;
import io.datanode.jdbc.read.Cell;
import io.datanode.jdbc.session.Result;
import io.datanode.jdbc.session.ResultColumn;
import io.datanode.schema.ResolvedNode;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedSet;
import java.util.StringJoiner;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Windows of one read that name different columns: all, some, none, and columns without value. */
class MixedWindowsTest {
  private static final Instant MIDNIGHT = Instant.parse("2024-05-01T00:00:00Z");
  private static final FixedRead ALL = FixedRead.all().columns(List.of("quantity"));

  @RegisterExtension static final ReferenceEngines ENGINES = new ReferenceEngines();

  /** Together they give the rows that each gives alone, and those of several windows once. */
  @Test
  void theRowsAreThoseOfEachWindow() throws SQLException {
    Random random = new Random(20240501);
    List<List<Window>> maps = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      List<Window> windows = new ArrayList<>();
      for (int w = 2 + random.nextInt(4); w > 0; w--) {
        windows.add(window(random));
      }
      maps.add(windows);
    }
    for (Engine engine : ENGINES.all()) {
      try (EngineSession session = engine.session("", Map.of())) {
        FixedReads reads = new FixedReads(session);
        for (List<Window> windows : maps) {
          SortedSet<String> each = new TreeSet<>();
          for (Window window : windows) {
            each.addAll(rows(reads, ALL.windows(List.of(window))));
          }
          String about = windows.toString();
          assertEquals(each, sorted(rows(reads, ALL.windows(windows))), about);
          assertEquals(each, sorted(rows(reads, ALL.windows(windows).page(20, 0))), about);
        }
      }
    }
  }

  private static SortedSet<String> sorted(List<String> rows) {
    SortedSet<String> sorted = new TreeSet<>(rows);
    assertEquals(rows.size(), sorted.size(), "a row comes once: " + rows);
    return sorted;
  }

  private static Window window(Random random) {
    Map<String, @Nullable Object> coordinate = new LinkedHashMap<>();
    String[] accounts = {"a", "b", null, "-"};
    String account = accounts[random.nextInt(4)];
    if (!"-".equals(account)) {
      coordinate.put("account_uid", account);
    }
    if (random.nextBoolean()) {
      coordinate.put("asset_uid", random.nextBoolean() ? "X" : "Y");
    }
    Instant start = random.nextBoolean() ? null : MIDNIGHT.plusSeconds(random.nextInt(8_000));
    Instant end = random.nextBoolean() ? null : MIDNIGHT.plusSeconds(random.nextInt(8_000));
    Interval[] intervals = Interval.values();
    return new Window(coordinate, start, end, intervals[random.nextInt(intervals.length)]);
  }

  /** Coordinates of several forms, and windows of several forms, both of which must hold. */
  @Test
  void coordinatesAndWindowsHoldTogether() throws SQLException {
    Map<String, @Nullable Object> unnamed = new LinkedHashMap<>();
    unnamed.put("account_uid", null);
    FixedRead read =
        ALL.coordinates(List.of(unnamed, Map.of("asset_uid", "X"), Map.of("account_uid", "b")))
            .windows(
                List.of(
                    new Window(Map.of(), MIDNIGHT.plusSeconds(7_000), null, Interval.CLOSED),
                    Window.of("asset_uid", "X", MIDNIGHT, MIDNIGHT),
                    new Window(unnamed, null, null, Interval.CLOSED)));
    for (Engine engine : ENGINES.all()) {
      try (EngineSession session = engine.session("", Map.of())) {
        FixedReads reads = new FixedReads(session);
        assertEquals(
            List.of("0 a X 10.0", "0 b X 30.0", "3600 null X 50.0", "7200 b X 31.0"),
            rows(reads, read));
        assertEquals(
            List.of("0 b X 30.0", "3600 b Y 40.0"),
            rows(
                reads,
                read.windows(List.of())
                    .dimension("account_uid", List.of("b"))
                    .between(MIDNIGHT, MIDNIGHT.plusSeconds(3_601), Interval.CLOSED_OPEN)));
        assertEquals(
            List.of("3600 null X 50.0", "7200 b X 31.0", "0 a X 10.0").stream().sorted().toList(),
            rows(reads, read.pick(FixedRead.Pick.LAST_OBSERVATION)).stream().sorted().toList());
      }
    }
  }

  /** An OR of EXISTS made DuckDB look up the time of each row of the node by itself. */
  @Test
  void eachFormIsAJoinWithItsOwnTable() throws SQLException, IOException {
    try (EngineSession session =
        ENGINES.duckDb().session("", Map.of("strictPushdown", "time,asset"))) {
      FixedReads reads = new FixedReads(session);
      ResolvedNode node = reads.node("holdings");
      FixedRead read =
          ALL.windows(
              List.of(
                  Window.of("account_uid", "a", MIDNIGHT, MIDNIGHT),
                  Window.of("asset_uid", "X", MIDNIGHT, MIDNIGHT)));
      try (Result explanation = reads.explain(node, read)) {
        String plan = ((TextVector) explanation.next().column(0)).get(0);
        String sql = new ObjectMapper().readTree(plan).at("/queries/0/sql").asText();
        assertEquals(2, sql.split("SEMI JOIN", -1).length - 1, sql);
        assertEquals(1, sql.split("ANTI JOIN", -1).length - 1, sql);
        assertFalse(sql.contains("EXISTS"), sql);
        assertTrue(new ObjectMapper().readTree(plan).at("/queries/1").isMissingNode(), plan);
      }
      assertEquals(List.of("0 a X 10.0", "0 a Y 20.0", "0 b X 30.0"), rows(reads, read));
    }
  }

  private static List<String> rows(FixedReads reads, FixedRead read) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (ReadPage page = reads.rows(reads.node("holdings"), read)) {
      List<Cell> cells = new ArrayList<>();
      for (ResultColumn column : page.columns()) {
        cells.add(Cell.of(column, page.timeZone()));
      }
      for (ColumnBatch batch = page.next(); batch != null; batch = page.next()) {
        for (int i = 0; i < cells.size(); i++) {
          cells.get(i).load(batch.column(i));
        }
        for (int row = 0; row < batch.rowCount(); row++) {
          StringJoiner text = new StringJoiner(" ");
          for (Cell cell : cells) {
            Object value = JavaValues.of(cell, row);
            text.add(
                value instanceof Instant time
                    ? "" + Duration.between(MIDNIGHT, time).toSeconds()
                    : String.valueOf(value));
          }
          rows.add(text.toString());
        }
      }
    }
    return rows;
  }
}
