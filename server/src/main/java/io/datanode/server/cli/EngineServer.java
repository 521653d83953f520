package io.datanode.server.cli;

import io.datanode.engine.Engine;
import io.datanode.server.DataNodeServer;
import io.datanode.server.ServerSettings;
import java.sql.SQLException;
import java.time.InstantSource;

/** An engine with a server in front of it; closing ends both, the server first. */
final class EngineServer implements AutoCloseable {
  private final Engine engine;
  private final DataNodeServer server;

  private EngineServer(Engine engine, DataNodeServer server) {
    this.engine = engine;
    this.server = server;
  }

  /**
   * Opens a catalog and serves it.
   *
   * @param location of the catalog
   */
  static EngineServer start(String location, ServerOptions options) throws SQLException {
    ServerSettings settings = options.serverSettings();
    Engine engine = Engine.open(location, options.engineSettings());
    try {
      // Reading the catalog now tells what is wrong with it before anybody connects.
      engine.nodes().snapshot();
      DataNodeServer server = DataNodeServer.start(settings, engine, InstantSource.system());
      return new EngineServer(engine, server);
    } catch (SQLException | RuntimeException e) {
      engine.close();
      throw e;
    }
  }

  Engine engine() {
    return engine;
  }

  DataNodeServer server() {
    return server;
  }

  /** Waits until the process is told to end, and closes before it does. */
  void serveUntilStopped() throws InterruptedException {
    Thread closing = new Thread(this::close, "closing");
    Runtime.getRuntime().addShutdownHook(closing);
    Thread.currentThread().join();
  }

  @Override
  public void close() {
    server.close();
    engine.close();
  }
}
