package io.datanode.server.cli;

import io.datanode.jdbc.SqlState;
import java.io.IOException;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Runs statements and commands one after the other over one connection. */
final class Shell {
  private static final String HELP =
      """
      A statement ends with a semicolon and may have several lines.
        \\d                 nodes
        \\d NODE            columns of a node
        \\format FORMAT     print rows as table, csv or json
        \\null TEXT         show NULL as this text in tables
        \\timing            say how long each statement takes, or stop saying it
        \\q                 leave; so does Ctrl-D
      Ctrl-C stops the statement that runs.""";

  private final Connection connection;
  private final PrintOptions output;
  private final int timeoutSeconds;
  private final Terminal terminal;
  private final PrintWriter out;
  private final PrintWriter err;
  private final AtomicReference<@Nullable Statement> running = new AtomicReference<>();
  private boolean timing;

  Shell(
      Connection connection,
      PrintOptions output,
      int timeoutSeconds,
      Terminal terminal,
      PrintWriter out,
      PrintWriter err) {
    this.connection = connection;
    this.output = output;
    this.timeoutSeconds = timeoutSeconds;
    this.terminal = terminal;
    this.out = out;
    this.err = err;
  }

  /** Runs until the input ends, a command ends it, or a script fails; the exit code. */
  int run(ShellInput input) throws IOException {
    for (String next = input.next(); next != null; next = input.next()) {
      try {
        if (next.startsWith("\\")) {
          if (next.equals("\\q")) {
            return 0;
          }
          command(next);
        } else {
          execute(next);
        }
      } catch (SQLException e) {
        out.flush();
        err.println(Main.message(e));
        if (!input.goesOnAfterErrors()) {
          return Main.FAILED;
        }
      }
      out.flush();
    }
    return 0;
  }

  /** Stops the statement that runs, if one does. */
  void cancel() {
    Statement statement = running.get();
    if (statement != null) {
      try {
        statement.cancel();
      } catch (SQLException e) {
        err.println(Main.message(e));
      }
    }
  }

  private void execute(String sql) throws SQLException {
    long begin = System.nanoTime();
    try (Statement statement = connection.createStatement();
        StopOnExit stopping = new StopOnExit(statement)) {
      statement.setQueryTimeout(timeoutSeconds);
      running.set(statement);
      if (statement.execute(sql)) {
        try (ResultSet rows = statement.getResultSet()) {
          output.print(rows, out, terminal);
        }
      } else if (terminal.interactive()) {
        out.println("done");
      }
    } finally {
      running.set(null);
    }
    if (timing) {
      out.println("Time: " + Duration.ofNanos(System.nanoTime() - begin).toMillis() + " ms");
    }
  }

  private void command(String line) throws SQLException {
    String[] words = line.split("\\s+", 2);
    String argument = words.length > 1 ? words[1].strip() : "";
    switch (words[0]) {
      case "\\?", "\\help" -> out.println(HELP);
      case "\\d" -> {
        if (argument.isEmpty()) {
          nodes();
        } else {
          columns(argument);
        }
      }
      case "\\format" -> output.format = format(argument);
      case "\\null" -> output.nullText = argument;
      case "\\timing" -> {
        timing = !timing;
        out.println(timing ? "Timing is on" : "Timing is off");
      }
      default ->
          throw SqlState.SYNTAX_ERROR.exception(
              "There is no command " + words[0] + "; \\? lists them");
    }
  }

  private static OutputFormat format(String name) throws SQLException {
    for (OutputFormat format : OutputFormat.values()) {
      if (format.name().equalsIgnoreCase(name)) {
        return format;
      }
    }
    throw SqlState.INVALID_PARAMETER.exception(
        "'" + name + "' is no format; expected table, csv or json");
  }

  private void nodes() throws SQLException {
    try (ResultSet rows = connection.getMetaData().getTables(null, null, "%", null)) {
      list(rows, "TABLE_SCHEM", "TABLE_NAME", "TABLE_TYPE", "REMARKS");
    }
  }

  /** Columns of a node, whose schema may stand before a dot; upper and lower case are the same. */
  private void columns(String name) throws SQLException {
    int dot = name.indexOf('.');
    String schema = dot < 0 ? connection.getSchema() : name.substring(0, dot);
    String node = unquoted(name.substring(dot + 1));
    String found = null;
    try (ResultSet tables =
        connection.getMetaData().getTables(null, escaped(unquoted(schema)), "%", null)) {
      while (found == null && tables.next()) {
        found = tables.getString("TABLE_NAME").equalsIgnoreCase(node) ? tables.getString(3) : null;
      }
    }
    if (found == null) {
      throw SqlState.UNDEFINED_NODE.exception(
          "There is no node '" + node + "' in schema '" + schema + "'; \\d lists nodes");
    }
    try (ResultSet rows =
        connection.getMetaData().getColumns(null, escaped(unquoted(schema)), escaped(found), "%")) {
      list(rows, "COLUMN_NAME", "TYPE_NAME", "IS_NULLABLE", "REMARKS");
    }
  }

  private static String unquoted(String name) {
    return name.length() > 1 && name.startsWith("\"") && name.endsWith("\"")
        ? name.substring(1, name.length() - 1).replace("\"\"", "\"")
        : name;
  }

  private String escaped(String name) throws SQLException {
    String escape = connection.getMetaData().getSearchStringEscape();
    return name.replace("_", escape + "_").replace("%", escape + "%");
  }

  private void list(ResultSet rows, String... columns) throws SQLException {
    TablePrinter table = new TablePrinter(out, terminal, "");
    table.begin(
        Arrays.stream(columns).map(each -> each.toLowerCase(Locale.ROOT)).toList(),
        Collections.nCopies(columns.length, false));
    while (rows.next()) {
      @Nullable String[] values = new @Nullable String[columns.length];
      for (int i = 0; i < columns.length; i++) {
        values[i] = rows.getString(columns[i]);
      }
      table.row(Arrays.asList(values));
    }
    table.end();
  }
}
