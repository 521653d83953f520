package io.datanode.server.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The jar as the README starts it: in a process of its own, in a home of its own. */
@Timeout(180)
class RunnableJarIT {
  @TempDir Path home;

  private Process start(String... args) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Duser.home=" + home);
    command.add("-jar");
    command.add(Path.of("target", "datanode.jar").toAbsolutePath().toString());
    command.addAll(List.of(args));
    return new ProcessBuilder(command)
        .directory(home.toFile())
        .redirectError(home.resolve("stderr").toFile())
        .start();
  }

  /** Nothing of ours in it depends on when and where it was built. */
  @Test
  void itIsTheSameWhoeverBuildsIt() throws Exception {
    try (JarFile file = new JarFile(Path.of("target", "datanode.jar").toFile())) {
      List<JarEntry> ours =
          file.stream()
              .filter(entry -> entry.getName().startsWith("io/datanode/server/"))
              .filter(entry -> entry.getName().endsWith(".class"))
              .toList();
      List<String> names = ours.stream().map(JarEntry::getName).toList();
      assertEquals(names.stream().sorted().toList(), names);
      LocalDateTime release = file.getJarEntry("META-INF/MANIFEST.MF").getTimeLocal();
      assertEquals(List.of(release), ours.stream().map(JarEntry::getTimeLocal).distinct().toList());
    }
  }

  @Test
  void demoRunsItsQueriesAndExits() throws Exception {
    Process process = start("demo", "--once", "--port", "0", "--assets", "20", "--years", "1");
    String out = new String(process.getInputStream().readAllBytes());
    assertEquals(0, process.waitFor(), Files.readString(home.resolve("stderr")));
    assertEquals(3, out.lines().filter(line -> line.endsWith(" rows)")).count(), out);
    assertEquals("", Files.readString(home.resolve("stderr")));
    assertTrue(Files.exists(home.resolve(".datanode/demo/catalog.yaml")));
  }

  @Test
  void serveAnswersUntilItIsTerminated() throws Exception {
    Path folder = Files.createDirectory(home.resolve("data"));
    Files.writeString(folder.resolve("rates.csv"), "time_index,rate\n2024-01-02,1.5\n");
    int port;
    try (ServerSocket socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    Process server =
        start("serve", "--catalog", folder.toString(), "--port", Integer.toString(port));
    try (BufferedReader lines = server.inputReader()) {
      assertTrue(lines.readLine().startsWith("Serving 1 nodes of "));
      Process query =
          start(
              "query",
              "SELECT rate FROM rates",
              "--url",
              "jdbc:datanode://127.0.0.1:" + port,
              "--format",
              "csv");
      assertEquals("rate\r\n1.5\r\n", new String(query.getInputStream().readAllBytes()));
      assertEquals(0, query.waitFor());
    }
    server.destroy();
    assertTrue(server.waitFor(30, TimeUnit.SECONDS));
    assertEquals("", Files.readString(home.resolve("stderr")));
  }

  @Test
  void queryReadsPostgreSql() throws Exception {
    try (EmbeddedPostgres postgreSql = EmbeddedPostgres.start();
        Connection connection = postgreSql.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE TABLE rates AS SELECT DATE '2024-01-02' AS time_index, 1.5 AS rate");
      Path catalog =
          Files.writeString(
              home.resolve("catalog.yaml"),
              """
              storages:
                desk: { type: postgresql, url: "%s", user: postgres }
              nodes:
                - { identifier: rates, storage: desk, table: rates }
              """
                  .formatted(postgreSql.getJdbcUrl("postgres", "postgres")));
      Process query =
          start(
              "query",
              "SELECT CAST(rate AS DOUBLE) AS rate FROM rates",
              "--catalog",
              catalog.toString(),
              "--format",
              "csv");
      assertEquals("rate\r\n1.5\r\n", new String(query.getInputStream().readAllBytes()));
      assertEquals(0, query.waitFor(), Files.readString(home.resolve("stderr")));
    }
  }

  @Test
  void aCatalogInPostgreSqlIsMadeAndQueried() throws Exception {
    Files.writeString(home.resolve("rates.csv"), "time_index,rate\n2024-01-02,1.5\n");
    Files.writeString(
        home.resolve("catalog.yaml"), "nodes: [ { identifier: rates, files: rates.csv } ]");
    try (EmbeddedPostgres postgreSql = EmbeddedPostgres.start()) {
      String catalog =
          "postgresql://postgres@localhost:" + postgreSql.getPort() + "/postgres?sslmode=disable";
      Process made = start("catalog", "import", "catalog.yaml", "--catalog", catalog);
      String out = new String(made.getInputStream().readAllBytes());
      assertEquals(0, made.waitFor(), Files.readString(home.resolve("stderr")));
      assertTrue(out.startsWith("Schema \"datanode\": version 1"), out);
      Process query =
          start("query", "SELECT rate FROM rates", "--catalog", catalog, "--format", "csv");
      assertEquals("rate\r\n1.5\r\n", new String(query.getInputStream().readAllBytes()));
      assertEquals(0, query.waitFor(), Files.readString(home.resolve("stderr")));
      assertEquals("", Files.readString(home.resolve("stderr")));
    }
  }
}
