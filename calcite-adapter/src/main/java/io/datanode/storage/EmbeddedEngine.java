package io.datanode.storage;

import io.datanode.jdbc.batch.ColumnType;
import io.datanode.storage.sql.StorageDialect;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

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

  /**
   * Like {@link #execute}, for a statement whose text will not come again, such as one that names
   * an {@link IntermediateTable}: nothing of it is kept.
   */
  RunningQuery executeOnce(StorageQuery query);

  /**
   * Makes a table for rows from elsewhere, empty; the caller closes it.
   *
   * @param name part of its name, for people
   * @param columnNames its columns, no two of them equal ignoring case
   * @throws io.datanode.DataNodeException if it cannot be made
   */
  IntermediateTable createTable(String name, List<String> columnNames, List<ColumnType> types);

  /** The name of the type that holds the values of a type, in its SQL. */
  String typeName(ColumnType type);

  /** How SQL is written for it. */
  StorageDialect dialect();

  @Override
  void close();
}
