package io.datanode.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.datanode.engine.Engine;
import io.datanode.jdbc.wire.WireFormat;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A client that is gone while PostgreSQL works for it: PostgreSQL itself says when that ends. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class VanishingClientTest {
  /** Reads for days; its first rows come at once. */
  private static final String ALL = "SELECT * FROM long_series";

  /** Works for days before its first row. */
  private static final String SUM = "SELECT SUM(rate) FROM long_series";

  @TempDir Path folder;
  private EmbeddedPostgres postgreSql;
  private Connection administrator;
  private Engine engine;
  private TestServer server;

  @BeforeEach
  void start() throws Exception {
    postgreSql = EmbeddedPostgres.start();
    administrator = postgreSql.getPostgresDatabase().getConnection();
    try (Statement statement = administrator.createStatement()) {
      statement.execute(
          // In FROM, PostgreSQL would write the whole series to its disk first.
          "CREATE VIEW long_series AS SELECT TIMESTAMPTZ '2026-01-02 00:00Z' AS time_index,"
              + " generate_series(1, 1000000000000) AS rate");
    }
    Files.writeString(
        folder.resolve("catalog.yaml"),
        """
        storages:
          desk: { type: postgresql, url: "%s", user: postgres }
        nodes:
          - { identifier: long_series, storage: desk, table: long_series, time_index: time_index }
        """
            .formatted(postgreSql.getJdbcUrl("postgres", "postgres")));
    engine = Engine.open(folder.toString(), Map.of());
    server = TestServer.start(engine);
  }

  @AfterEach
  void stop() throws Exception {
    server.close();
    engine.close();
    administrator.close();
    postgreSql.close();
  }

  /** Statements on the view that PostgreSQL runs now. */
  private int running() throws SQLException {
    try (Statement statement = administrator.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT COUNT(*) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
                    + " AND query LIKE '%long_series%' AND state <> 'idle'")) {
      rows.next();
      return rows.getInt(1);
    }
  }

  private void awaitRunning(int count) throws Exception {
    while (running() != count) {
      Thread.sleep(10);
    }
  }

  @Test
  void beforeTheFirstRow() throws Exception {
    vanishes(SUM, 0);
  }

  @Test
  void whileRowsCome() throws Exception {
    vanishes(ALL, 1_000_000);
  }

  @Test
  void betweenTwoRequestsForRows() throws Exception {
    WireClient client = WireClient.open(server.server(), Map.of());
    try (Socket socket = client.start(WireFormat.EXECUTE, WireClient.execute("1", ALL, 1))) {
      socket.getInputStream().read();
      RestRequests.awaitRest(server);
      assertEquals(1, running());
    }
    awaitGone();
  }

  private void vanishes(String sql, int bytes) throws Exception {
    WireClient client = WireClient.open(server.server(), Map.of());
    try (Socket socket = client.start(WireFormat.EXECUTE, WireClient.execute("1", sql, 32 << 20))) {
      awaitRunning(1);
      assertEquals(bytes, socket.getInputStream().readNBytes(bytes).length);
    }
    awaitGone();
  }

  private void awaitGone() throws Exception {
    awaitRunning(0);
    while (server.server().sessions().runningStatements() > 0) {
      Thread.sleep(5);
    }
    RestRequests.awaitRest(server);
    assertEquals(0, engine.connections().get("desk").active());
    assertEquals(0, server.server().sessions().holdings().bytes());
  }
}
