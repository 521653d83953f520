package io.datanode.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.datanode.jdbc.session.StatementCall;
import io.datanode.plan.QueryPlanner;
import io.datanode.plan.SqlPlanner;
import io.datanode.schema.CatalogNodes;
import io.datanode.storage.duckdb.EmbeddedDuckDb;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** An engine over a catalog with one session, to look at what its statements do and leave. */
final class OpenEngine implements AutoCloseable {
  /** Would count for about an hour. */
  static final String ENDLESS =
      "SELECT count(*) FROM range(1000000) a, range(1000000) b WHERE (a.range * b.range) % 7 = 3";

  /** Gives rows at once and would go on for about an hour. */
  static final String ENDLESS_ROWS = "SELECT range FROM range(1000000000000)";

  private final EmbeddedDuckDb embedded;
  private final Engine engine;
  private final EngineSession session;

  private OpenEngine(
      Path catalog, @Nullable QueryPlanner planner, Clock clock, Map<String, String> settings) {
    embedded = EmbeddedDuckDb.open(Map.of());
    CatalogNodes nodes = CatalogNodes.open(catalog.toString(), Map.of(), embedded);
    QueryLog log = new QueryLog();
    MetadataSchema metadata = new MetadataSchema(nodes, log);
    QueryPlanner used =
        planner != null ? planner : new SqlPlanner(nodes, metadata, embedded.dialect());
    engine = new Engine(nodes, embedded, used, metadata, log, clock);
    session = engine.session("ann", settings);
  }

  /** Over a catalog, with the planner it always has. */
  static OpenEngine over(Path catalog) {
    return new OpenEngine(catalog, null, Clock.systemUTC(), Map.of());
  }

  /** Over a catalog, at the time of a clock. */
  static OpenEngine over(Path catalog, Clock clock, Map<String, String> settings) {
    return new OpenEngine(catalog, null, clock, settings);
  }

  /**
   * With plans made by hand, whose statements need no nodes.
   *
   * @param folder where the one node that a catalog must have is written
   */
  static OpenEngine scripted(
      Path folder, ScriptedPlanner planner, Clock clock, Map<String, String> settings)
      throws SQLException {
    write(folder.resolve("one.parquet"), "SELECT 1 AS a");
    return new OpenEngine(folder, planner, clock, settings);
  }

  /** Writes the rows of a query of DuckDB into a Parquet file. */
  static void write(Path file, String sql) throws SQLException {
    try (EmbeddedDuckDb writer = EmbeddedDuckDb.open(Map.of());
        Connection duckdb = writer.connect();
        Statement statement = duckdb.createStatement()) {
      statement.execute("COPY (" + sql + ") TO '" + file + "'");
    }
  }

  Engine engine() {
    return engine;
  }

  EngineSession session() {
    return session;
  }

  /** The rows of a statement, as lines. */
  List<String> rows(StatementCall call) throws SQLException {
    return Read.rows(session.execute(call));
  }

  /** The statement that began last. */
  QueryLog.Entry lastEntry() {
    List<QueryLog.Entry> entries = engine.queryLog().entries();
    return entries.get(entries.size() - 1);
  }

  /** Connections of the embedded engine that are in use. */
  int openQueries() {
    return embedded.openQueries();
  }

  /** Tables that were shipped into the embedded engine and are still there, or the empty text. */
  String tablesLeft() throws SQLException {
    try (Connection duckdb = embedded.connect();
        Statement statement = duckdb.createStatement();
        ResultSet tables =
            statement.executeQuery(
                "SELECT coalesce(string_agg(table_name), '') FROM duckdb_tables()")) {
      tables.next();
      return tables.getString(1);
    }
  }

  @Override
  public void close() throws SQLException {
    session.close();
    engine.close();
  }

  /** Work on a thread of its own. */
  static Future<?> inBackground(Callable<?> work) {
    ExecutorService thread = Executors.newSingleThreadExecutor();
    Future<?> future = thread.submit(work);
    thread.shutdown();
    return future;
  }

  /** Why work on another thread has failed. */
  static SQLException failure(Future<?> running) {
    return (SQLException) assertThrows(ExecutionException.class, running::get).getCause();
  }

  static void fails(String sqlState, String message, Callable<?> work) {
    SQLException failure = assertThrows(SQLException.class, work::call);
    assertEquals(message, failure.getMessage());
    assertEquals(sqlState, failure.getSQLState());
  }
}
