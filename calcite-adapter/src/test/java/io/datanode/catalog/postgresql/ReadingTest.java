package io.datanode.catalog.postgresql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datanode.DataNodeException;
import io.datanode.catalog.InvalidCatalogException;
import io.datanode.node.NodeName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What readers need, what they see, and what they are told when something is wrong. */
class ReadingTest {
  private static final String PRICES =
      """
      storages: { desk: { type: duckdb, path: "${ENV:DESK}" } }
      nodes:
        - { identifier: prices, table: prices, cadence: 1d, columns: { close: { unit: USD } } }
        - { identifier: rates, table: rates, asset: currency }
      """;

  @TempDir Path folder;
  private TestDatabase database;

  @BeforeEach
  void create() {
    database = new TestDatabase(folder).withEnvironment(Map.of("DESK", "/desk.duckdb"));
  }

  @Test
  void aDatabaseWithoutTablesIsToldWithTheCommandThatMakesThem() {
    fails(
        database.location(),
        "F0000",
        "has no tables in schema \"datanode\"; make them with datanode catalog migrate --catalog"
            + " 'postgresql://localhost:");
  }

  @Test
  void tablesOfAnotherVersionAreNotRead() {
    database.migrated().run("UPDATE datanode.catalog_state SET tables_version = 99");
    fails(
        database.location(),
        "F0000",
        "has tables of version 99, this program knows them up to version 3; use a later version of"
            + " the program");
    try (PostgreSqlCatalog catalog = database.catalog()) {
      assertThrows(DataNodeException.class, catalog::migrate);
    }
    database.run("UPDATE datanode.catalog_state SET tables_version = 0");
    fails(
        database.location(),
        "F0000",
        "has tables of version 0, this program reads version 3; bring them up to date with"
            + " datanode catalog migrate");
  }

  @Test
  void theVersionIsThatOfTheLastMigration() throws IOException {
    try (var scripts = Files.list(Path.of("src/main/resources", Migrations.FOLDER))) {
      assertEquals(
          Migrations.TABLES_VERSION,
          scripts
              .map(script -> script.getFileName().toString().replaceAll("^V([0-9]+)__.*", "$1"))
              .mapToInt(Integer::parseInt)
              .max()
              .orElseThrow());
    }
    database.migrated();
    assertEquals(
        Integer.toString(Migrations.TABLES_VERSION),
        database.ask("SELECT tables_version FROM datanode.catalog_state"));
  }

  @Test
  void readingNeedsNothingButSelect() {
    database.migrated().importing(PRICES);
    database.run("CREATE ROLE only_reader LOGIN");
    fails(
        database.location("only_reader"),
        "42501",
        "is not open to user 'only_reader': permission denied for schema datanode; reading"
            + " needs USAGE on schema \"datanode\" and SELECT on its tables");
    database.run(
        "GRANT USAGE ON SCHEMA datanode TO only_reader",
        "GRANT SELECT ON ALL TABLES IN SCHEMA datanode TO only_reader");
    try (PostgreSqlCatalog catalog = database.catalog(database.location("only_reader"))) {
      assertEquals("[prices, rates]", catalog.snapshot().nodes().keySet().toString());
      assertEquals(List.of(), catalog.migrate(), "what is up to date needs no rights");
      DataNodeException e =
          assertThrows(
              DataNodeException.class,
              () -> catalog.replace(new RandomCatalog(1).declared(), false));
      assertEquals("42501", e.sqlState());
    }
  }

  @Test
  void aWriterNeedsNoRightsOnTheVersion() {
    database.migrated().importing(PRICES);
    database.run(
        "CREATE ROLE describer LOGIN",
        "GRANT USAGE ON SCHEMA datanode TO describer",
        "GRANT SELECT, UPDATE ON datanode.nodes TO describer");
    String before = database.ask("SELECT content_version FROM datanode.catalog_state");
    database.run(
        "SET ROLE describer", "UPDATE datanode.nodes SET description = 'Daily.'", "RESET ROLE");
    assertFalse(before.equals(database.ask("SELECT content_version FROM datanode.catalog_state")));
  }

  @Test
  void aWrongPasswordIsToldAndNotShown() throws IOException {
    database.run("CREATE ROLE locked LOGIN PASSWORD 'right'");
    Path rules = Path.of(database.ask("SHOW hba_file"));
    Files.writeString(rules, "host all locked all scram-sha-256\n" + Files.readString(rules));
    database.ask("SELECT pg_reload_conf()");
    String location = database.location("locked") + "&password=wr0ng";
    // The server reads its rules anew in its own time.
    Eventually.within(
        Duration.ofSeconds(10),
        () ->
            fails(
                location,
                "28000",
                "refuses user 'locked': password authentication failed for user \"locked\";"
                    + " expected user and password in PGUSER and PGPASSWORD"));
  }

