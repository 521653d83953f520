package io.datanode.server.access;

import io.datanode.jdbc.SqlState;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Tokens of users and programs: one {@code sha256 user expiry roles} in each line, divided by tabs.
 * The file holds the SHA-256 of each token in hexadecimal, its user, an instant in ISO 8601 or
 * {@code never}, and roles with commas between, which may be fewer than the user's own. Lines that
 * begin with {@code #} are comments.
 *
 * <p>A token has 256 random bits, so a plain hash of it tells nothing.
 */
public final class TokenFile implements Authenticator {
  private static final String PREFIX = "dn_";
  private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");
  private static final SecureRandom RANDOM = new SecureRandom();

  private final WatchedFile<Map<String, Entry>> file;
  private final InstantSource clock;

  /**
   * A line of the file.
   *
   * @param expires null for a token that does not
   */
  record Entry(String hash, String user, @Nullable Instant expires, Set<String> roles) {
    String line() {
      return String.join(
          "\t",
          hash,
          user,
          expires == null ? "never" : expires.toString(),
          String.join(",", roles));
    }
  }

  /**
   * Opens a file.
   *
   * @throws SQLException 58030 if it cannot be read, F0000 if a line is wrong
   */
  public TokenFile(Path path, InstantSource clock) throws SQLException {
    file = new WatchedFile<>(path, TokenFile::read);
    this.clock = clock;
  }

  /**
   * The entries of a file, by hash.
   *
   * @throws SQLException F0000 naming the line that is wrong
   */
  static Map<String, Entry> read(Path path) throws IOException, SQLException {
    Map<String, Entry> entries = new LinkedHashMap<>();
    int number = 0;
    for (String line : Files.readAllLines(path, StandardCharsets.UTF_8)) {
      number++;
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      String[] parts = line.split("\t", -1);
      if (parts.length < 3
          || parts.length > 4
          || !HASH.matcher(parts[0]).matches()
          || !User.isName(parts[1])) {
        throw wrong(path, number);
      }
      Instant expires = null;
      if (!parts[2].equals("never")) {
        try {
          expires = Instant.parse(parts[2]);
        } catch (DateTimeException e) {
          throw wrong(path, number);
        }
      }
      Set<String> roles = parts.length < 4 ? Set.of() : PasswordFile.roles(parts[3]);
      entries.put(parts[0], new Entry(parts[0], parts[1], expires, roles));
    }
    return entries;
  }

  private static SQLException wrong(Path path, int number) {
    return SqlState.CONFIGURATION_ERROR.exception(
        path
            + ":"
            + number
            + ": expected SHA-256, user, expiry or 'never', and roles, divided by tabs, as"
            + " 'datanode token add' writes them");
  }

  /** A new token that nobody can guess. */
  static String newToken() {
    byte[] bytes = new byte[32];
    RANDOM.nextBytes(bytes);
    return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /** The SHA-256 of a token, in hexadecimal. */
  static String hash(String token) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256", e);
    }
  }

  @Override
  public Optional<Verified> verify(Credentials credentials) throws SQLException {
    if (!(credentials instanceof Credentials.Token token)) {
      return Optional.empty();
    }
    Entry entry = file.content().get(hash(token.text()));
    if (entry == null) {
      return Optional.empty();
    }
    Instant until = entry.expires() == null ? Instant.MAX : entry.expires();
    if (!clock.instant().isBefore(until)) {
      throw SqlState.INVALID_AUTHORIZATION.exception("The token expired at " + until);
    }
    return Optional.of(new Verified(new User(entry.user(), entry.roles()), until));
  }

  @Override
  public long version() {
    return file.version();
  }
}
