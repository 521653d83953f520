package io.datanode.node;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.datanode.jdbc.batch.ColumnType;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DtypeTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "date | date | DATE",
        "datetime.date | date | DATE",
        "datetime64[ns, UTC] | timestamp with time zone | TIMESTAMP(6) WITH LOCAL TIME ZONE",
        "datetime64[us, UTC] | timestamp with time zone | TIMESTAMP(6) WITH LOCAL TIME ZONE",
        "datetime | timestamp with time zone | TIMESTAMP(6) WITH LOCAL TIME ZONE",
        "TIMESTAMPTZ | timestamp with time zone | TIMESTAMP(6) WITH LOCAL TIME ZONE",
        "timestamp_with_time_zone | timestamp with time zone | TIMESTAMP(6) WITH LOCAL TIME ZONE",
        "timestamp | datetime64[ns] | TIMESTAMP(6)",
        "datetime64[ns] | datetime64[ns] | TIMESTAMP(6)",
        "timestamp without time zone | datetime64[ns] | TIMESTAMP(6)",
        "object | string | VARCHAR",
        "varchar(255) | string | VARCHAR",
        "Character Varying(20) | string | VARCHAR",
        "uuid | uuid | UUID",
        "jsonb | jsonb | JSON",
        "boolean | bool | BOOLEAN",
        "int2 | int16 | SMALLINT",
        "integer | int32 | INTEGER",
        "Int64 | int64 | BIGINT",
        "int8 | int64 | BIGINT",
        "uint32 | int64 | BIGINT",
        "float4 | float32 | REAL",
        "double_precision | float64 | DOUBLE",
        "numeric(18, 4) | numeric | DECIMAL(18, 4)",
        "decimal(10) | numeric | DECIMAL(10, 0)"
      })
  void everySpellingStandsForOneTokenAndType(String spelling, String token, String type) {
    Dtype dtype = Dtype.parse(spelling).orElseThrow();
    assertEquals(token, dtype.token());
    assertEquals(type, String.valueOf(dtype.type()));
  }

  @Test
  void theDigitsOfABareNumericAreTheStorages() {
    assertEquals(Optional.of(new Dtype("numeric", null)), Dtype.parse("numeric"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"flaot64", "decimal(39,2)", "decimal(4,5)", "", "varchar("})
  void anythingElseIsUnknown(String spelling) {
    assertEquals(Optional.empty(), Dtype.parse(spelling));
  }

  @Test
  void everyTokenDescribesTheTypeItStandsFor() {
    for (String token : Dtype.tokens()) {
      ColumnType type = Dtype.parse(token).orElseThrow().type();
      if (type != null && !token.equals("jsonb")) {
        assertEquals(token, Dtype.token(type));
      }
    }
  }
}
