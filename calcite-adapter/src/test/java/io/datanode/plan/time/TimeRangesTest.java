package io.datanode.plan.time;

import static io.datanode.testing.SqlFixture.sql;

import org.junit.jupiter.api.Test;

/** Conditions on functions of a time reach the storage as ranges of the column. */
class TimeRangesTest {
  private static final String PRICES =
      "SELECT close FROM daily_prices WHERE asset_identifier = 'SAP' AND ";

  @Test
  void dayIsARangeInPlaceOfTheCast() {
    sql(PRICES + "CAST(time_index AS DATE) = DATE '2024-01-03'")
        .sends(
            """
            SELECT "close"
            FROM "memory"."files"."daily_prices"
            WHERE "asset_identifier" = 'SAP'\
             AND "time_index" >= TIMESTAMPTZ '2024-01-03 00:00:00+00'\
             AND "time_index" < TIMESTAMPTZ '2024-01-04 00:00:00+00'""")
        .returns("141.25");
  }

  @Test
  void dayOfTheSessionZoneBeginsAtItsMidnight() {
    sql(PRICES + "CAST(time_index AS DATE) = DATE '2024-01-03'")
        .set("timeZone=America/New_York")
        .sendsPart(
            "\"time_index\" >= TIMESTAMPTZ '2024-01-03 05:00:00+00' AND \"time_index\" <"
                + " TIMESTAMPTZ '2024-01-04 05:00:00+00'")
        .returns("142.25");
  }

  @Test
  void monthAndBucketAreRanges() {
    sql(PRICES + "DATE_TRUNC('month', time_index) > TIMESTAMP '2024-01-15 00:00:00'")
        .sendsPart("AND \"time_index\" >= TIMESTAMPTZ '2024-02-01 00:00:00+00'")
        .returns();
    sql(PRICES + "TIME_BUCKET(INTERVAL '7' DAY, time_index) <= '2024-01-01'")
        .sendsPart("AND \"time_index\" < TIMESTAMPTZ '2024-01-08 00:00:00+00'")
        .returns("140.25", "141.25", "142.25", "143.25");
  }

  @Test
  void yearIsARangeWithItsEnd() {
    sql(PRICES + "YEAR(time_index) = 2023")
        .sendsPart(
            "\"time_index\" >= TIMESTAMPTZ '2023-01-01 00:00:00+00' AND \"time_index\" <"
                + " TIMESTAMPTZ '2024-01-01 00:00:00+00'")
        .returns();
  }

  @Test
  void yearWithoutEndIsCheckedAsWellBecauseInfinityHasNone() {
    sql(PRICES + "YEAR(time_index) >= 2025")
        .sendsPart(
            "\"time_index\" >= TIMESTAMPTZ '2025-01-01 00:00:00+00' AND DATE_PART('year',"
                + " CAST(\"time_index\" AS TIMESTAMP)) >= 2025")
        .returns();
  }

  @Test
  void dayOfAParameterIsComputedWhenTheStatementRuns() {
    sql(PRICES + "CAST(time_index AS DATE) = ?")
        .with(java.time.LocalDate.of(2024, 1, 3))
        .sendsPart(
            "\"time_index\" >= CAST(? AS TIMESTAMPTZ) AND \"time_index\" < CAST(? AS TIMESTAMPTZ)"
                + " AND CAST(\"time_index\" AS DATE) = CAST(? AS DATE)")
        .returns("141.25");
  }

  @Test
  void parameterBeyondTheEndOfTimeLeavesItOpen() {
    sql("SELECT COUNT(*) FROM daily_prices WHERE CAST(time_index AS DATE) <= ?")
        .with(java.time.LocalDate.of(300_000, 1, 1))
        .returns("39");
  }

