package io.datanode.server.cli;

import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;

/** Prints rows of a result while they arrive, holding few of them. */
interface RowSink {
  /** Before the first row. */
  void begin(ResultSetMetaData columns) throws SQLException;

  /** The row a result set stands on. */
  void row(ResultSet row) throws SQLException;

  /** After the last row. */
  void end();
}
