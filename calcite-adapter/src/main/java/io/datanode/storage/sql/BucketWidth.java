package io.datanode.storage.sql;

import java.util.Optional;
import java.util.regex.Pattern;

/** A width of {@code TIME_BUCKET} that is only known when a storage computes it. */
public final class BucketWidth {
  /** What DuckDB says of a negative width and of zero, and PostgreSQL of both. */
  private static final Pattern FAILURE =
      Pattern.compile(
          "Period must be greater than 0|Can't bucket using zero|stride must be greater than zero");

  private BucketWidth() {}

  /** What a user is told if this failure of a storage is of a width; else empty. */
  public static Optional<String> told(String message) {
    return FAILURE.matcher(message).find()
        ? Optional.of(
            "TIME_BUCKET was given a computed width of zero or less; expected one greater than zero,"
                + " for example INTERVAL '5' MINUTE, or PT5M for a parameter")
        : Optional.empty();
  }
}
