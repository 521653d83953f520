package io.datanode.engine;

import io.datanode.jdbc.SqlState;
import io.datanode.jdbc.batch.ColumnBatch;
import io.datanode.jdbc.session.Result;
import io.datanode.jdbc.session.ResultColumn;
import java.sql.SQLException;
import java.time.ZoneId;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a query that runs. One thread reads; closing it from another stops the reader first.
 */
final class StatementResult implements Result {
  /** How long closing waits for a reader that has been told to stop. */
  private static final long PATIENCE_SECONDS = 10;

  private final List<ResultColumn> columns;
  private final ZoneId timeZone;
  private final QueryRun run;
  private final RunningStatement statement;
  private final QueryLog.Entry log;
  private final Failures failures;
  private final long maxRows;
  private final Runnable ended;
  private final ReentrantLock reading = new ReentrantLock();
  private @Nullable ColumnBatch first;
  private long rows;
  private volatile boolean closed;
  private boolean freed;
  private @Nullable SQLException failure;

  /**
   * A query whose first rows are there.
   *
   * @param first those rows, or null if it has none
   * @param maxRows 0 for no limit
   * @param ended called once, when nothing of the query is left
   */
  StatementResult(
      List<ResultColumn> columns,
      ZoneId timeZone,
      QueryRun run,
      RunningStatement statement,
      QueryLog.Entry log,
      Failures failures,
      @Nullable ColumnBatch first,
      long maxRows,
      Runnable ended) {
    this.columns = columns;
    this.timeZone = timeZone;
    this.run = run;
    this.statement = statement;
    this.log = log;
    this.failures = failures;
    this.first = first;
    this.maxRows = maxRows;
    this.ended = ended;
    if (first == null) {
      log.end(QueryLog.Outcome.OK, null, null);
      free();
    }
  }

  @Override
  public List<ResultColumn> columns() {
    return columns;
  }

  @Override
  public ZoneId timeZone() {
    return timeZone;
  }

  @Override
  public @Nullable ColumnBatch next() throws SQLException {
    reading.lock();
    try {
      if (closed) {
        statement.check();
        throw SqlState.INVALID_CURSOR_STATE.exception("The result is closed");
      }
      if (failure != null) {
        // A reader that goes on after a failure must not take it for the end of the rows.
        throw failure;
      }
      if (freed) {
        return null;
      }
      ColumnBatch batch = first;
      first = null;
      if (batch == null) {
        batch = maxRows > 0 && rows >= maxRows ? null : run.next();
      } else {
        statement.check();
      }
      if (batch == null) {
        log.end(QueryLog.Outcome.OK, null, null);
        free();
        return null;
      }
      if (maxRows > 0 && rows + batch.rowCount() > maxRows) {
        batch.setRowCount((int) (maxRows - rows));
      }
      rows += batch.rowCount();
      log.rows(rows);
      return batch;
    } catch (RuntimeException | Error e) {
      failure = failures.of(e, log, statement);
      free();
      throw failure;
    } finally {
      if (closed) {
        free();
      }
      reading.unlock();
    }
  }

  @Override
  public boolean atEnd() {
    reading.lock();
    try {
      return first == null && (freed || run.atEnd() || (maxRows > 0 && rows >= maxRows));
    } finally {
      reading.unlock();
    }
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    if (!reading.tryLock()) {
      statement.stop(RunningStatement.Reason.USER);
      if (!waited()) {
        // The reader frees everything as soon as its storage lets go of it.
        return;
      }
    }
    try {
      log.end(
          statement.wasStopped() ? QueryLog.Outcome.CANCELLED : QueryLog.Outcome.OK, null, null);
      free();
    } finally {
      reading.unlock();
    }
  }

  private boolean waited() {
    try {
      return reading.tryLock(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void free() {
    if (!freed) {
      freed = true;
      first = null;
      try {
        run.close();
      } finally {
        ended.run();
      }
    }
  }
}
