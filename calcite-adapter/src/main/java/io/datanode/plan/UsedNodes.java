package io.datanode.plan;

import io.datanode.DataNodeException;
import io.datanode.catalog.CatalogSnapshot;
import io.datanode.node.NodeName;
import io.datanode.schema.Nodes;
import io.datanode.schema.ResolvedNode;
import io.datanode.storage.Storage;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Nodes that notes which of them a plan is made of. Thread-safe. */
final class UsedNodes implements Nodes {
  private final Nodes nodes;

  /** Those the thread has resolved, while it makes a plan. */
  private final ThreadLocal<@Nullable Set<NodeName>> resolved = new ThreadLocal<>();

  UsedNodes(Nodes nodes) {
    this.nodes = nodes;
  }

  /** What was made, and the nodes that were resolved for it. */
  record Made<T>(T result, Set<NodeName> nodes) {}

  <T> Made<T> noting(Supplier<T> making) {
    Set<NodeName> outer = resolved.get();
    Set<NodeName> names = new HashSet<>();
    resolved.set(names);
    try {
      T result = making.get();
      return new Made<>(result, Set.copyOf(names));
    } finally {
      resolved.set(outer);
      if (outer != null) {
        outer.addAll(names);
      }
    }
  }

  private void note(Collection<NodeName> names) {
    Set<NodeName> noted = resolved.get();
    if (noted != null) {
      noted.addAll(names);
    }
  }

  @Override
  public CatalogSnapshot snapshot() {
    return nodes.snapshot();
  }

  @Override
  public long version() {
    return nodes.version();
  }

  @Override
  public Optional<ResolvedNode> resolve(NodeName name) {
    note(Set.of(name));
    return nodes.resolve(name);
  }

  @Override
  public Map<NodeName, ResolvedNode> resolveAll(
      Collection<NodeName> names, BiConsumer<NodeName, DataNodeException> failed) {
    note(names);
    return nodes.resolveAll(names, failed);
  }

  @Override
  public Storage storage(String name) {
    return nodes.storage(name);
  }

  @Override
  public List<StorageState> storageStates() {
    return nodes.storageStates();
  }

  @Override
  public List<String> problems() {
    return nodes.problems();
  }

  @Override
  public void refresh() {
    nodes.refresh();
  }

  /** They are closed by who opened them. */
  @Override
  public void close() {}
}
