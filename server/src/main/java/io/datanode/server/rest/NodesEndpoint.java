package io.datanode.server.rest;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.datanode.DataNodeException;
import io.datanode.jdbc.SqlState;
import io.datanode.node.DataNode;
import io.datanode.schema.Nodes;
import io.datanode.schema.ResolvedNode;
import io.datanode.search.NodeLookup;
import io.datanode.server.access.User;
import io.datanode.server.http.Exchange;
import io.datanode.server.http.HttpError;
import io.datanode.server.http.RefusedException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * {@code GET /v1/nodes} lists what the catalog publishes, without asking a storage; {@code GET
 * /v1/nodes/{identifier}} describes one node.
 */
final class NodesEndpoint extends RestEndpoint {
  /** Where one node is found. */
  static final String PATH = "/v1/nodes/";

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Function<User, Nodes> nodes;
  private final boolean past;

  /**
   * Describes what a user may see.
   *
   * @param past true if sessions are in the past where a request does not say otherwise
   */
  NodesEndpoint(Function<User, Nodes> nodes, boolean past) {
    this.nodes = nodes;
    this.past = past;
  }

  /** What is below a node is no node. */
  @Override
  public boolean serves(String path) {
    return !FixedReadEndpoint.isOne(path);
  }

  // Describing a node may have to ask its storage.
  @Override
  public Lane lane(Exchange exchange) {
    return Lane.STATEMENT;
  }

  @Override
  void reply(Exchange exchange) throws RefusedException, IOException {
    Accepted.requireJson(exchange);
    Nodes visible = nodes.apply(exchange.user());
    if (exchange.path().startsWith(PATH)) {
      QueryParameters.of(exchange, List.of());
      boolean inPast = past || exchange.header(StatementRunner.AS_OF) != null;
      ObjectNode node = described(visible, exchange.pathAfter(PATH), inPast);
      respond(exchange, JSON.writeValueAsBytes(node));
    } else {
      Optional<String> namespace =
          QueryParameters.of(exchange, List.of("namespace")).text("namespace");
      respond(exchange, JSON.writeValueAsBytes(listed(visible, namespace)));
    }
  }

  private static ObjectNode listed(Nodes nodes, Optional<String> namespace) {
    return NodeJson.list(
        nodes.snapshot().nodes().values().stream()
            .filter(node -> namespace.map(node.name().namespace()::equalsIgnoreCase).orElse(true))
            .map(NodeJson::declared)
            .toList());
  }

  private static ObjectNode described(Nodes nodes, String identifier, boolean past)
      throws RefusedException {
    ResolvedNode node = find(nodes, identifier);
    // As it is published for this reader: a stitched node may be made of nodes he must not see.
    DataNode published = nodes.snapshot().find(node.node().name()).orElse(node.node());
    return NodeJson.resolved(node, published.source().toString(), past);
  }

  /**
   * The node that a path names.
   *
   * @throws RefusedException 404 with the nearest names if there is none
   */
  static ResolvedNode find(Nodes nodes, String identifier) throws RefusedException {
    try {
      return new NodeLookup(nodes).named(identifier);
    } catch (DataNodeException e) {
      if (!e.sqlState().equals(SqlState.UNDEFINED_NODE.code())) {
        throw e;
      }
      // The path is wrong, so no place in the body is.
      throw new RefusedException(HttpError.of(404, SqlState.UNDEFINED_NODE, e.getMessage()));
    }
  }
}
