package io.datanode.storage.sql;

import io.datanode.storage.ResultSize;
import java.util.List;

/**
 * A written statement.
 *
 * @param sql its text, with {@code ?} for parameters and a mark for each key condition
 * @param parameters for each {@code ?} and mark from left to right: the number of the parameter of
 *     the relational expression that goes there; or, below zero, -1 less the place of a key
 *     condition in the list
 * @param keyConditions what to put in place of the marks
 * @param size what is known of the number of its rows
 */
public record RenderedStatement(
    String sql, List<Integer> parameters, List<KeyCondition> keyConditions, ResultSize size) {
  public RenderedStatement {
    parameters = List.copyOf(parameters);
    keyConditions = List.copyOf(keyConditions);
  }
}
