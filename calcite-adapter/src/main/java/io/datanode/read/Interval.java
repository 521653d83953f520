package io.datanode.read;

/** Which ends of a stretch of time belong to it. */
public enum Interval {
  /** Both: {@code start <= t AND t <= end}. */
  CLOSED(true, true),
  /** The start only: {@code start <= t AND t < end}. */
  CLOSED_OPEN(true, false),
  /** The end only: {@code start < t AND t <= end}. */
  OPEN_CLOSED(false, true),
  /** Neither: {@code start < t AND t < end}. */
  OPEN(false, false);

  private final boolean startIncluded;
  private final boolean endIncluded;

  Interval(boolean startIncluded, boolean endIncluded) {
    this.startIncluded = startIncluded;
    this.endIncluded = endIncluded;
  }

  /** The interval with these ends: {@code great_or_equal} and {@code less_or_equal}. */
  public static Interval of(boolean startIncluded, boolean endIncluded) {
    if (startIncluded) {
      return endIncluded ? CLOSED : CLOSED_OPEN;
    }
    return endIncluded ? OPEN_CLOSED : OPEN;
  }

  /** True if the start belongs to it. */
  public boolean startIncluded() {
    return startIncluded;
  }

  /** True if the end belongs to it. */
  public boolean endIncluded() {
    return endIncluded;
  }
}
