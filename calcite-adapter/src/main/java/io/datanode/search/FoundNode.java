package io.datanode.search;

import io.datanode.node.DataNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A node that a {@link NodeSearch} found.
 *
 * @param node as it is published
 * @param description what a row is, as the catalog or the comment of the table says it, or null
 * @param columns the columns that were found, in their order; empty if the node as a whole was
 */
public record FoundNode(DataNode node, @Nullable String description, List<String> columns) {
  public FoundNode {
    columns = List.copyOf(columns);
  }
}
