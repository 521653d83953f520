package io.datanode.server.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datanode.server.demo.DemoData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Settings that a server gives the sessions of clients who do not give them. */
@Timeout(120)
class SessionDefaultsTest {
  private static final String WHOLE = "SELECT COUNT(*) FROM daily_prices";
  private static final String MONTH =
      WHOLE + " WHERE time_index >= '2024-01-01' AND time_index < '2024-02-01'";

  @TempDir static Path folder;

  @BeforeAll
  static void generate() {
    new DemoData(10, 1).writeTo(folder, (node, rows, done, of) -> {});
  }

  @Test
  void everySessionBeginsWithThemAndReturnsToThem() throws Exception {
    try (EngineServer serving = serve(Map.of(), "--session-default", "strictPushdown=time");
        Connection connection = DriverManager.getConnection(serving.server().jdbcUrl());
        Statement statement = connection.createStatement()) {
      refused(statement);
      assertTrue(count(statement, MONTH) >= 0);
      statement.execute("SET strictPushdown = ''");
      assertTrue(count(statement, WHOLE) > 0);
      statement.execute("RESET strictPushdown");
      refused(statement);
    }
  }

  @Test
  void whatAClientGivesCounts() throws Exception {
    try (EngineServer serving = serve(Map.of(), "--session-default", "strictPushdown=time");
        Connection connection =
            DriverManager.getConnection(serving.server().jdbcUrl() + "?strictPushdown=asset");
        Statement statement = connection.createStatement()) {
      assertEquals(0, count(statement, WHOLE + " WHERE asset_identifier = 'none'"));
    }
  }

  @Test
  void severalComeFromTheEnvironmentOrFromYaml() throws Exception {
    Path config =
        Files.writeString(
            folder.resolve("server.yml"),
            "session-default:\n  strictPushdown: [time, asset]\n  timeZone: Asia/Tokyo\n");
    for (Map<String, String> environment :
        List.of(
            Map.of("DATANODE_CONFIG", config.toString()),
            Map.of("DATANODE_SESSION_DEFAULT", "strictPushdown=time,asset;timeZone=Asia/Tokyo"))) {
      try (EngineServer serving = serve(environment);
          Connection connection = DriverManager.getConnection(serving.server().jdbcUrl());
          Statement statement = connection.createStatement()) {
        assertThrows(SQLException.class, () -> count(statement, MONTH));
        try (ResultSet row =
            statement.executeQuery(
                "SELECT CAST('2024-01-01 00:00:00' AS TIMESTAMP WITH LOCAL TIME ZONE)")) {
          row.next();
          assertEquals("2024-01-01 00:00:00+09", row.getString(1));
        }
      }
    }
  }

  @Test
  void whatCannotBeOneIsRefusedAtTheStart() {
    says(
        "There is no setting 'strictPushdwn'; the nearest is 'strictPushdown'",
        "--session-default=strictPushdwn=time");
    says(
        "Setting 'strictPushdown' is 'month'; expected time, asset or time,asset",
        "--session-default=strictPushdown=month");
    says(
        "'password' has no default that a server could give; what has is timeZone, schema,"
            + " queryTimeout, pushdown, strictPushdown, strictPointInTime, maxShippedRows, asOf, asOfDelay,"
            + " replayFrom, replaySpeed",
        "--session-default=password=secret");
  }

  private static void says(String message, String option) {
    SQLException failure = assertThrows(SQLException.class, () -> serve(Map.of(), option).close());
    assertEquals("22023", failure.getSQLState());
    assertEquals(message, failure.getMessage());
  }

  private static EngineServer serve(Map<String, String> environment, String... options)
      throws SQLException, IOException {
    ServeCommand command = new ServeCommand();
    CommandLine commandLine = new CommandLine(command);
    commandLine.setDefaultValueProvider(OptionValues.of(options, environment, commandLine));
    String[] all = java.util.Arrays.copyOf(options, options.length + 4);
    all[options.length] = "--catalog";
    all[options.length + 1] = folder.toString();
    all[options.length + 2] = "--port";
    all[options.length + 3] = "0";
    commandLine.parseArgs(all);
    return EngineServer.start(command.catalog, command.options);
  }

  private static void refused(Statement statement) {
    SQLException failure = assertThrows(SQLException.class, () -> count(statement, WHOLE));
    assertEquals("54000", failure.getSQLState(), failure.getMessage());
  }

  private static long count(Statement statement, String sql) throws SQLException {
    try (ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getLong(1);
    }
  }
}
