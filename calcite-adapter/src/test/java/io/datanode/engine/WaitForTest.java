package io.datanode.engine;

import static io.datanode.testing.SqlFixture.sql;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datanode.testing.PostgreSql;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Statements that wait until the rows of a time are there. */
class WaitForTest {
  private static final String LONG_WAIT =
      "SELECT * FROM TABLE(metadata.wait_for('bars', CURRENT_TIMESTAMP, INTERVAL '1' HOUR))";

  @TempDir private Path folder;
  private String database;
  private Path catalog;

  @BeforeEach
  void write() throws Exception {
    database = PostgreSql.newDatabase();
    PostgreSql.run(
        database,
        "CREATE TABLE bars (time_index TIMESTAMPTZ, asset_identifier TEXT)",
        "INSERT INTO bars VALUES (now() - INTERVAL '1 minute', 'SAP'),"
            + " (now() - INTERVAL '2 minutes', 'JPM'), (now() - INTERVAL '1 day', 'OLD')");
    catalog = folder.resolve("catalog.yaml");
    Files.writeString(
        catalog,
        """
        storages:
          desk: { type: postgresql, url: "%s", user: postgres }
        nodes:
          - { identifier: bars, table: bars, asset: asset_identifier, cadence: 1m }
          - { identifier: names, table: bars, only_declared_columns: true, columns: { asset_identifier: {} } }
        """
            .formatted(database));
  }

  private Connection connect() throws SQLException {
    return DriverManager.getConnection("jdbc:datanode:" + catalog);
  }

  @Test
  void endsWhenTheRowIsThere() throws Exception {
    OffsetDateTime time = OffsetDateTime.now().plusSeconds(1);
    try (Connection connection = connect();
        PreparedStatement waiting =
            connection.prepareStatement(
                "SELECT * FROM TABLE(metadata.wait_for('bars', CAST(? AS TIMESTAMPTZ), INTERVAL '60'"
                    + " SECOND, 'any'))")) {
      waiting.setObject(1, time);
      Future<?> later =
          OpenEngine.inBackground(
              () -> {
                Thread.sleep(700);
                PostgreSql.run(database, "INSERT INTO bars VALUES ('" + time + "', 'SAP')");
                return null;
              });
      try (ResultSet end = waiting.executeQuery()) {
        assertTrue(end.next());
        assertTrue(end.getBoolean("ready"));
        assertTrue(end.getLong("iterations") > 1);
        assertTrue(end.getTimestamp("start_time").before(end.getTimestamp("end_time")));
      }
      later.get();
    }
  }

  /** JPM is a bar behind; OLD is no longer fed, so nobody waits for it. */
  @Test
  void allMeansAllThatAreStillFed() {
    sql("SELECT * FROM TABLE(metadata.wait_for('bars', CURRENT_TIMESTAMP - INTERVAL '90' SECOND,"
            + " INTERVAL '0' SECOND))")
        .over(catalog)
        .rows()
        .forEach(row -> assertTrue(row.endsWith("|1|false"), row));
    PostgreSql.run(database, "INSERT INTO bars VALUES (now() - INTERVAL '1 minute', 'JPM')");
    sql("SELECT * FROM TABLE(metadata.wait_for('bars', CURRENT_TIMESTAMP - INTERVAL '90' SECOND,"
            + " INTERVAL '0' SECOND, 'all'))")
        .over(catalog)
        .rows()
        .forEach(row -> assertTrue(row.endsWith("|1|true"), row));
  }

  @Test
  void isCancelledAtOnce() throws Exception {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      Future<?> waiting = OpenEngine.inBackground(() -> statement.executeQuery(LONG_WAIT));
      Thread.sleep(500);
      long began = System.nanoTime();
      statement.cancel();
      SQLException stopped = OpenEngine.failure(waiting);
      assertEquals("57014", stopped.getSQLState());
      assertTrue(System.nanoTime() - began < Duration.ofSeconds(5).toNanos());
    }
  }

  @Test
  void obeysTheTimeoutOfTheStatement() throws Exception {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.setQueryTimeout(1);
      SQLException stopped =
          assertThrows(SQLException.class, () -> statement.executeQuery(LONG_WAIT));
      assertEquals(
          "Statement stopped by its timeout of 1 s; set a longer queryTimeout, or ask for less",
          stopped.getMessage());
    }
  }

  /** Nothing that became known later ends the wait of a session in the past. */
  @Test
  void seesWhatTheSessionSees() {
    sql("SELECT * FROM TABLE(metadata.wait_for('bars', TIMESTAMP '2001-01-01 00:00:00', INTERVAL '0'"
            + " SECOND, 'any'))")
        .over(catalog)
        .set("asOf=2001-01-01T00:00:00Z")
        .returns("2001-01-01 00:00:00+00|2001-01-01 00:00:00+00|1|false");
  }

  @Test
  void saysWhatIsWrong() {
    sql("SELECT * FROM TABLE(metadata.wait_for('bart', CURRENT_TIMESTAMP, INTERVAL '1' SECOND))")
        .over(catalog)
        .fails(
            "There is no node 'bart' to wait for; did you mean 'bars'? (line 1, column 39)\n"
                + "SELECT * FROM TABLE(metadata.wait_for('bart', CURRENT_TIMESTAMP, INTERVAL '1'"
                + " SECOND))\n"
                + " ".repeat(38)
                + "^",
            "42P01");
    sql("SELECT * FROM TABLE(metadata.wait_for('names', CURRENT_TIMESTAMP, INTERVAL '1' SECOND))")
        .over(catalog)
        .fails(
            "Node 'names' has no time index, so no time of it can be waited for (line 1, column"
                + " 39)\nSELECT * FROM TABLE(metadata.wait_for('names', CURRENT_TIMESTAMP, INTERVAL"
                + " '1' SECOND))\n"
                + " ".repeat(38)
                + "^",
            "22023");
    String guessed =
        "SELECT * FROM TABLE(metadata.wait_for('reference.assets', CURRENT_TIMESTAMP, INTERVAL '1'"
            + " SECOND))";
    sql(guessed)
        .fails(
            "The time index of node 'reference.assets', listed_on, is only guessed, so no time of it"
                + " can be waited for; declare it in the catalog, time_index: listed_on (line 1,"
                + " column 39)\n"
                + guessed
                + "\n"
                + " ".repeat(38)
                + "^",
            "22023");
    sql("SELECT ready FROM TABLE(metadata.wait_for('bars', CURRENT_TIMESTAMP, INTERVAL '1' SECOND))")
        .over(catalog)
        .fails(
            "metadata.wait_for: it is a statement of its own; expected SELECT * FROM"
                + " TABLE(metadata.wait_for('node', time, INTERVAL '30' SECOND [, 'all' or 'any']))"
                + " (line 1, column 1)\n"
                + "SELECT ready FROM TABLE(metadata.wait_for('bars', CURRENT_TIMESTAMP, INTERVAL"
                + " '1' SECOND))\n^",
            "42000");
  }
}
