package io.datanode.server;

import io.datanode.engine.Engine;
import io.datanode.engine.EngineSession;
import io.datanode.engine.SessionBounds;
import io.datanode.jdbc.session.Session;
import io.datanode.schema.NodeGrants;
import io.datanode.schema.Nodes;
import io.datanode.server.access.Access;
import io.datanode.server.access.User;
import io.datanode.server.session.SessionFactory;
import java.util.Map;
import java.util.Set;

/** Sessions of an engine in which each user sees what is granted to him. */
final class EngineSessions implements SessionFactory {
  /** For users who logged in, where nothing else is said: all nodes, and their own statements. */
  private static final NodeGrants UNRESTRICTED = new NodeGrants(Set.of("*.*"), false);

  private final Engine engine;
  private final Access access;

  EngineSessions(Engine engine, Access access) {
    this.engine = engine;
    this.access = access;
  }

  @Override
  public Session open(String user, Map<String, String> settings) {
    return open(User.named(user), settings, SessionBounds.NONE);
  }

  @Override
  public Session open(User user, Map<String, String> settings, SessionBounds bounds) {
    return engine.session(user.name(), grants(user), settings, bounds);
  }

  /** A session sees what was granted when it was opened, so it ends when that has changed. */
  @Override
  public boolean goesOn(User user, Session session) {
    return !(session instanceof EngineSession engineSession)
        || engineSession.grants().equals(grants(user));
  }

  /** The nodes a user sees. */
  Nodes nodes(User user) {
    return engine.nodes(grants(user));
  }

  private NodeGrants grants(User user) {
    if (access.authenticators().isEmpty()) {
      return NodeGrants.ALL;
    }
    return access.grants() == null ? UNRESTRICTED : access.grants().content().of(user);
  }
}
