package io.datanode.benchmarks;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.postgresql.PGConnection;

/**
 * Newest versions, newest rows and bars in DuckDB and in PostgreSQL, each beside the best SQL that
 * was found by hand for that storage. The versions are 2 million: four of each of 1,000 reports of
 * 500 assets, in no order; that no two of a report are of one time is not declared.
 */
public final class VersionBenchmark {
  private static final String VERSIONS =
      "CREATE TABLE versions AS SELECT"
          + " make_timestamptz(CAST(1704067200000000 + m * 60000000 AS BIGINT)) AS time_index,"
          + " 'ASSET_' || lpad(CAST(a AS VARCHAR), 4, '0') AS asset_identifier,"
          + " make_timestamptz(CAST(1704070800000000 + m * 60000000 + v * 3600000000 AS BIGINT))"
          + " AS published_at, round(100 + a + sin(m / 97.0 + a) + v, 4) AS eps,"
          + " CAST(a * m * v AS BIGINT) AS revenue, 'USD' AS currency, v = 0 AS preliminary"
          + " FROM range(4) versions(v), range(500) assets(a), range(1000) minutes(m)"
          + " ORDER BY hash(a * 7919 + m * 104729 + v)";
  private static final String AS_OF =
      "SELECT COUNT(*), SUM(eps), SUM(revenue) FROM %s"
          + " FOR SYSTEM_TIME AS OF TIMESTAMP '2024-01-02 12:00:00'";
  private static final String BY_WINDOW =
      "SELECT COUNT(*), SUM(eps), SUM(revenue) FROM (SELECT * FROM versions WHERE published_at <="
          + " TIMESTAMPTZ '2024-01-02 12:00:00' QUALIFY ROW_NUMBER() OVER (PARTITION BY"
          + " asset_identifier, time_index ORDER BY published_at DESC) = 1)";
  private static final String BY_DISTINCT =
      "SELECT COUNT(*), SUM(eps), SUM(revenue) FROM (SELECT DISTINCT ON (time_index,"
          + " asset_identifier) * FROM versions WHERE published_at <= TIMESTAMPTZ '2024-01-02"
          + " 12:00:00' ORDER BY time_index DESC, asset_identifier DESC, published_at DESC) v";
  private static final String BACKWARDS =
      "WITH RECURSIVE r AS ((SELECT * FROM prices ORDER BY asset_identifier DESC, time_index DESC"
          + " LIMIT 1) UNION ALL SELECT n.* FROM r CROSS JOIN LATERAL (SELECT * FROM prices p WHERE"
          + " p.asset_identifier < r.asset_identifier ORDER BY p.asset_identifier DESC,"
          + " p.time_index DESC LIMIT 1) n) SELECT %s FROM r";
  private static final String LAST_OF_EACH =
      "WITH RECURSIVE r AS ((SELECT asset_identifier AS a FROM prices ORDER BY 1 LIMIT 1) UNION ALL"
          + " SELECT n.* FROM r CROSS JOIN LATERAL (SELECT p.asset_identifier FROM prices p WHERE"
          + " p.asset_identifier > r.a ORDER BY 1 LIMIT 1) n) SELECT COUNT(*), SUM(c) FROM (SELECT"
          + " (SELECT close FROM prices p WHERE p.asset_identifier = r.a AND close IS NOT NULL ORDER BY"
          + " time_index DESC LIMIT 1) AS c FROM r) l";
  private static final String BY_JOIN =
      "SELECT COUNT(*), SUM(e) FROM (SELECT g.a, MIN(v.eps) AS e FROM (SELECT asset_identifier AS a,"
          + " time_index AS t, MAX(published_at) AS p FROM versions GROUP BY 1, 2) g JOIN versions v"
          + " ON v.asset_identifier = g.a AND v.time_index = g.t AND v.published_at = g.p GROUP BY"
          + " g.a, g.t) e";
  private static final String BARS =
      "SELECT COUNT(*), SUM(c), SUM(v) FROM (SELECT ARG_MAX(\"close\", time_index) AS c, SUM(volume)"
          + " AS v FROM %s GROUP BY asset_identifier, %s) b";
  private static final String RESAMPLED =
      "SELECT COUNT(*), SUM(c), SUM(v) FROM (SELECT LAST(\"close\", time_index) AS c, SUM(volume) AS v"
          + " FROM TABLE(RESAMPLE(TABLE prices, DESCRIPTOR(time_index), INTERVAL '1' HOUR, label =>"
          + " 'left', closed => 'left')) GROUP BY asset_identifier, bucket) b";

  private VersionBenchmark() {}

