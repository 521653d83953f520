package io.datanode.publish;

import io.datanode.node.NodeName;
import io.datanode.storage.NewRows.Field;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was published, or would be.
 *
 * @param name of the node
 * @param rows how many rows were given
 * @param replaced how many rows that the node had are gone or have other values
 * @param first the least time index of the rows, as text in UTC; null without rows
 * @param last the greatest
 * @param assets how many assets the rows have; -1 if the node has no asset column
 * @param place the storage, and the table or file in it
 * @param key the time index, the identity, and the knowledge time if there is one
 * @param columns in order, with the types they have in the node
 */
public record Published(
    NodeName name,
    long rows,
    long replaced,
    @Nullable String first,
    @Nullable String last,
    long assets,
    String place,
    List<String> key,
    List<Field> columns) {
  public Published {
    key = List.copyOf(key);
    columns = List.copyOf(columns);
  }
}
