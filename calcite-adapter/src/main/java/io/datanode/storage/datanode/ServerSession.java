package io.datanode.storage.datanode;

import io.datanode.DataNodeException;
import io.datanode.jdbc.DataNodeDriver;
import io.datanode.jdbc.SqlState;
import io.datanode.jdbc.session.Session;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The session a storage has with its server; opened when first needed, shared by all its
 * statements. A session that is lost is opened anew by the driver. Thread-safe.
 */
final class ServerSession implements AutoCloseable {
  private final ServerSettings settings;
  private final AtomicLong statements = new AtomicLong();
  private @Nullable Session session;
  private boolean closed;

  ServerSession(ServerSettings settings) {
    this.settings = settings;
  }

  /**
   * The session.
   *
   * @throws SQLException 08001 if the server does not answer, 28000 if it refuses the login
   */
  synchronized Session open() throws SQLException {
    if (closed) {
      throw SqlState.CONNECTION_CLOSED.exception("The engine is closed");
    }
    Session known = session;
    if (known == null) {
      known = DataNodeDriver.openSession(settings.url(), settings.properties());
      session = known;
    }
    return known;
  }

  /** Ends all waits for a server that does not answer; the next statement opens a new session. */
  void giveUp(Session lost) throws SQLException {
    synchronized (this) {
      if (session == lost) {
        session = null;
      }
    }
    lost.close();
  }

  /** A name no other statement of the session has. */
  String newStatement() {
    return "s" + statements.incrementAndGet();
  }

  /** An error of the server, with the storage it came from. */
  DataNodeException translate(Exception cause) {
    if (cause instanceof DataNodeException known) {
      return known;
    }
    if (!(cause instanceof SQLException refused)) {
      return new DataNodeException(
          SqlState.INTERNAL_ERROR, settings.where() + " failed: " + cause.getMessage(), cause);
    }
    String state = refused.getSQLState();
    boolean unreachable =
        SqlState.CONNECTION_FAILED.code().equals(state)
            || SqlState.CONNECTION_LOST.code().equals(state)
            || SqlState.CONNECTION_CLOSED.code().equals(state);
    return new DataNodeException(
        unreachable ? SqlState.CANNOT_CONNECT_NOW.code() : state,
        settings.where()
            + (unreachable ? " (" + settings.shown() + ") is not available: " : ": ")
            + firstLine(refused.getMessage()),
        refused);
  }

  /** What follows is an excerpt of the statement that was sent, which no user wrote. */
  private static String firstLine(String message) {
    return message.lines().findFirst().orElse(message);
  }

  @Override
  public void close() {
    Session open;
    synchronized (this) {
      closed = true;
      open = session;
      session = null;
    }
    if (open != null) {
      try {
        open.close();
      } catch (SQLException e) {
        throw translate(e);
      }
    }
  }
}
