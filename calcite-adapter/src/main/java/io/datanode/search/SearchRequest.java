package io.datanode.search;

import io.datanode.predicate.Predicate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A question about one node and others joined to it: which rows, and which page of them. Immutable.
 *
 * <pre>{@code
 * SearchRequest.of("daily_bars")
 *     .join(JoinSpec.left("caps", Target.node("market_caps")))
 *     .filter(F.between("time_index", start, end))
 *     .page(14_000, 0)
 * }</pre>
 *
 * @param target the base node
 * @param joins joined to it, each by another name
 * @param filter which rows of the joined nodes are wanted; null for all
 * @param limit the most rows of a page
 * @param offset how many rows, in the order of the result, come before the page
 * @param asOf the instant in the past the nodes are read at: as they were known then; null for that
 *     of the session. Not of the reference
 * @see "mainsequence-sdk, mainsequence/tdag/data_nodes/filters.py at commit 7346cd4d"
 */
public record SearchRequest(
    Target target,
    List<JoinSpec> joins,
    @Nullable Predicate filter,
    long limit,
    long offset,
    @Nullable Instant asOf) {
  /** The page size of a request that names none. */
  public static final long DEFAULT_LIMIT = 50;

  /** The largest page size that the models of the reference accept. */
  public static final long MODEL_LIMIT = 500;

  /**
   * The largest page of one request. The client of the reference asks for pages of 14,000 rows,
   * past the limit of its own models.
   */
  public static final long MAX_LIMIT = 10_000_000;

  /** The most joins of one request. */
  public static final int MAX_JOINS = 32;

  /**
   * A request.
   *
   * @throws InvalidSearchException if limit, offset, the names of joins or the size of the filter
   *     are out of bounds
   */
  public SearchRequest {
    joins = List.copyOf(joins);
    if (limit < 1) {
      throw InvalidSearchException.rule("/limit", atLeast(1));
    }
    if (limit > MAX_LIMIT) {
      throw InvalidSearchException.rule("/limit", atMost(MAX_LIMIT));
    }
    if (offset < 0) {
      throw InvalidSearchException.rule("/offset", atLeast(0));
    }
    if (joins.size() > MAX_JOINS) {
      throw InvalidSearchException.tooLarge(
          "/joins", "List should have at most " + MAX_JOINS + " items, not " + joins.size());
    }
    Set<String> names = new HashSet<>();
    for (int i = 0; i < joins.size(); i++) {
      if (!names.add(joins.get(i).name())) {
        throw InvalidSearchException.rule(
            "/joins/" + i + "/name", "Join names must be unique within a request.");
      }
    }
    if (filter != null) {
      FilterSize.check(filter);
    }
  }

  /** A request at the time of the session. */
  public SearchRequest(
      Target target, List<JoinSpec> joins, @Nullable Predicate filter, long limit, long offset) {
    this(target, joins, filter, limit, offset, null);
  }

  /** All rows of a published node. */
  public static SearchRequest of(String nodeIdentifier) {
    return of(Target.node(nodeIdentifier));
  }

  /** All rows of a node. */
  public static SearchRequest of(Target target) {
    return new SearchRequest(target, List.of(), null, DEFAULT_LIMIT, 0);
  }

  /** The same request with one more join. */
  public SearchRequest join(JoinSpec join) {
    List<JoinSpec> all = new ArrayList<>(joins);
    all.add(join);
    return new SearchRequest(target, all, filter, limit, offset, asOf);
  }

  /** The same request with another filter. */
  public SearchRequest filter(@Nullable Predicate other) {
    return new SearchRequest(target, joins, other, limit, offset, asOf);
  }

  /**
   * Another page of the same request.
   *
   * @param pageLimit the most rows of the page, 1 to {@link #MAX_LIMIT}
   * @param pageOffset rows before the page
   */
  public SearchRequest page(long pageLimit, long pageOffset) {
    return new SearchRequest(target, joins, filter, pageLimit, pageOffset, asOf);
  }

  /**
   * The same request for what was known at an instant.
   *
   * @param instant not after that of the session; null for that of the session
   */
  public SearchRequest asOf(@Nullable Instant instant) {
    return new SearchRequest(target, joins, filter, limit, offset, instant);
  }

  static String atLeast(long least) {
    return "Input should be greater than or equal to " + least;
  }

  static String atMost(long most) {
    return "Input should be less than or equal to " + most;
  }
}
