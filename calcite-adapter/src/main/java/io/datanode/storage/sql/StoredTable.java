package io.datanode.storage.sql;

import java.util.List;

/**
 * A table as its storage names it.
 *
 * @param path its name, outermost part first
 * @param columns stored names of the columns, in the order the relational expression has them
 */
public record StoredTable(List<String> path, List<String> columns) {
  public StoredTable {
    path = List.copyOf(path);
    columns = List.copyOf(columns);
  }
}
