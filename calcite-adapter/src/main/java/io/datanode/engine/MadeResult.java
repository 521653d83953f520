package io.datanode.engine;

import io.datanode.jdbc.batch.ColumnBatch;
import io.datanode.jdbc.session.Result;
import io.datanode.jdbc.session.ResultColumn;
import java.time.ZoneId;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A result whose rows are in memory already: metadata, EXPLAIN, a small page, or none at all. */
final class MadeResult implements Result {
  private final List<ResultColumn> columns;
  private final ZoneId timeZone;
  private final Iterator<ColumnBatch> batches;

  MadeResult(List<ResultColumn> columns, ZoneId timeZone, List<ColumnBatch> batches) {
    this.columns = List.copyOf(columns);
    this.timeZone = timeZone;
    this.batches = batches.iterator();
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
  public @Nullable ColumnBatch next() {
    return batches.hasNext() ? batches.next() : null;
  }

  @Override
  public boolean atEnd() {
    return !batches.hasNext();
  }

  @Override
  public void close() {
    while (batches.hasNext()) {
      batches.next();
    }
  }
}
