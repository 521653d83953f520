package io.datanode.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.datanode.jdbc.batch.ColumnType;
import io.datanode.jdbc.session.ResultColumn;
import io.datanode.jdbc.session.StatementCall;
import io.datanode.node.NodeName;
import io.datanode.plan.QueryBuilder;
import io.datanode.plan.RelationalQuery;
import io.datanode.testing.MarketNodes;
import io.datanode.testing.MarketNodes.Place;
import io.datanode.testing.SqlFixture;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.tools.RelBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Queries that are built run as the same queries in SQL do. */
class BuiltQueryTest {
  private static final Instant FIRST = Instant.parse("2024-01-04T00:00:00Z");
  private static final Instant LAST = Instant.parse("2024-01-05T00:00:00Z");
  private static final NodeName PRICES = new NodeName("nodes", "daily_prices");

  /** Closes of one asset from a time on. */
  private record Closes(NodeName node) implements RelationalQuery {
    @Override
    public List<ColumnType> parameters() {
      return List.of(ColumnType.VARCHAR, ColumnType.INSTANT);
    }

    @Override
    public RelNode build(QueryBuilder builder) {
      builder.scan(node);
      RelBuilder rel = builder.rel();
      return rel.filter(
              rel.equals(rel.field("asset_identifier"), builder.parameter(0)),
              rel.greaterThanOrEqual(rel.field("time_index"), builder.parameter(1)))
          .sort(rel.field("time_index"))
          .project(rel.field("time_index"), rel.field("close"))
          .build();
    }
  }

  /** Closes of the assets in an array. */
  private record ClosesOfAssets() implements RelationalQuery {
    @Override
    public List<ColumnType> parameters() {
      return List.of(ColumnType.array(ColumnType.VARCHAR));
    }

    @Override
    public RelNode build(QueryBuilder builder) {
      builder.scan(PRICES);
      RelBuilder rel = builder.rel();
      return rel.filter(builder.isOneOf(rel.field("asset_identifier"), 0))
          .aggregate(rel.groupKey("asset_identifier"), rel.count().as("n"))
          .sort(rel.field("asset_identifier"))
          .build();
    }
  }

  /** Closes in the window of each asset. */
  private record ClosesInWindows() implements RelationalQuery {
    @Override
    public List<ColumnType> parameters() {
      return List.of(
          ColumnType.array(ColumnType.VARCHAR),
          ColumnType.array(ColumnType.INSTANT),
          ColumnType.array(ColumnType.INSTANT));
    }

    @Override
    public RelNode build(QueryBuilder builder) {
      builder.scan(PRICES);
      builder.arrays(List.of(0, 1, 2), List.of("asset", "from", "to"));
      RelBuilder rel = builder.rel();
      return rel.join(
              JoinRelType.SEMI,
              rel.equals(rel.field(2, 0, "asset_identifier"), rel.field(2, 1, "asset")),
              rel.greaterThanOrEqual(rel.field(2, 0, "time_index"), rel.field(2, 1, "from")),
              rel.lessThan(rel.field(2, 0, "time_index"), rel.field(2, 1, "to")))
          .sort(rel.field("asset_identifier"), rel.field("time_index"))
          .project(rel.field("asset_identifier"), rel.field("close"))
          .build();
    }
  }

  /** A result that shows what it is made of. */
  private record Divided() implements RelationalQuery {
    @Override
    public List<ColumnType> parameters() {
      return List.of();
    }

    @Override
    public RelNode build(QueryBuilder builder) {
      builder.scan(PRICES);
      RelBuilder rel = builder.rel();
      return rel.project(
              rel.alias(rel.field("close"), "price"),
              rel.alias(
                  rel.call(SqlStdOperatorTable.DIVIDE, rel.field("close"), rel.field("open")),
                  "ratio"))
          .build();
    }
  }

  private static Engine engine(Place place) {
    return Engine.open(MarketNodes.catalog(place).toString(), Map.of());
  }

  private static RelationalCall call(RelationalQuery query, Object... values) {
    return new RelationalCall("s1", query, Arrays.asList(values), 0, 0);
  }

  private static String storageSql(EngineSession session, RelationalCall call)
      throws SQLException, IOException {
    return root(Read.rows(session.explain(call, true)));
  }

  private static String storageSql(EngineSession session, String sql, Object... values)
      throws SQLException, IOException {
    return root(
        Read.rows(
            session.execute(
                new StatementCall(
                    "s1", "EXPLAIN PLAN AS JSON FOR " + sql, Arrays.asList(values), 0, 0))));
  }

  private static String root(List<String> explanation) throws IOException {
    JsonNode plan = new ObjectMapper().readTree(String.join("\n", explanation));
    assertEquals(1, plan.get("queries").size());
    return SqlFixture.stable(plan.get("queries").get(0).get("sql").asText());
  }

