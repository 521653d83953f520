package io.datanode.benchmarks;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.OffsetDateTime;
import java.util.Arrays;

/** {@code jdbc:datanode:} in process, beside DuckDB's own JDBC driver on the same file. */
public final class EngineBenchmark {
  private static final String POINT =
      "SELECT time_index, asset_identifier, open, high, low, close, volume FROM prices"
          + " WHERE asset_identifier = '%s' AND time_index >= TIMESTAMP '2024-01-03 00:00:00'"
          + " AND time_index < TIMESTAMP '2024-01-04 00:00:00'";
  private static final String DUCKDB_POINT = POINT.replace("TIMESTAMP '", "TIMESTAMPTZ '");
  private static final String PREPARED_POINT =
      "SELECT time_index, asset_identifier, open, high, low, close, volume FROM prices"
          + " WHERE asset_identifier = ? AND time_index >= ? AND time_index < ?";
  private static final String AGGREGATE =
      "SELECT asset_identifier, COUNT(*), AVG(close), MAX(high), MIN(low), SUM(volume)"
          + " FROM prices GROUP BY asset_identifier";
  private static final String AS_OF =
      "SELECT COUNT(*), SUM(p.close * f.eps) FROM prices p LEFT ASOF JOIN fundamentals f"
          + " MATCH_CONDITION f.time_index <= p.time_index"
          + " ON f.asset_identifier = p.asset_identifier";
  private static final String DUCKDB_AS_OF =
      "SELECT COUNT(*), SUM(p.close * f.eps) FROM prices p ASOF LEFT JOIN fundamentals f"
          + " ON f.asset_identifier = p.asset_identifier AND p.time_index >= f.time_index";

  private static final String BARS =
      "SELECT bucket, asset_identifier, OHLCV(open, high, low, close, volume) FROM"
          + " TABLE(RESAMPLE(TABLE prices, DESCRIPTOR(time_index), INTERVAL '1' HOUR))"
          + " GROUP BY bucket, asset_identifier";
  private static final String DUCKDB_BARS =
      "SELECT time_bucket(INTERVAL 1 HOUR, time_index - INTERVAL 1 MICROSECOND) + INTERVAL 1 HOUR,"
          + " asset_identifier, arg_min(open, time_index), max(high), min(low),"
          + " arg_max(close, time_index), sum(volume) FROM prices GROUP BY ALL";

  private EngineBenchmark() {}

  /** Runs all and prints a table. */
  public static void main(String[] arguments) throws Exception {
    Path file = MarketData.file();
    try (Connection ours = DriverManager.getConnection("jdbc:datanode:" + file);
        Connection duckDb = MarketData.duckDb(file)) {
      System.out.println(Race.Outcome.head());
      point(ours, duckDb);
      new Race(1, 5)
          .run(
              "full scan, 5 M × 7, through ResultSet getters",
              1 / 1.8,
              1,
              turn -> scan(ours, "SELECT * FROM prices"),
              turn -> scan(duckDb, "SELECT * FROM prices"));
      new Race(3, 31)
          .run(
              "grouped aggregate, 5 M rows",
              1.05,
              1,
              turn -> sum(ours, AGGREGATE),
              turn -> sum(duckDb, AGGREGATE));
      new Race(2, 11)
          .run(
              "as-of join, 5 M × 20,000",
              1.05,
              1,
              turn -> sum(ours, AS_OF),
              turn -> sum(duckDb, DUCKDB_AS_OF));
      new Race(1, 7)
          .run(
              "bars of an hour out of 5 M minutes",
              1.1,
              1,
              turn -> scan(ours, BARS),
              turn -> scan(duckDb, DUCKDB_BARS));
      files(duckDb);
      System.out.printf("planning, not remembered: %.2f ms%n", planning(ours));
    }
  }

  private static void point(Connection ours, Connection duckDb) throws Exception {
    new Race(5, 21)
        .run(
            "point query, 1,440 of 5 M rows, text",
            1.25,
            50,
            turn -> scan(ours, POINT.formatted(MarketData.asset(turn))),
            turn -> scan(duckDb, DUCKDB_POINT.formatted(MarketData.asset(turn))));
    try (PreparedStatement our = ours.prepareStatement(PREPARED_POINT);
        PreparedStatement other = duckDb.prepareStatement(PREPARED_POINT)) {
      new Race(5, 21)
          .run(
              "point query, 1,440 of 5 M rows, prepared once",
              1.25,
              50,
              turn -> point(our, turn),
              turn -> point(other, turn));
    }
  }

  private static void files(Connection duckDb) throws Exception {
    Path folder = MarketData.folder();
    String from = "read_parquet('" + folder.resolve("prices.parquet") + "')";
    try (Connection ours = DriverManager.getConnection("jdbc:datanode:" + folder)) {
      new Race(5, 21)
          .run(
              "point query on one Parquet file, text",
              1.25,
              20,
              turn -> scan(ours, POINT.formatted(MarketData.asset(turn))),
              turn ->
                  scan(
                      duckDb,
                      DUCKDB_POINT.formatted(MarketData.asset(turn)).replace("prices", from)));
      new Race(1, 5)
          .run(
              "full scan of one Parquet file through ResultSet getters",
              1 / 1.8,
              1,
              turn -> scan(ours, "SELECT * FROM prices"),
              turn -> scan(duckDb, "SELECT * FROM " + from));
    }
  }

  private static double point(PreparedStatement statement, int turn) throws SQLException {
    OffsetDateTime day = OffsetDateTime.parse("2024-01-03T00:00:00Z");
    statement.setString(1, MarketData.asset(turn));
    statement.setObject(2, day);
    statement.setObject(3, day.plusDays(1));
    try (ResultSet rows = statement.executeQuery()) {
      return read(rows);
    }
  }

  /** Reads bars by the getters an application would use. */
  private static double scan(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      return read(rows);
    }
  }

  private static double read(ResultSet rows) throws SQLException {
    double sum = 0;
    while (rows.next()) {
      sum += rows.getTimestamp(1).getTime() / 1000 + rows.getString(2).length() + rows.getLong(7);
      sum += rows.getDouble(3) + rows.getDouble(4) + rows.getDouble(5) + rows.getDouble(6);
    }
    return sum;
  }

  /** Adds up the numbers of a small result. */
  private static double sum(Connection connection, String sql) throws SQLException {
    double sum = 0;
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      int columns = rows.getMetaData().getColumnCount();
      while (rows.next()) {
        for (int i = columns == 2 ? 1 : 2; i <= columns; i++) {
          sum += rows.getDouble(i);
        }
      }
    }
    return sum;
  }

  /** Median milliseconds to prepare a statement that no plan is remembered for. */
  private static double planning(Connection connection) throws SQLException {
    double[] times = new double[200];
    for (int i = 0; i < times.length; i++) {
      long start = System.nanoTime();
      connection
          .prepareStatement(POINT.formatted("A" + i) + " AND close > " + i + " AND volume < " + i)
          .close();
      times[i] = (System.nanoTime() - start) / 1e6;
    }
    Arrays.sort(times);
    return times[times.length / 2];
  }
}
