package io.datanode.server.session;

import io.datanode.engine.SessionBounds;
import io.datanode.jdbc.SqlState;
import io.datanode.jdbc.session.Session;
import io.datanode.server.access.User;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All open sessions. A request holds a lease on what it uses; what has no lease for a while is
 * closed by {@link #closeIdle}, so that clients that vanish leave nothing behind. Thread-safe.
 */
public final class Sessions implements AutoCloseable {
  private static final Logger LOGGER = LoggerFactory.getLogger(Sessions.class);

  private final SessionFactory factory;
  private final SessionLimits limits;
  private final InstantSource clock;
  private final ScheduledExecutorService timer;
  private final StatementListener listener;
  private final SecureRandom random = new SecureRandom();
  private final Map<Key, ServerSession> sessions = new ConcurrentHashMap<>();
  private final Holdings holdings;
  private volatile boolean stopping;

  /**
   * No sessions yet.
   *
   * @param timer runs what stops statements that take too long
   */
  public Sessions(
      SessionFactory factory,
      SessionLimits limits,
      InstantSource clock,
      ScheduledExecutorService timer,
      StatementListener listener) {
    this.factory = factory;
    this.limits = limits;
    this.clock = clock;
    this.timer = timer;
    this.listener = listener;
    this.holdings = new Holdings(limits.user());
  }

  public SessionLimits limits() {
    return limits;
  }

  /** An id nobody can guess. */
  public String newId() {
    byte[] bytes = new byte[18];
    random.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /** A number nobody can guess, greater than zero. */
  public int newNumber() {
    return random.nextInt(1, Integer.MAX_VALUE);
  }

  /**
   * Opens a session. If there are as many as allowed, those whose clients are gone make room.
   *
   * @param id how the client will name it; must not be in use
   * @param owner who alone may use it: who logged in, with an empty name if the server lets
   *     everybody in. Others do not even learn that the id is in use
   * @param user shown to others; if nobody logged in, who the client says it is
   * @throws SQLException 53300 if there are too many, 57P03 if the server is stopping
   */
  public ServerSession open(String id, User owner, User user, Map<String, String> settings)
      throws SQLException {
    requireGoingOn();
    User shown = user.shown();
    makeRoom(shown.name());
    if (sessions.size() >= limits.sessions()) {
      throw SqlState.TOO_MANY_CONNECTIONS.exception(
          "The server has "
              + sessions.size()
              + " open connections, as many as it allows; close some or raise --max-sessions");
    }
    holdings.openSession(shown.name());
    ServerSession session = null;
    try {
      Session engine = factory.open(shown, settings, bounds(shown.name()));
      ServerSession made =
          new ServerSession(this, new Key(owner, id), shown.name(), settings, engine, clock);
      if (sessions.putIfAbsent(made.key(), made) != null) {
        engine.close();
        throw SqlState.CONNECTION_FAILED.exception(
            "A connection with id '" + id + "' is open already");
      }
      session = made;
    } finally {
      if (session == null) {
        holdings.closeSession(shown.name());
      }
    }
    LOGGER.debug("Session of '{}' opened, {} open", user.name(), sessions.size());
    return session;
  }

  private void makeRoom(String user) {
    if (sessions.size() >= limits.sessions()) {
      closeLeft(session -> true);
    }
    if (holdings.sessions(user) >= limits.user().sessions()) {
      closeLeft(session -> session.user().equals(user));
    }
  }

  /** Closes the session that was used last, of those whose clients are gone, longest ago. */
  private void closeLeft(Predicate<ServerSession> which) {
    sessions.values().stream()
        .filter(which)
        .filter(ServerSession::mayMakeRoom)
        .sorted(Comparator.comparing(Leased::lastUse))
        .filter(ServerSession::makesRoom)
        .findFirst()
        .ifPresent(
            session -> {
              close(session);
              LOGGER.info("Closed a session of '{}' whose client is gone", session.user());
            });
  }

  /**
   * A session, kept in use until the lease is closed.
   *
   * @param owner must be the one who opened it
   * @return empty if it is not known, any more
   */
  public Optional<SessionUse> use(String id, User owner) {
    ServerSession session = sessions.get(new Key(owner, id));
    if (session != null && !factory.goesOn(owner, session.engineSession())) {
      close(id, owner);
      return Optional.empty();
    }
    Lease lease = session == null ? null : session.lease();
    return lease == null ? Optional.empty() : Optional.of(new SessionUse(session, lease));
  }

  /** Closes a session and all it holds; nothing if the owner has none with this id. */
  public void close(String id, User owner) {
    ServerSession session = sessions.get(new Key(owner, id));
    if (session != null) {
      close(session);
    }
  }

  /** Closes sessions and statements that nobody has used for longer than the limits say. */
  public void closeIdle() {
    for (ServerSession session : new ArrayList<>(sessions.values())) {
      int statements = session.closeIdleStatements();
      if (statements > 0) {
        LOGGER.info("Closed {} idle statements of '{}'", statements, session.user());
      }
      if (session.expireIfIdle(limits.sessionIdle())) {
        close(session);
        LOGGER.info("Closed an idle session of '{}'", session.user());
      }
    }
  }

  /** Users with open sessions, each once, in order. */
  public List<String> users() {
    return sessions.values().stream().map(ServerSession::user).distinct().sorted().toList();
  }

  public int size() {
    return sessions.size();
  }

  /** Open statements of all sessions that have an unfinished result. */
  public int runningStatements() {
    return holdings.runningStatements();
  }

  /** True while a request holds a session. */
  public boolean inUse() {
    return sessions.values().stream().anyMatch(Leased::inUse);
  }

  /** Lets no new session in, and no new statement run. */
  public void stop() {
    stopping = true;
  }

  /**
   * Fails if the server is being stopped.
   *
   * @throws SQLException 57P03
   */
  public void requireGoingOn() throws SQLException {
    if (stopping) {
      throw SqlState.CANNOT_CONNECT_NOW.exception(
          "The server is shutting down: it ends what runs and takes nothing new; try again later,"
              + " or another server");
    }
  }

  /** True once the server is being stopped. */
  public boolean stopping() {
    return stopping;
  }

  private void close(ServerSession session) {
    if (sessions.remove(session.key(), session)) {
      try {
        session.close();
      } finally {
        holdings.closeSession(session.user());
      }
    }
  }

  /** Closes all sessions, stopping what runs. */
  @Override
  public void close() {
    stop();
    new ArrayList<>(sessions.values()).forEach(this::close);
  }

  /** What users hold. */
  public Holdings holdings() {
    return holdings;
  }

  private SessionBounds bounds(String user) {
    return new SessionBounds(limits.statement().shippedRows(), holdings.memory(user));
  }

  TimeBudget timeBudget(Runnable stop) {
    return new TimeBudget(limits.statement().time(), timer, stop);
  }

  LimitedResult.Ending ending(String statement, String user) {
    return new LimitedResult.Ending(listener, statement, user);
  }

  void beginRunning(String user) throws SQLException {
    requireGoingOn();
    holdings.beginStatement(user);
  }

  void endRunning(String user) {
    holdings.endStatement(user);
  }

  /** A session belongs to one user, so that an id alone finds none. */
  record Key(User owner, String id) {}

  /** A session in use by a request. */
  public record SessionUse(ServerSession session, Lease lease) implements AutoCloseable {
    @Override
    public void close() {
      lease.close();
    }
  }
}
