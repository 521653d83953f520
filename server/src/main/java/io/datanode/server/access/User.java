package io.datanode.server.access;

import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;

/**
 * Who sends a request.
 *
 * @param name as it is logged and shown in {@code metadata.queries}; empty if nobody logged in
 * @param roles what grants may name instead of users, in order
 */
public record User(String name, Set<String> roles) {
  /** Longest name taken. */
  static final int LONGEST_NAME = 256;

  public User {
    roles = Collections.unmodifiableSet(new TreeSet<>(roles));
  }

  /** A user without roles. */
  public static User named(String name) {
    return new User(name, Set.of());
  }

  /** True for what can be a name: not empty, not long, and nothing that could forge a log line. */
  static boolean isName(String name) {
    return !name.isBlank()
        && name.length() <= LONGEST_NAME
        && name.indexOf(':') < 0
        && name.codePoints().noneMatch(User::isInvisible);
  }

  /** The same with question marks for what could forge a line of the log. */
  public User shown() {
    StringBuilder text = new StringBuilder();
    name.codePoints()
        .limit(LONGEST_NAME)
        .forEach(codePoint -> text.appendCodePoint(isInvisible(codePoint) ? '?' : codePoint));
    return new User(text.toString(), roles);
  }

  private static boolean isInvisible(int codePoint) {
    return Character.isISOControl(codePoint)
        || Character.getType(codePoint) == Character.FORMAT
        || Character.getType(codePoint) == Character.LINE_SEPARATOR
        || Character.getType(codePoint) == Character.PARAGRAPH_SEPARATOR;
  }
}
