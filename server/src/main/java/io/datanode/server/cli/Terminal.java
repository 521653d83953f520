package io.datanode.server.cli;

import io.datanode.jdbc.SqlState;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Map;

/**
 * What the output goes to.
 *
 * @param interactive true if a person watches, so that lines may be rewritten and cells cut
 * @param colours true if escape sequences for colours are understood and wanted
 * @param width columns of a line
 * @param input what is typed or piped in
 */
record Terminal(boolean interactive, boolean colours, int width, InputStream input) {
  private static final int USUAL_WIDTH = 120;

  /** A terminal with the input of the process. */
  Terminal(boolean interactive, boolean colours, int width) {
    this(interactive, colours, width, System.in);
  }

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

  /** The same with another input. */
  Terminal with(InputStream newInput) {
    return new Terminal(interactive, colours, width, newInput);
  }

  /**
   * Asks for a new password twice without showing it; if nobody watches, reads a line of the input.
   *
   * @throws SQLException 22023 if there is none, or the two are different
   */
  String newPassword(String user) throws IOException, SQLException {
    if (!interactive) {
      String line =
          new BufferedReader(new InputStreamReader(input, StandardCharsets.UTF_8)).readLine();
      if (line == null) {
        throw SqlState.INVALID_PARAMETER.exception(
            "There is no password; expected it as a line of the input");
      }
      return line;
    }
    char[] first = System.console().readPassword("Password of %s: ", user);
    char[] second = first == null ? null : System.console().readPassword("Again: ");
    if (first == null || second == null || !Arrays.equals(first, second)) {
      throw SqlState.INVALID_PARAMETER.exception("The two passwords are different");
    }
    return new String(first);
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
