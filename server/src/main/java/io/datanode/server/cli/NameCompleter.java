package io.datanode.server.cli;

import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jline.reader.Candidate;
import org.jline.reader.Completer;
import org.jline.reader.LineReader;
import org.jline.reader.ParsedLine;
import org.jspecify.annotations.Nullable;

/**
 * Completes nodes, their columns, functions and the words of SQL; a name in quotes if it needs
 * them.
 */
final class NameCompleter implements Completer {
  private static final List<String> WORDS =
      List.of(
          "SELECT",
          "FROM",
          "WHERE",
          "GROUP",
          "BY",
          "ORDER",
          "LIMIT",
          "HAVING",
          "QUALIFY",
          "JOIN",
          "LEFT",
          "ASOF",
          "MATCH_CONDITION",
          "ON",
          "AND",
          "OR",
          "NOT",
          "IN",
          "IS",
          "NULL",
          "BETWEEN",
          "LIKE",
          "AS",
          "CASE",
          "WHEN",
          "THEN",
          "ELSE",
          "END",
          "DISTINCT",
          "UNION",
          "ALL",
          "WITH",
          "OVER",
          "PARTITION",
          "INTERVAL",
          "TIMESTAMP",
          "DATE",
          "EXPLAIN",
          "PLAN",
          "LEAKAGE",
          "FOR",
          "SYSTEM_TIME",
          "OF",
          "SET",
          "RESET",
          "CALL");

  private static final Pattern PLAIN = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

  private final Connection connection;
  private @Nullable Map<String, String> names;

  NameCompleter(Connection connection) {
    this.connection = connection;
  }

  @Override
  public void complete(LineReader reader, ParsedLine line, List<Candidate> candidates) {
    candidates.addAll(candidates(line.word()));
  }

  /** What may stand where a word begins like this, each in the case it is written in. */
  List<Candidate> candidates(String begun) {
    String wanted = begun.toLowerCase(Locale.ROOT);
    List<Candidate> found = new ArrayList<>();
    for (Map.Entry<String, String> name : names().entrySet()) {
      if (name.getKey().toLowerCase(Locale.ROOT).startsWith(wanted)) {
        found.add(
            new Candidate(name.getKey(), name.getKey(), name.getValue(), null, null, null, true));
      }
    }
    return found;
  }

  /** Names by what they are; asked for once, when the first word is completed. */
  private Map<String, String> names() {
    if (names == null) {
      Map<String, String> all = new TreeMap<>();
      WORDS.forEach(word -> all.put(word, "SQL"));
      try {
        DatabaseMetaData metadata = connection.getMetaData();
        put(all, metadata.getFunctions(null, null, "%"), "FUNCTION_NAME", "functions");
        put(all, metadata.getColumns(null, null, "%", "%"), "COLUMN_NAME", "columns");
        put(all, metadata.getTables(null, null, "%", null), "TABLE_NAME", "nodes");
      } catch (SQLException e) {
        all.put(Main.message(e), "nodes");
      }
      names = all;
    }
    return names;
  }

  private static void put(Map<String, String> all, ResultSet rows, String column, String what)
      throws SQLException {
    try (rows) {
      while (rows.next()) {
        all.put(quoted(rows.getString(column)), what);
      }
    }
  }

  private static String quoted(String name) {
    return PLAIN.matcher(name).matches() ? name : '"' + name.replace("\"", "\"\"") + '"';
  }
}
