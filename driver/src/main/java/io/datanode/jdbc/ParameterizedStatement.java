package io.datanode.jdbc;

import io.datanode.jdbc.batch.ColumnType;
import io.datanode.jdbc.session.ResultColumn;
import java.io.InputStream;
import java.io.Reader;
import java.math.BigDecimal;
import java.net.URL;
import java.sql.Array;
import java.sql.Blob;
import java.sql.Clob;
import java.sql.Date;
import java.sql.NClob;
import java.sql.Ref;
import java.sql.ResultSet;
import java.sql.RowId;
import java.sql.SQLException;
import java.sql.SQLType;
import java.sql.SQLXML;
import java.sql.Time;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Calendar;
import java.util.List;
import org.apache.calcite.avatica.AvaticaPreparedStatement;
import org.apache.calcite.avatica.Meta;

/** The parameters of a prepared statement and the setters for them. */
abstract class ParameterizedStatement extends AvaticaPreparedStatement {
  private static final Object UNSET = new Object();

  private final List<ResultColumn> parameters;
  private final Object[] values;

  ParameterizedStatement(
      DataNodeConnection connection, Meta.StatementHandle handle, List<ResultColumn> parameters)
      throws SQLException {
    super(
        connection,
        handle,
        Signatures.NONE,
        ResultSet.TYPE_FORWARD_ONLY,
        ResultSet.CONCUR_READ_ONLY,
        ResultSet.HOLD_CURSORS_OVER_COMMIT);
    this.parameters = parameters;
    this.values = new Object[parameters.size()];
    Arrays.fill(values, UNSET);
  }

  /**
   * The values to run with.
   *
   * @throws SQLException 07001 if one is missing
   */
  final List<Object> parameterValues() throws SQLException {
    for (int i = 0; i < values.length; i++) {
      if (values[i] == UNSET) {
        throw SqlState.MISSING_PARAMETER.exception(
            "Parameter " + (i + 1) + " of " + values.length + " has no value");
      }
    }
    return new ArrayList<>(Arrays.asList(values));
  }

  /** Avatica lets a prepared statement be its own ParameterMetaData. */
  @Override
  public int getParameterCount() {
    return parameters.size();
  }

  private int slot(int parameterIndex) throws SQLException {
    checkOpen();
    if (parameterIndex < 1 || parameterIndex > values.length) {
      throw SqlState.INVALID_PARAMETER.exception(
          "There is no parameter " + parameterIndex + "; the statement has " + values.length);
    }
    return parameterIndex - 1;
  }

  private ColumnType type(int slot) {
    return parameters.get(slot).type();
  }

  private void keep(int slot, Object value) {
    values[slot] = value;
  }

  private void put(int parameterIndex, Object x) throws SQLException {
    int slot = slot(parameterIndex);
    keep(slot, ParameterValue.of(x, type(slot)));
  }

  @Override
  public void clearParameters() throws SQLException {
    checkOpen();
    Arrays.fill(values, UNSET);
  }

  @Override
  public void setBoolean(int parameterIndex, boolean x) throws SQLException {
    put(parameterIndex, x);
  }

  @Override
  public void setByte(int parameterIndex, byte x) throws SQLException {
    put(parameterIndex, x);
  }

  @Override
  public void setShort(int parameterIndex, short x) throws SQLException {
    put(parameterIndex, x);
  }

  @Override
  public void setInt(int parameterIndex, int x) throws SQLException {
    put(parameterIndex, x);
  }

  @Override
  public void setLong(int parameterIndex, long x) throws SQLException {
    put(parameterIndex, x);
  }

  @Override
  public void setFloat(int parameterIndex, float x) throws SQLException {
    put(parameterIndex, x);
  }

  @Override
  public void setDouble(int parameterIndex, double x) throws SQLException {
    put(parameterIndex, x);
  }

  @Override
  public void setBigDecimal(int parameterIndex, BigDecimal x) throws SQLException {
    put(parameterIndex, x);
  }

  @Override
  public void setString(int parameterIndex, String x) throws SQLException {
    put(parameterIndex, x);
  }

  @Override
  public void setBytes(int parameterIndex, byte[] x) throws SQLException {
    put(parameterIndex, x);
  }

  @Override
  public void setURL(int parameterIndex, URL x) throws SQLException {
    put(parameterIndex, x);
  }

  @Override
  public void setClob(int parameterIndex, Clob x) throws SQLException {
    put(parameterIndex, x);
  }

  @Override
  public void setBlob(int parameterIndex, Blob x) throws SQLException {
    put(parameterIndex, x);
  }

  @Override
  public void setNClob(int parameterIndex, NClob x) throws SQLException {
    put(parameterIndex, x);
  }

  @Override
  public void setSQLXML(int parameterIndex, SQLXML x) throws SQLException {
    put(parameterIndex, x);
  }

  @Override
  public void setArray(int parameterIndex, Array x) throws SQLException {
    put(parameterIndex, x);
  }

  @Override
  public void setObject(int parameterIndex, Object x) throws SQLException {
    put(parameterIndex, x);
  }

  @Override
  public void setNString(int parameterIndex, String x) throws SQLException {
    put(parameterIndex, x);
  }

  @Override
  public void setNull(int parameterIndex, int sqlType) throws SQLException {
    put(parameterIndex, null);
  }

  @Override
  public void setNull(int parameterIndex, int sqlType, String typeName) throws SQLException {
    put(parameterIndex, null);
  }

  @Override
  public void setObject(int parameterIndex, Object x, int targetSqlType) throws SQLException {
    setObject(parameterIndex, x, targetSqlType, -1);
  }

