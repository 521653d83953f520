package io.datanode.benchmarks;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;

/** Reads many rows through the driver, in a JVM of its own, and says what its heap holds. */
final class HeapReader {
  /** The prices ten times over: 50 million rows. */
  private static final String MANY =
      "SELECT p.* FROM prices AS p CROSS JOIN"
          + " (VALUES 0, 1, 2, 3, 4, 5, 6, 7, 8, 9) AS times (n)";

  private static final int STEP = 10_000_000;

  private HeapReader() {}

  /** Given the URL, prints a line with the bytes in use at the start and at each ten million. */
  public static void main(String[] arguments) throws Exception {
    try (Connection connection = DriverManager.getConnection(arguments[0]);
        Statement statement = connection.createStatement()) {
      say(0);
      try (ResultSet rows = statement.executeQuery(MANY)) {
        long count = 0;
        double sum = 0;
        while (rows.next()) {
          sum += rows.getTimestamp(1).getTime() + rows.getString(2).length() + rows.getDouble(3);
          if (++count % STEP == 0) {
            say(count);
          }
        }
        if (!(sum > 0)) {
          throw new IllegalStateException("The rows are not those that were written");
        }
      }
    }
  }

  private static void say(long rows) {
    Runtime runtime = Runtime.getRuntime();
    System.gc();
    System.out.println(rows + " " + (runtime.totalMemory() - runtime.freeMemory()));
  }
}
