package io.datanode.server;

import java.time.Duration;

/**
 * What a request may be.
 *
 * @param maxBytes largest body
 * @param arrival how long its head may take to arrive; then a body has to come at {@value
 *     io.datanode.server.http.RequestBodies#SLOWEST} bytes a second or more, on average
 */
public record RequestLimits(int maxBytes, Duration arrival) {
  /** What is in force unless configured otherwise. */
  public static RequestLimits defaults() {
    return new RequestLimits(64 << 20, Duration.ofSeconds(30));
  }
}
