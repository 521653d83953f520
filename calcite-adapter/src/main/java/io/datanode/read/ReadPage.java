package io.datanode.read;

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
  private final Result rows;
  private final long limit;
  private final long offset;
  private long shown;
  private boolean more;

  /**
   * A page.
   *
   * @param rows those of the page, and one row more if there is another page
   * @param limit the most rows of the page; 0 for all
   * @param offset rows before the page
   */
  ReadPage(Result rows, long limit, long offset) {
    this.rows = rows;
    this.limit = limit;
    this.offset = offset;
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
    ColumnBatch batch = rows.next();
    if (batch == null) {
      return null;
    }
    if (limit > 0 && shown + batch.rowCount() > limit) {
      more = true;
      batch.setRowCount((int) (limit - shown));
    }
    shown += batch.rowCount();
    return batch.rowCount() == 0 ? next() : batch;
  }

  /**
   * The offset of the next page; empty if this is the last one. Known when {@link #next()} has
   * given null.
   */
  public OptionalLong nextOffset() {
    return more ? OptionalLong.of(offset + shown) : OptionalLong.empty();
  }

  @Override
  public void close() throws SQLException {
    rows.close();
  }
}
