package io.datanode.storage.sql;

import org.jspecify.annotations.Nullable;

/**
 * Marks inside SQL text that is still being put together. They are Unicode noncharacters, which no
 * text may contain; a string that holds one all the same is bound as a parameter.
 */
final class SqlPieces {
  /**
   * Before the alias of a column reference; whether it is printed is decided when its block ends.
   */
  static final char ALIAS = '\uFDD0';

  /** After that alias. */
  static final char ALIAS_END = '\uFDD1';

  /** Before the number of a parameter. */
  static final char PARAMETER = '\uFDD2';

  /** After that number. */
  static final char PARAMETER_END = '\uFDD3';

  /** Before a condition that is known only when keys of another piece of the query are. */
  static final char KEYS = '\uFDD4';

  /** After each part of it: key set and use, text with keys, text with bounds. */
  static final char KEYS_END = '\uFDD5';

  private SqlPieces() {}

  static boolean holdsMark(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= ALIAS && c <= '\uFDD6') {
        return true;
      }
    }
    return false;
  }

  static String reference(String alias, String quotedColumn) {
    return ALIAS + alias + ALIAS_END + quotedColumn;
  }

  static String parameter(int index) {
    return PARAMETER + Integer.toString(index) + PARAMETER_END;
  }

  static String keys(int keySet, int use, @Nullable String withKeys, String withBounds) {
    return KEYS
        + Integer.toString(use)
        + keySet
        + KEYS_END
        + (withKeys == null ? "" : withKeys)
        + KEYS_END
        + withBounds
        + KEYS_END;
  }

  /** What stands for a key condition in a written statement. */
  static String keysMark(int index) {
    return KEYS + Integer.toString(index) + KEYS_END;
  }

  /** Prints the alias in references to it, or leaves it out. */
  static String resolve(String text, String alias, String replacement) {
    return text.replace(ALIAS + alias + ALIAS_END, replacement);
  }

  static boolean refersTo(String text, String alias) {
    return text.indexOf(ALIAS + alias + ALIAS_END) >= 0;
  }

  /** The alias before the column of a text that {@link #isReference}. */
  static String alias(String reference) {
    return reference.substring(1, reference.indexOf(ALIAS_END));
  }

  /** True for text that names one column and does nothing else. */
  static boolean isReference(String text) {
    if (text.isEmpty() || text.charAt(0) != ALIAS) {
      return false;
    }
    int end = text.indexOf(ALIAS_END);
    String column = text.substring(end + 1);
    return column.length() > 1
        && column.charAt(0) == '"'
        && column.replace("\"\"", "").indexOf('"', 1) == column.replace("\"\"", "").length() - 1;
  }

  /** True for text that neither names a column nor calls a function. */
  static boolean isConstant(String text) {
    return text.indexOf(ALIAS) < 0 && text.indexOf('(') < 0;
  }
}
