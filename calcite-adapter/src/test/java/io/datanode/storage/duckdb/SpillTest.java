package io.datanode.storage.duckdb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datanode.DataNodeException;
import io.datanode.jdbc.batch.ColumnBatch;
import io.datanode.jdbc.batch.ColumnType;
import io.datanode.jdbc.batch.DoubleVector;
import io.datanode.jdbc.batch.LongVector;
import io.datanode.jdbc.batch.TextVector;
import io.datanode.storage.IntermediateTable;
import io.datanode.storage.RunningQuery;
import io.datanode.storage.StorageQuery;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows shipped into the embedded engine may be more than its memory, and than that of the JVM. */
class SpillTest {
  private static final long ROWS = 8_000_000;
  private static final List<ColumnType> TYPES =
      List.of(ColumnType.BIGINT, ColumnType.DOUBLE, ColumnType.VARCHAR);

  @TempDir Path folder;

  @Test
  void moreThanTheMemoryIsShippedJoinedAndRemoved() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-cp",
                System.getProperty("java.class.path"),
                Child.class.getName(),
                folder.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String output =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).trim();
    assertEquals(0, process.waitFor(), output);
    assertEquals("8000000 rows, spilled more than 50 MB", output);
    assertEquals(List.of(), List.of(folder.toFile().list()));
  }

  /** The process with little memory. */
  static final class Child {
    private Child() {}

    public static void main(String[] arguments) throws IOException {
      Path folder = Path.of(arguments[0]);
      try (EmbeddedDuckDb engine =
              EmbeddedDuckDb.open(
                  Map.of("memoryLimit", "100MB", "threads", "2", "spillDirectory", arguments[0]));
          IntermediateTable table =
              engine.createTable("large", List.of("n", "half", "text"), TYPES)) {
        fill(table, ROWS);
        table.finish();
        long spilled = size(folder);
        try (RunningQuery query =
            engine.executeOnce(
                new StorageQuery(
                    "SELECT count(*) FROM "
                        + table.sqlName()
                        + " WHERE half * 2 = n AND text = 'asset ' || n % 100",
                    List.of(),
                    List.of(ColumnType.BIGINT)))) {
          ColumnBatch row = query.next();
          System.out.println(
              ((LongVector) row.column(0)).get(0)
                  + " rows, spilled "
                  + (spilled > 50_000_000 ? "more than 50 MB" : spilled + " bytes"));
        }
      }
    }

    private static long size(Path folder) throws IOException {
      try (Stream<Path> files = Files.walk(folder)) {
        return files.mapToLong(file -> file.toFile().isFile() ? file.toFile().length() : 0).sum();
      }
    }
  }

  private static void fill(IntermediateTable table, long rows) {
    String[] texts = new String[100];
    for (int i = 0; i < texts.length; i++) {
      texts[i] = "asset " + i;
    }
    int size = 10_000;
    ColumnBatch batch = ColumnBatch.of(TYPES, size);
    for (long done = 0; done < rows; done += size) {
      for (int i = 0; i < size; i++) {
        ((LongVector) batch.column(0)).set(i, done + i);
        ((DoubleVector) batch.column(1)).set(i, (done + i) / 2.0);
        ((TextVector) batch.column(2)).set(i, texts[(int) ((done + i) % 100)]);
      }
      batch.setRowCount(size);
      table.add(batch);
    }
  }

  @Test
  void aFullDiskIs53100NamesTheSettingAndLeavesTheEngineUsable() {
    try (EmbeddedDuckDb engine =
        EmbeddedDuckDb.open(
            Map.of(
                "memoryLimit", "60MiB",
                "threads", "1",
                "spillLimit", "1MiB",
                "spillDirectory", folder.toString()))) {
      DataNodeException failure =
          assertThrows(DataNodeException.class, () -> ship(engine, 5_000_000));
      assertEquals("53100", failure.sqlState(), failure.getMessage());
      assertTrue(
          failure.getMessage().startsWith("Rows shipped into the embedded DuckDB: ")
              && failure
                  .getMessage()
                  .endsWith(
                      "; raise the setting spillLimit, let spillDirectory be on a larger disk, or"
                          + " read less at once"),
          failure.getMessage());
      assertEquals(0, engine.openQueries());
      ship(engine, 100_000);
    }
    assertEquals(List.of(), List.of(folder.toFile().list()));
  }

  private static void ship(EmbeddedDuckDb engine, long rows) {
    try (IntermediateTable table =
        engine.createTable("large", List.of("n", "half", "text"), TYPES)) {
      fill(table, rows);
      table.finish();
    }
  }

  @Test
  void memoryOfDroppedTablesIsGivenBack() {
    try (EmbeddedDuckDb engine =
        EmbeddedDuckDb.open(
            Map.of(
                "memoryLimit",
                "100MB",
                "spillLimit",
                "1KiB",
                "spillDirectory",
                folder.toString()))) {
      for (int i = 0; i < 20; i++) {
        ship(engine, 1_000_000);
      }
    }
  }
}
