package io.datanode.server.access;

import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;

/** One way to find out who a client is. Thread-safe. */
public interface Authenticator extends AutoCloseable {
  /**
   * Checks credentials. May take long, as comparing a password does.
   *
   * @return empty if they are wrong, or not of a kind this one knows; then others are asked
   * @throws SQLException 28000 if they are of this kind and refused for a reason the client may
   *     know, such as a token that has expired; 57P03 if it cannot be found out now
   */
  Optional<Verified> verify(Credentials credentials) throws SQLException;

  /**
   * A number that changes when credentials that were right may be wrong now, such as after a user
   * was removed. Asked for with every request.
   */
  default long version() {
    return 0;
  }

  @Override
  default void close() {}

  /**
   * Right credentials.
   *
   * @param user whose they are
   * @param until when they expire; {@link Instant#MAX} for never
   */
  record Verified(User user, Instant until) {}
}
