package io.datanode.node;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The usual distance between the rows of a node, as text: a count and a unit. */
public final class Cadence {
  // The form that Main Sequence accepts for the cadence of a table.
  private static final Pattern FORM = Pattern.compile("[1-9][0-9]*(mo|s|m|h|d|w|q|y)");

  private static final int MOST_CHARACTERS = 9;

  /** What a cadence looks like, for error messages. */
  public static final String EXPECTED =
      "a count and one of s, m, h, d, w, mo, q, y, for example 1d or 15m";

  private Cadence() {}

  /**
   * How long it is, if it always is the same: of months, quarters and years it is not. A day is 24
   * hours.
   *
   * @param cadence as {@link #parse} gives it
   */
  public static Optional<Duration> fixedLength(String cadence) {
    Matcher parts = FORM.matcher(cadence);
    if (!parts.matches()) {
      return Optional.empty();
    }
    String unit = parts.group(1);
    ChronoUnit known =
        switch (unit) {
          case "s" -> ChronoUnit.SECONDS;
          case "m" -> ChronoUnit.MINUTES;
          case "h" -> ChronoUnit.HOURS;
          case "d", "w" -> ChronoUnit.DAYS;
          default -> null;
        };
    if (known == null || cadence.length() > MOST_CHARACTERS) {
      return Optional.empty();
    }
    long count = Long.parseLong(cadence.substring(0, cadence.length() - unit.length()));
    return Optional.of(Duration.of(unit.equals("w") ? 7 * count : count, known));
  }

  /** The cadence in lower case, or empty if the text is none. */
  public static Optional<String> parse(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    return FORM.matcher(lower).matches() ? Optional.of(lower) : Optional.empty();
  }
}
