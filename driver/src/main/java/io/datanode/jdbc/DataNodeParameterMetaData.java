package io.datanode.jdbc;

import io.datanode.jdbc.batch.ColumnType;
import io.datanode.jdbc.session.ResultColumn;
import java.sql.ParameterMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.time.OffsetDateTime;
import java.util.List;

/** The parameters of a prepared statement. */
final class DataNodeParameterMetaData implements ParameterMetaData {
  private final List<ResultColumn> parameters;
  private final boolean withTimeZone;

  DataNodeParameterMetaData(List<ResultColumn> parameters, boolean withTimeZone) {
    this.parameters = parameters;
    this.withTimeZone = withTimeZone;
  }

  private ColumnType type(int index) throws SQLException {
    if (index < 1 || index > parameters.size()) {
      throw SqlState.INVALID_PARAMETER.exception(
          "There is no parameter " + index + "; the statement has " + parameters.size());
    }
    return parameters.get(index - 1).type();
  }

  @Override
  public int getParameterCount() {
    return parameters.size();
  }

  @Override
  public int isNullable(int param) throws SQLException {
    type(param);
    return parameterNullable;
  }

  @Override
  public boolean isSigned(int param) throws SQLException {
    return JdbcType.signed(type(param));
  }

  @Override
  public int getPrecision(int param) throws SQLException {
    return JdbcType.precision(type(param));
  }

  @Override
  public int getScale(int param) throws SQLException {
    return JdbcType.scale(type(param));
  }

  @Override
  public int getParameterType(int param) throws SQLException {
    return JdbcType.number(type(param), withTimeZone);
  }

  @Override
  public String getParameterTypeName(int param) throws SQLException {
    return JdbcType.name(type(param));
  }

  @Override
  public String getParameterClassName(int param) throws SQLException {
    return getParameterType(param) == Types.TIMESTAMP_WITH_TIMEZONE
        ? OffsetDateTime.class.getName()
        : JdbcType.javaClass(type(param)).getName();
  }

  @Override
  public int getParameterMode(int param) throws SQLException {
    type(param);
    return parameterModeIn;
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
