package io.datanode.server.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code query}: runs one statement and prints its rows. */
@Command(
    name = "query",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Run one SQL statement and print its rows.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  datanode query \"SELECT count(*) FROM daily_prices\"",
      "  datanode query \"SELECT * FROM fx_rates\" --catalog ./market-data --format csv",
      "  datanode query - --set timeZone=Europe/Berlin < report.sql"
    })
final class QueryCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Spec CommandSpec spec;

  @Parameters(paramLabel = "SQL", description = "The statement, or - to read it from stdin.")
  String sql;

  @Mixin ConnectionOptions connection = new ConnectionOptions();

  @Mixin PrintOptions output = new PrintOptions();

  QueryCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws SQLException, IOException {
    String text =
        sql.equals("-") ? new String(System.in.readAllBytes(), StandardCharsets.UTF_8) : sql;
    try (Connection open = connection.connect();
        Statement statement = open.createStatement();
        StopOnExit stopping = new StopOnExit(statement)) {
      statement.setQueryTimeout(connection.timeout);
      if (statement.execute(text)) {
        try (ResultSet rows = statement.getResultSet()) {
          output.print(rows, spec.commandLine().getOut(), terminal);
        }
      }
    }
    return 0;
  }
}
