package io.datanode.benchmarks;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * {@code jdbc:datanode:} over PostgreSQL beside pgjdbc, and over PostgreSQL and DuckDB at once
 * beside what a programmer would do by hand.
 */
public final class PostgreSqlBenchmark {
  private static final String POINT =
      "SELECT time_index, asset_identifier, open, high, low, close, volume FROM %s"
          + " WHERE asset_identifier = '%s' AND time_index >= %s '2024-01-02 00:00:00'"
          + " AND time_index < %s '2024-01-03 00:00:00'";
  private static final String AGGREGATE =
      "SELECT asset_identifier, COUNT(*), AVG(close), MAX(high), MIN(low), SUM(volume)"
          + " FROM %s GROUP BY asset_identifier";
  private static final String TOP =
      "SELECT asset_identifier, close, volume FROM %s ORDER BY volume DESC, close DESC,"
          + " asset_identifier LIMIT 20";
  private static final String JOIN =
      "SELECT p.asset_identifier, COUNT(*), SUM(p.close * f.eps) FROM %s p JOIN %s f"
          + " ON f.asset_identifier = p.asset_identifier AND f.time_index = p.time_index"
          + " GROUP BY p.asset_identifier";
  private static final String WINDOW =
      "SELECT asset_identifier, SUM(mean) FROM (SELECT asset_identifier, AVG(close) OVER (PARTITION"
          + " BY asset_identifier ORDER BY time_index ROWS BETWEEN 19 PRECEDING AND CURRENT ROW) AS"
          + " mean FROM %s WHERE asset_identifier < 'ASSET_0100') w GROUP BY asset_identifier";
  private static final String ACROSS_JOIN =
      "SELECT f.asset_identifier, COUNT(*), SUM(p.close * f.eps) FROM prices p JOIN %s f"
          + " ON f.asset_identifier = p.asset_identifier WHERE f.time_index < %s"
          + " '2024-01-01 01:00:00' GROUP BY f.asset_identifier";
  private static final String AS_OF =
      "SELECT COUNT(*), SUM(p.close * f.eps) FROM prices p LEFT ASOF JOIN live_fundamentals f"
          + " MATCH_CONDITION f.time_index <= p.time_index"
          + " ON f.asset_identifier = p.asset_identifier";
  private static final String DUCKDB_AS_OF =
      "SELECT COUNT(*), SUM(p.close * f.eps) FROM prices p ASOF LEFT JOIN fundamentals f"
          + " ON f.asset_identifier = p.asset_identifier AND p.time_index >= f.time_index";
  private static final String SELECTED =
      "SELECT p.asset_identifier, COUNT(*), AVG(p.close), SUM(p.volume) FROM live_prices p JOIN"
          + " assets a ON a.asset_identifier = p.asset_identifier WHERE a.sector = 'Energy' GROUP BY"
          + " p.asset_identifier";
  private static final String SELECTED_ROWS =
      "SELECT p.asset_identifier, p.close, p.volume, a.sector FROM live_prices p JOIN assets a ON"
          + " a.asset_identifier = p.asset_identifier WHERE a.sector = 'Energy' AND p.time_index >="
          + " TIMESTAMP '2024-01-02 00:00:00' AND p.time_index < TIMESTAMP '2024-01-03 00:00:00'";

  private PostgreSqlBenchmark() {}

  /**
   * Runs and prints a table.
   *
   * @param arguments which parts to run: {@code postgresql}, {@code across}, {@code stock}; all if
   *     there are none
   */
  public static void main(String[] arguments) throws Exception {
    Set<String> parts =
        arguments.length == 0 ? Set.of("postgresql", "across", "stock") : Set.of(arguments);
    try (PostgreSqlData data = PostgreSqlData.open();
        Connection ours = DriverManager.getConnection("jdbc:datanode:" + data.catalog());
        Connection pgjdbc = data.connect("");
        Connection duckDb = MarketData.duckDb(data.file())) {
      System.out.printf("%,d prices%n", (long) MarketData.ASSETS * MarketData.MINUTES);
      System.out.println(Race.Outcome.head());
      if (parts.contains("postgresql")) {
        inPostgreSql(data, ours, pgjdbc);
      }
      if (parts.contains("across")) {
        across(ours, pgjdbc, duckDb);
      }
      if (parts.contains("stock")) {
        besideStockCalcite(data, ours);
      }
    }
  }

