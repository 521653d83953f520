package io.datanode.engine;

import static io.datanode.testing.SqlFixture.sql;

import java.math.BigDecimal;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import org.junit.jupiter.api.Test;

/** Parameters where users put them, with values as applications set them. */
class ParametersTest {
  private static final String FIRST_DAYS =
      "SELECT time_index, close FROM daily_prices WHERE asset_identifier = 'SAP' AND time_index < ?"
          + " ORDER BY time_index";

  private static final String[] TWO_DAYS = {
    "2024-01-02 00:00:00+00|140.25", "2024-01-03 00:00:00+00|141.25"
  };

  @Test
  void anInstantMayBeGivenInAnyForm() {
    sql(FIRST_DAYS).with("2024-01-04T00:00:00Z").returns(TWO_DAYS);
    sql(FIRST_DAYS).with("2024-01-04").returns(TWO_DAYS);
    sql(FIRST_DAYS).with("2024-01-03T19:00:00-05:00").returns(TWO_DAYS);
    sql(FIRST_DAYS).with(Instant.parse("2024-01-04T00:00:00Z")).returns(TWO_DAYS);
    sql(FIRST_DAYS).with(OffsetDateTime.parse("2024-01-04T01:00:00+01:00")).returns(TWO_DAYS);
    sql(FIRST_DAYS).with(LocalDateTime.parse("2024-01-04T00:00:00")).returns(TWO_DAYS);
    sql(FIRST_DAYS).with(LocalDate.parse("2024-01-04")).returns(TWO_DAYS);
    sql(FIRST_DAYS).with(Timestamp.from(Instant.parse("2024-01-04T00:00:00Z"))).returns(TWO_DAYS);
  }

  @Test
  void aNumberOfUnitsAndAnIntervalMayBeGiven() {
    sql("SELECT TIMESTAMPADD(DAY, ?, DATE '2024-01-01') FROM (VALUES (1))")
        .with(3)
        .returns("2024-01-04");
    sql("SELECT COUNT(*) FROM daily_prices WHERE time_index > ? - INTERVAL '1' DAY")
        .with("2024-01-15T00:00:00Z")
        .returns("4");
    sql("SELECT COUNT(*) FROM daily_prices"
            + " WHERE time_index > DATE '2024-01-15' - CAST(? AS INTERVAL DAY)")
        .with(1)
        .returns("4");
  }

  @Test
  void withoutZoneItIsInTheSessionsZone() {
    sql(FIRST_DAYS)
        .set("timeZone=Asia/Tokyo")
        .with("2024-01-04 09:00:00")
        .returns("2024-01-02 09:00:00+09|140.25", "2024-01-03 09:00:00+09|141.25");
  }

  @Test
  void microsecondsCount() {
    String exact = "SELECT price FROM minute_bars WHERE asset_identifier = ? AND time_index = ?";
    sql(exact).with("SAP", Instant.parse("2024-01-02T14:36:00.000001Z")).returns("140.6");
    sql(exact).with("SAP", "2024-01-02T14:36:00.000002Z").returns();
  }

  @Test
  void whatIsNoTimeIsRefused() {
    sql(FIRST_DAYS)
        .with("tomorrow")
        .fails(
            "Parameter 1 (TIMESTAMP(6) WITH LOCAL TIME ZONE) is 'tomorrow'; expected a timestamp"
                + " such as 2024-01-31T09:30:00Z, or 2024-01-31 09:30:00 in the session's zone",
            "22007");
  }

  @Test
  void listsOfParameters() {
    sql("SELECT DISTINCT asset_identifier FROM daily_prices WHERE asset_identifier IN (?, ?, ?)"
            + " ORDER BY 1")
        .with("SAP", "JPM", "none")
        .returns("JPM", "SAP");
  }

  @Test
  void limitAndOffset() {
    sql("SELECT volume FROM daily_prices WHERE asset_identifier = 'SAP' ORDER BY volume"
            + " LIMIT ? OFFSET ?")
        .with(2, 3)
        .returns("4000", "5000");
  }

  @Test
  void numbersOfAnyClass() {
    String query = "SELECT COUNT(*) FROM daily_prices WHERE asset_identifier = 'SAP' AND close > ?";
    sql(query).with(148).returns("2");
    sql(query).with(148.25).returns("1");
    sql(query).with(new BigDecimal("148.24")).returns("2");
    sql(query).with("148.25").returns("1");
    sql(query).with((Object) null).returns("0");
    sql(query).with("high").fails("Parameter 1 (DOUBLE) is 'high'; expected a number", "22018");
  }

  @Test
  void inProjectionsAndFunctions() {
    sql("SELECT CAST(? AS INTEGER) + 1, UPPER(CAST(? AS VARCHAR)), COALESCE(CAST(? AS VARCHAR), name)"
            + " FROM reference.assets WHERE asset_identifier = 'SAP'")
        .with(41, "abc", null)
        .returns("42|ABC|SAP SE");
  }

  @Test
  void explainShowsThem() {
    sql("SELECT close FROM daily_prices WHERE asset_identifier = ? AND volume = ?")
        .with("SAP", 1000)
        .sends(
            """
            SELECT "close"
            FROM "memory"."files"."daily_prices"
            WHERE "asset_identifier" = CAST(? AS VARCHAR) AND "volume" = CAST(? AS BIGINT)""")
        .returns("140.25");
  }

  @Test
  void everyParameterNeedsItsValue() {
    sql("SELECT close FROM daily_prices WHERE asset_identifier = ? AND volume = ?")
        .with("SAP")
        .fails("Parameter 2 of 2 has no value", "07001");
  }
}
