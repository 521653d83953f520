package io.datanode.engine;

import static io.datanode.predicate.F.and;
import static io.datanode.predicate.F.between;
import static io.datanode.predicate.F.contains;
import static io.datanode.predicate.F.eq;
import static io.datanode.predicate.F.gt;
import static io.datanode.predicate.F.in;
import static io.datanode.predicate.F.isNull;
import static io.datanode.predicate.F.ne;
import static io.datanode.predicate.F.or;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.datanode.jdbc.session.StatementCall;
import io.datanode.plan.PlanSettings;
import io.datanode.predicate.Predicate;
import io.datanode.search.JoinSpec;
import io.datanode.search.Search;
import io.datanode.search.SearchRequest;
import io.datanode.search.Target;
import io.datanode.testing.SearchNodes;
import io.datanode.testing.SearchNodes.Place;
import io.datanode.testing.SqlFixture;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A search is sent to the storages as the same question in SQL is, and is planned once. */
class SearchPushdownTest {
  private static final Instant FROM = Instant.parse("2026-01-05T00:00:00Z");
  private static final Instant TO = Instant.parse("2026-01-07T00:00:00Z");
  private static final String BARS =
      "SELECT b.time_index, b.unique_identifier, b.close AS base__close, b.volume AS base__volume,"
          + " b.flag AS base__flag, b.note AS base__note, b.listed AS base__listed";
  private static final String ORDER = " ORDER BY 1, 2, 3, 4, 5, 6, 7 LIMIT ?";
  private static final String CAPS =
      BARS + ", j.market_cap AS mc__market_cap, j.volume AS mc__volume, j.\"asof\" AS mc__asof";
  private static final String ORDER_CAPS = " ORDER BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 LIMIT ?";

  @ParameterizedTest
  @EnumSource
  void conditionsOnOneNode(Place place) throws SQLException, IOException {
    assertSentAs(
        place,
        SearchRequest.of("bars")
            .filter(
                and(
                    between("time_index", FROM, TO),
                    eq("unique_identifier", "A"),
                    or(gt("close", 10), isNull("note"), ne("flag", true)),
                    contains("note", "%"))),
        BARS
            + " FROM bars b WHERE b.time_index BETWEEN ? AND ? AND b.unique_identifier = ?"
            + " AND (b.close > ? OR b.note IS NULL OR b.flag <> ?) AND CONTAINS(b.note, CAST(? AS VARCHAR))"
            + ORDER,
        FROM,
        TO,
        "A",
        10.0,
        true,
        "%",
        51L);
  }

  @ParameterizedTest
  @EnumSource(names = {"DUCKDB", "POSTGRESQL"})
  void aFullJoinIsFilteredOnBothSidesByItsKeys(Place place) throws SQLException, IOException {
    assertSentAs(
        place,
        SearchRequest.of("bars")
            .join(JoinSpec.full("mc", Target.node("caps")))
            .filter(and(between("time_index", FROM, TO), eq("mc.volume", 2))),
        CAPS.replace("b.time_index", "COALESCE(b.time_index, j.time_index) AS time_index")
                .replace(
                    "b.unique_identifier",
                    "COALESCE(b.unique_identifier, j.unique_identifier) AS unique_identifier")
            + " FROM (SELECT * FROM bars WHERE time_index >= ? AND time_index <= ?) b"
            + " FULL JOIN (SELECT * FROM caps WHERE time_index >= ? AND time_index <= ?) j"
            + " ON b.time_index = j.time_index AND b.unique_identifier = j.unique_identifier"
            + " WHERE j.volume = ?"
            + ORDER_CAPS,
        FROM,
        TO,
        FROM,
        TO,
        2,
        51L);
  }

