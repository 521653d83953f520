package io.datanode.jdbc;

import io.datanode.jdbc.batch.ColumnBatch;
import io.datanode.jdbc.read.Cell;
import io.datanode.jdbc.session.Result;
import io.datanode.jdbc.session.ResultColumn;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TimeZone;
import java.util.TreeMap;
import org.apache.calcite.avatica.AvaticaStatement;

/** Rows of a {@link Result}, read forward, batch by batch as they arrive. */
final class DataNodeResultSet extends ColumnResultSet {
  private static final TimeZone UTC = TimeZone.getTimeZone("UTC");

  private final Result result;
  private final StatementState owner;
  private final boolean withTimeZone;
  private final long maxRows;
  private long rowsBefore;
  private long rowsLoaded;
  private boolean started;
  private boolean ended;
  private boolean closed;
  private SQLException failure;
  private int fetchSize;
  private Map<String, Integer> indexByLabel;
  private Map<String, Integer> indexByAnyCase;

  /**
   * A result set.
   *
   * @param statement what it came from; null for rows of {@code DatabaseMetaData}
   * @param owner state of that statement, or null
   * @param maxRows rows after which the result set ends; 0 means no limit
   */
  DataNodeResultSet(
      AvaticaStatement statement,
      StatementState owner,
      Result result,
      boolean withTimeZone,
      long maxRows)
      throws SQLException {
    super(statement, UTC, cells(result), withTimeZone);
    this.result = result;
    this.owner = owner;
    this.withTimeZone = withTimeZone;
    this.maxRows = maxRows == 0 ? Long.MAX_VALUE : maxRows;
    this.fetchSize = owner == null ? 0 : owner.fetchSize();
  }

  private static Cell[] cells(Result result) {
    List<ResultColumn> columns = result.columns();
    Cell[] cells = new Cell[columns.size()];
    for (int i = 0; i < cells.length; i++) {
      cells[i] = Cell.of(columns.get(i), result.timeZone());
    }
    return cells;
  }

  @Override
  public boolean next() throws SQLException {
    if (++row < rowCount) {
      return true;
    }
    row = rowCount;
    return nextBatch() && ++row < rowCount;
  }

  /** Takes the next batch that has rows, standing before its first; false if there is none. */
  private boolean nextBatch() throws SQLException {
    checkOpen();
    if (failure != null) {
      throw failure;
    }
    if (ended) {
      return false;
    }
    started = true;
    while (true) {
      // After the last row its end is read, too: a result that has ended needs no closing.
      ColumnBatch batch = fetch();
      if (batch == null || rowsLoaded >= maxRows) {
        break;
      }
      if (batch.rowCount() > 0) {
        rowsBefore = rowsLoaded;
        int rows = (int) Math.min(batch.rowCount(), maxRows - rowsLoaded);
        rowsLoaded += rows;
        load(batch, rows);
        return true;
      }
    }
    ended = true;
    row = 0;
    rowCount = 0;
    return false;
  }

  // A result that broke stays broken: its end must not look like the end of the rows.
  private ColumnBatch fetch() throws SQLException {
    try {
      return result.next();
    } catch (SQLException e) {
      failure = e;
      row = 0;
      rowCount = 0;
      throw e;
    }
  }

  @Override
  protected void checkOpen() throws SQLException {
    if (closed) {
      throw noRow();
    }
  }

  @Override
  SQLException noRow() {
    if (closed) {
      return SqlState.INVALID_CURSOR_STATE.exception("ResultSet is closed");
    }
    return SqlState.INVALID_CURSOR_STATE.exception(
        ended || failure != null
            ? "ResultSet is after its last row"
            : "ResultSet is before its first row; call next() first");
  }

  @Override
  public boolean isClosed() {
    return closed;
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    row = 0;
    rowCount = 0;
    try {
      result.close();
    } catch (SQLException e) {
      // AvaticaResultSet.close() cannot throw; the rows were read, so a warning is enough.
      if (owner != null) {
        owner.warn(new SQLWarning("Result was not closed: " + e.getMessage(), e.getSQLState(), e));
      }
    }
    super.close();
  }

