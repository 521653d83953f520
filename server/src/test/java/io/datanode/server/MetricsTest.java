package io.datanode.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datanode.engine.Engine;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Prometheus is told of an engine and its storages. */
class MetricsTest {
  /** Prometheus: base units, and _total for counters; the rest is as clients name it. */
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]*");

  @TempDir Path folder;

  @Test
  void plansAndConnectionsAreCounted() throws Exception {
    try (EmbeddedPostgres postgreSql = EmbeddedPostgres.start()) {
      try (Connection connection = postgreSql.getPostgresDatabase().getConnection();
          Statement statement = connection.createStatement()) {
        statement.execute(
            "CREATE TABLE rates AS SELECT now() + make_interval(days => i) AS time_index, i AS rate"
                + " FROM generate_series(1, 200000) i");
      }
      Files.writeString(
          folder.resolve("catalog.yaml"),
          """
          storages:
            desk: { type: postgresql, url: "%s", user: postgres, pool_size: 7 }
          nodes:
            - { identifier: rates, storage: desk, table: rates, time_index: time_index }
          """
              .formatted(postgreSql.getJdbcUrl("postgres", "postgres")));
      try (Engine engine = Engine.open(folder.toString(), Map.of());
          TestServer server = TestServer.start(engine);
          Connection connection = DriverManager.getConnection(server.server().jdbcUrl());
          Statement statement = connection.createStatement()) {
        for (int i = 0; i < 3; i++) {
          ResultSet rows = statement.executeQuery("SELECT MAX(rate) FROM rates");
          assertTrue(rows.next());
        }
        ResultSet open = statement.executeQuery("SELECT * FROM rates");
        assertTrue(open.next());
        shows(
            server,
            "datanode_plans_total{result=\"hit\"} 2.0",
            "datanode_plans_total{result=\"miss\"} 2.0",
            "datanode_statements_running 1.0",
            "datanode_storage_connections{state=\"active\",storage=\"desk\"} 1.0",
            "datanode_storage_connections{state=\"waiting\",storage=\"desk\"} 0.0",
            "datanode_storage_connections_max{storage=\"desk\"} 7.0");
        open.close();
        while (server.server().sessions().runningStatements() > 0) {
          Thread.sleep(5);
        }
        shows(
            server,
            "datanode_storage_connections{state=\"active\",storage=\"desk\"} 0.0",
            "datanode_users_held_bytes 0.0");
      }
    }
  }

  private static void shows(TestServer server, String... lines) throws Exception {
    String text = server.http("GET", "/metrics", "").body();
    for (String line : lines) {
      assertTrue(text.contains(line + "\n"), () -> line + " in\n" + text);
    }
  }

  @Test
  void namesAreThoseOfPrometheus() throws Exception {
    try (Engine engine = SmallMarket.open(folder);
        TestServer server = TestServer.start(engine)) {
      RestRequests.post(server, "/v1/query", "{\"sql\": \"SELECT 1\"}");
      RestRequests.awaitRest(server);
      Set<String> ours = new TreeSet<>();
      for (String line : server.http("GET", "/metrics", "").body().lines().toList()) {
        String[] words = line.split(" ");
        if (!line.startsWith("# TYPE datanode_")) {
          continue;
        }
        String name = words[2];
        assertTrue(NAME.matcher(name).matches(), name);
        assertEquals(words[3].equals("counter"), name.endsWith("_total"), name);
        ours.add(name);
      }
      assertTrue(
          ours.containsAll(
              List.of(
                  "datanode_http_requests_seconds",
                  "datanode_http_response_bytes_total",
                  "datanode_plans_total",
                  "datanode_rows_total",
                  "datanode_sessions",
                  "datanode_statements_running",
                  "datanode_statements_seconds",
                  "datanode_threads_busy",
                  "datanode_threads_max",
                  "datanode_users_held_bytes")),
          ours::toString);
      String documented = Files.readString(Path.of("../docs/server.md"));
      for (String name : ours) {
        assertTrue(
            name.endsWith("_max") || documented.contains("`" + name), name + " is not documented");
      }
    }
  }
}
