package io.datanode.server.session;

import io.datanode.jdbc.SqlState;
import io.datanode.jdbc.batch.ColumnBatch;
import io.datanode.jdbc.session.Result;
import io.datanode.jdbc.session.ResultColumn;
import io.datanode.server.session.StatementListener.Outcome;
import java.sql.SQLException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** A result that gives no more rows, and takes no more time, than the server allows. */
final class LimitedResult implements Result {
  private static final Logger LOGGER = Logger.getLogger(LimitedResult.class.getName());

  private final Result rows;
  private final long maxRows;
  private final TimeBudget budget;
  private final Ending ending;
  private final UserMemory memory;
  private long count;

  /** Says once how a statement ended. */
  static final class Ending {
    private final StatementListener listener;
    private final String id;
    private final String user;
    private final long started = System.nanoTime();
    private boolean told;

    Ending(StatementListener listener, String id, String user) {
      this.listener = listener;
      this.id = id;
      this.user = user;
    }

    synchronized void tell(Outcome outcome, long rows, @Nullable String sqlState) {
      if (told) {
        return;
      }
      told = true;
      Duration time = Duration.ofNanos(System.nanoTime() - started);
      listener.ended(outcome, time, rows);
      log(outcome, time, rows, sqlState);
    }

    // Straight to the JDK's log: SLF4J would join the fields to one text, which nobody can take
    // apart again if the name of a user has an equals sign.
    private void log(Outcome outcome, Duration time, long rows, @Nullable String sqlState) {
      if (!LOGGER.isLoggable(Level.INFO)) {
        return;
      }
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("statement", id);
      fields.put("user", user);
      fields.put("outcome", outcome.name().toLowerCase(Locale.ROOT));
      fields.put("rows", rows);
      fields.put("milliseconds", time.toNanos() / 1_000 / 1e3);
      if (sqlState != null) {
        fields.put("sqlstate", sqlState);
      }
      LogRecord record = new LogRecord(Level.INFO, "Statement ended {0}");
      record.setLoggerName(LOGGER.getName());
      // The JDK's own format would walk the stack to find it.
      record.setSourceClassName(LOGGER.getName());
      record.setParameters(new Object[] {fields});
      LOGGER.log(record);
    }

    void failed(SQLException e, long rows) {
      String state = e.getSQLState();
      boolean cancelled = SqlState.QUERY_CANCELED.code().equals(state);
      tell(cancelled ? Outcome.CANCELLED : Outcome.ERROR, rows, state);
    }
  }

  /**
   * A result with limits.
   *
   * @param maxRows 0 for any number
   * @param memory of the user, which unread answers may have used up
   */
  LimitedResult(Result rows, long maxRows, TimeBudget budget, Ending ending, UserMemory memory) {
    this.rows = rows;
    this.maxRows = maxRows;
    this.budget = budget;
    this.ending = ending;
    this.memory = memory;
  }

  /** The result without limits, for those who know more about it. */
  Result unlimited() {
    return rows;
  }

  @Override
  public List<ResultColumn> columns() {
    return rows.columns();
  }

  @Override
  public ZoneId timeZone() {
    return rows.timeZone();
  }

  @Override
  public @Nullable ColumnBatch next() throws SQLException {
    try {
      memory.check();
      ColumnBatch batch = budget.spend(rows::next);
      if (batch == null) {
        ending.tell(Outcome.OK, count, null);
        return null;
      }
      count += batch.rowCount();
      if (maxRows > 0 && count > maxRows) {
        throw SqlState.LIMIT_EXCEEDED.exception(
            "The result has more rows than the "
                + maxRows
                + " this server gives for one statement; add a condition or a LIMIT");
      }
      return batch;
    } catch (SQLException e) {
      ending.failed(e, count);
      throw e;
    }
  }

  @Override
  public boolean atEnd() {
    return rows.atEnd();
  }

  @Override
  public void close() throws SQLException {
    try {
      rows.close();
    } finally {
      ending.tell(Outcome.OK, count, null);
    }
  }
}
