package io.datanode.plan;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * The escapes of JDBC that only enclose what SQL here writes the same way: {@code {oj …}} around an
 * outer join, as query designers write it, which becomes a parenthesis, and <code>{escape '…'}
 * </code> behind LIKE. Places stay true; the other escapes are the parser's.
 */
final class JdbcEscapes {
  private JdbcEscapes() {}

  /** The text without them; one that does not end is left for the parser to refuse. */
  static String replaced(String sql) {
    if (sql.indexOf('{') < 0) {
      return sql;
    }
    StringBuilder text = new StringBuilder(sql);
    List<SqlToken> tokens = SqlToken.scan(sql);
    Deque<Integer> open = new ArrayDeque<>();
    for (int i = 0; i < tokens.size(); i++) {
      if (tokens.get(i).is("{")) {
        open.push(i);
      } else if (tokens.get(i).is("}") && !open.isEmpty()) {
        int start = open.pop();
        if (tokens.get(start + 1).is("OJ")) {
          replace(text, tokens.get(start), '(');
          text.replace(tokens.get(start + 1).start(), tokens.get(start + 1).end(), "  ");
          replace(text, tokens.get(i), ')');
        } else if (tokens.get(start + 1).is("ESCAPE")) {
          replace(text, tokens.get(start), ' ');
          replace(text, tokens.get(i), ' ');
        }
      }
    }
    return text.toString();
  }

  private static void replace(StringBuilder text, SqlToken brace, char with) {
    text.setCharAt(brace.start(), with);
  }
}
