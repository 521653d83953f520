package io.datanode.schema;

import io.datanode.node.DataNode;
import io.datanode.node.ForeignKey;
import io.datanode.node.PublicationLag;
import io.datanode.storage.Storage;
import io.datanode.storage.TableDescription;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A node with its columns, types and roles: what the catalog declares, completed by what its
 * storage knows and by inference.
 *
 * @param node what the catalog declares
 * @param storage the open storage that holds it; of a stitched node, that of its first part
 * @param table what the storage knows of its table; of a stitched node, how many rows its parts
 *     have
 * @param columns the columns it shows, in order; published names are unique, ignoring case
 * @param timeIndex published name of the time index, or null if it has none
 * @param identity published names of the columns that with the time index identify a row
 * @param asset the identity column that names the asset, or null
 * @param knowledgeTime published name of the column that says when a row became known, or null if
 *     it has none
 * @param key time index and identity, the time first, if they are declared, the table's own key, or
 *     likely to identify a row; else empty. Nothing enforces it, so no answer may depend on it
 * @param foreignKeys references to other nodes, declared or of the storage
 * @param inferred by role ({@code time_index}, {@code identity}, {@code knowledge_time}), how what
 *     is not declared was inferred
 * @param parts the nodes that a stitched node is made of, as they are named; else empty
 */
public record ResolvedNode(
    DataNode node,
    Storage storage,
    TableDescription table,
    List<NodeColumn> columns,
    @Nullable String timeIndex,
    List<String> identity,
    @Nullable String asset,
    @Nullable String knowledgeTime,
    List<String> key,
    List<ForeignKey> foreignKeys,
    Map<String, String> inferred,
    List<ResolvedNode> parts) {
  public ResolvedNode {
    columns = List.copyOf(columns);
    identity = List.copyOf(identity);
    key = List.copyOf(key);
    foreignKeys = List.copyOf(foreignKeys);
    inferred = Map.copyOf(inferred);
    parts = List.copyOf(parts);
  }

  /** A node with rows of its own. */
  ResolvedNode(
      DataNode node,
      Storage storage,
      TableDescription table,
      List<NodeColumn> columns,
      @Nullable String timeIndex,
      List<String> identity,
      @Nullable String asset,
      @Nullable String knowledgeTime,
      List<String> key,
      List<ForeignKey> foreignKeys,
      Map<String, String> inferred) {
    this(
        node,
        storage,
        table,
        columns,
        timeIndex,
        identity,
        asset,
        knowledgeTime,
        key,
        foreignKeys,
        inferred,
        List.of());
  }

  /** How long after its time a row is known, where a rule says so rather than a column. */
  public Optional<Duration> publicationLag() {
    return timeIndex == null
        ? Optional.empty()
        : PublicationLag.of(
            node.knowledgeTime() == null ? table.knowledgeTime() : node.knowledgeTime());
  }

  /** What says when a row became known: a column, or a rule; null if nothing does. */
  public @Nullable String knownBy() {
    return knowledgeTime != null || publicationLag().isEmpty()
        ? knowledgeTime
        : node.knowledgeTime() == null ? table.knowledgeTime() : node.knowledgeTime();
  }

  /**
   * The identity columns that name what is published as a whole, such as a portfolio; empty if the
   * whole node is, null if each identity has a newest row of its own.
   */
  public @Nullable List<String> snapshotBy() {
    if (node.snapshotBy() != null) {
      return node.snapshotBy().stream().map(this::spelled).toList();
    }
    return stitched() ? parts.get(0).snapshotBy() : table.snapshotBy();
  }

  /**
   * The columns whose greatest values say which of several rows with the same time index, identity
   * and knowledge time counts; empty if there are no such rows, null if all columns say it.
   */
  public @Nullable List<String> tieBreak() {
    return node.tieBreak() != null
        ? node.tieBreak().stream().map(this::spelled).toList()
        : table.tieBreak();
  }

  private String spelled(String name) {
    return column(name).map(NodeColumn::name).orElse(name);
  }

  /** The same node with other references. */
  ResolvedNode withForeignKeys(List<ForeignKey> other) {
    return new ResolvedNode(
        node,
        storage,
        table,
        columns,
        timeIndex,
        identity,
        asset,
        knowledgeTime,
        key,
        other,
        inferred,
        parts);
  }

  /** True if it is made of other nodes. */
  public boolean stitched() {
    return !parts.isEmpty();
  }

  /** The column with this published name, ignoring case. */
  public Optional<NodeColumn> column(String name) {
    return columns.stream().filter(column -> column.name().equalsIgnoreCase(name)).findFirst();
  }

  /**
   * True if the storage itself lets no two rows have the same values in these columns.
   *
   * @param names of columns
   * @param present those of them in which no NULL is met, even if there may be one
   */
  public boolean enforcesUnique(Collection<String> names, Collection<String> present) {
    Set<String> apart = new HashSet<>();
    for (NodeColumn column : columns) {
      if (names.contains(column.name())
          && (!column.nullable() || present.contains(column.name()))) {
        apart.add(column.storedName());
      }
    }
    return table.uniqueKeys().stream().anyMatch(apart::containsAll);
  }
}
