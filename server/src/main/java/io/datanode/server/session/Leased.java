package io.datanode.server.session;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** Something that expires when nobody has used it for a while. Thread-safe. */
abstract class Leased {
  private final InstantSource clock;
  private int users;
  private Instant lastUse;
  private boolean expired;

  Leased(InstantSource clock) {
    this.clock = clock;
    this.lastUse = clock.instant();
  }

  /**
   * Keeps it from expiring until the lease is closed.
   *
   * @return null if it has expired already
   */
  synchronized @org.jspecify.annotations.Nullable Lease lease() {
    if (expired) {
      return null;
    }
    users++;
    return this::release;
  }

  private synchronized void release() {
    users--;
    lastUse = clock.instant();
  }

  /** Expires it if nobody uses it and nobody has for so long; true if it just did. */
  final synchronized boolean expireIfIdle(Duration idle) {
    if (expired || users > 0 || lastUse.plus(idle).isAfter(clock.instant())) {
      return false;
    }
    expired = true;
    return true;
  }

  final synchronized Instant lastUse() {
    return lastUse;
  }

  synchronized boolean inUse() {
    return users > 0;
  }
}
