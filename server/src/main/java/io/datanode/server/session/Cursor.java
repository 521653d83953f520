package io.datanode.server.session;

import java.sql.SQLException;

/** A result with a place in it, as a protocol reads it. One thread at a time. */
public interface Cursor extends AutoCloseable {
  /** True once nothing is left to read. */
  boolean atEnd();

  /** Stops the statement if it still runs, and frees what the result holds. */
  @Override
  void close() throws SQLException;
}