  @Test
  void infiniteParameterIsComparedWithColumnsOnly() {
    sql("SELECT COUNT(*) FROM daily_prices WHERE time_index <= ?").with("infinity").returns("39");
    sql("SELECT COUNT(*) FROM daily_prices WHERE CAST(time_index AS DATE) <= ?")
        .with("infinity")
        .fails(
            "An infinite time cannot be compared with a function of a column; compare it with the"
                + " column itself",
            "22008");
  }

  @Test
  void daysBeforeTodayAreCountedWhenTheStatementRuns() {
    sql(PRICES + "CAST(time_index AS DATE) >= CURRENT_DATE - INTERVAL '7' DAY")
        .sendsPart("AND \"time_index\" >= CAST(? AS TIMESTAMPTZ)")
        .returns();
  }

  @Test
  void conditionOnAGroupIsMovedToItsRows() {
    sql("SELECT m, n FROM (SELECT FLOOR(time_index TO MONTH) AS m, COUNT(*) AS n FROM"
            + " daily_prices GROUP BY FLOOR(time_index TO MONTH)) WHERE m = DATE '2024-01-01'")
        .sends(
            """
            SELECT DATE_TRUNC('month', "time_index") AS "m", COUNT(*) AS "n"
            FROM "memory"."files"."daily_prices"
            WHERE "time_index" >= TIMESTAMPTZ '2024-01-01 00:00:00+00'\
             AND "time_index" < TIMESTAMPTZ '2024-02-01 00:00:00+00'
            GROUP BY DATE_TRUNC('month', "time_index")""")
        .returns("2024-01-01 00:00:00+00|39");
  }

  @Test
  void offsetIsASessionZoneForEveryFunction() {
    sql("SELECT CAST(time_index AS VARCHAR), CAST(time_index AS DATE), FLOOR(time_index TO HOUR)"
            + " FROM minute_bars WHERE CAST(time_index AS TIMESTAMP) = TIMESTAMP '2024-01-02"
            + " 20:00:00' AND asset_identifier = 'SAP'")
        .set("timeZone=%2B05:30")
        .returns("2024-01-02 20:00:00+05:30|2024-01-02|2024-01-02 20:00:00+05:30");
  }

  @Test
  void monthOfAYearIsItsRange() {
    sql(PRICES + "YEAR(time_index) = 2024 AND MONTH(time_index) = 1")
        .sendsPart("AND \"time_index\" < TIMESTAMPTZ '2024-02-01 00:00:00+00'")
        .returns(
            "140.25", "141.25", "142.25", "143.25", "144.25", "145.25", "146.25", "147.25",
            "148.25", "149.25");
  }

  @Test
  void alternativesAreReadWithinTheRangeOfAll() {
    sql(PRICES + "CAST(time_index AS DATE) IN (DATE '2024-01-03', DATE '2024-01-05')")
        .sendsPart(
            "\"time_index\" >= TIMESTAMPTZ '2024-01-03 00:00:00+00' AND \"time_index\" <"
                + " TIMESTAMPTZ '2024-01-06 00:00:00+00' AND (((\"time_index\" >= TIMESTAMPTZ"
                + " '2024-01-03 00:00:00+00')")
        .returns("141.25", "143.25");
  }

  @Test
  void yearsBeforeTheFirstAreNegativeOrZero(@org.junit.jupiter.api.io.TempDir java.nio.file.Path at)
      throws Exception {
    java.nio.file.Path file = at.resolve("old.duckdb");
    try (java.sql.Connection duckdb = java.sql.DriverManager.getConnection("jdbc:duckdb:" + file);
        java.sql.Statement statement = duckdb.createStatement()) {
      statement.execute(
          "CREATE TABLE old AS SELECT TIMESTAMPTZ '0044-03-15 (BC) 12:00:00+00' AS t");
    }
    sql("SELECT EXTRACT(YEAR FROM t) FROM old").over(file).returns("-43");
    sql("SELECT COUNT(*) FROM old WHERE YEAR(t) = 44").over(file).returns("0");
    sql("SELECT COUNT(*) FROM old WHERE YEAR(t) < 1").over(file).returns("1");
  }
}
