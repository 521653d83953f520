package io.datanode.node;

import java.util.Locale;
import java.util.Optional;

/** What a number counts that says how long after 1970-01-01T00:00:00Z an instant is. */
public enum EpochUnit {
  SECONDS("s"),
  MILLISECONDS("ms"),
  MICROSECONDS("us"),
  NANOSECONDS("ns");

  private final String token;

  EpochUnit(String token) {
    this.token = token;
  }

  /** How a catalog writes it: {@code s}, {@code ms}, {@code us} or {@code ns}. */
  public String token() {
    return token;
  }

  /** The unit that a catalog writes so, ignoring case. */
  public static Optional<EpochUnit> find(String token) {
    String wanted = token.toLowerCase(Locale.ROOT);
    for (EpochUnit unit : values()) {
      if (unit.token.equals(wanted)) {
        return Optional.of(unit);
      }
    }
    return Optional.empty();
  }
}
