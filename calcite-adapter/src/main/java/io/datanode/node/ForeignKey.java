package io.datanode.node;

import java.util.List;

/**
 * Columns of a node that name a row of another node.
 *
 * @param name the constraint's name
 * @param columns columns of this node
 * @param target the node referred to
 * @param targetColumns its columns, one for each of {@code columns}
 */
public record ForeignKey(
    String name, List<String> columns, NodeName target, List<String> targetColumns) {
  public ForeignKey {
    columns = List.copyOf(columns);
    targetColumns = List.copyOf(targetColumns);
  }
}
