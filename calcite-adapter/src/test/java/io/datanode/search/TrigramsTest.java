package io.datanode.search;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How alike texts are, as PostgreSQL's {@code similarity} of pg_trgm says it. */
class TrigramsTest {
  @ParameterizedTest(name = "''{0}'' and ''{1}'': {2}")
  @CsvSource({
    "word, two words, 0.36363637",
    "close, close, 1",
    "Close, 'close!', 1",
    "market cap, market_cap, 1",
    "close, volume, 0",
    "'', close, 0",
    "'', '', 0",
    "..., close, 0",
    "Zürich, zürich 2, 0.7777778"
  })
  void textsAreAlikeByTheGroupsOfThreeLettersTheyShare(String a, String b, double similarity) {
    assertEquals(similarity, Trigrams.of(a).similarity(Trigrams.of(b)), 1e-7);
    assertEquals(similarity, Trigrams.of(b).similarity(Trigrams.of(a)), 1e-7);
  }
}
