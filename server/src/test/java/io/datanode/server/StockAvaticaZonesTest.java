package io.datanode.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Which instants a stock Avatica client makes of ours in a JVM of another zone: Avatica keeps the
 * zone its classes were loaded in, so each is asked in a JVM of its own.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
class StockAvaticaZonesTest {
  private TestServer server;

  @BeforeAll
  void start() throws SQLException {
    server = TestServer.start();
  }

  @AfterAll
  void stop() {
    server.close();
  }

  /**
   * The client: prints {@code getTimestamp} as an instant, {@code getString} and {@code getLong}.
   */
  static final class Client {
    private Client() {}

    /** Takes a URL. */
    public static void main(String[] arguments) throws SQLException {
      try (Connection connection = DriverManager.getConnection(arguments[0]);
          ResultSet rows =
              connection
                  .createStatement()
                  .executeQuery(
                      "SELECT t::TIMESTAMPTZ FROM (VALUES ('2024-01-02 21:00:00.5+00'),"
                          + " ('2024-03-10 02:30:00+00'), ('2024-07-01 12:00:00+00')) v(t)")) {
        while (rows.next()) {
          Timestamp time = rows.getTimestamp(1);
          System.out.println(
              time.toInstant() + " | " + rows.getString(1) + " | " + rows.getLong(1));
        }
      }
    }
  }

  private String read(String zone, String serialization, String timeZone) throws Exception {
    String url =
        "jdbc:avatica:remote:url="
            + server.server().httpUrl()
            + ";serialization="
            + serialization
            + (timeZone == null ? "" : ";timeZone=" + timeZone);
    Process client =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Duser.timezone=" + zone,
                "-cp",
                System.getProperty("java.class.path"),
                Client.class.getName(),
                url)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String output = output(client);
    assertEquals(0, client.waitFor());
    return output;
  }

  private static String output(Process client) throws IOException {
    return new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @CsvSource({"Asia/Kolkata, json", "America/New_York, protobuf"})
  void withTimeZoneUtcInstantsAreExactButForTheHourSkippedInTheZoneOfTheJvm(
      String zone, String serialization) throws Exception {
    String skipped =
        zone.equals("America/New_York") ? "2024-03-10T03:30:00Z" : "2024-03-10T02:30:00Z";
    assertEquals(
        """
        2024-01-02T21:00:00.500Z | 2024-01-02 21:00:00.500 | 1704229200500
        %s | 2024-03-10 02:30:00.000 | 1710037800000
        2024-07-01T12:00:00Z | 2024-07-01 12:00:00.000 | 1719835200000
        """
            .formatted(skipped),
        read(zone, serialization, "UTC"));
  }

  @Test
  void withoutItGetTimestampTakesThemForWallClocksInTheZoneOfTheJvm() throws Exception {
    assertEquals(
        """
        2024-01-03T02:00:00.500Z | 2024-01-02 21:00:00.500 | 1704229200500
        2024-03-10T07:30:00Z | 2024-03-10 02:30:00.000 | 1710037800000
        2024-07-01T16:00:00Z | 2024-07-01 12:00:00.000 | 1719835200000
        """,
        read("America/New_York", "protobuf", null));
  }
}
