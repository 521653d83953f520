package io.datanode.server.rest;

import io.datanode.server.http.Endpoint;
import io.datanode.server.session.Sessions;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executor;

/** The endpoints under {@code /v1}. */
public final class RestEndpoints {
  private RestEndpoints() {}

  /**
   * Endpoints by method and path, as {@link io.datanode.server.http.Router} takes them.
   *
   * @param cleaning runs what ends statements of clients that are gone
   * @param maxRequestBytes largest request body, after it is uncompressed
   */
  public static Map<String, Endpoint> of(
      Sessions sessions, Executor cleaning, int maxRequestBytes) {
    StatementRunner runner = new StatementRunner(sessions, cleaning);
    RequestBody bodies = new RequestBody(maxRequestBytes);
    Map<String, Endpoint> endpoints = new LinkedHashMap<>();
    endpoints.put("POST /v1/query", new QueryEndpoint(runner, bodies));
    return endpoints;
  }
}
