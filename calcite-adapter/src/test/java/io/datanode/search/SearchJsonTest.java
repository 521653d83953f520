package io.datanode.search;

import static io.datanode.predicate.F.and;
import static io.datanode.predicate.F.between;
import static io.datanode.predicate.F.contains;
import static io.datanode.predicate.F.eq;
import static io.datanode.predicate.F.gt;
import static io.datanode.predicate.F.in;
import static io.datanode.predicate.F.isNull;
import static io.datanode.predicate.F.notIn;
import static io.datanode.predicate.F.or;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.datanode.predicate.Condition;
import io.datanode.predicate.F;
import io.datanode.predicate.Predicate;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests as JSON: what is read, what is written, and what is said of what is wrong. */
class SearchJsonTest {
  @Test
  void aRequestNeedsOnlyItsNode() {
    assertEquals(
        new SearchRequest(Target.node("rates"), List.of(), null, 50, 0),
        read("{'node_unique_identifier': 'rates'}"));
  }

  @Test
  void nullsMeanTheSameAsLeavingOut() {
    assertEquals(
        read("{'storage_hash': 'rates_1'}"),
        read("{'node_unique_identifier': null, 'storage_hash': 'rates_1', 'filter': null}"));
  }

  @Test
  void aBlankTargetIsNone() {
    assertEquals(
        Target.storageHash("rates_1"),
        read("{'node_unique_identifier': '  ', 'storage_hash': 'rates_1'}").target());
  }

  @Test
  void limitAndOffsetMayBeText() {
    SearchRequest request = read("{'storage_hash': 'x', 'limit': ' 25 ', 'offset': '5.0'}");
    assertEquals(25, request.limit());
    assertEquals(5, request.offset());
  }

  @Test
  void theModelTakesFiveHundredRowsAndTheWireMore() {
    String page = "{'storage_hash': 'x', 'limit': 14000, 'offset': 28000}";
    assertInvalid(page, "/limit", "Input should be less than or equal to 500");
    SearchRequest request = SearchJson.wire().read(json(page));
    assertEquals(14_000, request.limit());
    assertEquals(28_000, request.offset());
    InvalidSearchException tooMany =
        assertThrows(
            InvalidSearchException.class,
            () -> SearchJson.wire().read(json("{'storage_hash': 'x', 'limit': 10000001}")));
    assertEquals("/limit: Input should be less than or equal to 10000000", tooMany.getMessage());
  }

