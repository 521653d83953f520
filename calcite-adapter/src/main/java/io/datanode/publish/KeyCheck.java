package io.datanode.publish;

import io.datanode.DataNodeException;
import io.datanode.jdbc.SqlState;
import io.datanode.storage.NewRows;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the key of new rows is found to be.
 *
 * @param rows how many there are
 * @param first the least time index, as text in UTC; null without rows
 * @param last the greatest
 * @param assets how many assets there are; -1 if no column names them
 */
record KeyCheck(long rows, @Nullable String first, @Nullable String last, long assets) {

  /**
   * Makes sure that the key identifies each row.
   *
   * @throws DataNodeException 23502 if a column of the key, or another that may not, is NULL
   *     somewhere; 22008 if a time index is infinite; 23505 if rows have the same key, naming the
   *     first
   */
  static KeyCheck of(StagedRows staged, NewRows rows, Target target) {
    List<String> key = rows.key().stream().map(staged::quoted).toList();
    String time = key.get(0);
    List<String> asked = new ArrayList<>();
    asked.add("count(*)");
    asked.add("min(" + time + ")");
    asked.add("max(" + time + ")");
    String asset = target.asset();
    asked.add(asset == null ? "-1" : "count(DISTINCT " + staged.quoted(asset) + ")");
    asked.add("count(*) FILTER (WHERE CAST(" + time + " AS VARCHAR) IN ('infinity', '-infinity'))");
    Set<String> present = new LinkedHashSet<>(rows.key());
    present.addAll(target.required());
    present.forEach(column -> asked.add("count(*) - count(" + staged.quoted(column) + ")"));
    List<@Nullable String> found =
        staged
            .ask(
                asked.stream()
                    .map(value -> "CAST(" + value + " AS VARCHAR)")
                    .collect(Collectors.joining(", ", "SELECT ", " FROM (" + rows.query() + ")")),
                asked.size())
            .get(0);
    checkNone(
        found.get(4),
        SqlState.DATETIME_OVERFLOW,
        "Time index '" + rows.timeIndex() + "' is infinite in ");
    int position = 5;
    for (String column : present) {
      String why = rows.key().contains(column) ? "identifies a row" : "is never to be NULL";
      checkNone(
          found.get(position++),
          SqlState.NOT_NULL_VIOLATION,
          "Column '" + column + "' " + why + ", but is NULL in ");
    }
    checkApart(staged, rows, String.join(", ", key));
    return new KeyCheck(
        Long.parseLong(String.valueOf(found.get(0))),
        found.get(1),
        found.get(2),
        Long.parseLong(String.valueOf(found.get(3))));
  }

  private static void checkNone(@Nullable String count, SqlState state, String problem) {
    if (!"0".equals(count)) {
      throw new DataNodeException(state, problem + count + ("1".equals(count) ? " row" : " rows"));
    }
  }

  private static void checkApart(StagedRows staged, NewRows rows, String key) {
    List<List<@Nullable String>> repeated =
        staged.ask(
            "SELECT "
                + rows.key().stream()
                    .map(name -> "CAST(" + staged.quoted(name) + " AS VARCHAR)")
                    .collect(Collectors.joining(", "))
                + " FROM ("
                + rows.query()
                + ") GROUP BY "
                + key
                + " HAVING count(*) > 1 ORDER BY "
                + key
                + " LIMIT "
                + (NewRows.KEYS_NAMED + 1),
            rows.key().size());
    if (!repeated.isEmpty()) {
      throw new DataNodeException(
          SqlState.UNIQUE_VIOLATION,
          "Several rows have "
              + String.join(", ", rows.key())
              + " = "
              + NewRows.inWords(repeated)
              + "; the columns of the index identify one row");
    }
  }
}
