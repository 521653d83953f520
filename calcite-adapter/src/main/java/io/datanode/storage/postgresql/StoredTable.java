package io.datanode.storage.postgresql;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A table, view or foreign table that was looked for.
 *
 * @param number its oid
 * @param path schema and name
 * @param comment the comment on it, or null
 * @param readable true if its rows may be read
 * @param counted about how many rows ANALYZE has counted in it and its partitions; below zero if it
 *     has not seen them all
 */
record StoredTable(
    Long number,
    List<String> path,
    boolean view,
    @Nullable String comment,
    boolean readable,
    double counted) {
  static StoredTable of(CatalogRow row) {
    return new StoredTable(
        row.table(0),
        List.of(row.text(1), row.text(2)),
        row.text(3).equals("v"),
        row.get(4),
        row.isTrue(5),
        Double.parseDouble(row.text(6)));
  }
}
