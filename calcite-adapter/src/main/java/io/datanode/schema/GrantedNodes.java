package io.datanode.schema;

import io.datanode.DataNodeException;
import io.datanode.catalog.CatalogSnapshot;
import io.datanode.node.DataNode;
import io.datanode.node.ForeignKey;
import io.datanode.node.NodeName;
import io.datanode.storage.Storage;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The nodes that a user may see; to him the others do not exist. A foreign key that leads to one of
 * those is left out, and so is a storage that holds only such. A stitched node can be read without
 * its parts being granted. Closing it closes nothing.
 */
public final class GrantedNodes implements Nodes {
  private final Nodes all;
  private final NodeGrants grants;
  private volatile @Nullable Seen seen;

  /** A snapshot and what of it is granted. */
  private record Seen(CatalogSnapshot all, CatalogSnapshot granted) {}

  public GrantedNodes(Nodes all, NodeGrants grants) {
    this.all = all;
    this.grants = grants;
  }

  @Override
  public CatalogSnapshot snapshot() {
    CatalogSnapshot now = all.snapshot();
    Seen last = seen;
    if (last == null || last.all() != now) {
      last = new Seen(now, now.only(grants::allow));
      seen = last;
    }
    return last.granted();
  }

  @Override
  public long version() {
    return all.version();
  }

  @Override
  public Optional<ResolvedNode> resolve(NodeName name) {
    return grants.allow(name) ? all.resolve(name).map(this::granted) : Optional.empty();
  }

  @Override
  public Map<NodeName, ResolvedNode> resolveAll(
      Collection<NodeName> names, BiConsumer<NodeName, DataNodeException> failed) {
    Map<NodeName, ResolvedNode> resolved =
        all.resolveAll(names.stream().filter(grants::allow).toList(), failed);
    resolved.replaceAll((name, node) -> granted(node));
    return resolved;
  }

  private ResolvedNode granted(ResolvedNode node) {
    List<ForeignKey> keys =
        node.foreignKeys().stream().filter(key -> grants.allow(key.target())).toList();
    return keys.size() == node.foreignKeys().size() ? node : node.withForeignKeys(keys);
  }

  @Override
  public Storage storage(String name) {
    return all.storage(name);
  }

  @Override
  public List<StorageState> storageStates() {
    Set<String> granted = new HashSet<>();
    snapshot().nodes().keySet().forEach(name -> addStorages(name, granted));
    return all.storageStates().stream().filter(state -> granted.contains(state.name())).toList();
  }

  private void addStorages(NodeName name, Set<String> storages) {
    DataNode node = all.snapshot().find(name).orElse(null);
    if (node != null) {
      storages.add(node.storage());
      node.stitch().ifPresent(of -> of.parts().forEach(part -> addStorages(part, storages)));
    }
  }

  @Override
  public List<String> problems() {
    return all.problems();
  }

  @Override
  public void refresh() {
    all.refresh();
  }

  @Override
  public void close() {}
}
