package io.datanode.catalog.postgresql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A catalog that is read from a hot standby, which replays what its primary server does. */
class StandbyTest {
  /** What belongs to the running server alone. */
  private static final Set<String> NOT_COPIED =
      Set.of("postmaster.pid", "postmaster.opts", "epg-lock");

  @TempDir Path folder;

  @Test
  void aChangeOnThePrimaryIsSeenAlthoughTheStandbyNotifiesNobody() throws Exception {
    Files.writeString(folder.resolve("old.csv"), "time_index,close\n2024-01-02,1\n");
    Files.writeString(folder.resolve("new.csv"), "time_index,close\n2024-01-02,2\n");
    try (EmbeddedPostgres primary = server(folder.resolve("primary"))) {
      TestDatabase database = new TestDatabase(folder, url(primary)).migrated();
      database.importing("nodes: [ { identifier: prices, files: old.csv } ]");
      try (EmbeddedPostgres standby = standbyOf(primary)) {
        assertEquals("25006", refusalToListen(standby));
        String location = new TestDatabase(folder, url(standby)).location();
        // What is remembered for so long is not read again for another reason.
        try (Connection connection =
            DriverManager.getConnection("jdbc:datanode:" + location + "&catalogTtl=PT1H")) {
          assertEquals("1", close(connection));
          database.importing("nodes: [ { identifier: prices, files: new.csv } ]");
          Eventually.within(Duration.ofSeconds(10), () -> assertEquals("2", close(connection)));
        }
      }
    }
  }

  private static String close(Connection connection) {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT close FROM prices")) {
      rows.next();
      return rows.getString(1);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  private static String refusalToListen(EmbeddedPostgres server) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url(server));
        Statement statement = connection.createStatement()) {
      return assertThrows(SQLException.class, () -> statement.execute("LISTEN anything"))
          .getSQLState();
    }
  }

  private static EmbeddedPostgres server(Path data) throws IOException {
    return EmbeddedPostgres.builder()
        .setServerConfig("fsync", "off")
        .setDataDirectory(data)
        .setCleanDataDirectory(false)
        .start();
  }

  private static String url(EmbeddedPostgres server) {
    return server.getJdbcUrl("postgres", "postgres");
  }

  /** A copy of the running server's files, started as its standby. */
  private EmbeddedPostgres standbyOf(EmbeddedPostgres primary) throws IOException, SQLException {
    Path copy = folder.resolve("standby");
    try (Connection connection = DriverManager.getConnection(url(primary));
        Statement statement = connection.createStatement()) {
      statement.execute("SELECT pg_backup_start('standby', true)");
      copy(folder.resolve("primary"), copy);
      try (ResultSet stopped =
          statement.executeQuery("SELECT labelfile FROM pg_backup_stop(false)")) {
        stopped.next();
        Files.writeString(copy.resolve("backup_label"), stopped.getString(1));
      }
    }
    Files.writeString(
        copy.resolve("postgresql.auto.conf"),
        "primary_conninfo = 'host=localhost user=postgres port=" + primary.getPort() + "'\n",
        StandardOpenOption.APPEND);
    Files.createFile(copy.resolve("standby.signal"));
    return server(copy);
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.walkFileTree(
        from,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
              throws IOException {
            Files.copy(directory, in(directory), StandardCopyOption.COPY_ATTRIBUTES);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            if (!NOT_COPIED.contains(file.getFileName().toString())) {
              Files.copy(file, in(file), StandardCopyOption.COPY_ATTRIBUTES);
            }
            return FileVisitResult.CONTINUE;
          }

          private Path in(Path part) {
            return to.resolve(from.relativize(part));
          }
        });
  }
}
