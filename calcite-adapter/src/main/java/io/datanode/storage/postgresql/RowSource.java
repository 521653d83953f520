package io.datanode.storage.postgresql;

import io.datanode.jdbc.batch.ColumnBatch;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** The rows of one statement that runs on one connection. Used by one thread. */
interface RowSource {
  /**
   * The next rows, or null at the end. The batch is valid until the next call.
   *
   * @throws UnreadableValue if a value has no place in the type wanted
   */
  @Nullable ColumnBatch next() throws SQLException;

  /** True if the server has sent the last row. */
  boolean atEnd();

  /** The name of a column, counted from 0, or null if the server has not told it. */
  @Nullable String columnName(int column);

  /**
   * Ends the statement and its transaction.
   *
   * @return false if the connection cannot be used again
   */
  boolean close() throws SQLException;
}
