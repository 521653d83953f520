package io.datanode.storage.postgresql;

import static io.datanode.storage.postgresql.PostgreSqlDialect.notPushed;

import java.util.HashMap;
import java.util.Map;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;

/** Formats of times, in the letters of C and in the patterns of PostgreSQL. */
final class TimeFormats {
  private static final Map<Character, String> PATTERNS = patterns();

  private TimeFormats() {}

  private static Map<Character, String> patterns() {
    Map<Character, String> patterns = new HashMap<>();
    patterns.put('Y', "YYYY");
    patterns.put('y', "YY");
    patterns.put('m', "MM");
    patterns.put('d', "DD");
    patterns.put('j', "DDD");
    patterns.put('H', "HH24");
    patterns.put('I', "HH12");
    patterns.put('p', "AM");
    patterns.put('M', "MI");
    patterns.put('S', "SS");
    patterns.put('f', "US");
    patterns.put('b', "Mon");
    patterns.put('B', "FMMonth");
    patterns.put('a', "Dy");
    patterns.put('A', "FMDay");
    patterns.put('u', "ID");
    return patterns;
  }

  /**
   * The pattern of {@code TO_CHAR} for a format of {@code STRFTIME}.
   *
   * @throws io.datanode.storage.sql.NotPushedException unless the format is a constant and each of
   *     its letters has a pattern of the same meaning
   */
  static String pattern(RexNode node) {
    String format = node instanceof RexLiteral literal ? literal.getValueAs(String.class) : null;
    if (format == null) {
      throw notPushed("STRFTIME", "STRFTIME is pushed to PostgreSQL only with a constant format");
    }
    StringBuilder translated = new StringBuilder();
    for (int i = 0; i < format.length(); i++) {
      char c = format.charAt(i);
      if (c != '%') {
        translated.append(verbatim(c));
        continue;
      }
      i++;
      char letter = i < format.length() ? format.charAt(i) : ' ';
      String pattern = letter == '%' ? verbatim('%') : PATTERNS.get(letter);
      if (pattern == null) {
        throw notPushed("STRFTIME", "TO_CHAR of PostgreSQL has nothing like %" + letter);
      }
      translated.append(pattern);
    }
    return translated.toString();
  }

  private static String verbatim(char c) {
    return switch (c) {
      case '"' -> "\\\"";
      case '\\' -> "\"\\\\\"";
      default -> Character.isLetterOrDigit(c) || c > 127 ? "\"" + c + "\"" : String.valueOf(c);
    };
  }
}
