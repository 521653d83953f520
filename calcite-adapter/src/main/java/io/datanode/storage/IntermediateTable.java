package io.datanode.storage;

import io.datanode.jdbc.batch.ColumnBatch;

/**
 * A table in an {@link EmbeddedEngine} that lives as long as one execution of a statement: rows of
 * another storage, or of the catalog, for the statement to read. Filled by one thread; read by any
 * after {@link #finish}.
 */
public interface IntermediateTable extends AutoCloseable {
  /** Its name as statements for the embedded engine write it, quoted. */
  String sqlName();

  /**
   * Adds the rows of a batch, which may be used again after.
   *
   * @throws io.datanode.DataNodeException 53200 if memory is used up, 53100 if the disk is; 22003
   *     or 22008 for a value that the type of its column does not hold
   */
  void add(ColumnBatch batch);

  /**
   * Shows the rows to all connections; none can be added after.
   *
   * @throws io.datanode.DataNodeException as {@link #add}
   */
  void finish();

  /** Drops it, filled or not. Calling it again does nothing. */
  @Override
  void close();
}
