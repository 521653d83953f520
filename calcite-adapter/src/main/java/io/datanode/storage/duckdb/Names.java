package io.datanode.storage.duckdb;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Names and literals in SQL for DuckDB, and names made for what has none. */
final class Names {
  private Names() {}

  static String quoted(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  static String quoted(List<String> path) {
    return path.stream().map(Names::quoted).collect(Collectors.joining("."));
  }

  static String literal(String text) {
    return '\'' + text.replace("'", "''") + '\'';
  }

  static String literals(List<String> texts) {
    return texts.stream().map(Names::literal).collect(Collectors.joining(", ", "[", "]"));
  }

  /**
   * A name that people recognise and that belongs to one definition only.
   *
   * @param hint a path or other text that says what it is
   * @param definition what must differ if two names are to differ
   */
  static String derived(String hint, String definition) {
    String folder = hint.replaceAll("[*?].*$", "").replaceAll("[/\\\\]+$", "");
    // Folders such as year=2024 say what is in a part of the table, not what the table is.
    String word =
        folder
            .replaceAll("([/\\\\][^/\\\\=]+=[^/\\\\]*)+$", "")
            .replaceAll("(?i)\\.(parquet|csv|gz)$", "")
            .replaceAll("(?i)\\.csv$", "");
    word = word.substring(Math.max(word.lastIndexOf('/'), word.lastIndexOf('\\')) + 1);
    word = word.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "_").replaceAll("^_+|_+$", "");
    return (word.isEmpty() ? "files" : word) + "_" + digest(definition);
  }

  private static String digest(String text) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, 6);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256", e);
    }
  }
}
