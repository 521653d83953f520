package io.datanode.server.session;

import java.time.Duration;

/** Is told of statements that have ended. Thread-safe. */
@FunctionalInterface
public interface StatementListener {
  /** Hears nothing. */
  StatementListener NONE = (outcome, time, rows) -> {};

  /**
   * A statement has ended: its result was read to the end, closed, or failed.
   *
   * @param time from its start until then, with the time the client took to read
   * @param rows handed out
   */
  void ended(Outcome outcome, Duration time, long rows);

  /** How a statement ended. */
  enum Outcome {
    OK,
    ERROR,
    CANCELLED
  }
}