  @ParameterizedTest
  @EnumSource(names = {"DUCKDB", "POSTGRESQL"})
  void theStorageIsSentTheSameAsForSql(Place place) throws SQLException, IOException {
    String sql =
        "SELECT time_index, close FROM daily_prices"
            + " WHERE asset_identifier = ? AND time_index >= ? ORDER BY time_index";
    try (Engine engine = engine(place);
        EngineSession session = engine.session("", Map.of())) {
      RelationalCall built = call(new Closes(PRICES), "SAP", FIRST);
      assertEquals(storageSql(session, sql, "SAP", FIRST), storageSql(session, built));
      assertEquals(
          Read.rows(session.execute(new StatementCall("s1", sql, List.of("SAP", FIRST), 0, 0))),
          Read.rows(session.execute(built)));
      assertEquals(8, Read.rows(session.execute(built)).size());
    }
  }

  @ParameterizedTest
  @EnumSource
  void anArrayIsOneParameterHoweverLong(Place place) throws SQLException {
    try (Engine engine = engine(place);
        EngineSession session = engine.session("", Map.of())) {
      assertEquals(
          List.of("JPM|9", "SAP|10"),
          Read.rows(
              session.execute(
                  call(new ClosesOfAssets(), Arrays.asList("SAP", null, "none", "JPM")))));
      assertEquals(List.of(), Read.rows(session.execute(call(new ClosesOfAssets(), List.of()))));
    }
  }

  @ParameterizedTest
  @EnumSource
  void arraysAreATableOfTheirOwn(Place place) throws SQLException {
    try (Engine engine = engine(place);
        EngineSession session = engine.session("", Map.of())) {
      assertEquals(
          List.of("AAPL|187.25", "SAP|142.25", "SAP|143.25"),
          Read.rows(
              session.execute(
                  call(
                      new ClosesInWindows(),
                      List.of("SAP", "AAPL", "SAP"),
                      List.of(FIRST, FIRST, FIRST),
                      List.of(LAST, LAST, LAST.plusSeconds(1))))));
    }
  }

  @Test
  void theTextForArraysDoesNotDependOnThem() throws SQLException, IOException {
    try (Engine engine = engine(Place.POSTGRESQL);
        EngineSession session = engine.session("", Map.of())) {
      String one =
          storageSql(
              session, call(new ClosesInWindows(), List.of("SAP"), List.of(FIRST), List.of(LAST)));
      String two =
          storageSql(
              session,
              call(
                  new ClosesInWindows(),
                  List.of("SAP", "JPM"),
                  List.of(FIRST, FIRST),
                  List.of(LAST, LAST)));
      assertEquals(one, two);
      assertTrue(one.contains("CAST(? AS TEXT[]) AS \"asset\""), one);
    }
  }

  @Test
  void aResultNamesTheColumnsOfNodesItShows() throws SQLException {
    try (Engine engine = engine(Place.DUCKDB);
        EngineSession session = engine.session("", Map.of());
        io.datanode.jdbc.session.Result result = session.execute(call(new Divided()))) {
      ResultColumn price = result.columns().get(0);
      assertEquals("price nodes.daily_prices.close", described(price));
      assertEquals("ratio ..ratio", described(result.columns().get(1)));
    }
  }

  private static String described(ResultColumn column) {
    return column.label() + " " + column.schema() + "." + column.table() + "." + column.name();
  }

  @Test
  void namesOfNodesIgnoreCaseAndUnknownOnesHaveTheNearest() throws SQLException {
    try (Engine engine = engine(Place.DUCKDB);
        EngineSession session = engine.session("", Map.of())) {
      RelationalCall other = call(new Closes(new NodeName("nodes", "DAILY_prices")), "SAP", LAST);
      assertEquals(7, Read.rows(session.execute(other)).size());
      SQLException unknown =
          assertThrows(
              SQLException.class,
              () ->
                  session.execute(
                      call(new Closes(new NodeName("nodes", "daily_price")), "SAP", LAST)));
      assertEquals("42P01", unknown.getSQLState());
      assertTrue(
          unknown.getMessage().contains("did you mean 'daily_prices'?"), unknown.getMessage());
    }
  }

  @Test
  void limitsParametersAndTheLogAreThoseOfSql() throws SQLException {
    try (Engine engine = engine(Place.DUCKDB);
        EngineSession session = engine.session("", Map.of())) {
      RelationalQuery closes = new Closes(PRICES);
      assertEquals(
          2,
          Read.rows(session.execute(new RelationalCall("s1", closes, List.of("SAP", FIRST), 2, 0)))
              .size());
      SQLException one =
          assertThrows(SQLException.class, () -> session.execute(call(closes, "SAP")));
      assertEquals("07001", one.getSQLState());
      assertEquals(
          List.of("Closes[node=daily_prices]|ok|2"),
          Read.rows(
              session.execute(
                  new StatementCall(
                      "s2",
                      "SELECT sql, outcome, row_count FROM metadata.queries WHERE row_count = 2",
                      List.of(),
                      0,
                      0))));
    }
  }
}
