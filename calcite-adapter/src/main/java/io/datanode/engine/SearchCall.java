package io.datanode.engine;

import io.datanode.search.SearchRequest;

/**
 * A search to run.
 *
 * @param id chosen by the caller, unique in the session; names the statement in {@code cancel} and
 *     in the query log
 * @param reader who turns the pages, for example the address of a client; readers that are told
 *     apart never continue from each other's pages. May be empty
 * @param timeoutSeconds seconds after which the search is stopped with SQLSTATE 57014; 0 means the
 *     session's limit
 */
public record SearchCall(String id, SearchRequest request, String reader, int timeoutSeconds) {
  /** A search with the session's time limit, of the only reader of the session's user. */
  public static SearchCall of(String id, SearchRequest request) {
    return new SearchCall(id, request, "", 0);
  }
}
