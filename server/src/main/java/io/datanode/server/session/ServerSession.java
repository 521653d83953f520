package io.datanode.server.session;

import io.datanode.jdbc.SqlState;
import io.datanode.jdbc.session.Session;
import io.datanode.jdbc.session.StatementShape;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A client's session and its statements. Thread-safe. */
public final class ServerSession extends Leased {
  private static final Logger LOGGER = LoggerFactory.getLogger(ServerSession.class);

  private final Sessions sessions;
  private final Sessions.Key key;
  private final String user;
  private final Map<String, String> settings;
  private final Session engine;
  private final InstantSource clock;
  // Engine sessions take one thread at a time; clients may send several requests at once.
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, OpenStatement> statements = new ConcurrentHashMap<>();
  private volatile @Nullable SQLException pending;
  private volatile boolean clientGone;

  ServerSession(
      Sessions sessions,
      Sessions.Key key,
      String user,
      Map<String, String> settings,
      Session engine,
      InstantSource clock) {
    super(clock);
    this.sessions = sessions;
    this.key = key;
    this.user = user;
    this.settings = Map.copyOf(settings);
    this.engine = engine;
    this.clock = clock;
  }

  public String id() {
    return key.id();
  }

  Sessions.Key key() {
    return key;
  }

  public String user() {
    return user;
  }

  /** The settings it was opened with. */
  public Map<String, String> settings() {
    return settings;
  }

  /** The engine's session; only {@code cancel}, {@code info} and {@code isValid} without lock. */
  public Session engineSession() {
    return engine;
  }

  Sessions sessions() {
    return sessions;
  }

  /** Calls the engine, one thread at a time. */
  public <T> T locked(Work<T> work) throws SQLException {
    lock.lock();
    try {
      return work.with(engine);
    } finally {
      lock.unlock();
    }
  }

  /** Keeps an error for the next statement, where a protocol cannot report it at once. */
  public void failLater(SQLException error) {
    pending = error;
  }

  /** Throws the error that was kept, once. */
  public void throwPending() throws SQLException {
    SQLException error = pending;
    pending = null;
    if (error != null) {
      throw error;
    }
  }

  /**
   * Adds a statement.
   *
   * @param statementId unique in this session
   * @param sql what it was prepared with, or null
   */
  public OpenStatement addStatement(
      String statementId, @Nullable String sql, @Nullable StatementShape shape)
      throws SQLException {
    if (statements.size() >= sessions.limits().statementsPerSession()) {
      throw SqlState.LIMIT_EXCEEDED.exception(
          "The connection has "
              + statements.size()
              + " open statements, as many as the server allows; close some");
    }
    OpenStatement statement = new OpenStatement(this, statementId, sql, shape, clock);
    if (statements.putIfAbsent(statementId, statement) != null) {
      throw SqlState.PROTOCOL_ERROR.exception(
          "Statement '" + statementId + "' is open already in this session");
    }
    return statement;
  }

  /**
   * A statement of this session and of no other, kept in use until the lease is closed.
   *
   * @return empty if there is none, or it was closed
   */
  public Optional<StatementUse> use(String statementId) {
    OpenStatement statement = statements.get(statementId);
    Lease lease = statement == null ? null : statement.lease();
    return lease == null ? Optional.empty() : Optional.of(new StatementUse(statement, lease));
  }

  /** True if a statement with this id is open. */
  public boolean hasStatement(String statementId) {
    return statements.containsKey(statementId);
  }

  /** Stops and forgets a statement; nothing if there is none. */
  public void closeStatement(String statementId) throws SQLException {
    OpenStatement statement = statements.remove(statementId);
    if (statement != null) {
      statement.close();
    }
  }

  /**
   * Stops and forgets this statement; another one that was opened under its id since stays as it
   * is.
   */
  public void closeStatement(OpenStatement statement) throws SQLException {
    statements.remove(statement.id(), statement);
    statement.close();
  }

  /**
   * Says whether its client is gone, for all that can be seen: it keeps no connection. One that
   * comes back finds the session, unless that had to make room for others.
   */
  public void setClientGone(boolean gone) {
    clientGone = gone;
  }

  /** True if it can be ended without harm. */
  boolean mayMakeRoom() {
    return clientGone && statements.isEmpty();
  }

  /** Ends it for good, if it can be without harm; true if it just did. */
  boolean makesRoom() {
    return mayMakeRoom() && expireIfIdle(Duration.ZERO);
  }

  /** True if any statement is open. */
  public boolean hasStatements() {
    return !statements.isEmpty();
  }

  /**
   * Stops and forgets a statement whose client is gone, which may have to wait. What goes wrong is
   * logged, as nobody is left to be told.
   */
  public void giveUp(OpenStatement statement) {
    statement.cancelQuietly();
    statements.remove(statement.id(), statement);
    closeQuietly(statement);
  }

  /** Gives up all statements. */
  public void giveUpAll() {
    new ArrayList<>(statements.values()).forEach(this::giveUp);
  }

  int closeIdleStatements() {
    int count = 0;
    for (OpenStatement statement : new ArrayList<>(statements.values())) {
      if (statement.expireIfIdle(sessions.limits().statementIdle())) {
        statements.remove(statement.id(), statement);
        closeQuietly(statement);
        count++;
      }
    }
    return count;
  }

  void close() {
    for (OpenStatement statement : new ArrayList<>(statements.values())) {
      statements.remove(statement.id());
      closeQuietly(statement);
    }
    try {
      engine.close();
    } catch (SQLException e) {
      LOGGER.warn("Session {} did not close cleanly: {}", id(), e.getMessage());
    }
  }

  private static void closeQuietly(OpenStatement statement) {
    try {
      statement.close();
    } catch (SQLException e) {
      LOGGER.warn("Statement {} did not close cleanly: {}", statement.id(), e.getMessage());
    }
  }

  /** Something done with the engine's session. */
  @FunctionalInterface
  public interface Work<T> {
    T with(Session engine) throws SQLException;
  }

  /** A statement in use by a request. */
  public record StatementUse(OpenStatement statement, Lease lease) implements AutoCloseable {
    @Override
    public void close() {
      lease.close();
    }
  }
}
