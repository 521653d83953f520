package io.datanode.server.rest;

import io.datanode.schema.Nodes;
import io.datanode.server.access.User;
import io.datanode.server.http.Endpoint;
import io.datanode.server.session.Sessions;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The endpoints under {@code /v1}. */
public final class RestEndpoints {
  private RestEndpoints() {}

  /**
   * Endpoints by method and path, as {@link io.datanode.server.http.Router} takes them.
   *
   * @param nodes what a user can list and search; null if sessions are not those of our engine,
   *     which then answer SQL only
   * @param past true if sessions are in the past where a request does not say otherwise
   * @param cleaning runs what ends statements of clients that are gone
   * @param maxRequestBytes largest request body, after it is uncompressed
   */
  public static Map<String, Endpoint> of(
      Sessions sessions,
      @Nullable Function<User, Nodes> nodes,
      boolean past,
      Executor cleaning,
      int maxRequestBytes) {
    StatementRunner runner = new StatementRunner(sessions, cleaning);
    RequestBody bodies = new RequestBody(maxRequestBytes);
    Map<String, Endpoint> endpoints = new LinkedHashMap<>();
    endpoints.put("POST /v1/query", new QueryEndpoint(runner, bodies));
    if (nodes != null) {
      NodesEndpoint described = new NodesEndpoint(nodes, past);
      endpoints.put("POST /v1/search", new SearchEndpoint(runner, bodies));
      endpoints.put("GET /v1/nodes", described);
      endpoints.put("GET /v1/nodes/*", described);
      endpoints.put("GET /v1/nodes/description-search", NodeSearchEndpoint.descriptions(nodes));
      endpoints.put(
          "POST /v1/nodes/description-search", NodeSearchEndpoint.descriptions(nodes, bodies));
      endpoints.put("GET /v1/nodes/column-search", NodeSearchEndpoint.columns(nodes));
      endpoints.put("GET /openapi.json", new OpenApiEndpoint());
      endpoints.put("POST /v1/nodes/*", new FixedReadEndpoint(nodes, runner, bodies));
    }
    return endpoints;
  }
}
