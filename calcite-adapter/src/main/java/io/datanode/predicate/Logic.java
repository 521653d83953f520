package io.datanode.predicate;

import java.util.Locale;

/** How the items of a {@link Group} are connected. */
public enum Logic {
  AND,
  OR;

  /** How JSON writes it: {@code and}, {@code or}. */
  public String token() {
    return name().toLowerCase(Locale.ROOT);
  }
}
