package io.datanode.server.rest;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.datanode.node.DataNode;
import io.datanode.schema.Nodes;
import io.datanode.search.FoundNode;
import io.datanode.search.NodeSearch;
import io.datanode.server.access.User;
import io.datanode.server.http.Exchange;
import io.datanode.server.http.RefusedException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * Finds nodes by words: {@code GET} or {@code POST /v1/nodes/description-search} and {@code GET
 * /v1/nodes/column-search}, with the parameters and the answer of the reference.
 */
final class NodeSearchEndpoint extends RestEndpoint {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final List<String> COLUMN_MEMBERS =
      List.of("q", "namespace", "identifier", "storage_hash");

  /** The last ones are about embeddings, which the reference weighs and which are not there. */
  private static final List<String> DESCRIPTION_MEMBERS =
      with(COLUMN_MEMBERS, "trigram_k", "w_trgm", "w_emb", "embed_k", "embedding_model");

  private final Function<User, Nodes> nodes;
  private final Reader reader;
  private final BiFunction<NodeSearch, Asked, List<FoundNode>> search;

  private NodeSearchEndpoint(
      Function<User, Nodes> nodes,
      Reader reader,
      BiFunction<NodeSearch, Asked, List<FoundNode>> search) {
    this.nodes = nodes;
    this.reader = reader;
    this.search = search;
  }

  /** What is asked for. */
  private record Asked(
      String words,
      int most,
      Optional<String> namespace,
      Optional<String> identifier,
      Optional<String> storageHash) {
    boolean among(DataNode node) {
      return namespace.map(node.name().namespace()::equalsIgnoreCase).orElse(true)
          && identifier.map(node.name().identifier()::equalsIgnoreCase).orElse(true)
          && storageHash.map(hash -> hash.equals(node.storageHash())).orElse(true);
    }
  }

  /** Finds out what is asked for. */
  @FunctionalInterface
  private interface Reader {
    Asked read(Exchange exchange) throws RefusedException;
  }

  /** Searches the descriptions of what a user may see, asked by query parameters. */
  static NodeSearchEndpoint descriptions(Function<User, Nodes> nodes) {
    return new NodeSearchEndpoint(
        nodes,
        exchange -> asked(QueryParameters.of(exchange, DESCRIPTION_MEMBERS)),
        NodeSearchEndpoint::described);
  }

  /** Searches the descriptions of what a user may see, asked by a JSON object. */
  static NodeSearchEndpoint descriptions(Function<User, Nodes> nodes, RequestBody bodies) {
    return new NodeSearchEndpoint(
        nodes,
        exchange -> asked(bodies.object(exchange).onlyWith(DESCRIPTION_MEMBERS)),
        NodeSearchEndpoint::described);
  }

  /** Searches the columns of what a user may see. */
  static NodeSearchEndpoint columns(Function<User, Nodes> nodes) {
    return new NodeSearchEndpoint(
        nodes,
        exchange -> asked(QueryParameters.of(exchange, COLUMN_MEMBERS)),
        (search, asked) -> search.columns(asked.words(), asked::among));
  }

  private static List<String> with(List<String> members, String... others) {
    List<String> all = new ArrayList<>(members);
    all.addAll(List.of(others));
    return List.copyOf(all);
  }

  private static Asked asked(QueryParameters parameters) throws RefusedException {
    int most = parameters.positive("trigram_k");
    return new Asked(
        parameters.text("q").orElse(""),
        most == 0 ? NodeSearch.MOST : most,
        parameters.text("namespace"),
        parameters.text("identifier"),
        parameters.text("storage_hash"));
  }

  private static Asked asked(RequestObject body) throws RefusedException {
    return new Asked(
        body.text("q"),
        body.wholeNumber("trigram_k", 1, NodeSearch.MOST),
        body.textIfThere("namespace"),
        body.textIfThere("identifier"),
        body.textIfThere("storage_hash"));
  }

  private static List<FoundNode> described(NodeSearch search, Asked asked) {
    return search.descriptions(asked.words(), asked.most(), asked::among);
  }

  // Describing nodes may have to ask storages.
  @Override
  public Lane lane(Exchange exchange) {
    return Lane.STATEMENT;
  }

  @Override
  void reply(Exchange exchange) throws RefusedException, IOException {
    Accepted.requireJson(exchange);
    Asked asked = reader.read(exchange);
    NodeSearch visible = new NodeSearch(nodes.apply(exchange.user()));
    List<ObjectNode> found = search.apply(visible, asked).stream().map(NodeJson::found).toList();
    respond(exchange, JSON.writeValueAsBytes(NodeJson.list(found)));
  }
}
