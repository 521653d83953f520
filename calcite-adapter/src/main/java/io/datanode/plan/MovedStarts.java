package io.datanode.plan;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Starts of days that clocks skip or show twice, as in Havana, where at one o'clock in the night
 * clocks are put back to midnight.
 *
 * <p>A day begins when the clocks first show it, as {@link
 * java.time.LocalDate#atStartOfDay(ZoneId)} says. Clocks that are put back from after the start of
 * a day to before it, as in Newfoundland until 2011 from 00:01 to 23:01, show the day before once
 * more; such a day begins at the second.
 */
public final class MovedStarts {
  /** What the tz database is complete from; before, the second of two times is taken. */
  private static final Instant KNOWN = Instant.EPOCH;

  /** A year for which only the rules of a zone still speak. */
  private static final int LATER = 2100;

  private MovedStarts() {}

  /**
   * True if the clocks of a zone have ever been set across a time of day, or will be: put back,
   * they show it twice; put forward, they skip it and what was before it.
   */
  public static boolean any(ZoneId zone, LocalTime start) {
    return changes(zone).anyMatch(change -> moves(change, start, !change.isGap()));
  }

  /** True if since 1970 they have been set across it, or forward from it. */
  static boolean anyKnown(ZoneId zone, LocalTime start) {
    return known(zone).anyMatch(change -> moves(change, start, true));
  }

  /**
   * Starts of days that clocks show twice, by how much earlier the first is; mostly none.
   *
   * @param start the time of day at which days begin
   * @return the last such start for each length; {@link LocalDateTime#MAX} if they go on
   */
  static Map<Duration, LocalDateTime> repeats(ZoneId zone, LocalTime start) {
    Map<Duration, LocalDateTime> last = new TreeMap<>();
    known(zone)
        .filter(ZoneOffsetTransition::isOverlap)
        .filter(change -> change.getDateTimeAfter().toLocalTime().equals(start))
        .forEach(
            change -> {
              LocalDateTime repeated = change.getDateTimeAfter();
              last.put(
                  change.getDuration().negated(),
                  repeated.getYear() == LATER ? LocalDateTime.MAX : repeated);
            });
    return last;
  }

  private static Stream<ZoneOffsetTransition> known(ZoneId zone) {
    return changes(zone).filter(change -> change.getInstant().isAfter(KNOWN));
  }

  private static Stream<ZoneOffsetTransition> changes(ZoneId zone) {
    ZoneRules rules = zone.getRules();
    return Stream.concat(
        rules.getTransitions().stream(),
        rules.getTransitionRules().stream().map(rule -> rule.createTransition(LATER)));
  }

  /**
   * True if a start is among the times that are skipped or shown twice.
   *
   * @param first true to count the first of these times
   */
  private static boolean moves(ZoneOffsetTransition change, LocalTime time, boolean first) {
    LocalDateTime one = change.getDateTimeBefore();
    LocalDateTime other = change.getDateTimeAfter();
    LocalDateTime from = change.isGap() ? one : other;
    LocalDateTime to = change.isGap() ? other : one;
    return from.toLocalDate()
        .datesUntil(to.toLocalDate().plusDays(1))
        .map(date -> date.atTime(time))
        .anyMatch(
            start -> (first ? !start.isBefore(from) : start.isAfter(from)) && start.isBefore(to));
  }
}
