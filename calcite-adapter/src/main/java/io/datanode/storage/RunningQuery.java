package io.datanode.storage;

import io.datanode.jdbc.batch.ColumnBatch;
import org.jspecify.annotations.Nullable;

/**
 * A statement that a storage is running. Read by one thread; {@link #cancel} may be called by any.
 */
public interface RunningQuery extends AutoCloseable {
  /**
   * The next rows, with vectors of the types the query asked for; null at the end. The batch is
   * valid until the next call.
   *
   * @throws io.datanode.DataNodeException 57014 if cancelled; else what the storage refused
   */
  @Nullable ColumnBatch next();

  /** Interrupts the work in the storage; returns at once. Does nothing after the end. */
  void cancel();

  /** Frees what the query holds; interrupts it if it still runs. Calling it again does nothing. */
  @Override
  void close();
}
