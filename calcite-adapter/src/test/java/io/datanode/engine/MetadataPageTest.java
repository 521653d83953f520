package io.datanode.engine;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The page docs/metadata.md tells of every table and column there is. */
class MetadataPageTest {
  @Test
  void everyColumnIsOnThePage() throws Exception {
    String page = Files.readString(Path.of("../docs/metadata.md"));
    for (MetadataDescription.Table table : MetadataDescription.tables()) {
      assertTrue(page.contains("## metadata." + table.name() + "\n\n" + table.description()));
      for (MetadataDescription.TableColumn column : table.columns()) {
        String row =
            "| `" + column.name() + "` | " + column.type() + " | " + column.description() + " |";
        assertTrue(page.contains(row), row);
      }
    }
  }
}
