package io.datanode.engine;

import io.datanode.jdbc.SqlState;
import io.datanode.jdbc.session.Result;
import io.datanode.schema.Nodes;
import io.datanode.search.Search;
import io.datanode.search.SearchRequest;
import java.sql.SQLException;
import java.util.Set;

/** Runs searches. Thread-safe. */
final class Searches {
  /** What a storage raises if a table is no longer as it was described. */
  private static final Set<String> CHANGED =
      Set.of(SqlState.UNDEFINED_COLUMN.code(), SqlState.UNDEFINED_NODE.code());

  private final Nodes nodes;
  private final Failures failures = new Failures();
  private final Pages pages;

  Searches(Nodes nodes, Pages pages) {
    this.nodes = nodes;
    this.pages = pages;
  }

  SearchResult run(EngineSession session, SearchCall call) throws SQLException {
    Search search = translated(call.request());
    try {
      return run(session, call, search);
    } catch (SQLException e) {
      if (!CHANGED.contains(e.getSQLState())) {
        throw e;
      }
      // Nodes have been described anew by now, and may have other columns than before.
      Search again = translated(call.request());
      if (again.page(1, 0).query().equals(search.page(1, 0).query())) {
        throw e;
      }
      return run(session, call, again);
    }
  }

  /** How the page would be run, as {@code EXPLAIN PLAN [AS JSON] FOR} says it of SQL. */
  Result explain(EngineSession session, SearchCall call, boolean json) throws SQLException {
    Search search = translated(call.request());
    return pages.explain(session, search, page(call), json);
  }

  private Search translated(SearchRequest request) throws SQLException {
    return failures.guard("a search", () -> Search.of(request, nodes));
  }

  private SearchResult run(EngineSession session, SearchCall call, Search search)
      throws SQLException {
    return pages.run(
        session,
        search,
        page(call),
        (portions, start, reached) ->
            new SearchResult(search, portions, page(call), start, reached));
  }

  private static PageCall page(SearchCall call) {
    SearchRequest request = call.request();
    return new PageCall(
        call.id(),
        call.reader(),
        request.page(SearchRequest.DEFAULT_LIMIT, 0),
        request.limit(),
        request.offset(),
        call.timeoutSeconds(),
        request.asOf());
  }
}
