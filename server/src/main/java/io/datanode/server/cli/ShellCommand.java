package io.datanode.server.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.Callable;
import org.jline.terminal.TerminalBuilder;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code shell}: asks for statements and prints their rows. */
@Command(
    name = "shell",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Ask for SQL statements and print their rows, with history and completion.",
      "Statements that are piped in run until one fails."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  datanode shell",
      "  datanode shell jdbc:datanode://db.example.com:8765 --set user=alice",
      "  datanode shell ./market-data --format csv < report.sql"
    })
final class ShellCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Spec CommandSpec spec;

  @Parameters(
      paramLabel = "URL",
      arity = "0..1",
      description = "JDBC URL of a server or a catalog, or the path of a catalog.")
  @Nullable String url;

  @Mixin ConnectionOptions connection = new ConnectionOptions();

  @Mixin PrintOptions output = new PrintOptions();

  ShellCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws SQLException, IOException {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    try (Connection open = open()) {
      Shell shell = new Shell(open, output, connection.timeout, terminal, out, err);
      if (!terminal.interactive()) {
        try (ShellInput input = new PipedInput(terminal.input())) {
          return shell.run(input);
        }
      }
      out.println("DataNode SQL " + open.getMetaData().getDatabaseProductVersion());
      out.println("Type \\? for help, \\q to leave.");
      out.flush();
      org.jline.terminal.Terminal typed = TerminalBuilder.builder().system(true).build();
      typed.handle(org.jline.terminal.Terminal.Signal.INT, signal -> shell.cancel());
      try (ShellInput input = new TypedInput(typed, new NameCompleter(open), history())) {
        return shell.run(input);
      }
    }
  }

  private Connection open() throws SQLException {
    if (url == null) {
      return connection.connect();
    }
    return connection.connect(url.startsWith("jdbc:") ? url : "jdbc:datanode:" + url);
  }

  private static Path history() {
    return Path.of(System.getProperty("user.home"), ".datanode_history");
  }
}
