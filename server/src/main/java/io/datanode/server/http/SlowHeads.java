package io.datanode.server.http;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.Request;

/**
 * Hangs up on clients that connect, or begin a request, and do not come to the end of its head.
 * Jetty's idle timeout does not see those that send a byte now and then.
 */
public final class SlowHeads {
  /** Bytes that came before the request to come, or {@link #ANSWERING}. */
  private static final String BEFORE = SlowHeads.class.getName();

  private static final long ANSWERING = -1;

  private final Duration arrival;
  private final InstantSource clock;
  private Map<EndPoint, Instant> waiting = new HashMap<>();

  /**
   * Nobody is waited for yet.
   *
   * @param arrival how long a head may take
   */
  public SlowHeads(Duration arrival, InstantSource clock) {
    this.arrival = arrival;
    this.clock = clock;
  }

  /** Says that the head of a request is there. */
  void arrived(Request request) {
    ConnectionMetaData connection = request.getConnectionMetaData();
    connection.setAttribute(BEFORE, ANSWERING);
    Request.addCompletionListener(
        request,
        failure -> connection.setAttribute(BEFORE, connection.getConnection().getBytesIn()));
  }

  /**
   * Hangs up on those who have been waited for too long; called every second.
   *
   * @param connected all clients
   */
  public synchronized void hangUp(Collection<EndPoint> connected) {
    Instant now = clock.instant();
    Map<EndPoint, Instant> still = new HashMap<>();
    for (EndPoint client : connected) {
      if (!keepsWaiting(client)) {
        continue;
      }
      Instant since = waiting.getOrDefault(client, now);
      if (since.plus(arrival).isBefore(now)) {
        client.close();
      } else {
        still.put(client, since);
      }
    }
    waiting = still;
  }

  /** Clients that were waited for at the last look. */
  public synchronized int awaited() {
    return waiting.size();
  }

  /** True while a request of the client is being answered. */
  static boolean answering(EndPoint client) {
    return plain(client) instanceof ConnectionMetaData http
        && http.getAttribute(BEFORE) instanceof Long before
        && before == ANSWERING;
  }

  /** What carries requests, below TLS if there is any. */
  private static Connection plain(EndPoint client) {
    Connection connection = client.getConnection();
    return connection instanceof SslConnection tls
        ? tls.getSslEndPoint().getConnection()
        : connection;
  }

  /** True if it has sent no request yet, or part of the next. */
  private static boolean keepsWaiting(EndPoint client) {
    Connection connection = plain(client);
    if (!(connection instanceof ConnectionMetaData http)) {
      return true;
    }
    Long before = (Long) http.getAttribute(BEFORE);
    return before == null || (before != ANSWERING && connection.getBytesIn() > before);
  }
}
