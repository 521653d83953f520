package io.datanode.catalog.postgresql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datanode.testing.PostgreSql;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Engines that share a catalog, through JDBC: what their sessions see, and when. */
class SharedCatalogTest {
  private static final Duration A_SECOND = Duration.ofSeconds(1);

  @TempDir Path folder;
  private TestDatabase database;

  @BeforeEach
  void create() throws IOException {
    Files.writeString(folder.resolve("old.csv"), "time_index,close\n2024-01-02,1\n");
    Files.writeString(folder.resolve("new.csv"), "time_index,close\n2024-01-02,2\n");
    database = new TestDatabase(folder).migrated();
    database.importing(prices("old.csv"));
  }

  private static String prices(String file) {
    return "nodes: [ { identifier: prices, files: " + file + " } ]";
  }

  /** A connection; other settings open another engine. */
  private Connection connect(String settings) throws SQLException {
    return DriverManager.getConnection("jdbc:datanode:" + database.location() + settings);
  }

  @Test
  void twoEnginesSeeAnImportOfAThirdWithinASecond() throws SQLException {
    try (Connection one = connect("&threads=1");
        Connection two = connect("&threads=2");
        PreparedStatement prepared = one.prepareStatement("SELECT close FROM prices")) {
      assertEquals("1", only(prepared.executeQuery()));
      assertEquals("1", ask(two, "SELECT close FROM prices"));
      watched(2);
      database.importing(prices("new.csv"));
      Eventually.within(
          A_SECOND,
          () -> {
            assertEquals("2", ask(one, "SELECT close FROM prices"));
            assertEquals("2", ask(two, "SELECT close FROM prices"));
          });
      assertEquals("2", only(prepared.executeQuery()), "what is prepared reads the new table too");
    }
  }

  @Test
  void aStatementThatRunsFinishesOnWhatItBeganWith() throws SQLException {
    try (Connection connection = connect("");
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT close FROM prices")) {
      watched(1);
      database.importing(prices("new.csv"));
      Eventually.within(
          A_SECOND, () -> assertEquals("2", ask(connection, "SELECT close FROM prices")));
      assertEquals("1", only(rows));
    }
  }

  @Test
  void aChangeWithSqlIsSeenToo() throws SQLException {
    try (Connection connection = connect("")) {
      assertEquals("1", ask(connection, "SELECT close FROM prices"));
      watched(1);
      database.run("UPDATE datanode.nodes SET identifier = 'daily', files = '{new.csv}'");
      Eventually.within(
          A_SECOND, () -> assertEquals("2", ask(connection, "SELECT close FROM daily")));
      assertEquals(
          "datanode.nodes (nodes, daily)",
          ask(connection, "SELECT declared_in FROM metadata.nodes"));
    }
  }

  @Test
  void aChangeWithoutNoticeIsSeenALittleLater() throws SQLException {
    try (Connection connection = connect("")) {
      assertEquals("1", ask(connection, "SELECT close FROM prices"));
      watched(1);
      // As behind a pooler that swallows notices.
      database.run(
          "ALTER TABLE datanode.nodes DISABLE TRIGGER changed",
          "UPDATE datanode.nodes SET files = '{new.csv}'",
          "UPDATE datanode.catalog_state SET content_version = content_version + 1");
      Eventually.within(
          Duration.ofSeconds(10),
          () -> assertEquals("2", ask(connection, "SELECT close FROM prices")));
    }
  }

  @Test
  void settingsOfTheUrlKeepTheirMeaning() throws SQLException {
    try (Connection connection = connect("&timeZone=Asia/Tokyo")) {
      assertEquals(
          "2024-01-02 09:00:00+09",
          ask(connection, "SELECT TIMESTAMP WITH LOCAL TIME ZONE '2024-01-02 00:00:00'"));
      assertEquals(
          "jdbc:datanode:" + database.location().replaceFirst("[?].*", ""),
          connection.getMetaData().getURL());
    }
  }

  @Test
  void theLastGoodVersionIsServedWhileTheDatabaseIsDown() throws Exception {
    try (CuttableProxy line = new CuttableProxy(PostgreSql.server().getPort())) {
      String location =
          database.location().replaceFirst("localhost:[0-9]+", "localhost:" + line.port());
      try (Connection connection = DriverManager.getConnection("jdbc:datanode:" + location)) {
        assertEquals("1", ask(connection, "SELECT close FROM prices"));
        line.cut();
        database.importing(prices("new.csv"));
        ask(connection, "CALL metadata.refresh()");
        assertEquals("1", ask(connection, "SELECT close FROM prices"));
        String error = ask(connection, "SELECT error FROM metadata.storages");
        assertTrue(error.contains("cannot be reached"), error);
        line.mend();
        Eventually.within(
            Duration.ofSeconds(20),
            () -> assertEquals("2", ask(connection, "SELECT close FROM prices")));
        assertEquals(null, ask(connection, "SELECT error FROM metadata.storages"));
      }
    }
  }

  /** Waits until so many engines watch the catalog, so that the time of a notice can be told. */
  private void watched(int engines) {
    Eventually.within(
        Duration.ofSeconds(20),
        () ->
            assertEquals(
                Integer.toString(engines),
                database.ask(
                    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                        + " AND application_name = 'DataNode SQL catalog'"
                        + " AND query LIKE 'SELECT tables_version%'")));
  }

  private static String ask(Connection connection, String sql) {
    try (Statement statement = connection.createStatement()) {
      return statement.execute(sql) ? only(statement.getResultSet()) : "";
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  private static String only(ResultSet rows) throws SQLException {
    assertTrue(rows.next(), "there is no row");
    return rows.getString(1);
  }
}
