package io.datanode.plan;

import io.datanode.plan.asof.AsofConditions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A statement as the user wrote it, made ready for the parser.
 *
 * <p>Calcite's Babel parser keeps a few words reserved that are common names of columns, such as
 * {@code date}, {@code time} and {@code timestamp}. Where such a word can only be a name it is
 * quoted before parsing; places in error messages are those of the user's text all the same. {@code
 * INTERVAL '7 days'} becomes {@code INTERVAL '7' days}.
 */
final class SqlText {
  /** Words quoted where they stand as a name. */
  private static final Set<String> NAMES =
      Set.of("DATE", "TIME", "TIMESTAMP", "INTERVAL", "CURRENT");

  private static final Set<String> AFTER_GROUP_BY =
      Set.of(
          ")",
          "HAVING",
          "ORDER",
          "LIMIT",
          "OFFSET",
          "FETCH",
          "UNION",
          "INTERSECT",
          "EXCEPT",
          "MINUS",
          "QUALIFY",
          "WINDOW");

  /** {@code '7 days'}, as PostgreSQL has it. */
  private static final Pattern WITH_UNIT =
      Pattern.compile(
          "'([+-]?\\d+(?:\\.\\d+)?) (\\s*(?:YEAR|QUARTER|MONTH|WEEK|DAY|HOUR|MINUTE|SECOND)S?)'",
          Pattern.CASE_INSENSITIVE);

  private final String written;
  private final String original;
  private final String parsed;
  private final List<Integer> inserted;
  private final List<SqlToken> tokens;

  SqlText(String sql) {
    this.written = sql;
    this.original = JdbcEscapes.replaced(sql);
    List<SqlToken> all = SqlToken.scan(original);
    while (!all.isEmpty() && all.get(all.size() - 1).is(";")) {
      all.remove(all.size() - 1);
    }
    this.tokens = List.copyOf(all);
    this.inserted = new ArrayList<>();
    this.parsed = quoteNames();
  }

  /** What the parser is given. */
  String parsed() {
    return parsed;
  }

  /** The user's tokens, without trailing semicolons. */
  List<SqlToken> tokens() {
    return tokens;
  }

  /** The text with white space and comments reduced; equal for statements that mean the same. */
  String normalised() {
    StringBuilder text = new StringBuilder(original.length());
    int end = -1;
    for (SqlToken token : tokens) {
      if (end >= 0 && token.start() > end) {
        text.append(' ');
      }
      text.append(token.text());
      end = token.end();
    }
    return text.toString();
  }

  /** The same text with the first tokens blanked, so that places stay true. */
  SqlText without(int firstTokens) {
    int from = tokens.get(firstTokens).start();
    String blanked = original.substring(0, from).replaceAll("[^\\n]", " ");
    return new SqlText(blanked + written.substring(from));
  }

  /** The user's column, from 1, of a place in the parsed text. */
  int column(int parsedLine, int parsedColumn) {
    int offset = offset(parsed, parsedLine, parsedColumn);
    int before = 0;
    for (int place : inserted) {
      if (place < offset) {
        before++;
      }
    }
    return Math.max(1, parsedColumn - countOnLine(parsedLine, offset, before));
  }

  private int countOnLine(int parsedLine, int offset, int before) {
    int lineStart = offset(parsed, parsedLine, 1);
    int earlier = 0;
    for (int place : inserted) {
      if (place < lineStart) {
        earlier++;
      }
    }
    return before - earlier;
  }

  private static int offset(String text, int line, int column) {
    int at = 0;
    for (int i = 1; i < line; i++) {
      int newline = text.indexOf('\n', at);
      if (newline < 0) {
        break;
      }
      at = newline + 1;
    }
    return at + column - 1;
  }

  /**
   * The number of the token at a place of the user's text.
   *
   * @return the number of tokens if none begins there or later
   */
  int tokenAt(int line, int column) {
    int at = offset(original, line, column);
    int i = 0;
    while (i < tokens.size() && tokens.get(i).end() <= at) {
      i++;
    }
    return i;
  }

  /** The user's line, from 1, in which a token begins. */
  int line(SqlToken token) {
    return (int) original.substring(0, token.start()).chars().filter(c -> c == '\n').count() + 1;
  }

  /** The user's column, from 1, at which a token begins. */
  int column(SqlToken token) {
    return token.start() - original.lastIndexOf('\n', token.start() - 1);
  }

  /** The user's line with a caret below the place, for error messages. */
  String pointAt(int line, int column) {
    String[] lines = written.split("\n", -1);
    if (line < 1 || line > lines.length) {
      return "";
    }
    String text = lines[line - 1].replace('\t', ' ');
    int caret = Math.min(column, text.length() + 1);
    int from = Math.max(0, caret - 60);
    int to = Math.min(text.length(), from + 100);
    return "\n" + text.substring(from, to) + "\n" + " ".repeat(caret - 1 - from) + "^";
  }