  @Test
  void aDatabaseThatIsNotThereIsNamed() {
    fails(
        database.location().replaceFirst("/test_[0-9]+", "/nosuch"),
        "3D000",
        ": database \"nosuch\" does not exist");
  }

  @Test
  void everyDamagedRowIsToldWithItsTableAndKey() {
    database.migrated().importing(PRICES);
    database.run(
        "UPDATE datanode.nodes SET cadence = 'daily', namespace = 'a b' WHERE identifier = 'prices'",
        "UPDATE datanode.nodes SET asset = 'x' WHERE identifier = 'rates'",
        "UPDATE datanode.columns SET dtype = 'flaot64'",
        "INSERT INTO datanode.nodes (identifier, storage, files)"
            + " VALUES ('Rates', 'desk', '{r.csv}'), ('r', 'desk', '{}')",
        "INSERT INTO datanode.assets (identifier, key) VALUES ('rates', ' ')");
    try (PostgreSqlCatalog catalog = database.catalog()) {
      InvalidCatalogException e =
          assertThrows(InvalidCatalogException.class, () -> catalog.snapshot().nodes());
      assertEquals(
          """
          datanode.columns (a b, prices, close): Unknown dtype 'flaot64'; did you mean 'float64'?
          datanode.nodes (a b, prices): 'cadence' is 'daily'; expected a count and one of s, m,\
           h, d, w, mo, q, y, for example 1d or 15m
          datanode.nodes (nodes, Rates): 'files' is 'r.csv', which is relative, but neither its\
           storage nor this catalog has a folder; expected an absolute path
          datanode.nodes (nodes, r): 'files' names no file
          datanode.nodes (nodes, rates): 'x' is to name the asset, but is not among the identity\
           columns currency
          datanode.assets: 'key' is empty; give it a value or leave the key out""",
          e.problems().stream()
              .map(problem -> problem.toString().replaceFirst("^[^ ]*, ", ""))
              .collect(Collectors.joining("\n")));
      assertTrue(e.getMessage().startsWith("postgresql://localhost:"), e::getMessage);
    }
  }

  @Test
  void namesThatDifferOnlyInCaseAreOne() {
    database.migrated().importing(PRICES);
    database.run(
        "INSERT INTO datanode.nodes (identifier, storage, table_path)"
            + " VALUES ('Rates', 'desk', '{r}')");
    fails(
        database.location(),
        "F0000",
        "datanode.nodes (nodes, rates): Node 'rates' is already declared in datanode.nodes (nodes,"
            + " Rates), with other upper and lower case, which names do not tell apart");
  }

  @Test
  void aRelativePathIsRefused() {
    database.migrated().importing(PRICES);
    database.run("UPDATE datanode.storage_options SET value = './data'");
    fails(
        database.location(),
        "F0000",
        "datanode.storage_options (desk, path): 'path' of storage 'desk' is './data', which is"
            + " relative, but this catalog lies in no folder; expected an absolute path");
  }

  @Test
  void theSchemaMayHaveAnotherName() {
    String location = database.location() + "&catalogSchema=Our%20%22nodes%22";
    try (PostgreSqlCatalog catalog = database.catalog(location)) {
      catalog.migrate();
      catalog.replace(database.file(PRICES).declared(), false);
      assertEquals(
          Optional.of("Our \"nodes\".nodes (nodes, prices)"),
          catalog.snapshot().declaredIn(new NodeName("nodes", "prices")));
    }
  }

  @Test
  void migrationsAtTheSameTimeFollowEachOther() {
    List<Thread> threads =
        java.util.stream.Stream.generate(() -> new Thread(() -> database.migrated()))
            .limit(4)
            .toList();
    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      assertTrue(Eventually.ended(thread), "a migration hangs");
    }
    database.importing(PRICES);
  }

  @Test
  void noConnectionIsLeftOpen() {
    database.migrated().importing(PRICES);
    try (PostgreSqlCatalog catalog = database.catalog()) {
      catalog.snapshot();
      catalog.refresh();
      catalog.snapshot();
      // That of the watch.
      Eventually.within(Duration.ofSeconds(10), () -> assertEquals("1", connections()));
    }
    Eventually.within(Duration.ofSeconds(10), () -> assertEquals("0", connections()));
  }

  private String connections() {
    return database.ask(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            + " AND application_name = 'DataNode SQL catalog'");
  }

  private void fails(String location, String sqlState, String message) {
    try (PostgreSqlCatalog catalog = database.catalog(location)) {
      DataNodeException e = assertThrows(DataNodeException.class, () -> catalog.snapshot().nodes());
      assertTrue(e.getMessage().contains(message), e::getMessage);
      assertFalse(e.getMessage().contains("wr0ng"), e::getMessage);
      assertEquals(sqlState, e.sqlState());
    }
  }
}