  private static void inPostgreSql(PostgreSqlData data, Connection ours, Connection pgjdbc)
      throws Exception {
    new Race(5, 21)
        .run(
            "point query, 1,440 rows, text; pgjdbc Statement",
            1,
            50,
            turn ->
                bars(
                    ours,
                    POINT.formatted(
                        "live_prices", MarketData.asset(turn), "TIMESTAMP", "TIMESTAMP")),
            turn ->
                bars(
                    pgjdbc,
                    POINT.formatted(
                        "prices", MarketData.asset(turn), "TIMESTAMPTZ", "TIMESTAMPTZ")));
    // What reads fastest in pgjdbc: binary values from the first execution on, through a cursor.
    try (Connection cursor = data.connect("&prepareThreshold=-1&binaryTransfer=true")) {
      cursor.setAutoCommit(false);
      new Race(1, 5)
          .run(
              "full scan; pgjdbc binary, cursor, fetch size 10,000",
              1,
              1,
              turn -> bars(ours, "SELECT * FROM live_prices"),
              turn -> scan(cursor));
    }
    race("grouped aggregate", ours, pgjdbc, AGGREGATE, 5);
    race("top 20 of all rows", ours, pgjdbc, TOP, 5);
    race("window over 100 assets", ours, pgjdbc, WINDOW, 5);
    new Race(1, 9)
        .run(
            "join with fundamentals",
            1.05,
            1,
            turn -> sum(ours, JOIN.formatted("live_prices", "live_fundamentals")),
            turn -> sum(pgjdbc, JOIN.formatted("prices", "fundamentals")));
  }

  private static void race(String name, Connection ours, Connection pgjdbc, String sql, int rounds)
      throws Exception {
    new Race(1, rounds)
        .run(
            name + "; the same SQL through pgjdbc",
            1.05,
            1,
            turn -> sum(ours, sql.formatted("live_prices")),
            turn -> sum(pgjdbc, sql.formatted("prices")));
  }

  private static void across(Connection ours, Connection pgjdbc, Connection duckDb)
      throws Exception {
    new Race(2, 11)
        .run(
            "prices in DuckDB × fundamentals in PostgreSQL, join; both in DuckDB",
            1.5,
            1,
            turn -> sum(ours, ACROSS_JOIN.formatted("live_fundamentals", "TIMESTAMP")),
            turn -> sum(duckDb, ACROSS_JOIN.formatted("fundamentals", "TIMESTAMPTZ")));
    new Race(2, 11)
        .run(
            "prices in DuckDB × fundamentals in PostgreSQL, as-of join; both in DuckDB",
            1.5,
            1,
            turn -> sum(ours, AS_OF),
            turn -> sum(duckDb, DUCKDB_AS_OF));
    new Race(1, 7)
        .run(
            "prices in PostgreSQL of 200 assets selected in DuckDB, aggregated; two steps by hand",
            1.3,
            1,
            turn -> sum(ours, SELECTED),
            turn -> selectedByHand(duckDb, pgjdbc));
    new Race(1, 7)
        .run(
            "prices in PostgreSQL of 200 assets selected in DuckDB, rows; two steps by hand",
            1.3,
            1,
            turn -> sum(ours, SELECTED_ROWS),
            turn -> selectedRowsByHand(duckDb, pgjdbc));
  }

  /** The keys first, then one statement with all of them. */
  private static double selectedByHand(Connection duckDb, Connection pgjdbc) throws SQLException {
    try (PreparedStatement statement =
        pgjdbc.prepareStatement(
            "SELECT asset_identifier, COUNT(*), AVG(close), SUM(volume) FROM prices WHERE"
                + " asset_identifier = ANY (?) GROUP BY asset_identifier")) {
      statement.setArray(
          1, pgjdbc.createArrayOf("text", sectors(duckDb).keySet().toArray(new String[0])));
      try (ResultSet rows = statement.executeQuery()) {
        return sum(rows);
      }
    }
  }

