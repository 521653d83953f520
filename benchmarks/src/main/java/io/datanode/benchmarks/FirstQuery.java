package io.datanode.benchmarks;

import java.lang.management.ManagementFactory;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** The first query of a JVM, timed from the JVM's own start. Run by {@link StartBenchmark}. */
public final class FirstQuery {
  private FirstQuery() {}

  /**
   * Prints milliseconds since the JVM started, at {@code main}, when connected, when the first
   * query has been read and when a second one has.
   *
   * @param arguments a JDBC URL and a query
   */
  public static void main(String[] arguments) throws SQLException {
    long start = ManagementFactory.getRuntimeMXBean().getStartTime();
    StringBuilder times = new StringBuilder();
    times.append(System.currentTimeMillis() - start);
    try (Connection connection = DriverManager.getConnection(arguments[0])) {
      times.append(' ').append(System.currentTimeMillis() - start);
      for (int i = 0; i < 2; i++) {
        try (Statement statement = connection.createStatement();
            ResultSet rows = statement.executeQuery(arguments[1])) {
          while (rows.next()) {
            rows.getObject(1);
          }
        }
        times.append(' ').append(System.currentTimeMillis() - start);
      }
    }
    System.out.println(times);
  }
}
