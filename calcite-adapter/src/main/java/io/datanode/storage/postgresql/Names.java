package io.datanode.storage.postgresql;

import java.util.List;
import java.util.stream.Collectors;

/** Identifiers in SQL for PostgreSQL. */
final class Names {
  private Names() {}

  static String quoted(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  static String quoted(List<String> path) {
    return path.stream().map(Names::quoted).collect(Collectors.joining("."));
  }
}
