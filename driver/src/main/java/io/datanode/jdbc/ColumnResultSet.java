package io.datanode.jdbc;

import io.datanode.jdbc.batch.ColumnBatch;
import io.datanode.jdbc.batch.ColumnType.Kind;
import io.datanode.jdbc.read.Cell;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.Reader;
import java.io.StringReader;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.sql.Array;
import java.sql.Blob;
import java.sql.Clob;
import java.sql.Date;
import java.sql.NClob;
import java.sql.Ref;
import java.sql.RowId;
import java.sql.SQLException;
import java.sql.SQLXML;
import java.sql.Time;
import java.sql.Timestamp;
import java.util.Calendar;
import java.util.Map;
import java.util.TimeZone;
import org.apache.calcite.avatica.AvaticaStatement;

/**
 * The getters by index of a result set, over the columns of the batch in hand.
 *
 * <p>The primitive getters look into the arrays of the batch themselves; one check of the row
 * covers "closed", "before the first row" and "after the last".
 */
abstract class ColumnResultSet extends ReadOnlyResultSet {
  private final boolean withTimeZone;
  private final Cell[] cells;

  /** Row within the batch in hand; there is a current row if it is in 0 to rowCount - 1. */
  int row = -1;

  int rowCount;
  private boolean wasNull;

  ColumnResultSet(AvaticaStatement statement, TimeZone zone, Cell[] cells, boolean withTimeZone)
      throws SQLException {
    super(statement, zone);
    this.cells = cells;
    this.withTimeZone = withTimeZone;
  }

  /** Says why there is no current row. */
  abstract SQLException noRow();

  /** Takes the next batch, standing before its first row. */
  void load(ColumnBatch batch, int rows) {
    for (int i = 0; i < cells.length; i++) {
      cells[i].load(batch.column(i));
    }
    row = -1;
    rowCount = rows;
  }

  /** The reader of a column, if there is a row to read. */
  private Cell cell(int columnIndex) throws SQLException {
    if (row < 0 || row >= rowCount) {
      throw noRow();
    }
    if (columnIndex < 1 || columnIndex > cells.length) {
      throw SqlState.INVALID_PARAMETER.exception(
          "There is no column "
              + columnIndex
              + " in the result; columns are counted from 1 to "
              + cells.length);
    }
    return cells[columnIndex - 1];
  }

  /** The reader of a column, or null if its value is NULL. */
  private Cell value(int columnIndex) throws SQLException {
    Cell cell = cell(columnIndex);
    wasNull = cell.isNull(row);
    return wasNull ? null : cell;
  }

  @Override
  public boolean wasNull() throws SQLException {
    checkOpen();
    return wasNull;
  }

  @Override
  public long getLong(int columnIndex) throws SQLException {
    Cell cell = value(columnIndex);
    if (cell == null) {
      return 0;
    }
    long[] longs = cell.longs();
    return longs != null ? longs[row] : cell.longValue(row);
  }

  @Override
  public double getDouble(int columnIndex) throws SQLException {
    Cell cell = value(columnIndex);
    if (cell == null) {
      return 0;
    }
    double[] doubles = cell.doubles();
    return doubles != null ? doubles[row] : cell.doubleValue(row);
  }

  @Override
  public String getString(int columnIndex) throws SQLException {
    Cell cell = value(columnIndex);
    if (cell == null) {
      return null;
    }
    String[] texts = cell.texts();
    return texts != null ? texts[row] : cell.text(row);
  }

  @Override
  public int getInt(int columnIndex) throws SQLException {
    Cell cell = value(columnIndex);
    return cell == null
        ? 0
        : (int) cell.longValue(row, Integer.MIN_VALUE, Integer.MAX_VALUE, "int");
  }

  @Override
  public short getShort(int columnIndex) throws SQLException {
    Cell cell = value(columnIndex);
    return cell == null
        ? 0
        : (short) cell.longValue(row, Short.MIN_VALUE, Short.MAX_VALUE, "short");
  }

  @Override
  public byte getByte(int columnIndex) throws SQLException {
    Cell cell = value(columnIndex);
    return cell == null ? 0 : (byte) cell.longValue(row, Byte.MIN_VALUE, Byte.MAX_VALUE, "byte");
  }

  @Override
  public boolean getBoolean(int columnIndex) throws SQLException {
    Cell cell = value(columnIndex);
    return cell != null && cell.booleanValue(row);
  }

  @Override
  public float getFloat(int columnIndex) throws SQLException {
    Cell cell = value(columnIndex);
    return cell == null ? 0 : cell.floatValue(row);
  }

  @Override
  public BigDecimal getBigDecimal(int columnIndex) throws SQLException {
    Cell cell = value(columnIndex);
    return cell == null ? null : cell.decimal(row);
  }

