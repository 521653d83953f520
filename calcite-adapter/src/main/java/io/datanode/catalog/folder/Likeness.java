package io.datanode.catalog.folder;

import io.datanode.DataNodeException;
import io.datanode.catalog.StorageDeclaration;
import io.datanode.catalog.StorageInspector;
import io.datanode.node.TableSource;
import io.datanode.node.TableSource.FileFormat;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * Whether files with telling names, such as {@code AAPL.csv} and {@code MSFT.csv}, are one table.
 */
final class Likeness {
  private static final int FILES_OPENED = 8;
  private static final double COLUMNS_SHARED = 0.75;

  private Likeness() {}

  /**
   * True if a few of the files, spread over all of them, share most of their column names. A file
   * that cannot be read is passed over.
   */
  static boolean of(List<Path> files, StorageDeclaration storage, StorageInspector inspector) {
    Set<String> first = null;
    for (int i : sample(files.size())) {
      Set<String> columns = columns(files.get(i), storage, inspector);
      if (columns.isEmpty()) {
        continue;
      }
      if (first == null) {
        first = columns;
        continue;
      }
      Set<String> shared = new HashSet<>(first);
      shared.retainAll(columns);
      if (shared.size() < COLUMNS_SHARED * Math.max(first.size(), columns.size())) {
        return false;
      }
    }
    return true;
  }

  private static Set<Integer> sample(int files) {
    Set<Integer> sample = new TreeSet<>();
    for (int i = 0; i < FILES_OPENED; i++) {
      sample.add((int) ((long) i * (files - 1) / (FILES_OPENED - 1)));
    }
    return sample;
  }

  private static Set<String> columns(
      Path file, StorageDeclaration storage, StorageInspector inspector) {
    FileFormat format = FileNames.format(file.getFileName().toString()).orElseThrow();
    try {
      Set<String> columns = new HashSet<>();
      for (String name :
          inspector.columns(
              storage,
              new TableSource.Files(
                  format, List.of(FileNames.literal(file.toString())), false, List.of()))) {
        columns.add(name.toLowerCase(Locale.ROOT));
      }
      return columns;
    } catch (DataNodeException e) {
      // Says nothing of the others; who reads the node is told what is wrong with the file.
      return Set.of();
    }
  }
}
