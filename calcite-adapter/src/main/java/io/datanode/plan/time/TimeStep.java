package io.datanode.plan.time;

import io.datanode.plan.Instants;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;

/**
 * A function of a time, with what it takes to turn a condition on its result into one on its
 * argument. Every time lies on one side of a {@link TimeCut}, so where both bounds of a cut are the
 * same, the two conditions are the same as well.
 */
interface TimeStep {
  /** The result. */
  LocalDateTime apply(LocalDateTime time);

  /** A place that all arguments are behind whose result is behind the cut. */
  TimeCut lower(TimeCut cut);

  /** A place that all arguments are before whose result is before the cut. */
  TimeCut upper(TimeCut cut);

  /** False if the result for an infinite time may be NULL. */
  default boolean keepsInfinity() {
    return true;
  }

  /** A function that keeps the order of times. */
  interface Monotone extends TimeStep {
    /** The place that separates arguments as the cut separates results. */
    TimeCut argument(TimeCut cut);

    @Override
    default TimeCut lower(TimeCut cut) {
      return argument(cut);
    }

    @Override
    default TimeCut upper(TimeCut cut) {
      return argument(cut);
    }
  }

  /** A time plus a fixed duration. */
  record Shift(Duration by) implements Monotone {
    @Override
    public LocalDateTime apply(LocalDateTime time) {
      return time.plus(by);
    }

    @Override
    public TimeCut argument(TimeCut cut) {
      return new TimeCut(cut.at().minus(by), cut.after());
    }
  }

  /** The start of the bucket that a time is in. */
  record Floor(TimeBuckets buckets) implements Monotone {
    @Override
    public LocalDateTime apply(LocalDateTime time) {
      return buckets.start(time);
    }

    @Override
    public TimeCut argument(TimeCut cut) {
      LocalDateTime start = buckets.start(cut.at());
      boolean atStart = start.equals(cut.at()) && !cut.after();
      return TimeCut.before(atStart ? start : buckets.next(start));
    }
  }

  /** The first start of a bucket that is not before a time. */
  record Ceil(TimeBuckets buckets) implements Monotone {
    @Override
    public LocalDateTime apply(LocalDateTime time) {
      LocalDateTime start = buckets.start(time);
      return start.equals(time) ? start : buckets.next(start);
    }

    @Override
    public TimeCut argument(TimeCut cut) {
      LocalDateTime start = buckets.start(cut.at());
      boolean atStart = start.equals(cut.at()) && !cut.after();
      return TimeCut.after(atStart ? buckets.start(start.minusNanos(1)) : start);
    }
  }

  /**
   * A time plus months. The last days of a long month all become the last day of a short one, each
   * with its time of day, so order is lost among them.
   */
  record Months(int by) implements TimeStep {
    @Override
    public LocalDateTime apply(LocalDateTime time) {
      return time.plusMonths(by);
    }

    @Override
    public TimeCut lower(TimeCut cut) {
      return TimeCut.before(cut.at().toLocalDate().minusMonths(by).atStartOfDay());
    }

    @Override
    public TimeCut upper(TimeCut cut) {
      return TimeCut.before(cut.at().toLocalDate().minusMonths(by).plusDays(4).atStartOfDay());
    }
  }

  /** A time with fewer digits of the second; storages differ in whether they round or cut. */
  record Precision(Duration unit) implements TimeStep {
    static Precision digits(int digits) {
      return new Precision(Duration.ofNanos((long) Math.pow(10, 9 - digits)));
    }

    @Override
    public LocalDateTime apply(LocalDateTime time) {
      throw new java.time.DateTimeException("Not the same in every storage");
    }

    @Override
    public TimeCut lower(TimeCut cut) {
      return TimeCut.before(cut.at().minus(unit));
    }

    @Override
    public TimeCut upper(TimeCut cut) {
      return TimeCut.after(cut.at().plus(unit));
    }
  }

  /** The wall clock that a zone shows at an instant. */
  record WallClock(Zone zone) implements TimeStep {
    @Override
    public LocalDateTime apply(LocalDateTime instant) {
      return LocalDateTime.ofInstant(instant.toInstant(ZoneOffset.UTC), zone.id());
    }

    @Override
    public TimeCut lower(TimeCut cut) {
      if (!zone.known(cut.at())) {
        return TimeCut.before(cut.at().minusDays(1));
      }
      ZoneOffsetTransition transition = zone.rules().getTransition(cut.at());
      if (transition != null && transition.isGap()) {
        return TimeCut.before(utc(transition));
      }
      // Of a clock shown twice, the earlier time.
      ZoneOffset offset =
          transition == null ? zone.rules().getOffset(cut.at()) : transition.getOffsetBefore();
      return new TimeCut(cut.at().minusSeconds(offset.getTotalSeconds()), cut.after());
    }

    @Override
    public TimeCut upper(TimeCut cut) {
      if (!zone.known(cut.at())) {
        return TimeCut.after(cut.at().plusDays(1));
      }
      ZoneOffsetTransition transition = zone.rules().getTransition(cut.at());
      boolean twice =
          transition != null
              && transition.isOverlap()
              && (cut.after() || !cut.at().equals(transition.getDateTimeAfter()));
      return twice
          ? new TimeCut(
              cut.at().minusSeconds(transition.getOffsetAfter().getTotalSeconds()), cut.after())
          : lower(cut);
    }
  }

