package io.datanode.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.datanode.jdbc.batch.ColumnType;
import io.datanode.node.RoleInference.Field;
import io.datanode.node.RoleInference.Roles;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RoleInferenceTest {
  private static final ColumnType INSTANT = ColumnType.INSTANT;
  private static final ColumnType DATE = ColumnType.DATE;
  private static final ColumnType TEXT = ColumnType.VARCHAR;
  private static final ColumnType DOUBLE = ColumnType.DOUBLE;
  private static final ColumnType BIGINT = ColumnType.BIGINT;

  private final List<Field> fields = new ArrayList<>();

  @Test
  void pricesAreKeyedByTimeAndAsset() {
    column("time_index", INSTANT).column("asset_identifier", TEXT).column("close", DOUBLE);
    Roles roles = infer();
    assertEquals("time_index", roles.timeIndex());
    assertEquals(List.of("asset_identifier"), roles.identity());
    assertEquals("asset_identifier", roles.asset());
    assertEquals(List.of("time_index", "asset_identifier"), roles.key());
    assertEquals(
        Map.of(
            "time_index", "'time_index' is a name in use for it",
            "identity", "'asset_identifier' is a name in use for it"),
        roles.how());
  }

  @Test
  void holdingsAreKeyedByAccountAsWell() {
    column("time_index", INSTANT).column("account_uid", TEXT).column("asset_uid", TEXT);
    column("quantity", DOUBLE);
    Roles roles = infer();
    assertEquals(List.of("account_uid", "asset_uid"), roles.identity());
    assertEquals("asset_uid", roles.asset());
  }

  @Test
  void ratesAreKeyedByBothCurrencies() {
    column("date", DATE).column("base", TEXT).column("quote", TEXT).column("rate", DOUBLE);
    assertEquals(List.of("date", "base", "quote"), infer().key());
  }

  @ParameterizedTest
  @CsvSource({"timestamp", "Date", "dateTime", "end_time", "event_time", "periodEnd", "TS"})
  void timeIndexGoesByManyNames(String name) {
    column("created", INSTANT).column(name, INSTANT).column("x", DOUBLE);
    assertEquals(name, infer().timeIndex());
  }

  @Test
  void aNameOfTheWrongTypeIsNoTimeIndex() {
    column("timestamp", TEXT).column("seen", INSTANT);
    Roles roles = infer();
    assertEquals("seen", roles.timeIndex());
    assertEquals(
        "'seen' is the first column with dates or times, a guess", roles.how().get("time_index"));
  }

  @Test
  void withoutDatesThereIsNoTimeIndex() {
    column("symbol", TEXT).column("sector", TEXT);
    Roles roles = infer();
    assertNull(roles.timeIndex());
    assertEquals(List.of("symbol"), roles.identity());
    assertEquals(List.of(), roles.key());
  }

  @Test
  void thePrimaryKeyOfTheTableWins() {
    column("id", BIGINT).column("as_of", DATE).column("fund", TEXT).column("symbol", TEXT);
    Roles roles = RoleInference.infer(node(), fields, List.of("as_of", "fund", "symbol"));
    assertEquals(List.of("as_of", "fund", "symbol"), roles.key());
    assertEquals("the table's primary key", roles.how().get("identity"));
  }

  @Test
  void aSurrogateKeyIsNoIdentity() {
    column("id", BIGINT).column("time_index", INSTANT).column("symbol", TEXT);
    Roles roles = RoleInference.infer(node(), fields, List.of("id"));
    assertEquals(List.of("time_index", "symbol"), roles.key());
  }

  @Test
  void knowledgeTimeIsFoundBesideAKey() {
    column("period_end", DATE).column("symbol", TEXT).column("published_at", INSTANT);
    Roles roles = infer();
    assertEquals("published_at", roles.knowledgeTime());
    assertEquals("period_end", roles.timeIndex());
  }

  @Test
  void knowledgeTimeIsNotTakenForTheTimeIndex() {
    column("knowledge_time", INSTANT).column("symbol", TEXT);
    assertNull(infer().timeIndex());
  }

  /** Whose newest version per key is shown must not have a key that is only half known. */
  @Test
  void withoutSureKeyThereIsNoKnowledgeTime() {
    column("time_index", INSTANT).column("region", TEXT).column("knowledge_time", INSTANT);
    Roles roles = infer();
    assertNull(roles.knowledgeTime());
    assertEquals(List.of(), roles.key());
  }

  @Test
  void whatIsDeclaredIsNotInferred() {
    column("time_index", INSTANT).column("valid_from", INSTANT).column("symbol", TEXT);
    DataNode declared =
        new DataNode(
            node().name(),
            "lake",
            node().source(),
            null,
            null,
            "valid_from",
            List.of(),
            null,
            null,
            null,
            null,
            null,
            List.of(),
            List.of(),
            false,
            List.of());
    Roles roles = RoleInference.infer(declared, fields, List.of());
    assertEquals(List.of("valid_from"), roles.key());
    assertEquals(Map.of(), roles.how());
  }

  @ParameterizedTest
  @CsvSource({
    "1640995200, SECONDS",
    "1640995200000, MILLISECONDS",
    "1640995200000000, MICROSECONDS",
    "1640995200000000000, NANOSECONDS"
  })
  void theSizeOfAnEpochNumberTellsItsUnit(long value, EpochUnit unit) {
    assertEquals(Optional.of(unit), RoleInference.epochUnit(value));
  }

  @Test
  void aDateWrittenAsNumberIsNoEpochNumber() {
    assertEquals(Optional.empty(), RoleInference.epochUnit(20_240_131));
  }

  private RoleInferenceTest column(String name, ColumnType type) {
    fields.add(new Field(name, type));
    return this;
  }

  private Roles infer() {
    return RoleInference.infer(node(), fields, List.of());
  }

  private static DataNode node() {
    return DataNode.of(
        new NodeName(NodeName.DEFAULT_NAMESPACE, "prices"),
        "lake",
        new TableSource.Table(List.of("prices")));
  }
}
