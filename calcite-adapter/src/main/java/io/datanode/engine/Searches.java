package io.datanode.engine;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.datanode.jdbc.SqlState;
import io.datanode.jdbc.session.Result;
import io.datanode.node.DataNode;
import io.datanode.schema.Nodes;
import io.datanode.search.Search;
import io.datanode.search.SearchRequest;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Runs searches. Thread-safe.
 *
 * <p>It remembers where pages ended. The next page then starts at that place, which the storage
 * looks up, so that it costs what the first one did, and rows that arrive meanwhile make it neither
 * repeat nor lose any. A page whose place is not remembered is found by counting rows.
 */
final class Searches {
  /** What is remembered in all, counted in values of requests and places. */
  private static final int REMEMBERED_VALUES = 1_000_000;

  private static final Duration REMEMBERED = Duration.ofMinutes(15);

  /** What a storage raises if a table is no longer as it was described. */
  private static final Set<String> CHANGED =
      Set.of(SqlState.UNDEFINED_COLUMN.code(), SqlState.UNDEFINED_NODE.code());

  /**
   * What a place is remembered by.
   *
   * @param request with the offset of the page that starts at the place, and any limit
   */
  private record PageKey(
      String user, String reader, List<DataNode> nodes, SearchRequest request, int values) {}

  private static int weight(PageKey key, Search.Position place) {
    return 10 + key.values() + place.values().size();
  }

  private final Nodes nodes;
  private final Failures failures = new Failures();
  private final Cache<PageKey, Search.Position> places =
      Caffeine.newBuilder()
          .maximumWeight(REMEMBERED_VALUES)
          .weigher(Searches::weight)
          .expireAfterAccess(REMEMBERED)
          .build();

  Searches(Nodes nodes) {
    this.nodes = nodes;
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
    PageKey key = key(session, call, search, call.request().offset());
    return session.explain(
        query(call, page(search, call.request(), places.getIfPresent(key))), json);
  }

  private Search translated(SearchRequest request) throws SQLException {
    return failures.guard("a search", () -> Search.of(request, nodes));
  }

  private SearchResult run(EngineSession session, SearchCall call, Search search)
      throws SQLException {
    SearchRequest request = call.request();
    Search.Position start =
        request.offset() == 0
            ? null
            : places.getIfPresent(key(session, call, search, request.offset()));
    Result rows = session.execute(query(call, page(search, request, start)));
    return new SearchResult(
        search,
        rows,
        start,
        request.offset(),
        request.limit(),
        position ->
            places.put(key(session, call, search, request.offset() + request.limit()), position));
  }

  /** The page and one row more, which tells whether another page follows. */
  private static Search.Page page(
      Search search, SearchRequest request, Search.@Nullable Position start) {
    long rows = request.limit() + 1;
    return start == null ? search.page(rows, request.offset()) : search.page(rows, start);
  }

  private static RelationalCall query(SearchCall call, Search.Page page) {
    return new RelationalCall(call.id(), page.query(), page.values(), 0, call.timeoutSeconds());
  }

  private static PageKey key(EngineSession session, SearchCall call, Search search, long offset) {
    return new PageKey(
        session.info().userName(),
        call.reader(),
        search.nodes(),
        call.request().page(SearchRequest.DEFAULT_LIMIT, offset),
        search.valueCount());
  }
}
