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
import io.datanode.schema.ResolvedNode;
import io.datanode.testing.PostgreSql;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pages of a fixed read put together are the read: no row twice, none lost, none counted. */
class FixedReadPagesTest {
  private static String url;
  private static Engine engine;
  private final EngineSession session = engine.session("", Map.of());
  private final FixedReads reads = new FixedReads(session);

  @BeforeAll
  static void open(@TempDir Path folder) throws SQLException, IOException {
    url = PostgreSql.newDatabase();
    PostgreSql.run(
        url,
        "CREATE TABLE ticks (time_index TIMESTAMPTZ, asset TEXT, price FLOAT8)",
        // Six rows at a time, some without asset, some alike in all columns.
        "INSERT INTO ticks SELECT TIMESTAMPTZ '2026-01-01 00:00:00+00' + (i / 6) * INTERVAL '1 s',"
            + " CASE WHEN i % 5 > 0 THEN 'X' || i % 3 END, i % 2 FROM generate_series(0, 119)"
            + " AS g(i)",
        "INSERT INTO ticks SELECT NULL, NULL, NULL FROM generate_series(1, 9)",
        "CREATE TABLE bars (time_index TIMESTAMPTZ, asset TEXT, close FLOAT8,"
            + " PRIMARY KEY (time_index, asset))",
        "INSERT INTO bars SELECT TIMESTAMPTZ '2026-01-01 00:00:00+00' + i * INTERVAL '1 min',"
            + " 'X', i FROM generate_series(0, 99) AS g(i)");
    Path catalog =
        Files.writeString(
            folder.resolve("catalog.yaml"),
            """
            storages:
              desk: { type: postgresql, user: postgres, url: "%s" }
            nodes:
              - { identifier: ticks, storage: desk, table: public.ticks, time_index: time_index,
                  identity: [asset] }
              - { identifier: bars, storage: desk, table: public.bars, time_index: time_index,
                  identity: [asset] }
            """
                .formatted(url));
    engine = Engine.open(catalog.toString(), Map.of());
  }

  @AfterAll
  static void close() {
    engine.close();
  }

  @AfterEach
  void closeSession() {
    session.close();
  }

  private static final class Page {
    private final List<String> rows = new ArrayList<>();
    private long next;
  }

  private Page page(ResolvedNode node, FixedRead read, String reader) throws SQLException {
    Page page = new Page();
    try (ReadPage rows = reads.rows("page", node, read, reader, 0)) {
      List<Cell> cells =
          rows.columns().stream().map(column -> Cell.of(column, rows.timeZone())).toList();
      for (ColumnBatch batch = rows.next(); batch != null; batch = rows.next()) {
        for (int i = 0; i < cells.size(); i++) {
          cells.get(i).load(batch.column(i));
        }
        for (int row = 0; row < batch.rowCount(); row++) {
          List<String> values = new ArrayList<>();
          for (Cell cell : cells) {
            values.add(String.valueOf(JavaValues.of(cell, row)));
          }
          page.rows.add(String.join(" ", values));
        }
      }
      page.next = rows.nextOffset().orElse(-1);
    }
    return page;
  }

  private List<String> turned(ResolvedNode node, FixedRead read, int limit, Runnable between)
      throws SQLException {
    List<String> all = new ArrayList<>();
    for (long offset = 0; offset >= 0; ) {
      Page page = page(node, read.page(limit, offset), "reader " + limit);
      all.addAll(page.rows);
      offset = page.next;
      between.run();
    }
    return all;
  }

