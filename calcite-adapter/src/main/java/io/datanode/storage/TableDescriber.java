package io.datanode.storage;

import io.datanode.node.TableSource;

/** Describes tables, as {@link Storage#describe} does. */
@FunctionalInterface
public interface TableDescriber {
  /**
   * Describes a table.
   *
   * @throws io.datanode.DataNodeException 42P01 if there is no such table, 58030 if its files
   *     cannot be read, 57P03 if the storage is not available
   */
  TableDescription describe(TableSource source);
}
