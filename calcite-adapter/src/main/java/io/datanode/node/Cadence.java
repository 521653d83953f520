package io.datanode.node;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** The usual distance between the rows of a node, as text: a count and a unit. */
public final class Cadence {
  // The form that Main Sequence accepts for the cadence of a table.
  private static final Pattern FORM = Pattern.compile("[1-9][0-9]*(mo|s|m|h|d|w|q|y)");

  /** What a cadence looks like, for error messages. */
  public static final String EXPECTED =
      "a count and one of s, m, h, d, w, mo, q, y, for example 1d or 15m";

  private Cadence() {}

  /** The cadence in lower case, or empty if the text is none. */
  public static Optional<String> parse(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    return FORM.matcher(lower).matches() ? Optional.of(lower) : Optional.empty();
  }
}
