package io.datanode.catalog;

import io.datanode.DataNodeException;
import io.datanode.jdbc.SqlState;
import io.datanode.node.DataNode;
import io.datanode.node.NodeName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What a catalog publishes at one moment. Immutable, cheap to look up, and free of anything that
 * needs a storage to be asked. Two snapshots are equal if they publish the same.
 */
public final class CatalogSnapshot {
  private final TreeMap<NodeName, DataNode> nodes;
  private final Map<NodeName, List<NodeName>> namesByLowerCase = new HashMap<>();
  private final List<String> namespaces;
  private final Map<String, StorageDeclaration> storages;
  private final Map<String, String> unreadable;
  private final Map<NodeName, String> declaredIn;
  private final @Nullable NodeName assetsNode;
  private final @Nullable String assetsKey;

  /**
   * A snapshot of a source that could be read whole.
   *
   * @param assetsNode the node that lists assets, or null
   * @param assetsKey its key column, or null
   */
  public CatalogSnapshot(
      Map<NodeName, DataNode> nodes,
      Map<String, StorageDeclaration> storages,
      @Nullable NodeName assetsNode,
      @Nullable String assetsKey) {
    this(nodes, storages, assetsNode, assetsKey, Map.of(), Map.of());
  }

  /**
   * A snapshot.
   *
   * @param assetsNode the node that lists assets, or null
   * @param assetsKey its key column, or null
   * @param unreadable by storage, what of it could not be read while the rest is published
   * @param declaredIn by node, where it is declared or was found, for people; may lack nodes
   */
  public CatalogSnapshot(
      Map<NodeName, DataNode> nodes,
      Map<String, StorageDeclaration> storages,
      @Nullable NodeName assetsNode,
      @Nullable String assetsKey,
      Map<String, String> unreadable,
      Map<NodeName, String> declaredIn) {
    this.nodes = new TreeMap<>(nodes);
    this.storages = Collections.unmodifiableMap(new TreeMap<>(storages));
    this.unreadable = Map.copyOf(unreadable);
    this.declaredIn = Map.copyOf(declaredIn);
    this.assetsNode = assetsNode;
    this.assetsKey = assetsKey;
    Set<String> names = new LinkedHashSet<>();
    names.add(NodeName.DEFAULT_NAMESPACE);
    for (NodeName name : this.nodes.keySet()) {
      names.add(name.namespace());
      namesByLowerCase.computeIfAbsent(lowerCase(name), key -> new ArrayList<>(1)).add(name);
    }
    this.namespaces = List.copyOf(names);
  }

  /** The same nodes on storages declared otherwise. */
  public CatalogSnapshot withStorages(Map<String, StorageDeclaration> other) {
    return new CatalogSnapshot(nodes, other, assetsNode, assetsKey, unreadable, declaredIn);
  }

  /**
   * The same with one node more.
   *
   * @throws DataNodeException 42P07 if there is one of this name, ignoring case
   */
  public CatalogSnapshot with(DataNode node) {
    for (NodeName same : namesIgnoringCase(node.name())) {
      throw new DataNodeException(
          SqlState.DUPLICATE_NODE,
          "Node '"
              + same
              + "' is already declared"
              + declaredIn(same).map(place -> " in " + place).orElse(""));
    }
    Map<NodeName, DataNode> more = new TreeMap<>(nodes);
    more.put(node.name(), node);
    return new CatalogSnapshot(more, storages, assetsNode, assetsKey, unreadable, declaredIn);
  }

  /**
   * What is left if all other nodes were not published: without them, without keys that lead to
   * them, and without their names as parts of a stitched node.
   */
  public CatalogSnapshot only(Predicate<NodeName> granted) {
    Map<NodeName, DataNode> left = new TreeMap<>();
    nodes.forEach(
        (name, node) -> {
          if (granted.test(name)) {
            left.put(name, node.referringOnlyTo(granted));
          }
        });
    Map<NodeName, String> places = new HashMap<>(declaredIn);
    places.keySet().retainAll(left.keySet());
    boolean assets = assetsNode != null && granted.test(assetsNode);
    return new CatalogSnapshot(
        left, storages, assets ? assetsNode : null, assets ? assetsKey : null, unreadable, places);
  }

  /** All nodes by name, in order of namespace and identifier. */
  public Map<NodeName, DataNode> nodes() {
    return Collections.unmodifiableMap(nodes);
  }

  /** The nodes of one namespace, spelled exactly so, in order of their identifiers. */
  public Collection<DataNode> nodesIn(String namespace) {
    return Collections.unmodifiableCollection(
        nodes.subMap(new NodeName(namespace, ""), new NodeName(namespace + "\0", "")).values());
  }

  /** All namespaces, the default one first. */
  public List<String> namespaces() {
    return namespaces;
  }

  /** The node with exactly this name. */
  public Optional<DataNode> find(NodeName name) {
    return Optional.ofNullable(nodes.get(name));
  }

  /** Names that are this one but for upper and lower case, in order. */
  public List<NodeName> namesIgnoringCase(NodeName name) {
    return Collections.unmodifiableList(namesByLowerCase.getOrDefault(lowerCase(name), List.of()));
  }

  public Map<String, StorageDeclaration> storages() {
    return storages;
  }

  /** By storage, what of it could not be read when this snapshot was taken. */
  public Map<String, String> unreadable() {
    return unreadable;
  }

  /** Where a node is declared or was found, for people: a file and line, a path, or a row. */
  public Optional<String> declaredIn(NodeName name) {
    return Optional.ofNullable(declaredIn.get(name));
  }

  /** The node that lists assets, if declared. */
  public Optional<NodeName> assetsNode() {
    return Optional.ofNullable(assetsNode);
  }

  /** The key column of the node that lists assets, if declared. */
  public Optional<String> assetsKey() {
    return Optional.ofNullable(assetsKey);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return this == other
        || (other instanceof CatalogSnapshot that
            && nodes.equals(that.nodes)
            && storages.equals(that.storages)
            && unreadable.equals(that.unreadable)
            && declaredIn.equals(that.declaredIn)
            && Objects.equals(assetsNode, that.assetsNode)
            && Objects.equals(assetsKey, that.assetsKey));
  }

  @Override
  public int hashCode() {
    return Objects.hash(nodes, storages, unreadable, assetsNode, assetsKey);
  }

  private static NodeName lowerCase(NodeName name) {
    return new NodeName(
        name.namespace().toLowerCase(Locale.ROOT), name.identifier().toLowerCase(Locale.ROOT));
  }
}
