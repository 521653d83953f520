package io.datanode.storage;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a storage knows of a table without reading its rows.
 *
 * @param path the name to use in SQL, outermost part first; for files, of a view over them
 * @param query a query in the storage's dialect to read in place of {@code path}, or null; for a
 *     storage that converts columns and cannot make views
 * @param columns all columns in order
 * @param primaryKey columns of the primary key, empty if it has none
 * @param foreignKeys references the storage itself declares
 * @param rowEstimate about how many rows it has, or -1 if unknown
 * @param comment the storage's comment on it, or null
 * @param knowledgeTime column that says when a row became known, if the storage itself knows, or
 *     null
 */
public record TableDescription(
    List<String> path,
    @Nullable String query,
    List<StorageColumn> columns,
    List<String> primaryKey,
    List<StoredForeignKey> foreignKeys,
    long rowEstimate,
    @Nullable String comment,
    @Nullable String knowledgeTime) {
  public TableDescription {
    path = List.copyOf(path);
    columns = List.copyOf(columns);
    primaryKey = List.copyOf(primaryKey);
    foreignKeys = List.copyOf(foreignKeys);
  }

  /** A table read by its name. */
  public TableDescription(
      List<String> path,
      List<StorageColumn> columns,
      List<String> primaryKey,
      List<StoredForeignKey> foreignKeys,
      long rowEstimate,
      @Nullable String comment) {
    this(path, null, columns, primaryKey, foreignKeys, rowEstimate, comment, null);
  }

  /** A table of which the storage does not know when its rows became known. */
  public TableDescription(
      List<String> path,
      @Nullable String query,
      List<StorageColumn> columns,
      List<String> primaryKey,
      List<StoredForeignKey> foreignKeys,
      long rowEstimate,
      @Nullable String comment) {
    this(path, query, columns, primaryKey, foreignKeys, rowEstimate, comment, null);
  }

  /**
   * A reference between stored tables.
   *
   * @param targetPath the table referred to, outermost part first
   */
  public record StoredForeignKey(
      String name, List<String> columns, List<String> targetPath, List<String> targetColumns) {}
}
