package io.datanode.catalog;

import io.datanode.node.TableSource;
import java.util.List;

/**
 * What only a storage can tell about the things a catalog finds. Passed to catalogs that discover
 * nodes, so that they need not know how storages work.
 */
public interface StorageInspector {
  /**
   * All tables and views in a storage.
   *
   * @throws io.datanode.DataNodeException if the storage cannot be opened
   */
  List<TableSource.Table> tables(StorageDeclaration storage);

  /**
   * Names of the columns of a table.
   *
   * @throws io.datanode.DataNodeException if the storage cannot describe it
   */
  List<String> columns(StorageDeclaration storage, TableSource source);
}
