package io.datanode.catalog;

import io.datanode.node.DataNode;
import io.datanode.node.NodeName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How one declared catalog differs from another.
 *
 * @param storages in order of their names
 * @param nodes in order of namespace and identifier
 * @param assets true if another node lists the assets, or another column is its key
 */
public record CatalogChanges(
    List<Change<String>> storages, List<Change<NodeName>> nodes, boolean assets) {
  private static final Map<String, Function<DataNode, @Nullable Object>> NODE_KEYS = nodeKeys();

  public CatalogChanges {
    storages = List.copyOf(storages);
    nodes = List.copyOf(nodes);
  }

  /** What happened to a thing. */
  public enum Kind {
    ADDED,
    CHANGED,
    REMOVED
  }

  /**
   * A thing that is not as it was.
   *
   * @param name its name
   * @param keys if changed, the keys with other values
   */
  public record Change<T>(Kind kind, T name, List<String> keys) {
    public Change {
      keys = List.copyOf(keys);
    }
  }

  /** What makes {@code now} of {@code before}; both as {@link Catalog#declared()} gives them. */
  public static CatalogChanges between(CatalogSnapshot before, CatalogSnapshot now) {
    return new CatalogChanges(
        changes(before.storages(), now.storages(), CatalogChanges::storageKeys),
        changes(before.nodes(), now.nodes(), CatalogChanges::nodeKeys),
        !before.assetsNode().equals(now.assetsNode())
            || !before.assetsKey().equals(now.assetsKey()));
  }

  public boolean isEmpty() {
    return storages.isEmpty() && nodes.isEmpty() && !assets;
  }

  private static <K extends Comparable<K>, V> List<Change<K>> changes(
      Map<K, V> before, Map<K, V> now, BiFunction<V, V, List<String>> differences) {
    TreeSet<K> names = new TreeSet<>(before.keySet());
    names.addAll(now.keySet());
    List<Change<K>> changes = new ArrayList<>();
    for (K name : names) {
      V old = before.get(name);
      V other = now.get(name);
      if (old == null || other == null) {
        changes.add(new Change<>(old == null ? Kind.ADDED : Kind.REMOVED, name, List.of()));
      } else {
        List<String> keys = differences.apply(old, other);
        if (!keys.isEmpty()) {
          changes.add(new Change<>(Kind.CHANGED, name, keys));
        }
      }
    }
    return changes;
  }

  /** Where it is declared does not count. */
  private static List<String> storageKeys(StorageDeclaration before, StorageDeclaration now) {
    TreeMap<String, Optional<String>> keys = new TreeMap<>();
    before.options().keySet().forEach(key -> keys.put(key, Optional.empty()));
    now.options().forEach((key, value) -> keys.put(key, Optional.of(value)));
    List<String> changed = new ArrayList<>();
    if (!before.type().equals(now.type())) {
      changed.add("type");
    }
    keys.forEach(
        (key, value) -> {
          if (!value.equals(Optional.ofNullable(before.options().get(key)))) {
            changed.add(key);
          }
        });
    return changed;
  }

  private static List<String> nodeKeys(DataNode before, DataNode now) {
    return NODE_KEYS.entrySet().stream()
        .filter(key -> !Objects.equals(key.getValue().apply(before), key.getValue().apply(now)))
        .map(Map.Entry::getKey)
        .toList();
  }

  private static Map<String, Function<DataNode, @Nullable Object>> nodeKeys() {
    Map<String, Function<DataNode, @Nullable Object>> keys = new LinkedHashMap<>();
    keys.put("storage", DataNode::storage);
    keys.put("table or files", node -> node.stitch().isPresent() ? null : node.source());
    keys.put("stitch", DataNode::stitch);
    keys.put("description", DataNode::description);
    keys.put("storage_hash", DataNode::storageHash);
    keys.put("time_index", DataNode::timeIndex);
    keys.put("identity", DataNode::identity);
    keys.put("asset", DataNode::asset);
    keys.put("knowledge_time", DataNode::knowledgeTime);
    keys.put("snapshot_by", DataNode::snapshotBy);
    keys.put("tie_break", DataNode::tieBreak);
    keys.put("cadence", DataNode::cadence);
    keys.put("labels", DataNode::labels);
    keys.put("columns", DataNode::columns);
    keys.put("only_declared_columns", DataNode::onlyDeclaredColumns);
    keys.put("foreign_keys", DataNode::foreignKeys);
    return keys;
  }
}
