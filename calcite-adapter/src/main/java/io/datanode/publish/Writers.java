package io.datanode.publish;

import io.datanode.DataNodeException;
import io.datanode.jdbc.SqlState;
import io.datanode.storage.Storage;
import io.datanode.storage.TableWriter;

/** Finds what writes to a storage. */
final class Writers {
  private Writers() {}

  /**
   * The writer of a storage.
   *
   * @throws DataNodeException 0A000 if it is only read
   */
  static TableWriter of(Storage storage) {
    return storage
        .writer()
        .orElseThrow(
            () ->
                new DataNodeException(
                    SqlState.NOT_SUPPORTED,
                    "Storage '"
                        + storage.name()
                        + "' of type "
                        + storage.type()
                        + " is only read; publish where its rows are"));
  }
}
