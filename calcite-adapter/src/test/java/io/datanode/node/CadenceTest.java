package io.datanode.node;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CadenceTest {
  @ParameterizedTest
  @ValueSource(strings = {"1s", "15m", "4h", "1d", "1w", "1mo", "1q", "1y"})
  void isACountAndAUnit(String cadence) {
    assertEquals(Optional.of(cadence), Cadence.parse(cadence));
  }

  @ParameterizedTest
  @ValueSource(strings = {"1D", "1MO"})
  void isInLowerCase(String cadence) {
    assertEquals(Optional.of(cadence.toLowerCase(java.util.Locale.ROOT)), Cadence.parse(cadence));
  }

  @ParameterizedTest
  @ValueSource(strings = {"daily", "0d", "1", "d", "1 d", "-1d", "1min"})
  void isNothingElse(String cadence) {
    assertEquals(Optional.empty(), Cadence.parse(cadence));
  }
}
