package io.datanode.benchmarks;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * As-of joins of 5 million prices with 20 thousand reports, each beside DuckDB's own as-of join of
 * one comparison. Bounds and second clocks are chosen so that the answer is the same one.
 */
public final class AsofBenchmark {
  private static final String RIGHT =
      "(SELECT *, time_index - INTERVAL '1' HOUR AS known FROM fundamentals)";
  private static final String OURS =
      "SELECT COUNT(*), SUM(p.close * f.eps) FROM prices p LEFT ASOF JOIN %s f"
          + " MATCH_CONDITION %s ON f.asset_identifier = p.asset_identifier";
  private static final String DUCKDB =
      "SELECT COUNT(*), SUM(p.close * f.eps) FROM prices p ASOF LEFT JOIN fundamentals f"
          + " ON f.asset_identifier = p.asset_identifier AND p.time_index >= f.time_index";

  private AsofBenchmark() {}

  /** Runs all and prints a table. */
  public static void main(String[] arguments) throws Exception {
    Path file = MarketData.file();
    try (Connection ours = DriverManager.getConnection("jdbc:datanode:" + file);
        Connection duckDb = MarketData.duckDb(file)) {
      System.out.println(Race.Outcome.head());
      race("as-of join", 1.05, ours, "fundamentals", "f.time_index <= p.time_index", duckDb);
      race(
          "as-of join, not older than a bound",
          1.5,
          ours,
          "fundamentals",
          "f.time_index <= p.time_index AND f.time_index >= p.time_index - INTERVAL '20000' DAY(5)",
          duckDb);
      race(
          "as-of join, two clocks",
          1.5,
          ours,
          RIGHT,
          "f.time_index <= p.time_index AND f.known <= p.time_index",
          duckDb);
    }
  }

  private static void race(
      String name, double goal, Connection ours, String right, String match, Connection duckDb)
      throws Exception {
    new Race(1, 7)
        .run(
            name + ", 5 M × 20,000",
            goal,
            1,
            turn -> sum(ours, OURS.formatted(right, match)),
            turn -> sum(duckDb, DUCKDB));
  }

  private static double sum(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getDouble(1) + rows.getDouble(2);
    }
  }
}
