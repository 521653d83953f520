package io.datanode.engine;

import io.datanode.jdbc.batch.ColumnBatch;
import io.datanode.jdbc.session.Result;
import io.datanode.jdbc.session.ResultColumn;
import io.datanode.search.Search;
import java.sql.SQLException;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A page of a search, read batch by batch as its rows arrive. One thread at a time.
 *
 * <p>The columns are the index vector, without prefix, then {@code base__<column>} and {@code <join
 * name>__<column>}.
 */
public final class SearchResult implements Result {
  private final Search search;
  private final Result rows;
  private final PageEnd end;
  private final Consumer<Search.Position> reached;
  private final long offset;
  private final long limit;
  private long delivered;
  private boolean more;

  /**
   * A page whose query runs.
   *
   * @param rows the page and, if there is one, the row after it
   * @param start the place after which the page starts; null if it was found by counting
   * @param reached told the place where the page ends, if another follows
   */
  SearchResult(
      Search search,
      Result rows,
      Search.@Nullable Position start,
      long offset,
      long limit,
      Consumer<Search.Position> reached) {
    this.search = search;
    this.rows = rows;
    this.end = new PageEnd(search, rows.columns(), start, offset);
    this.offset = offset;
    this.limit = limit;
    this.reached = reached;
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
    ColumnBatch batch = more ? null : rows.next();
    if (batch == null) {
      return null;
    }
    int wanted = (int) Math.min(batch.rowCount(), limit - delivered);
    end.delivered(batch, wanted);
    if (wanted < batch.rowCount()) {
      more = true;
      Search.Position position = end.before(batch, wanted);
      if (position != null) {
        reached.accept(position);
      }
      batch.setRowCount(wanted);
    }
    delivered += wanted;
    return wanted == 0 ? null : batch;
  }

  /**
   * The offset of the next page, once {@link #next} has given null.
   *
   * @return null if there are no more rows
   */
  public @Nullable Long nextOffset() {
    return more ? offset + delivered : null;
  }

  /** The index vector of the rows, the time first; names of columns. */
  public List<String> indexNames() {
    return search.indexNames();
  }

  /**
   * What a client needs to restore the types of values; to be written as JSON.
   *
   * @see Search#dataNodeStorageMap()
   */
  public Map<String, Map<String, Object>> dataNodeStorageMap() {
    return search.dataNodeStorageMap();
  }

  @Override
  public void close() throws SQLException {
    rows.close();
  }
}
