package io.datanode.server;

import java.time.Duration;

/**
 * What requests may be, and the network connections that carry them.
 *
 * @param maxBytes largest body
 * @param arrival how long its head may take to arrive; then a body has to come at {@value
 *     io.datanode.server.http.RequestBodies#SLOWEST} bytes a second or more, on average
 * @param connections how many there may be at the same time
 */
public record RequestLimits(int maxBytes, Duration arrival, int connections) {
  /** The same with another largest body. */
  RequestLimits with(int newMaxBytes) {
    return new RequestLimits(newMaxBytes, arrival, connections);
  }

  /** What is in force unless configured otherwise. */
  public static RequestLimits defaults() {
    return new RequestLimits(64 << 20, Duration.ofSeconds(30), 10_000);
  }
}
