package io.datanode.schema;

import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.schema.impl.AbstractTable;

/**
 * A node as a table: its published names and types. Where its rows are is decided after validation.
 */
public final class NodeTable extends AbstractTable {
  private final ResolvedNode node;

  NodeTable(ResolvedNode node) {
    this.node = node;
  }

  public ResolvedNode node() {
    return node;
  }

  @Override
  public RelDataType getRowType(RelDataTypeFactory factory) {
    RelDataTypeFactory.Builder row = factory.builder();
    for (NodeColumn column : node.columns()) {
      row.add(column.name(), ColumnTypes.toRel(factory, column.type(), column.nullable()));
    }
    return row.build();
  }
}
