package io.datanode.server.rest;

import io.datanode.DataNodeException;
import io.datanode.server.http.Endpoint;
import io.datanode.server.http.Exchange;
import io.datanode.server.http.HttpError;
import io.datanode.server.http.RefusedException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.sql.SQLException;
import java.util.zip.GZIPOutputStream;

/** An endpoint whose failures are answered by {@link HttpError}s. */
abstract class RestEndpoint implements Endpoint {
  @Override
  public final void answer(Exchange exchange) throws IOException {
    try {
      reply(exchange);
    } catch (RefusedException e) {
      exchange.fail(e.error());
    } catch (SQLException e) {
      exchange.fail(told(HttpError.of(e)));
    } catch (DataNodeException e) {
      exchange.fail(told(HttpError.of(e)));
    }
  }

  /**
   * The client was let in, so credentials that are refused are those of the server at a storage.
   */
  private static HttpError told(HttpError error) {
    return error.status() == 401 ? error.withStatus(500) : error;
  }

  /** Answers with a whole JSON document, compressed if the client takes that. */
  static void respond(Exchange exchange, byte[] json) throws IOException {
    exchange.responseHeader("Vary", "Accept-Encoding");
    byte[] content = json;
    if (Accepted.gzip(exchange)) {
      exchange.responseHeader("Content-Encoding", "gzip");
      ByteArrayOutputStream compressed = new ByteArrayOutputStream();
      try (OutputStream gzip = new GZIPOutputStream(compressed)) {
        gzip.write(json);
      }
      content = compressed.toByteArray();
    }
    exchange.respond(200, "application/json", content);
  }

  /** Answers, or fails before anything is answered. */
  abstract void reply(Exchange exchange) throws RefusedException, SQLException, IOException;
}
