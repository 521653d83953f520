package io.datanode.server.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.datanode.jdbc.SqlState;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code GET /health} and {@code GET /ready}, for whoever watches the server. */
public final class HealthEndpoint implements Endpoint {
  private static final Logger LOGGER = LoggerFactory.getLogger(HealthEndpoint.class);

  private final Callable<?> check;
  private final boolean reasons;

  private HealthEndpoint(Callable<?> check, boolean reasons) {
    this.check = check;
    this.reasons = reasons;
  }

  @Override
  public boolean open() {
    return true;
  }

  /** Says that the process is up. */
  public static HealthEndpoint up() {
    return new HealthEndpoint(() -> true, true);
  }

  /**
   * Says whether queries can be answered.
   *
   * @param check throws if not
   * @param reasons false to keep to oneself why not, as strangers may ask
   */
  public static HealthEndpoint ready(Callable<?> check, boolean reasons) {
    return new HealthEndpoint(check, reasons);
  }

  @Override
  public void answer(Exchange exchange) {
    try {
      check.call();
    } catch (Exception e) {
      exchange.fail(
          503,
          SqlState.CANNOT_CONNECT_NOW,
          reasons ? String.valueOf(e.getMessage()) : "Queries cannot be answered now");
      LOGGER.warn("Not ready: {}", e.getMessage());
      return;
    }
    ObjectNode json = Exchange.json();
    json.put("status", "ok");
    exchange.respond(200, json);
  }
}
