package io.datanode.plan;

import io.datanode.DataNodeException;
import io.datanode.jdbc.SqlState;

/** SQL that is wrong at a place that is known; the message names it too. */
public final class MisplacedSqlException extends DataNodeException {
  private static final long serialVersionUID = 1L;

  private final int line;
  private final int column;

  MisplacedSqlException(SqlState state, String message, int line, int column) {
    super(state, message);
    this.line = line;
    this.column = column;
  }

  /** The line of the user's text, from 1. */
  public int line() {
    return line;
  }

  /** The column in that line, from 1. */
  public int column() {
    return column;
  }
}
