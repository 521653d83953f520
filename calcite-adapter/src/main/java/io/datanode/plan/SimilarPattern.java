package io.datanode.plan;

import io.datanode.jdbc.SqlState;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.jspecify.annotations.Nullable;

/**
 * Patterns of {@code SIMILAR TO} as regular expressions: {@code %} and {@code _} as in LIKE, {@code
 * | * + ? {m,n} ( ) [ ]} as in regular expressions, all else for itself, and the whole text must
 * match. There is no escape character unless ESCAPE names one, as for LIKE.
 *
 * @see "ISO/IEC 9075-2, similar predicate"
 */
final class SimilarPattern {
  /** Of no meaning in SIMILAR TO, of some in regular expressions. */
  private static final String ORDINARY = ".^$\\";

  private static final String SPECIAL = ORDINARY + "|*+?{}()[]";

  private SimilarPattern() {}

  /**
   * The regular expression.
   *
   * @param escape one character, or null for none
   * @param place of the pattern
   * @throws ParsedSqlException 22023 for an escape at the end or of several characters
   */
  static String toRegularExpression(String pattern, @Nullable String escape, SqlParserPos place) {
    if (escape != null && escape.length() != 1) {
      throw new ParsedSqlException(
          SqlState.INVALID_PARAMETER, "ESCAPE takes one character, not '" + escape + "'", place);
    }
    // (?s): a new line is a character like others.
    StringBuilder written = new StringBuilder("(?s)^(");
    boolean inSet = false;
    for (int i = 0; i < pattern.length(); i++) {
      char c = pattern.charAt(i);
      if (escape != null && c == escape.charAt(0)) {
        i++;
        if (i == pattern.length()) {
          throw new ParsedSqlException(
              SqlState.INVALID_PARAMETER,
              "The pattern '" + pattern + "' ends with its escape",
              place);
        }
        literal(written, pattern.charAt(i));
      } else if (inSet) {
        written.append(c == '\\' ? "\\\\" : String.valueOf(c));
        inSet = c != ']';
      } else if (c == '%') {
        written.append(".*");
      } else if (c == '_') {
        written.append('.');
      } else if (ORDINARY.indexOf(c) >= 0) {
        literal(written, c);
      } else {
        inSet = c == '[';
        written.append(c);
      }
    }
    return written.append(")$").toString();
  }

  private static void literal(StringBuilder written, char c) {
    if (SPECIAL.indexOf(c) >= 0) {
      written.append('\\');
    }
    written.append(c);
  }
}
