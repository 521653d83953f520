package io.datanode.server.cli;

import io.datanode.jdbc.SqlState;
import io.datanode.server.ServerSettings;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** Where a command that asks queries finds the nodes, and the settings of its connection. */
final class ConnectionOptions {
  private static final String PREFIX = "jdbc:datanode:";

  @Spec(Spec.Target.MIXEE)
  CommandSpec command;

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
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "A setting of the connection, for example timeZone=Europe/Berlin.")
  Map<String, String> settings = new LinkedHashMap<>();

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      defaultValue = "0",
      description = "Stop a statement after so long; 0 never does (${DEFAULT-VALUE}).")
  int timeout;

  /**
   * Connects to the server, or opens the catalog here.
   *
   * @throws SQLException 08001 if the URL is none of ours; else what the driver says
   */
  Connection connect() throws SQLException {
    return connect(jdbcUrl());
  }

  /** The same for a URL or path that was given as an argument. */
  Connection connect(String jdbcUrl) throws SQLException {
    if (!jdbcUrl.startsWith(PREFIX)) {
      throw SqlState.CONNECTION_FAILED.exception(
          "'"
              + jdbcUrl
              + "' is no URL of DataNode SQL; expected for example"
              + " jdbc:datanode://127.0.0.1:8765");
    }
    Properties properties = new Properties();
    settings.forEach(properties::setProperty);
    return DriverManager.getConnection(jdbcUrl, properties);
  }

  /** What is on the command line counts before what comes from environment or file. */
  private String jdbcUrl() {
    CommandLine line = command.commandLine();
    ParseResult typed = line.getParseResult();
    boolean typedUrl = typed.hasMatchedOption("--url");
    if (typedUrl && typed.hasMatchedOption("--catalog")) {
      throw new ParameterException(line, "--url and --catalog exclude each other; give one");
    }
    if (catalog != null && !typedUrl) {
      return PREFIX + catalog;
    }
    return url != null ? url : PREFIX + "//127.0.0.1:" + ServerSettings.DEFAULT_PORT;
  }
}
