package io.datanode.schema;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Keys of the folders named {@code key=value} that divide files, without opening a file. */
final class PartitionKeys {
  /** Folders that divide a table by its time, which the table has in a column as well. */
  private static final Set<String> TIME_PARTS =
      Set.of("year", "quarter", "month", "week", "weekofyear", "day", "hour");

  private static final int DEEPEST = 40;

  private PartitionKeys() {}

  /** The keys among those of some files that only say the time again, to prune by. */
  static List<String> ofTime(List<String> globs) {
    return globs.stream()
        .flatMap(glob -> of(glob).stream())
        .filter(key -> TIME_PARTS.contains(key.toLowerCase(Locale.ROOT)))
        .distinct()
        .toList();
  }

  /** The keys on the way to the first file of a pattern; none for a URL. */
  private static List<String> of(String glob) {
    if (glob.contains("://")) {
      return List.of();
    }
    String file = glob.substring(glob.lastIndexOf('/') + 1);
    String suffix = file.substring(Math.max(file.lastIndexOf('*'), file.lastIndexOf(']')) + 1);
    List<String> keys = new ArrayList<>();
    StringBuilder fixed = new StringBuilder();
    for (String part : glob.substring(0, glob.length() - file.length()).split("/", -1)) {
      // A character in brackets stands for itself.
      String plain = part.replaceAll("\\[([\\[*?])]", "$1");
      if (plain.length() == part.length() && part.matches(".*[*?\\[].*")) {
        break;
      }
      fixed.append(plain).append('/');
      key(plain).ifPresent(keys::add);
    }
    return firstFile(Path.of(fixed.toString()), suffix, keys).orElse(List.of());
  }

  private static Optional<List<String>> firstFile(Path folder, String suffix, List<String> keys) {
    Set<Path> entries = new TreeSet<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
      for (Path entry : stream) {
        String name = entry.getFileName().toString();
        if (!name.startsWith(".") && !name.startsWith("_")) {
          if (name.endsWith(suffix) && !Files.isDirectory(entry)) {
            return Optional.of(keys);
          }
          entries.add(entry);
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      // Who describes the files says what is wrong with them.
      return Optional.empty();
    }
    for (Path entry : entries) {
      if (keys.size() < DEEPEST && Files.isDirectory(entry)) {
        List<String> below = new ArrayList<>(keys);
        key(entry.getFileName().toString()).ifPresent(below::add);
        Optional<List<String>> found = firstFile(entry, suffix, below);
        if (found.isPresent()) {
          return found;
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<String> key(String folder) {
    int equals = folder.indexOf('=');
    return equals > 0 ? Optional.of(folder.substring(0, equals)) : Optional.empty();
  }
}
