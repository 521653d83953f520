package io.datanode.storage.sql;

import io.datanode.storage.TableDescription;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A table as its storage names it.
 *
 * @param path its name, outermost part first
 * @param query a query in the storage's dialect to read in its place, or null; a storage that shows
 *     columns as other types than it stores, and cannot make views, says so here
 * @param columns stored names of the columns, in the order the relational expression has them
 * @param rowEstimate about how many rows it has, or -1 if unknown
 * @param indexes indexes that rows can be read from in the order of their columns
 */
public record StoredTable(
    List<String> path,
    @Nullable String query,
    List<String> columns,
    long rowEstimate,
    List<TableDescription.Index> indexes) {
  public StoredTable {
    path = List.copyOf(path);
    columns = List.copyOf(columns);
    indexes = List.copyOf(indexes);
  }

  /** A table of unknown size, read as it is. */
  public StoredTable(List<String> path, List<String> columns) {
    this(path, null, columns, -1, List.of());
  }
}
