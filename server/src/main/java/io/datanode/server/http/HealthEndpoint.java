package io.datanode.server.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.datanode.jdbc.SqlState;
import java.util.concurrent.Callable;

/** {@code GET /health} and {@code GET /ready}, for whoever watches the server. */
public final class HealthEndpoint implements Endpoint {
  private final Callable<?> check;

  private HealthEndpoint(Callable<?> check) {
    this.check = check;
  }

  /** Says that the process is up. */
  public static HealthEndpoint up() {
    return new HealthEndpoint(() -> true);
  }

  /**
   * Says whether queries can be answered.
   *
   * @param check throws if not
   */
  public static HealthEndpoint ready(Callable<?> check) {
    return new HealthEndpoint(check);
  }

  @Override
  public void answer(Exchange exchange) {
    try {
      check.call();
    } catch (Exception e) {
      exchange.fail(503, SqlState.STORAGE_UNAVAILABLE, String.valueOf(e.getMessage()));
      return;
    }
    ObjectNode json = Exchange.json();
    json.put("status", "ok");
    exchange.respond(200, json);
  }
}
