package io.datanode.plan.bars;

import io.datanode.plan.Instants;
import io.datanode.plan.MovedStarts;
import io.datanode.plan.WallClocks;
import io.datanode.schema.TimeFunctions;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.List;
import org.apache.calcite.avatica.util.TimeUnit;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlIntervalQualifier;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.SqlTypeUtil;

/**
 * The start and the end of the bucket that a time is in.
 *
 * <p>Buckets of days and more are counted on the clocks of the zone, so that one of a day has 23 or
 * 25 hours when summer time begins or ends. Shorter ones have their length in elapsed time; if a
 * zone or the start of a session is given, they begin anew each day at that time of its clocks, and
 * the last of a day is the shorter one if they do not fill it.
 */
final class Buckets {
  /** TIME_BUCKET counts from this Monday unless told otherwise. */
  private static final LocalDate MONDAY = LocalDate.of(2000, 1, 3);

  /** What the tz database is complete for; where the width fits all later offsets, it is used. */
  private static final Instant KNOWN = Instant.EPOCH;

  private static final SqlIntervalQualifier SECONDS =
      new SqlIntervalQualifier(TimeUnit.SECOND, null, SqlParserPos.ZERO);
  private static final SqlIntervalQualifier DAYS =
      new SqlIntervalQualifier(TimeUnit.DAY, null, SqlParserPos.ZERO);
  private static final SqlIntervalQualifier MONTHS =
      new SqlIntervalQualifier(TimeUnit.MONTH, null, SqlParserPos.ZERO);

  /** The start of a bucket, which it holds or not, and its end. */
  record Bounds(RexNode start, RexNode end) {}

  private final RexBuilder rex;
  private final WallClocks clocks;
  private final TimeTableArguments arguments;
  private final ZoneId zone;
  private final LocalTime session;

  Buckets(RexBuilder rex, TimeTableArguments arguments, ZoneId sessionZone) {
    this.rex = rex;
    this.clocks = new WallClocks(rex);
    this.arguments = arguments;
    this.zone = arguments.zone() == null ? sessionZone : arguments.zone();
    this.session = arguments.session() == null ? LocalTime.MIDNIGHT : arguments.session();
  }

  /** The bucket of a time. */
  Bounds of(RexNode time) {
    RexNode inside = arguments.closedRight() ? justBefore(time) : time;
    boolean instant = WallClocks.isInstant(time);
    if (arguments.width().calendar()) {
      RexNode clock = instant ? clocks.atZone(inside, zone) : inside;
      RexNode start = calendarStart(clock);
      RexNode end = plus(start, width());
      LocalDateTime origin = arguments.localOrigin(zone);
      LocalTime begins = origin == null ? session : origin.toLocalTime();
      return instant
          ? new Bounds(
              clocks.firstInstant(start, zone, begins), clocks.firstInstant(end, zone, begins))
          : new Bounds(start, end);
    }
    boolean daily = arguments.session() != null || arguments.zone() != null;
    if (arguments.origin() != null || !daily) {
      RexNode start = elapsedStart(inside, instant);
      return new Bounds(start, plus(start, width()));
    }
    return fitsDays(instant) ? countedOnce(inside, instant) : countedDaily(inside, instant);
  }

  /** The greatest time before this one: with it, a bucket that holds its start holds its end. */
  private RexNode justBefore(RexNode time) {
    boolean date = SqlTypeUtil.isDate(time.getType());
    return rex.makeCall(
        time.getType(),
        TimeFunctions.TIMESTAMP_ADD,
        List.of(
            rex.makeLiteral(date ? "DAY" : "MICROSECOND"),
            rex.makeExactLiteral(BigDecimal.ONE.negate()),
            time));
  }

  private RexNode calendarStart(RexNode clock) {
    LocalDateTime origin = arguments.localOrigin(zone);
    if (arguments.width().months() > 0) {
      // Not every storage counts months from an origin; shifted months are the same in all.
      int shift = origin == null ? 0 : monthsSince2000(origin) % arguments.width().months();
      return shift == 0 ? bucket(clock) : plus(bucket(plus(clock, months(-shift))), months(shift));
    }
    if (origin != null) {
      return bucket(clock, origin);
    }
    return session.equals(LocalTime.MIDNIGHT)
        ? bucket(clock)
        : bucket(clock, MONDAY.atTime(session));
  }

  private static int monthsSince2000(LocalDateTime origin) {
    return Math.toIntExact(
        ChronoUnit.MONTHS.between(
            LocalDate.of(2000, 1, 1), origin.toLocalDate().withDayOfMonth(1)));
  }

  private RexNode elapsedStart(RexNode inside, boolean instant) {
    if (arguments.origin() == null) {
      return bucket(inside);
    }
    return instant
        ? bucket(inside, clocks.instantLiteral(arguments.origin().instant(zone)))
        : bucket(inside, arguments.localOrigin(zone));
  }

  /**
   * True if buckets that begin anew each day are the same as those counted from one day on: they
   * fill every day, and every offset of the zone.
   */
  private boolean fitsDays(boolean instant) {
    long width = arguments.width().milliseconds();
    if (TimeTableArguments.Width.DAY % width != 0) {
      return false;
    }
    if (!instant || zone.getRules().isFixedOffset()) {
      return true;
    }
    ZoneRules rules = zone.getRules();
    boolean known = fits(rules.getOffset(KNOWN).getTotalSeconds());
    for (ZoneOffsetTransition change : rules.getTransitions()) {
      known &=
          change.getInstant().isBefore(KNOWN) || fits(change.getOffsetAfter().getTotalSeconds());
    }
    return known
        && rules.getTransitionRules().stream()
            .allMatch(rule -> fits(rule.getOffsetAfter().getTotalSeconds()));
  }

