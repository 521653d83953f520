package io.datanode.calcite;

import io.datanode.node.NodeView;
import java.util.LinkedHashSet;
import java.util.Set;
import org.apache.calcite.schema.Schema;
import org.apache.calcite.schema.Table;
import org.apache.calcite.schema.impl.DelegatingSchema;
import org.apache.calcite.schema.lookup.LikePattern;
import org.apache.calcite.schema.lookup.Lookup;
import org.apache.calcite.schema.lookup.Named;
import org.jspecify.annotations.Nullable;

/**
 * A namespace that lists {@code node$versions} and {@code node$latest} beside its nodes: a Calcite
 * connection takes a list of all names first and finds no others.
 */
final class ListedViews extends DelegatingSchema {
  ListedViews(Schema nodes) {
    super(nodes);
  }

  @Override
  public Lookup<Table> tables() {
    Lookup<Table> nodes = schema.tables();
    return new Lookup<>() {
      @Override
      public @Nullable Table get(String name) {
        return nodes.get(name);
      }

      @Override
      public @Nullable Named<Table> getIgnoreCase(String name) {
        return nodes.getIgnoreCase(name);
      }

      @Override
      public Set<String> getNames(LikePattern pattern) {
        Set<String> names = new LinkedHashSet<>();
        for (String node : nodes.getNames(LikePattern.any())) {
          names.add(node);
          if (nodes.get(node) instanceof ScannedNode scanned) {
            for (NodeView view : scanned.views()) {
              names.add(node + view.suffix());
            }
          }
        }
        names.removeIf(name -> !pattern.matcher().apply(name));
        return names;
      }
    };
  }
}