  @ParameterizedTest
  @EnumSource(names = {"DUCKDB", "POSTGRESQL"})
  void aLeftJoinIsFilteredOnBothSidesByItsKeys(Place place) throws SQLException, IOException {
    assertSentAs(
        place,
        SearchRequest.of("bars")
            .join(JoinSpec.left("mc", Target.node("caps")))
            .filter(and(between("time_index", FROM, TO), eq("close", 10))),
        CAPS
            + " FROM bars b"
            + " LEFT JOIN (SELECT * FROM caps WHERE time_index >= ? AND time_index <= ?) j"
            + " ON b.time_index = j.time_index AND b.unique_identifier = j.unique_identifier"
            + " WHERE b.time_index >= ? AND b.time_index <= ? AND b.close = ?"
            + ORDER_CAPS,
        FROM,
        TO,
        FROM,
        TO,
        10.0,
        51L);
  }

  @Test
  void onePlanServesAllValuesAndListsOfAnyLength() {
    try (Engine engine = Engine.open(SearchNodes.catalog(Place.DUCKDB).toString(), Map.of())) {
      Object one = plan(engine, and(in("unique_identifier", "A"), gt("close", 1)));
      Object many =
          plan(
              engine,
              and(in("unique_identifier", Collections.nCopies(10_000, "B")), gt("close", 2)));
      assertSame(one, many);
      assertSame(one, plan(engine, and(in("unique_identifier", List.of()), gt("close", "3.5"))));
    }
  }

  private static Object plan(Engine engine, Predicate filter) {
    Search.Page page =
        Search.of(SearchRequest.of("bars").filter(filter), engine.nodes()).page(50, 0);
    return engine
        .planner()
        .plan(page.query(), new PlanSettings("nodes", ZoneOffset.UTC, false, true, Set.of()));
  }

  @Test
  void aFilterAsLargeAsAllowedIsRun() throws SQLException {
    Predicate nested = eq("unique_identifier", "A");
    for (int i = 0; i < 200; i++) {
      nested = i % 2 == 0 ? or(nested, eq("close", -1)) : and(nested, gt("volume", -1));
    }
    Predicate[] many = new Predicate[5000];
    Arrays.setAll(
        many, i -> i == 7 ? eq("note", "plain") : and(eq("volume", -i - 1), gt("close", 0)));
    Predicate[] half = Arrays.copyOf(many, 2500);
    List<Object> values = new ArrayList<>(Collections.nCopies(99_999, "Q"));
    values.add("C");
    for (Place place : List.of(Place.DUCKDB, Place.POSTGRESQL)) {
      try (Engine engine = Engine.open(SearchNodes.catalog(place).toString(), Map.of());
          EngineSession session = engine.session("", Map.of())) {
        assertEquals(List.of("100", "110", "9007199254740993"), volumes(session, nested));
        assertEquals(List.of("110"), volumes(session, or(half)));
        assertEquals(List.of("300"), volumes(session, in("unique_identifier", values)));
      }
    }
  }

  private static List<String> volumes(EngineSession session, Predicate filter) throws SQLException {
    try (SearchResult result =
        session.search(SearchCall.of("s", SearchRequest.of("bars").filter(filter)))) {
      return SearchRows.read(result, List.of("base__volume"));
    }
  }

  private static void assertSentAs(Place place, SearchRequest request, String sql, Object... values)
      throws SQLException, IOException {
    try (Engine engine = Engine.open(SearchNodes.catalog(place).toString(), Map.of());
        EngineSession session = engine.session("", Map.of())) {
      assertEquals(
          sent(
              Read.rows(
                  session.execute(
                      new StatementCall(
                          "s", "EXPLAIN PLAN AS JSON FOR " + sql, Arrays.asList(values), 0, 0)))),
          sent(Read.rows(session.explain(SearchCall.of("s", request), true))));
      List<String> rows =
          Read.rows(session.execute(new StatementCall("s", sql, Arrays.asList(values), 0, 0)));
      assertEquals(rows, Read.rows(session.search(SearchCall.of("s", request))));
    }
  }

  private static String sent(List<String> explanation) throws IOException {
    StringBuilder sent = new StringBuilder();
    for (JsonNode query :
        new ObjectMapper().readTree(String.join("\n", explanation)).get("queries")) {
      sent.append(query.get("role").asText())
          .append('\n')
          .append(SqlFixture.stable(query.get("sql").asText()))
          .append('\n');
    }
    return sent.toString();
  }
}
