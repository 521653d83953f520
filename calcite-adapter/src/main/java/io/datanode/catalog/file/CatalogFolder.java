package io.datanode.catalog.file;

import io.datanode.catalog.StorageDeclaration;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The folder a catalog file lies in, to which its relative paths refer. Not thread-safe. */
final class CatalogFolder {
  private static final Pattern URL = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]+://.*");

  private final String path;
  private final Map<String, String> filesByStoragePath = new HashMap<>();

  CatalogFolder(Path path) {
    this.path = path.toString();
  }

  /** Its absolute path. */
  String path() {
    return path;
  }

  /**
   * The folder that the files of nodes of a storage are relative to: the one the storage names, or
   * that of the catalog if the storage is a database file or names none.
   */
  String filesOf(@Nullable StorageDeclaration storage) {
    String declared = storage == null ? null : storage.options().get("path");
    if (declared == null) {
      return path;
    }
    return filesByStoragePath.computeIfAbsent(declared, this::filesAt);
  }

  private String filesAt(String declared) {
    if (URL.matcher(declared).matches()) {
      return declared;
    }
    boolean database = declared.endsWith(".duckdb") || Files.isRegularFile(Path.of(declared));
    return database ? path : declared;
  }

  /** A path or pattern made absolute; a URL stays as it is. */
  static String absolute(String base, String pattern) {
    if (URL.matcher(pattern).matches()) {
      return pattern;
    }
    if (pattern.indexOf('*') < 0 && pattern.indexOf('?') < 0 && !URL.matcher(base).matches()) {
      return Path.of(base).resolve(pattern).normalize().toString();
    }
    // As text, because a pattern is no path on every system.
    String below = pattern.startsWith("./") ? pattern.substring(2) : pattern;
    return below.startsWith("/") ? below : base + "/" + below;
  }
}