  /** Runs all and prints a table. */
  public static void main(String[] arguments) throws Exception {
    Path file = versions();
    try (PostgreSqlData data = PostgreSqlData.open();
        Connection ours = DriverManager.getConnection("jdbc:datanode:" + catalog(data, file));
        Connection duckDb = MarketData.duckDb(data.file());
        Connection versions = MarketData.duckDb(file);
        Connection pgjdbc = data.connect("")) {
      System.out.println(Race.Outcome.head());
      race("2 M versions as of T, DuckDB", 1.2, ours, AS_OF.formatted("v"), versions, BY_WINDOW);
      race(
          "2 M versions as of T, PostgreSQL",
          1.2,
          ours,
          AS_OF.formatted("live_v"),
          pgjdbc,
          BY_DISTINCT);
      race(
          "newest row of 500 assets of 5 M rows, PostgreSQL with index",
          1.2,
          ours,
          "SELECT COUNT(*), SUM(\"close\"), SUM(volume) FROM \"live_prices$latest\"",
          pgjdbc,
          BACKWARDS.formatted("COUNT(*), SUM(close), SUM(volume)"));
      race(
          "ARG_MAX of 500 assets of 5 M rows, PostgreSQL with index",
          1.2,
          ours,
          "SELECT COUNT(*), SUM(c) FROM (SELECT ARG_MAX(\"close\", time_index) AS c FROM live_prices"
              + " GROUP BY asset_identifier) a",
          pgjdbc,
          LAST_OF_EACH);
      race(
          "MAX(time_index) of 500 assets of 5 M rows, PostgreSQL with index",
          1.2,
          ours,
          "SELECT COUNT(*), SUM(EXTRACT(EPOCH FROM t)) FROM (SELECT MAX(time_index) AS t FROM"
              + " live_prices GROUP BY asset_identifier) a",
          pgjdbc,
          BACKWARDS.formatted("COUNT(*), SUM(EXTRACT(EPOCH FROM time_index))"));
      race(
          "ARG_MAX of 500,000 keys of 2 M rows, PostgreSQL without index",
          1.2,
          ours,
          "SELECT COUNT(*), SUM(e) FROM (SELECT ARG_MAX(eps, published_at) AS e FROM"
              + " \"live_v$versions\" GROUP BY asset_identifier, time_index) a",
          pgjdbc,
          BY_JOIN);
      race(
          "minutes to hours, 5 M, DuckDB",
          1.1,
          ours,
          RESAMPLED,
          duckDb,
          BARS.formatted("prices", "time_bucket(INTERVAL '1' HOUR, time_index)"));
    }
  }

  private static void race(
      String name, double goal, Connection ours, String sql, Connection peer, String byHand)
      throws Exception {
    new Race(2, 9).run(name, goal, 1, turn -> sum(ours, sql), turn -> sum(peer, byHand));
  }

  private static double sum(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      double sum = 0;
      for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
        sum += rows.getDouble(i);
      }
      return sum;
    }
  }

  /** The versions in DuckDB, made now or in an earlier run. */
  private static Path versions() throws Exception {
    Path file = MarketData.file().resolveSibling("benchmark-versions.duckdb");
    if (!Files.exists(file)) {
      Path partial = file.resolveSibling(file.getFileName() + ".partial");
      Files.deleteIfExists(partial);
      try (Connection connection = DriverManager.getConnection("jdbc:duckdb:" + partial);
          Statement statement = connection.createStatement()) {
        statement.execute("SET TimeZone = 'UTC'");
        statement.execute(VERSIONS);
      }
      Files.move(partial, file);
    }
    return file;
  }

  /** The same in PostgreSQL, and a catalog of all. */
  private static Path catalog(PostgreSqlData data, Path versions) throws Exception {
    try (Connection connection = data.connect("");
        Statement statement = connection.createStatement()) {
      if (!statement.executeQuery("SELECT 1 FROM pg_class WHERE relname = 'versions'").next()) {
        load(versions, connection, statement);
      }
    }
    String yaml = Files.readString(data.catalog()).replace("nodes:", storage(versions) + "nodes:");
    return Files.writeString(
        versions.resolveSibling("benchmark-versions.yaml"),
        yaml
            + """
              - identifier: v
                storage: reports
                table: versions
                index_names: [time_index, asset_identifier]
                knowledge_time: published_at
              - identifier: live_v
                storage: desk
                table: public.versions
                index_names: [time_index, asset_identifier]
                knowledge_time: published_at
            """);
  }

  private static String storage(Path versions) {
    return "  reports: { type: duckdb, path: \"" + versions + "\" }\n";
  }

  private static void load(Path versions, Connection connection, Statement statement)
      throws Exception {
    Path csv = versions.resolveSibling("benchmark-versions.csv");
    try (Connection duckDb = MarketData.duckDb(versions);
        Statement export = duckDb.createStatement()) {
      export.execute("COPY versions TO '" + csv + "' (FORMAT csv, HEADER false)");
    }
    connection.setAutoCommit(false);
    statement.execute(
        "CREATE TABLE versions (time_index TIMESTAMPTZ NOT NULL, asset_identifier TEXT NOT NULL,"
            + " published_at TIMESTAMPTZ NOT NULL, eps DOUBLE PRECISION, revenue BIGINT, currency"
            + " TEXT, preliminary BOOLEAN)");
    try (InputStream rows = Files.newInputStream(csv)) {
      connection
          .unwrap(PGConnection.class)
          .getCopyAPI()
          .copyIn("COPY versions FROM STDIN (FORMAT csv)", rows, 1 << 16);
    }
    connection.commit();
    connection.setAutoCommit(true);
    statement.execute("VACUUM ANALYZE versions");
    Files.delete(csv);
  }
}
