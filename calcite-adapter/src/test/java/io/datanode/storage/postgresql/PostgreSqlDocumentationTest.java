package io.datanode.storage.postgresql;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class PostgreSqlDocumentationTest {
  /** The page lists all options, in order, with their defaults. */
  @Test
  void everyOptionIsInTheCatalogReference() throws IOException {
    String page = Files.readString(Path.of("..", "docs", "catalog.md"));
    String table = page.substring(page.indexOf("| option of `postgresql` |"));
    List<String> documented =
        table
            .substring(0, table.indexOf("\n\n"))
            .lines()
            .skip(2)
            .map(row -> row.split("\\|"))
            .map(cells -> (cells[1].strip() + " " + cells[2].strip()).replace("`", "").strip())
            .toList();
    List<String> options =
        Arrays.stream(Option.values())
            .map(option -> (option.key() + " " + option.defaultValue()).strip())
            .toList();
    assertEquals(options.size(), documented.size());
    assertEquals(options.stream().sorted().toList(), documented.stream().sorted().toList());
  }
}
