package io.datanode.search;

import io.datanode.jdbc.SqlState;
import io.datanode.schema.NodeColumn;

/**
 * A value of a request and the column it is compared with.
 *
 * @param pointer the place of the value in the request
 */
record ComparedValue(NodeColumn column, String pointer, Object value) {
  /**
   * The error for a value that the column's are not compared with.
   *
   * @param expected what would be right
   */
  InvalidSearchException refused(SqlState state, String expected) {
    String text = value.toString();
    return new InvalidSearchException(
        state,
        pointer,
        (value instanceof String ? "'" : "")
            + (text.length() > 50 ? text.substring(0, 50) + "…" : text)
            + (value instanceof String ? "'" : "")
            + " cannot be compared with column '"
            + column.name()
            + "', which is "
            + column.dtype()
            + "; expected "
            + expected);
  }
}
