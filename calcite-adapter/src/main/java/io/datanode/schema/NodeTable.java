package io.datanode.schema;

import io.datanode.node.NodeView;
import java.util.List;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.schema.TemporalTable;
import org.apache.calcite.schema.impl.AbstractTable;
import org.jspecify.annotations.Nullable;

/**
 * A node as a table: its published names and types. Where its rows are, and which of their versions
 * are shown, is decided after validation.
 */
public class NodeTable extends AbstractTable {
  private final ResolvedNode node;
  private final NodeView view;
  private final List<String> virtual;

  /**
   * A table.
   *
   * @param virtual columns to be had beside those of the node
   */
  private NodeTable(ResolvedNode node, NodeView view, List<String> virtual) {
    this.node = node;
    this.view = view;
    this.virtual = List.copyOf(virtual);
  }

  /** The table that shows these rows of a node. */
  static NodeTable of(ResolvedNode node, NodeView view) {
    return of(node, view, List.of());
  }

  /** The same with the virtual columns of the node. */
  static NodeTable withVirtualColumns(ResolvedNode node, NodeView view) {
    return of(node, view, VirtualColumn.of(node));
  }

  private static NodeTable of(ResolvedNode node, NodeView view, List<String> virtual) {
    return versioned(node)
        ? new Versioned(node, view, virtual)
        : new NodeTable(node, view, virtual);
  }

  private static boolean versioned(ResolvedNode node) {
    return node.knownBy() != null || node.parts().stream().anyMatch(NodeTable::versioned);
  }

  /** Columns behind those of the node that {@code SELECT *} does not show. */
  public List<String> virtualColumns() {
    return virtual;
  }

  /** The same rows of another node, without virtual columns. */
  public NodeTable ofNode(ResolvedNode other) {
    return of(other, view);
  }

  /** The same node with these of its rows. */
  public NodeTable as(NodeView other) {
    return of(node, other, virtual);
  }

  public ResolvedNode node() {
    return node;
  }

  public NodeView view() {
    return view;
  }

  @Override
  public RelDataType getRowType(RelDataTypeFactory factory) {
    RelDataTypeFactory.Builder row = factory.builder();
    for (NodeColumn column : node.columns()) {
      row.add(column.name(), ColumnTypes.toRel(factory, column.type(), column.nullable()));
    }
    for (String column : virtual) {
      row.add(column, VirtualColumn.type(column, node, factory));
    }
    return row.build();
  }

  /** A node of which it is known when each row became known: FOR SYSTEM_TIME AS OF may read it. */
  private static final class Versioned extends NodeTable implements TemporalTable {
    Versioned(ResolvedNode node, NodeView view, List<String> virtual) {
      super(node, view, virtual);
    }

    @Override
    public String getSysStartFieldName() {
      return String.valueOf(node().knownBy());
    }

    /** A version holds until a newer one is known; no column says so. */
    @Override
    public @Nullable String getSysEndFieldName() {
      return null;
    }
  }
}
