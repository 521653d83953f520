package io.datanode.engine;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/**
 * A clock that stands still until it is turned, or goes on by so much each time it is looked at.
 */
final class TurnableClock extends Clock {
  private volatile Instant now;
  private volatile Duration atEachLook = Duration.ZERO;

  TurnableClock(Instant now) {
    this.now = now;
  }

  void pass(Duration time) {
    now = now.plus(time);
  }

  void passAtEachLook(Duration time) {
    atEachLook = time;
  }

  @Override
  public synchronized Instant instant() {
    Instant shown = now;
    now = now.plus(atEachLook);
    return shown;
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    throw new UnsupportedOperationException();
  }
}
