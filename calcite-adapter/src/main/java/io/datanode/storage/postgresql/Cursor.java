package io.datanode.storage.postgresql;

import io.datanode.jdbc.batch.ColumnBatch;
import io.datanode.storage.StorageQuery;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.postgresql.core.CachedQuery;
import org.postgresql.core.Field;
import org.postgresql.core.ParameterList;
import org.postgresql.core.Query;
import org.postgresql.core.QueryExecutor;
import org.postgresql.core.ResultCursor;
import org.postgresql.core.ResultHandlerBase;
import org.postgresql.core.Tuple;
import org.postgresql.jdbc.PgConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rows of a statement with parameters, some thousands at a time through a cursor. It speaks to
 * the server below the driver's JDBC classes: these would give one value at a time, and convert
 * each. A short statement stays prepared in the server after its end, for the next who uses the
 * connection; a long one is planned anew for the values of each run.
 */
final class Cursor implements RowSource {
  private static final Logger LOG = LoggerFactory.getLogger(Cursor.class);

  private static final int MAX_ROWS = 10_000;
  private static final int MIN_ROWS = 50;

  /** Rows of one fetch while nobody knows how long they are. */
  private static final int FIRST_ROWS = 5_000;

  /** What a statement takes of which a plan for its values may be much better than one for any. */
  private static final Duration LONG = Duration.ofMillis(50);

  /** Bytes of values that one fetch should have at most. */
  private static final long FETCH_BYTES = 8L << 20;

  private final PgConnection connection;
  private final QueryExecutor executor;
  private final StorageQuery query;
  private final CachedQuery statement;
  private final ParameterList parameters;
  private int fetchRows = FIRST_ROWS;
  private long nanoseconds;
  private @Nullable Rows last;
  private @Nullable ResultPlan plan;
  private @Nullable ColumnBatch batch;
  private Field[] fields = {};

  /**
   * Binds a statement; it is not run before {@link #execute}.
   *
   * @param sql its text, perhaps with casts around its columns
   */
  Cursor(PgConnection connection, String sql, StorageQuery query, StatementMemory memory)
      throws SQLException {
    this.connection = connection;
    this.executor = connection.getQueryExecutor();
    this.query = query;
    this.statement = executor.borrowQuery(sql);
    try {
      this.parameters = statement.query.createParameterList();
      Parameters.bind(parameters, query.parameters());
      memory.prepareFor(statement.query, query.parameters().stream().map(Parameters::oid).toList());
    } catch (SQLException | RuntimeException e) {
      executor.releaseQuery(statement);
      throw e;
    }
  }

  /**
   * Runs the statement.
   *
   * @param small true if it is likely that all rows come in one fetch. No transaction is then put
   *     around it, which saves the round trip that ends one; should there be more rows after all,
   *     it is run again
   * @return false if its columns are not of types that can be read as wanted
   */
  boolean execute(boolean small) throws SQLException {
    describe();
    if (small) {
      Rows rows = run(fetchRows, QueryExecutor.QUERY_SUPPRESS_BEGIN);
      if (rows.cursor == null) {
        return plan(rows);
      }
      rows.cursor.close();
    }
    connection.setAutoCommit(false);
    return plan(run(fetchRows, 0));
  }

  /**
   * Runs the statement and receives all its rows. PostgreSQL may then use parallel workers, which
   * it does for no cursor.
   *
   * @return false if its columns are not of types that can be read as wanted
   */
  boolean executeAtOnce() throws SQLException {
    describe();
    return plan(run(0, QueryExecutor.QUERY_SUPPRESS_BEGIN));
  }

  /** Else the driver would learn too late that it can ask for the binary format. */
  private void describe() throws SQLException {
    if (!statement.query.isStatementDescribed()) {
      executor.execute(
          statement.query,
          parameters,
          new Rows(),
          0,
          0,
          QueryExecutor.QUERY_DESCRIBE_ONLY | QueryExecutor.QUERY_SUPPRESS_BEGIN);
    }
  }

  private Rows run(int portion, int flags) throws SQLException {
    Rows rows = new Rows();
    last = rows;
    long start = System.nanoTime();
    executor.execute(
        statement.query,
        parameters,
        rows,
        0,
        portion,
        flags | QueryExecutor.QUERY_FORWARD_CURSOR | QueryExecutor.QUERY_READ_ONLY_HINT);
    nanoseconds += System.nanoTime() - start;
    return rows;
  }

  private boolean plan(Rows rows) {
    if (rows.fields != null) {
      fields = rows.fields;
    }
    Optional<ResultPlan> found = ResultPlan.of(fields, query);
    plan = found.orElse(null);
    return found.isPresent();
  }

  /** Rows that have been received and not been read. */
  int fetched() {
    return last == null ? 0 : last.tuples.size();
  }

  @Override
  public @Nullable ColumnBatch next() throws SQLException {
    Rows rows = last;
    if (rows != null && rows.taken) {
      rows = fetch(rows.cursor);
      last = rows;
    }
    if (rows == null || rows.tuples.isEmpty() || plan == null) {
      return null;
    }
    rows.taken = true;
    ColumnBatch target = batch;
    if (target == null) {
      target = ColumnBatch.of(query.columns(), rows.tuples.size());
      batch = target;
    } else {
      target.clear();
    }
    long bytes = plan.read(rows.tuples, target) / rows.tuples.size();
    fetchRows = (int) Math.max(MIN_ROWS, Math.min(MAX_ROWS, FETCH_BYTES / Math.max(1, bytes)));
    rows.tuples = List.of();
    return target;
  }

  private @Nullable Rows fetch(@Nullable ResultCursor rest) throws SQLException {
    if (rest == null) {
      return null;
    }
    Rows rows = new Rows();
    long start = System.nanoTime();
    executor.fetch(rest, rows, fetchRows, false);
    nanoseconds += System.nanoTime() - start;
    return rows;
  }

  @Override
  public boolean atEnd() {
    return last == null || last.cursor == null;
  }

  @Override
  public String columnName(int column) {
    return fields[column].getColumnLabel();
  }

  @Override
  public boolean close() throws SQLException {
    Rows rows = last;
    last = null;
    try {
      if (rows != null && rows.cursor != null) {
        rows.cursor.close();
      }
      if (!connection.getAutoCommit()) {
        connection.rollback();
        connection.setAutoCommit(true);
      }
      return true;
    } finally {
      // PostgreSQL would come to prefer a plan for any values if that looks cheaper. It always does
      // where a condition that all rows meet is taken for one that a third meets.
      if (nanoseconds > LONG.toNanos()) {
        statement.query.close();
      }
      executor.releaseQuery(statement);
    }
  }

  /** Keeps what the server answers. */
  private static final class Rows extends ResultHandlerBase {
    private Field @Nullable [] fields;
    private List<Tuple> tuples = List.of();
    private @Nullable ResultCursor cursor;
    private boolean taken;

    @Override
    public void handleResultRows(
        Query fromQuery, Field[] columns, List<Tuple> rows, @Nullable ResultCursor rest) {
      fields = columns;
      tuples = rows;
      cursor = rest;
    }

    @Override
    public void handleWarning(SQLWarning warning) {
      // Nothing a reader of rows could act on, such as a collation's new version.
      LOG.debug("PostgreSQL warns: {}", warning.getMessage());
    }
  }
}
