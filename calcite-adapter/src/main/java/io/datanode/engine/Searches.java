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
   * @param sessionTime what settings say of the time the session is in
   * @param request with the offset of the page that starts at the place, and any limit
   */
  private record PageKey(
      String user,
      String reader,
      String sessionTime,
      List<DataNode> nodes,
      SearchRequest request,
      int values) {}

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
        query(call, page(search, call, session, places.getIfPresent(key))), json);
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
    return new SearchResult(
        search,
        new Portions(session, call, search),
        start,
        request.offset(),
        request.limit(),
        position ->
            places.put(key(session, call, search, request.offset() + request.limit()), position));
  }

  /** Runs a page, in portions where its storage is faster so. */
  private static final class Portions implements SearchResult.Portions {
    /** A page so long that sorting all rows once is less work than many portions are. */
    private static final long LONG_PAGE = 50_000;

    private final EngineSession session;
    private final SearchCall call;
    private final long size;

    Portions(EngineSession session, SearchCall call, Search search) {
      this.session = session;
      this.call = call;
      this.size =
          search.portion() > 0 && call.request().limit() <= LONG_PAGE
              ? search.portion()
              : Long.MAX_VALUE;
    }

    @Override
    public long size() {
      return size;
    }

    @Override
    public Result run(Search.Page page) throws SQLException {
      return session.execute(query(call, page));
    }
  }

  /** The page, or its first portion. */
  private static Search.Page page(
      Search search, SearchCall call, EngineSession session, Search.@Nullable Position start) {
    SearchRequest request = call.request();
    long rows = Math.min(request.limit() + 1, new Portions(session, call, search).size());
    return start == null ? search.page(rows, request.offset()) : search.page(rows, start);
  }

  private static RelationalCall query(SearchCall call, Search.Page page) {
    return new RelationalCall(
        call.id(), page.query(), page.values(), 0, call.timeoutSeconds(), call.request().asOf());
  }

  private static PageKey key(EngineSession session, SearchCall call, Search search, long offset) {
    return new PageKey(
        session.info().userName(),
        call.reader(),
        session.time(),
        search.nodes(),
        call.request().page(SearchRequest.DEFAULT_LIMIT, offset),
        search.valueCount());
  }
}
