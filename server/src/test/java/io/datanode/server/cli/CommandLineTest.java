package io.datanode.server.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The commands, as a user types them. */
@Timeout(120)
class CommandLineTest {
  @RegisterExtension static final DemoFolder DEMO = new DemoFolder();

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... args) {
    return run(Map.of(), args);
  }

  private int run(Map<String, String> environment, String... args) {
    return Main.run(args, environment, Terminal.none(), new PrintWriter(out), new PrintWriter(err));
  }

  @Test
  void helpShowsExamplesAndExitCodes() {
    assertEquals(0, run("--help"));
    assertTrue(
        out.toString().contains("datanode query \"SELECT * FROM daily_prices"), out::toString);
    assertTrue(out.toString().contains("2   wrong usage"), out::toString);
    assertEquals(0, run("query", "--help"));
    assertTrue(out.toString().contains("< report.sql"), out::toString);
  }

  @Test
  void nothingToDoShowsHelp() {
    assertEquals(0, run());
    assertTrue(out.toString().contains("Usage: datanode"), out::toString);
  }

  @Test
  void wrongUsageSaysWhatIsWrong() {
    assertEquals(2, run("query", "SELECT 1", "--fromat", "csv"));
    assertTrue(err.toString().startsWith("Unknown option"), err::toString);
    assertEquals(2, run("serve"));
    assertTrue(err.toString().contains("--catalog=PATH"), err::toString);
  }

  @Test
  void tablesAlignNumbersToTheRight() {
    assertEquals(0, run("query", THREE, "--catalog", DEMO.path()), err::toString);
    assertEquals(
        "  n | text | time\n"
            + "----+------+--------------------\n"
            + "  1 | NULL | 2024-03-10 02:30:00\n"
            + "-20 |      | NULL\n"
            + "300 | a, b | NULL\n"
            + "(3 rows)\n",
        out.toString().replace("\r", ""));
  }

  private static final String THREE =
      "SELECT * FROM (VALUES (1, CAST(NULL AS VARCHAR), TIMESTAMP '2024-03-10 02:30:00'),"
          + " (-20, '', NULL), (300, 'a, b', NULL)) AS t(n, text, time) ORDER BY n * n";

  @Test
  void csvKeepsNullAndEmptyApart() {
    assertEquals(
        0,
        run(
            "query",
            "SELECT n, text FROM (" + THREE + ")",
            "--catalog",
            DEMO.path(),
            "--format",
            "csv"));
    assertEquals("n,text\r\n1,\r\n-20,\"\"\r\n300,\"a, b\"\r\n", out.toString());
  }

  @Test
  void jsonKeepsNumbersAndTextApart() {
    assertEquals(
        0,
        run(
            "query",
            "SELECT CAST(12.50 AS DECIMAL(9, 2)) AS price, 'a\"b' AS text,"
                + " CAST('NaN' AS DOUBLE) AS nothing, TRUE AS yes",
            "--catalog",
            DEMO.path(),
            "--format",
            "json"),
        err::toString);
    assertEquals(
        "[\n {\"price\": 12.50, \"text\": \"a\\\"b\", \"nothing\": \"NaN\", \"yes\": true}\n]\n",
        out.toString());
  }

  @Test
  void settingsApply() {
    assertEquals(
        0,
        run(
            "query",
            "SELECT MAX(time_index) AS newest FROM daily_prices",
            "--catalog",
            DEMO.path(),
            "--set",
            "timeZone=Asia/Tokyo",
            "--format",
            "csv"));
    assertEquals("newest\r\n2026-01-01 06:00:00+09\r\n", out.toString());
  }

  @Test
  void aWrongStatementShowsWhereAndNoStackTrace() {
    assertEquals(1, run("query", "SELECT close FORM daily_prices x y", "--catalog", DEMO.path()));
    assertTrue(err.toString().startsWith("error 42601: "), err::toString);
    assertTrue(err.toString().contains("^"), err::toString);
    assertFalse(err.toString().contains("\tat "), err::toString);
  }

  @Test
  void anUnknownNodeNamesTheNearest() {
    assertEquals(1, run("query", "SELECT * FROM daily_price", "--catalog", DEMO.path()));
    assertTrue(err.toString().startsWith("error 42P01: "), err::toString);
    assertTrue(err.toString().contains("daily_prices"), err::toString);
  }

  @Test
  void aServerThatIsNotThereIsOneSentence() throws IOException {
    int free;
    try (ServerSocket socket = new ServerSocket(0)) {
      free = socket.getLocalPort();
    }
    assertEquals(1, run("query", "SELECT 1", "--url", "jdbc:datanode://127.0.0.1:" + free));
    assertTrue(err.toString().startsWith("error 08001: "), err::toString);
    assertEquals(1, err.toString().strip().lines().count(), err::toString);
  }

  @Test
  void checkListsNodesWithTheirRoles() {
    assertEquals(0, run("check", DEMO.path()), err::toString);
    assertTrue(
        out.toString()
            .replaceAll(" +", " ")
            .contains("fundamentals | lake | period_end | asset_identifier | published_at"),
        out::toString);
    assertTrue(out.toString().contains("(6 rows)"), out::toString);
  }

  @Test
  void checkReportsEveryProblemOfTheCatalog(@TempDir Path broken) throws IOException {
    Path catalog = broken.resolve("catalog.yaml");
    Files.writeString(
        catalog,
        """
        storages:
          lake: { type: duckdb, path: . }
        nodes:
          - identifier: prices
            storage: lke
            files: prices.parquet
          - identifier: rates
            storage: lake
            filse: rates.parquet
        """);
    assertEquals(1, run("check", catalog.toString()));
    assertTrue(out.toString().contains("catalog.yaml:5"), out::toString);
    assertTrue(out.toString().contains("catalog.yaml:9"), out::toString);
    assertTrue(err.toString().contains("problems"), err::toString);
  }

  @Test
  void checkReportsEveryProblemOfTheStorages(@TempDir Path broken) throws IOException {
    Files.writeString(broken.resolve("torn.parquet"), "no parquet");
    Path catalog = broken.resolve("catalog.yaml");
    Files.writeString(
        catalog,
        """
        storages:
          lake: { type: duckdb, path: . }
        nodes:
          - identifier: missing
            files: nosuch.parquet
          - identifier: torn
            files: torn.parquet
        """);
    assertEquals(1, run("check", catalog.toString()));
    assertTrue(out.toString().contains("Node 'missing'"), out::toString);
    assertTrue(out.toString().contains("Node 'torn'"), out::toString);
    assertTrue(err.toString().contains("2 problems"), err::toString);
  }

  @Test
  void optionsComeFromTheEnvironmentAndFromYaml(@TempDir Path home) throws IOException {
    Path config = home.resolve("datanode.yaml");
    Files.writeString(config, "format: csv\n");
    assertEquals(
        0,
        run(
            Map.of("DATANODE_CATALOG", DEMO.path()),
            "query",
            "SELECT 1 AS one",
            "--config",
            config.toString()),
        err::toString);
    assertEquals("one\r\n1\r\n", out.toString());
  }

  @Test
  void anUnknownKeyInYamlNamesTheNearest(@TempDir Path home) throws IOException {
    Path config = home.resolve("datanode.yaml");
    Files.writeString(config, "max-sesions: 5\n");
    assertEquals(2, run("serve", "--catalog", DEMO.path(), "--config", config.toString()));
    assertTrue(err.toString().contains("'max-sesions'"), err::toString);
    assertTrue(err.toString().contains("max-sessions"), err::toString);
  }

  @Test
  void aPortInUseIsOneSentence() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      String port = Integer.toString(taken.getLocalPort());
      assertEquals(1, run("serve", "--catalog", DEMO.path(), "--port", port));
      assertEquals(
          "error 08001: Cannot listen on 127.0.0.1:"
              + port
              + ": the port is in use; give another with --port, or --port 0 for any that is free",
          err.toString().strip());
    }
  }

  @Test
  void aHostThatOthersReachIsRefused() {
    assertEquals(1, run("serve", "--catalog", DEMO.path(), "--host", "0.0.0.0", "--port", "0"));
    assertTrue(err.toString().contains("can be reached from other machines"), err::toString);
  }

  @Test
  void demoShowsThreeQueriesAndExits() {
    assertEquals(
        0,
        run(
            "demo",
            "--once",
            "--port",
            "0",
            "--directory",
            DEMO.path(),
            "--assets",
            "10",
            "--years",
            "1"),
        err::toString);
    assertTrue(out.toString().startsWith("Using " + DEMO.path()), out::toString);
    assertEquals(3, out.toString().lines().filter(line -> line.endsWith(" rows)")).count());
    assertTrue(out.toString().contains("ASOF JOIN"), out::toString);
  }

  @Test
  void demoLeavesForeignFilesAlone(@TempDir Path other) throws IOException {
    Files.writeString(other.resolve("thesis.txt"), "important");
    assertEquals(1, run("demo", "--once", "--directory", other.toString()));
    assertTrue(err.toString().contains("holds other files"), err::toString);
    assertEquals("important", Files.readString(other.resolve("thesis.txt")));
  }

  @Test
  void demoThatCannotBeWrittenIsOneSentence(@TempDir Path other) throws IOException {
    Path file = Files.writeString(other.resolve("file"), "");
    assertEquals(1, run("demo", "--once", "--directory", file.resolve("demo").toString()));
    assertTrue(err.toString().startsWith("error 58030: The demo cannot be written"), err::toString);
    assertEquals(1, err.toString().strip().lines().count(), err::toString);
  }
}
