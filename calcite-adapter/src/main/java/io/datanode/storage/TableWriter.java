package io.datanode.storage;

import io.datanode.jdbc.batch.ColumnType;
import io.datanode.node.NodeName;
import io.datanode.node.TableSource;
import org.jspecify.annotations.Nullable;

/**
 * Writes tables of a storage. Thread-safe; two that write one table follow or refuse each other.
 */
public interface TableWriter {
  /**
   * Where the rows of a new node go.
   *
   * @param wanted a table; or one file, by its path below the folder of the storage; null to derive
   *     it from the name of the node
   * @throws io.datanode.DataNodeException 22023 if this storage has no such place; 0A000 if it has
   *     none for new nodes
   */
  TableSource place(NodeName name, @Nullable TableSource wanted);

  /**
   * The type in which a column of a new table is stored: the same, or the nearest there is, which
   * need not hold every value.
   *
   * @param type one that is written, see {@link NewRows#isWritten}
   */
  default ColumnType stored(ColumnType type) {
    return type;
  }

  /**
   * Writes rows so that nobody sees them yet.
   *
   * @param target where; made if the mode is {@link WriteMode#CREATE}, else it has the columns of
   *     the rows and no others
   * @throws io.datanode.DataNodeException 23505 if {@link WriteMode#APPEND} meets a key that is
   *     there already, naming the first; 42P07 if a table to be made exists; 0A000 if the target
   *     cannot be written, saying why; 57P03 if another process holds it; 42501 if the user may not
   */
  WrittenTable write(TableSource target, NewRows rows, WriteMode mode);
}
