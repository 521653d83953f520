package io.datanode.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.datanode.search.SearchJson;
import io.datanode.search.SearchRequest;
import io.datanode.testing.SearchNodes;
import io.datanode.testing.SearchNodes.Place;
import java.io.IOException;
import java.io.InputStream;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Requests in and rows out, as cases.json says, wherever the rows are. */
class SearchCasesTest {
  private static final List<Engine> OPEN = new ArrayList<>();

  @AfterAll
  static void close() {
    OPEN.forEach(Engine::close);
  }

  @TestFactory
  Stream<DynamicTest> overDuckDb() throws IOException {
    return cases(Place.DUCKDB);
  }

  @TestFactory
  Stream<DynamicTest> overPostgreSql() throws IOException {
    return cases(Place.POSTGRESQL);
  }

  @TestFactory
  Stream<DynamicTest> overBoth() throws IOException {
    return cases(Place.SPLIT);
  }

  private static Stream<DynamicTest> cases(Place place) throws IOException {
    Engine engine = Engine.open(SearchNodes.catalog(place).toString(), Map.of());
    OPEN.add(engine);
    // No request depends on the zone of the session.
    EngineSession session = engine.session("", Map.of("timeZone", "America/New_York"));
    List<DynamicTest> tests = new ArrayList<>();
    try (InputStream in = SearchJson.class.getResourceAsStream("cases.json")) {
      for (JsonNode each : new ObjectMapper().readTree(in)) {
        tests.add(DynamicTest.dynamicTest(each.get("name").asText(), () -> check(session, each)));
      }
    }
    return tests.stream();
  }

  private static void check(EngineSession session, JsonNode given) throws SQLException {
    SearchRequest request = SearchJson.wire().read(given.get("request").toString());
    try (SearchResult result = session.search(SearchCall.of("s", request))) {
      List<String> labels = SearchRows.labels(result);
      if (given.has("columns")) {
        assertEquals(texts(given.get("columns")), labels);
      }
      List<String> show = given.has("show") ? texts(given.get("show")) : labels;
      assertEquals(texts(given.get("rows")), SearchRows.read(result, show));
      assertEquals(
          given.has("next_offset") ? given.get("next_offset").asText() : "null",
          String.valueOf(result.nextOffset()));
    }
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(item -> texts.add(item.asText()));
    return texts;
  }
}
