package io.datanode.storage.sql;

import org.apache.calcite.sql.SqlBasicFunction;
import org.apache.calcite.sql.SqlFunction;
import org.apache.calcite.sql.type.OperandTypes;
import org.apache.calcite.sql.type.ReturnTypes;

/**
 * A condition of a written statement whose text is chosen when the statement runs.
 *
 * @param keySet the key set it is about
 * @param use the number of its use: 0 for one of the keys, 1 for not below the least, 2 for not
 *     above the greatest
 * @param mark what stands for it in the text
 * @param withKeys its text with one {@code ?}, which takes the list of all keys; null for other
 *     uses than 0
 * @param withBounds its text with a {@code ?} for the least and one for the greatest key, or for
 *     the one of them that its use names
 */
public record KeyCondition(
    int keySet,
    int use,
    String mark,
    @org.jspecify.annotations.Nullable String withKeys,
    String withBounds) {
  /** The operator in relational expressions: column, number of the key set, number of the use. */
  public static final SqlFunction OPERATOR =
      SqlBasicFunction.create("IN_KEYS", ReturnTypes.BOOLEAN_NOT_NULL, OperandTypes.VARIADIC);
}
