package io.datanode.plan;

import io.datanode.testing.MarketNodes.Place;
import io.datanode.testing.OddNodes;
import io.datanode.testing.SqlFixture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What values of different types are compared as: UUIDs with text. */
class ComparisonCastsTest {
  @ParameterizedTest
  @EnumSource
  void aUuidEqualsItsTextInEitherCase(Place place) {
    sessions(place, "= '123E4567-e89b-12d3-a456-426614174000'").returns("5");
    sessions(place, "> '7fffffff-ffff-ffff-ffff-ffffffffffff'").returns("7");
    sessions(place, "IN ('80000000-0000-0000-0000-000000000000', NULL)").returns("3");
    sessions(place, "NOT IN ('FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF')").returns("17");
    sessions(place, "= LOWER('80000000-0000-0000-0000-000000000000')").returns("3");
  }

  @Test
  void aTextThatIsNoUuidIsRefusedAndNotTheBeginningOfOne() {
    sessions(Place.DUCKDB, "= '1'")
        .fails(
            "'1' is no UUID; expected for example '123e4567-e89b-12d3-a456-426614174000' (line 1,"
                + " column 44)\nSELECT COUNT(*) FROM spans WHERE session = '1'\n"
                + " ".repeat(43)
                + "^",
            "22018");
  }

  private static SqlFixture sessions(Place place, String condition) {
    return SqlFixture.sql("SELECT COUNT(*) FROM spans WHERE session " + condition)
        .over(OddNodes.catalog(place));
  }
}
