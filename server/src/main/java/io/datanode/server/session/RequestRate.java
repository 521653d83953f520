package io.datanode.server.session;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * How many requests each client may send: so many in a second on average, and ten seconds' worth at
 * once. Thread-safe.
 */
public final class RequestRate {
  private static final int BURST_SECONDS = 10;

  private final int perSecond;
  private final InstantSource clock;
  private final Cache<String, Bucket> buckets =
      Caffeine.newBuilder()
          .maximumSize(100_000)
          .expireAfterAccess(Duration.ofMinutes(1))
          .executor(Runnable::run)
          .build();

  /**
   * A rate.
   *
   * @param perSecond 0 for any number
   */
  public RequestRate(int perSecond, InstantSource clock) {
    this.perSecond = perSecond;
    this.clock = clock;
  }

  /** Counts a request of a client; false if it is one too many. */
  public boolean take(String client) {
    return perSecond == 0 || buckets.get(client, any -> new Bucket()).take();
  }

  private final class Bucket {
    private double left = (double) perSecond * BURST_SECONDS;
    private Instant filled = clock.instant();

    synchronized boolean take() {
      Instant now = clock.instant();
      double seconds = Duration.between(filled, now).toNanos() / 1e9;
      left = Math.min((double) perSecond * BURST_SECONDS, left + seconds * perSecond);
      filled = now;
      if (left < 1) {
        return false;
      }
      left--;
      return true;
    }
  }
}