  @Override
  public void setObject(int parameterIndex, Object x, int targetSqlType, int scaleOrLength)
      throws SQLException {
    int slot = slot(parameterIndex);
    int scale = x instanceof InputStream || x instanceof Reader ? -1 : scaleOrLength;
    keep(slot, ParameterValue.of(x, targetSqlType, scale, type(slot)));
  }

  @Override
  public void setObject(int parameterIndex, Object x, SQLType targetSqlType) throws SQLException {
    setObject(parameterIndex, x, targetSqlType, -1);
  }

  @Override
  public void setObject(int parameterIndex, Object x, SQLType targetSqlType, int scaleOrLength)
      throws SQLException {
    if (targetSqlType == null) {
      throw SqlState.INVALID_PARAMETER.exception(
          "setObject was given no target type; expected one such as JDBCType.DOUBLE");
    }
    setObject(parameterIndex, x, targetSqlType.getVendorTypeNumber(), scaleOrLength);
  }

  @Override
  public void setDate(int parameterIndex, Date x) throws SQLException {
    setDate(parameterIndex, x, null);
  }

  @Override
  public void setDate(int parameterIndex, Date x, Calendar calendar) throws SQLException {
    keep(slot(parameterIndex), ParameterValue.date(x, calendar));
  }

  @Override
  public void setTime(int parameterIndex, Time x) throws SQLException {
    setTime(parameterIndex, x, null);
  }

  @Override
  public void setTime(int parameterIndex, Time x, Calendar calendar) throws SQLException {
    keep(slot(parameterIndex), ParameterValue.time(x, calendar));
  }

  @Override
  public void setTimestamp(int parameterIndex, Timestamp x) throws SQLException {
    setTimestamp(parameterIndex, x, null);
  }

  @Override
  public void setTimestamp(int parameterIndex, Timestamp x, Calendar calendar) throws SQLException {
    int slot = slot(parameterIndex);
    keep(slot, ParameterValue.timestamp(x, calendar, type(slot)));
  }

  @Override
  public void setRef(int parameterIndex, Ref x) throws SQLException {
    throw SqlState.NOT_SUPPORTED.exception("setRef is not offered: there are no references");
  }

  @Override
  public void setRowId(int parameterIndex, RowId x) throws SQLException {
    throw SqlState.NOT_SUPPORTED.exception("setRowId is not offered: rows have no ROWID");
  }

  @Deprecated
  @Override
  public void setUnicodeStream(int parameterIndex, InputStream x, int length) throws SQLException {
    throw SqlState.NOT_SUPPORTED.exception(
        "setUnicodeStream is not offered; use setCharacterStream");
  }

  @Override
  public void setAsciiStream(int parameterIndex, InputStream x, int length) throws SQLException {
    keep(slot(parameterIndex), ParameterValue.ascii(x, length));
  }

  @Override
  public void setAsciiStream(int parameterIndex, InputStream x, long length) throws SQLException {
    keep(slot(parameterIndex), ParameterValue.ascii(x, length));
  }

  @Override
  public void setAsciiStream(int parameterIndex, InputStream x) throws SQLException {
    keep(slot(parameterIndex), ParameterValue.ascii(x, -1));
  }

  @Override
  public void setBinaryStream(int parameterIndex, InputStream x, int length) throws SQLException {
    keep(slot(parameterIndex), ParameterValue.bytes(x, length));
  }

  @Override
  public void setBinaryStream(int parameterIndex, InputStream x, long length) throws SQLException {
    keep(slot(parameterIndex), ParameterValue.bytes(x, length));
  }

  @Override
  public void setBinaryStream(int parameterIndex, InputStream x) throws SQLException {
    keep(slot(parameterIndex), ParameterValue.bytes(x, -1));
  }

  @Override
  public void setCharacterStream(int parameterIndex, Reader x, int length) throws SQLException {
    keep(slot(parameterIndex), ParameterValue.text(x, length));
  }

  @Override
  public void setCharacterStream(int parameterIndex, Reader x, long length) throws SQLException {
    keep(slot(parameterIndex), ParameterValue.text(x, length));
  }

  @Override
  public void setCharacterStream(int parameterIndex, Reader x) throws SQLException {
    keep(slot(parameterIndex), ParameterValue.text(x, -1));
  }

  @Override
  public void setNCharacterStream(int parameterIndex, Reader x, long length) throws SQLException {
    keep(slot(parameterIndex), ParameterValue.text(x, length));
  }

  @Override
  public void setNCharacterStream(int parameterIndex, Reader x) throws SQLException {
    keep(slot(parameterIndex), ParameterValue.text(x, -1));
  }

  @Override
  public void setClob(int parameterIndex, Reader x, long length) throws SQLException {
    keep(slot(parameterIndex), ParameterValue.text(x, length));
  }

  @Override
  public void setClob(int parameterIndex, Reader x) throws SQLException {
    keep(slot(parameterIndex), ParameterValue.text(x, -1));
  }

  @Override
  public void setNClob(int parameterIndex, Reader x, long length) throws SQLException {
    keep(slot(parameterIndex), ParameterValue.text(x, length));
  }

  @Override
  public void setNClob(int parameterIndex, Reader x) throws SQLException {
    keep(slot(parameterIndex), ParameterValue.text(x, -1));
  }

  @Override
  public void setBlob(int parameterIndex, InputStream x, long length) throws SQLException {
    keep(slot(parameterIndex), ParameterValue.bytes(x, length));
  }

  @Override
  public void setBlob(int parameterIndex, InputStream x) throws SQLException {
    keep(slot(parameterIndex), ParameterValue.bytes(x, -1));
  }
}
