package io.datanode.schema;

import io.datanode.DataNodeException;
import io.datanode.catalog.CatalogSnapshot;
import io.datanode.jdbc.SqlState;
import io.datanode.node.NodeName;
import io.datanode.node.NodeView;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.apache.calcite.schema.Table;
import org.apache.calcite.schema.impl.AbstractSchema;
import org.apache.calcite.schema.lookup.LikePattern;
import org.apache.calcite.schema.lookup.Lookup;
import org.apache.calcite.schema.lookup.Named;
import org.jspecify.annotations.Nullable;

/**
 * A namespace as a Calcite schema. Its tables are found one by one: looking one up resolves that
 * node and no other.
 */
public final class NodeSchema extends AbstractSchema {
  private final String namespace;
  private final Names names;
  private final BiFunction<ResolvedNode, NodeView, Table> table;
  private final Nodes nodes;

  /**
   * A namespace of the snapshot.
   *
   * @param table makes the table of a view of a resolved node
   */
  NodeSchema(
      Nodes nodes,
      CatalogSnapshot snapshot,
      String namespace,
      BiFunction<ResolvedNode, NodeView, Table> table) {
    this.nodes = nodes;
    this.namespace = namespace;
    this.table = table;
    this.names = new Names(snapshot, namespace);
  }

  @Override
  public Lookup<Table> tables() {
    return new Lookup<>() {
      @Override
      public @Nullable Table get(String name) {
        if (names.exact().contains(name)) {
          return resolve(name, NodeView.NEWEST);
        }
        Named<Table> view = view(name);
        return view != null && view.name().equals(name) ? view.entity() : null;
      }

      @Override
      public @Nullable Named<Table> getIgnoreCase(String name) {
        String published = names.find(name);
        if (published == null) {
          return view(name);
        }
        Table found = resolve(published, NodeView.NEWEST);
        return found == null ? null : new Named<>(published, found);
      }

      @Override
      public Set<String> getNames(LikePattern pattern) {
        Set<String> matching = new LinkedHashSet<>();
        for (String name : names.exact()) {
          if (pattern.matcher().apply(name)) {
            matching.add(name);
          }
        }
        return matching;
      }
    };
  }

  private @Nullable Table resolve(String identifier, NodeView view) {
    ResolvedNode node = nodes.resolve(new NodeName(namespace, identifier)).orElse(null);
    if (node != null && view == NodeView.LATEST && node.timeIndex() == null) {
      throw new DataNodeException(
          SqlState.UNDEFINED_NODE,
          "Node '"
              + node.node().name()
              + "' has no time index, so none of its rows is the newest; declare time_index in the"
              + " catalog");
    }
    return node == null ? null : table.apply(node, view);
  }

  /** What a name with a suffix such as {@code $versions} stands for; null if nothing. */
  private @Nullable Named<Table> view(String name) {
    for (NodeView view : NodeView.values()) {
      String node = view == NodeView.NEWEST ? null : view.nodeName(name);
      String published = node == null ? null : names.find(node);
      Table found = published == null ? null : resolve(published, view);
      if (found != null) {
        return new Named<>(published + view.suffix(), found);
      }
    }
    return null;
  }

  /** Names of one namespace, exactly and ignoring case. */
  private static final class Names {
    private final Supplier<Set<String>> exact;
    private @Nullable Set<String> loaded;
    private @Nullable Map<String, List<String>> folded;

    Names(CatalogSnapshot snapshot, String namespace) {
      this.exact =
          () -> {
            Set<String> found = new LinkedHashSet<>();
            snapshot
                .nodes()
                .keySet()
                .forEach(
                    name -> {
                      if (name.namespace().equals(namespace)) {
                        found.add(name.identifier());
                      }
                    });
            return found;
          };
    }

    synchronized Set<String> exact() {
      Set<String> names = loaded;
      if (names == null) {
        names = exact.get();
        loaded = names;
      }
      return names;
    }

    synchronized @Nullable String find(String name) {
      if (exact().contains(name)) {
        return name;
      }
      Map<String, List<String>> byFolded = folded;
      if (byFolded == null) {
        byFolded = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (String published : exact()) {
          byFolded.computeIfAbsent(published, key -> new ArrayList<>()).add(published);
        }
        folded = byFolded;
      }
      List<String> candidates = byFolded.get(name);
      return candidates == null ? null : candidates.get(0);
    }
  }
}