  private String quoteNames() {
    StringBuilder text = new StringBuilder(original.length() + 16);
    Deque<Boolean> castDepth = new ArrayDeque<>();
    Set<Integer> matchDepths = new HashSet<>();
    int copied = 0;
    Map<Integer, String> insertions = Insertions.before(tokens);
    for (int i = 0; i < tokens.size(); i++) {
      SqlToken token = tokens.get(i);
      String missing = insertions.get(i);
      if (missing != null) {
        text.append(original, copied, token.start());
        copied = token.start();
        for (int k = 0; k < missing.length(); k++) {
          inserted.add(text.length());
          text.append(missing.charAt(k));
        }
      }
      if (token.is("(")) {
        boolean cast =
            i > 0
                && (tokens.get(i - 1).is("CAST")
                    || tokens.get(i - 1).is("TRY_CAST")
                    || tokens.get(i - 1).is("SAFE_CAST"));
        castDepth.push(cast);
      } else if (token.is(")") && !castDepth.isEmpty()) {
        castDepth.pop();
      }
      if (token.is("MATCH_CONDITION")) {
        matchDepths.add(castDepth.size());
      } else if (token.is("ON")) {
        matchDepths.remove(castDepth.size());
      } else if (token.is("USING") && matchDepths.remove(castDepth.size())) {
        text.append(original, copied, token.start());
        for (int at = 0; at < AsofConditions.USING.length() - token.text().length(); at++) {
          inserted.add(text.length() + at);
        }
        text.append(AsofConditions.USING);
        copied = token.end();
        continue;
      }
      boolean inCast = !castDepth.isEmpty() && castDepth.peek();
      if (isName(i, inCast) || isAlias(i, inCast) || isFunction(i) || isGroupByAll(i)) {
        text.append(original, copied, token.start());
        inserted.add(text.length());
        text.append('"').append(token.text()).append('"');
        inserted.add(text.length() - 1);
        copied = token.end();
      } else if (i > 0 && tokens.get(i - 1).is("INTERVAL")) {
        Matcher interval = WITH_UNIT.matcher(token.text());
        if (interval.matches()) {
          // As long as what it replaces, so places stay true.
          text.append(original, copied, token.start());
          text.append('\'').append(interval.group(1)).append("' ").append(interval.group(2));
          copied = token.end();
        }
      }
    }
    int end = tokens.isEmpty() ? 0 : tokens.get(tokens.size() - 1).end();
    if (end > copied) {
      text.append(original, copied, end);
    }
    return text.toString();
  }

  /**
   * FIRST(x, t) and LAST(x, t), words the grammar keeps for MATCH_RECOGNIZE, and DATE_TRUNC and
   * DATE_PART, which it reads with BigQuery's order of arguments.
   */
  private boolean isFunction(int index) {
    SqlToken token = tokens.get(index);
    return (token.is("FIRST")
            || token.is("LAST")
            || token.is("DATE_TRUNC")
            || token.is("DATE_PART"))
        && index + 1 < tokens.size()
        && tokens.get(index + 1).is("(");
  }

  /** The ALL of GROUP BY ALL, where no list of keys follows. */
  private boolean isGroupByAll(int index) {
    if (!tokens.get(index).is("ALL")
        || index < 2
        || !tokens.get(index - 1).is("BY")
        || !tokens.get(index - 2).is("GROUP")) {
      return false;
    }
    return index + 1 == tokens.size() || AFTER_GROUP_BY.contains(tokens.get(index + 1).upper());
  }

  /** A word after AS is a name, whatever it means elsewhere. */
  private boolean isAlias(int index, boolean inCast) {
    SqlToken token = tokens.get(index);
    return index > 0
        && !inCast
        && token.kind() == SqlToken.Kind.WORD
        && tokens.get(index - 1).is("AS")
        && !token.is("OF");
  }

  private boolean isName(int index, boolean inCast) {
    SqlToken token = tokens.get(index);
    if (token.kind() != SqlToken.Kind.WORD || !NAMES.contains(token.upper())) {
      return false;
    }
    SqlToken before = index > 0 ? tokens.get(index - 1) : null;
    SqlToken after = index + 1 < tokens.size() ? tokens.get(index + 1) : null;
    if (before != null && (before.is("::") || before.is("{") || before.is("FOR"))) {
      return false;
    }
    if (before != null && before.is("AS") && inCast) {
      return false;
    }
    if (after != null && after.is("ZONE")) {
      return false;
    }
    if (before != null && (before.is("BY") && token.is("INTERVAL"))) {
      return false;
    }
    if (after == null) {
      return true;
    }
    if (token.is("CURRENT")) {
      return !after.is("ROW") && after.kind() != SqlToken.Kind.WORD;
    }
    if (before != null && before.is(".")) {
      return true;
    }
    if (after.kind() == SqlToken.Kind.STRING || after.is("(") || after.is("?")) {
      return false;
    }
    if (token.is("INTERVAL")) {
      return !after.is("-") && !after.is("+") && after.kind() != SqlToken.Kind.NUMBER;
    }
    return !after.is("WITH") && !after.is("WITHOUT") || before == null;
  }
}
