package io.datanode.schema;

import io.datanode.catalog.CatalogSnapshot;
import io.datanode.node.NodeView;
import java.util.Map;
import java.util.function.BiFunction;
import org.apache.calcite.jdbc.CalciteSchema;
import org.apache.calcite.schema.Schema;
import org.apache.calcite.schema.Table;
import org.jspecify.annotations.Nullable;

/**
 * The Calcite root schema over all nodes: a sub-schema per namespace, and others such as metadata.
 */
public final class NodeSchemas {
  private final Nodes nodes;
  private final Map<String, Schema> others;
  private final BiFunction<ResolvedNode, NodeView, Table> table;
  private @Nullable CatalogSnapshot snapshot;
  private @Nullable CalciteSchema root;

  /**
   * The root schema over these nodes.
   *
   * @param others schemas by name that are not namespaces
   */
  public NodeSchemas(Nodes nodes, Map<String, Schema> others) {
    this(nodes, others, NodeTable::of);
  }

  /**
   * The root schema over these nodes.
   *
   * @param others schemas by name that are not namespaces
   * @param table makes the table of a view of a resolved node
   */
  public NodeSchemas(
      Nodes nodes, Map<String, Schema> others, BiFunction<ResolvedNode, NodeView, Table> table) {
    this.nodes = nodes;
    this.others = Map.copyOf(others);
    this.table = table;
  }

  /** The root schema over these nodes, whose tables have virtual columns too. */
  public static NodeSchemas withVirtualColumns(Nodes nodes, Map<String, Schema> others) {
    return new NodeSchemas(nodes, others, NodeTable::withVirtualColumns);
  }

  /** The root schema for what is published now. */
  public synchronized CalciteSchema root() {
    CatalogSnapshot current = nodes.snapshot();
    CalciteSchema known = root;
    if (known != null && current == snapshot) {
      return known;
    }
    CalciteSchema made = CalciteSchema.createRootSchema(false, false);
    for (String namespace : current.namespaces()) {
      made.add(namespace, new NodeSchema(nodes, current, namespace, table));
    }
    others.forEach(made::add);
    snapshot = current;
    root = made;
    return made;
  }
}
