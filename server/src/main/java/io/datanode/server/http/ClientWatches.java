package io.datanode.server.http;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.AbstractEndPoint;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Request;

/**
 * Watches whether clients go away, of those answers only that take a while: a watch costs about as
 * much as a short answer. Thread-safe.
 */
public final class ClientWatches {
  /**
   * How often {@link #look} should be called, and how long an answer takes before it is watched.
   */
  public static final long MILLIS = 50;

  private final Set<ClientWatch> waiting = ConcurrentHashMap.newKeySet();

  /**
   * Watches the client of a request soon.
   *
   * @param gone run once, on a thread that must not wait, if the client goes
   * @return what stops watching
   */
  Runnable watch(Request request, Runnable gone) {
    EndPoint endPoint = request.getConnectionMetaData().getConnection().getEndPoint();
    if (!(endPoint instanceof AbstractEndPoint connection)) {
      return () -> {};
    }
    ClientWatch watch = new ClientWatch(connection, gone);
    waiting.add(watch);
    return () -> {
      if (!waiting.remove(watch)) {
        watch.stop();
      }
    };
  }

  /** Begins to watch the clients that have waited for a while. */
  public void look() {
    for (ClientWatch watch : waiting) {
      if (watch.nanos() >= TimeUnit.MILLISECONDS.toNanos(MILLIS) && waiting.remove(watch)) {
        watch.begin();
      }
    }
  }
}
