package io.datanode.catalog.postgresql;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.datanode.catalog.Catalog;
import io.datanode.catalog.CatalogChanges;
import io.datanode.catalog.CatalogSnapshot;
import io.datanode.catalog.declaration.CatalogText;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is written into tables and files says, when it is read, exactly what was declared. */
class RoundTripTest {
  private static final CatalogChanges NONE = new CatalogChanges(List.of(), List.of(), false);

  @TempDir static Path folder;
  private static TestDatabase database;

  @BeforeAll
  static void create() {
    database = new TestDatabase(folder).migrated();
  }

  @Test
  void anyCatalogComesBackFromTablesAndFromText() {
    try (PostgreSqlCatalog tables = database.catalog()) {
      for (long seed = 0; seed < 150; seed++) {
        CatalogSnapshot declared = new RandomCatalog(seed).declared();
        String text = CatalogText.of(declared);
        String which = "seed " + seed + "\n" + text;
        try (Catalog file = database.file(text)) {
          assertEquals(NONE, CatalogChanges.between(declared, file.declared()), which);
          tables.replace(declared, false);
          assertEquals(NONE, CatalogChanges.between(declared, tables.declared()), which);
          assertEquals(text, CatalogText.of(tables.declared()), which);
          assertEquals(NONE, tables.replace(file.declared(), false), which);
        } catch (RuntimeException e) {
          throw new AssertionError(which, e);
        }
      }
    }
  }
}
