package io.datanode.server.rest;

import io.datanode.engine.EngineSession;
import io.datanode.engine.SearchCall;
import io.datanode.engine.SearchResult;
import io.datanode.jdbc.SqlState;
import io.datanode.jdbc.session.Result;
import io.datanode.search.SearchJson;
import io.datanode.search.SearchRequest;
import io.datanode.server.http.Exchange;
import io.datanode.server.http.HttpError;
import io.datanode.server.http.RefusedException;
import java.io.IOException;
import java.io.OutputStream;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code POST /v1/search}: a SearchRequest of the reference, answered by a page of rows in its
 * shape, or as CSV or Arrow.
 */
final class SearchEndpoint extends RestEndpoint {
  private static final List<String> PARAMETERS = List.of("strict", "timeout_seconds");

  private final StatementRunner runner;
  private final RequestBody bodies;

  SearchEndpoint(StatementRunner runner, RequestBody bodies) {
    this.runner = runner;
    this.bodies = bodies;
  }

  @Override
  public Lane lane(Exchange exchange) {
    return Lane.STATEMENT;
  }

  @Override
  void reply(Exchange exchange) throws RefusedException, SQLException, IOException {
    RowsFormat format = Accepted.format(exchange);
    QueryParameters parameters = QueryParameters.of(exchange, PARAMETERS);
    SearchJson json = parameters.flag("strict") ? SearchJson.wire().strict() : SearchJson.wire();
    SearchRequest request = json.read(bodies.text(exchange));
    int timeout = parameters.positive("timeout_seconds");
    String reader = exchange.clientAddress();
    try {
      runner.answer(
          exchange,
          Map.of(),
          (session, id) ->
              ((EngineSession) session).search(new SearchCall(id, request, reader, timeout)),
          new StatementRunner.Answer(
              format.contentType(),
              format == RowsFormat.JSON
                  ? SearchEndpoint::page
                  : (out, result) -> format.writer(out),
              0));
    } catch (SQLException e) {
      throw refused(e);
    }
  }

  private static RowsWriter page(OutputStream out, Result result) throws IOException {
    SearchResult page = (SearchResult) result;
    Map<String, Object> head = new LinkedHashMap<>();
    head.put("index_names", page.indexNames());
    head.put("data_node_storage_map", page.dataNodeStorageMap());
    return new PageRows(out, head, page::nextOffset);
  }

  /** A node that is not there is a 404, as the reference has it. */
  private static RefusedException refused(SQLException e) {
    HttpError error = HttpError.of(e);
    return new RefusedException(
        SqlState.UNDEFINED_NODE.code().equals(e.getSQLState()) ? error.withStatus(404) : error);
  }
}
