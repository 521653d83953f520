package io.datanode.server.cli;

import io.datanode.jdbc.Setting;
import io.datanode.server.RequestLimits;
import io.datanode.server.ServerSettings;
import io.datanode.server.session.ClientSettings;
import io.datanode.server.session.SessionLimits;
import io.datanode.server.session.StatementLimits;
import io.datanode.server.session.UserLimits;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options of the commands that serve. */
final class ServerOptions {
  @Option(
      names = "--host",
      paramLabel = "ADDRESS",
      defaultValue = "127.0.0.1",
      description = "Address of this machine to listen on (${DEFAULT-VALUE}).")
  String host = "127.0.0.1";

  @Option(
      names = "--port",
      paramLabel = "N",
      defaultValue = "8765",
      description = "Port to listen on (${DEFAULT-VALUE}); 0 takes any that is free.")
  int port;

  @Option(
      names = "--session-idle",
      paramLabel = "DURATION",
      defaultValue = "PT2H",
      description = "Connections unused for so long are closed (${DEFAULT-VALUE}).")
  Duration sessionIdle = Duration.ofHours(2);

  @Option(
      names = "--statement-idle",
      paramLabel = "DURATION",
      defaultValue = "PT30M",
      description = "Results unread for so long are closed (${DEFAULT-VALUE}).")
  Duration statementIdle = Duration.ofMinutes(30);

  @Option(
      names = "--max-sessions",
      paramLabel = "N",
      defaultValue = "2000",
      description = "Connections open at the same time (${DEFAULT-VALUE}).")
  int maxSessions;

  @Option(
      names = "--max-connections",
      paramLabel = "N",
      defaultValue = "10000",
      description = "Network connections open at the same time (${DEFAULT-VALUE}).")
  int maxConnections;

  @Option(
      names = "--max-statements",
      paramLabel = "N",
      defaultValue = "250",
      description = "Statements of one user running or being read (${DEFAULT-VALUE}).")
  int maxStatements;

  @Option(
      names = "--max-user-sessions",
      paramLabel = "N",
      defaultValue = "1000",
      description = "Connections of one user open at the same time (${DEFAULT-VALUE}).")
  int maxUserSessions;

  @Option(
      names = "--max-user-memory",
      paramLabel = "BYTES",
      defaultValue = "4294967296",
      description = {
        "Bytes of requests, of answers not taken yet and of rows shipped between storages",
        "held for one user; 0 is any number (${DEFAULT-VALUE})."
      })
  long maxUserMemory;

  @Option(
      names = "--max-shipped-rows",
      paramLabel = "N",
      defaultValue = "0",
      description = {
        "Rows a statement may ship between storages, whatever its connection sets;",
        "0 is any number (${DEFAULT-VALUE})."
      })
  long maxShippedRows;

  @Option(
      names = "--max-request-bytes",
      paramLabel = "N",
      defaultValue = "67108864",
      description = "Largest request taken (${DEFAULT-VALUE}).")
  int maxRequestBytes;

  @Option(
      names = "--max-request-time",
      paramLabel = "DURATION",
      defaultValue = "PT30S",
      description = {
        "How long a request may take to arrive; a larger body has to come at",
        "1000 bytes a second or more after it (${DEFAULT-VALUE})."
      })
  Duration maxRequestTime = Duration.ofSeconds(30);

  @Option(
      names = "--max-result-rows",
      paramLabel = "N",
      defaultValue = "0",
      description = "Rows a statement may give; 0 is any number (${DEFAULT-VALUE}).")
  long maxResultRows;

  @Option(
      names = "--max-statement-time",
      paramLabel = "DURATION",
      defaultValue = "PT0S",
      description = "How long a statement may work; PT0S is any time (${DEFAULT-VALUE}).")
  Duration maxStatementTime = Duration.ZERO;

  @Option(
      names = "--max-requests-per-second",
      paramLabel = "N",
      defaultValue = "0",
      description = "Requests of one user on average; 0 is any number (${DEFAULT-VALUE}).")
  int maxRequestsPerSecond;

  @Option(
      names = "--drain",
      paramLabel = "DURATION",
      defaultValue = "PT10S",
      description = "How long running requests may go on when stopped (${DEFAULT-VALUE}).")
  Duration drain = Duration.ofSeconds(10);

  @Option(
      names = "--memory-limit",
      paramLabel = "SIZE",
      description = "Memory DuckDB may use, for example 4GB; by default most of it.")
  @Nullable String memoryLimit;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads DuckDB may use; by default one per core.")
  @Nullable Integer threads;

  @Option(
      names = "--spill-directory",
      paramLabel = "DIR",
      description = "Where DuckDB spills what does not fit into memory.")
  @Nullable String spillDirectory;

  @Option(
      names = "--spill-limit",
      paramLabel = "SIZE",
      description = "Disk space DuckDB may spill to, for example 50GB.")
  @Nullable String spillLimit;

  @Option(
      names = "--catalog-ttl",
      paramLabel = "DURATION",
      description = "How long the catalog is remembered, for example PT1M.")
  @Nullable String catalogTtl;

  @Option(
      names = "--session-default",
      paramLabel = "KEY=VALUE",
      split = ";",
      description = {
        "Setting of connections that do not give it themselves,",
        "for example strictPushdown=time; may be repeated."
      })
  Map<String, String> sessionDefaults = new LinkedHashMap<>();

  @Mixin AccessOptions access = new AccessOptions();

  /**
   * How to serve.
   *
   * @throws SQLException 22023 for a session default that makes no sense
   */
  ServerSettings serverSettings() throws SQLException {
    SessionLimits defaults = SessionLimits.defaults();
    Map<String, String> checkedDefaults = ClientSettings.defaults(sessionDefaults);
    StatementLimits statement =
        new StatementLimits(maxResultRows, maxStatementTime, maxShippedRows);
    String shipped = checkedDefaults.get(Setting.MAX_SHIPPED_ROWS.key());
    if (shipped != null) {
      statement.requireShippedRows(Long.parseLong(shipped));
    }
    return new ServerSettings(
        host,
        port,
        new SessionLimits(
            sessionIdle,
            statementIdle,
            maxSessions,
            defaults.statementsPerSession(),
            new UserLimits(maxUserSessions, maxStatements, maxUserMemory, maxRequestsPerSecond),
            statement),
        Math.max(ServerSettings.defaults().statementThreads(), maxStatements),
        new RequestLimits(maxRequestBytes, maxRequestTime, maxConnections),
        drain,
        checkedDefaults,
        access.open(InstantSource.system()));
  }

  /** Settings of the engine, by key. */
  Map<String, String> engineSettings() {
    Map<String, String> settings = new LinkedHashMap<>();
    put(settings, Setting.MEMORY_LIMIT, memoryLimit);
    put(settings, Setting.THREADS, threads);
    put(settings, Setting.SPILL_DIRECTORY, spillDirectory);
    put(settings, Setting.SPILL_LIMIT, spillLimit);
    put(settings, Setting.CATALOG_TTL, catalogTtl);
    return settings;
  }

  private static void put(Map<String, String> settings, Setting setting, @Nullable Object value) {
    if (value != null) {
      settings.put(setting.key(), value.toString());
    }
  }
}
