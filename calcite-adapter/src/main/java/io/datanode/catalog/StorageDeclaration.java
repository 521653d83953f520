package io.datanode.catalog;

import java.util.Map;

/**
 * A storage as a catalog declares it.
 *
 * @param name the name nodes refer to
 * @param type the kind of storage, for example {@code duckdb}
 * @param options what that kind needs, by key; may hold secrets, so it is never printed
 * @param where where it is declared, for error messages: a file and line, or a folder
 */
public record StorageDeclaration(
    String name, String type, Map<String, String> options, String where) {
  public StorageDeclaration {
    options = Map.copyOf(options);
  }

  /** Without the options, which may hold secrets. */
  @Override
  public String toString() {
    return name + " (" + type + ", " + where + ")";
  }
}
