package io.datanode.server.session;

import io.datanode.engine.SessionBounds;
import io.datanode.jdbc.session.Session;
import io.datanode.server.access.User;
import java.sql.SQLException;
import java.util.Map;

/** Opens sessions with the engine. Thread-safe. */
@FunctionalInterface
public interface SessionFactory {
  /**
   * Opens a session.
   *
   * @param user the user it runs as; empty if the server knows no users
   * @param settings values by {@link io.datanode.jdbc.Setting} key, only known keys
   */
  Session open(String user, Map<String, String> settings) throws SQLException;

  /**
   * Opens a session of a user, whose roles may decide what it sees.
   *
   * @param bounds what it is allowed, whatever its settings say
   */
  default Session open(User user, Map<String, String> settings, SessionBounds bounds)
      throws SQLException {
    return open(user.name(), settings);
  }

  /** False if a session must not be used any more, as its user may see something else now. */
  default boolean goesOn(User user, Session session) {
    return true;
  }
}
