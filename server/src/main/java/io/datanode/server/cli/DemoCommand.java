package io.datanode.server.cli;

import io.datanode.server.demo.DemoData;
import io.datanode.server.demo.DemoQueries;
import io.datanode.server.demo.DemoQueries.DemoQuery;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code demo}: generates a data set, serves it, and asks three questions of it. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Generate a data set, serve it, and run three queries on it.",
      "",
      "Assets, daily prices, a week of minute bars with gaps, fundamentals with restatements,"
          + " exchange rates and holdings; all invented, always the same. Serves until Ctrl-C."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  datanode demo",
      "  datanode demo --once --port 0          run the queries and exit",
      "  datanode demo --directory ./big --assets 2000 --years 15"
    })
final class DemoCommand implements Callable<Integer> {
  private static final int BAR = 30;

  private final Terminal terminal;

  @Spec CommandSpec spec;

  @Option(
      names = "--directory",
      paramLabel = "DIR",
      defaultValue = "${sys:user.home}/.datanode/demo",
      description = "Where the data set is, or is to be (~/.datanode/demo).")
  Path directory;

  @Option(names = "--once", description = "Exit after the queries.")
  boolean once;

  @Option(
      names = "--assets",
      paramLabel = "N",
      defaultValue = "100",
      description = "Number of assets (${DEFAULT-VALUE}).")
  int assets;

  @Option(
      names = "--years",
      paramLabel = "N",
      defaultValue = "5",
      description = "Years of daily prices (${DEFAULT-VALUE}).")
  int years;

  @Mixin ServerOptions options;

  DemoCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws SQLException, InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    boolean made = new DemoData(assets, years).writeTo(directory, this::progress);
    out.println((made ? "Generated " : "Using ") + directory);
    out.flush();
    try (EngineServer serving =
        EngineServer.start(directory.toAbsolutePath().toString(), options)) {
      String url = serving.server().jdbcUrl();
      try (Connection connection = DriverManager.getConnection(url)) {
        for (DemoQuery query : DemoQueries.all()) {
          show(connection, query, out);
        }
      }
      if (once) {
        return 0;
      }
      out.println();
      out.println("Serving at " + terminal.bold(url) + "; paste that into a JDBC tool.");
      out.println("Ctrl-C stops.");
      out.flush();
      serving.serveUntilStopped();
    }
    return 0;
  }

  private void show(Connection connection, DemoQuery query, PrintWriter out) throws SQLException {
    out.println();
    out.println(terminal.bold(query.title()));
    out.println();
    query.sql().lines().forEach(line -> out.println(terminal.faint("  " + line)));
    out.println();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query.sql())) {
      new PrintOptions().print(rows, out, terminal);
    }
  }

  private void progress(String node, long rows, int done, int of) {
    PrintWriter out = spec.commandLine().getOut();
    if (terminal.interactive()) {
      int filled = BAR * done / of;
      out.print(
          "\r\u001b[KGenerating ["
              + "#".repeat(filled)
              + " ".repeat(BAR - filled)
              + "] "
              + node
              + (done == of ? "\r\u001b[K" : ""));
    } else {
      out.println("Generated " + node + ": " + rows + " rows");
    }
    out.flush();
  }
}