  private boolean fits(int offsetSeconds) {
    return offsetSeconds * 1000L % arguments.width().milliseconds() == 0;
  }

  private RexNode zero(boolean instant) {
    LocalDateTime origin = MONDAY.atTime(session);
    return instant ? clocks.instantLiteral(origin.atZone(zone).toInstant()) : timestamp(origin);
  }

  private Bounds countedOnce(RexNode inside, boolean instant) {
    RexNode start = bucket(inside, zero(instant));
    return new Bounds(start, plus(start, width()));
  }

  /** Buckets counted from the start of the session that a time is in, to that of the next. */
  private Bounds countedDaily(RexNode inside, boolean instant) {
    RexNode clock = instant ? clocks.atZone(inside, zone) : inside;
    RexNode shown =
        rex.makeCall(
            clock.getType(),
            TimeFunctions.TIME_BUCKET,
            List.of(days(1), clock, timestamp(MONDAY.atTime(session))));
    RexNode next = plus(shown, days(1));
    Bounds day =
        instant
            ? new Bounds(clocks.toInstant(shown, zone), clocks.toInstant(next, zone))
            : new Bounds(shown, next);
    // Put back, clocks show the start twice, and what comes before the second time is a short
    // session of its own; put forward, they skip it, and the session before goes on until then.
    if (instant && MovedStarts.any(zone, session)) {
      day = moved(inside, clock, shown, day);
    }
    RexNode start = bucket(inside, day.start());
    RexNode end = plus(start, width());
    RexNode cut = rex.makeCall(SqlStdOperatorTable.LESS_THAN, day.end(), end);
    return new Bounds(start, choice(cut, day.end(), end));
  }

  /**
   * The session of a time where clocks may be set across the start of it.
   *
   * @param clock what they show at that time
   * @param shown the start of the session as they show it
   * @param day from the last time that they show it on that day to the last time on the next
   */
  private Bounds moved(RexNode inside, RexNode clock, RexNode shown, Bounds day) {
    RexNode tooEarly = rex.makeCall(SqlStdOperatorTable.GREATER_THAN, day.start(), inside);
    RexNode earlier =
        rex.makeCall(
            inside.getType(), SqlStdOperatorTable.MINUS_DATE, List.of(inside, since(shown, clock)));
    RexNode shownEarlier = equal(clocks.atZone(earlier, zone), shown);
    RexNode yesterday = clocks.toInstant(plus(shown, days(-1)), zone);
    // Where the next start is shown twice, the session ends at the first time, and what comes
    // between the two belongs to neither this session nor the next.
    RexNode dayLater = plus(day.start(), days(1));
    RexNode twice =
        and(
            equal(clocks.atZone(dayLater, zone), plus(shown, days(1))),
            rex.makeCall(SqlStdOperatorTable.LESS_THAN, dayLater, day.end()));
    RexNode between =
        and(twice, rex.makeCall(SqlStdOperatorTable.LESS_THAN_OR_EQUAL, dayLater, inside));
    return new Bounds(
        choice(
            tooEarly,
            choice(shownEarlier, earlier, yesterday),
            choice(between, dayLater, day.start())),
        choice(
            tooEarly,
            day.start(),
            choice(
                and(twice, rex.makeCall(SqlStdOperatorTable.NOT, between)), dayLater, day.end())));
  }

  private RexNode equal(RexNode one, RexNode other) {
    return rex.makeCall(SqlStdOperatorTable.EQUALS, one, other);
  }

  private RexNode and(RexNode one, RexNode other) {
    return rex.makeCall(SqlStdOperatorTable.AND, one, other);
  }

  private RexNode since(RexNode day, RexNode clock) {
    return rex.makeCall(
        rex.getTypeFactory().createSqlIntervalType(SECONDS),
        SqlStdOperatorTable.MINUS_DATE,
        List.of(clock, day));
  }

  private RexNode choice(RexNode condition, RexNode yes, RexNode no) {
    return rex.makeCall(no.getType(), SqlStdOperatorTable.CASE, List.of(condition, yes, no));
  }

  private RexNode bucket(RexNode time) {
    return rex.makeCall(time.getType(), TimeFunctions.TIME_BUCKET, List.of(width(), time));
  }

  private RexNode bucket(RexNode time, LocalDateTime origin) {
    return bucket(time, timestamp(origin));
  }

  private RexNode bucket(RexNode time, RexNode origin) {
    return rex.makeCall(time.getType(), TimeFunctions.TIME_BUCKET, List.of(width(), time, origin));
  }

  private RexNode plus(RexNode time, RexNode interval) {
    RelDataType type = time.getType();
    return rex.makeCall(type, SqlStdOperatorTable.DATETIME_PLUS, List.of(time, interval));
  }

  /** The width as an interval. */
  RexNode width() {
    TimeTableArguments.Width width = arguments.width();
    if (width.months() > 0) {
      return months(width.months());
    }
    return rex.makeIntervalLiteral(
        BigDecimal.valueOf(width.milliseconds()), width.wholeDays() ? DAYS : SECONDS);
  }

  private RexNode months(int count) {
    return rex.makeIntervalLiteral(BigDecimal.valueOf(count), MONTHS);
  }

  private RexNode days(int count) {
    return rex.makeIntervalLiteral(BigDecimal.valueOf(count * TimeTableArguments.Width.DAY), DAYS);
  }

  private RexNode timestamp(LocalDateTime value) {
    return rex.makeTimestampLiteral(Instants.string(value), 6);
  }
}
