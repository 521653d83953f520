package io.datanode.storage.sql;

import io.datanode.storage.ResultSize;
import java.util.ArrayList;
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

  /** The statement of a text whose parameters and key conditions {@link SqlPieces} has marked. */
  static RenderedStatement of(String text, ResultSize size) {
    StringBuilder sql = new StringBuilder(text.length());
    List<Integer> parameters = new ArrayList<>();
    List<KeyCondition> keyConditions = new ArrayList<>();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == SqlPieces.PARAMETER) {
        int end = text.indexOf(SqlPieces.PARAMETER_END, i);
        parameters.add(Integer.parseInt(text.substring(i + 1, end)));
        sql.append('?');
        i = end;
      } else if (c == SqlPieces.KEYS) {
        int keySet = text.indexOf(SqlPieces.KEYS_END, i);
        int withKeys = text.indexOf(SqlPieces.KEYS_END, keySet + 1);
        int withBounds = text.indexOf(SqlPieces.KEYS_END, withKeys + 1);
        int use = text.charAt(i + 1) - '0';
        String mark = SqlPieces.keysMark(keyConditions.size());
        parameters.add(-1 - keyConditions.size());
        keyConditions.add(
            new KeyCondition(
                Integer.parseInt(text.substring(i + 2, keySet)),
                use,
                mark,
                withKeys == keySet + 1 ? null : text.substring(keySet + 1, withKeys),
                text.substring(withKeys + 1, withBounds)));
        sql.append(mark);
        i = withBounds;
      } else {
        sql.append(c);
      }
    }
    return new RenderedStatement(sql.toString(), parameters, keyConditions, size);
  }
}
