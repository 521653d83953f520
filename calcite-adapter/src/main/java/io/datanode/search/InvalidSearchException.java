package io.datanode.search;

import io.datanode.DataNodeException;
import io.datanode.jdbc.SqlState;

/** A request that cannot be answered as it is; says where in its JSON the reason is. */
public final class InvalidSearchException extends DataNodeException {
  private static final long serialVersionUID = 1L;

  private final String pointer;

  /**
   * A failure at a place of the request.
   *
   * @param pointer the place, as RFC 6901 writes it; empty for the whole request
   * @param reason what is wrong and what would be right, without the place
   */
  public InvalidSearchException(SqlState state, String pointer, String reason) {
    super(state, pointer.isEmpty() ? reason : pointer + ": " + reason);
    this.pointer = pointer;
  }

  /** A value cannot be what it must be; the reason is that of the conversion. */
  public InvalidSearchException(String pointer, DataNodeException reason) {
    super(
        reason.sqlState(),
        pointer.isEmpty() ? reason.getMessage() : pointer + ": " + reason.getMessage(),
        reason);
    this.pointer = pointer;
  }

  /** A rule of the reference's models, or of ours, is broken. */
  public static InvalidSearchException rule(String pointer, String reason) {
    return new InvalidSearchException(SqlState.INVALID_PARAMETER, pointer, reason);
  }

  /** A limit is passed. */
  public static InvalidSearchException tooLarge(String pointer, String reason) {
    return new InvalidSearchException(SqlState.STATEMENT_TOO_LARGE, pointer, reason);
  }

  /** Where in the request, as RFC 6901 writes it; empty for the whole request. */
  public String pointer() {
    return pointer;
  }
}
