package io.datanode.engine;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.datanode.jdbc.session.Result;
import io.datanode.node.DataNode;
import io.datanode.search.OrderedRows;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads pages. Thread-safe.
 *
 * <p>It remembers where pages ended. The next page then starts at that place, which the storage
 * looks up, so that it costs what the first one did, and rows that arrive meanwhile make it neither
 * repeat nor lose any. A page whose place is not remembered is found by counting rows.
 */
final class Pages {
  /** What is remembered in all, counted in values of requests and places. */
  private static final int REMEMBERED_VALUES = 1_000_000;

  private static final Duration REMEMBERED = Duration.ofMinutes(15);

  /** A page so long that sorting all rows once is less work than many portions are. */
  private static final long LONG_PAGE = 50_000;

  /**
   * What a place is remembered by.
   *
   * @param sessionTime what settings say of the time the session is in
   * @param offset of the page that starts at the place
   * @param values how many values the request holds
   */
  private record Key(
      String user,
      String reader,
      String sessionTime,
      List<DataNode> nodes,
      Object request,
      long offset,
      int values) {}

  private static int weight(Key key, OrderedRows.Position place) {
    return 10 + key.values() + place.values().size();
  }

  private final Cache<Key, OrderedRows.Position> places =
      Caffeine.newBuilder()
          .maximumWeight(REMEMBERED_VALUES)
          .weigher(Pages::weight)
          .expireAfterAccess(REMEMBERED)
          .build();

  /** Makes the result of a page. */
  interface Opening<R extends PagedResult> {
    R open(
        PagedResult.Portions portions,
        OrderedRows.@Nullable Position start,
        Consumer<OrderedRows.Position> reached)
        throws SQLException;
  }

  <R extends PagedResult> R run(
      EngineSession session, OrderedRows rows, PageCall call, Opening<R> opening)
      throws SQLException {
    return opening.open(
        new Portions(session, rows, call),
        start(session, rows, call),
        position -> places.put(key(session, rows, call, call.nextOffset()), position));
  }

  /** How the page, or its first portion, would be read. */
  Result explain(EngineSession session, OrderedRows rows, PageCall call, boolean json)
      throws SQLException {
    OrderedRows.Position start = start(session, rows, call);
    long most = Math.min(call.pastLimit(), new Portions(session, rows, call).size());
    return session.explain(
        query(call, start == null ? rows.page(most, call.offset()) : rows.page(most, start)), json);
  }

  private OrderedRows.@Nullable Position start(
      EngineSession session, OrderedRows rows, PageCall call) {
    return call.offset() == 0 ? null : places.getIfPresent(key(session, rows, call, call.offset()));
  }

  private static Key key(EngineSession session, OrderedRows rows, PageCall call, long offset) {
    return new Key(
        session.info().userName(),
        call.reader(),
        session.timeText(),
        rows.nodes(),
        call.request(),
        offset,
        rows.valueCount());
  }

  private static RelationalCall query(PageCall call, OrderedRows.Page page) {
    return new RelationalCall(
        call.id(), page.query(), page.values(), 0, call.timeoutSeconds(), call.asOf());
  }

  /** Runs a page, in portions where its storage is faster so. */
  private record Portions(EngineSession session, OrderedRows rows, PageCall call)
      implements PagedResult.Portions {
    @Override
    public long size() {
      return rows.portion() > 0 && call.limit() <= LONG_PAGE ? rows.portion() : Long.MAX_VALUE;
    }

    @Override
    public boolean sortsSlowly() {
      return rows.portion() > 0;
    }

    @Override
    public Result run(OrderedRows.Page page) throws SQLException {
      return session.execute(query(call, page));
    }
  }
}
