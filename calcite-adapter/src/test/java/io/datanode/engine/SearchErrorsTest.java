package io.datanode.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.datanode.search.InvalidSearchException;
import io.datanode.search.SearchJson;
import io.datanode.testing.SearchNodes;
import io.datanode.testing.SearchNodes.Place;
import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is said of a request that nodes and columns do not allow. */
class SearchErrorsTest {
  private static Engine engine;

  @BeforeAll
  static void open() {
    engine = Engine.open(SearchNodes.catalog(Place.DUCKDB).toString(), Map.of());
  }

  @AfterAll
  static void close() {
    engine.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      maxCharsPerColumn = 1000,
      textBlock =
          """
          42P01 | {'node_unique_identifier': 'barz'} | /node_unique_identifier: There is no node 'barz'; did you mean 'bars'?
          42P01 | {'storage_hash': 'bars_5f1'} | /storage_hash: There is no node with storage hash 'bars_5f1'; did you mean 'bars_5f1e'?
          42P01 | {'node_unique_identifier': 'bars', 'joins': [{'name': 'j', 'storage_hash': 'cap_5f1e'}]} | /joins/0/storage_hash: There is no node with storage hash 'cap_5f1e'; did you mean 'caps_5f1e'?
          42703 | {'node_unique_identifier': 'bars', 'joins': [{'name': 'j', 'node_unique_identifier': 'rates'}]} | /joins/0/on/0: Column 'time_index' is not in node 'rates'; its columns are event_time, rate
          42703 | {'node_unique_identifier': 'bars', 'joins': [{'name': 'j', 'node_unique_identifier': 'caps', 'on': ['volume', 'clos']}]} | /joins/0/on/1: Column 'clos' is not in node 'bars'; did you mean 'close'?
          42804 | {'node_unique_identifier': 'bars', 'joins': [{'name': 'j', 'node_unique_identifier': 'odd', 'on': ['time_index', 'flag']}]} | /joins/0/on/1: Column 'flag' is bool in node 'bars' and string in node 'odd'; keys of a join must have one type
          22023 | {'node_unique_identifier': 'odd', 'joins': [{'name': 'base__bars', 'node_unique_identifier': 'bars', 'on': ['time_index']}]} | /joins/0/name: Two columns of the result would be called 'base__bars__note'; choose another name
          """)
  void nodesAndJoinsAreNamedWithTheNearest(String state, String request, String message) {
    SQLException failure = assertThrows(SQLException.class, () -> search(request));
    assertEquals(message, failure.getMessage());
    InvalidSearchException cause =
        assertThrows(
            InvalidSearchException.class,
            () -> {
              throw failure.getCause();
            });
    assertEquals(message.substring(0, message.indexOf(": ")), cause.pointer());
    assertEquals(state, failure.getSQLState());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      maxCharsPerColumn = 1000,
      textBlock =
          """
          42703 | 'field': 'closed', 'op': 'gt', 'value': 1 | /field: Column 'closed' is not in node 'bars'; did you mean 'close'?
          42703 | 'field': 'market_cap', 'op': 'gt', 'value': 1 | /field: Column 'market_cap' is not in node 'bars'; did you mean 'mc.market_cap'?
          42703 | 'field': 'mc.market_cup', 'op': 'gt', 'value': 1 | /field: Column 'market_cup' is not in node 'caps'; did you mean 'market_cap'?
          42703 | 'field': 'bas.close', 'op': 'gt', 'value': 1 | /field: 'bas' in 'bas.close' is no join of this request; did you mean 'base'?
          22018 | 'field': 'close', 'op': 'gt', 'value': 'much' | /value: 'much' cannot be compared with column 'close', which is float64; expected a number
          22018 | 'field': 'close', 'op': 'gt', 'value': true | /value: true cannot be compared with column 'close', which is float64; expected a number
          22003 | 'field': 'close', 'op': 'gt', 'value': 1e400 | /value: 1E+400 cannot be compared with column 'close', which is float64; expected a number of at most 400 digits
          22018 | 'field': 'volume', 'op': 'in', 'value': [1, 'two'] | /value/1: 'two' cannot be compared with column 'volume', which is int64; expected a number
          22018 | 'field': 'flag', 'op': 'eq', 'value': 2 | /value: 2 cannot be compared with column 'flag', which is bool; expected true or false
          22018 | 'field': 'note', 'op': 'eq', 'value': 5 | /value: 5 cannot be compared with column 'note', which is string; expected a text
          22023 | 'field': 'note', 'op': 'eq', 'value': 'a\\u0000' | /value: A text cannot contain the character U+0000
          22007 | 'field': 'time_index', 'op': 'gte', 'value': 'yesterday' | /value: 'yesterday' cannot be compared with column 'time_index', which is timestamp with time zone; expected a time such as 2026-01-31T09:30:00Z or a date
          22007 | 'field': 'time_index', 'op': 'between', 'value': ['2026-01-01', 5] | /value/1: 5 cannot be compared with column 'time_index', which is timestamp with time zone; expected a time such as 2026-01-31T09:30:00Z or a date
          22007 | 'field': 'listed', 'op': 'lt', 'value': '2026-02-30' | /value: '2026-02-30' cannot be compared with column 'listed', which is date; expected a date such as 2026-01-31
          22023 | 'field': 'close', 'op': 'between', 'value': [null, 5] | /value/0: between requires two values; for an open end use gte or lte.
          42804 | 'field': 'close', 'op': 'contains', 'value': '1' | /op: contains asks for a text, and column 'close' is float64
          """)
  void aConditionIsRefusedWithItsPlace(String state, String condition, String message) {
    String request =
        "{'node_unique_identifier': 'bars', 'joins': [{'name': 'mc', 'node_unique_identifier':"
            + " 'caps'}], 'filter': {'type': 'group', 'items': [{'type': 'condition', "
            + condition
            + "}]}}";
    SQLException failure = assertThrows(SQLException.class, () -> search(request));
    assertEquals("/filter/items/0" + message, failure.getMessage());
    assertEquals(state, failure.getSQLState());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          'op': 'in', 'value': []
          'op': 'eq', 'value': 'a'
          """)
  void anArrayIsComparedWithNothing(String condition) {
    String request =
        "{'node_unique_identifier': 'odd', 'filter': {'type': 'condition', 'field': 'tags', "
            + condition
            + "}}";
    SQLException failure = assertThrows(SQLException.class, () -> search(request));
    assertEquals(
        "/filter/value: Column 'tags' is VARCHAR ARRAY, which cannot be compared; only is_null can"
            + " be asked of it",
        failure.getMessage());
    assertEquals("42804", failure.getSQLState());
  }

  private static void search(String request) throws SQLException {
    try (EngineSession session = engine.session("", Map.of());
        SearchResult result =
            session.search(
                SearchCall.of("s", SearchJson.wire().read(request.replace('\'', '"'))))) {
      result.next();
    }
  }
}
