package io.datanode.jdbc.read;

import io.datanode.jdbc.JdbcType;
import io.datanode.jdbc.SqlState;
import io.datanode.jdbc.batch.ColumnType;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Map;

/**
 * An SQL array in memory: elements of the class {@link JdbcType#javaClass} names, in an array of
 * that class, NULLs as null. It stays readable after its row.
 */
public final class ColumnArray implements Array {
  private final ColumnType type;
  private final String text;
  private Object[] elements;

  /**
   * An array of elements.
   *
   * @param type type of the elements
   * @param text what {@code toString} gives
   */
  public ColumnArray(ColumnType type, Object[] elements, String text) {
    this.type = type;
    this.elements = elements;
    this.text = text;
  }

  static Object[] elements(ColumnType type, int length) {
    return (Object[]) java.lang.reflect.Array.newInstance(JdbcType.javaClass(type), length);
  }

  @Override
  public String getBaseTypeName() {
    return JdbcType.name(type);
  }

  @Override
  public int getBaseType() {
    return JdbcType.number(type, false);
  }

  @Override
  public Object getArray() throws SQLException {
    return open().clone();
  }

  @Override
  public Object getArray(Map<String, Class<?>> map) throws SQLException {
    refuseMap(map);
    return getArray();
  }

  @Override
  public Object getArray(long index, int count) throws SQLException {
    Object[] all = open();
    if (index < 1 || count < 0 || index - 1 > all.length) {
      throw SqlState.INVALID_PARAMETER.exception(
          "Array has no "
              + count
              + " elements from "
              + index
              + " on; it has "
              + all.length
              + ", counted from 1");
    }
    int from = (int) (index - 1);
    return Arrays.copyOfRange(all, from, Math.min(all.length, from + count));
  }

  @Override
  public Object getArray(long index, int count, Map<String, Class<?>> map) throws SQLException {
    refuseMap(map);
    return getArray(index, count);
  }

  @Override
  public ResultSet getResultSet() throws SQLException {
    throw noResultSet();
  }

  @Override
  public ResultSet getResultSet(Map<String, Class<?>> map) throws SQLException {
    throw noResultSet();
  }

  @Override
  public ResultSet getResultSet(long index, int count) throws SQLException {
    throw noResultSet();
  }

  @Override
  public ResultSet getResultSet(long index, int count, Map<String, Class<?>> map)
      throws SQLException {
    throw noResultSet();
  }

  @Override
  public void free() {
    elements = null;
  }

  @Override
  public String toString() {
    return text;
  }

  private Object[] open() throws SQLException {
    if (elements == null) {
      throw SqlState.INVALID_CURSOR_STATE.exception("Array was freed");
    }
    return elements;
  }

  private static void refuseMap(Map<String, Class<?>> map) throws SQLException {
    if (map != null && !map.isEmpty()) {
      throw SqlState.NOT_SUPPORTED.exception(
          "Array elements cannot be read by a type map; there are no user-defined types");
    }
  }

  private static SQLException noResultSet() {
    return SqlState.NOT_SUPPORTED.exception(
        "Array cannot be read as a ResultSet; read it with getArray, or use UNNEST in the query");
  }
}
