package io.datanode.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.datanode.jdbc.session.StatementCall;
import io.datanode.predicate.F;
import io.datanode.search.JoinSpec;
import io.datanode.search.SearchRequest;
import io.datanode.search.Target;
import io.datanode.testing.PostgreSql;
import io.datanode.testing.SearchNodes;
import io.datanode.testing.SearchNodes.Place;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Pages of a search put together are the search: no row twice, none lost. */
class SearchPagesTest {
  private static final List<String> TICK =
      List.of("time_index", "unique_identifier", "base__price");

  /** Turns pages as the client of the reference does: until there is no next offset. */
  private static List<String> turned(
      EngineSession session, SearchRequest request, long limit, List<String> show, Runnable between)
      throws SQLException {
    List<String> all = new ArrayList<>();
    Long offset = 0L;
    while (offset != null) {
      try (SearchResult page = session.search(SearchCall.of("page", request.page(limit, offset)))) {
        List<String> rows = SearchRows.read(page, show);
        assertTrue(rows.size() <= limit);
        all.addAll(rows);
        offset = page.nextOffset();
        assertTrue(offset == null || offset == all.size(), "offset " + offset);
      }
      between.run();
    }
    return all;
  }

  @ParameterizedTest
  @EnumSource
  void pagesOfAnySizeAreTheWhole(Place place) throws SQLException {
    try (Engine engine = Engine.open(SearchNodes.catalog(place).toString(), Map.of());
        EngineSession session = engine.session("", Map.of())) {
      SearchRequest ticks = SearchRequest.of("ticks");
      List<String> whole = turned(session, ticks, 500, TICK, () -> {});
      assertEquals(16, whole.size());
      assertEquals("2026-01-05T00:00:00Z|A|1.0", whole.get(0));
      assertEquals("NULL|NULL|NULL", whole.get(15));
      SearchRequest joined =
          ticks.join(JoinSpec.full("other", Target.node("ticks")).on("time_index"));
      List<String> show = List.of("time_index", "unique_identifier", "other__price");
      List<String> wholeJoin = turned(session, joined, 500, show, () -> {});
      assertEquals(3 * 16 + 4 + 4, wholeJoin.size());
      for (int limit : new int[] {1, 2, 3, 5, 7, 16}) {
        assertEquals(whole, turned(session, ticks, limit, TICK, () -> {}), "limit " + limit);
        assertEquals(
            wholeJoin, turned(session, joined, limit, show, () -> {}), "join, limit " + limit);
      }
    }
  }

  @Test
  void thePageAfterTheLastFullOneIsNotAskedFor() throws SQLException {
    try (Engine engine = Engine.open(SearchNodes.catalog(Place.DUCKDB).toString(), Map.of());
        EngineSession session = engine.session("", Map.of());
        SearchResult page =
            session.search(SearchCall.of("p", SearchRequest.of("ticks").page(16, 0)))) {
      assertEquals(16, SearchRows.read(page, TICK).size());
      assertNull(page.nextOffset());
    }
  }

