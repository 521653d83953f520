package io.datanode.plan;

import io.datanode.DataNodeException;
import io.datanode.jdbc.SqlState;
import io.datanode.jdbc.session.StatementShape;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Statements that are no queries: SET, RESET, CALL metadata.refresh(), EXPLAIN. */
final class Commands {
  private static final StatementShape NOTHING = new StatementShape(List.of(), List.of());

  private static final Set<String> WRITES =
      Set.of(
          "ALTER",
          "ATTACH",
          "BEGIN",
          "COMMIT",
          "COPY",
          "CREATE",
          "DELETE",
          "DETACH",
          "DROP",
          "GRANT",
          "INSERT",
          "MERGE",
          "REPLACE",
          "REVOKE",
          "ROLLBACK",
          "START",
          "TRUNCATE",
          "UPDATE",
          "UPSERT",
          "VACUUM");

  /** How other systems say what is there. */
  private static final Set<String> LISTS = Set.of("SHOW", "DESCRIBE", "DESC", "PRAGMA");

  private Commands() {}

  /**
   * Plans the text as a command, or hands it on as a query.
   *
   * @param searches makes a query ready to be said as a search request
   * @param leakages looks for values of the future in a query
   */
  static Plan plan(
      SqlText text,
      Function<SqlText, Plan.Query> queries,
      Function<SqlText, Plan.ExplainSearch> searches,
      Function<SqlText, Plan.ExplainLeakage> leakages) {
    List<SqlToken> tokens = text.tokens();
    SqlToken first = tokens.get(0);
    if (WRITES.contains(first.upper())) {
      throw new DataNodeException(
          SqlState.NOT_SUPPORTED,
          "Nodes are read-only: "
              + first.upper()
              + " is not offered; queries, EXPLAIN, SET, RESET and CALL metadata.refresh() are."
              + " Rows are written by the command datanode publish");
    }
    if (LISTS.contains(first.upper())) {
      throw new DataNodeException(
          SqlState.NOT_SUPPORTED,
          first.upper()
              + " is not offered; metadata.nodes lists the nodes, metadata.columns their columns,"
              + " for example SELECT column_name, sql_type FROM metadata.columns WHERE identifier = 'prices'");
    }
    if (first.is("SET")) {
      return set(text);
    }
    if (first.is("RESET")) {
      return new Plan.SetSetting(NOTHING, name(text, 1, tokens.size()), null);
    }
    if (first.is("CALL")) {
      return call(text);
    }
    if (first.is("EXPLAIN") && tokens.size() > 1 && tokens.get(1).is("LEAKAGE")) {
      int query = tokens.size() > 2 && tokens.get(2).is("FOR") ? 3 : 2;
      if (tokens.size() <= query) {
        throw new DataNodeException(
            SqlState.SYNTAX_ERROR,
            "EXPLAIN LEAKAGE needs a query, for example EXPLAIN LEAKAGE FOR SELECT 1");
      }
      return leakages.apply(text.without(query));
    }
    if (first.is("EXPLAIN")) {
      return explain(text, queries, searches);
    }
    return queries.apply(text);
  }

  private static Plan set(SqlText text) {
    List<SqlToken> tokens = text.tokens();
    int separator = 1;
    while (separator < tokens.size()
        && !tokens.get(separator).is("=")
        && !tokens.get(separator).is("TO")) {
      separator++;
    }
    if (separator == 1 || separator >= tokens.size() - 1) {
      throw new DataNodeException(
          SqlState.SYNTAX_ERROR,
          "SET needs a setting and a value, for example SET timeZone = 'UTC'");
    }
    List<SqlToken> value = tokens.subList(separator + 1, tokens.size());
    // SET as_of = TIMESTAMP '…' and SET timeout = INTERVAL '…' carry their text.
    SqlToken last = value.get(value.size() - 1);
    String plain =
        last.kind() == SqlToken.Kind.STRING
            ? unquote(last.text(), '\'')
            : last.kind() == SqlToken.Kind.QUOTED
                ? unquote(last.text(), '"')
                : value.stream().map(SqlToken::text).collect(Collectors.joining());
    return new Plan.SetSetting(NOTHING, name(text, 1, separator), plain);
  }

  private static String name(SqlText text, int from, int to) {
    List<SqlToken> tokens = text.tokens();
    if (from >= to) {
      throw new DataNodeException(
          SqlState.SYNTAX_ERROR, "RESET needs a setting, for example RESET timeZone");
    }
    return tokens.subList(from, to).stream()
        .map(
            token ->
                token.kind() == SqlToken.Kind.QUOTED ? unquote(token.text(), '"') : token.text())
        .collect(Collectors.joining());
  }

  private static String unquote(String text, char quote) {
    String twice = String.valueOf(quote) + quote;
    return text.substring(1, Math.max(1, text.length() - 1)).replace(twice, String.valueOf(quote));
  }

  private static Plan call(SqlText text) {
    String call =
        text.tokens().stream()
            .skip(1)
            .map(token -> token.text().replace("\"", ""))
            .collect(Collectors.joining());
    if (call.equalsIgnoreCase("metadata.refresh()")) {
      return new Plan.Refresh(NOTHING);
    }
    throw new DataNodeException(
        SqlState.UNDEFINED_FUNCTION,
        "There is no procedure " + call + "; the only one is metadata.refresh()");
  }

  private static Plan explain(
      SqlText text,
      Function<SqlText, Plan.Query> queries,
      Function<SqlText, Plan.ExplainSearch> searches) {
    List<SqlToken> tokens = text.tokens();
    int next = 1;
    boolean json = false;
    boolean search = false;
    if (next < tokens.size() && tokens.get(next).is("PLAN")) {
      next++;
    }
    if (next + 1 < tokens.size() && tokens.get(next).is("AS")) {
      SqlToken format = tokens.get(next + 1);
      json = format.is("JSON");
      search = format.is("SEARCH");
      if (!json && !search && !format.is("TEXT")) {
        throw new DataNodeException(
            SqlState.SYNTAX_ERROR,
            "EXPLAIN PLAN AS "
                + format.text()
                + " is not offered; expected AS TEXT, AS JSON or AS SEARCH");
      }
      next += 2;
    }
    if (next < tokens.size() && tokens.get(next).is("FOR")) {
      next++;
    }
    if (next >= tokens.size()) {
      throw new DataNodeException(
          SqlState.SYNTAX_ERROR, "EXPLAIN needs a query, for example EXPLAIN PLAN FOR SELECT 1");
    }
    if (search) {
      return searches.apply(text.without(next));
    }
    Plan.Query query = queries.apply(text.without(next));
    return Plan.Explain.of(query, json);
  }
}
