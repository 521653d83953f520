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
  private final Portions portions;
  private final List<ResultColumn> columns;
  private final PageEnd end;
  private final Consumer<Search.Position> reached;
  private final long offset;
  private final long limit;
  private Result rows;
  private long asked;
  private long received;
  private long delivered;
  private boolean more;

  /** Runs a search for some of its rows. */
  interface Portions {
    /** How many rows to ask for at most. */
    long size();

    Result run(Search.Page page) throws SQLException;
  }

  /**
   * A page whose first rows are asked for.
   *
   * @param start the place after which the page starts; null if it is found by counting
   * @param reached told the place where the page ends, if another follows
   */
  SearchResult(
      Search search,
      Portions portions,
      Search.@Nullable Position start,
      long offset,
      long limit,
      Consumer<Search.Position> reached)
      throws SQLException {
    this.search = search;
    this.portions = portions;
    this.offset = offset;
    this.limit = limit;
    this.reached = reached;
    this.rows = ask(start);
    this.columns = rows.columns();
    this.end = new PageEnd(search, columns, start, offset);
  }

  /** Asks for rows from a place on: those of the page, and one more that tells if others follow. */
  private Result ask(Search.@Nullable Position start) throws SQLException {
    asked = Math.min(limit + 1 - delivered, portions.size());
    received = 0;
    return portions.run(
        start == null ? search.page(asked, offset + delivered) : search.page(asked, start));
  }

  @Override
  public List<ResultColumn> columns() {
    return columns;
  }

  @Override
  public ZoneId timeZone() {
    return rows.timeZone();
  }

  @Override
  public @Nullable ColumnBatch next() throws SQLException {
    if (more) {
      return null;
    }
    ColumnBatch batch = rows.next();
    while (batch == null && received == asked) {
      rows.close();
      rows = ask(end.here());
      batch = rows.next();
    }
    if (batch == null) {
      return null;
    }
    received += batch.rowCount();
    int wanted = (int) Math.min(batch.rowCount(), limit - delivered);
    end.delivered(batch, wanted);
    delivered += wanted;
    if (wanted < batch.rowCount()) {
      more = true;
      Search.Position position = end.before(batch, wanted);
      if (position != null) {
        reached.accept(position);
      }
      batch.setRowCount(wanted);
    }
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
