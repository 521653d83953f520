package io.datanode.server.cli;

import java.util.ArrayList;
import java.util.List;

/**
 * Cuts what is typed or piped in into statements. A statement ends with a semicolon that is in no
 * text, quoted name or comment; a line that begins with a backslash where a statement could begin
 * is a command of the shell.
 */
final class StatementSplitter {
  /**
   * What was found.
   *
   * @param complete statements without their semicolons, and commands, in order
   * @param rest what follows the last of them; blank if nothing does
   */
  record Split(List<String> complete, String rest) {}

  private final String text;
  private int at;

  private StatementSplitter(String text) {
    this.text = text;
  }

  static Split split(String text) {
    return new StatementSplitter(text).run();
  }

  private Split run() {
    List<String> complete = new ArrayList<>();
    int begin = 0;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '\\' && text.substring(begin, at).isBlank()) {
        int end = endOf("\n", at);
        complete.add(text.substring(at, end).strip());
        at = end;
        begin = at;
      } else if (c == ';') {
        String statement = text.substring(begin, at).strip();
        if (!statement.isEmpty()) {
          complete.add(statement);
        }
        at++;
        begin = at;
      } else {
        at = after(c);
      }
    }
    return new Split(complete, text.substring(begin).strip());
  }

  /** Where what begins here with this character is over. */
  private int after(char c) {
    if (c == '\'' || c == '"') {
      // A doubled quote ends one text and begins the next, which comes to the same.
      return endOf(String.valueOf(c), at + 1);
    }
    if (text.startsWith("--", at)) {
      return endOf("\n", at);
    }
    return text.startsWith("/*", at) ? endOf("*/", at + 2) : at + 1;
  }

  private int endOf(String end, int from) {
    int found = text.indexOf(end, from);
    return found < 0 ? text.length() : found + end.length();
  }
}
