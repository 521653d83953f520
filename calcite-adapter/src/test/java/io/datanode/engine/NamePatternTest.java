package io.datanode.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class NamePatternTest {
  @Test
  void nullAndPercentFitEverything() {
    assertTrue(NamePattern.of(null).fits("prices"));
    assertTrue(NamePattern.of("%").fits(""));
  }

  @Test
  void emptyFitsOnlyTheEmptyName() {
    assertFalse(NamePattern.of("").fits("prices"));
  }

  @Test
  void wildcards() {
    assertTrue(NamePattern.of("daily_prices").fits("daily_prices"));
    assertTrue(NamePattern.of("daily_prices").fits("dailyXprices"));
    assertFalse(NamePattern.of("daily\\_prices").fits("dailyXprices"));
    assertTrue(NamePattern.of("%price%").fits("daily_prices"));
    assertTrue(NamePattern.of("%%_s").fits("prices"));
    assertFalse(NamePattern.of("price").fits("prices"));
    assertTrue(NamePattern.of("50\\%").fits("50%"));
    assertTrue(NamePattern.of("a\\\\b").fits("a\\b"));
  }

  @Test
  void ignoresCase() {
    assertTrue(NamePattern.of("PRICES").fits("prices"));
  }

  @Test
  void patternWithoutWildcardsIsOneName() {
    assertEquals(Optional.of("daily_prices"), NamePattern.of("daily\\_prices").exact());
    assertEquals(Optional.empty(), NamePattern.of("daily_prices").exact());
    assertEquals(Optional.empty(), NamePattern.of(null).exact());
  }
}
