package io.datanode.plan;

import io.datanode.jdbc.SqlState;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What to write instead of SQL of other systems that is not in the grammar here. */
final class SyntaxHints {
  private final List<SqlToken> tokens;

  private SyntaxHints(List<SqlToken> tokens) {
    this.tokens = tokens;
  }

  /**
   * What would be right where the parser stopped.
   *
   * @param column of the user's text, from 1
   * @return null if that cannot be told
   */
  static @Nullable String at(SqlText text, int line, int column) {
    return new SyntaxHints(text.tokens()).hint(text.tokenAt(line, column));
  }

  /**
   * Refuses what the parser would pass over: what means something in other systems, and names that
   * storages cannot be told.
   */
  static void check(SqlText text) {
    List<SqlToken> tokens = text.tokens();
    for (SqlToken token : tokens) {
      // Storages take it for the end of the statement.
      if (token.kind() != SqlToken.Kind.STRING && token.text().indexOf('\0') >= 0) {
        throw SqlErrors.at(
            SqlState.SYNTAX_ERROR, "A name holds U+0000, which no name may hold", token, text);
      }
    }
    for (int i = 1; i < tokens.size(); i++) {
      SqlToken before = tokens.get(i - 1);
      if (tokens.get(i).is("/") && before.is("/") && before.end() == tokens.get(i).start()) {
        throw SqlErrors.at(
            SqlState.SYNTAX_ERROR,
            "// is no operator and begins no comment; whole numbers divide by /, and comments begin"
                + " with --",
            before,
            text);
      }
    }
  }

  private @Nullable String hint(int i) {
    if (is(i, ";")) {
      return "one statement at a time, and another begins after ;";
    }
    if (is(i, "ON") && is(i - 1, "DISTINCT")) {
      return "DISTINCT ON (k) … ORDER BY t is written QUALIFY ROW_NUMBER() OVER (PARTITION BY k"
          + " ORDER BY t) = 1";
    }
    if (is(i, "WITH") && is(i + 1, "TIES")) {
      return "FETCH FIRST n ROWS WITH TIES is written QUALIFY RANK() OVER (ORDER BY …) <= n";
    }
    if (is(i, "PERCENT")) {
      return "FETCH FIRST n PERCENT is written QUALIFY PERCENT_RANK() OVER (ORDER BY …) < n / 100.0";
    }
    if (is(i - 1, "TOP") && is(i - 2, "SELECT")) {
      return "TOP n is written LIMIT n at the end";
    }
    if (is(i, "FROM") && i == 0) {
      return "a query begins with SELECT, WITH, VALUES or TABLE, for example TABLE prices";
    }
    if (is(i, "UNNEST")) {
      return "UNNEST stands in FROM: SELECT x FROM UNNEST(ARRAY[1, 2]) AS u(x)";
    }
    if (is(i, "ISNULL") || is(i, "NOTNULL")) {
      return "write IS NULL or IS NOT NULL";
    }
    if (is(i, "=") && (is(i - 1, "=") || is(i + 1, "="))) {
      return "values are compared with a single =";
    }
    if (is(i, "[") || is(i + 1, "[")) {
      return "an array is written ARRAY[1, 2]";
    }
    if (is(i, "USING") && is(i + 1, "SAMPLE")) {
      return "samples are not offered";
    }
    if (is(i - 1, "INTERVAL")) {
      return "an interval of several units is a sum: INTERVAL '1' DAY + INTERVAL '2' HOUR";
    }
    for (int k = i; k >= 0 && k > i - 9; k--) {
      if (is(k, "DATE_DIFF")) {
        return "write TIMESTAMPDIFF(DAY, a, b) for whole units from a to b";
      }
    }
    return null;
  }

  private boolean is(int i, String word) {
    return i >= 0 && i < tokens.size() && tokens.get(i).is(word);
  }
}
