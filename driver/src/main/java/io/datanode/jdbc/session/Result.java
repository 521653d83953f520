package io.datanode.jdbc.session;

import io.datanode.jdbc.batch.ColumnBatch;
import java.sql.SQLException;
import java.time.ZoneId;
import java.util.List;

/** Rows of a statement, read batch by batch as they arrive. One thread at a time. */
public interface Result extends AutoCloseable {
  /** The columns; empty for a statement without rows, such as SET. */
  List<ResultColumn> columns();

  /** The session's zone when the statement began; instants are shown in it. */
  ZoneId timeZone();

  /**
   * The next rows, or null at the end. The batch is valid until the next call.
   *
   * @throws SQLException 57014 if the statement was cancelled or timed out; 08006 if the rest of
   *     the rows is lost
   */
  ColumnBatch next() throws SQLException;

  /**
   * True if it is known, without waiting for anybody, that {@link #next} will give no more rows.
   * False says nothing.
   */
  default boolean atEnd() {
    return false;
  }

  /** Stops the statement if it still runs and frees what it holds. */
  @Override
  void close() throws SQLException;
}
