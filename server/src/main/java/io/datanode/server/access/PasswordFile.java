package io.datanode.server.access;

import io.datanode.jdbc.SqlState;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Users with hashes of their passwords: one {@code name:hash} or {@code name:hash:role,role} in
 * each line, as Apache's htpasswd writes them with bcrypt. Lines that begin with {@code #} are
 * comments.
 */
public final class PasswordFile implements Authenticator {
  private final WatchedFile<Map<String, Entry>> file;
  // Compared with the password of a user who is not there, so that he takes as long as others.
  private final PasswordHash nobody = PasswordHash.of("nobody");

  /**
   * A line of the file.
   *
   * @param roles may be empty
   */
  record Entry(String name, PasswordHash hash, Set<String> roles) {
    String line() {
      return name + ":" + hash.text() + (roles.isEmpty() ? "" : ":" + String.join(",", roles));
    }
  }

  /**
   * Opens a file.
   *
   * @throws SQLException 58030 if it cannot be read, F0000 if a line is wrong
   */
  public PasswordFile(Path path) throws SQLException {
    file = new WatchedFile<>(path, PasswordFile::read);
  }

  /**
   * The entries of a file, by user.
   *
   * @throws SQLException F0000 naming the line that is wrong, but nothing of what it holds
   */
  static Map<String, Entry> read(Path path) throws IOException, SQLException {
    Map<String, Entry> entries = new LinkedHashMap<>();
    int number = 0;
    for (String line : Files.readAllLines(path, StandardCharsets.UTF_8)) {
      number++;
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      String[] parts = line.strip().split(":", -1);
      Optional<PasswordHash> hash =
          parts.length < 2 || parts.length > 3 || !User.isName(parts[0])
              ? Optional.empty()
              : PasswordHash.parse(parts[1]);
      if (hash.isEmpty()) {
        throw SqlState.CONFIGURATION_ERROR.exception(
            path
                + ":"
                + number
                + ": expected user:hash or user:hash:role,role with a bcrypt or Argon2 hash, as"
                + " 'datanode user add' writes it");
      }
      Set<String> roles = parts.length < 3 ? Set.of() : roles(parts[2]);
      if (entries.put(parts[0], new Entry(parts[0], hash.get(), roles)) != null) {
        throw SqlState.CONFIGURATION_ERROR.exception(
            path + ":" + number + ": user '" + parts[0] + "' is there twice");
      }
    }
    return entries;
  }

  /** Names between commas. */
  static Set<String> roles(String text) {
    return Arrays.stream(text.split(","))
        .map(String::strip)
        .filter(role -> !role.isEmpty())
        .collect(Collectors.toSet());
  }

  @Override
  public Optional<Verified> verify(Credentials credentials) {
    if (!(credentials instanceof Credentials.Password given)) {
      return Optional.empty();
    }
    Map<String, Entry> entries = file.content();
    Entry entry = entries.get(given.user());
    PasswordHash hash = entry == null ? decoy(entries, given.user()) : entry.hash();
    boolean right = hash.matches(given.password());
    return entry != null && right
        ? Optional.of(new Verified(new User(entry.name(), entry.roles()), Instant.MAX))
        : Optional.empty();
  }

  /** A hash of the file, so that users who are not there differ in time as those who are. */
  private PasswordHash decoy(Map<String, Entry> entries, String user) {
    List<Entry> all = new ArrayList<>(entries.values());
    return all.isEmpty() ? nobody : all.get(Math.floorMod(user.hashCode(), all.size())).hash();
  }

  @Override
  public long version() {
    return file.version();
  }
}
