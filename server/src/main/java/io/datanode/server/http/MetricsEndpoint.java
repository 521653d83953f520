package io.datanode.server.http;

import io.datanode.server.metrics.ServerMetrics;
import java.nio.charset.StandardCharsets;

/** {@code GET /metrics}: what the server has counted, for Prometheus. */
public final class MetricsEndpoint implements Endpoint {
  private final ServerMetrics metrics;

  public MetricsEndpoint(ServerMetrics metrics) {
    this.metrics = metrics;
  }

  @Override
  public void answer(Exchange exchange) {
    exchange.respond(
        200,
        "text/plain; version=0.0.4; charset=utf-8",
        metrics.text().getBytes(StandardCharsets.UTF_8));
  }
}
