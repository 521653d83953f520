package io.datanode.catalog.folder;

import io.datanode.node.TableSource.FileFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What names of files and folders say. */
final class FileNames {
  private static final Map<String, FileFormat> DATA =
      Map.of(
          ".parquet", FileFormat.PARQUET,
          ".csv", FileFormat.CSV,
          ".csv.gz", FileFormat.CSV);
  private static final List<String> DATABASES = List.of(".duckdb", ".ddb");

  // Written by the Main Sequence SDK beside its Parquet folders; holds only views with the absolute
  // paths of the machine that wrote it.
  private static final String MAIN_SEQUENCE_VIEWS = "duck_meta.duckdb";

  private static final Pattern PARTITION = Pattern.compile("([^=]+)=(.*)");
  private static final Pattern NUMBERED = Pattern.compile("[0-9]{1,8}|[0-9]{4}(-[0-9]{2}){1,2}");
  private static final Pattern RANDOM = Pattern.compile("[0-9a-fA-F]{8,}(-[0-9a-fA-F]{4,})*");
  private static final Set<String> PART_WORDS =
      Set.of(
          "", "part", "parts", "data", "chunk", "file", "shard", "batch", "block", "rebuild",
          "snappy", "zstd", "gz", "c", "partc", "tmp");

  private FileNames() {}

  /** True for what is no data by convention: hidden, temporary, or bookkeeping of a writer. */
  static boolean skipped(String name) {
    return name.startsWith(".")
        || name.startsWith("_")
        || name.endsWith(".tmp")
        || name.equals(MAIN_SEQUENCE_VIEWS);
  }

  static boolean mainSequenceViews(String name) {
    return name.equals(MAIN_SEQUENCE_VIEWS);
  }

  /**
   * The end of the name that says its format, as it is spelled there, or empty if it is no data.
   */
  static Optional<String> suffix(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return DATA.keySet().stream()
        .filter(lower::endsWith)
        .map(suffix -> name.substring(name.length() - suffix.length()))
        .findFirst();
  }

  static Optional<FileFormat> format(String name) {
    return suffix(name).map(suffix -> DATA.get(suffix.toLowerCase(Locale.ROOT)));
  }

  static boolean database(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return DATABASES.stream().anyMatch(lower::endsWith);
  }

  /** The name without the end that says its format. */
  static String stem(String name) {
    Optional<String> suffix = suffix(name);
    if (suffix.isPresent()) {
      return name.substring(0, name.length() - suffix.get().length());
    }
    int dot = name.lastIndexOf('.');
    return dot > 0 ? name.substring(0, dot) : name;
  }

  /** The name of a folder without the end that some writers give to a folder of files. */
  static String folderName(String name) {
    return suffix(name).isPresent() ? stem(name) : name;
  }

  /** The key of a partition folder named {@code key=value}. */
  static Optional<String> partitionKey(String folder) {
    var matcher = PARTITION.matcher(folder);
    return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
  }

  /** True for a folder named only by a number or date, which divides the table above it. */
  static boolean numbered(String folder) {
    return NUMBERED.matcher(folder).matches();
  }

  /** True if the names mean nothing by themselves, as {@code part-0.parquet} does not. */
  static boolean parts(List<String> names) {
    return names.stream().allMatch(name -> PART_WORDS.contains(withoutNumbers(name)));
  }

  /** True if the names differ only in numbers, dates or random letters. */
  static boolean numberedAlike(List<String> names) {
    return names.stream().map(FileNames::withoutNumbers).collect(Collectors.toSet()).size() == 1;
  }

  private static String withoutNumbers(String name) {
    return RANDOM
        .matcher(stem(name))
        .replaceAll("")
        .replaceAll("[0-9]+", "")
        .replaceAll("[-_.TZ ]+", "")
        .toLowerCase(Locale.ROOT);
  }

  /** A path as a pattern that matches only itself. */
  static String literal(String path) {
    return path.replaceAll("[\\[*?]", "[$0]");
  }
}
