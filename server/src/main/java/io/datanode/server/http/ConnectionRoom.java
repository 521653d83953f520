package io.datanode.server.http;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.IdleTimeout;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.ServerConnector;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps room for clients to come: never more than so many connections, and when nearly all are
 * there, those that have carried no request for longest are hung up on. A client that wants its
 * connection again makes another, as HTTP has it.
 */
public final class ConnectionRoom {
  private static final Logger LOGGER = LoggerFactory.getLogger(ConnectionRoom.class);

  private final int most;

  /**
   * Room for some connections.
   *
   * @param most how many there may be; never more than half the files that the process may have
   *     open, since storages need some too
   */
  public ConnectionRoom(int most) {
    this.most = Math.min(most, files() / 2);
    if (this.most < most) {
      LOGGER.info(
          "{} connections at most instead of {}, since the process may have {} files open",
          this.most,
          most,
          files());
    }
  }

  private static int files() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
        ? (int) Math.min(Integer.MAX_VALUE, system.getMaxFileDescriptorCount())
        : Integer.MAX_VALUE;
  }

  /** Has a connector take no more; others wait until some have gone. */
  public void limit(ServerConnector connector) {
    connector.addBean(new NetworkConnectionLimit(most, connector));
  }

  /**
   * Hangs up on some if a tenth or less of the room is left, until a fifth is free or all that are
   * left carry a request; called every second.
   *
   * @param connected all clients
   * @param closing told of each before it is hung up on
   */
  public void make(Collection<EndPoint> connected, Consumer<EndPoint> closing) {
    if (connected.size() < most - most / 10) {
      return;
    }
    List<Waiting> idle = new ArrayList<>();
    for (EndPoint client : connected) {
      if (client instanceof IdleTimeout watched && !SlowHeads.answering(client)) {
        idle.add(new Waiting(client, watched.getIdleFor()));
      }
    }
    idle.sort(Comparator.comparingLong(Waiting::millis).reversed());
    List<Waiting> closed =
        idle.subList(0, Math.min(idle.size(), connected.size() - (most - most / 5)));
    for (Waiting waiting : closed) {
      closing.accept(waiting.client());
      waiting.client().close();
    }
    LOGGER.info(
        "Hung up on {} idle connections of {}, of which there may be {}",
        closed.size(),
        connected.size(),
        most);
  }

  private record Waiting(EndPoint client, long millis) {}
}
