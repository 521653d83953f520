package io.datanode.server.cli;

import io.datanode.server.demo.DemoData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** The data set of the demo, of ten assets and a year, for all tests of a class. */
final class DemoFolder implements BeforeAllCallback, AfterAllCallback {
  private Path folder;

  @Override
  public void beforeAll(ExtensionContext context) throws IOException {
    folder = Files.createTempDirectory("demo");
    new DemoData(10, 1).writeTo(folder.resolve("demo"), (node, rows, done, of) -> {});
  }

  @Override
  public void afterAll(ExtensionContext context) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  /** Where it is, as an argument of commands. */
  String path() {
    return folder.resolve("demo").toString();
  }
}
