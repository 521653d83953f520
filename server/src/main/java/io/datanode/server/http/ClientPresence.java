package io.datanode.server.http;

import io.datanode.server.session.ServerSession;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes the statements of clients that are gone. A client asks for the rows of a large result bit
 * by bit; one that dies between two requests would else hold its storage until the result has been
 * idle for too long. Their sessions stay, as a client may come back, but make room for others.
 * Thread-safe.
 *
 * <p>Only clients without a proxy between are watched, as a proxy closes connections when it likes.
 */
public final class ClientPresence {
  private static final Logger LOGGER = LoggerFactory.getLogger(ClientPresence.class);

  /** The driver replaces a connection that was idle for long by closing it and opening another. */
  private static final long GRACE_MILLIS = 1_000;

  private final ScheduledExecutorService timer;
  private final Executor cleaning;
  // Weak, because one connection may carry any number of sessions, one after the other.
  private final Map<ServerSession, Set<EndPoint>> connections =
      Collections.synchronizedMap(new WeakHashMap<>());
  private final Map<EndPoint, Set<ServerSession>> sessions = new ConcurrentHashMap<>();
  private volatile boolean stopped;

  /**
   * Watches nobody yet.
   *
   * @param cleaning runs what closes statements, which may have to wait
   */
  public ClientPresence(ScheduledExecutorService timer, Executor cleaning) {
    this.timer = timer;
    this.cleaning = cleaning;
  }

  /** Notes that the client of a session is at the other end of this connection. */
  void seen(EndPoint connection, ServerSession session) {
    Set<ServerSession> carried = sessions.get(connection);
    if (carried == null) {
      carried = Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));
      sessions.put(connection, carried);
      connection
          .getConnection()
          .addEventListener(
              new Connection.Listener() {
                @Override
                public void onClosed(Connection closed) {
                  left(connection);
                }
              });
    }
    if (carried.add(session)) {
      connections.computeIfAbsent(session, key -> ConcurrentHashMap.newKeySet()).add(connection);
    }
    session.setClientGone(false);
    if (!connection.isOpen()) {
      left(connection);
    }
  }

  /** Watches a connection no more, because this server is about to close it. */
  public void forget(EndPoint connection) {
    Set<ServerSession> carried = sessions.remove(connection);
    if (carried != null) {
      for (ServerSession session : Set.copyOf(carried)) {
        Set<EndPoint> others = connections.get(session);
        if (others != null) {
          others.remove(connection);
        }
      }
    }
  }

  /** Watches nobody any more: clients now move to other servers, and read on here meanwhile. */
  public void stop() {
    stopped = true;
  }

  private void left(EndPoint connection) {
    Set<ServerSession> carried = sessions.remove(connection);
    if (carried == null || stopped) {
      return;
    }
    for (ServerSession session : Set.copyOf(carried)) {
      Set<EndPoint> others = connections.get(session);
      if (others != null && others.remove(connection) && others.isEmpty()) {
        later(session, others);
      }
    }
  }

  private void later(ServerSession session, Set<EndPoint> others) {
    try {
      timer.schedule(
          () -> {
            if (others.isEmpty() && !stopped) {
              session.setClientGone(true);
              if (!others.isEmpty()) {
                // It came back just now.
                session.setClientGone(false);
              } else if (session.hasStatements()) {
                cleaning.execute(() -> close(session));
              }
            }
          },
          GRACE_MILLIS,
          TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      LOGGER.debug("The server is being stopped, which closes session {}", session.id());
    }
  }

  private static void close(ServerSession session) {
    LOGGER.info("The client of session {} is gone; its statements are given up", session.id());
    session.giveUpAll();
  }
}
