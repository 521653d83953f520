package io.datanode.server.access;

import com.password4j.Argon2Function;
import com.password4j.BadParametersException;
import com.password4j.BcryptFunction;
import com.password4j.types.Argon2;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A hash of a password, bcrypt or Argon2.
 *
 * @see "RFC 9106 (Argon2); Provos and Mazières, A Future-Adaptable Password Scheme (1999), bcrypt"
 */
final class PasswordHash {
  private static final Pattern BCRYPT =
      Pattern.compile("\\$2[aby]\\$[0-3][0-9]\\$[./A-Za-z0-9]{53}");
  private static final Pattern ARGON2 =
      Pattern.compile(
          "\\$argon2(id|i|d)\\$v=19\\$m=[0-9]{1,7},t=[0-9]{1,3},p=[0-9]{1,2}"
              + "\\$[A-Za-z0-9+/]+\\$[A-Za-z0-9+/]+");

  /** What OWASP's Password Storage Cheat Sheet asks for at least: 19 MiB, two passes, one lane. */
  private static final Argon2Function NEW = Argon2Function.getInstance(19_456, 2, 1, 32, Argon2.ID);

  private static final int SALT_BYTES = 16;
  private static final SecureRandom RANDOM = new SecureRandom();

  /** bcrypt looks at no more; a longer password would be as good as its beginning. */
  private static final int BCRYPT_BYTES = 72;

  private final String text;

  private PasswordHash(String text) {
    this.text = text;
  }

  /** The hash written as {@code $2b$…} or {@code $argon2id$…}; empty if it is none. */
  static Optional<PasswordHash> parse(String text) {
    return BCRYPT.matcher(text).matches() || ARGON2.matcher(text).matches()
        ? Optional.of(new PasswordHash(text))
        : Optional.empty();
  }

  /** A new hash of a password, with Argon2id. */
  static PasswordHash of(String password) {
    byte[] salt = new byte[SALT_BYTES];
    RANDOM.nextBytes(salt);
    return new PasswordHash(NEW.hash(password.getBytes(StandardCharsets.UTF_8), salt).getResult());
  }

  /** The hash as a password file holds it. */
  String text() {
    return text;
  }

  /** True if the hash is of this password. Takes as long for a wrong one as for the right one. */
  boolean matches(String password) {
    try {
      if (text.startsWith("$argon2")) {
        return Argon2Function.getInstanceFromHash(text).check(password, text);
      }
      boolean right = BcryptFunction.getInstanceFromHash(text).check(password, text);
      return right && password.getBytes(StandardCharsets.UTF_8).length <= BCRYPT_BYTES;
    } catch (BadParametersException e) {
      return false;
    }
  }

  @Override
  public String toString() {
    return "hash";
  }
}