  @Test
  void rowsThatArriveMeanwhileNeitherRepeatNorLoseOthers() throws SQLException {
    ResolvedNode node = reads.node("ticks");
    List<FixedRead> all =
        List.of(
            FixedRead.all(),
            FixedRead.all().columns(List.of()),
            FixedRead.all()
                .windows(
                    List.of(
                        Window.of("asset", "X1", "2026-01-01", "2026-01-01T00:00:15Z"),
                        new Window(Map.of(), "2026-01-01T00:00:09Z", null, Interval.CLOSED))));
    Random random = new Random(7);
    Runnable arrival =
        () ->
            PostgreSql.run(
                url,
                "INSERT INTO ticks VALUES (TIMESTAMPTZ '2026-01-01 00:00:00.5+00' + INTERVAL '1 s'"
                    + " * "
                    + random.nextInt(20)
                    + ", 'late', 7)");
    for (FixedRead read : all) {
      List<String> before = turned(node, read, 1000, () -> {});
      for (int limit : new int[] {1, 4, 50}) {
        List<String> missing = new ArrayList<>(before);
        List<String> extra = new ArrayList<>();
        for (String row : turned(node, read, limit, arrival)) {
          if (!missing.remove(row) && !row.contains("late")) {
            extra.add(row);
          }
        }
        assertEquals(List.of(), missing, "lost with limit " + limit);
        assertEquals(List.of(), extra, "repeated with limit " + limit);
        PostgreSql.run(url, "DELETE FROM ticks WHERE asset = 'late'");
      }
    }
  }

  @Test
  void aPageStartsWhereTheOneBeforeItEnded() throws SQLException, IOException {
    ResolvedNode node = reads.node("bars");
    FixedRead read = FixedRead.all().columns(List.of("close")).dimension("asset", List.of("X"));
    page(node, read.page(10, 0), "");
    assertEquals(
        """
        SELECT "time_index", "asset", "close"
        FROM "public"."bars"
        WHERE "asset" = CAST(? AS TEXT) AND "time_index" >= CAST(? AS TIMESTAMPTZ)\
         AND (("time_index" > CAST(? AS TIMESTAMPTZ)) OR (("time_index" = CAST(? AS TIMESTAMPTZ))\
         AND ("asset" > CAST(? AS TEXT))))
        ORDER BY "time_index" NULLS LAST, "asset" NULLS LAST
        LIMIT ?"""
            .strip(),
        sent(node, read.page(10, 10)).strip());
    assertTrue(sent(node, read.page(10, 30)).contains("OFFSET"), "a page nobody turned to");
    Page counted = page(node, read.page(10, 30), "");
    assertEquals("2026-01-01T00:30:00Z X 30.0", counted.rows.get(0));
    assertFalse(sent(node, read.page(10, 40)).contains("OFFSET"), "the page after it");
  }

  @Test
  void readersWhoAreToldApartDoNotContinueFromEachOther() throws SQLException {
    ResolvedNode node = reads.node("bars");
    FixedRead read = FixedRead.all().columns(List.of("close"));
    page(node, read.page(10, 0), "one");
    PostgreSql.run(url, "INSERT INTO bars VALUES (TIMESTAMPTZ '2025-01-01 00:00:00+00', 'Y', -1)");
    try {
      assertEquals("2026-01-01T00:10:00Z X 10.0", page(node, read.page(10, 10), "one").rows.get(0));
      assertEquals("2026-01-01T00:09:00Z X 9.0", page(node, read.page(10, 10), "two").rows.get(0));
    } finally {
      PostgreSql.run(url, "DELETE FROM bars WHERE asset = 'Y'");
    }
  }

  @Test
  void lastObservationsHavePagesToo() throws SQLException {
    ResolvedNode node = reads.node("ticks");
    FixedRead last = FixedRead.all().columns(List.of()).pick(FixedRead.Pick.LAST_OBSERVATION);
    List<String> whole = turned(node, last, 1000, () -> {});
    assertEquals(4, whole.size());
    assertEquals(whole, turned(node, last, 1, () -> {}));
  }

  private String sent(ResolvedNode node, FixedRead read) throws SQLException, IOException {
    try (Result explanation = reads.explain(node, read)) {
      return new ObjectMapper()
          .readTree(((TextVector) explanation.next().column(0)).get(0))
          .get("queries")
          .get(0)
          .get("sql")
          .asText();
    }
  }
}
