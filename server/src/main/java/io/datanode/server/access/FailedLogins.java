package io.datanode.server.access;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.datanode.jdbc.SqlState;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * Slows down those who guess. After five failures in a row for one user from one address, or fifty
 * from one address, further ones have to wait: a second, then twice as long each time, up to a
 * minute. Others are not held up. Thread-safe.
 */
final class FailedLogins {
  private static final int FREE_FOR_USER = 5;
  private static final int FREE_FOR_ADDRESS = 50;
  private static final int LONGEST_WAIT_SECONDS = 60;
  private static final Duration REMEMBERED = Duration.ofMinutes(15);
  private static final int MOST_REMEMBERED = 100_000;

  private final InstantSource clock;
  private final Cache<String, Count> byUser = counts();
  private final Cache<String, Count> byAddress = counts();

  FailedLogins(InstantSource clock) {
    this.clock = clock;
  }

  private static Cache<String, Count> counts() {
    return Caffeine.newBuilder()
        .maximumSize(MOST_REMEMBERED)
        .expireAfterAccess(REMEMBERED)
        .executor(Runnable::run)
        .build();
  }

  /** An attempt that counts as failed until it has succeeded. */
  interface Attempt {
    void succeeded();
  }

  /**
   * Begins an attempt.
   *
   * @param user empty for tokens
   * @throws SQLException 53300 if it comes too early
   */
  Attempt attempt(String address, String user) throws SQLException {
    Count ofUser = byUser.get(address + " " + user, any -> new Count(FREE_FOR_USER));
    Count ofAddress = byAddress.get(address, any -> new Count(FREE_FOR_ADDRESS));
    Instant now = clock.instant();
    if (user.isEmpty()) {
      ofAddress.begin(now);
      return ofAddress::undo;
    }
    ofUser.begin(now);
    try {
      ofAddress.begin(now);
    } catch (SQLException e) {
      ofUser.undo();
      throw e;
    }
    return () -> {
      ofUser.reset();
      ofAddress.undo();
    };
  }

  private static final class Count {
    private final int free;
    private int failures;
    private Instant next = Instant.MIN;

    Count(int free) {
      this.free = free;
    }

    synchronized void begin(Instant now) throws SQLException {
      if (failures >= free && now.isBefore(next)) {
        long seconds = Duration.between(now, next).toSeconds() + 1;
        throw SqlState.TOO_MANY_CONNECTIONS.exception(
            "Login failed too often; try again in " + seconds + " s");
      }
      failures++;
      int over = Math.min(failures - free, 7);
      next = over < 0 ? now : now.plusSeconds(Math.min(LONGEST_WAIT_SECONDS, 1L << over));
    }

    synchronized void undo() {
      failures = Math.max(0, failures - 1);
    }

    synchronized void reset() {
      failures = 0;
    }
  }
}
