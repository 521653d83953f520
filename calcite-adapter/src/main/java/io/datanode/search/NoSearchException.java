package io.datanode.search;

import io.datanode.DataNodeException;
import io.datanode.jdbc.SqlState;

/** There is no search request for a query. The message says why, for {@code EXPLAIN}. */
public final class NoSearchException extends DataNodeException {
  private static final long serialVersionUID = 1L;

  NoSearchException(String why) {
    super(SqlState.NOT_SUPPORTED, why);
  }
}
