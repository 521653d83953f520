package io.datanode.engine;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A page to read.
 *
 * @param id chosen by the caller, unique in the session; names the statement in {@code cancel} and
 *     in the query log
 * @param reader who turns the pages, for example the address of a client; readers that are told
 *     apart never continue from each other's pages. May be empty
 * @param request what is asked for but for the page; equal for all pages of one request
 * @param limit the most rows of the page; {@link Long#MAX_VALUE} for all
 * @param offset rows before the page
 * @param timeoutSeconds seconds after which it is stopped with SQLSTATE 57014; 0 means the
 *     session's limit
 * @param asOf the instant it is to be in, not after that of the session; null for that of the
 *     session
 */
public record PageCall(
    String id,
    String reader,
    Object request,
    long limit,
    long offset,
    int timeoutSeconds,
    @Nullable Instant asOf) {
  /** One row more than is shown says whether there is another page. */
  long pastLimit() {
    return limit == Long.MAX_VALUE ? limit : limit + 1;
  }

  /** Where the page after a full one begins; only asked for if there is one. */
  long nextOffset() {
    return offset + limit;
  }
}