  @Test
  void aLongPageIsReadInPortions(@TempDir Path folder) throws SQLException, IOException {
    try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duckdb.createStatement()) {
      statement.execute(
          "COPY (SELECT CASE WHEN i < 14900 THEN TIMESTAMP '2026-01-01 00:00:00'"
              + " + to_seconds(i // 7) END AS time_index,"
              + " CASE WHEN i % 5 > 0 THEN 'X' || i % 3 END AS asset, (i % 2)::DOUBLE AS price"
              + " FROM range(15000) AS r(i) ORDER BY hash(i)) TO '"
              + folder.resolve("prices.parquet")
              + "'");
    }
    try (Engine engine = Engine.open(folder.toString(), Map.of());
        EngineSession session = engine.session("", Map.of())) {
      SearchRequest prices = SearchRequest.of("prices");
      List<String> show = List.of("time_index", "asset", "base__price");
      List<String> whole = turned(session, prices, 60_000, show, () -> {});
      assertEquals(15_000, whole.size());
      assertEquals(1, statements(session));
      assertEquals(whole, turned(session, prices, 14_000, show, () -> {}));
      // All rows would have been too many; three portions of the first page, one of the second.
      assertEquals(1 + 1 + 3 + 1, statements(session));
      assertEquals(whole, turned(session, prices, 9_600, show, () -> {}));
    }
  }

  @Test
  void fewRowsComeInTheOrderOfThePagesOfMany(@TempDir Path folder)
      throws SQLException, IOException {
    try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duckdb.createStatement()) {
      statement.execute(
          "COPY (SELECT CASE WHEN i % 11 > 0 THEN TIMESTAMPTZ '2026-03-29 00:59:59.999999+00'"
              + " + to_microseconds(i % 3) END AS time_index,"
              + " ['ÀB', 'a', 'B', 'ｚ', '😀', '', NULL][1 + i % 7] AS asset,"
              + " ['NaN'::DOUBLE, 'Infinity', '-Infinity', 0.0, -0.0, NULL][1 + i % 6] AS price,"
              + " i % 2 = 0 AS live, (i % 5)::TINYINT AS lots, (i % 4)::DECIMAL(6, 2) AS fee,"
              + " DATE '1899-12-31' + (i % 3)::INTEGER AS day"
              + " FROM range(2000) AS r(i) ORDER BY hash(i)) TO '"
              + folder.resolve("plain.parquet")
              + "'");
      statement.execute(
          "COPY (SELECT *, uuid() AS id FROM '"
              + folder.resolve("plain.parquet")
              + "') TO '"
              + folder.resolve("alike.parquet")
              + "'");
    }
    try (Engine engine = Engine.open(folder.toString(), Map.of());
        EngineSession session = engine.session("", Map.of())) {
      List<String> show = List.of("time_index", "asset", "base__price", "base__fee", "base__day");
      for (String node : List.of("plain", "alike")) {
        SearchRequest request = SearchRequest.of(node);
        List<String> whole = turned(session, request, 14_000, show, () -> {});
        assertEquals(2_000, whole.size());
        assertEquals(whole, turned(session, request, 700, show, () -> {}), node);
      }
      SearchRequest some = SearchRequest.of("plain").filter(F.eq("asset", "a"));
      int before = statements(session);
      assertEquals(286, turned(session, some, 14_000, show, () -> {}).size());
      assertEquals(before + 1, statements(session));
    }
  }

  private static int statements(EngineSession session) throws SQLException {
    return Read.rows(
            session.execute(
                new StatementCall(
                    "log", "SELECT * FROM metadata.queries WHERE id = 'page'", List.of(), 0, 0)))
        .size();
  }

  @Test
  void aPageThatNobodyTurnedToIsFoundByCounting() throws SQLException, IOException {
    try (Engine engine = Engine.open(SearchNodes.catalog(Place.DUCKDB).toString(), Map.of());
        EngineSession session = engine.session("", Map.of())) {
      SearchRequest bars = SearchRequest.of("bars");
      List<String> show = List.of("time_index", "unique_identifier");
      try (SearchResult page = session.search(SearchCall.of("p", bars.page(2, 3)))) {
        assertEquals(
            List.of("2026-01-06T00:00:00Z|B", "2026-01-07T00:00:00Z|A"),
            SearchRows.read(page, show));
      }
      assertTrue(sent(session, SearchCall.of("p", bars.page(2, 3))).contains("OFFSET"));
      assertFalse(sent(session, SearchCall.of("p", bars.page(2, 5))).contains("OFFSET"));
      assertTrue(
          sent(session, new SearchCall("p", bars.page(2, 5), "other", 0)).contains("OFFSET"));
    }
  }

  @Test
  void aPageAfterAnotherStartsWhereThatEnded(@TempDir Path folder)
      throws SQLException, IOException {
    String url = PostgreSql.newDatabase();
    PostgreSql.run(
        url,
        "CREATE TABLE prices (time_index TIMESTAMPTZ, asset TEXT, price FLOAT8,"
            + " PRIMARY KEY (time_index, asset))",
        "INSERT INTO prices SELECT TIMESTAMPTZ '2026-01-01 00:00:00+00' + i * INTERVAL '1 min',"
            + " 'X', i FROM generate_series(0, 99) AS g(i)");
    try (Engine engine = Engine.open(catalog(folder, url).toString(), Map.of());
        EngineSession session = engine.session("", Map.of())) {
      SearchRequest request = SearchRequest.of("prices").filter(F.gte("price", 10)).page(10, 0);
      try (SearchResult page = session.search(SearchCall.of("p", request))) {
        assertEquals(10, SearchRows.read(page, List.of("base__price")).size());
      }
      assertEquals(
          """
          SELECT "time_index", "asset", "price" AS "base__price"
          FROM "public"."prices"
          WHERE "price" >= CAST(? AS DOUBLE PRECISION) AND "time_index" >= CAST(? AS TIMESTAMPTZ)\
           AND (("time_index" > CAST(? AS TIMESTAMPTZ)) OR (("time_index" = CAST(? AS TIMESTAMPTZ))\
           AND ("asset" > CAST(? AS TEXT))))
          ORDER BY "time_index" NULLS LAST, "asset" NULLS LAST
          LIMIT ?"""
              .strip(),
          sent(session, SearchCall.of("p", request.page(10, 10))).strip());
    }
  }

  @Test
  void rowsThatArriveMeanwhileNeitherRepeatNorLoseOthers(@TempDir Path folder)
      throws SQLException, IOException {
    String url = PostgreSql.newDatabase();
    PostgreSql.run(
        url,
        "CREATE TABLE prices (time_index TIMESTAMPTZ, asset TEXT, price FLOAT8)",
        "INSERT INTO prices SELECT TIMESTAMPTZ '2026-01-01 00:00:00+00' + (i / 6) * INTERVAL '1 s',"
            + " CASE WHEN i % 5 > 0 THEN 'X' || i % 3 END, i % 2 FROM generate_series(0, 299)"
            + " AS g(i)",
        "INSERT INTO prices SELECT NULL, NULL, NULL FROM generate_series(1, 9)");
    try (Engine engine = Engine.open(catalog(folder, url).toString(), Map.of());
        EngineSession session = engine.session("", Map.of())) {
      SearchRequest request = SearchRequest.of("prices");
      List<String> show = List.of("time_index", "asset", "base__price");
      List<String> before = turned(session, request, 500, show, () -> {});
      assertEquals(309, before.size());
      Random random = new Random(7);
      for (int limit : new int[] {1, 4, 13, 50}) {
        List<String> missing = new ArrayList<>(before);
        List<String> extra = new ArrayList<>();
        Runnable arrival =
            () ->
                PostgreSql.run(
                    url,
                    "INSERT INTO prices VALUES (TIMESTAMPTZ '2026-01-01 00:00:00.5+00'"
                        + " + INTERVAL '1 s' * "
                        + random.nextInt(60)
                        + ", 'late', "
                        + limit
                        + ")");
        for (String row : turned(session, request, limit, show, arrival)) {
          if (!missing.remove(row)) {
            extra.add(row);
          }
        }
        assertEquals(List.of(), missing, "lost with limit " + limit);
        List<String> repeated = extra.stream().filter(row -> !row.contains("late")).toList();
        assertEquals(List.of(), repeated, "repeated with limit " + limit);
        PostgreSql.run(url, "DELETE FROM prices WHERE asset = 'late'");
      }
    }
  }

  private static Path catalog(Path folder, String url) throws IOException {
    return Files.writeString(
        folder.resolve("catalog.yaml"),
        """
        storages:
          desk: { type: postgresql, user: postgres, url: "%s" }
        nodes:
          - { identifier: prices, storage: desk, table: public.prices, time_index: time_index,
              identity: [asset] }
        """
            .formatted(url));
  }

  private static String sent(EngineSession session, SearchCall call)
      throws SQLException, IOException {
    return new ObjectMapper()
        .readTree(String.join("\n", Read.rows(session.explain(call, true))))
        .get("queries")
        .get(0)
        .get("sql")
        .asText();
  }
}
