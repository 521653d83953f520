package io.datanode.benchmarks;

import java.io.BufferedReader;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * The driver over HTTP beside pgjdbc, which reads the same rows from PostgreSQL, and beside
 * Avatica's own driver at the same server; all on loopback, each server in a process of its own.
 */
public final class RemoteBenchmark {
  /** Rounds until the JVMs of both sides have compiled what they run, as those of a server have. */
  private static final int WARM = 120;

  private static final int MILLION = Math.min(1_000_000, MarketData.ASSETS * MarketData.MINUTES);
  private static final String SCAN = "SELECT * FROM %s LIMIT ";
  private static final String POINT =
      "SELECT time_index, asset_identifier, open, high, low, close, volume FROM %s"
          + " WHERE asset_identifier = ? AND time_index >= %s '2024-01-02 00:00:00'"
          + " AND time_index < %s '2024-01-03 00:00:00'";
  private static final int QUERIES = 200;

  private RemoteBenchmark() {}

  /**
   * Prints a table. Arguments are the parts to run, of {@code trivial}, {@code point}, {@code
   * clients}, {@code large}, {@code tls} and {@code heap}; none for all but the last.
   */
  public static void main(String[] arguments) throws Exception {
    Set<String> parts =
        arguments.length == 0
            ? Set.of("trivial", "point", "clients", "large", "tls")
            : Set.of(arguments);
    try (PostgreSqlData data = PostgreSqlData.open()) {
      if (parts.contains("heap")) {
        heap(data);
      }
      try (ServerProcess server = ServerProcess.start(data.catalog(), "-Xmx2g");
          Connection ours = DriverManager.getConnection(server.jdbcUrl());
          Connection embedded = DriverManager.getConnection("jdbc:datanode:" + data.catalog());
          // What reads fastest in pgjdbc: binary values from the first execution on, a cursor.
          Connection pgjdbc = data.connect("&prepareThreshold=-1&binaryTransfer=true");
          Connection avatica = avatica(server)) {
        pgjdbc.setAutoCommit(false);
        System.out.println(Race.Outcome.head());
        if (parts.contains("trivial")) {
          trivial(ours, embedded, pgjdbc);
        }
        if (parts.contains("point")) {
          point(ours, pgjdbc);
        }
        if (parts.contains("clients")) {
          manyClients(server, 32);
          manyClients(server, 128);
        }
        if (parts.contains("large")) {
          large(ours, pgjdbc, avatica);
          firstRow(ours);
        }
        if (parts.contains("tls")) {
          encrypted(data, pgjdbc);
        }
      }
    }
  }

  /** What 50 million rows leave on the heaps of both sides while they are read. */
  private static void heap(PostgreSqlData data) throws Exception {
    List<String> command = ServerProcess.java("-Xmx96m");
    try (ServerProcess server = ServerProcess.start(data.catalog(), "-Xmx256m")) {
      command.addAll(List.of("io.datanode.benchmarks.HeapReader", server.jdbcUrl()));
      Process client =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
      System.out.println("| rows read | live on the client | live on the server |\n|---|---|---|");
      try (BufferedReader lines = client.inputReader()) {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          String[] said = line.split(" ");
          System.out.printf(
              "| %s | %.1f MB | %.1f MB |%n",
              said[0], Long.parseLong(said[1]) / 1e6, server.liveBytes() / 1e6);
        }
      }
      if (client.waitFor() != 0) {
        throw new IllegalStateException("The client failed");
      }
    }
  }

  private static Connection avatica(ServerProcess server) throws SQLException {
    return new org.apache.calcite.avatica.remote.Driver()
        .connect(
            "jdbc:avatica:remote:url=" + server.httpUrl() + ";serialization=protobuf;timeZone=UTC",
            new Properties());
  }

  private static void trivial(Connection ours, Connection embedded, Connection pgjdbc)
      throws Exception {
    // The goal of the network is three times pgjdbc, besides what the engine itself takes.
    Race.Outcome engine =
        new Race(10, 31)
            .run(
                "SELECT 1 in process; pgjdbc",
                Double.NaN,
                200,
                turn -> one(embedded),
                turn -> one(pgjdbc));
    new Race(WARM, 31)
        .run("SELECT 1; pgjdbc", 3 + engine.ratio(), 200, turn -> one(ours), turn -> one(pgjdbc));
  }

  private static void point(Connection ours, Connection pgjdbc) throws Exception {
    try (PreparedStatement our =
            ours.prepareStatement(POINT.formatted("prices", "TIMESTAMP", "TIMESTAMP"));
        PreparedStatement peer =
            pgjdbc.prepareStatement(POINT.formatted("prices", "TIMESTAMPTZ", "TIMESTAMPTZ"))) {
      new Race(WARM, 31)
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

  /** Rows over TLS beside pgjdbc in plain text. */
  private static void encrypted(PostgreSqlData data, Connection pgjdbc) throws Exception {
    try (SelfSignedCertificate own = SelfSignedCertificate.make();
        ServerProcess server =
            ServerProcess.startWithTls(data.catalog(), own.certificate(), own.key());
        Connection ours = DriverManager.getConnection(server.jdbcUrl(), trusting(own))) {
      new Race(2, 9)
          .run(
              "1 M rows × 7 from DuckDB over TLS; pgjdbc binary, cursor, in plain text",
              1,
              1,
              turn -> scan(ours, "prices", MILLION),
              turn -> scan(pgjdbc, "prices", MILLION));
    }
  }

  private static Properties trusting(SelfSignedCertificate certificate) {
    Properties properties = new Properties();
    properties.setProperty("ssl", "true");
    properties.setProperty("sslRootCert", certificate.certificate().toString());
    return properties;
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
  private static void manyClients(ServerProcess server, int clients) throws Exception {
    List<Connection> ours = new ArrayList<>();
    List<Connection> stock = new ArrayList<>();
    ExecutorService threads = Executors.newFixedThreadPool(clients);
    try {
      for (int i = 0; i < clients; i++) {
        ours.add(DriverManager.getConnection(server.jdbcUrl()));
        stock.add(avatica(server));
      }
      new Race(3, 7)
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
