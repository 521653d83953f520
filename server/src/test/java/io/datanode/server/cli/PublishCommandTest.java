package io.datanode.server.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command {@code publish}, as a user types it. */
class PublishCommandTest {
  @TempDir Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeEach
  void writeCatalog() throws IOException {
    Files.writeString(
        folder.resolve("catalog.yaml"),
        """
        # Prices of the desk.
        storages:
          lake: { type: duckdb, path: ./data }
          desk: { type: postgresql, url: "jdbc:postgresql://localhost:1/desk", password: s3cret }
        nodes: []
        """);
    Files.writeString(
        folder.resolve("prices.csv"),
        """
        time_index,asset_identifier,close
        2024-01-02T00:00:00Z,SAP,140.25
        2024-01-02T00:00:00Z,ALV,240.1
        2024-01-03T00:00:00Z,SAP,141.5
        """);
  }

  private int run(String... args) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    return Main.run(
        args,
        Map.of("DATANODE_CATALOG", folder.toString()),
        Terminal.none(),
        new PrintWriter(out),
        new PrintWriter(err));
  }

  private String prices() {
    return folder.resolve("prices.csv").toString();
  }

  private int publish(String... more) {
    String[] args = new String[more.length + 6];
    System.arraycopy(
        new String[] {"publish", prices(), "--identifier", "prices", "--storage", "lake"},
        0,
        args,
        0,
        6);
    System.arraycopy(more, 0, args, 6, more.length);
    return run(args);
  }

  @Test
  void aFileBecomesANodeThatIsQueried() throws IOException {
    assertEquals(
        0,
        publish("--cadence", "1d", "--description", "Daily closes.", "--label", "eod"),
        err::toString);
    String file = folder.resolve("data/prices.parquet").toString();
    assertEquals(
        """
        Published prices: 3 rows, 2 assets, 2024-01-02 00:00:00+00 to 2024-01-03 00:00:00+00
          in       storage 'lake', %s
          index    time_index, asset_identifier
          columns  time_index TIMESTAMP(6) WITH LOCAL TIME ZONE, asset_identifier VARCHAR, close DOUBLE
        """
            .formatted(file),
        out.toString().replace("\r", ""));
    assertEquals(
        """
        # Prices of the desk.
        storages:
          lake: { type: duckdb, path: ./data }
          desk: { type: postgresql, url: "jdbc:postgresql://localhost:1/desk", password: s3cret }
        nodes:
          - identifier: prices
            description: Daily closes.
            storage: lake
            files: prices.parquet
            time_index: time_index
            asset: asset_identifier
            cadence: 1d
            labels:
              - eod
        """,
        Files.readString(folder.resolve("catalog.yaml")));
    assertEquals(
        0,
        run(
            "query", "SELECT SUM(close) AS s FROM prices WHERE asset_identifier = 'SAP'",
            "--format", "csv"),
        err::toString);
    assertEquals("s\r\n281.75\r\n", out.toString());
  }

  @Test
  void rowsOfAQueryTakeThePlaceOfThoseWithTheirKeys() {
    assertEquals(0, publish(), err::toString);
    assertEquals(
        0,
        run(
            "publish",
            "--identifier",
            "prices",
            "--mode",
            "upsert",
            "--query",
            "SELECT time_index, asset_identifier, close * 2 AS close FROM prices"
                + " WHERE asset_identifier = 'ALV'"),
        err::toString);
    assertEquals(
        "Published prices: 1 row, 1 asset, 2024-01-02 00:00:00+00 to 2024-01-02 00:00:00+00;"
            + " 1 row replaced",
        out.toString().lines().findFirst().orElseThrow());
    assertEquals(0, run("query", "SELECT SUM(close) AS s FROM prices", "--format", "csv"));
    assertEquals("s\r\n761.95\r\n", out.toString());
  }

  @Test
  void aDryRunSaysWhatWouldBeDone() throws IOException {
    String before = Files.readString(folder.resolve("catalog.yaml"));
    assertEquals(0, publish("--dry-run"), err::toString);
    assertTrue(out.toString().startsWith("Would publish prices: 3 rows, 2 assets"), out::toString);
    assertEquals(before, Files.readString(folder.resolve("catalog.yaml")));
    assertFalse(Files.exists(folder.resolve("data/prices.parquet")));
  }

  @Test
  void whatIsWrongIsOneSentenceWithoutSecrets() {
    assertEquals(1, run("publish", prices(), "--identifier", "prices", "--storage", "desk"));
    assertTrue(err.toString().startsWith("error 57P03: Storage 'desk'"), err::toString);
    assertEquals(1, err.toString().strip().lines().count(), err::toString);
    assertFalse(err.toString().contains("s3cret"), err::toString);
    assertEquals(1, run("publish", prices(), "--identifier", "prices"));
    assertEquals(
        "error 22023: The catalog has several storages; name one of desk, lake",
        err.toString().strip());
    assertEquals(1, publish("--index", "time_index"));
    assertEquals(
        "error 23505: Several rows have time_index = (2024-01-02 00:00:00+00); the columns of the"
            + " index identify one row",
        err.toString().strip());
    assertEquals(1, publish("--asset", "aset_identifier"));
    assertEquals(
        "error 42703: The rows have no column 'aset_identifier'; did you mean 'asset_identifier'?",
        err.toString().strip());
  }

  @Test
  void timesWithoutAZoneAreUtcOnlyIfThatIsSaid() throws IOException {
    Files.writeString(folder.resolve("prices.csv"), "time_index,close\n2024-01-02 09:30:00,1.5\n");
    assertEquals(1, publish());
    assertEquals(
        "error 42804: Column 'time_index' has times without a zone; --utc takes them for UTC, else"
            + " convert them in a query",
        err.toString().strip());
    assertEquals(0, publish("--utc"), err::toString);
    assertTrue(out.toString().contains("2024-01-02 09:30:00+00"), out::toString);
  }

  @Test
  void aFolderWithoutACatalogIsNotPublishedTo() throws IOException {
    Path bare = Files.createDirectory(folder.resolve("bare"));
    assertEquals(
        1, run("publish", prices(), "--identifier", "prices", "--catalog", bare.toString()));
    assertEquals(
        "error 0A000: Catalog '"
            + bare
            + "' declares no nodes, it publishes what lies there; a new node needs a catalog.yaml or"
            + " a catalog in a database",
        err.toString().strip());
  }

  @Test
  void wrongUsageSaysWhatIsWrong() {
    assertEquals(2, run("publish", "--identifier", "prices"));
    assertEquals(
        "Expected either files or --query, which give the rows",
        err.toString().lines().findFirst().orElseThrow());
    assertEquals(2, publish("--mode", "upsert"));
    assertEquals(
        "--storage describes a new node; what is there is described in the catalog",
        err.toString().lines().findFirst().orElseThrow());
    assertEquals(2, publish("--table", "a", "--file", "b.parquet"));
    assertEquals(
        "--table and --file exclude each other; give one",
        err.toString().lines().findFirst().orElseThrow());
    assertEquals(0, run("publish", "--help"));
    assertTrue(out.toString().contains("--knowledge-time"), out::toString);
  }
}
