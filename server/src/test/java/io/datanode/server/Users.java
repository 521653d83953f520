package io.datanode.server;

import io.datanode.server.access.Access;
import io.datanode.server.access.Authenticator;
import io.datanode.server.access.Credentials;
import io.datanode.server.access.User;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Users of a test server; the password of each is {@code secret-of-<name>}. */
final class Users {
  private Users() {}

  /** A login for users, each written {@code name} or {@code name:role,role}. */
  static Authenticator login(String... users) {
    Map<String, User> known = new LinkedHashMap<>();
    for (String user : users) {
      String[] parts = user.split(":");
      Set<String> roles = parts.length < 2 ? Set.of() : Set.of(parts[1].split(","));
      known.put(user, new User(parts[0], roles));
    }
    return new Authenticator() {
      @Override
      public Optional<Verified> verify(Credentials credentials) {
        return credentials instanceof Credentials.Password given
            ? Optional.ofNullable(known.get(given.user()))
                .or(() -> withRoles(known, given.user()))
                .filter(user -> given.password().equals("secret-of-" + user.name()))
                .map(user -> new Verified(user, Instant.MAX))
            : Optional.empty();
      }
    };
  }

  private static Optional<User> withRoles(Map<String, User> known, String name) {
    return known.values().stream().filter(user -> user.name().equals(name)).findFirst();
  }

  static Access access(String... users) {
    return new Access(java.util.List.of(login(users)), false);
  }

  /** The Authorization header of a user. */
  static String authorization(String user) {
    return "Basic "
        + Base64.getEncoder()
            .encodeToString((user + ":secret-of-" + user).getBytes(StandardCharsets.UTF_8));
  }
}
