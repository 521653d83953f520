package io.datanode;

import io.datanode.jdbc.SqlState;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * A failure its reader can act on: what is wrong, where, what would be right; with a SQLSTATE.
 *
 * <p>Reaches a JDBC user as {@link SQLException} with the same message and state.
 */
public class DataNodeException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String sqlState;

  public DataNodeException(SqlState state, String message) {
    this(state, message, null);
  }

  public DataNodeException(SqlState state, String message, @Nullable Throwable cause) {
    this(state.code(), message, cause);
  }

  /**
   * A failure with a state that need not be among ours, as storages raise them.
   *
   * @param sqlState five characters
   */
  public DataNodeException(String sqlState, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.sqlState = sqlState;
  }

  /** Five characters. */
  public String sqlState() {
    return sqlState;
  }

  @Override
  public String getMessage() {
    String message = super.getMessage();
    return message == null ? "" : message;
  }

  /** The same failure for a JDBC user. */
  public SQLException toSqlException() {
    return SqlState.exception(getMessage(), sqlState, this);
  }
}
