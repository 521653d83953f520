package io.datanode.jdbc;

import java.sql.SQLException;

/** {@code java.sql.Wrapper}, which every JDBC object has. */
final class Wrappers {
  private Wrappers() {}

  static <T> T unwrap(Object object, Class<T> type) throws SQLException {
    if (type == null || !type.isInstance(object)) {
      throw SqlState.INVALID_PARAMETER.exception(
          object.getClass().getSimpleName()
              + " does not wrap "
              + (type == null ? "null" : type.getName()));
    }
    return type.cast(object);
  }
}
