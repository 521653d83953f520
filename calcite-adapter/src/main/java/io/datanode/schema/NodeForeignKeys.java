package io.datanode.schema;

import io.datanode.catalog.CatalogSnapshot;
import io.datanode.node.DataNode;
import io.datanode.node.ForeignKey;
import io.datanode.node.NodeName;
import io.datanode.node.TableSource;
import io.datanode.storage.TableDescription;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * References of a node to others: declared, of its table, and from its asset to the node that lists
 * assets.
 */
record NodeForeignKeys(DataNode node, TableDescription table, CatalogSnapshot snapshot) {
  /**
   * All references, those declared first.
   *
   * @param columns the columns the node shows
   * @param asset the column that names the asset, or null
   */
  List<ForeignKey> of(List<NodeColumn> columns, @Nullable String asset) {
    List<ForeignKey> keys = new ArrayList<>(node.foreignKeys());
    Map<String, String> publishedByStored = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    columns.forEach(column -> publishedByStored.put(column.storedName(), column.name()));
    for (TableDescription.StoredForeignKey stored : table.foreignKeys()) {
      List<String> own = stored.columns().stream().map(publishedByStored::get).toList();
      Optional<NodeName> target = nodeOf(stored.targetPath());
      if (target.isPresent() && own.stream().allMatch(name -> name != null)) {
        add(keys, new ForeignKey(stored.name(), own, target.get(), stored.targetColumns()));
      }
    }
    if (asset != null && snapshot.assetsNode().isPresent() && snapshot.assetsKey().isPresent()) {
      NodeName assets = snapshot.assetsNode().get();
      if (!assets.equals(node.name())) {
        add(
            keys,
            new ForeignKey(
                node.name().identifier() + "_" + asset + "_fkey",
                List.of(asset),
                assets,
                List.of(snapshot.assetsKey().get())));
      }
    }
    return keys;
  }

  private static void add(List<ForeignKey> keys, ForeignKey key) {
    boolean there =
        keys.stream()
            .anyMatch(
                other ->
                    other.columns().equals(key.columns()) && other.target().equals(key.target()));
    if (!there) {
      keys.add(key);
    }
  }

  /** The node that publishes a table of the same storage. */
  private Optional<NodeName> nodeOf(List<String> path) {
    return snapshot.nodes().values().stream()
        .filter(other -> other.storage().equals(node.storage()))
        .filter(
            other ->
                other.source() instanceof TableSource.Table target
                    && sameTable(target.path(), path))
        .map(DataNode::name)
        .findFirst();
  }

  /** True if both end alike: one may name the database and schema, the other only the schema. */
  private static boolean sameTable(List<String> a, List<String> b) {
    int shared = Math.min(a.size(), b.size());
    return a.subList(a.size() - shared, a.size()).equals(b.subList(b.size() - shared, b.size()));
  }
}
