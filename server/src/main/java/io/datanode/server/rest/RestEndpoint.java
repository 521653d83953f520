package io.datanode.server.rest;

import io.datanode.DataNodeException;
import io.datanode.server.http.Endpoint;
import io.datanode.server.http.Exchange;
import io.datanode.server.http.HttpError;
import io.datanode.server.http.RefusedException;
import java.io.IOException;
import java.sql.SQLException;

/** An endpoint whose failures are answered by {@link HttpError}s. */
abstract class RestEndpoint implements Endpoint {
  @Override
  public final void answer(Exchange exchange) throws IOException {
    try {
      reply(exchange);
    } catch (RefusedException e) {
      exchange.fail(e.error());
    } catch (SQLException e) {
      exchange.fail(HttpError.of(e));
    } catch (DataNodeException e) {
      exchange.fail(HttpError.of(e));
    }
  }

  /** Answers, or fails before anything is answered. */
  abstract void reply(Exchange exchange) throws RefusedException, SQLException, IOException;
}
