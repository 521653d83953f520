package io.datanode.read;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.datanode.DataNodeException;
import io.datanode.engine.Engine;
import io.datanode.engine.EngineSession;
import io.datanode.jdbc.batch.ColumnBatch;
import io.datanode.jdbc.batch.TextVector;
import io.datanode.jdbc.read.Cell;
import io.datanode.jdbc.session.Result;
import io.datanode.jdbc.session.ResultColumn;
import io.datanode.schema.ResolvedNode;
import java.io.IOException;
import java.io.InputStream;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Requests as the client of the reference sends them, and the rows they get from each storage. */
class FixedReadsTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Names of times in the expected rows. */
  private static final Map<Instant, String> TIMES =
      Map.of(
          Instant.parse("2024-05-02T00:00:00Z"), "d2",
          Instant.parse("2024-05-03T00:00:00Z"), "d3",
          Instant.parse("2024-05-01T01:00:00.25Z"), "h1",
          Instant.parse("2024-05-01T02:00:00Z"), "h2");

  private static final Instant MIDNIGHT = Instant.parse("2024-05-01T00:00:00Z");

  @RegisterExtension static final ReferenceEngines ENGINES = new ReferenceEngines();

  private static ResolvedNode node(FixedReads reads, String name) {
    return reads.node(name.equals("calendar") ? "reference.data.calendar" : name);
  }

  @TestFactory
  Stream<DynamicTest> casesOfTheReference() throws IOException {
    List<DynamicTest> tests = new ArrayList<>();
    try (InputStream cases = FixedReadsTest.class.getResourceAsStream("/read/cases.json")) {
      for (JsonNode each : JSON.readTree(cases)) {
        String about = each.get("about").asText();
        tests.add(
            DynamicTest.dynamicTest(about + " (DuckDB)", () -> check(ENGINES.duckDb(), each)));
        tests.add(
            DynamicTest.dynamicTest(
                about + " (PostgreSQL)", () -> check(ENGINES.postgreSql(), each)));
      }
    }
    return tests.stream();
  }

  private static void check(Engine engine, JsonNode each) throws SQLException {
    try (EngineSession session = engine.session("", Map.of())) {
      FixedReads reads = new FixedReads(session);
      ResolvedNode node = node(reads, each.get("node").asText());
      FixedReadJson json = new FixedReadJson(node, each.path("strict").asBoolean());
      List<String> rows;
      List<String> columns = new ArrayList<>();
      try {
        FixedRead read =
            each.path("read").asText().equals("last")
                ? json.lastObservation(each.get("body"))
                : json.betweenDates(each.get("body"));
        rows = rows(reads.rows(node, read), columns, node.node().name().identifier());
      } catch (DataNodeException e) {
        assertEquals(each.path("error").asText("rows"), e.sqlState() + " " + e.getMessage());
        return;
      }
      assertFalse(each.has("error"), () -> "an error is expected, not " + rows);
      List<String> expected = new ArrayList<>();
      each.get("rows").forEach(row -> expected.add(row.asText()));
      assertEquals(String.join("\n", expected), String.join("\n", rows));
      assertEquals(
          each.path("columns").asText(String.join(" ", columns)), String.join(" ", columns));
    }
  }

  private static List<String> rows(Result result, List<String> columns, String node)
      throws SQLException {
    List<String> rows = new ArrayList<>();
    try (result) {
      List<Cell> cells = new ArrayList<>();
      for (ResultColumn column : result.columns()) {
        cells.add(Cell.of(column, result.timeZone()));
        columns.add(column.label());
      }
      for (ColumnBatch batch = result.next(); batch != null; batch = result.next()) {
        for (int i = 0; i < cells.size(); i++) {
          cells.get(i).load(batch.column(i));
        }
        for (int row = 0; row < batch.rowCount(); row++) {
          StringJoiner text = new StringJoiner(" ");
          for (Cell cell : cells) {
            Object value = JavaValues.of(cell, row);
            text.add(
                MIDNIGHT.equals(value)
                    ? node.equals("holdings") ? "h0" : "d1"
                    : value instanceof Instant ? TIMES.get(value) : String.valueOf(value));
          }
          rows.add(text.toString());
        }
      }
    }
    return rows;
  }

  private static FixedRead bodyOf(ResolvedNode node, String json) throws IOException {
    return new FixedReadJson(node, true).betweenDates(JSON.readTree(json));
  }

  @Test
  void pagesFollowEachOtherUntilThereIsNone() throws SQLException, IOException {
    try (EngineSession session = ENGINES.duckDb().session("", Map.of())) {
      FixedReads reads = new FixedReads(session);
      ResolvedNode node = reads.node("bars");
      List<String> all = new ArrayList<>();
      List<Long> offsets = new ArrayList<>();
      long offset = 0;
      while (offset >= 0) {
        ReadPage page =
            reads.rows(
                node, bodyOf(node, "{\"columns\": [], \"limit\": 2, \"offset\": " + offset + "}"));
        all.addAll(rows(page, new ArrayList<>(), "bars"));
        offset = page.nextOffset().orElse(-1);
        offsets.add(offset);
      }
      assertEquals("d1 BTC,d1 ETH,d2 BTC,d2 ETH,d3 BTC", String.join(",", all));
      assertEquals(List.of(2L, 4L, -1L), offsets);
      ReadPage exact = reads.rows(node, bodyOf(node, "{\"limit\": 5}"));
      assertEquals(5, rows(exact, new ArrayList<>(), "bars").size());
      assertTrue(exact.nextOffset().isEmpty());
    }
  }

  /** The zone of a session changes what is shown, not what is asked. */
  @Test
  void timesWithoutZoneAreInUtcInEverySession() throws SQLException, IOException {
    for (Engine engine : ENGINES.all()) {
      try (EngineSession session = engine.session("", Map.of("timeZone", "America/New_York"))) {
        FixedReads reads = new FixedReads(session);
        ResolvedNode bars = reads.node("bars");
        ResolvedNode rates = reads.node("rates");
        assertEquals(
            List.of("d3 BTC"),
            rows(
                reads.rows(bars, bodyOf(bars, "{\"start_date\": \"2024-05-03\", \"columns\": []}")),
                new ArrayList<>(),
                "bars"));
        assertEquals(
            List.of("2024-05-04"),
            rows(
                reads.rows(rates, bodyOf(rates, "{\"start\": \"2024-05-04\", \"columns\": []}")),
                new ArrayList<>(),
                "rates"));
      }
    }
  }

  /** Rows with one index come in an order of their own when they are read page by page. */
  @Test
  void aPageIsOrderedByAllColumnsUnlessAKeyMakesThatIdle() throws SQLException, IOException {
    try (EngineSession session = ENGINES.duckDb().session("", Map.of())) {
      FixedReads reads = new FixedReads(session);
      ResolvedNode node = reads.node("bars");
      String page = storageSql(reads, node, FixedRead.all().columns(List.of("close")).page(2, 0));
      assertTrue(page.contains("\"close\" NULLS LAST\nLIMIT ?"), page);
    }
  }

  /** What strictPushdown asks for, a read of windows has: their assets and their times. */
  @Test
  void windowsAreConditionsOnTimeAndAsset() throws SQLException, IOException {
    try (EngineSession session =
        ENGINES.duckDb().session("", Map.of("strictPushdown", "time,asset"))) {
      FixedReads reads = new FixedReads(session);
      ResolvedNode node = reads.node("bars");
      FixedRead windows = FixedRead.all().columns(List.of()).windows(windows(2));
      assertEquals(
          List.of("d1 BTC", "d2 BTC"), rows(reads.rows(node, windows), new ArrayList<>(), "bars"));
      SQLException refused =
          assertThrows(
              SQLException.class,
              () -> reads.rows(node, FixedRead.all().between(MIDNIGHT, null, Interval.OPEN)));
      assertEquals("54000", refused.getSQLState());
    }
  }

  /** Two thousand windows are one statement of the storage, and the same text as two. */
  @Test
  void aRangeMapIsOneStatementWhateverItsSize() throws SQLException, IOException {
    for (Engine engine : ENGINES.all()) {
      try (EngineSession session = engine.session("", Map.of())) {
        FixedReads reads = new FixedReads(session);
        ResolvedNode node = reads.node("bars");
        FixedRead two = FixedRead.all().columns(List.of()).windows(windows(2));
        FixedRead many = two.windows(windows(2000));
        assertEquals(storageSql(reads, node, two), storageSql(reads, node, many));
        assertEquals(
            List.of("d1 BTC", "d2 BTC", "d3 BTC"),
            rows(reads.rows(node, many), new ArrayList<>(), "bars"));
      }
    }
  }

  private static List<Window> windows(int count) {
    return LongStream.range(0, count)
        .mapToObj(
            i ->
                Window.of(
                    "unique_identifier",
                    i == count - 1 ? "BTC" : "A" + i,
                    MIDNIGHT,
                    MIDNIGHT.plusSeconds(86_400 * i)))
        .toList();
  }

  @Test
  void theStatementOfARangeMapIsASemiJoinWithTheArrays() throws SQLException, IOException {
    try (EngineSession session = ENGINES.duckDb().session("", Map.of())) {
      FixedReads reads = new FixedReads(session);
      ResolvedNode node = reads.node("bars");
      assertEquals(
          """
          SELECT "t0"."time_index", "t0"."unique_identifier"
          FROM "store"."main"."bars" AS "t0"
          SEMI JOIN (SELECT UNNEST("key1") AS "key1", UNNEST("window_start") AS "window_start", UNNEST("window_end") AS "window_end"
          FROM (SELECT CAST(? AS VARCHAR[]) AS "key1", CAST(? AS TIMESTAMPTZ[]) AS "window_start", CAST(? AS TIMESTAMPTZ[]) AS "window_end") AS "t1") AS "t2" ON "t0"."unique_identifier" = "t2"."key1" AND "t0"."time_index" >= "t2"."window_start" AND "t0"."time_index" <= "t2"."window_end"
          WHERE "t0"."time_index" >= CAST(? AS TIMESTAMPTZ) AND "t0"."time_index" <= CAST(? AS TIMESTAMPTZ)
          ORDER BY "t0"."time_index" NULLS LAST, "t0"."unique_identifier" NULLS LAST""",
          storageSql(reads, node, FixedRead.all().columns(List.of()).windows(windows(2)))
              .replaceAll("\"store_[0-9a-f]+\"", "\"store\""));
    }
  }

  private static String storageSql(FixedReads reads, ResolvedNode node, FixedRead read)
      throws SQLException, IOException {
    try (Result explanation = reads.explain(node, read)) {
      JsonNode queries =
          JSON.readTree(((TextVector) explanation.next().column(0)).get(0)).get("queries");
      assertEquals(1, queries.size());
      return queries.get(0).get("sql").asText();
    }
  }

  @Test
  void statisticsSayHowFarEachIdentityHasCome() throws SQLException {
    for (Engine engine : ENGINES.all()) {
      try (EngineSession session = engine.session("", Map.of())) {
        FixedReads reads = new FixedReads(session);
        ResolvedNode node = reads.node("holdings");
        UpdateStatistics statistics = reads.statistics(node, FixedRead.all());
        assertEquals(
            """
            {account_uid=a, asset_uid=X} 2024-05-01T00:00:00Z 2024-05-01T01:00:00.250Z
            {account_uid=a, asset_uid=Y} 2024-05-01T00:00:00Z 2024-05-01T02:00:00Z
            {account_uid=b, asset_uid=X} 2024-05-01T00:00:00Z 2024-05-01T02:00:00Z
            {account_uid=b, asset_uid=Y} 2024-05-01T01:00:00.250Z 2024-05-01T01:00:00.250Z
            {account_uid=null, asset_uid=X} 2024-05-01T01:00:00.250Z 2024-05-01T01:00:00.250Z""",
            statistics.progress().stream()
                .map(each -> each.coordinate() + " " + each.earliest() + " " + each.latest())
                .collect(Collectors.joining("\n")));
        assertEquals(MIDNIGHT, statistics.earliest());
        assertEquals(Instant.parse("2024-05-01T02:00:00Z"), statistics.latest());
        FixedRead goingOn =
            FixedRead.all().columns(List.of()).windows(statistics.windowsFromLatest());
        assertEquals(
            List.of("h1 a X", "h1 b Y", "h1 null X", "h2 a Y", "h2 b X"),
            rows(reads.rows(node, goingOn), new ArrayList<>(), "holdings"));
        FixedRead ofB = FixedRead.all().dimension("account_uid", List.of("b"));
        assertEquals(2, reads.statistics(node, ofB).progress().size());
        UpdateStatistics none =
            reads.statistics(
                reads.node("rates"), FixedRead.all().between("2030-01-01", null, Interval.CLOSED));
        assertEquals(List.of(), none.progress());
        assertEquals(null, none.latest());
      }
    }
  }
}
