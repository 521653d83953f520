package io.datanode.engine;

import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A name pattern of {@link java.sql.DatabaseMetaData}: {@code %} is any text, {@code _} any
 * character, a backslash takes the next character literally. Ignores case, as SQL here does.
 */
final class NamePattern {
  private final String[] tokens;
  private final boolean any;

  private NamePattern(@Nullable String pattern) {
    this.any = pattern == null || pattern.equals("%");
    this.tokens = any ? new String[0] : tokens(String.valueOf(pattern));
  }

  /** The pattern, or one that fits every name if it is null. */
  static NamePattern of(@Nullable Object pattern) {
    return new NamePattern(pattern == null ? null : pattern.toString());
  }

  /** The only name that fits, ignoring case, if the pattern has no wildcards. */
  Optional<String> exact() {
    if (any) {
      return Optional.empty();
    }
    StringBuilder name = new StringBuilder();
    for (String token : tokens) {
      if (token.length() != 1) {
        return Optional.empty();
      }
      name.append(token);
    }
    return Optional.of(name.toString());
  }

  boolean fits(String name) {
    return any || fits(name.toLowerCase(Locale.ROOT), 0, 0);
  }

  // Tokens are single letters, or "any one" and "any text" as names of two letters.
  private static String[] tokens(String pattern) {
    String lower = pattern.toLowerCase(Locale.ROOT);
    java.util.List<String> tokens = new java.util.ArrayList<>();
    for (int i = 0; i < lower.length(); i++) {
      char letter = lower.charAt(i);
      if (letter == '\\' && i + 1 < lower.length()) {
        i++;
        tokens.add(String.valueOf(lower.charAt(i)));
      } else if (letter == '%') {
        if (tokens.isEmpty() || !tokens.get(tokens.size() - 1).equals("%%")) {
          tokens.add("%%");
        }
      } else {
        tokens.add(letter == '_' ? "__" : String.valueOf(letter));
      }
    }
    return tokens.toArray(new String[0]);
  }

  private boolean fits(String name, int from, int token) {
    int at = from;
    for (int i = token; i < tokens.length; i++) {
      if (tokens[i].equals("%%")) {
        if (i + 1 == tokens.length) {
          return true;
        }
        for (int next = at; next <= name.length(); next++) {
          if (fits(name, next, i + 1)) {
            return true;
          }
        }
        return false;
      }
      if (at >= name.length()
          || (!tokens[i].equals("__") && name.charAt(at) != tokens[i].charAt(0))) {
        return false;
      }
      at++;
    }
    return at == name.length();
  }
}