  /**
   * The instant at which a zone shows a wall clock: {@link Instants#at}, or the first of two.
   *
   * @param first true for the first instant of a clock that is shown twice
   */
  record AtClock(Zone zone, boolean first) implements TimeStep {
    @Override
    public LocalDateTime apply(LocalDateTime clock) {
      Instant instant = first ? clock.atZone(zone.id()).toInstant() : Instants.at(clock, zone.id());
      return LocalDateTime.ofInstant(instant, ZoneOffset.UTC);
    }

    @Override
    public TimeCut lower(TimeCut cut) {
      return argument(cut, true);
    }

    @Override
    public TimeCut upper(TimeCut cut) {
      return argument(cut, false);
    }

    private TimeCut argument(TimeCut cut, boolean lower) {
      if (!zone.known(cut.at())) {
        return lower ? TimeCut.before(cut.at().minusDays(1)) : TimeCut.after(cut.at().plusDays(1));
      }
      Instant instant = cut.at().toInstant(ZoneOffset.UTC);
      ZoneOffsetTransition last = zone.rules().previousTransition(instant.plusNanos(1));
      if (last != null
          && last.isGap()
          && instant.isBefore(last.getInstant().plus(last.getDuration()))) {
        // A clock within the gap and one behind it stand for the same instant.
        if (instant.equals(last.getInstant()) && !cut.after()) {
          return TimeCut.before(last.getDateTimeBefore());
        }
        ZoneOffset offset = lower ? last.getOffsetBefore() : last.getOffsetAfter();
        return new TimeCut(cut.at().plusSeconds(offset.getTotalSeconds()), cut.after());
      }
      if (first
          && last != null
          && last.isOverlap()
          && instant.isBefore(last.getInstant().minus(last.getDuration()))) {
        // No clock stands for the later of two instants at which it is shown.
        return TimeCut.before(last.getDateTimeBefore());
      }
      ZoneOffsetTransition next = zone.rules().nextTransition(instant);
      if (!first
          && next != null
          && next.isOverlap()
          && !instant.isBefore(next.getInstant().plus(next.getDuration()))) {
        // No clock stands for the earlier of two instants at which it is shown.
        return TimeCut.before(next.getDateTimeAfter());
      }
      return new TimeCut(
          cut.at().plusSeconds(zone.rules().getOffset(instant).getTotalSeconds()), cut.after());
    }
  }

  /**
   * An instant without what its wall clock shows behind the start, or before the end, of a unit
   * shorter than a day.
   */
  record WithinDay(Zone zone, TimeBuckets buckets, boolean up) implements TimeStep {
    @Override
    public LocalDateTime apply(LocalDateTime instant) {
      LocalDateTime clock = new WallClock(zone).apply(instant);
      LocalDateTime cut = onClock().apply(clock);
      return instant.plus(Duration.between(clock, cut));
    }

    private Monotone onClock() {
      return up ? new Ceil(buckets) : new Floor(buckets);
    }

    @Override
    public TimeCut lower(TimeCut cut) {
      if (steady(cut.at())) {
        return shifted(cut);
      }
      return up ? TimeCut.after(cut.at().minus(buckets.width())) : cut;
    }

    @Override
    public TimeCut upper(TimeCut cut) {
      if (steady(cut.at())) {
        return shifted(cut);
      }
      return up ? cut : TimeCut.before(cut.at().plus(buckets.width()));
    }

    private TimeCut shifted(TimeCut cut) {
      long offset = zone.rules().getOffset(cut.at().toInstant(ZoneOffset.UTC)).getTotalSeconds();
      TimeCut clock = onClock().argument(new TimeCut(cut.at().plusSeconds(offset), cut.after()));
      return new TimeCut(clock.at().minusSeconds(offset), clock.after());
    }

    /** True if the clock is not changed so near that it could matter. */
    private boolean steady(LocalDateTime instant) {
      if (zone.rules().isFixedOffset()) {
        return true;
      }
      Duration near = buckets.width().multipliedBy(3);
      Instant from = instant.minus(near).toInstant(ZoneOffset.UTC);
      ZoneOffsetTransition next = zone.rules().nextTransition(from);
      return zone.known(instant)
          && (next == null
              || next.getInstant().isAfter(instant.plus(near).toInstant(ZoneOffset.UTC)));
    }

    @Override
    public boolean keepsInfinity() {
      return false;
    }
  }

  /** A time zone, and when its rules are beyond doubt. */
  record Zone(ZoneId id) {
    // Before 1970 databases of time zones differ in what they keep; after 2037 they differ in how
    // they go on with the last rules they know.
    private static final int FIRST_YEAR = 1971;
    private static final int LAST_YEAR = 2036;

    ZoneRules rules() {
      return id.getRules();
    }

    boolean known(LocalDateTime time) {
      return rules().isFixedOffset()
          || (time.getYear() >= FIRST_YEAR && time.getYear() <= LAST_YEAR);
    }
  }

  private static LocalDateTime utc(ZoneOffsetTransition transition) {
    return LocalDateTime.ofInstant(transition.getInstant(), ZoneOffset.UTC);
  }
}
