package io.datanode.storage.sql;

import java.util.List;

/**
 * The text of a statement and, for each of its {@code ?} from left to right, the number of the
 * parameter of the relational expression that goes there.
 */
public record RenderedStatement(String sql, List<Integer> parameters) {
  public RenderedStatement {
    parameters = List.copyOf(parameters);
  }
}
