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
 * @param indexes indexes that rows can be read from in the order of their columns
 * @param roles what the storage itself knows of the time of rows, or null
 * @param uniqueKeys sets of columns in which it lets no two rows be equal, the primary key among
 *     them, except that rows with a NULL in one of them equal none
 */
public record TableDescription(
    List<String> path,
    @Nullable String query,
    List<StorageColumn> columns,
    List<String> primaryKey,
    List<StoredForeignKey> foreignKeys,
    long rowEstimate,
    @Nullable String comment,
    List<Index> indexes,
    @Nullable Roles roles,
    List<List<String>> uniqueKeys) {
  public TableDescription {
    path = List.copyOf(path);
    columns = List.copyOf(columns);
    primaryKey = List.copyOf(primaryKey);
    foreignKeys = List.copyOf(foreignKeys);
    indexes = List.copyOf(indexes);
    uniqueKeys = uniqueKeys.stream().map(List::copyOf).toList();
  }

  /** A table read by its name. */
  public TableDescription(
      List<String> path,
      List<StorageColumn> columns,
      List<String> primaryKey,
      List<StoredForeignKey> foreignKeys,
      long rowEstimate,
      @Nullable String comment) {
    this(path, null, columns, primaryKey, foreignKeys, rowEstimate, comment);
  }

  /**
   * What columns say of the time of rows.
   *
   * @param timeIndex when a row holds, or null if nothing says so
   * @param identity columns that with the time index identify a row
   * @param knowledgeTime when a row became known: a column, or a rule as {@link
   *     io.datanode.node.PublicationLag} reads it; null if nothing says so
   * @param snapshotBy the identity columns that name what is published as a whole, or null
   * @param tieBreak columns that decide between rows otherwise equal in all these, or null
   */
  public record Roles(
      @Nullable String timeIndex,
      List<String> identity,
      @Nullable String knowledgeTime,
      @Nullable List<String> snapshotBy,
      @Nullable List<String> tieBreak) {
    public Roles {
      identity = List.copyOf(identity);
      snapshotBy = snapshotBy == null ? null : List.copyOf(snapshotBy);
      tieBreak = tieBreak == null ? null : List.copyOf(tieBreak);
    }
  }

  /** What says when a row became known, if the storage knows; else null. */
  public @Nullable String knowledgeTime() {
    return roles == null ? null : roles.knowledgeTime();
  }

  /** What is published as a whole, if the storage knows; else null. */
  public @Nullable List<String> snapshotBy() {
    return roles == null ? null : roles.snapshotBy();
  }

  /** What decides between rows of one time, if the storage knows; else null. */
  public @Nullable List<String> tieBreak() {
    return roles == null ? null : roles.tieBreak();
  }

  /** A table of the time of whose rows the storage knows nothing. */
  public TableDescription(
      List<String> path,
      @Nullable String query,
      List<StorageColumn> columns,
      List<String> primaryKey,
      List<StoredForeignKey> foreignKeys,
      long rowEstimate,
      @Nullable String comment) {
    this(
        path,
        query,
        columns,
        primaryKey,
        foreignKeys,
        rowEstimate,
        comment,
        List.of(),
        null,
        List.of());
  }

  /**
   * An ordered index.
   *
   * @param columns in their order in the index, all ascending with NULL last
   * @param distinct about how many values each of the columns has; -1 if unknown
   */
  public record Index(List<String> columns, List<Long> distinct) {
    public Index {
      columns = List.copyOf(columns);
      distinct = List.copyOf(distinct);
    }
  }

  /**
   * A reference between stored tables.
   *
   * @param targetPath the table referred to, outermost part first
   */
  public record StoredForeignKey(
      String name, List<String> columns, List<String> targetPath, List<String> targetColumns) {}
}