  private static double selectedRowsByHand(Connection duckDb, Connection pgjdbc)
      throws SQLException {
    Map<String, String> sectors = sectors(duckDb);
    double sum = 0;
    pgjdbc.setAutoCommit(false);
    try (PreparedStatement statement =
        pgjdbc.prepareStatement(
            "SELECT asset_identifier, close, volume FROM prices WHERE asset_identifier = ANY (?)"
                + " AND time_index >= TIMESTAMPTZ '2024-01-02 00:00:00+00' AND time_index <"
                + " TIMESTAMPTZ '2024-01-03 00:00:00+00'")) {
      statement.setFetchSize(10_000);
      statement.setArray(1, pgjdbc.createArrayOf("text", sectors.keySet().toArray(new String[0])));
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          String sector = sectors.get(rows.getString(1));
          if (sector != null) {
            sum += rows.getDouble(2) + rows.getDouble(3) + sector.length();
          }
        }
      }
    } finally {
      pgjdbc.setAutoCommit(true);
    }
    return sum;
  }

  private static Map<String, String> sectors(Connection duckDb) throws SQLException {
    Map<String, String> sectors = new HashMap<>();
    try (Statement statement = duckDb.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT asset_identifier, sector FROM assets WHERE sector = 'Energy'")) {
      while (rows.next()) {
        sectors.put(rows.getString(1), rows.getString(2));
      }
    }
    return sectors;
  }

  /** The same queries over two stock {@code JdbcSchema}s; says so if Calcite cannot run one. */
  private static void besideStockCalcite(PostgreSqlData data, Connection ours) throws Exception {
    record Across(String name, String sql, String stock) {}
    List<Across> queries = new ArrayList<>();
    queries.add(
        new Across(
            "prices in DuckDB × fundamentals in PostgreSQL, join; stock Calcite",
            ACROSS_JOIN.formatted("live_fundamentals", "TIMESTAMP"),
            ACROSS_JOIN
                .formatted("\"desk\".\"fundamentals\"", "TIMESTAMP")
                .replace("prices p", "\"lake\".\"prices\" p")));
    queries.add(
        new Across(
            "prices in DuckDB × fundamentals in PostgreSQL, as-of join; stock Calcite",
            AS_OF,
            AS_OF
                .replace("prices p", "\"lake\".\"prices\" p")
                .replace("live_fundamentals", "\"desk\".\"fundamentals\"")));
    queries.add(
        new Across(
            "prices in PostgreSQL of 200 assets selected in DuckDB, aggregated; stock Calcite",
            SELECTED,
            SELECTED
                .replace("live_prices", "\"desk\".\"prices\"")
                .replace("assets a", "\"lake\".\"assets\" a")));
    try (Connection stock = StockCalcite.connect(data.file(), data.url())) {
      for (Across query : queries) {
        try {
          sum(stock, query.stock());
        } catch (SQLException e) {
          System.out.println("| " + query.name() + " | | stock Calcite fails: " + first(e) + " |");
          continue;
        }
        new Race(1, 3)
            .run(
                query.name(),
                1,
                1,
                turn -> sum(ours, query.sql()),
                turn -> sum(stock, query.stock()));
      }
    }
  }

  private static String first(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    String message = String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
    return message.length() > 150 ? message.substring(0, 150) + "…" : message;
  }

  private static double bars(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      return bars(rows);
    }
  }

  private static double scan(Connection cursor) throws SQLException {
    try (PreparedStatement statement = cursor.prepareStatement("SELECT * FROM prices")) {
      statement.setFetchSize(10_000);
      try (ResultSet rows = statement.executeQuery()) {
        return bars(rows);
      }
    }
  }

  /** Reads bars by the getters an application would use. */
  private static double bars(ResultSet rows) throws SQLException {
    double sum = 0;
    while (rows.next()) {
      sum += rows.getTimestamp(1).getTime() / 1000 + rows.getString(2).length() + rows.getLong(7);
      sum += rows.getDouble(3) + rows.getDouble(4) + rows.getDouble(5) + rows.getDouble(6);
    }
    return sum;
  }

  private static double sum(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      return sum(rows);
    }
  }

  /** Adds up the numbers of a result, and the lengths of its texts. */
  private static double sum(ResultSet rows) throws SQLException {
    int columns = rows.getMetaData().getColumnCount();
    boolean[] texts = new boolean[columns + 1];
    for (int i = 1; i <= columns; i++) {
      texts[i] = rows.getMetaData().getColumnType(i) == java.sql.Types.VARCHAR;
    }
    double sum = 0;
    while (rows.next()) {
      for (int i = 1; i <= columns; i++) {
        // The first text is the identifier; the others count.
        sum += !texts[i] ? rows.getDouble(i) : i == 1 ? 0 : rows.getString(i).length();
      }
    }
    return sum;
  }
}
