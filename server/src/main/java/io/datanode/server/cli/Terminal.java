package io.datanode.server.cli;

import java.util.Map;

/**
 * What the output goes to.
 *
 * @param interactive true if a person watches, so that lines may be rewritten and cells cut
 * @param colours true if escape sequences for colours are understood and wanted
 * @param width columns of a line
 */
record Terminal(boolean interactive, boolean colours, int width) {
  private static final int USUAL_WIDTH = 120;

  /** Output that nobody watches: a file, a pipe. */
  static Terminal none() {
    return new Terminal(false, false, Integer.MAX_VALUE);
  }

  static Terminal ofProcess(Map<String, String> environment) {
    if (System.console() == null || "dumb".equals(environment.get("TERM"))) {
      return none();
    }
    int width = USUAL_WIDTH;
    String columns = environment.get("COLUMNS");
    if (columns != null && columns.matches("[1-9][0-9]{0,4}")) {
      width = Integer.parseInt(columns);
    }
    return new Terminal(true, !environment.containsKey("NO_COLOR"), width);
  }

  /** Text in bold if colours are wanted. */
  String bold(String text) {
    return colours ? "\u001b[1m" + text + "\u001b[0m" : text;
  }

  /** Text less prominent than the rest if colours are wanted. */
  String faint(String text) {
    return colours ? "\u001b[2m" + text + "\u001b[0m" : text;
  }
}