  @Override
  public int findColumn(String columnLabel) throws SQLException {
    checkOpen();
    if (indexByLabel == null) {
      indexByLabel = new HashMap<>();
      indexByAnyCase = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
      int index = 0;
      for (ResultColumn column : result.columns()) {
        index++;
        indexByLabel.putIfAbsent(column.label(), index);
        indexByAnyCase.putIfAbsent(column.label(), index);
      }
    }
    Integer index = indexByLabel.get(columnLabel);
    if (index == null && columnLabel != null) {
      index = indexByAnyCase.get(columnLabel);
    }
    if (index == null) {
      List<String> labels = new ArrayList<>();
      result.columns().forEach(column -> labels.add(column.label()));
      throw SqlState.UNDEFINED_COLUMN.exception(
          "Column '"
              + columnLabel
              + "' is not in the result; its columns are "
              + String.join(", ", labels));
    }
    return index;
  }

  @Override
  public ResultSetMetaData getMetaData() throws SQLException {
    checkOpen();
    return new DataNodeResultSetMetaData(result.columns(), withTimeZone);
  }

  @Override
  public AvaticaStatement getStatement() throws SQLException {
    checkOpen();
    return statement;
  }

  @Override
  public int getRow() throws SQLException {
    checkOpen();
    long number = row >= 0 && row < rowCount ? rowsBefore + row + 1 : 0;
    return (int) Math.min(number, Integer.MAX_VALUE);
  }

  @Override
  public boolean isBeforeFirst() throws SQLException {
    checkOpen();
    if (!started) {
      return nextBatch();
    }
    return !ended && rowsBefore == 0 && row < 0;
  }

  @Override
  public boolean isFirst() throws SQLException {
    return getRow() == 1;
  }

  @Override
  public boolean isLast() throws SQLException {
    checkOpen();
    throw forwardOnly("isLast");
  }

  @Override
  public boolean isAfterLast() throws SQLException {
    checkOpen();
    return ended && rowsLoaded > 0;
  }

  @Override
  public SQLWarning getWarnings() throws SQLException {
    checkOpen();
    return null;
  }

  @Override
  public void clearWarnings() throws SQLException {
    checkOpen();
  }

  @Override
  public String getCursorName() throws SQLException {
    throw SqlState.NOT_SUPPORTED.exception(
        "getCursorName is not offered: there are no positioned updates");
  }

  @Override
  public void setFetchDirection(int direction) throws SQLException {
    checkOpen();
    if (direction != ResultSet.FETCH_FORWARD) {
      throw forwardOnly("setFetchDirection(" + direction + ")");
    }
  }

  @Override
  public int getFetchDirection() throws SQLException {
    checkOpen();
    return ResultSet.FETCH_FORWARD;
  }

  @Override
  public void setFetchSize(int rows) throws SQLException {
    checkOpen();
    StatementState.requireNotNegative("fetch size", rows);
    fetchSize = rows;
  }

  @Override
  public int getFetchSize() throws SQLException {
    checkOpen();
    return fetchSize;
  }

  @Override
  public int getType() throws SQLException {
    checkOpen();
    return ResultSet.TYPE_FORWARD_ONLY;
  }

  @Override
  public int getConcurrency() throws SQLException {
    checkOpen();
    return ResultSet.CONCUR_READ_ONLY;
  }

  @Override
  public int getHoldability() throws SQLException {
    checkOpen();
    return ResultSet.HOLD_CURSORS_OVER_COMMIT;
  }

  @Override
  public boolean rowUpdated() throws SQLException {
    checkOpen();
    return false;
  }

  @Override
  public boolean rowInserted() throws SQLException {
    checkOpen();
    return false;
  }

  @Override
  public boolean rowDeleted() throws SQLException {
    checkOpen();
    return false;
  }

  @Override
  public <T> T unwrap(Class<T> iface) throws SQLException {
    return Wrappers.unwrap(this, iface);
  }

  @Override
  public boolean isWrapperFor(Class<?> iface) {
    return iface != null && iface.isInstance(this);
  }
}
