package io.datanode.catalog;

import io.datanode.node.DataNode;
import io.datanode.node.NodeName;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a catalog publishes at one moment. Immutable, cheap to look up, and free of anything that
 * needs a storage to be asked.
 */
public final class CatalogSnapshot {
  private final Map<NodeName, DataNode> nodes;
  private final Map<String, StorageDeclaration> storages;
  private final @Nullable NodeName assetsNode;
  private final @Nullable String assetsKey;

  /**
   * A snapshot.
   *
   * @param assetsNode the node that lists assets, or null
   * @param assetsKey its key column, or null
   */
  public CatalogSnapshot(
      Map<NodeName, DataNode> nodes,
      Map<String, StorageDeclaration> storages,
      @Nullable NodeName assetsNode,
      @Nullable String assetsKey) {
    this.nodes = java.util.Collections.unmodifiableMap(new TreeMap<>(nodes));
    this.storages = Map.copyOf(storages);
    this.assetsNode = assetsNode;
    this.assetsKey = assetsKey;
  }

  /** All nodes by name, in order of namespace and identifier. */
  public Map<NodeName, DataNode> nodes() {
    return nodes;
  }

  /** All namespaces, the default one first. */
  public List<String> namespaces() {
    java.util.LinkedHashSet<String> namespaces = new java.util.LinkedHashSet<>();
    namespaces.add(NodeName.DEFAULT_NAMESPACE);
    nodes.keySet().forEach(name -> namespaces.add(name.namespace()));
    return List.copyOf(namespaces);
  }

  public Optional<DataNode> find(NodeName name) {
    return Optional.ofNullable(nodes.get(name));
  }

  public Map<String, StorageDeclaration> storages() {
    return storages;
  }

  /** The node that lists assets, if declared. */
  public Optional<NodeName> assetsNode() {
    return Optional.ofNullable(assetsNode);
  }

  /** The key column of the node that lists assets, if declared. */
  public Optional<String> assetsKey() {
    return Optional.ofNullable(assetsKey);
  }
}