  @Test
  void aJoinOfTheFirstEraIsOnItsTwoKeys() {
    assertEquals(
        new JoinSpec(
            "caps",
            Target.node("caps"),
            JoinType.INNER,
            List.of("time_index", "unique_identifier")),
        join("{'name': 'caps', 'node_unique_identifier': 'caps'}"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "['time_index']",
        "['unique_identifier', 'time_index']",
        "['timestamp', 'account_uid']",
        "['time_index', 'account_uid', 'unique_identifier']"
      })
  void aJoinOfTheSecondEraIsOnAnyIndexVector(String on) {
    String text = "{'name': 'j', 'storage_hash': 'h', 'type': 'full', 'on': " + on + "}";
    assertEquals(JoinType.FULL, join(text).type());
    assertEquals(on.replace("'", ""), join(text).on().toString());
  }

  @Test
  void everyKindOfValueIsKept() {
    assertEquals(
        and(
            between("time_index", "2026-01-01T00:00:00+00:00", "2026-01-31"),
            or(
                in("unique_identifier", "NVDA", "AAPL"),
                notIn("volume", List.of()),
                gt("close", new BigDecimal("10.50")),
                eq("volume", 9_007_199_254_740_993L)),
            isNull("flag", null),
            isNull("note", false),
            eq("flag", true),
            contains("note", "50%_\"é")),
        filter(
            "{'type': 'group', 'items': ["
                + "{'type': 'condition', 'field': 'time_index', 'op': 'between',"
                + " 'value': ['2026-01-01T00:00:00+00:00', '2026-01-31']},"
                + "{'type': 'group', 'logic': 'or', 'items': ["
                + "{'type': 'condition', 'field': 'unique_identifier', 'op': 'in',"
                + " 'value': ['NVDA', 'AAPL']},"
                + "{'type': 'condition', 'field': 'volume', 'op': 'not_in', 'value': []},"
                + "{'type': 'condition', 'field': 'close', 'op': 'gt', 'value': 10.50},"
                + "{'type': 'condition', 'field': 'volume', 'op': 'eq',"
                + " 'value': 9007199254740993}]},"
                + "{'type': 'condition', 'field': 'flag', 'op': 'is_null'},"
                + "{'type': 'condition', 'field': 'note', 'op': 'is_null', 'value': false},"
                + "{'type': 'condition', 'field': 'flag', 'op': 'eq', 'value': true},"
                + "{'type': 'condition', 'field': 'note', 'op': 'contains',"
                + " 'value': '50%_\\\"é'}]}"));
  }

  @Test
  void aRequestIsWrittenAsThePythonModelsWriteIt() throws Exception {
    SearchRequest request =
        SearchRequest.of("daily_bars")
            .join(JoinSpec.full("caps", Target.node("market_caps")))
            .filter(
                and(
                    between(
                        "time_index",
                        OffsetDateTime.parse("2025-08-01T00:00:00+00:00"),
                        Instant.parse("2025-08-31T23:59:59.678901Z")),
                    F.gte("listed", LocalDate.of(2026, 1, 1)),
                    F.lt("seen", LocalDateTime.of(2026, 1, 1, 0, 0)),
                    F.lte("seen", OffsetDateTime.MAX),
                    F.isNull("close"),
                    F.isNull("open", null),
                    F.in("close", Arrays.asList(1.5, Double.NaN, null))));
    assertEquals(
        tree(
            "{'node_unique_identifier': 'daily_bars', 'joins': [{'name': 'caps',"
                + " 'node_unique_identifier': 'market_caps', 'type': 'full',"
                + " 'on': ['time_index', 'unique_identifier']}],"
                + " 'filter': {'type': 'group', 'logic': 'and', 'items': ["
                + "{'type': 'condition', 'field': 'time_index', 'op': 'between', 'value':"
                + " ['2025-08-01T00:00:00+00:00', '2025-08-31T23:59:59.678901+00:00']},"
                + "{'type': 'condition', 'field': 'listed', 'op': 'gte', 'value': '2026-01-01'},"
                + "{'type': 'condition', 'field': 'seen', 'op': 'lt',"
                + " 'value': '2026-01-01T00:00:00'},"
                + "{'type': 'condition', 'field': 'seen', 'op': 'lte', 'value': 'infinity'},"
                + "{'type': 'condition', 'field': 'close', 'op': 'is_null', 'value': true},"
                + "{'type': 'condition', 'field': 'open', 'op': 'is_null'},"
                + "{'type': 'condition', 'field': 'close', 'op': 'in',"
                + " 'value': [1.5, null, null]}]},"
                + " 'limit': 50, 'offset': 0}"),
        new JsonMapper().readTree(SearchJson.models().write(request)));
  }

  @Test
  void whatIsWrittenIsReadAgain() {
    SearchRequest request =
        SearchRequest.of(Target.storageHash("bars_1"))
            .join(JoinSpec.left("caps", Target.storageHash("caps_1")).on("time_index", "asset"))
            .filter(or(eq("asset", "X"), F.startsWith("caps.note", "a"), F.ne("close", 1.5)))
            .page(14_000, 28_000);
    String written = SearchJson.wire().write(request);
    assertEquals(written, SearchJson.wire().write(SearchJson.wire().read(written)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {} | `` | Exactly one of storage_hash or node_unique_identifier must be provided.
          {'node_unique_identifier': 'a', 'storage_hash': 'b'} | `` | Exactly one of storage_hash
          {'node_unique_identifier': '  '} | `` | Exactly one of storage_hash or node_unique
          {'node_unique_identifier': 5} | /node_unique_identifier | Input should be a valid string
          {'storage_hash': 'x', 'limit': 0} | /limit | Input should be greater than or equal to 1
          {'storage_hash': 'x', 'limit': 501} | /limit | Input should be less than or equal to 500
          {'storage_hash': 'x', 'limit': 1e999999999} | /limit | Input should be less than or equal
          {'storage_hash': 'x', 'limit': 2.5} | /limit | got a number with a fractional part
          {'storage_hash': 'x', 'limit': 'many'} | /limit | unable to parse string as an integer
          {'storage_hash': 'x', 'limit': null} | /limit | Input should be a valid integer
          {'storage_hash': 'x', 'offset': -1} | /offset | Input should be greater than or equal to 0
          {'storage_hash': 'x', 'joins': {}} | /joins | Input should be a valid list
          {'storage_hash': 'x', 'filter': []} | /filter | Input should be an object
          [] | `` | Input should be an object
          """)
  void aRequestThatBreaksARuleIsRefusedWithItsPlace(String request, String pointer, String reason) {
    assertInvalid(request, pointer, reason);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {'name': 'j'} | `` | JoinSpec requires exactly one of storage_hash or node_unique_ident
          {'name': 'j', 'storage_hash': 'h', 'node_unique_identifier': 'n'} | `` | exactly one of
          {'storage_hash': 'h'} | /name | Field required
          {'name': '', 'storage_hash': 'h'} | /name | Join names cannot be empty.
          {'name': 'base', 'storage_hash': 'h'} | /name | A join cannot be named 'base'
          {'name': 'a.b', 'storage_hash': 'h'} | /name | Join names cannot contain a dot
          {'name': 'j', 'storage_hash': 'h', 'type': 'right'} | /type | 'inner', 'left' or 'full'
          {'name': 'j', 'storage_hash': 'h', 'on': []} | /on | must include a time-first index vector
          {'name': 'j', 'storage_hash': 'h', 'on': ['t', '']} | /on | cannot contain empty index
          {'name': 'j', 'storage_hash': 'h', 'on': ['t', 'a', 'a']} | /on | contain duplicate index
          {'name': 'j', 'storage_hash': 'h', 'on': 't'} | /on | Input should be a valid list
          {'name': 'j', 'storage_hash': 'h', 'on': ['t', 1]} | /on/1 | Input should be a valid string
          """)
  void aJoinThatBreaksARuleIsRefusedWithItsPlace(String join, String pointer, String reason) {
    assertInvalid("{'storage_hash': 'x', 'joins': [" + join + "]}", "/joins/0" + pointer, reason);
  }

  @Test
  void twoJoinsCannotHaveOneName() {
    String join = "{'name': 'j', 'storage_hash': 'h'}";
    assertInvalid(
        "{'storage_hash': 'x', 'joins': [" + join + ", " + join + "]}",
        "/joins/1/name",
        "Join names must be unique within a request.");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {'field': 'a', 'op': 'eq', 'value': 1} | `` | Unable to extract tag using discriminator 'ty
          {'type': 'not', 'items': []} | `` | Input tag 'not' found using 'type' does not match any
          {'type': 'group', 'items': []} | /items | List should have at least 1 item after validation
          {'type': 'group'} | /items | Field required
          {'type': 'group', 'logic': 'not', 'items': []} | /items | List should have at least 1 item
          {'type': 'condition', 'op': 'eq', 'value': 1} | /field | Field required
          {'type': 'condition', 'field': 'a', 'value': 1} | /op | Field required
          {'type': 'condition', 'field': 'a', 'op': 'like', 'value': 'x'} | /op | 'is_null' or 'between'
          {'type': 'condition', 'field': 'a', 'op': 'in', 'value': 'z'} | /value | in requires a list value.
          {'type': 'condition', 'field': 'a', 'op': 'not_in'} | /value | not_in requires a list value.
          {'type': 'condition', 'field': 'a', 'op': 'between', 'value': [1, 2, 3]} | /value | 2-item list
          {'type': 'condition', 'field': 'a', 'op': 'between'} | /value | 2-item list [start, end].
          {'type': 'condition', 'field': 'a', 'op': 'eq'} | /value | to ask for NULL, use is_null
          {'type': 'condition', 'field': 'a', 'op': 'gt', 'value': [1]} | /value | one value, not a list
          {'type': 'condition', 'field': 'a', 'op': 'eq', 'value': {'b': 1}} | /value | Input should be a
          {'type': 'condition', 'field': 'a', 'op': 'in', 'value': [1, [2]]} | /value/1 | Input should be
          {'type': 'condition', 'field': 'a', 'op': 'is_null', 'value': 'no'} | /value | true or false
          {'type': 'condition', 'field': 'a', 'op': 'contains', 'value': 5} | /value | a text value
          {'type': 'condition', 'field': 'a', 'op': 'eq', 'value': '\\ud800'} | /value | surrogate pair
          """)
  void aFilterThatBreaksARuleIsRefusedWithItsPlace(String filter, String pointer, String reason) {
    assertInvalid("{'storage_hash': 'x', 'filter': " + filter + "}", "/filter" + pointer, reason);
    assertInvalid(
        "{'storage_hash': 'x', 'filter': {'type': 'group', 'items': [" + filter + "]}}",
        "/filter/items/0" + pointer,
        reason);
  }

  @Test
  void anUnknownLogicIsRefused() {
    assertInvalid(
        "{'storage_hash': 'x', 'filter': {'type': 'group', 'logic': 'not', 'items':"
            + " [{'type': 'condition', 'field': 'a', 'op': 'is_null'}]}}",
        "/filter/logic",
        "Input should be 'and' or 'or'");
  }

  @Test
  void unknownKeysArePassedOverUnlessStrict() {
    String request = "{'storage_hash': 'x', 'columns': ['a'], 'limits': 5}";
    assertEquals(50, read(request).limit());
    InvalidSearchException refused =
        assertThrows(
            InvalidSearchException.class,
            () -> SearchJson.models().strict().read(json("{'storage_hash': 'x', 'limits': 5}")));
    assertEquals("/limits", refused.pointer());
    assertTrue(refused.getMessage().endsWith("did you mean 'limit'?"), refused.getMessage());
    refused =
        assertThrows(
            InvalidSearchException.class,
            () -> SearchJson.models().strict().read(json("{'storage_hash': 'x', 'columns': []}")));
    assertEquals(
        "/columns: Extra inputs are not permitted; keys are storage_hash, node_unique_identifier,"
            + " joins, filter, limit, offset, as_of",
        refused.getMessage());
    assertThrows(
        InvalidSearchException.class,
        () ->
            SearchJson.models().strict().read(json("{'storage_hash': 'x', 'limit':1,'limit':2}")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {'storage_hash': 'x', 'limit': NaN} | /limit | Non-standard token 'NaN'
          {'storage_hash': 'x', 'limit': 5 | /limit | column 33: Unexpected end-of-input: expected close marker for Object (start marker at [line: 1, column: 1])
          {'storage_hash': 'x', 'joins': [{'name | /joins/0 | Unexpected end-of-input
          {'storage_hash': 'x'} {} | `` | There is more after the end
          {storage_hash: 1} | `` | Unexpected character
          `` | `` | The request is empty
          """)
  void whatIsNotJsonIsRefusedWithItsPlace(String text, String pointer, String reason) {
    assertInvalid(text, pointer, reason);
  }

  @Test
  void bytesThatAreNotUtf8AreRefused() {
    byte[] bytes = "{\"storage_hash\": \"x?\"}".getBytes(StandardCharsets.UTF_8);
    bytes[18] = (byte) 0xff;
    InvalidSearchException refused =
        assertThrows(InvalidSearchException.class, () -> SearchJson.models().read(bytes));
    assertTrue(refused.getMessage().contains("Invalid UTF-8"), refused.getMessage());
    assertEquals("22023", refused.sqlState());
  }

  @Test
  void tenThousandLevelsAreRefusedWithoutRunningOutOfStack() {
    String open = "{'type': 'group', 'items': [";
    String request =
        "{'storage_hash': 'x', 'filter': "
            + open.repeat(10_000)
            + "{'type': 'condition', 'field': 'a', 'op': 'is_null'}"
            + "]}".repeat(10_000)
            + "}";
    InvalidSearchException refused =
        assertThrows(InvalidSearchException.class, () -> read(request));
    assertTrue(refused.getMessage().contains("at most 200 deep"), refused.getMessage());
    assertEquals("54000", refused.sqlState());

    Predicate nested = isNull("a");
    for (int i = 0; i < 10_000; i++) {
      nested = and(nested);
    }
    SearchRequest all = SearchRequest.of("x");
    Predicate deep = nested;
    assertThrows(InvalidSearchException.class, () -> all.filter(deep));
  }

  @Test
  void twoHundredLevelsAreRead() {
    Predicate nested = isNull("a");
    for (int i = 0; i < 200; i++) {
      nested = i % 2 == 0 ? and(nested) : or(nested, isNull("b"));
    }
    SearchRequest request = SearchRequest.of("x").filter(nested);
    assertEquals(request, SearchJson.models().read(SearchJson.models().write(request)));
  }

  @Test
  void listsAreBounded() {
    String values = String.join(",", Collections.nCopies(100_000, "7"));
    String request =
        "{'storage_hash': 'x', 'filter': {'type': 'condition', 'field': 'a', 'op': 'in', 'value':"
            + " [%s]}}";
    assertEquals(100_000, ((Condition) read(request.formatted(values)).filter()).values().size());
    assertInvalid(
        request.formatted(values + ",7"), "/filter/value", "at most 100000 values in all");
    String million = String.join(",", Collections.nCopies(1_000_000, "7"));
    InvalidSearchException refused =
        assertThrows(InvalidSearchException.class, () -> read(request.formatted(million)));
    assertEquals("54000", refused.sqlState());
    assertTrue(refused.pointer().startsWith("/filter/value"), refused.pointer());
    assertTrue(refused.getMessage().contains("at most 100000 values in all"), refused.getMessage());
  }

  private static Predicate filter(String filter) {
    return read("{'storage_hash': 'x', 'filter': " + filter + "}").filter();
  }

  private static JoinSpec join(String join) {
    return read("{'storage_hash': 'x', 'joins': [" + join + "]}").joins().get(0);
  }

  private static void assertInvalid(String request, String pointer, String reason) {
    InvalidSearchException refused =
        assertThrows(InvalidSearchException.class, () -> read(request == null ? "" : request));
    assertEquals(pointer == null ? "" : pointer, refused.pointer(), refused.getMessage());
    assertTrue(refused.getMessage().contains(reason), refused.getMessage());
  }

  private static SearchRequest read(String json) {
    return SearchJson.models().read(json(json));
  }

  /** JSON with single quotes for double ones. */
  private static String json(String text) {
    return text.replace('\'', '"');
  }

  private static com.fasterxml.jackson.databind.JsonNode tree(String text) throws Exception {
    return new JsonMapper().readTree(json(text));
  }
}
