package io.datanode.storage.postgresql;

import static io.datanode.storage.postgresql.PostgreSqlDialect.notPushed;

import io.datanode.storage.sql.NotPushedException;

/**
 * Regular expressions. Here they are those of RE2; a pattern is pushed only if it is made of parts
 * that PostgreSQL reads the same way: letters, digits, blanks, escaped punctuation, {@code .},
 * {@code \d}, {@code \w}, sets, anchors at the ends, groups, alternatives, and greedy repetition.
 */
final class Patterns {
  private static final String PUNCTUATION = "\\.+*?()[]{}|^$/-";

  /** {@code .} matches the end of a line too. */
  private static final String ANY_LINE = "(?s)";

  private final String function;
  private final String pattern;
  private final StringBuilder written = new StringBuilder();
  private int repetitions;
  private boolean alternatives;
  private boolean groups;
  private boolean matchesNothing;

  private Patterns(String function, String pattern) {
    this.function = function;
    this.pattern = pattern;
  }

  /** A pattern of which only is asked whether it matches. */
  static String matching(String function, String pattern) {
    return new Patterns(function, pattern).translated();
  }

  /**
   * A pattern whose match is shown or replaced. RE2 takes the first alternative that matches,
   * PostgreSQL the longest match; with one repetition and no alternatives they are the same.
   */
  static String searching(String function, String pattern) {
    Patterns translation = new Patterns(function, pattern);
    String text = translation.translated();
    if (translation.alternatives
        || translation.groups
        || translation.repetitions > 1
        || translation.matchesNothing
        || text.isEmpty()) {
      throw translation.refused();
    }
    return text;
  }

  private NotPushedException refused() {
    return notPushed(
        function, "the regular expression '" + pattern + "' could match otherwise in PostgreSQL");
  }

  private String translated() {
    int depth = 0;
    boolean repeatable = false;
    // RE2's directive says of . what PostgreSQL does anyway.
    boolean anyLine = pattern.startsWith(ANY_LINE);
    int start = anyLine ? ANY_LINE.length() : 0;
    for (int i = start; i < pattern.length(); i++) {
      char c = pattern.charAt(i);
      if (c == '\\') {
        i++;
        escape(i < pattern.length() ? pattern.charAt(i) : ' ');
        repeatable = true;
      } else if (c == '[') {
        i = set(i);
        repeatable = true;
      } else if (c == '(') {
        if (i + 1 < pattern.length() && pattern.charAt(i + 1) == '?') {
          throw refused();
        }
        written.append(c);
        groups = true;
        depth++;
        repeatable = false;
      } else if (c == ')') {
        depth--;
        written.append(c);
        repeatable = true;
      } else if (c == '|') {
        alternatives = true;
        written.append(c);
        repeatable = false;
      } else if (c == '*' || c == '+' || c == '?') {
        repeat(repeatable, c != '+');
        written.append(c);
        repeatable = false;
      } else if (c == '{') {
        i = count(i, repeatable);
        repeatable = false;
      } else if (c == '.') {
        written.append(anyLine ? "." : "[^\\n]");
        repeatable = true;
      } else if (c == '^' || c == '$') {
        if (c == '^' ? i > start : i < pattern.length() - 1) {
          throw refused();
        }
        written.append(c);
        repeatable = false;
      } else if (c == ']' || c == '}' || c < ' ' || Character.isSurrogate(c)) {
        throw refused();
      } else {
        written.append(c);
        repeatable = true;
      }
    }
    if (depth != 0) {
      throw refused();
    }
    String text = written.toString();
    // PostgreSQL takes three stars, or (?, at the very beginning for a directive.
    return text.startsWith("***") ? "(" + text + ")" : text;
  }

  private void escape(char c) {
    if (c != 'd' && c != 'w' && PUNCTUATION.indexOf(c) < 0) {
      throw refused();
    }
    written.append(c == '/' || c == '-' ? "" : "\\").append(c);
  }

  private void repeat(boolean repeatable, boolean none) {
    if (!repeatable) {
      throw refused();
    }
    repetitions++;
    matchesNothing |= none;
  }

  /** A set in brackets; its end. */
  private int set(int start) {
    int i = start + 1;
    written.append('[');
    if (i < pattern.length() && pattern.charAt(i) == '^') {
      written.append('^');
      i++;
    }
    int first = i;
    while (i < pattern.length() && pattern.charAt(i) != ']') {
      char c = pattern.charAt(i);
      boolean inner = c == '-' && i > first && i + 1 < pattern.length();
      if (!(Character.isLetterOrDigit(c) && c < 128) && " _.,:;/+#%@&=".indexOf(c) < 0 && !inner) {
        throw refused();
      }
      written.append(c);
      i++;
    }
    if (i == first || i >= pattern.length()) {
      throw refused();
    }
    written.append(']');
    return i;
  }

  /** {@code {2}}, {@code {2,}} or {@code {2,3}}; its end. */
  private int count(int start, boolean repeatable) {
    int end = pattern.indexOf('}', start);
    String text = end < 0 ? "" : pattern.substring(start, end + 1);
    if (!text.matches("\\{\\d{1,2}(,\\d{0,2})?\\}")) {
      throw refused();
    }
    repeat(repeatable, text.matches("\\{0+[,}].*"));
    written.append(text);
    return end;
  }
}
