package io.datanode.storage;

import io.datanode.storage.sql.StorageDialect;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * The one DuckDB database in memory that an engine embeds. All storages of type {@code duckdb}
 * attach to it, so one statement can read them all; intermediate results of other storages are
 * shipped into it. Thread-safe.
 */
public interface EmbeddedEngine extends AutoCloseable {
  /** A new connection to the shared database, session zone UTC; the caller closes it. */
  Connection connect() throws SQLException;

  /**
   * Starts a statement that reads intermediate tables, and tables of storages attached here. Like
   * {@link Storage#execute}, it returns before the first row is computed.
   *
   * @throws io.datanode.DataNodeException if the statement is refused
   */
  RunningQuery execute(StorageQuery query);

  /** How SQL is written for it. */
  StorageDialect dialect();

  @Override
  void close();
}
