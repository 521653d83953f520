package io.datanode.server.session;

import io.datanode.jdbc.batch.ColumnBatch;
import io.datanode.jdbc.session.Result;
import io.datanode.jdbc.session.ResultColumn;
import java.sql.SQLException;
import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A result with a place in it: the next row of the batch at hand. One thread at a time. */
public final class RowReader implements Cursor {
  private final Result result;
  private @Nullable ColumnBatch batch;
  private int nextRow;
  private long position;
  private boolean atEnd;

  public RowReader(Result result) {
    this.result = result;
  }

  /** What is read. */
  public Result result() {
    return result instanceof LimitedResult limited ? limited.unlimited() : result;
  }

  public List<ResultColumn> columns() {
    return result.columns();
  }

  public ZoneId timeZone() {
    return result.timeZone();
  }

  /** Rows taken so far. */
  public long position() {
    return position;
  }

  @Override
  public boolean atEnd() {
    return atEnd;
  }

  /**
   * The batch that holds the next row, at {@link #row}; null at the end. May wait for the storage.
   */
  public @Nullable ColumnBatch batch() throws SQLException {
    while (!atEnd && (batch == null || nextRow >= batch.rowCount())) {
      batch = result.next();
      nextRow = 0;
      atEnd = batch == null;
    }
    return batch;
  }

  /** True if it is known that no batch follows the one at hand. */
  public boolean lastBatch() {
    return result.atEnd();
  }

  /** Index of the next row in the batch at hand. */
  public int row() {
    return nextRow;
  }

  /** Counts rows of the batch at hand as taken. */
  public void take(int rows) {
    nextRow += rows;
    position += rows;
  }

  @Override
  public void close() throws SQLException {
    result.close();
  }
}
