package io.datanode.node;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestTest {
  private static final List<String> COLUMNS =
      List.of("time_index", "asset_identifier", "open", "close", "volume");

  @ParameterizedTest
  @CsvSource({
    "clsoe, close",
    "CLOSE, close",
    "asset_identifer, asset_identifier",
    "asset, asset_identifier",
    "tme_index, time_index"
  })
  void findsWhatWasMeant(String wanted, String meant) {
    assertEquals(Optional.of(meant), Nearest.to(wanted, COLUMNS));
  }

  @Test
  void findsNothingThatIsNotSimilar() {
    assertEquals(Optional.empty(), Nearest.to("dividend", COLUMNS));
  }

  @Test
  void theHintNamesTheNearestOrAllThereAre() {
    assertEquals("; did you mean 'close'?", Nearest.hint("clos", "its columns", COLUMNS));
    assertEquals(
        "; its columns are time_index, asset_identifier, open, close, volume",
        Nearest.hint("closing", "its columns", COLUMNS));
    assertEquals("", Nearest.hint("dividend", "its columns", List.of()));
  }

  @Test
  void theHintDoesNotListThousands() {
    List<String> names = IntStream.range(0, 10_000).mapToObj(i -> "n" + i).toList();
    assertEquals(
        "; the nodes are n0, n1, n2, n3, n4, n5, n6, n7, n8, n9, n10, n11, … (10000 in all)",
        Nearest.hint("prices", "the nodes", names));
  }
}
