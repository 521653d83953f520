package io.datanode.schema;

import io.datanode.node.NodeView;
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

  private NodeTable(ResolvedNode node, NodeView view) {
    this.node = node;
    this.view = view;
  }

  /** The table that shows these rows of a node. */
  static NodeTable of(ResolvedNode node, NodeView view) {
    return node.knowledgeTime() == null ? new NodeTable(node, view) : new Versioned(node, view);
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
    return row.build();
  }

  /** A node of which it is known when each row became known: FOR SYSTEM_TIME AS OF may read it. */
  private static final class Versioned extends NodeTable implements TemporalTable {
    Versioned(ResolvedNode node, NodeView view) {
      super(node, view);
    }

    @Override
    public String getSysStartFieldName() {
      return String.valueOf(node().knowledgeTime());
    }

    /** A version holds until a newer one is known; no column says so. */
    @Override
    public @Nullable String getSysEndFieldName() {
      return null;
    }
  }
}
