package io.datanode.engine;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which time it is in a session, and up to when it sees what became known: by its clock, which may
 * replay, and its settings {@code asOf} and {@code as_of_delay}. Thread-safe.
 */
final class SessionTime {
  private final SessionClock clock;

  SessionTime(SessionClock clock) {
    this.clock = clock;
  }

  /** True if not all that is known now is seen. */
  boolean isInPast(SessionSettings now) {
    return now.asOf() != null || clock.replays() || !now.asOfDelay().isZero();
  }

  /**
   * What time it is for a statement, and up to when it sees what became known.
   *
   * @param asked the instant it asks to be in, or null
   * @throws io.datanode.DataNodeException 22023 if that is later than the session
   */
  StatementTimes of(SessionSettings now, @Nullable Instant asked, boolean ignoresDelay) {
    Instant moment = clock.now();
    if (now.asOf() != null) {
      moment = earlier("asOf ", now.asOf(), clock.replays() ? moment : null);
    }
    if (asked != null) {
      moment = earlier("as_of ", asked, isInPast(now) ? moment : null);
    }
    boolean all = asked == null && !isInPast(now);
    return StatementTimes.of(
        moment, all ? null : ignoresDelay ? moment : moment.minus(now.asOfDelay()));
  }

  /**
   * Settings whose time the clock of a replay has reached; no statement could be run otherwise.
   *
   * @throws io.datanode.DataNodeException 22023 if it has not
   */
  SessionSettings reached(SessionSettings wanted) {
    if (wanted.asOf() != null && clock.replays()) {
      earlier("asOf ", wanted.asOf(), clock.now());
    }
    return wanted;
  }

  private static Instant earlier(String what, Instant time, @Nullable Instant limit) {
    if (limit != null && time.isAfter(limit)) {
      throw StatementTimes.peeking(what + time, limit, "");
    }
    return time;
  }

  /** What settings say of it; the same text for the same time. */
  String text(SessionSettings now) {
    return now.asOf()
        + " "
        + now.asOfDelay()
        + (clock.replays() ? " " + clock.opened() + " " + clock.from() : "");
  }
}
