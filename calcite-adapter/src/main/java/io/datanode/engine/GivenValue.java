package io.datanode.engine;

import io.datanode.DataNodeException;
import io.datanode.jdbc.SqlState;
import io.datanode.jdbc.batch.ColumnType;

/**
 * A value that is to become one of a type, as messages tell it.
 *
 * @param name what it is called, for example {@code Parameter 2}
 * @param given the value itself
 */
record GivenValue(String name, Object given, ColumnType wanted) {
  /** Error 22018: what there is, and what was expected. */
  DataNodeException refused(String expected) {
    return new DataNodeException(SqlState.INVALID_CAST, where() + "; expected " + expected);
  }

  /** Error 22007: the same for text that is no time. */
  DataNodeException refusedTime(String expected) {
    return new DataNodeException(SqlState.INVALID_DATETIME, where() + "; expected " + expected);
  }

  /** Error 22003: why no such number can be held. */
  DataNodeException outOfRange(String why) {
    return new DataNodeException(SqlState.NUMERIC_OUT_OF_RANGE, where() + why);
  }

  String where() {
    return name + " (" + wanted + ") is " + ParameterValues.show(given);
  }
}
