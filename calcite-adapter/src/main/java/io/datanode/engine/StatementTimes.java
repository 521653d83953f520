package io.datanode.engine;

import io.datanode.DataNodeException;
import io.datanode.jdbc.SqlState;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The times of one execution; none of them changes while it runs.
 *
 * @param now its CURRENT_TIMESTAMP
 * @param knownBy what became known later is not seen; null if all is
 * @param named the times of FOR SYSTEM_TIME AS OF, in order; null where its value is not known, as
 *     when a statement is explained without its parameters
 */
record StatementTimes(Instant now, @Nullable Instant knownBy, List<@Nullable Instant> named) {
  StatementTimes {
    named = java.util.Collections.unmodifiableList(new java.util.ArrayList<>(named));
  }

  /** Times of a statement that names none. */
  static StatementTimes of(Instant now, @Nullable Instant knownBy) {
    return new StatementTimes(now, knownBy, List.of());
  }

  /** With the times that the statement names. */
  StatementTimes naming(List<@Nullable Instant> times) {
    return new StatementTimes(now, knownBy, times);
  }

  /**
   * Refuses a time that the statement names if it is later than what the session may see.
   *
   * @param place where it is named, in words
   * @throws DataNodeException 22023 if it is
   */
  void check(Instant time, String place) {
    if (knownBy != null && time.isAfter(knownBy)) {
      throw peeking("FOR SYSTEM_TIME AS OF " + time, knownBy, place);
    }
  }

  /** The error of who asks for more than the session may see. */
  static DataNodeException peeking(String what, Instant knownBy, String place) {
    return new DataNodeException(
        SqlState.INVALID_PARAMETER,
        what
            + " is future peeking: the session sees what was known by "
            + knownBy
            + "; expected that time or an earlier one"
            + place);
  }

  /**
   * The end of what is read.
   *
   * @param time number of the time named, or {@link
   *     io.datanode.plan.Plan.ParameterSource.KnownBy#SESSION}
   * @param lagMicroseconds how much earlier the end is
   */
  @Nullable Instant knownBy(int time, long lagMicroseconds) {
    Instant end = time < 0 ? knownBy : named.get(time);
    return end == null ? null : end.minus(lagMicroseconds, ChronoUnit.MICROS);
  }
}
