package io.datanode;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.datanode.testing.MarketNodes;
import io.datanode.testing.SqlFixture;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.stream.Stream;
import net.hydromatic.quidem.Quidem;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Runs the scripts in {@code src/test/resources/sql}: SQL in, rows out, readable by any user.
 * {@code !use market} connects to {@link MarketNodes}; {@code !use market?timeZone=Europe/Paris}
 * with settings.
 *
 * <p>What a script really gives is written to {@code target/sql}, to be copied back when right.
 */
class QuidemTest {
  private static final Path SCRIPTS = Path.of("src/test/resources/sql");

  static Stream<String> scripts() throws IOException {
    try (Stream<Path> files = Files.list(SCRIPTS)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".iq"))
          .sorted()
          .toList()
          .stream();
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("scripts")
  void givesWhatTheScriptSays(String script) throws Exception {
    String expected = Files.readString(SCRIPTS.resolve(script), StandardCharsets.UTF_8);
    StringWriter actual = new StringWriter();
    Quidem.Config config =
        Quidem.configBuilder()
            .withReader(new StringReader(expected))
            .withWriter(actual)
            .withConnectionFactory(
                (name, reference) -> {
                  String url = SqlFixture.url(MarketNodes.catalog());
                  if (!name.startsWith("market")) {
                    throw new IllegalArgumentException("Unknown connection " + name);
                  }
                  return DriverManager.getConnection(url + name.substring("market".length()));
                })
            .withStackLimit(-1)
            .build();
    new Quidem(config).execute();
    Path written = Path.of("target/sql").resolve(script);
    Files.createDirectories(written.getParent());
    Files.writeString(written, actual.toString(), StandardCharsets.UTF_8);
    assertEquals(expected, actual.toString());
  }
}
