package io.datanode.server;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datanode.engine.Engine;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** No password and no token comes into a log, at its most talkative, or into an error. */
class SecretsTest {
  private static final Logger ROOT = Logger.getLogger("");
  private static final Logger OURS = Logger.getLogger("io.datanode");

  /** What is secret in all that is done here; each has this in it. */
  private static final String SECRET = "hunter2";

  @TempDir Path folder;
  private final StringBuffer said = new StringBuffer();
  private final Handler listener =
      new Handler() {
        @Override
        public void publish(LogRecord record) {
          said.append(new SimpleFormatter().format(record));
          if (record.getParameters() != null) {
            said.append(List.of(record.getParameters())).append('\n');
          }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };
  private Level before;

  @BeforeEach
  void listen() {
    before = OURS.getLevel();
    OURS.setLevel(Level.ALL);
    listener.setLevel(Level.ALL);
    ROOT.addHandler(listener);
  }

  @AfterEach
  void stop() {
    ROOT.removeHandler(listener);
    OURS.setLevel(before);
  }

  /** Does what fails, and keeps all that is said of it. */
  private void fails(String what, org.junit.jupiter.api.function.Executable call) {
    Throwable failure = assertThrows(Throwable.class, call, what);
    StringWriter text = new StringWriter();
    failure.printStackTrace(new PrintWriter(text));
    said.append(text);
  }

  private void nothingSecretWasSaid() {
    String all = said.toString();
    assertFalse(all.contains(SECRET), all);
    assertFalse(all.contains("secret-of"), all);
    String encoded = Base64.getEncoder().encodeToString(("alice:" + SECRET).getBytes());
    assertFalse(all.contains(encoded.substring(0, 12)), all);
  }

  private static Properties login(String user, String password) {
    Properties info = new Properties();
    info.setProperty("user", user);
    info.setProperty("password", password);
    return info;
  }

  @Test
  void loginsRightAndWrong() throws Exception {
    ServerSettings settings =
        ServerSettings.defaults().at("127.0.0.1", 0).with(Users.access("alice"));
    try (Engine engine = SmallMarket.open(folder);
        TestServer server = TestServer.start(settings, engine)) {
      String url = server.server().jdbcUrl();
      // The password of a user is "secret-of-" and his name.
      try (Connection connection =
              DriverManager.getConnection(url, login("alice", "secret-of-alice"));
          Statement statement = connection.createStatement()) {
        statement.executeQuery("SELECT COUNT(*) FROM daily_prices").close();
        connection.setClientInfo("password", SECRET);
        fails("setting", () -> statement.execute("SET password = 'x'"));
        said.append(connection.getMetaData().getURL()).append(connection);
      }
      try (Connection connection =
          DriverManager.getConnection(url + "/?user=alice&password=secret-of-alice")) {
        said.append(connection.getMetaData().getURL()).append(connection);
      }
      fails("wrong", () -> DriverManager.getConnection(url, login("alice", SECRET)));
      fails("unknown", () -> DriverManager.getConnection(url, login("mallory", SECRET)));
      fails("URL", () -> DriverManager.getConnection(url + "/?user=alice&password=" + SECRET));
      Properties token = new Properties();
      token.setProperty("token", "dn_" + SECRET);
      fails("token", () -> DriverManager.getConnection(url, token));
      for (String authorization :
          List.of(
              "Bearer " + SECRET,
              "Bearer a." + SECRET + ".c",
              "Basic " + SECRET,
              "Basic " + Base64.getEncoder().encodeToString(("alice:" + SECRET).getBytes()),
              SECRET)) {
        said.append(server.http("GET", "/v1/nodes", "", "Authorization", authorization).body());
      }
      fails(
          "stock client",
          () ->
              server.avatica(
                  "json",
                  "authentication",
                  "BASIC",
                  "avatica_user",
                  "alice",
                  "avatica_password",
                  SECRET));
      RestRequests.awaitRest(server);
    }
    assertTrue(said.toString().contains("Statement ended"), "nothing was logged");
    nothingSecretWasSaid();
  }

  @Test
  void urlsThatAreWrong() {
    for (String url :
        List.of(
            "jdbc:datanode://alice:" + SECRET + "@127.0.0.1:1/",
            "jdbc:datanode://127.0.0.1:1/?user=alice&password=" + SECRET,
            "jdbc:datanode://127.0.0.1:1/?token=" + SECRET,
            "jdbc:datanode://127.0.0.1:1/?password=" + SECRET + "&unknown=1",
            "jdbc:datanode://127.0.0.1:1/?user=a:b&password=" + SECRET,
            "jdbc:datanode://no.such.host.invalid/?password=" + SECRET,
            "jdbc:datanode:./nowhere?password=" + SECRET)) {
      fails(url, () -> DriverManager.getConnection(url));
    }
    nothingSecretWasSaid();
  }

  @Test
  void catalogsThatAreWrong() throws Exception {
    for (String storage :
        List.of(
            "{ type: postgresql, url: \"jdbc:postgresql://127.0.0.1:1/x\", user: a, password: \""
                + SECRET
                + "\" }",
            "{ type: postgresql, url: \"jdbc:postgresql://127.0.0.1:1/x?password="
                + SECRET
                + "\" }",
            "{ type: postgresql, url: \"jdbc:postgresql://a:" + SECRET + "@127.0.0.1:1/x\" }",
            "{ type: postgresql, url: \"nonsense\", pasword: \"" + SECRET + "\" }",
            "{ type: postgresql, password: \"" + SECRET + "\" }",
            "{ type: postgresql, password: [\"" + SECRET + "\"] }",
            "{ type: duckdb, password: \"" + SECRET + "\" }")) {
      Path catalog =
          Files.writeString(
              folder.resolve("catalog.yaml"),
              "storages:\n  desk: "
                  + storage
                  + "\nnodes:\n  - { identifier: rates, storage: desk, table: rates }\n");
      fails(
          storage,
          () -> {
            try (Engine engine = Engine.open(catalog.toString(), Map.of());
                TestServer server = TestServer.start(engine);
                Connection connection = DriverManager.getConnection(server.server().jdbcUrl());
                Statement statement = connection.createStatement()) {
              said.append(server.http("GET", "/ready", "").body());
              said.append(server.http("GET", "/v1/nodes", "").body());
              said.append(engine.nodes().problems());
              statement.executeQuery("SELECT * FROM rates");
            }
          });
    }
    fails(
        "catalog in a database",
        () -> Engine.open("postgresql://a:" + SECRET + "@127.0.0.1:1/x", Map.of()).close());
    nothingSecretWasSaid();
  }
}