  @Deprecated
  @Override
  public BigDecimal getBigDecimal(int columnIndex, int scale) throws SQLException {
    BigDecimal value = getBigDecimal(columnIndex);
    return value == null ? null : value.setScale(scale, RoundingMode.HALF_UP);
  }

  @Override
  public byte[] getBytes(int columnIndex) throws SQLException {
    Cell cell = value(columnIndex);
    return cell == null ? null : cell.bytes(row);
  }

  @Override
  public Timestamp getTimestamp(int columnIndex) throws SQLException {
    return getTimestamp(columnIndex, null);
  }

  @Override
  public Timestamp getTimestamp(int columnIndex, Calendar calendar) throws SQLException {
    Cell cell = value(columnIndex);
    return cell == null ? null : cell.timestamp(row, calendar);
  }

  @Override
  public Date getDate(int columnIndex) throws SQLException {
    return getDate(columnIndex, null);
  }

  @Override
  public Date getDate(int columnIndex, Calendar calendar) throws SQLException {
    Cell cell = value(columnIndex);
    return cell == null ? null : cell.date(row, calendar);
  }

  @Override
  public Time getTime(int columnIndex) throws SQLException {
    return getTime(columnIndex, null);
  }

  @Override
  public Time getTime(int columnIndex, Calendar calendar) throws SQLException {
    Cell cell = value(columnIndex);
    return cell == null ? null : cell.time(row, calendar);
  }

  @Override
  public Object getObject(int columnIndex) throws SQLException {
    Cell cell = value(columnIndex);
    if (cell == null) {
      return null;
    }
    if (withTimeZone && cell.column().type().kind() == Kind.INSTANT) {
      return cell.offsetDateTime(row);
    }
    return cell.object(row);
  }

  @Override
  public Object getObject(int columnIndex, Map<String, Class<?>> map) throws SQLException {
    if (map != null && !map.isEmpty()) {
      throw SqlState.NOT_SUPPORTED.exception(
          "getObject with a type map is not offered: there are no user-defined types");
    }
    return getObject(columnIndex);
  }

  @Override
  public <T> T getObject(int columnIndex, Class<T> type) throws SQLException {
    if (type == null) {
      throw SqlState.INVALID_PARAMETER.exception(
          "getObject was given no class; expected one such as java.time.Instant");
    }
    Cell cell = value(columnIndex);
    return cell == null ? null : cell.as(row, type);
  }

  @Override
  public Array getArray(int columnIndex) throws SQLException {
    Cell cell = value(columnIndex);
    return cell == null ? null : cell.array(row);
  }

  @Override
  public String getNString(int columnIndex) throws SQLException {
    return getString(columnIndex);
  }

  @Override
  public InputStream getAsciiStream(int columnIndex) throws SQLException {
    String value = getString(columnIndex);
    return value == null
        ? null
        : new ByteArrayInputStream(value.getBytes(StandardCharsets.US_ASCII));
  }

  @Override
  public InputStream getBinaryStream(int columnIndex) throws SQLException {
    byte[] value = getBytes(columnIndex);
    return value == null ? null : new ByteArrayInputStream(value);
  }

  @Override
  public Reader getCharacterStream(int columnIndex) throws SQLException {
    String value = getString(columnIndex);
    return value == null ? null : new StringReader(value);
  }

  @Override
  public Reader getNCharacterStream(int columnIndex) throws SQLException {
    return getCharacterStream(columnIndex);
  }

  @Deprecated
  @Override
  public InputStream getUnicodeStream(int columnIndex) throws SQLException {
    throw unsupported("getUnicodeStream", "getCharacterStream");
  }

  @Override
  public Ref getRef(int columnIndex) throws SQLException {
    throw unsupported("getRef", "getObject");
  }

  @Override
  public Blob getBlob(int columnIndex) throws SQLException {
    throw unsupported("getBlob", "getBytes or getBinaryStream");
  }

  @Override
  public Clob getClob(int columnIndex) throws SQLException {
    throw unsupported("getClob", "getString or getCharacterStream");
  }

  @Override
  public NClob getNClob(int columnIndex) throws SQLException {
    throw unsupported("getNClob", "getString or getCharacterStream");
  }

  @Override
  public URL getURL(int columnIndex) throws SQLException {
    throw unsupported("getURL", "getString");
  }

  @Override
  public RowId getRowId(int columnIndex) throws SQLException {
    throw unsupported("getRowId", "the key of the node");
  }

  @Override
  public SQLXML getSQLXML(int columnIndex) throws SQLException {
    throw unsupported("getSQLXML", "getString");
  }

  private static SQLException unsupported(String method, String instead) {
    return SqlState.NOT_SUPPORTED.exception(
        "ResultSet." + method + " is not offered; use " + instead);
  }
}
