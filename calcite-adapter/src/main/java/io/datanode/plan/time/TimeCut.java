package io.datanode.plan.time;

import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;

/**
 * A place between times: just before one, or just after it. Instants are given by their clock in
 * UTC, dates by their midnight.
 */
record TimeCut(LocalDateTime at, boolean after) {
  static TimeCut before(LocalDateTime time) {
    return new TimeCut(time, false);
  }

  static TimeCut after(LocalDateTime time) {
    return new TimeCut(time, true);
  }

  /** The first time behind this place that is a multiple of the unit: a value of a column. */
  LocalDateTime next(ChronoUnit unit) {
    LocalDateTime cut = at.truncatedTo(unit);
    return after || !cut.equals(at) ? cut.plus(1, unit) : cut;
  }
}
