package io.datanode.server;

import io.datanode.engine.Engine;
import io.datanode.server.demo.DemoData;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;

/**
 * A catalog that is open in this process and at a server, for tests that ask both the same. The
 * server is reached through a proxy that writes down the requests.
 */
final class BothRoads implements AutoCloseable {
  /** How to get to the nodes. */
  enum Road {
    EMBEDDED,
    REMOTE
  }

  private final Path folder;
  private final Engine engine;
  private final TestServer server;
  private final RecordingProxy proxy;

  private BothRoads(Path folder) throws SQLException, IOException {
    this.folder = folder;
    engine = Engine.open(folder.toString(), Map.of());
    server = TestServer.start(engine);
    proxy = new RecordingProxy(server.server().port());
  }

  /** Opens the catalog of a folder. */
  static BothRoads to(Path folder) throws SQLException, IOException {
    return new BothRoads(folder);
  }

  /** Opens a small demo: assets with prices, bars, fundamentals, rates and holdings. */
  static BothRoads toDemo(Path folder) throws SQLException, IOException {
    new DemoData(10, 1).writeTo(folder, (node, rows, done, of) -> {});
    return to(folder);
  }

  /**
   * Connects.
   *
   * @param settings as in a URL, for example {@code timeZone=Europe/Paris}; may be empty
   */
  Connection connect(Road road, String settings) throws SQLException {
    String place = road == Road.REMOTE ? proxy.url() : "jdbc:datanode:" + folder;
    return DriverManager.getConnection(place + (settings.isEmpty() ? "" : "?" + settings));
  }

  TestServer server() {
    return server;
  }

  RecordingProxy proxy() {
    return proxy;
  }

  @Override
  public void close() throws IOException {
    proxy.close();
    server.close();
    engine.close();
  }
}
