package io.datanode.server.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code --login}: a way to log in that somebody else wrote, {@link BadgeLogin}. */
class LoginProviderTest {
  @TempDir Path folder;

  @BeforeEach
  void write() throws IOException {
    Files.writeString(folder.resolve("rates.csv"), "time_index,rate\n2024-01-02,1.5\n");
    Files.writeString(
        folder.resolve("grants.yaml"), "grants:\n  - role: badge\n    nodes: [rates]\n");
  }

  private EngineServer serve(String... options) throws SQLException, IOException {
    ServeCommand command = new ServeCommand();
    List<String> all = new ArrayList<>(List.of(options));
    all.addAll(List.of("--catalog", folder.toString(), "--port", "0", "--drain", "PT0S"));
    CommandLine commandLine = new CommandLine(command);
    commandLine.setDefaultValueProvider(
        OptionValues.of(all.toArray(String[]::new), Map.of(), commandLine));
    commandLine.parseArgs(all.toArray(String[]::new));
    return EngineServer.start(command.catalog, command.options);
  }

  private static Connection connect(EngineServer server, String token) throws SQLException {
    Properties info = new Properties();
    info.setProperty("token", token);
    return DriverManager.getConnection(server.server().jdbcUrl(), info);
  }

  @Test
  void itLetsInWhomItKnowsWithTheirRoles() throws Exception {
    try (EngineServer server =
            serve(
                "--login",
                "badges",
                "--login-setting",
                "secret=sesame",
                "--grants",
                folder.resolve("grants.yaml").toString());
        Connection connection = connect(server, "erin-sesame");
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT COUNT(*) FROM rates")) {
      assertTrue(rows.next());
      assertEquals(1, rows.getLong(1));
      assertEquals("erin", connection.getMetaData().getUserName());
      SQLException refused =
          assertThrows(SQLException.class, () -> connect(server, "erin-guessed"));
      assertEquals("28P01", refused.getSQLState(), refused::getMessage);
    }
  }

  @Test
  void oneThatIsNotThereIsToldWithThoseThatAre() {
    SQLException error =
        assertThrows(SQLException.class, () -> serve("--login", "directory").close());
    assertEquals("F0000", error.getSQLState());
    assertEquals(
        "There is no login 'directory' on the class path; there is [badges]", error.getMessage());
  }

  @Test
  void itsSettingsAreItsOwn() {
    SQLException error = assertThrows(SQLException.class, () -> serve("--login", "badges").close());
    assertEquals("F0000", error.getSQLState());
    assertTrue(error.getMessage().contains("--login-setting secret"), error::getMessage);
  }
}
