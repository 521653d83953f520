package io.datanode.engine;

import io.datanode.jdbc.batch.ColumnBatch;
import io.datanode.jdbc.session.Result;
import io.datanode.jdbc.session.ResultColumn;
import io.datanode.search.OrderedRows;
import java.sql.SQLException;
import java.time.ZoneId;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A page of rows, read batch by batch as they arrive. One thread at a time. */
public class PagedResult implements Result {
  private final OrderedRows source;
  private final Portions portions;
  private final PageCall call;
  private final List<ResultColumn> columns;
  private final PageEnd end;
  private final Consumer<OrderedRows.Position> reached;
  private Result rows;
  private long asked;
  private long received;
  private long delivered;
  private boolean more;

  /** Asks for some of the rows. */
  interface Portions {
    /** How many rows to ask for at most. */
    long size();

    /** True if the storage takes long to sort even few rows. */
    boolean sortsSlowly();

    Result run(OrderedRows.Page page) throws SQLException;
  }

  /**
   * A page whose first rows are asked for.
   *
   * @param start the place after which the page starts; null if it is found by counting
   * @param reached told the place where the page ends, if another follows
   */
  PagedResult(
      OrderedRows source,
      Portions portions,
      PageCall call,
      OrderedRows.@Nullable Position start,
      Consumer<OrderedRows.Position> reached)
      throws SQLException {
    this.source = source;
    this.portions = portions;
    this.call = call;
    this.reached = reached;
    Result small = start == null ? small() : null;
    this.rows = small == null ? ask(start) : small;
    this.columns = rows.columns();
    this.end = new PageEnd(source, columns, start, call.offset());
  }

  /** All rows, if a page from the first on has room for them and they are few. */
  private @Nullable Result small() throws SQLException {
    long enough = call.pastLimit();
    if (call.offset() > 0
        || enough < SmallPage.LEAST_ROWS
        || enough > SmallPage.MOST_ROWS
        || !portions.sortsSlowly()) {
      return null;
    }
    OrderedRows.Page all = source.unordered();
    if (all == null) {
      return null;
    }
    // Without a limit, which would cost more than the rows that are read for nothing.
    asked = Long.MAX_VALUE;
    return SmallPage.of(portions.run(all), source.orderColumns(), enough);
  }

  /** Asks for rows from a place on: those of the page, and one more that tells if others follow. */
  private Result ask(OrderedRows.@Nullable Position start) throws SQLException {
    long left = call.limit() == Long.MAX_VALUE ? Long.MAX_VALUE : call.pastLimit() - delivered;
    asked = Math.min(left, portions.size());
    received = 0;
    return portions.run(
        start == null ? source.page(asked, call.offset() + delivered) : source.page(asked, start));
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
    int wanted = (int) Math.min(batch.rowCount(), call.limit() - delivered);
    if (call.limit() < Long.MAX_VALUE) {
      end.delivered(batch, wanted);
    }
    delivered += wanted;
    if (wanted < batch.rowCount()) {
      more = true;
      OrderedRows.Position position = end.before(batch, wanted);
      if (position != null) {
        reached.accept(position);
      }
      batch.setRowCount(wanted);
    }
    return wanted == 0 ? null : batch;
  }

  @Override
  public boolean atEnd() {
    return more || (received < asked && rows.atEnd());
  }

  /**
   * The offset of the next page, once {@link #next} has given null.
   *
   * @return null if there are no more rows
   */
  public @Nullable Long nextOffset() {
    return more ? call.offset() + delivered : null;
  }

  @Override
  public void close() throws SQLException {
    rows.close();
  }
}
