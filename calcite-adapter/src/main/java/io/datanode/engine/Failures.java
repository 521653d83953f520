package io.datanode.engine;

import io.datanode.DataNodeException;
import io.datanode.jdbc.SqlState;
import java.sql.SQLException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes what went wrong fit for a user, and writes it to the query log. */
final class Failures {
  private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

  /** What a user is told of a failure in a statement. */
  SQLException of(Throwable failure, QueryLog.Entry log, RunningStatement statement) {
    SQLException told = of(failure, "statement " + log.id);
    log.end(
        statement.wasStopped() ? QueryLog.Outcome.CANCELLED : QueryLog.Outcome.ERROR,
        told.getSQLState(),
        told.getMessage());
    return told;
  }

  /** Does something and tells its failure to the user. */
  <T> T guard(String what, Supplier<T> work) throws SQLException {
    try {
      return work.get();
    } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
      throw of(e, what);
    }
  }

  /**
   * What a user is told of a failure.
   *
   * @param where what failed, for the log; part of the message if the failure is a defect of ours
   */
  SQLException of(Throwable failure, String where) {
    if (failure instanceof DataNodeException) {
      return ((DataNodeException) failure).toSqlException();
    }
    if (failure instanceof SQLException) {
      return (SQLException) failure;
    }
    if (failure instanceof StackOverflowError) {
      return SqlState.LIMIT_EXCEEDED.exception(
          "The statement is nested too deeply; write long chains of AND, OR or || as IN lists or"
              + " in several steps");
    }
    if (failure instanceof OutOfMemoryError) {
      LOG.error("Out of memory in {}", where, failure);
      return SqlState.OUT_OF_MEMORY.exception(
          "Not enough memory for the statement; ask for less, or give the JVM more with -Xmx");
    }
    LOG.error("Internal error in {}", where, failure);
    return SqlState.INTERNAL_ERROR.exception(
        "Internal error in " + where + "; the log has its details under that name", failure);
  }
}
