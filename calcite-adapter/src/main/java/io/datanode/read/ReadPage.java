package io.datanode.read;

import io.datanode.engine.PagedResult;
import io.datanode.jdbc.batch.ColumnBatch;
import io.datanode.jdbc.session.Result;
import io.datanode.jdbc.session.ResultColumn;
import java.sql.SQLException;
import java.time.ZoneId;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** A page of rows; after the last of them it knows where the next page begins. */
public final class ReadPage implements Result {
  private final PagedResult rows;

  ReadPage(PagedResult rows) {
    this.rows = rows;
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
    return rows.next();
  }

  /**
   * The offset of the next page; empty if this is the last one. Known when {@link #next()} has
   * given null.
   */
  public OptionalLong nextOffset() {
    Long next = rows.nextOffset();
    return next == null ? OptionalLong.empty() : OptionalLong.of(next);
  }

  @Override
  public void close() throws SQLException {
    rows.close();
  }
}
