package io.datanode.catalog.declaration;

import io.datanode.catalog.StorageDeclaration;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The folder to which the relative paths of a catalog refer: the one its file lies in. A catalog in
 * a database has none. Not thread-safe.
 */
public final class CatalogFolder {
  private static final Pattern URL = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]+://.*");

  /** A path that begins with a reference is whole, whatever the variable holds. */
  private static final String REFERENCE = "${";

  private final @Nullable String path;
  private final Map<String, String> filesByStoragePath = new HashMap<>();

  private CatalogFolder(@Nullable String path) {
    this.path = path;
  }

  /**
   * A folder.
   *
   * @param path absolute
   */
  public static CatalogFolder of(Path path) {
    return new CatalogFolder(path.toString());
  }

  /** That of a catalog which lies in no folder, so that its paths have to be absolute. */
  public static CatalogFolder none() {
    return new CatalogFolder(null);
  }

  /** Its absolute path. */
  Optional<String> path() {
    return Optional.ofNullable(path);
  }

  /**
   * The folder that the files of nodes of a storage are relative to: the one the storage names, or
   * that of the catalog if the storage is a database file or names none.
   */
  Optional<String> filesOf(@Nullable StorageDeclaration storage) {
    String declared = storage == null ? null : storage.options().get("path");
    if (declared == null) {
      return path();
    }
    return Optional.ofNullable(filesByStoragePath.computeIfAbsent(declared, this::filesAt));
  }

  private @Nullable String filesAt(String declared) {
    if (URL.matcher(declared).matches()) {
      return declared;
    }
    boolean database = declared.endsWith(".duckdb") || Files.isRegularFile(Path.of(declared));
    return database ? path : declared;
  }

  /**
   * A path or pattern made absolute; a URL stays as it is.
   *
   * @param base the folder it is relative to, if there is one
   * @return empty if it is relative and there is no such folder
   */
  static Optional<String> absolute(Optional<String> base, String pattern) {
    if (whole(pattern)) {
      return Optional.of(pattern);
    }
    if (base.isEmpty()) {
      return pattern.startsWith("/") || Path.of(pattern).isAbsolute()
          ? Optional.of(pattern)
          : Optional.empty();
    }
    String folder = base.get();
    if (pattern.indexOf('*') < 0 && pattern.indexOf('?') < 0 && !whole(folder)) {
      return Optional.of(Path.of(folder).resolve(pattern).normalize().toString());
    }
    // As text, because a pattern is no path on every system.
    String below = pattern.startsWith("./") ? pattern.substring(2) : pattern;
    return Optional.of(below.startsWith("/") ? below : folder + "/" + below);
  }

  /** True for what is relative to nothing: a URL, or a path that begins with a reference. */
  static boolean whole(String path) {
    return path.startsWith(REFERENCE) || URL.matcher(path).matches();
  }
}
