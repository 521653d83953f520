package io.datanode.server;

import io.datanode.engine.Engine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** An engine over {@link SmallMarket} and a server in front of it, for all tests of a class. */
final class MarketServer implements BeforeAllCallback, AfterAllCallback {
  private Path folder;
  private Engine engine;
  private TestServer server;

  @Override
  public void beforeAll(ExtensionContext context) throws SQLException, IOException {
    folder = Files.createTempDirectory("market");
    engine = SmallMarket.open(folder);
    server = TestServer.start(engine);
  }

  @Override
  public void afterAll(ExtensionContext context) throws IOException {
    server.close();
    engine.close();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  Engine engine() {
    return engine;
  }

  TestServer server() {
    return server;
  }
}
