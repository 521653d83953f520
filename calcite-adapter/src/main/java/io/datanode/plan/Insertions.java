package io.datanode.plan;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What SQL lets a user leave out and Calcite's grammar does not: FROM before WHERE, and the number
 * of {@code FETCH FIRST ROW ONLY}.
 */
final class Insertions {
  /** One row, whose column nobody names. */
  private static final String ONE_ROW = " FROM (VALUES (0)) AS \"one row\" ";

  private static final Set<String> SET_OPERATIONS = Set.of("UNION", "INTERSECT", "EXCEPT", "MINUS");

  private final List<SqlToken> tokens;
  private final Map<Integer, String> texts = new HashMap<>();

  private Insertions(List<SqlToken> tokens) {
    this.tokens = tokens;
  }

  /** The texts to insert, each by the number of the token it comes before. */
  static Map<Integer, String> before(List<SqlToken> tokens) {
    Insertions insertions = new Insertions(tokens);
    insertions.find();
    return insertions.texts;
  }

  private void find() {
    // For each parenthesis, whether a SELECT without FROM is open in it.
    Deque<Boolean> open = new ArrayDeque<>();
    open.push(false);
    for (int i = 0; i < tokens.size(); i++) {
      SqlToken token = tokens.get(i);
      if (token.is("(")) {
        open.push(false);
      } else if (token.is(")") && open.size() > 1) {
        open.pop();
      } else if (is(i - 1, ".") || is(i - 1, "AS")) {
        continue;
      } else if (token.is("SELECT")) {
        set(open, !is(i + 1, "*"));
      } else if (SET_OPERATIONS.contains(token.upper())
          || (token.is("FROM") && !is(i - 1, "DISTINCT"))) {
        set(open, false);
      } else if (open.peek() && endsSelectList(i)) {
        texts.put(i, ONE_ROW);
        set(open, false);
      } else if ((token.is("FIRST") || token.is("NEXT"))
          && is(i - 1, "FETCH")
          && (is(i + 1, "ROW") || is(i + 1, "ROWS"))) {
        texts.put(i + 1, "1 ");
      }
    }
  }

  private static void set(Deque<Boolean> open, boolean value) {
    open.pop();
    open.push(value);
  }

  private boolean endsSelectList(int i) {
    SqlToken token = tokens.get(i);
    return token.is("WHERE")
        || token.is("HAVING")
        || token.is("QUALIFY")
        || (token.is("GROUP") && is(i + 1, "BY"));
  }

  private boolean is(int i, String word) {
    return i >= 0 && i < tokens.size() && tokens.get(i).is(word);
  }
}
