package io.datanode.server.session;

import io.datanode.jdbc.SqlState;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

/** What each user holds now, which is no more than the limits allow. Thread-safe. */
public final class Holdings {
  private static final Held NOTHING = new Held(0, 0, 0);

  private final UserLimits limits;
  // Without those who hold nothing: clients nobody logged in may call themselves anything.
  private final Map<String, Held> users = new ConcurrentHashMap<>();

  /** Nobody holds anything yet. */
  public Holdings(UserLimits limits) {
    this.limits = limits;
  }

  private record Held(int sessions, int statements, long bytes) {
    Held sessions(int more) {
      return new Held(sessions + more, statements, bytes);
    }

    Held statements(int more) {
      return new Held(sessions, statements + more, bytes);
    }

    Held bytes(long more) {
      return new Held(sessions, statements, bytes + more);
    }
  }

  private Held change(String user, UnaryOperator<Held> change) {
    Held[] changed = {NOTHING};
    users.compute(
        user,
        (name, before) -> {
          changed[0] = change.apply(before == null ? NOTHING : before);
          return changed[0].equals(NOTHING) ? null : changed[0];
        });
    return changed[0];
  }

  /**
   * Counts a session.
   *
   * @throws SQLException 53300 if it is one too many
   */
  void openSession(String user) throws SQLException {
    if (change(user, held -> held.sessions(1)).sessions() > limits.sessions()) {
      closeSession(user);
      throw SqlState.TOO_MANY_CONNECTIONS.exception(
          "There are "
              + limits.sessions()
              + " open connections of one user, as many as the server allows; close some or raise"
              + " --max-user-sessions");
    }
  }

  int sessions(String user) {
    return users.getOrDefault(user, NOTHING).sessions();
  }

  void closeSession(String user) {
    change(user, held -> held.sessions(-1));
  }

  /**
   * Counts a statement that runs.
   *
   * @throws SQLException 53400 if it is one too many
   */
  void beginStatement(String user) throws SQLException {
    if (change(user, held -> held.statements(1)).statements() > limits.runningStatements()) {
      endStatement(user);
      throw SqlState.LIMIT_EXCEEDED.exception(
          "There are "
              + limits.runningStatements()
              + " statements with unread rows, as many as the server allows; close some results"
              + " or raise --max-statements");
    }
  }

  void endStatement(String user) {
    change(user, held -> held.statements(-1));
  }

  /** Statements of all users that run. */
  int runningStatements() {
    return users.values().stream().mapToInt(Held::statements).sum();
  }

  /** Bytes held for all users. */
  public long bytes() {
    return users.values().stream().mapToLong(Held::bytes).sum();
  }

  /** The memory of a user. */
  public UserMemory memory(String user) {
    return new UserMemory(this, user);
  }

  long changeBytes(String user, long more) {
    return change(user, held -> held.bytes(more)).bytes();
  }

  long bytes(String user) {
    return users.getOrDefault(user, NOTHING).bytes();
  }

  UserLimits limits() {
    return limits;
  }
}
