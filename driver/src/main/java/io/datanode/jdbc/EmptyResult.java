package io.datanode.jdbc;

import io.datanode.jdbc.batch.ColumnBatch;
import io.datanode.jdbc.session.Result;
import io.datanode.jdbc.session.ResultColumn;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;

/** No rows. */
final class EmptyResult implements Result {
  private final List<ResultColumn> columns;

  EmptyResult(List<ResultColumn> columns) {
    this.columns = columns;
  }

  @Override
  public List<ResultColumn> columns() {
    return columns;
  }

  @Override
  public ZoneId timeZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public ColumnBatch next() {
    return null;
  }

  @Override
  public void close() {}
}
