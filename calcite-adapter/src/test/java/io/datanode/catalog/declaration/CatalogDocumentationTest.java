package io.datanode.catalog.declaration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datanode.node.Dtype;
import io.datanode.node.EpochUnit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The catalog reference says exactly what the reader knows. */
class CatalogDocumentationTest {
  // Surefire runs in the folder of the module.
  private static final Path PAGE = Path.of("..", "docs", "catalog.md");

  @ParameterizedTest
  @CsvSource({
    "CATALOG, The catalog",
    "NODE, Nodes",
    "COLUMN, Columns",
    "STITCH, Stitched nodes",
    "FOREIGN_KEY, Foreign keys",
    "ASSETS, Assets"
  })
  void everyKeyIsDocumentedAndNoOther(Section section, String heading) throws IOException {
    assertEquals(section.keys(), keysUnder(heading));
  }

  @Test
  void everyDtypeAndUnitIsDocumented() throws IOException {
    String columns = under("Columns");
    for (String token : Dtype.tokens()) {
      assertTrue(columns.contains("`" + token + "`"), token);
    }
    for (EpochUnit unit : EpochUnit.values()) {
      assertTrue(columns.contains("`" + unit.token() + "`"), unit.token());
    }
  }

  private static List<String> keysUnder(String heading) throws IOException {
    List<String> keys = new ArrayList<>();
    for (String line : under(heading).split("\n\n", 3)[1].lines().skip(2).toList()) {
      keys.add(line.substring(line.indexOf('`') + 1, line.indexOf('`', line.indexOf('`') + 1)));
    }
    return keys;
  }

  private static String under(String heading) throws IOException {
    String page = Files.readString(PAGE);
    int start = page.indexOf("\n### " + heading + "\n");
    assertTrue(start >= 0, heading);
    int end = page.indexOf("\n##", start + 1);
    return page.substring(start + 1, end < 0 ? page.length() : end);
  }
}
