package io.datanode.storage.sql;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The whole numbers from zero to a number, which count the steps of a grid: {@code GRID_STEPS(n)}.
 * A storage fails where they are too many, with a text that its translation of errors knows.
 */
public final class GridSteps {
  /** The name of the function. */
  public static final String NAME = "GRID_STEPS";

  /** As many as minutes in 19 years. */
  public static final long MOST = 10_000_000;

  private static final String BEFORE = "GRID would have ";

  private static final Pattern FAILURE = Pattern.compile(BEFORE + "(\\d+)");

  private GridSteps() {}

  /**
   * The failure as text of SQL.
   *
   * @param count of the steps, as SQL
   */
  public static String failure(String count) {
    return "'" + BEFORE + "' || " + count;
  }

  /** What a user is told of this failure; empty if the message is of another. */
  public static Optional<String> told(String message) {
    Matcher failure = FAILURE.matcher(message);
    return failure.find()
        ? Optional.of(
            BEFORE
                + failure.group(1)
                + " steps in one series, more than "
                + MOST
                + "; make the width longer, or the time from first to last shorter")
        : Optional.empty();
  }
}
