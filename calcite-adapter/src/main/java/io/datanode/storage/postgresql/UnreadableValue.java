package io.datanode.storage.postgresql;

import io.datanode.jdbc.SqlState;

/**
 * Says that a value has no place in the type it is read as; its column is named by who knows it.
 */
final class UnreadableValue extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final SqlState state;
  private int column = -1;

  /**
   * A value that cannot be read.
   *
   * @param problem what follows the name of the column, such as {@code holds NaN, which …}
   */
  UnreadableValue(SqlState state, String problem) {
    super(problem);
    this.state = state;
  }

  SqlState state() {
    return state;
  }

  /** The column it is in, counted from 0. */
  int column() {
    return column;
  }

  UnreadableValue in(int index) {
    column = index;
    return this;
  }
}
