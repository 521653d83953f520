package io.datanode.storage.datanode;

import io.datanode.DataNodeException;
import io.datanode.jdbc.SqlState;
import io.datanode.jdbc.batch.ColumnBatch;
import io.datanode.jdbc.batch.ColumnType;
import io.datanode.jdbc.session.Result;
import io.datanode.jdbc.session.ResultColumn;
import io.datanode.jdbc.session.Session;
import io.datanode.jdbc.session.StatementCall;
import io.datanode.storage.RunningQueries;
import io.datanode.storage.StorageQuery;
import io.datanode.storage.StreamedQuery;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A statement that the server runs. Its batches are handed on as they come. */
final class SessionQuery extends StreamedQuery {
  private static final Logger LOG = LoggerFactory.getLogger(SessionQuery.class);

  private static final Set<ColumnType.Kind> TEXTS =
      EnumSet.of(ColumnType.Kind.VARCHAR, ColumnType.Kind.JSON, ColumnType.Kind.OTHER);

  /** Decimals of more digits are not held as a long. */
  private static final int LONG_DIGITS = 18;

  private final ServerSession server;
  private final StorageQuery query;
  private volatile String statement;
  private @Nullable Session session;
  private @Nullable Result result;

  /** A statement that is sent when its first rows are read. */
  SessionQuery(RunningQueries queries, ServerSession server, StorageQuery query) {
    super(queries);
    this.server = server;
    this.query = query;
    this.statement = server.newStatement();
  }

  @Override
  protected @Nullable ColumnBatch read() throws SQLException {
    Result open = result;
    if (open == null) {
      open = run(query.sql());
      if (!asWanted(open.columns())) {
        open.close();
        statement = server.newStatement();
        open = run(converting());
      }
    }
    return open.next();
  }

  private Result run(String sql) throws SQLException {
    Session used = server.open();
    synchronized (handover) {
      session = used;
    }
    Result started = used.execute(new StatementCall(statement, sql, query.values(), 0, 0));
    result = started;
    return started;
  }

  /** Types whose values are held alike need no conversion. */
  private boolean asWanted(List<ResultColumn> columns) {
    if (columns.size() != query.columns().size()) {
      throw new DataNodeException(
          SqlState.INTERNAL_ERROR,
          "The server gives "
              + columns.size()
              + " columns where "
              + query.columns().size()
              + " were expected: "
              + query.sql());
    }
    for (int i = 0; i < columns.size(); i++) {
      if (!isHeldAlike(columns.get(i).type(), query.columns().get(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isHeldAlike(ColumnType given, ColumnType wanted) {
    if (given.equals(wanted)) {
      return true;
    }
    switch (wanted.kind()) {
      case VARCHAR:
      case JSON:
      case OTHER:
        return TEXTS.contains(given.kind());
      case DECIMAL:
        return given.kind() == ColumnType.Kind.DECIMAL
            && given.scale() == wanted.scale()
            && given.precision() <= wanted.precision()
            && (given.precision() <= LONG_DIGITS) == (wanted.precision() <= LONG_DIGITS);
      default:
        return false;
    }
  }

  private String converting() {
    List<String> names = new ArrayList<>();
    List<String> casts = new ArrayList<>();
    for (int i = 0; i < query.columns().size(); i++) {
      names.add("c" + i);
      ColumnType wanted = query.columns().get(i);
      casts.add(
          "CAST(c"
              + i
              + " AS "
              + (TEXTS.contains(wanted.kind()) ? ColumnType.VARCHAR : wanted)
              + ") AS c"
              + i);
    }
    return "SELECT "
        + String.join(", ", casts)
        + " FROM ("
        + query.sql()
        + "\n) AS q("
        + String.join(", ", names)
        + ")";
  }

  /** Only the next batch tells. */
  @Override
  protected boolean atEnd() {
    return false;
  }

  @Override
  protected DataNodeException translate(Exception cause) {
    return server.translate(cause);
  }

  @Override
  protected void interrupt() throws SQLException {
    Session used = session;
    if (used == null) {
      return;
    }
    try {
      used.cancel(statement);
    } catch (SQLException e) {
      if (SqlState.CONNECTION_LOST.code().equals(e.getSQLState())) {
        // Whoever waits for this server would wait for ever.
        server.giveUp(used);
      }
      throw e;
    }
  }

  /** A server that does not answer is given up by {@link #interrupt}. */
  @Override
  protected void cut() {}

  @Override
  protected void release(@Nullable Exception cause) {
    Result open = result;
    result = null;
    session = null;
    if (open != null) {
      try {
        open.close();
      } catch (SQLException e) {
        LOG.debug("A statement of {} did not end well", server, e);
      }
    }
  }
}
