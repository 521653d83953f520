package io.datanode.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A word, number, string, comment-free piece of SQL text, with its place.
 *
 * @param text as written; quoted identifiers and strings with their quotes
 * @param start index of its first character
 */
record SqlToken(Kind kind, String text, int start) {
  /** What a token is. */
  enum Kind {
    WORD,
    QUOTED,
    STRING,
    NUMBER,
    SYMBOL
  }

  int end() {
    return start + text.length();
  }

  boolean is(String word) {
    return (kind == Kind.WORD || kind == Kind.SYMBOL) && text.equalsIgnoreCase(word);
  }

  String upper() {
    return text.toUpperCase(Locale.ROOT);
  }

  /** Splits SQL into tokens, leaving out white space and comments. */
  static List<SqlToken> scan(String sql) {
    List<SqlToken> tokens = new ArrayList<>();
    int at = 0;
    while (at < sql.length()) {
      char c = sql.charAt(at);
      int end;
      Kind kind;
      if (Character.isWhitespace(c)) {
        at++;
        continue;
      } else if (sql.startsWith("--", at)) {
        int newline = sql.indexOf('\n', at);
        at = newline < 0 ? sql.length() : newline;
        continue;
      } else if (sql.startsWith("/*", at) && !sql.startsWith("/*+", at)) {
        int close = sql.indexOf("*/", at + 2);
        at = close < 0 ? sql.length() : close + 2;
        continue;
      } else if (c == '\'') {
        kind = Kind.STRING;
        end = quotedEnd(sql, at, '\'');
      } else if (c == '"') {
        kind = Kind.QUOTED;
        end = quotedEnd(sql, at, '"');
      } else if (Character.isJavaIdentifierStart(c) && c != '$') {
        kind = Kind.WORD;
        end = at + 1;
        while (end < sql.length() && Character.isJavaIdentifierPart(sql.charAt(end))) {
          end++;
        }
      } else if (Character.isDigit(c)) {
        kind = Kind.NUMBER;
        end = at + 1;
        while (end < sql.length()
            && (Character.isLetterOrDigit(sql.charAt(end)) || sql.charAt(end) == '.')) {
          end++;
        }
      } else {
        kind = Kind.SYMBOL;
        end = sql.startsWith("::", at) ? at + 2 : at + 1;
      }
      tokens.add(new SqlToken(kind, sql.substring(at, end), at));
      at = end;
    }
    return tokens;
  }

  private static int quotedEnd(String sql, int start, char quote) {
    int at = start + 1;
    while (at < sql.length()) {
      if (sql.charAt(at) == quote) {
        if (at + 1 < sql.length() && sql.charAt(at + 1) == quote) {
          at += 2;
          continue;
        }
        return at + 1;
      }
      at++;
    }
    return sql.length();
  }
}
