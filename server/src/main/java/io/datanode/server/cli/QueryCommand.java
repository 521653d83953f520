package io.datanode.server.cli;

import io.datanode.jdbc.SqlState;
import io.datanode.server.ServerSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParseResult;
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
  private static final int LONGEST_STOP_SECONDS = 3;

  private final Terminal terminal;

  @Spec CommandSpec spec;

  @Parameters(paramLabel = "SQL", description = "The statement, or - to read it from stdin.")
  String sql;

  @Option(
      names = "--url",
      paramLabel = "URL",
      description = "JDBC URL of a server (jdbc:datanode://127.0.0.1:8765).")
  @Nullable String url;

  @Option(
      names = "--catalog",
      paramLabel = "PATH",
      description =
          "Instead of a server: a folder, .duckdb file, catalog.yaml or"
              + " postgresql://host/database to open here.")
  @Nullable String catalog;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "table",
      description = "table, csv or json (${DEFAULT-VALUE}).")
  OutputFormat format = OutputFormat.TABLE;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "A setting of the connection, for example timeZone=Europe/Berlin.")
  Map<String, String> settings = new LinkedHashMap<>();

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      defaultValue = "0",
      description = "Stop the statement after so long; 0 never does (${DEFAULT-VALUE}).")
  int timeout;

  QueryCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  /** What is on the command line counts before what comes from environment or file. */
  private String jdbcUrl() {
    ParseResult typed = spec.commandLine().getParseResult();
    boolean typedUrl = typed.hasMatchedOption("--url");
    if (typedUrl && typed.hasMatchedOption("--catalog")) {
      throw new ParameterException(
          spec.commandLine(), "--url and --catalog exclude each other; give one");
    }
    if (catalog != null && !typedUrl) {
      return "jdbc:datanode:" + catalog;
    }
    return url != null ? url : "jdbc:datanode://127.0.0.1:" + ServerSettings.DEFAULT_PORT;
  }

  @Override
  public Integer call() throws SQLException, IOException {
    String text =
        sql.equals("-") ? new String(System.in.readAllBytes(), StandardCharsets.UTF_8) : sql;
    String jdbcUrl = jdbcUrl();
    if (!jdbcUrl.startsWith("jdbc:datanode:")) {
      throw SqlState.CONNECTION_FAILED.exception(
          "'"
              + url
              + "' is no URL of DataNode SQL; expected for example"
              + " jdbc:datanode://127.0.0.1:8765");
    }
    Properties properties = new Properties();
    settings.forEach(properties::setProperty);
    PrintWriter out = spec.commandLine().getOut();
    try (Connection connection = DriverManager.getConnection(jdbcUrl, properties);
        Statement statement = connection.createStatement();
        Stopping stopping = new Stopping(statement)) {
      statement.setQueryTimeout(timeout);
      if (statement.execute(text)) {
        try (ResultSet rows = statement.getResultSet()) {
          print(rows, format.sink(out, terminal));
        }
      }
      stopping.done();
    }
    return 0;
  }

  static void print(ResultSet rows, RowSink sink) throws SQLException {
    sink.begin(rows.getMetaData());
    while (rows.next()) {
      sink.row(rows);
    }
    sink.end();
  }

  /** Cancels a statement when the process is told to end, and waits until it has been. */
  private static final class Stopping implements AutoCloseable {
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Thread hook;

    Stopping(Statement statement) {
      hook =
          new Thread(
              () -> {
                try {
                  statement.cancel();
                  if (!ended.await(LONGEST_STOP_SECONDS, TimeUnit.SECONDS)) {
                    statement.getConnection().close();
                  }
                } catch (SQLException e) {
                  System.err.println(Main.message(e));
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
              },
              "cancel");
      Runtime.getRuntime().addShutdownHook(hook);
    }

    void done() {
      ended.countDown();
    }

    @Override
    public void close() {
      ended.countDown();
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException e) {
        // The process is ending already, and the hook with it.
        ended.countDown();
      }
    }
  }
}
