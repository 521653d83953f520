package io.datanode.engine;

import static io.datanode.testing.SqlFixture.sql;

import io.datanode.testing.MarketNodes.Place;
import io.datanode.testing.OddNodes;
import io.datanode.testing.SqlFixture;
import java.math.BigDecimal;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Values that are easily mangled on their way into a storage: NULL, and decimals with more digits
 * than the column they are compared with. Scripts cannot have parameters.
 */
class ParametersInEveryStorageTest {
  private final String days =
      "DATE '2024-03-10', DATE '2024-02-29', DATE '1500-01-01', DATE '1970-01-01', DATE '9999-12-31'";

  @ParameterizedTest
  @EnumSource
  void nullIsInNoList(Place place) {
    odd(place, "SELECT COUNT(*) FROM ticks WHERE CAST(? AS DATE) IN (" + days + ")")
        .with((Object) null)
        .returns("0");
    odd(place, "SELECT COUNT(*) FROM ticks WHERE CAST(? AS DATE) NOT IN (" + days + ")")
        .with((Object) null)
        .returns("0");
    odd(
            place,
            "SELECT COUNT(*) FROM (SELECT CAST(? AS DATE) AS d FROM ticks) AS t WHERE d IN ("
                + days
                + ")")
        .with((Object) null)
        .returns("0");
  }

  @ParameterizedTest
  @EnumSource
  void aParameterMayBeTheWholeCondition(Place place) {
    odd(place, "SELECT COUNT(*) FROM fundamentals WHERE TRUE AND CAST(? AS BOOLEAN)")
        .with(true)
        .returns("28");
    odd(place, "SELECT COUNT(*) FROM fundamentals HAVING CAST(? AS BOOLEAN)").with(false).returns();
  }

  @ParameterizedTest
  @EnumSource
  void anAggregateOfAListMayBeSortedBy(Place place) {
    String most = "MAX(CASE WHEN label IN ('a', 'A') THEN CAST(? AS INTEGER) END)";
    odd(place, "SELECT " + most + " FROM ticks ORDER BY " + most).with(5, 5).returns("5");
  }

  @ParameterizedTest
  @EnumSource
  void nothingEqualsADecimalWithMoreDigits(Place place) {
    BigDecimal between = new BigDecimal("0.00014");
    odd(place, "SELECT COUNT(*) FROM ticks WHERE amount = ?").with(between).returns("0");
    odd(place, "SELECT COUNT(*) FROM ticks WHERE amount <> ?").with(between).returns("59");
    odd(place, "SELECT COUNT(*) FROM ticks WHERE amount IS DISTINCT FROM ?")
        .with(between)
        .returns("64");
    odd(place, "SELECT COUNT(*) FROM ticks WHERE amount IN (?, ?)")
        .with(between, new BigDecimal("0.5"))
        .returns("5");
    odd(place, "SELECT COUNT(*) FROM ticks WHERE amount NOT IN (?, ?)")
        .with(between, new BigDecimal("0.5"))
        .returns("54");
  }

  @ParameterizedTest
  @EnumSource
  void aDecimalWithMoreDigitsHasItsPlaceInTheOrder(Place place) {
    String less = "SELECT COUNT(*) FROM ticks WHERE amount < ?";
    odd(place, less).with(new BigDecimal("0.0001")).returns("20");
    odd(place, less).with(new BigDecimal("0.00014")).returns("25");
    odd(place, "SELECT COUNT(*) FROM ticks WHERE ? <= amount")
        .with(new BigDecimal("0.00014"))
        .returns("34");
    odd(place, "SELECT COUNT(*) FROM ticks WHERE wide BETWEEN ? AND ?")
        .with(new BigDecimal("-1e-50"), 3.4)
        .returns("27");
  }

  @ParameterizedTest
  @EnumSource
  void aDecimalMayBeGreaterThanAllOfItsColumn(Place place) {
    String less = "SELECT COUNT(*) FROM ticks WHERE amount < ?";
    odd(place, less).with(new BigDecimal("12345678901234567890.5")).returns("59");
    odd(place, less).with(new BigDecimal("-1e45")).returns("0");
    odd(place, "SELECT COUNT(*) FROM ticks WHERE NOT amount < ?")
        .with(new BigDecimal("-99999999999999.99991"))
        .returns("59");
  }

  @ParameterizedTest
  @EnumSource
  void aCastRoundsAsAskedFor(Place place) {
    odd(place, "SELECT COUNT(*) FROM ticks WHERE amount = CAST(? AS DECIMAL(18, 4))")
        .with(new BigDecimal("0.00014"))
        .returns("5");
  }

  @ParameterizedTest
  @EnumSource
  void elsewhereADecimalIsNotRoundedInSilence(Place place) {
    odd(place, "SELECT COALESCE(amount, ?) FROM ticks")
        .with(new BigDecimal("0.00014"))
        .fails(
            "Parameter 1 has more digits than the DECIMAL(18, 4) it stands beside; write CAST(? AS"
                + " DECIMAL(precision, scale)) with the digits it is to have",
            "22003");
    odd(place, "SELECT COUNT(*) FROM ticks WHERE ? IN (SELECT amount FROM ticks)")
        .with(new BigDecimal("0.00014"))
        .fails("The type of parameter 1 cannot be told; write CAST(? AS type)", "42804");
  }

  private static SqlFixture odd(Place place, String sql) {
    return sql(sql).over(OddNodes.catalog(place));
  }
}
