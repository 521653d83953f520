package io.datanode.server.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code datanode serve} in a process of its own, which is told to end, or killed. */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class ServeProcessTest {
  /** Several answers long; each number once. */
  private static final int ROWS = 40 * 40 * 40 * 40;

  private static final String MANY =
      "SELECT CAST(a.i * 64000 + b.i * 1600 + c.i * 40 + d.i AS BIGINT) AS n"
          + " FROM numbers a, numbers b, numbers c, numbers d";

  @TempDir Path folder;
  private Process server;
  private String jdbcUrl;

  @BeforeEach
  void start() throws IOException {
    Path market = Files.createDirectory(folder.resolve("market"));
    StringBuilder numbers = new StringBuilder("time_index,i\n");
    for (int i = 0; i < 40; i++) {
      numbers.append("2026-01-02T00:00:%02dZ,%d\n".formatted(i, i));
    }
    Files.writeString(market.resolve("numbers.csv"), numbers);
    server =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:TieredStopAtLevel=1",
                    "-cp",
                    System.getProperty("java.class.path"),
                    "io.datanode.server.cli.Main",
                    "serve",
                    "--catalog",
                    market.toString(),
                    "--port",
                    "0",
                    "--drain",
                    "PT2M"))
            .redirectError(folder.resolve("stderr").toFile())
            .start();
    BufferedReader lines = server.inputReader();
    String line = lines.readLine();
    while (line != null && !line.contains("jdbc:datanode:")) {
      line = lines.readLine();
    }
    assertTrue(line != null, () -> "the server did not start: " + stderr());
    jdbcUrl = line.substring(line.indexOf("jdbc:datanode:")).strip();
  }

  private String stderr() {
    try {
      return Files.readString(folder.resolve("stderr"));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @AfterEach
  void stop() throws InterruptedException {
    server.destroyForcibly();
    server.waitFor();
  }

  /** As the kernel or an operator does it: without a word to anybody. */
  private void kill() throws InterruptedException {
    server.destroyForcibly();
    server.waitFor();
  }

  private Connection connect() throws SQLException {
    return DriverManager.getConnection(jdbcUrl);
  }

  private int ready() throws Exception {
    URI address = URI.create(jdbcUrl.replace("jdbc:datanode:", "http:") + "/ready");
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }

  /** Reads rows to their end, or to a failure; each may come once only. */
  private static int readOn(ResultSet rows, BitSet seen) throws SQLException {
    int count = 0;
    while (rows.next()) {
      int n = (int) rows.getLong(1);
      assertFalse(seen.get(n), () -> "row " + n + " came twice");
      seen.set(n);
      count++;
    }
    return count;
  }

  @Test
  void toldToEndItLetsAResultBeReadToItsEnd() throws Exception {
    BitSet seen = new BitSet();
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      ResultSet rows = statement.executeQuery(MANY);
      assertTrue(rows.next());
      seen.set((int) rows.getLong(1));
      assertEquals(200, ready());
      server.destroy();
      while (ready() == 200) {
        Thread.sleep(10);
      }
      assertEquals(503, ready());
      SQLException refused = assertThrows(SQLException.class, this::connect);
      assertEquals("57P03", refused.getSQLState(), refused::getMessage);
      try (Statement another = connection.createStatement()) {
        SQLException alsoRefused =
            assertThrows(SQLException.class, () -> another.executeQuery("SELECT 1"));
        assertEquals("57P03", alsoRefused.getSQLState(), alsoRefused::getMessage);
      }
      assertEquals(ROWS - 1, readOn(rows, seen));
    }
    assertTrue(server.waitFor(60, TimeUnit.SECONDS), "it goes on");
    SQLException gone = assertThrows(SQLException.class, this::connect);
    assertEquals("08001", gone.getSQLState(), gone::getMessage);
  }

  @Test
  void killedBeforeAClientConnects() throws Exception {
    kill();
    SQLException error = assertThrows(SQLException.class, this::connect);
    assertEquals("08001", error.getSQLState(), error::getMessage);
  }

  @Test
  void killedBeforeAStatement() throws Exception {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      kill();
      SQLException error =
          assertThrows(SQLException.class, () -> statement.executeQuery("SELECT 1"));
      assertEquals("08006", error.getSQLState(), error::getMessage);
      assertTrue(error.getMessage().contains("at statement s"), error::getMessage);
      assertFalse(connection.isValid(5));
    }
  }

  @Test
  void killedWhileAResultIsRead() throws Exception {
    BitSet seen = new BitSet();
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      ResultSet rows = statement.executeQuery(MANY);
      for (int i = 0; i < 100; i++) {
        assertTrue(rows.next());
        seen.set((int) rows.getLong(1));
      }
      kill();
      SQLException error = assertThrows(SQLException.class, () -> readOn(rows, seen));
      assertEquals("08006", error.getSQLState(), error::getMessage);
      assertTrue(error.getMessage().contains("statement "), error::getMessage);
      assertTrue(seen.cardinality() < ROWS, "all rows came");
      SQLException again = assertThrows(SQLException.class, rows::next);
      assertEquals("08006", again.getSQLState(), again::getMessage);
    }
  }

  @Test
  void killedWhileAStatementIsWaitedFor() throws Exception {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      Thread killer =
          new Thread(
              () -> {
                try (Connection watching = connect();
                    Statement watch = watching.createStatement()) {
                  long running = 0;
                  while (running < 2) {
                    ResultSet rows =
                        watch.executeQuery(
                            "SELECT COUNT(*) FROM metadata.queries WHERE outcome = 'running'");
                    rows.next();
                    running = rows.getLong(1);
                  }
                } catch (SQLException e) {
                  throw new AssertionError(e);
                }
                server.destroyForcibly();
              });
      killer.start();
      SQLException error =
          assertThrows(
              SQLException.class,
              () ->
                  statement.executeQuery(
                      "SELECT COUNT(DISTINCT a.i + b.i * c.i - d.i * e.i + f.i) FROM numbers a,"
                          + " numbers b, numbers c, numbers d, numbers e, numbers f, numbers g"));
      assertEquals("08006", error.getSQLState(), error::getMessage);
      assertTrue(error.getMessage().contains("statement s"), error::getMessage);
      killer.join();
    }
  }
}
