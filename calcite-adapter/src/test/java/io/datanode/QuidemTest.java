package io.datanode;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.datanode.testing.AsofNodes;
import io.datanode.testing.BarNodes;
import io.datanode.testing.MarketNodes;
import io.datanode.testing.MarketNodes.Place;
import io.datanode.testing.OddNodes;
import io.datanode.testing.SqlFixture;
import io.datanode.testing.StitchedNodes;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import net.hydromatic.quidem.Quidem;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Runs the scripts in {@code src/test/resources/sql}: SQL in, rows out, readable by any user. They
 * give the same whether the nodes are in DuckDB, in PostgreSQL, or some here and some there; what
 * shows storages themselves is in a folder of its own for each place.
 *
 * <p>{@code !use market} connects to {@link MarketNodes}, {@code !use odd} to {@link OddNodes},
 * {@code !use stitched} to {@link StitchedNodes}, {@code !use asof} to {@link AsofNodes}; {@code
 * !use market?timeZone=Europe/Paris} with settings. What a script really gives is written to {@code
 * target/sql}, to be copied back when right.
 */
class QuidemTest {
  private static final Path SCRIPTS = Path.of("src/test/resources/sql");

  static Stream<Arguments> scripts() throws IOException {
    List<Arguments> scripts = new ArrayList<>();
    for (Place place : Place.values()) {
      for (String folder : List.of("", place.name().toLowerCase(Locale.ROOT))) {
        for (String script : scriptsIn(SCRIPTS.resolve(folder))) {
          scripts.add(Arguments.of(place, Path.of(folder, script)));
        }
      }
    }
    return scripts.stream();
  }

  private static List<String> scriptsIn(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".iq"))
          .sorted()
          .toList();
    }
  }

  @ParameterizedTest(name = "{1} in {0}")
  @MethodSource("scripts")
  void givesWhatTheScriptSays(Place place, Path script) throws Exception {
    String expected = Files.readString(SCRIPTS.resolve(script), StandardCharsets.UTF_8);
    StringWriter actual = new StringWriter();
    Quidem.Config config =
        Quidem.configBuilder()
            .withReader(new StringReader(expected))
            .withWriter(actual)
            .withConnectionFactory((name, reference) -> connection(place, name))
            .withStackLimit(-1)
            .build();
    new Quidem(config).execute();
    String stable = SqlFixture.stable(actual.toString()).replace("java.sql.SQLException: ", "");
    Path written = Path.of("target/sql", place.name()).resolve(script);
    Files.createDirectories(written.getParent());
    Files.writeString(written, stable, StandardCharsets.UTF_8);
    assertEquals(expected, stable);
  }

  private static Connection connection(Place place, String name) throws SQLException {
    int settings = name.contains("?") ? name.indexOf('?') : name.length();
    Path catalog =
        switch (name.substring(0, settings)) {
          case "market" -> MarketNodes.catalog(place);
          case "odd" -> OddNodes.catalog(place);
          case "stitched" -> StitchedNodes.catalog(place);
          case "bars" -> BarNodes.catalog(place);
          case "asof" -> AsofNodes.catalog(place);
          default -> throw new IllegalArgumentException("Unknown connection " + name);
        };
    return tellingStates(
        DriverManager.getConnection(SqlFixture.url(catalog) + name.substring(settings)));
  }

  /** The same connection, whose errors begin with their SQLSTATE and hide where they come from. */
  private static Connection tellingStates(Connection connection) {
    return proxy(Connection.class, connection);
  }

  private static <T> T proxy(Class<T> type, Object target) {
    InvocationHandler handler =
        (proxy, method, arguments) -> {
          try {
            Object result = method.invoke(target, arguments);
            return result instanceof Statement ? proxy(Statement.class, result) : result;
          } catch (InvocationTargetException e) {
            if (!(e.getCause() instanceof SQLException failure)) {
              throw e.getCause();
            }
            SQLException told =
                new SQLException(failure.getSQLState() + ": " + failure.getMessage());
            told.setStackTrace(new StackTraceElement[0]);
            throw told;
          }
        };
    return type.cast(
        Proxy.newProxyInstance(QuidemTest.class.getClassLoader(), new Class<?>[] {type}, handler));
  }
}
