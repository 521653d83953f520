package io.datanode.storage.postgresql;

import io.datanode.storage.StorageQuery.Parameter;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.util.List;
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
 * One statement in a transaction of its own, spoken to the server below the driver's JDBC classes:
 * these would give one value at a time, and convert each. The statement stays prepared in the
 * server after its end, for the next who uses the connection. Used by one thread.
 */
final class Cursor {
  private static final Logger LOG = LoggerFactory.getLogger(Cursor.class);
  private static final int MAX_ROWS = 10_000;
  private static final int MIN_ROWS = 50;

  /** Rows of one fetch while nobody knows how long they are. */
  private static final int FIRST_ROWS = 5_000;

  /** Bytes of values that one fetch should have at most. */
  private static final long FETCH_BYTES = 8L << 20;

  private final PgConnection connection;
  private final QueryExecutor executor;
  private final CachedQuery statement;
  private final ParameterList parameters;
  private int fetchRows = FIRST_ROWS;
  private @Nullable Rows last;
  private Field @Nullable [] fields;

  /** Binds a statement; it is not run before {@link #execute}. */
  Cursor(PgConnection connection, String sql, List<Parameter> values) throws SQLException {
    this.connection = connection;
    this.executor = connection.getQueryExecutor();
    this.statement = executor.borrowQuery(sql);
    try {
      this.parameters = statement.query.createParameterList();
      Parameters.bind(parameters, values);
    } catch (SQLException | RuntimeException e) {
      executor.releaseQuery(statement);
      throw e;
    }
  }

  /** Runs the statement and gives its first rows. */
  List<Tuple> execute() throws SQLException {
    connection.setAutoCommit(false);
    Query query = statement.query;
    if (!query.isStatementDescribed()) {
      // Else the driver would learn too late that it can ask for the binary format.
      executor.execute(
          query,
          parameters,
          new Rows(),
          0,
          0,
          QueryExecutor.QUERY_DESCRIBE_ONLY | QueryExecutor.QUERY_SUPPRESS_BEGIN);
    }
    Rows rows = new Rows();
    executor.execute(
        query,
        parameters,
        rows,
        0,
        fetchRows,
        QueryExecutor.QUERY_FORWARD_CURSOR | QueryExecutor.QUERY_READ_ONLY_HINT);
    fields = rows.fields;
    last = rows;
    return rows.tuples;
  }

  /** The next rows, as {@link #execute} has told their columns. */
  List<Tuple> fetch() throws SQLException {
    Rows before = last;
    if (before == null || before.cursor == null) {
      return List.of();
    }
    Rows rows = new Rows();
    executor.fetch(before.cursor, rows, fetchRows, false);
    last = rows;
    return rows.tuples;
  }

  /** True if the server has sent the last row. */
  boolean atEnd() {
    return last == null || last.cursor == null;
  }

  /** The columns, or null before {@link #execute}. */
  Field @Nullable [] fields() {
    return fields;
  }

  /** Says how many bytes a row has, so that the next fetch is neither large nor slow. */
  void expectRowsOf(long bytes) {
    fetchRows = (int) Math.max(MIN_ROWS, Math.min(MAX_ROWS, FETCH_BYTES / Math.max(1, bytes)));
  }

  /** Ends the transaction, and with it what is left of the rows. */
  void close() throws SQLException {
    Rows rows = last;
    last = null;
    try {
      if (rows != null && rows.cursor != null) {
        rows.cursor.close();
      }
      connection.rollback();
      connection.setAutoCommit(true);
    } finally {
      executor.releaseQuery(statement);
    }
  }

  /** Keeps what the server answers. */
  private static final class Rows extends ResultHandlerBase {
    private Field @Nullable [] fields;
    private List<Tuple> tuples = List.of();
    private @Nullable ResultCursor cursor;

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
