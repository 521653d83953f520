package io.datanode.server.rest;

import com.fasterxml.jackson.databind.JsonNode;
import io.datanode.engine.EngineSession;
import io.datanode.jdbc.session.Result;
import io.datanode.read.FixedRead;
import io.datanode.read.FixedReadJson;
import io.datanode.read.FixedReads;
import io.datanode.read.ReadPage;
import io.datanode.schema.NodeColumn;
import io.datanode.schema.Nodes;
import io.datanode.schema.ResolvedNode;
import io.datanode.server.access.User;
import io.datanode.server.http.Exchange;
import io.datanode.server.http.RefusedException;
import java.io.IOException;
import java.io.OutputStream;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * {@code POST /v1/nodes/{identifier}/between-dates} and {@code …/last-observation}: the fixed reads
 * of the reference, with its requests and answers, or as CSV or Arrow.
 */
final class FixedReadEndpoint extends RestEndpoint {
  private static final List<String> PARAMETERS = List.of("strict", "timeout_seconds");

  private final Function<User, Nodes> nodes;
  private final StatementRunner runner;
  private final RequestBody bodies;

  FixedReadEndpoint(Function<User, Nodes> nodes, StatementRunner runner, RequestBody bodies) {
    this.nodes = nodes;
    this.runner = runner;
    this.bodies = bodies;
  }

  /** What the last part of a path asks for. */
  private enum Kind {
    BETWEEN_DATES("/between-dates"),
    LAST_OBSERVATION("/last-observation");

    private final String end;

    Kind(String end) {
      this.end = end;
    }

    /** How its paths end. */
    String end() {
      return end;
    }

    /** The kind of what follows {@code /v1/nodes/}; empty if that is a node. */
    static Optional<Kind> of(String path) {
      return Arrays.stream(values()).filter(kind -> path.endsWith(kind.end)).findFirst();
    }
  }

  @Override
  public boolean serves(String path) {
    return isOne(path);
  }

  /** True for the path of a fixed read. */
  static boolean isOne(String path) {
    return path.startsWith(NodesEndpoint.PATH)
        && Kind.of(path.substring(NodesEndpoint.PATH.length())).isPresent();
  }

  @Override
  public Lane lane(Exchange exchange) {
    return Lane.STATEMENT;
  }

  @Override
  void reply(Exchange exchange) throws RefusedException, SQLException, IOException {
    String rest = exchange.pathAfter(NodesEndpoint.PATH);
    Kind kind = Kind.of(rest).orElseThrow();
    String identifier = rest.substring(0, rest.length() - kind.end().length());
    RowsFormat format = Accepted.format(exchange);
    QueryParameters parameters = QueryParameters.of(exchange, PARAMETERS);
    JsonNode body = bodies.tree(exchange);
    int timeout = parameters.positive("timeout_seconds");
    boolean strict = parameters.flag("strict");
    String reader = exchange.clientAddress();
    ResolvedNode node = NodesEndpoint.find(nodes.apply(exchange.user()), identifier);
    FixedReadJson json = new FixedReadJson(node, strict);
    FixedRead read =
        kind == Kind.BETWEEN_DATES ? json.betweenDates(body) : json.lastObservation(body);
    runner.answer(
        exchange,
        Map.of(),
        (session, id) ->
            new FixedReads((EngineSession) session).rows(id, node, read, reader, timeout),
        new StatementRunner.Answer(
            format.contentType(),
            format != RowsFormat.JSON
                ? (out, result) -> format.writer(out)
                : kind == Kind.BETWEEN_DATES
                    ? (out, result) -> page(out, node, result)
                    : (out, result) -> new ListRows(out),
            0));
  }

  private static RowsWriter page(OutputStream out, ResolvedNode node, Result result)
      throws IOException {
    ReadPage page = (ReadPage) result;
    Map<String, String> dtypes = new LinkedHashMap<>();
    for (NodeColumn column : node.columns()) {
      dtypes.put(column.name(), NodeJson.dtype(column));
    }
    Map<String, Object> head = new LinkedHashMap<>();
    head.put("index_names", NodeJson.indexNames(node));
    head.put("column_dtypes_map", dtypes);
    return new PageRows(
        out,
        head,
        () -> {
          OptionalLong next = page.nextOffset();
          return next.isPresent() ? next.getAsLong() : null;
        });
  }
}
