package io.datanode.benchmarks;

import io.datanode.engine.Engine;
import io.datanode.server.DataNodeServer;
import io.datanode.server.ServerSettings;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * The driver over HTTP beside pgjdbc, which reads the same rows from PostgreSQL, and beside
 * Avatica's own driver at the same server; all on loopback.
 */
public final class RemoteBenchmark {
  private static final int MILLION = Math.min(1_000_000, MarketData.ASSETS * MarketData.MINUTES);
  private static final String SCAN = "SELECT * FROM %s LIMIT ";
  private static final String POINT =
      "SELECT time_index, asset_identifier, open, high, low, close, volume FROM %s"
          + " WHERE asset_identifier = ? AND time_index >= %s '2024-01-02 00:00:00'"
          + " AND time_index < %s '2024-01-03 00:00:00'";
  private static final int QUERIES = 200;

  private RemoteBenchmark() {}

  /** Runs all and prints a table. */
  public static void main(String[] arguments) throws Exception {
    try (PostgreSqlData data = PostgreSqlData.open();
        Engine engine = Engine.open(data.catalog().toString(), Map.of());
        DataNodeServer server =
            DataNodeServer.start(
                ServerSettings.defaults().at("127.0.0.1", 0), engine, Clock.systemUTC());
        Connection ours = DriverManager.getConnection(server.jdbcUrl());
        // What reads fastest in pgjdbc: binary values from the first execution on, a cursor.
        Connection pgjdbc = data.connect("&prepareThreshold=-1&binaryTransfer=true");
        Connection avatica = avatica(server)) {
      pgjdbc.setAutoCommit(false);
      System.out.println(Race.Outcome.head());
      small(ours, pgjdbc);
      for (int clients : new int[] {32, 128}) {
        manyClients(server, clients);
      }
      large(ours, pgjdbc, avatica);
      firstRow(ours);
    }
  }

  private static Connection avatica(DataNodeServer server) throws SQLException {
    return new org.apache.calcite.avatica.remote.Driver()
        .connect(
            "jdbc:avatica:remote:url=" + server.httpUrl() + ";serialization=protobuf;timeZone=UTC",
            new Properties());
  }

  private static void small(Connection ours, Connection pgjdbc) throws Exception {
    new Race(5, 21).run("SELECT 1; pgjdbc", 3, 200, turn -> one(ours), turn -> one(pgjdbc));
    try (PreparedStatement our =
            ours.prepareStatement(POINT.formatted("prices", "TIMESTAMP", "TIMESTAMP"));
        PreparedStatement peer =
            pgjdbc.prepareStatement(POINT.formatted("prices", "TIMESTAMPTZ", "TIMESTAMPTZ"))) {
      new Race(5, 21)
          .run(
              "point query, 1,440 rows, prepared; pgjdbc binary",
              1.5,
              50,
              turn -> point(our, turn),
              turn -> point(peer, turn));
    }
  }

  private static void large(Connection ours, Connection pgjdbc, Connection avatica)
      throws Exception {
    new Race(2, 9)
        .run(
            "1 M rows × 7 from DuckDB; pgjdbc binary, cursor",
            0.45,
            1,
            turn -> scan(ours, "prices", MILLION),
            turn -> scan(pgjdbc, "prices", MILLION));
    new Race(1, 5)
        .run(
            "5 M rows × 7 from DuckDB; pgjdbc binary, cursor",
            0.45,
            1,
            turn -> scan(ours, "prices", 5 * MILLION),
            turn -> scan(pgjdbc, "prices", 5 * MILLION));
    new Race(1, 5)
        .run(
            "1 M rows × 7 from PostgreSQL; pgjdbc binary, cursor",
            1.1,
            1,
            turn -> scan(ours, "live_prices", MILLION),
            turn -> scan(pgjdbc, "prices", MILLION));
    new Race(1, 3)
        .run(
            "1 M rows × 7 from DuckDB; Avatica's driver, protobuf",
            1.0 / 8,
            1,
            turn -> scan(ours, "prices", MILLION),
            turn -> scan(avatica, "prices", MILLION));
  }

  private static double one(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT 1")) {
      rows.next();
      return rows.getInt(1);
    }
  }

  private static double point(PreparedStatement statement, int turn) throws SQLException {
    statement.setString(1, MarketData.asset(turn % MarketData.ASSETS));
    statement.setFetchSize(10_000);
    try (ResultSet rows = statement.executeQuery()) {
      return sum(rows);
    }
  }

  private static double scan(Connection connection, String table, int rows) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(SCAN.formatted(table) + rows)) {
      statement.setFetchSize(10_000);
      try (ResultSet result = statement.executeQuery()) {
        return sum(result) > 0 ? rows : 0;
      }
    }
  }

  private static double sum(ResultSet rows) throws SQLException {
    double sum = 0;
    while (rows.next()) {
      sum += rows.getTimestamp(1).getTime() / 1000 + rows.getString(2).length() + rows.getLong(7);
      sum += rows.getDouble(3) + rows.getDouble(4) + rows.getDouble(5) + rows.getDouble(6);
    }
    return sum;
  }

  /** Trivial queries of many clients at once: ours, then Avatica's driver. */
  private static void manyClients(DataNodeServer server, int clients) throws Exception {
    List<Connection> ours = new ArrayList<>();
    List<Connection> stock = new ArrayList<>();
    ExecutorService threads = Executors.newFixedThreadPool(clients);
    try {
      for (int i = 0; i < clients; i++) {
        ours.add(DriverManager.getConnection(server.jdbcUrl()));
        stock.add(avatica(server));
      }
      new Race(1, 5)
          .run(
              clients + " clients, trivial queries; Avatica's driver, protobuf",
              1 / 2.3,
              1,
              turn -> all(threads, ours),
              turn -> all(threads, stock));
    } finally {
      threads.shutdown();
      for (Connection connection : ours) {
        connection.close();
      }
      for (Connection connection : stock) {
        connection.close();
      }
    }
  }

  private static double all(ExecutorService threads, List<Connection> clients) throws Exception {
    List<Callable<Double>> work = new ArrayList<>();
    for (Connection client : clients) {
      work.add(
          () -> {
            double sum = 0;
            for (int i = 0; i < QUERIES / 10; i++) {
              sum += one(client);
            }
            return sum;
          });
    }
    double sum = 0;
    for (Future<Double> done : threads.invokeAll(work)) {
      sum += done.get();
    }
    return sum;
  }

  /** Milliseconds until a scan of all rows has given its first. */
  private static void firstRow(Connection ours) throws SQLException {
    double[] times = new double[21];
    for (int i = -5; i < times.length; i++) {
      long start = System.nanoTime();
      try (Statement statement = ours.createStatement();
          ResultSet rows = statement.executeQuery("SELECT * FROM prices")) {
        rows.next();
        if (i >= 0) {
          times[i] = (System.nanoTime() - start) / 1e6;
        }
      }
    }
    Arrays.sort(times);
    System.out.printf("First row of a scan of all prices: %.1f ms (goal: 15)%n", times[10]);
  }
}
