package io.datanode.server.session;

import java.time.Duration;

/**
 * How much clients may hold, and for how long without using it.
 *
 * @param sessionIdle after which a session that no request uses is closed
 * @param statementIdle after which a statement that no request uses is closed, with its result
 * @param sessions open sessions of all users
 * @param statementsPerSession open statements of one session, running or not
 * @param runningPerUser statements of one user that have an unfinished result
 * @param rows rows a statement may give; 0 for any number
 * @param statementTime how long a statement may work, without the time its client takes to read;
 *     zero for as long as it likes
 * @param requestsPerSecond requests of one user, on average; 0 for any number
 */
public record SessionLimits(
    Duration sessionIdle,
    Duration statementIdle,
    int sessions,
    int statementsPerSession,
    int runningPerUser,
    long rows,
    Duration statementTime,
    int requestsPerSecond) {

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
        runningPerUser,
        0,
        Duration.ZERO,
        0);
  }

  /** What is in force unless configured otherwise. */
  public static SessionLimits defaults() {
    return new SessionLimits(Duration.ofHours(2), Duration.ofMinutes(30), 2_000, 1_000, 250);
  }
}
