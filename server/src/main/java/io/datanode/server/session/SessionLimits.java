package io.datanode.server.session;

import java.time.Duration;

/**
 * How much clients may hold, and for how long without using it.
 *
 * @param sessionIdle after which a session that no request uses is closed
 * @param statementIdle after which a statement that no request uses is closed, with its result
 * @param sessions open sessions of all users
 * @param statementsPerSession open statements of one session, running or not
 * @param user what each user may hold
 * @param statement what each statement may take
 */
public record SessionLimits(
    Duration sessionIdle,
    Duration statementIdle,
    int sessions,
    int statementsPerSession,
    UserLimits user,
    StatementLimits statement) {

  /** Limits on what is open only. */
  public SessionLimits(
      Duration sessionIdle,
      Duration statementIdle,
      int sessions,
      int statementsPerSession,
      int runningPerUser) {
    this(
        sessionIdle,
        statementIdle,
        sessions,
        statementsPerSession,
        new UserLimits(sessions, runningPerUser, 0, 0),
        StatementLimits.NONE);
  }

  /** What is in force unless configured otherwise. */
  public static SessionLimits defaults() {
    return new SessionLimits(
        Duration.ofHours(2),
        Duration.ofMinutes(30),
        2_000,
        1_000,
        new UserLimits(1_000, 250, 4L << 30, 0),
        StatementLimits.NONE);
  }

  /** The same with other limits of a user. */
  public SessionLimits with(UserLimits newUser) {
    return new SessionLimits(
        sessionIdle, statementIdle, sessions, statementsPerSession, newUser, statement);
  }

  /** The same with other limits of a statement. */
  public SessionLimits with(StatementLimits newStatement) {
    return new SessionLimits(
        sessionIdle, statementIdle, sessions, statementsPerSession, user, newStatement);
  }
}
