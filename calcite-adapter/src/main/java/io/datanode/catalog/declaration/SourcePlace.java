package io.datanode.catalog.declaration;

import io.datanode.catalog.StorageDeclaration;
import io.datanode.catalog.declaration.Value.Sequence;
import io.datanode.node.TableSource;
import io.datanode.node.TableSource.FileFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads where the rows of a node are: a table, or files. */
final class SourcePlace {
  private final Fields fields;
  private final Problems problems;

  private SourcePlace(Fields fields, Problems problems) {
    this.fields = fields;
    this.problems = problems;
  }

  /**
   * Reads the place from the keys of a node.
   *
   * @return empty if it is not declared rightly, which is then among the problems
   */
  static Optional<TableSource> read(
      Fields fields,
      Problems problems,
      CatalogFolder folder,
      Optional<StorageDeclaration> storage) {
    SourcePlace place = new SourcePlace(fields, problems);
    return fields.has("table") ? place.table() : place.files(folder, storage);
  }

  private Optional<TableSource> files(CatalogFolder folder, Optional<StorageDeclaration> storage) {
    List<String> files = fields.texts("files");
    List<String> hidden = fields.texts("hidden");
    if (files == null) {
      problems.add(fields.place(), "A node needs either 'files' or 'table'");
      return Optional.empty();
    }
    if (files.isEmpty()) {
      fields.problem("files", "'files' names no file");
      return Optional.empty();
    }
    Optional<FileFormat> format = format(files);
    Optional<String> base = folder.filesOf(storage.orElse(null));
    List<String> globs = new ArrayList<>();
    for (String file : files) {
      Optional<String> glob = CatalogFolder.absolute(base, file);
      glob.ifPresent(globs::add);
      if (glob.isEmpty()) {
        fields.problem(
            "files",
            "'files' is '"
                + file
                + "', which is relative, but neither its storage nor this catalog has a folder;"
                + " expected an absolute path");
        return Optional.empty();
      }
    }
    boolean partitioned = fields.truth("partitioned", partitioned(globs));
    return format.map(
        known ->
            new TableSource.Files(known, globs, partitioned, hidden == null ? List.of() : hidden));
  }

  private Optional<FileFormat> format(List<String> globs) {
    String declared = fields.text("format");
    if (declared != null) {
      switch (declared.toLowerCase(Locale.ROOT)) {
        case "parquet":
          return Optional.of(FileFormat.PARQUET);
        case "csv":
          return Optional.of(FileFormat.CSV);
        default:
          fields.problem(
              "format", "'format' is '" + fields.raw("format") + "'; expected parquet or csv");
          return Optional.empty();
      }
    }
    Optional<FileFormat> format = formatOf(globs);
    if (format.isPresent()) {
      return format;
    }
    fields.problem(
        "files",
        "'files' does not end in .parquet, .csv or .csv.gz; add format: parquet or format: csv");
    return Optional.empty();
  }

  /** The format that the endings of all these files tell. */
  static Optional<FileFormat> formatOf(List<String> globs) {
    if (globs.stream().allMatch(glob -> ends(glob, ".parquet"))) {
      return Optional.of(FileFormat.PARQUET);
    }
    return globs.stream().allMatch(glob -> ends(glob, ".csv") || ends(glob, ".csv.gz"))
        ? Optional.of(FileFormat.CSV)
        : Optional.empty();
  }

  private static boolean ends(String glob, String suffix) {
    return glob.toLowerCase(Locale.ROOT).endsWith(suffix);
  }

  /** True if folders may be named {@code key=value}: one is, or a pattern leaves some open. */
  static boolean partitioned(List<String> globs) {
    return globs.stream().anyMatch(SourcePlace::crossesFolders);
  }

  private static boolean crossesFolders(String glob) {
    String folders = glob.substring(0, Math.max(0, glob.lastIndexOf('/')));
    return folders.contains("*") || folders.contains("=");
  }

  private Optional<TableSource> table() {
    for (String key : List.of("files", "format", "hidden", "partitioned")) {
      if (fields.has(key)) {
        fields.problem(
            key, "A node is either a table or files; '" + key + "' does not go with 'table'");
      }
    }
    Value value = fields.value("table");
    List<String> path = value instanceof Sequence ? fields.parts("table") : tablePath();
    if (path == null) {
      return Optional.empty();
    }
    if (path.isEmpty() || path.stream().anyMatch(String::isBlank)) {
      fields.problem(
          "table",
          "'table' is '" + fields.raw("table") + "'; expected a name, for example public.prices");
      return Optional.empty();
    }
    return Optional.of(new TableSource.Table(path));
  }

  private @Nullable List<String> tablePath() {
    String text = fields.text("table");
    return text == null ? null : split(text);
  }

  /** A part of a name in double quotes, as {@link #split} reads it. */
  static String quoted(String part) {
    return '"' + part.replace("\"", "\"\"") + '"';
  }

  /** Splits at dots outside double quotes. */
  static List<String> split(String text) {
    List<String> parts = new ArrayList<>();
    StringBuilder part = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' && quoted && i + 1 < text.length() && text.charAt(i + 1) == '"') {
        part.append(c);
        i++;
      } else if (c == '"') {
        quoted = !quoted;
      } else if (c == '.' && !quoted) {
        parts.add(part.toString());
        part.setLength(0);
      } else {
        part.append(c);
      }
    }
    parts.add(part.toString());
    return parts;
  }
}
