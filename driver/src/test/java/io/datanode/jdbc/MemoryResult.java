package io.datanode.jdbc;

import io.datanode.jdbc.batch.ColumnBatch;
import io.datanode.jdbc.session.Result;
import io.datanode.jdbc.session.ResultColumn;
import java.sql.SQLException;
import java.time.ZoneId;
import java.util.List;

/** A result over batches in memory. */
public final class MemoryResult implements Result {
  private final List<ResultColumn> columns;
  private final ZoneId timeZone;
  private final List<ColumnBatch> batches;
  private final SQLException failure;
  private int next;
  private boolean closed;

  public MemoryResult(List<ResultColumn> columns, ZoneId timeZone, List<ColumnBatch> batches) {
    this(columns, timeZone, batches, null);
  }

  /** A result that fails, if {@code failure} is not null, after its last batch. */
  public MemoryResult(
      List<ResultColumn> columns,
      ZoneId timeZone,
      List<ColumnBatch> batches,
      SQLException failure) {
    this.columns = columns;
    this.timeZone = timeZone;
    this.batches = batches;
    this.failure = failure;
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
  public ColumnBatch next() throws SQLException {
    if (next < batches.size()) {
      return batches.get(next++);
    }
    if (failure != null) {
      throw failure;
    }
    return null;
  }

  @Override
  public boolean atEnd() {
    return next == batches.size() && failure == null;
  }

  @Override
  public void close() {
    closed = true;
  }

  public boolean closed() {
    return closed;
  }
}
