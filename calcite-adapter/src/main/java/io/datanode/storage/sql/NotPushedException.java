package io.datanode.storage.sql;

import io.datanode.DataNodeException;
import io.datanode.jdbc.SqlState;

/**
 * Says that a storage has no way to say some part of a query with the meaning it has here. The
 * planner then has the embedded engine do that part, and the storage what is below it; only where
 * the embedded engine cannot either does a user see it, as 0A000.
 */
public final class NotPushedException extends DataNodeException {
  private static final long serialVersionUID = 1L;

  private final String expression;

  /**
   * A part that is not pushed.
   *
   * @param expression what it is: a function's name, an operator, a type
   * @param why in the user's words, such as {@code PostgreSQL has no LEVENSHTEIN without an
   *     extension}
   */
  public NotPushedException(String expression, String why) {
    super(SqlState.NOT_SUPPORTED, why);
    this.expression = expression;
  }

  /** What is not pushed. */
  public String expression() {
    return expression;
  }
}
