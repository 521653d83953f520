package io.datanode.server.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datanode.server.demo.DemoData;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The commands for catalogs in a database, as a user types them, with a real PostgreSQL. */
@Timeout(120)
class CatalogCommandTest {
  @TempDir static Path folder;
  private static EmbeddedPostgres postgres;
  private static int databases;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private String location;

  @BeforeAll
  static void start() throws IOException {
    postgres = EmbeddedPostgres.builder().setServerConfig("fsync", "off").start();
    new DemoData(10, 1).writeTo(folder.resolve("demo"), (node, rows, done, of) -> {});
  }

  @AfterAll
  static void stop() throws IOException {
    postgres.close();
  }

  @BeforeEach
  void create() throws SQLException {
    String name = "catalog_" + ++databases;
    try (Connection connection = postgres.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE " + name);
    }
    location = "postgresql://postgres:s3cret@localhost:" + postgres.getPort() + "/" + name;
  }

  private int run(String... args) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    return Main.run(
        args,
        Map.of("DATANODE_CATALOG", location),
        Terminal.none(),
        new PrintWriter(out),
        new PrintWriter(err));
  }

  private static String demo() {
    return folder.resolve("demo").toString();
  }

  private String shown() {
    return location.replace("postgres:s3cret@", "");
  }

  @Test
  void anImportedCatalogIsQueriedAndChecked() {
    assertEquals(0, run("catalog", "import", demo()), err::toString);
    assertEquals(
        """
        Schema "datanode": version 1, nodes
        Schema "datanode": version 2, stitched nodes
        Schema "datanode": version 3, snapshots and ties
        added storage lake
        added node assets
        added node daily_prices
        added node fundamentals
        added node fx_rates
        added node holdings
        added node minute_bars
        changed assets
        Imported into %s: nodes 6 added, 0 changed, 0 removed.
        """
            .formatted(shown()),
        out.toString().replace("\r", ""));
    assertEquals(
        0,
        run("query", "SELECT COUNT(*) > 0 AS some FROM daily_prices", "--format", "csv"),
        err::toString);
    assertEquals("some\r\ntrue\r\n", out.toString());
    assertEquals(0, run("check", location), err::toString);
    assertTrue(out.toString().contains("(6 rows)"), out::toString);
  }

  @Test
  void theSameAgainChangesNothing() {
    assertEquals(0, run("catalog", "import", demo()), err::toString);
    assertEquals(0, run("catalog", "import", demo()), err::toString);
    assertEquals("Nothing to change: " + shown() + " declares the same.", out.toString().strip());
  }

  @Test
  void aDryRunWritesNothing() {
    assertEquals(0, run("catalog", "import", demo(), "--dry-run"), err::toString);
    assertTrue(
        out.toString()
            .contains("Would import into " + shown() + ": nodes 6 added, 0 changed, 0 removed."),
        out::toString);
    assertEquals(1, run("catalog", "export"));
    assertEquals(
        "error F0000: Catalog '"
            + shown()
            + "' has no tables in schema \"datanode\"; make them with datanode catalog migrate"
            + " --catalog '"
            + shown()
            + "'",
        err.toString().strip());
  }

  @Test
  void whatIsExportedImportsBackWithoutAChange(@TempDir Path other) throws IOException {
    assertEquals(0, run("catalog", "import", demo()), err::toString);
    Path file = other.resolve("catalog.yaml");
    assertEquals(0, run("catalog", "export", "--output", file.toString()), err::toString);
    assertEquals("Wrote 6 nodes to " + file, out.toString().strip());
    assertEquals(0, run("catalog", "import", file.toString()), err::toString);
    assertTrue(out.toString().startsWith("Nothing to change"), out::toString);
    assertEquals(0, run("catalog", "export"), err::toString);
    assertEquals(Files.readString(file), out.toString());
  }

  @Test
  void aFolderIsExportedToo() {
    assertEquals(0, run("catalog", "export", "--catalog", demo()), err::toString);
    assertTrue(out.toString().startsWith("storages:\n"), out::toString);
    assertTrue(out.toString().contains("identifier: daily_prices"), out::toString);
  }

  @Test
  void everyMistakeOfTheFileIsToldAndNothingIsWritten(@TempDir Path other) throws IOException {
    Path file = other.resolve("catalog.yaml");
    Files.writeString(
        file,
        """
        storages: { desk: { type: postgresql, password: s3cret } }
        nodes: [ { identifer: prices, table: prices } ]
        """);
    assertEquals(1, run("catalog", "import", file.toString()));
    assertTrue(
        err.toString().startsWith(file + ":1:49: 'password' of storage 'desk' is written out, so"),
        err::toString);
    assertTrue(err.toString().contains(file + ":2:12: Unknown key 'identifer'"), err::toString);
    assertFalse(err.toString().contains("s3cret"), err::toString);
  }

  @Test
  void tablesAreMadeOnce() {
    assertEquals(0, run("catalog", "migrate"), err::toString);
    assertEquals(
        """
        Schema "datanode": version 1, nodes
        Schema "datanode": version 2, stitched nodes
        Schema "datanode": version 3, snapshots and ties""",
        out.toString().strip());
    assertEquals(0, run("catalog", "migrate"), err::toString);
    assertEquals("The tables of " + shown() + " are up to date.", out.toString().strip());
  }

  @Test
  void serveMakesTheTablesIfToldTo() {
    assertEquals(1, run("serve", "--port", "0"));
    assertTrue(err.toString().contains("has no tables in schema"), err::toString);
    // A host that is refused, so that the server ends.
    assertEquals(1, run("serve", "--migrate-catalog", "--host", "0.0.0.0", "--port", "0"));
    assertTrue(err.toString().contains("can be reached from other machines"), err::toString);
    assertEquals(0, run("catalog", "migrate"), err::toString);
    assertEquals("The tables of " + shown() + " are up to date.", out.toString().strip());
  }

  @Test
  void onlyADatabaseIsImportedInto() {
    assertEquals(1, run("catalog", "import", demo(), "--catalog", demo()));
    assertTrue(err.toString().startsWith("error 0A000: Catalog '"), err::toString);
  }

  @Test
  void wrongUsageSaysWhatIsWrong() {
    assertEquals(2, run("catalog"));
    assertEquals(
        "Missing command; expected one of import, export, migrate",
        err.toString().lines().findFirst().orElseThrow());
    assertEquals(2, run("catalog", "import"));
    assertTrue(err.toString().startsWith("Missing required parameter: 'SOURCE'"), err::toString);
    assertEquals(0, run("catalog", "import", "--help"));
    assertTrue(out.toString().contains("--dry-run"), out::toString);
  }

  @Test
  void aDatabaseThatIsNotThereIsOneSentenceWithoutThePassword() {
    location = "postgresql://reader:s3cret@localhost:1/markets";
    assertEquals(1, run("serve", "--port", "0"));
    assertTrue(
        err.toString()
            .startsWith(
                "error 08001: Catalog 'postgresql://localhost:1/markets' cannot be reached: "),
        err::toString);
    assertEquals(1, err.toString().strip().lines().count(), err::toString);
    assertFalse(err.toString().contains("s3cret"), err::toString);
  }
}
